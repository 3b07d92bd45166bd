"""From New to delivered, and back. What the store reports counts as the steps its owner left out here."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from entrepot.inventory.services import restock, ship
from entrepot.kernel.actor import Actor
from entrepot.orders.errors import ReturnInvalid
from entrepot.orders.flow import COMPLETE, IN_TRANSIT, LEFT, READY, RFP
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
    take([Turn(order, "shipped_in_store" if actor.kind == "store" else "hand_over")], actor=actor, now=now)
    _let_go(order, actor)
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
    left = order.status in LEFT
    move = "completed_in_store" if actor.kind == "store" else "complete"
    take([Turn(order, move)], actor=actor, now=now)
    if not left:
        _let_go(order, actor)
    return True


@transaction.atomic
def ask_return(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> None:
    """The buyer sends it back.

    Raises:
        MoveNotPossible: It has not left.
        OrderNotFound: There is no such order of this seller.
    """
    take([Turn(locked_one(seller_id, order_id), "ask_return")], actor=actor, reason=reason, now=now)


@transaction.atomic
def withdraw_return(
    *, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None
) -> None:
    """The buyer keeps it after all.

    Raises:
        MoveNotPossible: No return is in process.
        OrderNotFound: There is no such order of this seller.
    """
    take([Turn(locked_one(seller_id, order_id), "withdraw_return")], actor=actor, reason=reason, now=now)


@transaction.atomic
def take_return(
    *,
    seller_id: int,
    order_id: int,
    good: Mapping[int, int],
    actor: Actor,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """The parcel is back: `{line_id: quantity}` goes on the shelf again, the rest is scrapped.

    Raises:
        ReturnInvalid: More of a line comes back than was shipped.
        MoveNotPossible: No return is in process.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    quantities = _coming_back(order, good)
    told = {"good": {str(line_id): quantity for line_id, quantity in good.items()}}
    take([Turn(order, "take_return", told)], actor=actor, reason=reason, now=now)
    if quantities:
        restock(seller_id=seller_id, quantities=quantities, reference=f"order:{order_id}", actor=actor)


def _coming_back(order: Order, good: Mapping[int, int]) -> dict[int, int]:
    """What goes on the shelf, by item."""
    lines = {line.pk: line for line in lines_of(order.seller_id, [order.pk])[order.pk]}
    quantities: dict[int, int] = {}
    for line_id, quantity in good.items():
        line = lines.get(line_id)
        sku, shipped = (line.sku, line.shipped) if line else (f"line {line_id}", 0)
        if line is None or line.item_id is None or not 0 <= quantity <= shipped:
            raise ReturnInvalid(field="quantity", reason="", quantity=quantity, sku=sku, shipped=shipped)
        if quantity:
            quantities[line.item_id] = quantities.get(line.item_id, 0) + quantity
    return quantities


def _let_go(order: Order, actor: Actor) -> None:
    lines = lines_of(order.seller_id, [order.pk])[order.pk]
    ship(seller_id=order.seller_id, references=[line.reference for line in lines], actor=actor)
    order.lines.filter(order__seller_id=order.seller_id).update(shipped=F("quantity") - F("canceled"))
