"""What holds an order for a cancellation is not forgotten because somebody presses Hold."""

import pytest

from entrepot.fulfilment import services as fulfilment
from entrepot.orders import services as orders
from entrepot.orders.errors import CancellationUndecided
from entrepot.orders.holds import CANCEL_AFTER_PACKING, CANCEL_ASKED_PARTLY, CANCELED_AFTER_PACKING
from entrepot.orders.models import Order, OrderEvent
from tests.books import MINA, SHOP, draft, line, make_items, place_one


@pytest.mark.parametrize("code", [CANCEL_AFTER_PACKING, CANCELED_AFTER_PACKING])
def test_a_stopped_parcel_cannot_be_held_for_something_else_and_then_sent_on(channel, code):
    """Held for a person's own reason, nothing would stop the next one from letting it go."""
    item = make_items(channel.seller, RED=5)["RED"]
    order = place_one(channel, draft("1", line(item, 2)))
    who = {"seller_id": channel.seller_id, "order_id": order.pk}
    orders.release_to_warehouse(actor=MINA, **who)
    fulfilment.pack(actor=MINA, **who)
    orders.stop(code=code, actor=SHOP, **who)
    told = OrderEvent.objects.filter(order=order).count()

    with pytest.raises(CancellationUndecided):
        orders.hold(code="person", actor=MINA, **who)

    order = Order.objects.get(pk=order.pk)
    assert (order.status, order.hold_code, order.held_from) == ("on_hold", code, "ready_to_ship")
    assert OrderEvent.objects.filter(order=order).count() == told
    with pytest.raises(CancellationUndecided):
        orders.unhold(actor=MINA, **who)


def test_a_wish_about_some_lines_stands_until_it_is_decided_and_the_store_may_say_more(channel):
    item = make_items(channel.seller, RED=5)["RED"]
    order = place_one(channel, draft("1", line(item, 2)))
    who = {"seller_id": channel.seller_id, "order_id": order.pk}
    orders.hold(code=CANCEL_ASKED_PARTLY, actor=SHOP, **who)

    with pytest.raises(CancellationUndecided):
        orders.hold(code="person", actor=MINA, **who)
    assert Order.objects.get(pk=order.pk).hold_code == CANCEL_ASKED_PARTLY

    assert orders.hold(code="held_in_store", actor=SHOP, **who)
    assert Order.objects.get(pk=order.pk).hold_code == "held_in_store"
