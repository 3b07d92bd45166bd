"""A split meets a cancellation, the packing table, and arriving stock: one is first, nothing is lost or doubled."""

from collections.abc import Callable

import pytest

from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import ShipmentLine
from entrepot.inventory.models import Reservation
from entrepot.orders import services as orders
from entrepot.orders.errors import SplitNotPossible, SplitTooMuch
from entrepot.orders.models import Order, OrderLine, SalesChannel
from tests.books import (
    MINA,
    SHOP,
    assert_books_add_up,
    draft,
    figure,
    held,
    line,
    make_items,
    place_one,
    status,
)
from tests.race.meeting import at_once, queued_up, queued_up_behind

pytestmark = pytest.mark.django_db(transaction=True)


def who(order: Order) -> dict[str, object]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}


def splitting(order: Order, quantity: int = 1) -> Callable[[], object]:
    first = OrderLine.objects.filter(order=order).order_by("position")[0].pk
    return lambda: orders.split_order(lines={first: quantity}, **who(order))


def refusals(ends: list[object]) -> set[type]:
    return {type(end) for end in ends if isinstance(end, Exception)}


def assert_whole(channel: SalesChannel, item_id: int, pieces: int) -> None:
    """All pieces are on one order or another, and each holds no more than it wants."""
    lines = OrderLine.objects.filter(order__sales_channel=channel)
    assert sum(one.quantity for one in lines) == pieces
    for one in lines:
        kept = sum(Reservation.objects.filter(reference=one.reference).values_list("quantity", flat=True))
        assert kept <= one.quantity
    assert figure(item_id)[1] == sum(held(one) for one in Order.objects.filter(sales_channel=channel))
    assert_books_add_up([channel.seller_id])


@pytest.mark.parametrize("first", ["split", "cancel"])
def test_a_split_and_a_cancellation_meet_and_both_see_the_other(channel, first):
    ids = make_items(channel.seller, RED=9)
    order = place_one(channel, draft("7", line(ids["RED"], 4)))
    cancel = lambda: orders.cancel_by_buyer(seller_id=order.seller_id, order_id=order.pk, actor=SHOP)  # noqa: E731
    deeds = [splitting(order, 1), cancel]

    ends = queued_up_behind(
        deeds[0] if first == "split" else deeds[1], [deeds[1] if first == "split" else deeds[0]], keep=True
    )

    assert status(order) == "canceled"
    assert refusals(ends) == (set() if first == "split" else {SplitNotPossible})
    parts = Order.objects.filter(split_from=order)
    assert [(status(one), held(one)) for one in parts] == ([("new", 1)] if first == "split" else [])
    assert (held(order), figure(ids["RED"])) == (0, (9, 1 if first == "split" else 0))
    assert_whole(channel, ids["RED"], 4)


@pytest.mark.parametrize("first", ["split", "pack"])
def test_a_split_and_the_packing_table_meet_and_no_piece_is_in_a_part_and_a_parcel(channel, first):
    ids = make_items(channel.seller, RED=9)
    order = place_one(channel, draft("7", line(ids["RED"], 4)))
    orders.release_to_warehouse(**who(order))
    pack = lambda: fulfilment.pack(**who(order))  # noqa: E731
    deeds = [splitting(order, 1), pack]

    ends = queued_up_behind(
        deeds[0] if first == "split" else deeds[1], [deeds[1] if first == "split" else deeds[0]], keep=True
    )

    packed = sum(ShipmentLine.objects.values_list("quantity", flat=True))
    if first == "pack":
        assert (refusals(ends), status(order), packed) == ({SplitNotPossible}, "ready_to_ship", 4)
        assert not Order.objects.filter(split_from=order).exists()
    else:  # it came back from the warehouse, as its goods are others now
        assert ({one.__name__ for one in refusals(ends)}, status(order), packed) == ({"MoveNotPossible"}, "new", 0)
    assert_whole(channel, ids["RED"], 4)


def test_a_split_and_stock_that_arrives_meet_and_no_unit_is_given_twice(channel):
    ids = make_items(channel.seller, RED=2)
    order = place_one(channel, draft("7", line(ids["RED"], 4)))
    fill = lambda: orders.receive_stock(seller_id=order.seller_id, item_id=ids["RED"], quantity=1, actor=MINA)  # noqa: E731

    ends = queued_up("orders_order", [order.pk], [splitting(order, 2), fill, fill])
    orders.fill_waiting(seller_id=order.seller_id, item_ids=None, actor=MINA)

    part = Order.objects.get(split_from=order)
    assert refusals(ends) == set()
    assert (held(order), held(part), figure(ids["RED"])) == (2, 2, (4, 4))
    assert (status(order), status(part)) == ("new", "new")
    assert_whole(channel, ids["RED"], 4)


def test_many_who_split_the_same_pieces_off_take_each_once(channel):
    ids = make_items(channel.seller, RED=9)
    order = place_one(channel, draft("7", line(ids["RED"], 4)))

    ends = at_once([splitting(order, 2)] * 5)

    assert len([end for end in ends if isinstance(end, Order)]) == 1
    assert refusals(ends) <= {SplitTooMuch} | {end for end in refusals(ends) if end.__name__ == "SplitEverything"}
    assert [one.number for one in Order.objects.order_by("pk")] == ["#7", "#7-2"]
    assert_whole(channel, ids["RED"], 4)


def test_parts_that_are_joined_and_split_at_once_stay_whole(channel):
    ids = make_items(channel.seller, RED=9)
    order = place_one(channel, draft("7", line(ids["RED"], 6)))
    parts = [
        orders.split_order(lines={OrderLine.objects.filter(order=order).get().pk: 1}, **who(order)) for _ in range(3)
    ]
    join = [lambda one=one: orders.join_order(**who(one)) for one in parts]

    at_once([*join, splitting(order, 1), splitting(order, 1)])

    assert sum(held(one) for one in Order.objects.all()) == 6
    assert_whole(channel, ids["RED"], 6)
