"""What a shop shows is read back, each difference is named, and any figure of any moment can be explained."""

from datetime import timedelta

import pytest
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.channels.models import Drift, Store
from entrepot.channels.services import drift
from entrepot.channels.services.drift import check_drift
from entrepot.channels.services.sync import run_sync, sync_products
from entrepot.channels.services.why import why
from entrepot.connectors.opencart.simulator import Item
from entrepot.kernel.errors import NotFound
from tests.roads.rig import CANCELED, MINA, Place, Road, small_shop


def check(place: Place) -> drift.DriftReport:
    return check_drift(Store.objects.get(pk=place.store.pk), full=True)


def named() -> list[tuple[int | None, int | None, str, bool]]:
    """Every difference found: told, shown, cause, repaired."""
    rows = Drift.objects.order_by("id")
    return [(row.told, row.shown, row.cause, row.repaired_at is not None) for row in rows]


def test_agreement_is_no_difference(road: Road) -> None:
    place = road.connect(small_shop(RED=5, BLUE=2))
    report = check(place)
    assert (report.read, report.differences) == (2, 0)
    assert named() == []


def test_a_sale_nobody_had_told_us_of_is_named_and_taken_in_and_nothing_is_written(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])

    check(place)

    assert named() == [(5, 3, "sold_there", True)]
    assert place.order(order_id).status == "new"
    assert place.shows(1) == 3
    assert place.server.counters.stock_writes == []


def test_a_cancellation_in_the_shop_is_named(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()
    place.push()
    place.shop.set_status(order_id, CANCELED)

    check(place)

    assert named() == [(3, 5, "canceled_there", True)]
    assert road.available("RED") == 5


def test_a_figure_edited_in_the_admin_is_named_and_put_right(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    place.shop.set_quantity(1, 77)

    check(place)

    assert named() == [(5, 77, "edited_there", True)]
    assert place.shows(1) == 5


def test_a_write_of_ours_that_was_overwritten_by_an_old_form_is_a_lost_write(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    form = place.shop.open_product_form(1)
    road.receive("RED", 4)
    place.push()
    assert place.shows(1) == 9
    place.shop.save_product(1, form)

    check(place)

    assert named() == [(9, 5, "lost_write", True)]
    assert place.shows(1) == 9


def test_a_product_that_is_gone_is_missing(road: Road) -> None:
    place = road.connect(small_shop(RED=5, BLUE=2))
    place.shop.delete_product(1)

    check(place)

    assert named() == [(5, None, "missing", False)]
    assert place.listing(1).state == "missing"
    assert place.problems() == ["listing_missing"]


def test_an_oversold_product_is_a_persons_business(road: Road) -> None:
    place = road.connect(small_shop(RED=1))
    place.shop.place_order([Item(1, 1)])
    place.shop.place_order([Item(1, 1)], check=False)

    check(place)

    assert named() == [(1, -1, "sold_there", True)]
    assert place.shows(1) == 0
    assert place.problems() == ["oversold"]


def test_somebody_who_keeps_changing_a_figure_is_told_of(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    for figure in (70, 71):
        place.shop.set_quantity(1, figure)
        check(place)
    assert place.problems() == []

    place.shop.set_quantity(1, 72)
    check(place)
    assert place.problems() == ["stock_drift"]


def test_a_shadow_store_is_read_and_named_but_never_written(road: Road) -> None:
    place = road.connect(small_shop(RED=5), live=False)
    place.shop.set_quantity(1, 77)

    check(place)

    assert named() == [(5, 77, "edited_there", False)]
    assert place.shows(1) == 77


def test_a_check_never_judges_a_figure_pushed_while_it_was_reading(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    place = road.connect(small_shop(RED=5))
    read = drift._shown

    def pushed_meanwhile(*args):
        monkeypatch.setattr(drift, "_shown", read)
        seen = read(*args)
        road.receive("RED", 4)
        place.push()
        return seen

    monkeypatch.setattr(drift, "_shown", pushed_meanwhile)
    report = check(place)

    assert report.differences == 0
    assert named() == []
    assert place.shows(1) == 9


def test_the_past_of_a_figure_is_explained_from_the_ledger(road: Road) -> None:
    one = road.connect(small_shop(RED=5))
    two = road.connect(small_shop(RED=5), name="Second shop")
    before = timezone.now()
    order_id = one.shop.place_order([Item(1, 2)])
    one.pull()
    one.push()
    two.push()
    between = timezone.now()
    road.receive("RED", 10)
    two.push()

    then = why(seller_id=road.seller.pk, item_id=road.item("RED").pk, at=between)
    assert (then.on_hand, then.reserved, then.available) == (5, 2, 3)
    assert [(row.store, row.told) for row in then.shown] == [("First shop", None), ("Second shop", 3)]
    assert [(row.store, row.seen) for row in then.shown] == [("First shop", 3), ("Second shop", 5)]
    sale = next(step for step in then.steps if step.kind == "reservation")
    assert (sale.reserved_delta, sale.reserved, sale.order_number) == (2, 2, str(order_id))
    assert sale.actor == "store:First shop"

    now = why(seller_id=road.seller.pk, item_id=road.item("RED").pk, at=timezone.now())
    assert (now.on_hand, now.reserved, now.available) == (15, 2, 13)
    assert [(row.store, row.told) for row in now.shown] == [("First shop", None), ("Second shop", 13)]
    assert now.steps[0].kind == "sent"

    earlier = why(seller_id=road.seller.pk, item_id=road.item("RED").pk, at=before)
    assert (earlier.on_hand, earlier.reserved) == (5, 0)
    nothing = why(seller_id=road.seller.pk, item_id=road.item("RED").pk, at=before - timedelta(days=1))
    assert (nothing.on_hand, nothing.steps) == (0, [])


def test_nobody_elses_item_is_explained(road: Road) -> None:
    road.connect(small_shop(RED=5))
    stranger = Seller.objects.create(name="Another")
    with pytest.raises(NotFound):
        why(seller_id=stranger.pk, item_id=road.item("RED").pk, at=timezone.now())
    assert MINA.label == "Mina"


def test_a_product_sync_does_not_hide_an_edit_from_the_next_check(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    place.push()
    place.shop.set_quantity(1, 77)
    sync_products(seller_id=road.seller.pk, store_id=place.store.pk, actor=MINA)
    run_sync(store=place.store)

    check(place)

    assert named() == [(5, 77, "edited_there", True)]
    assert place.shows(1) == 5


def test_a_product_read_before_a_push_never_outranks_what_the_push_was_told(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    road.receive("RED", 1)
    place.push()
    sync_products(seller_id=road.seller.pk, store_id=place.store.pk, actor=MINA)
    place.shop.tables.products[1].quantity = 5  # the page was read before the push arrived
    place.shop.stock_moved(1)
    run_sync(store=place.store)
    place.shop.tables.products[1].quantity = 6
    place.shop.stock_moved(1)

    assert (place.listing(1).seen_quantity, place.listing(1).seen_at) == (6, None)
    road.receive("RED", 1)
    place.push()
    assert place.shows(1) == 7


def test_a_sale_we_know_of_and_have_not_pushed_yet_is_no_difference(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    place.push()
    place.shop.place_order([Item(1, 2)])
    place.pull()

    assert check(place).differences == 0
    assert named() == []
