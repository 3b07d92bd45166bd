"""The carrier takes the parcels, and the buyer gets them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.fulfilment import parcels
from entrepot.fulfilment.errors import PartNotPacked
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.queries import left_to_pack
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order, Status

State = Shipment.State
_STEP = {Status.IN_TRANSIT: "hand_over", Status.COMPLETE: "deliver"}


@transaction.atomic
def hand_over(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """The carrier has all parcels of an order: its stock leaves; False when it had left already.

    An order without parcels (it is picked up) leaves all the same. What a store reports is taken as it is.

    Raises:
        PartNotPacked: Some of it is in no parcel yet.
        MoveNotPossible: It is not Ready to Ship.
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    order = locked_one(seller_id, order_id)
    standing = parcels.living(order)
    left = left_to_pack(seller_id=seller_id, order_id=order_id) if standing and actor.kind != "store" else {}
    if left and order.status == Status.READY_TO_SHIP:
        raise PartNotPacked(number=order.number, left=sum(left.values()))
    moved = orders.hand_over(seller_id=seller_id, order_id=order_id, actor=actor, now=at)
    order.refresh_from_db(fields=["status", "version"])
    parcels.move([one for one in standing if one.state == State.PACKED], order, "hand_over", actor=actor, now=at)
    return moved


@transaction.atomic
def deliver(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """The buyer has all parcels; False when that was known.

    Raises:
        MoveNotPossible: It is not in transit.
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    order = locked_one(seller_id, order_id)
    moved = orders.complete(seller_id=seller_id, order_id=order_id, actor=actor, now=at)
    order.refresh_from_db(fields=["status", "version"])
    parcels.move(parcels.living(order), order, "deliver", actor=actor, now=at)
    return moved


@transaction.atomic
def catch_up(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> list[Shipment]:
    """Bring parcels to where their order stands: one of everything where it has none, and handed over or delivered.

    For orders that were moved along without the packing table (many at once, by the API). Tells the living parcels.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    order = locked_one(seller_id, order_id)
    standing = parcels.living(order)
    if not standing and order.status in {Status.READY_TO_SHIP, *_STEP} and (everything := _everything(order)):
        standing = [parcels.make(order, everything, {}, actor=actor, now=at)]
    if step := _STEP.get(Status(order.status)):
        behind = [one for one in standing if one.state == State.PACKED or step == "deliver"]
        parcels.move(behind, order, step, actor=actor, now=at)
    return standing


def _everything(order: Order) -> dict[int, int]:
    lines = order.lines.filter(order__seller_id=order.seller_id).order_by("position")
    return {line.pk: line.quantity - line.canceled for line in lines if line.quantity > line.canceled}
