"""What comes back: asked for, received piece by piece, put on the shelf again or scrapped."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.inventory.services import restock
from entrepot.kernel.actor import Actor
from entrepot.orders.claims import outstanding
from entrepot.orders.errors import MoveNotPossible, ReturnInvalid
from entrepot.orders.flow import RETURN_IN_PROCESS
from entrepot.orders.life import Event, Turn, locked_one, take, write_events
from entrepot.orders.lines import lines_of
from entrepot.orders.models import OrderLine


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
def receive_return(
    *,
    seller_id: int,
    order_id: int,
    lines: Mapping[int, tuple[int, int]],
    actor: Actor,
    reason: str = "",
    warehouse_id: int | None = None,
    now: datetime | None = None,
) -> str:
    """Goods are back, `{line id: (restocked, scrapped)}`: the first go on the shelf again, the others do not.

    The shelf is in the warehouse named, else in the default one.

    Tells the order's status: Returned when all that was shipped has come back; Complete when the rest stays with the
    buyer; still in process while its store names more that is on its way. What was received is counted once.

    Raises:
        ReturnInvalid: More of a line comes back than is with the buyer, or nothing at all.
        MoveNotPossible: No return is in process.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status != RETURN_IN_PROCESS:
        raise MoveNotPossible(move="take_return", status=order.get_status_display(), order_id=order.pk)
    known = {line.pk: line for line in lines_of(seller_id, [order_id])[order_id]}
    shelf = _coming_back(known, lines)
    _count(known, lines)
    told = {"restocked": _facts(known, lines, 0), "scrapped": _facts(known, lines, 1)}
    if outstanding(order, list(known.values())):
        facts = told | ({"reason": reason} if reason else {})
        event = Event(order.pk, "order.return_received", order.status, order.status, facts)
        write_events([event], actor=actor, now=now or timezone.now())
    else:
        everything = all(line.returned >= line.shipped for line in known.values())
        take(
            [Turn(order, "take_return" if everything else "take_part_return", told)],
            actor=actor,
            reason=reason,
            now=now,
        )
    if shelf:
        name = f"order:{order_id}"
        restock(seller_id=seller_id, quantities=shelf, reference=name, actor=actor, warehouse_id=warehouse_id)
    return order.status


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
    """All of it is back: `{line_id: quantity}` goes on the shelf again, the rest is scrapped. See `receive_return`.

    Raises:
        ReturnInvalid: More of a line comes back than was shipped.
        MoveNotPossible: No return is in process.
        OrderNotFound: There is no such order of this seller.
    """
    rows = OrderLine.objects.filter(order__seller_id=seller_id, order_id=order_id)
    left = {line.pk: line.shipped - line.returned for line in rows}
    whole = {line_id: (good.get(line_id, 0), left[line_id] - good.get(line_id, 0)) for line_id in left}
    strange = {line_id: (quantity, 0) for line_id, quantity in good.items() if line_id not in left}
    receive_return(seller_id=seller_id, order_id=order_id, lines=whole | strange, actor=actor, reason=reason, now=now)


def _coming_back(known: Mapping[int, OrderLine], lines: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    """What goes on the shelf, by item."""
    shelf: dict[int, int] = {}
    for line_id, (good, bad) in lines.items():
        line = known.get(line_id)
        sku, left = (line.sku, line.shipped - line.returned) if line else (f"line {line_id}", 0)
        impossible = good < 0 or bad < 0 or good + bad > left
        if line is None or impossible or (good and line.item_id is None):
            raise ReturnInvalid(field="quantity", reason="", quantity=good + bad, sku=sku, shipped=left)
        if good and line.item_id is not None:
            shelf[line.item_id] = shelf.get(line.item_id, 0) + good
    if not any(good or bad for good, bad in lines.values()):
        raise ReturnInvalid(field="quantity", reason="", quantity=0, sku="", shipped=0)
    return shelf


def _count(known: Mapping[int, OrderLine], lines: Mapping[int, tuple[int, int]]) -> None:
    for line_id, (good, bad) in lines.items():
        if good or bad:
            known[line_id].returned += good + bad
            known[line_id].save(update_fields=["returned"])


def _facts(known: Mapping[int, OrderLine], lines: Mapping[int, tuple[int, int]], part: int) -> list[tuple[str, int]]:
    return [(known[line_id].sku, pair[part]) for line_id, pair in lines.items() if pair[part]]


@transaction.atomic
def return_is_over(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """Whether no return is in process any more: none that its store names is still to come, so the order is over.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status != RETURN_IN_PROCESS:
        return False
    lines = lines_of(seller_id, [order_id])[order_id]
    if outstanding(order, lines):
        return False
    back = sum(line.returned for line in lines)
    everything = back and all(line.returned >= line.shipped for line in lines)
    move = "take_return" if everything else "take_part_return" if back else "withdraw_return"
    take([Turn(order, move)], actor=actor, now=now)
    return True
