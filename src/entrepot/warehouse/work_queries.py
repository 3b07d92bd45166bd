"""Questions about a warehouse's work."""

from entrepot.fulfilment.models import Shipment
from entrepot.kernel.page import Page, page_of, read_bookmark
from entrepot.warehouse.models import WorkOrder


def work_page(
    *, seller_id: int, warehouse_id: int | None = None, state: str = "", after: str = "", limit: int = 50
) -> Page[WorkOrder]:
    """Released orders with their lines and parcels, the oldest first."""
    rows = WorkOrder.objects.filter(seller_id=seller_id).select_related("order")
    if warehouse_id is not None:
        rows = rows.filter(warehouse_id=warehouse_id)
    if state:
        rows = rows.filter(state=state)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__gt=key[0])
    rows = rows.prefetch_related("lines__item", "order__shipments")
    return page_of(rows.order_by("pk"), limit=limit, key=lambda row: (row.pk,))


def parcels_of(work: WorkOrder) -> list[Shipment]:
    """The parcels of its order that are not void, from what `work_page` has read."""
    return [one for one in work.order.shipments.all() if one.state != Shipment.State.VOID]
