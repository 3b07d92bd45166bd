"""What a store has of its own of a product: what we want there, what it was sent, what it shows (R-CAT 1, 3, 8, 9)."""

from decimal import Decimal

import pytest

from entrepot.catalog.models import Product
from entrepot.channels.models import ListingChange, Store, StoreProduct
from entrepot.channels.services import offers, sync
from entrepot.channels.services.differences import decide
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import push_listings
from entrepot.connectors.opencart.simulator import Shop
from tests.roads.rig import MINA, Place, small_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(road) -> Place:
    return road.connect(small_shop(RED=5, BLUE=3))


def row(place: Place, remote_id: int | str = 1) -> StoreProduct:
    return StoreProduct.objects.get(store=place.store, remote_id=str(remote_id))


def told(place: Place):
    return push_listings(Store.objects.get(pk=place.store.pk))


def read_again(place: Place) -> None:
    sync.sync_products(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))


def change(place: Place, **fields) -> ListingChange:
    return offers.ask_update(
        seller_id=place.store.seller_id, listing_id=place.listing(1).pk, fields=fields, actor=MINA
    )[0]


def test_the_import_writes_what_the_store_shows_and_wants_nothing(place):
    assert list(StoreProduct.objects.order_by("remote_id").values_list("remote_id", flat=True)) == ["1", "2"]
    found = row(place)
    assert found.product == Product.objects.get(items__sku="RED")
    assert (found.seen["name"], found.seen["brand"], found.seen["category_ids"]) == ("RED sock", "", [])
    assert (found.wanted, found.sent, found.answered) == ({}, {}, {})
    assert found.seen_at is not None


def test_reading_again_takes_over_what_the_owner_changed_and_no_row_is_doubled(place):
    place.shop.save_product(1, names={1: "Ruby sock"})
    read_again(place)
    assert StoreProduct.objects.count() == 2
    assert row(place).seen["name"] == "Ruby sock"


def test_a_wish_is_wanted_at_once_sent_when_taken_and_seen_in_the_answer(place):
    change(place, name="Warm red sock")
    assert (row(place).wanted, row(place).sent) == ({"name": "Warm red sock"}, {})
    assert row(place).seen["name"] == "RED sock"
    told(place)
    found = row(place)
    assert (found.wanted, found.sent, found.answered) == ({"name": "Warm red sock"},) * 3
    assert found.seen["name"] == "Warm red sock"
    assert found.sent_at is not None


def test_a_wish_that_is_given_up_is_wanted_no_more(place):
    change(place, name="Warm red sock")
    told(place)
    later = change(place, name="Cold red sock", description="<p>Ice</p>")
    assert row(place).wanted == {"name": "Cold red sock", "description": "<p>Ice</p>"}
    offers.cancel_change(seller_id=place.store.seller_id, change_id=later.pk, actor=MINA)
    assert row(place).wanted == {"name": "Warm red sock"}


def test_what_the_owner_changed_and_we_take_is_no_longer_wanted_otherwise(place):
    change(place, name="Warm red sock")
    told(place)
    place.shop.save_product(1, names={1: "Ruby sock"})
    read_again(place)
    found = row(place)
    assert (found.sent["name"], found.answered["name"], found.seen["name"]) == (
        "Warm red sock",
        "Warm red sock",
        "Ruby sock",
    )
    difference = place.listing(1).differences.get(field="title")
    decide(seller_id=place.store.seller_id, difference_id=difference.pk, decision="theirs", actor=MINA)
    found = row(place)
    assert (found.wanted, found.sent) == ({}, {"name": "Ruby sock"})


def test_a_draft_becomes_the_product_it_was_made_into(road, place):
    second = road.connect(Shop.empty(), name="Second shop")
    product = Product.objects.get(items__sku="RED")
    draft = StoreProduct.objects.create(
        seller=road.seller, store=second.store, product=product, wanted={"name": "Wool sock", "price": "12.5"}
    )
    offers.ask_listing(
        seller_id=road.seller.pk, product_id=product.pk, store_id=second.store.pk,
        offer=Offer(price=Decimal("12.50"), name="Wool sock"), actor=MINA,
    )  # fmt: skip
    told(second)
    [made] = second.shop.tables.products
    draft.refresh_from_db()
    assert draft.remote_id == str(made)
    assert draft.wanted == {"name": "Wool sock"}
    assert (draft.sent["name"], draft.answered["name"], draft.seen["name"]) == ("Wool sock",) * 3
    assert StoreProduct.objects.filter(store=second.store).count() == 1
