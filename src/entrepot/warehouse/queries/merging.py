"""Which open papers of a warehouse name an item."""

from collections.abc import Sequence

from django.db.models import Q, Sum

from entrepot.orders.flow import READY, RFP
from entrepot.warehouse.models import Count, CountLine, Receipt, ReceiptLine, WorkLine, WorkOrder

MANY = 5


def open_receipts(*, seller_id: int, item_id: int) -> Sequence[str]:
    """Numbers of open receipts and transfers that expect it."""
    rows = ReceiptLine.objects.filter(receipt__seller_id=seller_id, receipt__state=Receipt.State.OPEN, item_id=item_id)
    return list(rows.order_by("receipt_id").values_list("receipt__number", flat=True)[:MANY])


def open_counts(*, seller_id: int, item_id: int) -> Sequence[str]:
    """Numbers of open counts with something to be counted or approved of it."""
    rows = CountLine.objects.filter(
        count__seller_id=seller_id,
        count__state__in=[Count.State.COUNTING, Count.State.TO_APPROVE],
        state__in=[CountLine.State.OPEN, CountLine.State.COUNTED],
        item_id=item_id,
    )
    return list(rows.order_by("count_id").values_list("count__number", flat=True).distinct()[:MANY])


def to_put_back(*, seller_id: int, item_id: int) -> tuple[int, Sequence[str]]:
    """How much of it was picked for orders that turned back and lies in no bin again yet, and these orders' numbers."""
    rows = WorkLine.objects.filter(work__seller_id=seller_id, picked__gt=0, item_id=item_id)
    rows = rows.exclude(work__state=WorkOrder.State.HANDED_OVER)
    rows = rows.filter(Q(work__state=WorkOrder.State.RECALLED) | ~Q(work__order__status__in=[RFP, READY]))
    numbers = rows.order_by("work_id").values_list("work__number", flat=True)
    return rows.aggregate(n=Sum("picked"))["n"] or 0, list(dict.fromkeys(numbers))[:MANY]
