"""When an order is picked: once everything of it is off the shelves, in all its warehouses."""

from datetime import datetime

from entrepot.fulfilment import port
from entrepot.fulfilment.queries import left_to_pack
from entrepot.inventory.parts import recipes
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Order
from entrepot.warehouse.models import WorkOrder
from entrepot.warehouse.work import State, is_stale, lines_of, living, step


def finish_work(work: WorkOrder, order: Order, *, actor: Actor, now: datetime) -> None:
    """Work of which everything is off the shelf is Picked; once all work of its order is, the desk is told."""
    lines = lines_of(work)
    if any(line.quantity > line.picked + line.short for line in lines) or not any(line.picked for line in lines):
        return
    step(work, order, "pick", actor=actor, now=now, facts={"pieces": sum(line.picked for line in lines)})
    report_picked(order, actor=actor, now=now)


def report_picked(order: Order, *, actor: Actor, now: datetime) -> None:
    """Tell the desk that an order is picked, once all its warehouses have; a parcel for each of them."""
    standing = living(order)
    if any(work.state not in {State.PICKED, State.PACKED} for work in standing) or is_stale(order, *standing):
        return
    for work in standing:
        if left_to_pack(seller_id=order.seller_id, order_id=order.pk):
            parcel = None if work is standing[-1] else whole_lines(work)
            if parcel is None or parcel:
                message = port.Picked(order_id=order.pk, quantities=parcel)
                port.apply(seller_id=order.seller_id, message=message, actor=actor, now=now)
    order.refresh_from_db(fields=["status", "version"])


def whole_lines(work: WorkOrder) -> dict[int, int]:
    """How much of which line of the order this work holds, whole kits only."""
    lines = lines_of(work)
    wanted = {line.order_line.item_id for line in lines if line.order_line.item_id is not None}
    known = recipes(work.seller_id, wanted)
    picked: dict[int, dict[int, int]] = {}
    for line in lines:
        picked.setdefault(line.order_line_id, {})[line.item_id] = line.picked
    items = {line.order_line_id: line.order_line.item_id for line in lines}
    whole = {
        line_id: min(parts.get(item_id, 0) // each for item_id, each in known[items[line_id] or 0].items())
        for line_id, parts in picked.items()
    }
    return {line_id: quantity for line_id, quantity in whole.items() if quantity}
