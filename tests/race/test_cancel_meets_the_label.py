"""A cancellation and the label, or the carrier's visit, meet at one order: one comes first, and both end as decided."""

from functools import partial

import pytest
from django.db import connection, transaction

from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Carrier, Shipment, Waybill
from entrepot.fulfilment.rules import BY_HAND, Choice
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.label import give_number, make_label
from entrepot.fulfilment.services.waybills import add_range
from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.orders.errors import MoveNotPossible
from entrepot.orders.models import Order
from tests.books import (
    MINA,
    SHOP,
    assert_books_add_up,
    draft,
    figure,
    line,
    make_channel,
    make_items,
    make_seller,
    place_one,
    status,
)
from tests.race.meeting import at_once, queued_up, queued_up_behind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(transactional_db: None) -> Order:
    """Packed: two pieces of five."""
    channel = make_channel(make_seller())
    made = place_one(channel, draft("7", line(make_items(channel.seller, RED=5)["RED"], 2)))
    orders.release_to_warehouse(seller_id=made.seller_id, order_id=made.pk, actor=MINA)
    fulfilment.pack(seller_id=made.seller_id, order_id=made.pk, actor=MINA)
    return made


@pytest.fixture
def carrier(order: Order) -> Carrier:
    who = {"seller_id": order.seller_id, "actor": MINA}
    made = add_carrier(kind="cj", **who)
    add_range(carrier_id=made.pk, first="640000000001", last="640000000009", **who)
    return made


def of(order: Order, actor=MINA) -> dict[str, object]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": actor}


def stop(order: Order) -> partial[bool]:
    return partial(orders.stop, code="cancel_after_packing", **of(order, SHOP))


def label(order: Order, carrier: Carrier) -> None:
    """Number and label, as they are made when the store has accepted Ready to Ship."""
    parcel = Shipment.objects.get(order=order, state="packed").pk
    who = {"seller_id": order.seller_id, "shipment_id": parcel, "actor": MINA}
    give_number(choice=Choice(carrier, BY_HAND), **who)
    make_label(**who)


@pytest.mark.parametrize("first", ["cancel", "label"])
def test_a_parcel_labelled_while_its_cancellation_arrives_has_one_number_and_stays(order, carrier, first):
    deeds = [stop(order), partial(label, order, carrier)]

    ends = queued_up("orders_order", [order.pk], deeds if first == "cancel" else deeds[::-1])

    assert [end for end in ends if isinstance(end, Exception)] == []
    parcel = Shipment.objects.get()
    assert (status(order), parcel.state, parcel.tracking_number) == ("on_hold", "packed", "640000000001")
    assert list(Waybill.objects.values_list("number", "shipment_id")) == [("640000000001", parcel.pk)]
    with pytest.raises(MoveNotPossible):
        fulfilment.hand_over(**of(order))
    assert_books_add_up([order.seller_id])


@pytest.mark.parametrize("first", ["unpack", "label"])
def test_a_parcel_labelled_while_it_is_unpacked_is_void_and_its_number_is_never_given_again(order, carrier, first):
    unpack = partial(fulfilment.unpack, **of(order))
    deeds = [unpack, partial(label, order, carrier)]
    stop(order)()

    at_once(deeds if first == "unpack" else deeds[::-1])

    assert (status(order), Shipment.objects.get().state) == ("cancel_in_process", "void")
    orders.keep(**of(order))
    orders.release_to_warehouse(**of(order))
    fulfilment.pack(**of(order))
    label(order, carrier)
    given = list(Waybill.objects.order_by("number").values_list("number", flat=True))
    living = Shipment.objects.get(state="packed").tracking_number
    assert (len(given), len(set(given)), living) == (len(given), len(given), given[-1])
    assert Shipment.objects.filter(tracking_number=living).count() == 1
    assert_books_add_up([order.seller_id])


@pytest.mark.parametrize("first", ["cancel", "leave"])
def test_whoever_comes_first_wins_and_the_other_is_told(order, first):
    cancel, leave = stop(order), partial(fulfilment.hand_over, **of(order))
    obstacle, deed = (cancel, leave) if first == "cancel" else (leave, cancel)

    [end] = queued_up_behind(obstacle, [deed], keep=True)

    assert isinstance(end, MoveNotPossible)
    red = order.lines.get().item_id
    expected = ("on_hold", (5, 2)) if first == "cancel" else ("in_transit", (3, 0))
    assert (status(order), figure(red)) == expected
    assert_books_add_up([order.seller_id])


def test_the_twin_that_looks_at_the_status_before_it_locks_sends_a_canceled_parcel(order):
    """Why `hand_over` locks first: this one does not, and what the buyer canceled is with the carrier."""

    def twin() -> None:
        with transaction.atomic():
            ready = Order.objects.get(pk=order.pk).status == "ready_to_ship"
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM orders_order WHERE id = %s FOR UPDATE", [order.pk])
            if ready:
                references = [one.reference for one in order.lines.all()]
                inventory.ship(seller_id=order.seller_id, references=references, actor=MINA)

    ends = queued_up_behind(stop(order), [twin], keep=True)

    assert [end for end in ends if isinstance(end, Exception)] == []
    red = order.lines.get().item_id
    assert (status(order), figure(red)) == ("on_hold", (3, 0))  # stopped, and gone all the same
