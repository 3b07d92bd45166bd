"""A parcel from every side at once: packed once, handed over or stopped but never both, received once."""

from functools import partial

import pytest

from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.drafts import ParcelDraft
from entrepot.fulfilment.models import Shipment
from entrepot.orders import services as orders
from entrepot.orders.errors import MoveNotPossible, ReturnInvalid
from entrepot.orders.models import Order, SalesChannel
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
from tests.race.meeting import queued_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def red(channel: SalesChannel) -> int:
    return make_items(channel.seller, RED=5)["RED"]


@pytest.fixture
def order(channel: SalesChannel, red: int) -> Order:
    made = place_one(channel, draft("7", line(red, 2)))
    orders.release_to_warehouse(seller_id=made.seller_id, order_id=made.pk, actor=MINA)
    return made


def of(order: Order, actor=MINA) -> dict[str, object]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": actor}


def test_eight_packers_pack_one_parcel(order):
    pack = partial(fulfilment.pack, **of(order))
    ends = queued_up("orders_order", [order.pk], [pack] * 8)

    assert len({end.pk for end in ends}) == Shipment.objects.count() == 1
    assert sum(row.quantity for row in Shipment.objects.get().lines.all()) == 2


def test_a_parcel_handed_over_while_its_cancellation_arrives_has_left_or_is_stopped_and_never_both(order, red):
    fulfilment.pack(**of(order))
    stop = partial(orders.stop, code="cancel_after_packing", **of(order, SHOP))
    go = partial(fulfilment.hand_over, **of(order))

    ends = queued_up("orders_order", [order.pk], [stop, go])

    assert sum(isinstance(end, MoveNotPossible) for end in ends) == 1
    left = status(order) == "in_transit"
    assert (status(order), Shipment.objects.get().state) == (
        ("in_transit", "handed_over") if left else ("on_hold", "packed")
    )
    assert (figure(red), held(order)) == (((3, 0), 0) if left else ((5, 2), 2))
    assert_books_add_up([order.seller_id])


def test_a_parcel_unpacked_and_handed_over_at_once_does_one_of_both(order, red):
    fulfilment.pack(**of(order))
    deeds = [partial(fulfilment.unpack, **of(order)), partial(fulfilment.hand_over, **of(order))]
    ends = queued_up("orders_order", [order.pk], deeds)

    assert sum(isinstance(end, Exception) for end in ends) == 1
    assert (status(order), Shipment.objects.get().state) in {("in_transit", "handed_over"), ("rfp", "void")}
    assert figure(red) in {(3, 0), (5, 2)}


def test_a_parcel_of_the_store_read_by_four_at_once_is_one(order):
    orders.mark_ready(**of(order))
    seen = [ParcelDraft(remote_id="D-1", carrier="0006", tracking_number="601", state="ready")]
    note = partial(fulfilment.note_remote, parcels_seen=seen, **of(order, SHOP))
    queued_up("orders_order", [order.pk], [note] * 4)
    assert Shipment.objects.count() == 1


def test_goods_that_two_people_receive_at_once_go_on_the_shelf_once(order, red):
    for verb in (fulfilment.pack, fulfilment.hand_over, fulfilment.deliver, orders.ask_return):
        verb(**of(order))
    lines = {order.lines.get().pk: (2, 0)}
    ends = queued_up("orders_order", [order.pk], [partial(orders.receive_return, lines=lines, **of(order))] * 2)

    assert sum(isinstance(end, MoveNotPossible | ReturnInvalid) for end in ends) == 1
    assert (figure(red), status(order)) == ((5, 0), "returned")
    assert_books_add_up([order.seller_id])


def test_the_twin_that_reads_before_it_locks_puts_them_there_twice(order, red, monkeypatch):
    """The guard is the lock on the order: with it taken away, both count the same two pieces."""
    for verb in (fulfilment.pack, fulfilment.hand_over, fulfilment.deliver, orders.ask_return):
        verb(**of(order))
    lines = {order.lines.get().pk: (1, 0)}
    stale = Order.objects.get(pk=order.pk)
    rows = list(order.lines.all())
    monkeypatch.setattr("entrepot.orders.services.returns.locked_one", lambda _seller, _order: stale)
    monkeypatch.setattr("entrepot.orders.services.returns.lines_of", lambda _seller, _orders: {order.pk: rows})
    monkeypatch.setattr("entrepot.orders.services.returns.take", lambda *_turns, **_words: None)
    for _ in range(2):
        orders.receive_return(lines=lines, **of(order))
        rows[0].returned = 0
    assert figure(red)[0] == 5
    assert order.lines.get().returned == 1
