"""Which orders a warehouse works for, or would."""

from collections.abc import Mapping, Sequence

from entrepot.catalog.rows import fetch
from entrepot.inventory.models import Warehouse
from entrepot.warehouse.models import WorkOrder
from entrepot.warehouse.work import OVER

TO_FOLLOW = """
SELECT o.id FROM orders_order o WHERE o.seller_id = %s AND o.status = 'rfp' AND EXISTS (
    SELECT 1 FROM orders_orderline l JOIN inventory_reservation r ON r.reference = 'line:' || l.id
    WHERE l.order_id = o.id AND r.seller_id = o.seller_id AND r.warehouse_id = %s)
UNION
SELECT k.order_id FROM warehouse_workorder k
WHERE k.seller_id = %s AND k.warehouse_id = %s AND k.state NOT IN ('recalled', 'handed_over')
ORDER BY 1
"""
HOLDING = """
SELECT DISTINCT r.warehouse_id FROM orders_orderline l
JOIN inventory_reservation r ON r.reference = 'line:' || l.id AND r.seller_id = %s WHERE l.order_id = %s
"""


def to_follow(*, seller_id: int, warehouse_id: int) -> list[int]:
    """Orders released to a warehouse, worked on there or not, in the order in which they are locked."""
    return [row[0] for row in fetch(TO_FOLLOW, [seller_id, warehouse_id, seller_id, warehouse_id])]


def houses_of(*, seller_id: int, order_id: int) -> set[int]:
    """The warehouses that hold something for an order."""
    return {row[0] for row in fetch(HOLDING, [seller_id, order_id])}


def open_work(*, seller_id: int, order_id: int) -> Sequence[WorkOrder]:
    """What warehouses have to do for an order and have not ended, with each one's warehouse."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, order_id=order_id).exclude(state__in=OVER)
    return list(rows.select_related("warehouse").order_by("warehouse_id"))


def modes(*, seller_id: int, warehouse_ids: Sequence[int]) -> Mapping[int, str]:
    """Who picks and packs in these warehouses."""
    rows = Warehouse.objects.filter(seller_id=seller_id, pk__in=warehouse_ids)
    return dict(rows.values_list("pk", "mode"))
