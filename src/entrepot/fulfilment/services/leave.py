"""The carrier takes the parcels, and the buyer gets them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.fulfilment import parcels
from entrepot.fulfilment.errors import PartNotPacked
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.queries import left_to_pack
from entrepot.fulfilment.together import check_ready, locked_group
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order, Status

State = Shipment.State
_STEP = {Status.IN_TRANSIT: "hand_over", Status.COMPLETE: "deliver"}


@transaction.atomic
def hand_over(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """The carrier has all parcels of an order: its stock leaves; False when it had left already.

    An order without parcels (it is picked up) leaves all the same. What a store reports is taken as it is. Orders that
    share a parcel leave together.

    Raises:
        PartNotPacked: Some of it is in no parcel yet.
        GroupNotReady: It shares its parcel with an order that is not Ready to Ship.
        MoveNotPossible: It is not Ready to Ship.
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    members = [] if actor.kind == "store" else locked_group(seller_id, order_id)
    if members and members[0].status == Status.READY_TO_SHIP:
        check_ready(members)
        moved = [_hand_over(seller_id, one.pk, actor, at) for one in members]
        return moved[0]
    return _hand_over(seller_id, order_id, actor, at)


def _hand_over(seller_id: int, order_id: int, actor: Actor, at: datetime) -> bool:
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
    """Bring parcels to where their order stands: one of what is in none, and all of them handed over or delivered.

    For orders that were moved along without the packing table (many at once, by the API). Tells the living parcels.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    order = locked_one(seller_id, order_id)
    standing = parcels.living(order)
    if order.status in {Status.READY_TO_SHIP, *_STEP} and (rest := _in_no_parcel(order, standing)):
        standing.append(parcels.make(order, rest, {}, actor=actor, now=at))
    if step := _STEP.get(Status(order.status)):
        behind = [one for one in standing if one.state == State.PACKED or step == "deliver"]
        parcels.move(behind, order, step, actor=actor, now=at)
    return standing


def _in_no_parcel(order: Order, standing: list[Shipment]) -> dict[int, int]:
    if order.status == Status.READY_TO_SHIP:
        return dict(left_to_pack(seller_id=order.seller_id, order_id=order.pk))
    inside: dict[int, int] = {}
    for content in parcels.lines_in(standing).values():
        for line_id, quantity in content.items():
            inside[line_id] = inside.get(line_id, 0) + quantity
    lines = order.lines.filter(order__seller_id=order.seller_id).order_by("position")
    rest = {line.pk: line.quantity - line.canceled - inside.get(line.pk, 0) for line in lines}
    return {line_id: quantity for line_id, quantity in rest.items() if quantity > 0}
