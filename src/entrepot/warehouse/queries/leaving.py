"""The packing table, manifests and returns: the manager's lists."""

from collections.abc import Sequence

from django.db.models import Count as HowMany
from django.db.models import F, QuerySet, Sum

from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.orders.flow import LEFT
from entrepot.orders.models import Order, OrderLine
from entrepot.warehouse.models import Manifest, ManifestLine, Pack, Return, ReturnLine
from entrepot.warehouse.work_errors import ManifestNotFound, ReturnNotFound


def packs(
    *,
    seller_id: int,
    warehouse_id: int,
    search: str = "",
    channel_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Pack]:
    """Parcels closed at the packing table, newest first."""
    rows = Pack.objects.filter(seller_id=seller_id, work__warehouse_id=warehouse_id)
    if search:
        text = search.strip()
        rows = rows.filter(work__number__icontains=text) | rows.filter(shipment__tracking_number=text)
    if channel_ids is not None:
        rows = rows.filter(work__order__sales_channel_id__in=channel_ids)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__lt=key[0])
    rows = rows.select_related("work__order", "shipment")
    return page_of(rows.order_by("-pk"), limit=limit, key=lambda row: (row.pk,))


def manifests(
    *, seller_id: int, warehouse_id: int, state: str = "", after: str = "", limit: int = PAGE_SIZE
) -> Page[Manifest]:
    """Manifests, newest first, each with its number of `parcels`."""
    rows = Manifest.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    if state:
        rows = rows.filter(state=state)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__lt=key[0])
    return page_of(rows.annotate(parcels=HowMany("lines")).order_by("-pk"), limit=limit, key=lambda row: (row.pk,))


def manifest_of(*, seller_id: int, manifest_id: int, warehouse_ids: Sequence[int] | None = None) -> Manifest:
    """One manifest with its warehouse.

    Raises:
        ManifestNotFound: There is none, it is another seller's, or the person may not see its warehouse.
    """
    rows = Manifest.objects.filter(seller_id=seller_id, pk=manifest_id).select_related("warehouse")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    found = rows.first()
    if found is None:
        raise ManifestNotFound(manifest_id=manifest_id)
    return found


def manifest_lines(
    *, seller_id: int, manifest_id: int, channel_ids: Sequence[int] | None = None
) -> Sequence[ManifestLine]:
    """What was scanned onto a manifest, in the order of the scans; of orders of these stores only."""
    rows = _lines_of(seller_id, manifest_id, channel_ids)
    rows = rows.select_related("shipment__order__sales_channel", "shipment__carrier_ref")
    return list(rows.order_by("pk"))


def manifest_page(
    *,
    seller_id: int,
    manifest_id: int,
    channel_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> tuple[Page[ManifestLine], int]:
    """The same as a page, the last scanned first, and how many there are."""
    rows = _lines_of(seller_id, manifest_id, channel_ids)
    shown = rows.filter(pk__lt=key[0]) if (key := read_bookmark(after, int)) else rows
    page = shown.select_related("shipment__order").order_by("-pk")
    return page_of(page, limit=limit, key=lambda row: (row.pk,)), rows.count()


def _lines_of(seller_id: int, manifest_id: int, channel_ids: Sequence[int] | None) -> QuerySet[ManifestLine]:
    rows = ManifestLine.objects.filter(manifest__seller_id=seller_id, manifest_id=manifest_id)
    return rows if channel_ids is None else rows.filter(shipment__order__sales_channel_id__in=channel_ids)


def returns(
    *,
    seller_id: int,
    warehouse_id: int,
    state: str = "",
    search: str = "",
    channel_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Return]:
    """Returns, newest first, each with the `pieces` that came back so far."""
    rows = Return.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    if state:
        rows = rows.filter(state=state)
    if search:
        text = search.strip()
        rows = rows.filter(number__iexact=text) | rows.filter(tracking_number=text) | rows.filter(order__number=text)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__lt=key[0])
    rows = rows.annotate(pieces=Sum("lines__quantity", default=0)).select_related("order")
    return page_of(rows.order_by("-pk"), limit=limit, key=lambda row: (row.pk,))


def return_of(
    *,
    seller_id: int,
    return_id: int,
    warehouse_ids: Sequence[int] | None = None,
    channel_ids: Sequence[int] | None = None,
) -> Return:
    """One return with its order.

    Raises:
        ReturnNotFound: There is none, it is another seller's, or the person may not see its warehouse or store.
    """
    rows = Return.objects.filter(seller_id=seller_id, pk=return_id).select_related("warehouse", "order__sales_channel")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    found = rows.first()
    if found is None:
        raise ReturnNotFound(return_id=return_id)
    return found


def return_lines(*, seller_id: int, return_id: int) -> Sequence[ReturnLine]:
    """What came back, graded."""
    rows = ReturnLine.objects.filter(back__seller_id=seller_id, back_id=return_id)
    return list(rows.select_related("order_line__item", "bin").order_by("order_line__position", "grade"))


def with_the_buyer(*, seller_id: int, order_id: int) -> Sequence[OrderLine]:
    """Lines of which something may still come back; `there` = how much."""
    rows = OrderLine.objects.filter(order__seller_id=seller_id, order_id=order_id).select_related("item")
    return list(
        rows.filter(shipped__gt=F("returned")).annotate(there=F("shipped") - F("returned")).order_by("position")
    )


def orders_numbered(*, seller_id: int, number: str, channel_ids: Sequence[int] | None = None) -> Sequence[Order]:
    """Orders that have left and carry this number, the newest first."""
    rows = Order.objects.filter(seller_id=seller_id, number=number.strip(), status__in=LEFT)
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    return list(rows.select_related("sales_channel").order_by("-pk")[:5])
