"""What a store shows of selling price and retail price (R-CAT-5), as its seller chose."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.catalog.models import Item
from entrepot.channels.models import Store
from entrepot.channels.price_mapping import mapped
from entrepot.channels.services import lifecycle, offers
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.price_following import follow, run_price_lists
from entrepot.channels.services.price_lists import ListFacts, Written, make_price_list, write_prices
from entrepot.channels.services.promotions import plan_promotion, run_promotions
from tests.books import make_items
from tests.roads.rig import MINA, Place, Road, small_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5))


def choose(place: Place, mapping: str) -> None:
    lifecycle.change_settings(
        seller_id=place.store.seller_id, store_id=place.store.pk, changes={"price_mapping": mapping}, actor=MINA
    )


def told(place: Place) -> int:
    return push_listings(Store.objects.get(pk=place.store.pk)).done


def shown(place: Place, product_id: int = 1) -> tuple[str, list[str]]:
    """The shop's own regular price and its specials."""
    row = place.shop.tables.products[product_id]
    cuts = [*row.specials, *(cut for cut in row.discounts if cut.get("special") == "1")]
    return row.price, [cut["price"] for cut in cuts]


@pytest.mark.parametrize(
    ("mapping", "in_the_shop", "kept"),
    [
        ("both", ("12.0000", ["9.0000"]), (9, 12)),
        ("selling", ("9.0000", []), (9, None)),
        ("retail", ("12.0000", []), (12, None)),
    ],
)
def test_a_price_is_shown_as_the_seller_chose_for_the_store(place, mapping, in_the_shop, kept):
    choose(place, mapping)
    offers.ask_price(
        seller_id=place.store.seller_id, listing_ids=[place.listing(1).pk], price=Decimal(9),
        retail_price=Decimal(12), actor=MINA,
    )  # fmt: skip
    assert (told(place), shown(place)) == (1, in_the_shop)
    listing = place.listing(1)
    assert (listing.price, listing.retail_price, listing.differences.count()) == (*kept, 0)


@pytest.mark.parametrize(
    ("mapping", "in_the_shop"),
    [("both", ("12.0000", ["9.0000"])), ("selling", ("9.0000", [])), ("retail", ("12.0000", []))],
)
def test_a_new_product_is_listed_as_the_seller_chose_for_the_store(place, mapping, in_the_shop):
    choose(place, mapping)
    item = Item.objects.get(pk=make_items(place.store.seller, HAT=3)["HAT"])
    offers.ask_listing(
        seller_id=place.store.seller_id, product_id=item.product_id, store_id=place.store.pk,
        offer=offers.Offer(price=Decimal(9), retail_price=Decimal(12)), actor=MINA,
    )  # fmt: skip
    assert (told(place) > 0, shown(place, max(place.shop.tables.products))) == (True, in_the_shop)
    assert told(place) == 0


@pytest.mark.parametrize("mapping", ["both", "selling", "retail"])
def test_a_store_that_follows_a_list_is_told_once_and_then_left_alone(place, mapping):
    choose(place, mapping)
    seller_id = place.store.seller_id
    made = make_price_list(seller_id=seller_id, facts=ListFacts(name="Shops", currency="USD", kind="fixed"), actor=MINA)
    prices = {Item.objects.get(sku="RED").pk: Written(Decimal(9), Decimal(12))}
    write_prices(seller_id=seller_id, price_list_id=made.pk, prices=prices, actor=MINA)
    follow(seller_id=seller_id, store_id=place.store.pk, price_list_id=made.pk, actor=MINA)
    assert told(place) == 1
    assert run_price_lists(now=timezone.now() + timedelta(hours=1)) == 0


@pytest.mark.parametrize("mapping", ["selling", "retail"])
def test_a_promotion_is_shown_as_one_and_its_end_brings_the_price_back(place, mapping):
    choose(place, mapping)
    start = timezone.now()
    plan_promotion(
        seller_id=place.store.seller_id, store_id=place.store.pk, name="Autumn", starts_at=start,
        ends_at=start + timedelta(hours=1), prices={place.listing(1).pk: Decimal(8)}, actor=MINA,
    )  # fmt: skip
    run_promotions(now=start)
    assert (told(place), shown(place)) == (1, ("10.0000", ["8.0000"]))
    run_promotions(now=start + timedelta(hours=1))
    assert (told(place), shown(place)) == (1, ("10.0000", []))


@pytest.mark.parametrize("mapping", ["both", "selling", "retail"])
@pytest.mark.parametrize("retail", [None, Decimal(12)])
def test_what_was_mapped_once_stays_as_it_is(mapping, retail):
    once = mapped(mapping, Decimal(9), retail)
    assert mapped(mapping, *once) == once
