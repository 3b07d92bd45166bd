"""Whatever is repeated, reordered, overlapping, at once or cut short: an order is on the desk exactly once."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction

from entrepot.channels.models import IncomingOrder, Store
from entrepot.channels.opening import opened
from entrepot.channels.services import intake, intake_enter, intake_follow
from entrepot.channels.services.intake import take_in
from entrepot.connectors.contract import BadItem, OrderPage
from entrepot.connectors.opencart.simulator import Item
from entrepot.inventory.models import Movement
from entrepot.orders.models import Order, OrderEvent
from tests.race.meeting import at_once
from tests.roads.rig import CANCELED, Place, Road, small_shop


@pytest.fixture
def place(road: Road) -> Iterator[Place]:
    return road.connect(small_shop(RED=50, BLUE=50))


def pages(place: Place) -> list[OrderPage]:
    """What the shop answers after the store's cursor."""
    store = Store.objects.get(pk=place.store.pk)
    with opened(store) as connector:
        assert connector.orders is not None
        return list(connector.orders.pages(store.order_cursor))


def fresh(place: Place) -> Store:
    return Store.objects.get(pk=place.store.pk)


def test_four_callers_with_the_same_page_enter_each_order_once(road: Road, place: Place) -> None:
    ids = [place.shop.place_order([Item(1, 1), Item(2, 2)]) for _ in range(12)]
    (page,) = pages(place)

    ends = at_once([partial(take_in, fresh(place), page=page) for _ in range(4)])

    assert [end for end in ends if isinstance(end, Exception)] == []
    assert sorted(Order.objects.values_list("remote_id", flat=True), key=int) == [str(number) for number in ids]
    assert (road.reserved("RED"), road.reserved("BLUE")) == (12, 24)
    assert OrderEvent.objects.filter(kind="order.placed").count() == 12
    assert Movement.objects.filter(kind="reservation").count() == 24
    assert fresh(place).order_cursor == page.cursor
    assert road.ledger_adds_up()


def test_four_callers_following_the_same_cancellation_release_once(road: Road, place: Place) -> None:
    order_id = place.shop.place_order([Item(1, 3)])
    place.pull()
    place.shop.set_status(order_id, CANCELED)
    (page,) = pages(place)

    ends = at_once([partial(take_in, fresh(place), page=page) for _ in range(4)])

    assert [end for end in ends if isinstance(end, Exception)] == []
    assert place.order(order_id).status == "canceled"
    assert road.reserved("RED") == 0
    assert OrderEvent.objects.filter(kind="order.cancel").count() == 1
    assert Movement.objects.filter(kind="release").count() == 1


def test_a_page_taken_in_again_changes_nothing(road: Road, place: Place) -> None:
    place.shop.place_order([Item(1, 1)])
    (page,) = pages(place)
    first = take_in(fresh(place), page=page)
    events = OrderEvent.objects.count()

    again = take_in(fresh(place), page=page)

    assert (first.kept, first.entered.placed) == (1, 1)
    assert (again.kept, again.entered.placed, again.entered.followed) == (0, 0, 0)
    assert OrderEvent.objects.count() == events
    assert road.reserved("RED") == 1


def test_an_older_copy_that_comes_late_never_undoes_the_newer_one(road: Road, place: Place) -> None:
    order_id = place.shop.place_order([Item(1, 1)])
    (old,) = pages(place)
    place.shop.set_status(order_id, CANCELED)
    (new,) = pages(place)

    take_in(fresh(place), page=new)
    take_in(fresh(place), page=old)

    assert place.order(order_id).status == "canceled"
    assert road.reserved("RED") == 0
    assert IncomingOrder.objects.get().version == new.orders[0].version


def test_a_late_page_never_turns_the_cursor_back(place: Place) -> None:
    place.shop.place_order([Item(1, 1)])
    reader = fresh(place)
    (old,) = pages(place)
    place.shop.place_order([Item(1, 1)])
    place.pull()
    ahead = fresh(place).order_cursor

    take_in(reader, page=old)

    assert fresh(place).order_cursor == ahead


def test_a_crash_before_the_page_is_ours_leaves_neither_rows_nor_cursor(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fresh(place).order_cursor
    place.shop.place_order([Item(1, 1)])
    (page,) = pages(place)

    def power_cut(**_facts: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "_move_cursor", power_cut)
    with pytest.raises(KeyboardInterrupt):
        take_in(fresh(place), page=page)

    assert IncomingOrder.objects.count() == 0
    assert fresh(place).order_cursor == before


def test_a_crash_after_keeping_and_before_entering_loses_nothing(
    road: Road, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = place.shop.place_order([Item(1, 2)])
    (page,) = pages(place)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "enter_waiting", power_cut)
        with pytest.raises(KeyboardInterrupt):
            take_in(fresh(place), page=page)
    assert fresh(place).order_cursor == page.cursor
    assert IncomingOrder.objects.get().state == "waiting"
    assert Order.objects.count() == 0

    place.pull()

    assert place.order(order_id).status == "new"
    assert road.reserved("RED") == 2


def test_a_crash_in_the_middle_of_entering_enters_all_or_nothing_and_then_all(
    road: Road, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        place.shop.place_order([Item(1, 1)])
    (page,) = pages(place)
    with monkeypatch.context() as patch:
        patch.setattr(intake_enter, "mark_rows", power_cut)
        with pytest.raises(KeyboardInterrupt):
            take_in(fresh(place), page=page)
    assert Order.objects.count() == 0
    assert road.reserved("RED") == 0

    place.pull()

    assert Order.objects.count() == 3
    assert road.reserved("RED") == 3


def test_one_bad_order_stops_nobody_and_is_named(road: Road, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    good = [place.shop.place_order([Item(1, 1)]) for _ in range(2)]
    bad = place.shop.place_order([Item(1, 1)])
    place.shop.tables.orders[bad].row["currency_code"] = "EURO"
    unreadable = BadItem(kind="order", remote_id="999", code="bad_price", detail="$.order.total: NaN")
    (page,) = pages(place)

    take_in(fresh(place), page=OrderPage(orders=page.orders, cursor=page.cursor, more=False, bad=[unreadable]))

    assert [place.order(number).status for number in good] == ["new", "new"]
    assert not Order.objects.filter(remote_id=str(bad)).exists()
    assert place.problems() == ["order_not_taken_in", "order_unreadable"]
    assert IncomingOrder.objects.get(remote_id=str(bad)).error_code == "order_not_taken_in"
    assert road.reserved("RED") == 2

    place.shop.tables.orders[bad].row["currency_code"] = "EUR"
    place.shop.set_status(bad, 2)
    place.pull()
    assert place.order(bad).status == "new"
    assert place.problems() == ["order_unreadable"]


def test_an_order_is_kept_word_for_word(place: Place) -> None:
    order_id = place.shop.place_order([Item(1, 1)])
    place.pull()

    kept = IncomingOrder.objects.get(remote_id=str(order_id))

    assert kept.raw["store"]["order"]["order_id"] == str(order_id)
    assert kept.raw["order"]["remote_id"] == str(order_id)
    assert kept.order == place.order(order_id)


def test_text_that_the_database_cannot_hold_does_not_stop_the_page(place: Place) -> None:
    order_id = place.shop.place_order([Item(1, 1)])
    place.shop.tables.orders[order_id].row["comment"] = "zero\x00byte and \\u0000 spelt out"
    place.pull()

    assert place.order(order_id).status == "new"


def power_cut(*_args: object, **_facts: object) -> None:
    raise KeyboardInterrupt


# --------------------------------------------------------------------------- the twin that must fail


def test_without_the_lock_on_the_kept_row_a_cancellation_would_be_followed_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is `select_for_update` on the kept row: with it taken away, both callers act."""
    order_id = place.shop.place_order([Item(1, 1)])
    place.pull()
    place.shop.set_status(order_id, CANCELED)
    (page,) = pages(place)
    followed: list[int] = []
    real = intake_follow.follow_status

    def counted(**facts: object) -> object:
        followed.append(1)
        with transaction.atomic():
            return real(**facts)

    monkeypatch.setattr(intake_follow, "follow_status", counted)
    at_once([partial(take_in, fresh(place), page=page) for _ in range(4)])
    assert len(followed) == 1
    followed.clear()

    place.shop.set_status(order_id, 2)
    (page,) = pages(place)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **_how: self)
    monkeypatch.setattr(intake_enter, "CHUNK", 1)
    at_once([partial(take_in, fresh(place), page=page) for _ in range(4)])
    assert len(followed) > 1
