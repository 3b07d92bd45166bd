"""A parcel came back to the door: whose it is, by the number on it."""

from datetime import datetime

from django.db import transaction

from entrepot.fulfilment.models import Shipment
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import LEFT
from entrepot.orders.models import Order
from entrepot.warehouse.models import Return
from entrepot.warehouse.services.returns import expect_return, receive_return
from entrepot.warehouse.work_errors import NothingOut, SeveralOrders, WorkNotFound

State = Return.State


@transaction.atomic
def take_in(*, seller_id: int, warehouse_id: int, scanned: str, actor: Actor, now: datetime | None = None) -> Return:
    """The return that is meant by its number, a tracking number, or the order's number; it is here from now on.

    One that was announced is received; where nobody announced any, it begins. Scanned again, it is the same one.

    Raises:
        NothingOut: The order has not left.
        SeveralOrders: Several orders have this number.
        WorkNotFound: No order has it.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    code = scanned.strip()
    here = Return.objects.filter(
        seller_id=seller_id, warehouse_id=warehouse_id, state__in=[State.EXPECTED, State.RECEIVED]
    )
    named = here.filter(number=code.upper()) | (here.filter(tracking_number=code) if code else here.none())
    found = named.order_by("-pk").first()
    order = None
    if found is None:
        order = _order(seller_id, code)
        found = here.filter(order=order).order_by("-pk").first()
    if found is not None:
        if found.state == State.EXPECTED:
            return receive_return(seller_id=seller_id, return_id=found.pk, actor=actor, now=now)
        return found
    if order is None or order.status not in LEFT:
        raise NothingOut(number=order.number if order else code[:80])
    tracking = code if code != order.number else ""
    return expect_return(
        seller_id=seller_id,
        warehouse_id=warehouse_id,
        order_id=order.pk,
        tracking_number=tracking,
        received=True,
        actor=actor,
        now=now,
    )


def _order(seller_id: int, code: str) -> Order:
    """By the number of a parcel that left, else by its own."""
    if not code:
        raise WorkNotFound(scanned="")
    rows = Shipment.objects.filter(seller_id=seller_id, tracking_number=code).exclude(state=Shipment.State.VOID)
    parcel = rows.select_related("order").order_by("-pk").first()
    if parcel is not None:
        return parcel.order
    named = list(Order.objects.filter(seller_id=seller_id, number=code).order_by("-pk")[:20])
    out = [order for order in named if order.status in LEFT]
    if len(out) > 1:
        raise SeveralOrders(number=code[:80], count=len(out))
    if not named:
        raise WorkNotFound(scanned=code[:80])
    return (out or named)[0]
