"""Prices for a time: told when they begin, taken back when they end; never over a person's own price."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.channels.errors import (
    ListingNotFound,
    PriceImpossible,
    PriceNeedsApproval,
    PromotionNotFound,
    PromotionOver,
    PromotionTimes,
)
from entrepot.channels.models import Listing, ListingChange, Promotion, PromotionLine, Store
from entrepot.channels.queries.promotions import promotion_prices
from entrepot.channels.services import lifecycle, offers, sync
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.promotions import cancel_promotion, plan_promotion, reduced, run_promotions
from entrepot.orders.models import SalesChannel
from tests.roads.rig import MINA, Place, Road, small_shop

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5, BLUE=3))


@pytest.fixture
def noon() -> datetime:
    return timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)


def plan(place: Place, noon: datetime, amount: str = "8", **words) -> Promotion:
    facts = {
        "seller_id": place.store.seller_id, "store_id": place.store.pk, "name": "Autumn", "starts_at": noon,
        "ends_at": noon + 2 * HOUR, "prices": {place.listing(1).pk: Decimal(amount)}, "actor": MINA,
    }  # fmt: skip
    return plan_promotion(**{**facts, **words})


def told(place: Place) -> int:
    return push_listings(Store.objects.get(pk=place.store.pk)).done


def shown(place: Place) -> tuple[str, list[tuple[str, str]]]:
    """What the shop itself has: the regular price and its reductions, with the day before which they end."""
    row = place.shop.tables.products[1]
    cuts = [*row.specials, *(cut for cut in row.discounts if cut.get("special") == "1")]
    return row.price, [(cut["price"], cut["date_end"]) for cut in cuts]


def states() -> list[str]:
    return list(PromotionLine.objects.order_by("pk").values_list("state", flat=True))


def test_it_begins_and_ends_by_the_clock_and_the_shop_ends_it_too(place, noon):
    made = plan(place, noon)
    assert (run_promotions(now=noon - HOUR), ListingChange.objects.count(), shown(place)) == (0, 0, ("10.0000", []))

    assert (run_promotions(now=noon), told(place)) == (1, 1)
    the_day_after = (noon + timedelta(days=1)).date().isoformat()
    assert shown(place) == ("10.0000", [("8.0000", the_day_after)])
    assert (place.listing(1).price, place.listing(1).retail_price, states()) == (Decimal(8), Decimal(10), ["running"])
    assert run_promotions(now=noon + HOUR) == 0

    assert (run_promotions(now=noon + 2 * HOUR), told(place)) == (1, 1)
    assert shown(place) == ("10.0000", [])
    assert (place.listing(1).price, states()) == (Decimal(10), ["back"])
    made.refresh_from_db()
    assert (made.state, run_promotions(now=noon + 3 * HOUR)) == ("ended", 0)


def test_a_regular_price_above_the_selling_price_comes_back_as_it_was(place, noon):
    offers.ask_price(
        seller_id=place.store.seller_id, listing_ids=[place.listing(1).pk], price=Decimal(9),
        retail_price=Decimal(12), actor=MINA,
    )  # fmt: skip
    told(place)
    plan(place, noon, "7.5")
    run_promotions(now=noon)
    told(place)
    assert (shown(place)[0], [cut[0] for cut in shown(place)[1]]) == ("12.0000", ["7.5000"])
    run_promotions(now=noon + 2 * HOUR)
    told(place)
    assert (shown(place)[0], [cut[0] for cut in shown(place)[1]]) == ("12.0000", ["9.0000"])


def test_a_price_that_a_person_set_meanwhile_stays(place, noon):
    plan(place, noon)
    run_promotions(now=noon)
    told(place)
    offers.ask_price(
        seller_id=place.store.seller_id, listing_ids=[place.listing(1).pk], price=Decimal(11), retail_price=None,
        actor=MINA,
    )  # fmt: skip
    told(place)
    run_promotions(now=noon + 2 * HOUR)
    assert (told(place), shown(place), states()) == (0, ("11.0000", []), ["left"])


def test_a_price_that_the_shops_owner_set_meanwhile_stays(place, noon):
    plan(place, noon)
    run_promotions(now=noon)
    told(place)
    row = place.shop.tables.products[1]
    row.price = "7.0000"
    row.specials.clear()
    row.discounts.clear()
    sync.sync_products(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))
    run_promotions(now=noon + 2 * HOUR)
    assert (told(place), shown(place)[0], states()) == (0, "7.0000", ["left"])


@pytest.mark.parametrize("tells", [True, False])
def test_of_two_that_overlap_the_later_one_gives_back_what_it_cost_before_both(place, noon, tells):
    plan(place, noon)
    plan(place, noon, "7", starts_at=noon + HOUR, ends_at=noon + 4 * HOUR)
    run_promotions(now=noon)
    told(place)
    run_promotions(now=noon + HOUR)
    if tells:
        told(place)

    run_promotions(now=noon + 2 * HOUR)
    told(place)
    assert ([cut[0] for cut in shown(place)[1]], states()) == (["7.0000"], ["left", "running"])

    run_promotions(now=noon + 4 * HOUR)
    told(place)
    assert (shown(place), states()) == (("10.0000", []), ["left", "back"])


def test_of_two_that_overlap_one_that_ends_inside_the_other_gives_its_price_back(place, noon):
    plan(place, noon, ends_at=noon + 5 * HOUR)
    plan(place, noon, "7", starts_at=noon + HOUR, ends_at=noon + 2 * HOUR)
    for hours in (0, 1, 2):
        run_promotions(now=noon + hours * HOUR)
        told(place)
    assert [cut[0] for cut in shown(place)[1]] == ["8.0000"]

    run_promotions(now=noon + 5 * HOUR)
    told(place)
    assert (shown(place), states()) == (("10.0000", []), ["back", "back"])


def test_a_promotion_price_told_once_more_is_no_other_price(place, noon):
    plan(place, noon)
    run_promotions(now=noon)
    told(place)
    offers.ask_price(
        seller_id=place.store.seller_id, listing_ids=[place.listing(1).pk], price=Decimal(8),
        retail_price=Decimal(10), actor=MINA,
    )  # fmt: skip
    told(place)
    run_promotions(now=noon + 2 * HOUR)
    told(place)
    assert (shown(place), states()) == (("10.0000", []), ["back"])


def test_one_that_was_never_told_leaves_the_price_alone_in_the_end(place, noon):
    plan(place, noon)
    run_promotions(now=noon)
    run_promotions(now=noon + 2 * HOUR)
    told(place)
    assert (shown(place), states()) == (("10.0000", []), ["back"])


def test_a_paused_store_is_told_as_soon_as_it_is_live_again(place, noon):
    plan(place, noon)
    lifecycle.pause(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    assert (run_promotions(now=noon), states()) == (0, ["planned"])
    lifecycle.resume(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    assert (run_promotions(now=noon + HOUR), told(place), states()) == (1, 1, ["running"])


def test_one_whose_time_passed_while_its_store_was_paused_never_begins(place, noon):
    made = plan(place, noon)
    assert run_promotions(now=noon + 5 * HOUR) == 1
    made.refresh_from_db()
    assert (made.state, ListingChange.objects.count()) == ("canceled", 0)


def test_a_planned_one_is_given_up_and_a_running_one_ends_at_once(place, noon):
    made = plan(place, noon)
    cancel_promotion(seller_id=made.seller_id, promotion_id=made.pk, actor=MINA)
    assert (run_promotions(now=noon), ListingChange.objects.count()) == (0, 0)
    running = plan(place, noon)
    run_promotions(now=noon)
    told(place)
    ended = cancel_promotion(seller_id=made.seller_id, promotion_id=running.pk, actor=MINA)
    told(place)
    assert (ended.state, shown(place)) == ("ended", ("10.0000", []))
    with pytest.raises(PromotionOver):
        cancel_promotion(seller_id=made.seller_id, promotion_id=running.pk, actor=MINA)


@pytest.mark.parametrize(
    ("amount", "words", "refusal"),
    [
        ("10", {}, PriceImpossible),
        ("0", {}, PriceImpossible),
        ("6.99", {}, PriceNeedsApproval),
        ("8", {"ends_at": timezone.now() - HOUR}, PromotionTimes),
        ("8", {"prices": {}}, ListingNotFound),
    ],
)
def test_one_that_cannot_be_is_refused_and_nothing_is_planned(place, noon, amount, words, refusal):
    with pytest.raises(refusal):
        plan(place, noon, amount, **words)
    assert Promotion.objects.count() == 0


def test_a_deep_cut_is_planned_once_somebody_approves(place, noon):
    assert plan(place, noon, "5", approved=True).lines.get().price == Decimal(5)


def test_of_another_sellers_promotion_nothing_can_be_done(place, noon):
    made, stranger = plan(place, noon), Seller.objects.create(name="Stranger")
    with pytest.raises(PromotionNotFound):
        cancel_promotion(seller_id=stranger.pk, promotion_id=made.pk, actor=MINA)
    made.refresh_from_db()
    assert made.state == "planned"


@pytest.mark.parametrize(
    ("price", "percent", "step", "result"),
    [("19900", "15", "100", "16900"), ("19900", "15", "10", "16920"), ("9.99", "10", "0.01", "8.99"),
     ("50", "20", "100", "40.0000"), ("12.50", "0", "0.05", "12.50")],
)  # fmt: skip
def test_a_percentage_is_rounded_to_the_step(price, percent, step, result):
    assert reduced(Decimal(price), percent=Decimal(percent), step=Decimal(step)) == Decimal(result)


def test_a_percentage_of_won_is_never_rounded_below_a_won(place):
    SalesChannel.objects.filter(store=place.store).update(currency="KRW")
    Listing.objects.filter(remote_id="1").update(price=12950, currency="KRW")
    store = Store.objects.select_related("sales_channel").get(pk=place.store.pk)
    said = {"seller_id": store.seller_id, "store": store, "skus": ["RED"], "percent": Decimal(15), "own": {}}
    one = place.listing(1).pk
    assert promotion_prices(step=Decimal("0.01"), **said) == {one: Decimal(11008)}
    assert promotion_prices(step=Decimal(100), **said) == {one: Decimal(11000)}
    assert promotion_prices(**said) == {one: Decimal(11008)}


def test_all_that_a_store_sells_is_all(place):
    store = Store.objects.select_related("sales_channel").get(pk=place.store.pk)
    Listing.objects.bulk_create(
        Listing(seller_id=store.seller_id, store=store, remote_id=f"M{n}", title="Sock", currency="USD", price=10)
        for n in range(5000)
    )
    found = promotion_prices(seller_id=store.seller_id, store=store, percent=Decimal(10), step=Decimal("0.01"), own={})
    assert (len(found), set(found.values())) == (5002, {Decimal(9)})
