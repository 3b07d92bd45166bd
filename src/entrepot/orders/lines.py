"""What an order's lines want of the stock, and what they got."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entrepot.inventory.services import Want, settle
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Covered:
    """How an order stands: lines without an item, and what is missing, `[[sku, quantity], …]`."""

    unmatched: int
    short: Sequence[tuple[str, int]]

    @property
    def ending(self) -> str:
        """The ending of a move's name that fits."""
        if self.unmatched:
            return "_on_hold"
        return "_short" if self.short else ""


def open_quantity(line: OrderLine) -> int:
    """What of a line still waits to leave."""
    return line.quantity - line.canceled - line.shipped


def lines_of(seller_id: int, order_ids: Iterable[int]) -> dict[int, list[OrderLine]]:
    """The lines of these orders, in their order."""
    found: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    rows = OrderLine.objects.filter(order__seller_id=seller_id, order_id__in=list(found))
    for line in rows.order_by("order_id", "position"):
        found[line.order_id].append(line)
    return found


def references(seller_id: int, order_ids: Iterable[int]) -> list[str]:
    """The names under which these orders hold stock."""
    return [line.reference for lines in lines_of(seller_id, order_ids).values() for line in lines]


def cover(
    seller_id: int, orders: Sequence[Order], *, actor: Actor, gone: Sequence[str] = (), reason: str = ""
) -> dict[int, Covered]:
    """Settle what these locked orders hold, oldest first, and tell how each stands. `gone` give everything back."""
    lines = lines_of(seller_id, [order.pk for order in orders])
    wants = [
        Want(line.reference, line.item_id, open_quantity(line))
        for order in sorted(orders, key=lambda order: (order.placed_at, order.pk))
        for line in lines[order.pk]
        if line.item_id is not None and open_quantity(line) > 0
    ]
    names = [*gone, *(line.reference for order in orders for line in lines[order.pk])]
    held = settle(seller_id=seller_id, wants=wants, references=names, actor=actor, reason=reason)
    return {order.pk: covered(lines[order.pk], held) for order in orders}


def covered(lines: Iterable[OrderLine], held: dict[str, int]) -> Covered:
    """How an order with these lines stands when each reference holds that much."""
    unmatched = 0
    short = []
    for line in lines:
        wanted = open_quantity(line)
        if wanted > 0 and line.item_id is None:
            unmatched += 1
        elif (missing := wanted - held.get(line.reference, 0)) > 0:
            short.append((line.sku, missing))
    return Covered(unmatched, short)
