"""What the verbs of a warehouse's work share: locked rows, steps along their flows, numbers, places.

Lock order (docs/locks.md): a paper's number, orders by id, stock, then work rows, which only the holder of the lock of
their order writes, then pick lists and waves by id.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Final

from entrepot.catalog.models import Item
from entrepot.catalog.queries import kept_ids
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.port import Release, releases
from entrepot.kernel.actor import Actor
from entrepot.kernel.flow import MoveRefused
from entrepot.orders.flow import RFP
from entrepot.orders.life import Event, write_events
from entrepot.orders.models import Order
from entrepot.warehouse.flow import WORK_FLOW
from entrepot.warehouse.models import WorkLine, WorkOrder
from entrepot.warehouse.work_errors import WorkClosed, WorkNotFound

State = WorkOrder.State
OVER: Final = frozenset({State.HANDED_OVER, State.RECALLED})


def work_of(seller_id: int, work_id: int) -> WorkOrder:
    """One order's work.

    Raises:
        WorkNotFound: There is none of this seller.
    """
    found = WorkOrder.objects.filter(seller_id=seller_id, pk=work_id).first()
    if found is None:
        raise WorkNotFound(work_id=work_id)
    return found


def living(order: Order) -> list[WorkOrder]:
    """The work of a locked order that is not over, in the order of its warehouses."""
    rows = WorkOrder.objects.filter(seller_id=order.seller_id, order=order).exclude(state__in=OVER)
    return list(rows.order_by("warehouse_id"))


def lines_of(work: WorkOrder) -> list[WorkLine]:
    """The lines of a work order in the order of the order's lines."""
    rows = WorkLine.objects.filter(work__seller_id=work.seller_id, work=work).select_related("item", "order_line")
    return list(rows.order_by("order_line__position", "item__sku"))


def fits(work: WorkOrder, message: Release | None) -> bool:
    """Whether work is for the very goods that its warehouse is asked for now."""
    wanted = {(line.order_line_id, line.item_id): line.quantity - line.short for line in lines_of(work)}
    asked = message.lines if message else ()
    return {key: quantity for key, quantity in wanted.items() if quantity} == {
        (line.line_id, line.item_id): line.quantity for line in asked
    }


def is_stale(order: Order, *works: WorkOrder) -> bool:
    """Whether a locked order was recalled, changed and released again: `follow` has yet to begin its work anew."""
    if order.status != RFP:
        return False
    asked = {message.warehouse_id: message for message in releases(order)}
    return any(not fits(work, asked.get(work.warehouse_id)) for work in works)


def step(
    work: WorkOrder,
    order: Order,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Take work one step along its flow and write it into the order's story. The order is locked.

    Raises:
        WorkClosed: The step does not start where the work stands.
    """
    try:
        work.state = WORK_FLOW.target(name, work.state)
    except MoveRefused as refused:
        raise WorkClosed(str(refused), number=work.number, state=State(work.state).label) from refused
    work.save(update_fields=["state", "recall_reason", "updated_at"])
    told = {"warehouse": work.warehouse_id, **(facts or {})}
    write_events([Event(order.pk, f"work.{name}", order.status, order.status, told)], actor=actor, now=now)


def meaning(seller_id: int, scanned: str) -> Callable[[Item], bool]:
    """Whether a scanner, or a person, means an item: its barcode or its SKU, whatever the case.

    Those of items that were merged into it count too: their labels are still on the pieces.
    """
    code = scanned.strip()
    folded = code.casefold()

    @cache
    def kept() -> frozenset[int]:
        return kept_ids(seller_id=seller_id, code=code)

    def means(item: Item) -> bool:
        return bool(code) and (folded in {item.barcode.casefold(), item.sku.casefold()} or item.pk in kept())

    return means


def parcel_of(order: Order, work: WorkOrder) -> Shipment | None:
    """The order's parcel that holds this work's goods and is on no other packing table."""
    mine = {line.order_line_id for line in lines_of(work)}
    rows = Shipment.objects.filter(seller_id=order.seller_id, order=order, state=Shipment.State.PACKED)
    standing = list(rows.filter(pack__isnull=True).order_by("pk").prefetch_related("lines"))
    for one in standing:
        if {line.order_line_id for line in one.lines.all()} <= mine:
            return one
    return standing[0] if standing else None
