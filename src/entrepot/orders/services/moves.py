"""From New to delivered. What the store reports counts as the steps its owner left out here."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from entrepot.inventory.services import ship
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import COMPLETE, IN_TRANSIT, LEFT, READY, RFP, packed
from entrepot.orders.life import Turn, locked_one, take
from entrepot.orders.lines import lines_of
from entrepot.orders.models import Order


@transaction.atomic
def release_to_warehouse(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """Hand a New order to the warehouse; False when it is there already.

    Raises:
        MoveNotPossible: It is not New.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status == RFP:
        return False
    take([Turn(order, "release")], actor=actor, now=now)
    return True


@transaction.atomic
def recall(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> None:
    """Take an order back from the warehouse; it is New again.

    Raises:
        MoveNotPossible: It is not with the warehouse.
        OrderNotFound: There is no such order of this seller.
    """
    take([Turn(locked_one(seller_id, order_id), "recall")], actor=actor, reason=reason, now=now)


@transaction.atomic
def mark_ready(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """The order is packed and waits for the carrier; False when it is so already. From a store also a New one.

    Raises:
        MoveNotPossible: It is not with the warehouse.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status == READY:
        return False
    take([Turn(order, "packed_in_store" if actor.kind == "store" else "pack")], actor=actor, now=now)
    return True


@transaction.atomic
def hand_over(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """The carrier has the parcel: its stock leaves the ledger; False when it has left already.

    From a store also an order that is New or with the warehouse.

    Raises:
        MoveNotPossible: It is not ready to ship.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status == IN_TRANSIT:
        return False
    ready = packed(order)
    take([Turn(order, "shipped_in_store" if actor.kind == "store" else "hand_over")], actor=actor, now=now)
    _let_go(order, actor, picked=ready)
    return True


@transaction.atomic
def complete(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """The buyer has it; False when that was known. From a store also an order that had not left here yet: it leaves.

    Raises:
        MoveNotPossible: It is not in transit.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status == COMPLETE:
        return False
    left, ready = order.status in LEFT, packed(order)
    move = "completed_in_store" if actor.kind == "store" else "complete"
    take([Turn(order, move)], actor=actor, now=now)
    if not left:
        _let_go(order, actor, picked=ready)
    return True


def _let_go(order: Order, actor: Actor, *, picked: bool) -> None:
    lines = lines_of(order.seller_id, [order.pk])[order.pk]
    ship(seller_id=order.seller_id, references=[line.reference for line in lines], actor=actor, picked=picked)
    order.lines.filter(order__seller_id=order.seller_id).update(shipped=F("quantity") - F("canceled"))
