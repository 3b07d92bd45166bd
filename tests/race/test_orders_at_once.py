"""The same order from every side at once is one order; cancels, placings and fillings meet without a wrong unit."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.orders.errors import TooLateToAmend
from entrepot.orders.models import Order, OrderEvent, OrderLine
from tests.books import (
    MINA,
    SHOP,
    assert_books_add_up,
    draft,
    figure,
    held,
    line,
    make_items,
    place,
    status,
    story,
)
from tests.race.meeting import at_once, queued_up, queued_up_behind

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_order_placed_by_eight_callers_at_once_is_one_order(channel):
    ids = make_items(channel.seller, RED=100, BLUE=100)
    one = draft("7", line(ids["RED"], 2), line(ids["BLUE"], 1, remote_id="2"))

    ends = at_once([lambda: place(channel, one)[0]] * 8)

    order = Order.objects.get()
    assert [end.order_id for end in ends] == [order.pk] * 8
    assert sum(end.created for end in ends) == 1
    assert OrderLine.objects.count() == 2
    assert story(order) == [("order.placed", "", "new")]
    assert [figure(item_id) for item_id in ids.values()] == [(100, 2), (100, 1)]
    assert_books_add_up([channel.seller_id])


def test_the_twin_that_looks_before_it_inserts_is_stopped_by_the_constraint(channel):
    """Looking first decides nothing: all eight see no order, and only the table knows better."""

    def look_then_insert() -> None:
        if not Order.objects.filter(sales_channel=channel, remote_id="7").exists():
            meeting.wait(timeout=30)
            one = {"placed_at": draft("7").placed_at, "total": 0, "base_currency": "USD", "currency": "USD"}
            Order.objects.create(seller=channel.seller, sales_channel=channel, remote_id="7", status="new", **one)

    meeting = threading.Barrier(8)
    ends = at_once([look_then_insert] * 8)

    assert sum("order_exactly_once" in str(end) for end in ends) == 7


def test_two_pages_with_the_same_orders_the_other_way_round_both_come_through(channel):
    ids = make_items(channel.seller, RED=1000, BLUE=1000)
    page = [draft(str(n), line(ids["RED"]), line(ids["BLUE"], remote_id="2"), minute=n) for n in range(40)]

    ends = at_once([lambda: place(channel, *page), lambda: place(channel, *page[::-1])] * 4)

    assert [type(end) for end in ends] == [list] * 8
    assert Order.objects.count() == 40
    assert figure(ids["RED"]) == (1000, 40)
    assert_books_add_up([channel.seller_id])


def test_two_pages_that_queue_at_one_order_from_both_ends_do_not_wait_for_each_other(channel):
    """Both wait at order `m`: written in the order of the pages, one would hold `a` by now and the other `z`."""
    red = make_items(channel.seller, RED=10)["RED"]
    page = [draft(remote_id, line(red)) for remote_id in "amz"]

    ends = queued_up_behind(
        lambda: place(channel, page[1]), [lambda: place(channel, *page), lambda: place(channel, *page[::-1])]
    )

    assert sorted(one.created for end in ends for one in end) == [False] * 3 + [True] * 3
    assert figure(red) == (10, 3)


def test_a_cancel_and_a_new_order_for_its_unit_meet_and_the_unit_has_one_owner(channel):
    red = make_items(channel.seller, RED=1)["RED"]
    first = Order.objects.get(pk=place(channel, draft("1", line(red)))[0].order_id)

    def cancel() -> bool:
        return orders.cancel_by_buyer(seller_id=channel.seller_id, order_id=first.pk, actor=SHOP)

    def buyer(number: int) -> Callable[[], str]:
        return lambda: place(channel, draft(str(number), line(red), minute=number))[0].status

    at_once([cancel, *(buyer(number) for number in range(2, 9))])

    assert status(first) == "canceled"
    others = Order.objects.exclude(pk=first.pk)
    assert sorted(others.values_list("status", flat=True)) == ["new"] + ["partial"] * 6
    assert figure(red) == (1, 1)
    assert_books_add_up([channel.seller_id])


def test_eight_cancels_of_one_order_release_it_once(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    order = Order.objects.get(pk=place(channel, draft("1", line(red, 2)))[0].order_id)

    ends = at_once([lambda: orders.cancel_by_buyer(seller_id=channel.seller_id, order_id=order.pk, actor=SHOP)] * 8)

    assert sorted(ends) == [False] * 7 + [True]
    assert story(order) == [("order.placed", "", "new"), ("order.cancel", "new", "canceled")]
    assert figure(red) == (5, 0)
    assert_books_add_up([channel.seller_id])


def test_a_cancel_and_a_hand_over_meet_and_exactly_one_wins(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    for number in range(10):
        order = Order.objects.get(pk=place(channel, draft(str(number), line(red, 1)))[0].order_id)
        verbs = [orders.cancel_by_buyer, orders.hand_over]
        ends = at_once(
            [
                lambda verb=verb, pk=order.pk: verb(seller_id=channel.seller_id, order_id=pk, actor=SHOP)
                for verb in verbs
            ]
        )
        assert ends.count(True) == 1
        assert figure(red)[1] == 0
        assert status(order) in {"canceled", "in_transit"}
        inventory.set_on_hand(seller_id=channel.seller_id, item_id=red, on_hand=5, reason="reset", actor=MINA)
    assert_books_add_up([channel.seller_id])


def test_stock_filled_by_eight_callers_at_once_goes_to_the_oldest_and_only_once(channel):
    red = make_items(channel.seller, RED=0)["RED"]
    page = [draft(str(n), line(red), minute=60 - n) for n in range(20)]  # the last placed is the oldest
    place(channel, *page)
    inventory.receive(seller_id=channel.seller_id, item_id=red, quantity=7, actor=MINA)

    def fill() -> int:
        return orders.fill_waiting(seller_id=channel.seller_id, item_ids=[red], actor=MINA)

    ends = queued_up("orders_order", list(Order.objects.values_list("pk", flat=True)), [fill] * 8)

    assert sum(ends) == 7
    filled = Order.objects.filter(status="new").order_by("placed_at")
    assert list(filled.values_list("remote_id", flat=True)) == ["19", "18", "17", "16", "15", "14", "13"]
    assert figure(red) == (7, 7)
    assert OrderEvent.objects.filter(kind="order.stock_arrived").count() == 7
    assert_books_add_up([channel.seller_id])


def test_placing_canceling_filling_and_counting_at_once_leave_true_books_and_no_circle(channel):  # noqa: C901 - seven callers, each a few lines
    ids = make_items(channel.seller, RED=30, BLUE=30, GREEN=30)
    red, blue, green = ids.values()
    old = place(channel, *(draft(f"old{n}", line(red), line(green, remote_id="2"), minute=n) for n in range(20)))
    shop = {"seller_id": channel.seller_id, "actor": SHOP}

    def some(prefix: str, *items: int) -> Callable[[], object]:
        page = [draft(f"{prefix}{n}", *(line(i, remote_id=str(i)) for i in items), minute=100 + n) for n in range(15)]
        return lambda: [place(channel, one) for one in page]

    def cancel_some() -> None:
        for one in old:
            orders.cancel_by_buyer(order_id=one.order_id, **shop)

    def recount_some() -> None:
        for counted in (25, 10, 40, 5):
            orders.recount(item_id=green, on_hand=counted, reason="count", **shop)

    def fill_some() -> None:
        for _ in range(6):
            orders.fill_waiting(item_ids=None, **shop)

    def amend_some() -> None:
        for one in old[::-1]:
            new = draft(one.remote_id, line(blue, 2), line(green, remote_id="2"), remote_version=2)
            with suppress(TooLateToAmend):
                orders.amend_order(order_id=one.order_id, draft=new, **shop)

    meeting = [some("a", red, green), some("b", green, blue, red), cancel_some, recount_some]
    ends = at_once([*meeting, fill_some, fill_some, amend_some])

    assert [end for end in ends if isinstance(end, Exception)] == []
    assert_books_add_up([channel.seller_id])
    assert set(Order.objects.values_list("status", flat=True)) >= {"new", "canceled"}
    for order in Order.objects.all():
        wanted = sum(one.quantity for one in order.lines.all())
        assert held(order) == {"new": wanted, "canceled": 0}.get(order.status, held(order))
        assert order.status != "partial" or held(order) < wanted
