"""Questions about stock figures and the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from entrepot.catalog.models import Item
from entrepot.inventory.errors import WarehouseNotFound
from entrepot.inventory.models import Movement, Reservation, Stock, Warehouse
from entrepot.inventory.services.figures import available
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark


@dataclass(frozen=True, slots=True)
class Figures:
    """What there is of one item, over all warehouses. A kit has no on hand of its own, only what its parts allow."""

    on_hand: int = 0
    reserved: int = 0
    incoming: int = 0
    available: int = 0


def _sum_of(field: str, warehouse_ids: Sequence[int] | None) -> Coalesce:
    rows = Stock.objects.filter(item=OuterRef("pk")).order_by().values("item")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    return Coalesce(Subquery(rows.annotate(n=Sum(field)).values("n")), Value(0), output_field=IntegerField())


def _with_figures(rows: QuerySet[Item], warehouse_ids: Sequence[int] | None = None) -> QuerySet[Any]:
    annotated = rows.annotate(**{name: _sum_of(name, warehouse_ids) for name in ("on_hand", "reserved", "incoming")})
    return annotated.annotate(available=F("on_hand") - F("reserved"))


def stock_list(
    *,
    seller_id: int,
    search: str = "",
    level: str = "",
    warehouse_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Item]:
    """Countable items by SKU, each with on_hand, reserved, incoming and available (in `warehouse_ids`; None = all).

    `level`: `out` = nothing available, `low` = at or below the item's own mark, `reserved` = something is set aside.
    """
    rows = Item.objects.filter(seller_id=seller_id).exclude(kind=Item.Kind.KIT).select_related("product")
    rows = rows.defer("product__description", "product__attributes", "product__images")  # long, and not shown
    if search:
        rows = rows.filter(sku__icontains=search) | rows.filter(name__icontains=search) | rows.filter(barcode=search)
    counted = _with_figures(rows, warehouse_ids)
    match level:
        case "out":
            counted = counted.filter(available__lte=0)
        case "low":
            counted = counted.filter(available__lte=F("low_stock_at"), available__gt=0)
        case "reserved":
            counted = counted.filter(reserved__gt=0)
    if key := read_bookmark(after, str):
        counted = counted.filter(sku__gt=key[0])
    return page_of(counted.order_by("sku"), limit=limit, key=lambda row: (row.sku,))


def figures(*, seller_id: int, item_ids: Sequence[int]) -> Mapping[int, Figures]:
    """The figures of these items; an item without a stock row has none of anything."""
    rows = (
        Stock.objects.filter(seller_id=seller_id, item_id__in=item_ids)
        .values("item_id")
        .annotate(on_hand_sum=Sum("on_hand"), reserved_sum=Sum("reserved"), incoming_sum=Sum("incoming"))
    )
    there = {row["item_id"]: row for row in rows.order_by("item_id")}
    left = available(seller_id, item_ids)
    return {
        item_id: Figures(
            on_hand=there[item_id]["on_hand_sum"] if item_id in there else 0,
            reserved=there[item_id]["reserved_sum"] if item_id in there else 0,
            incoming=there[item_id]["incoming_sum"] if item_id in there else 0,
            available=left.get(item_id, 0),
        )
        for item_id in item_ids
    }


def stock_by_warehouse(*, seller_id: int, item_id: int, warehouse_ids: Sequence[int] | None = None) -> Sequence[Stock]:
    """The item's stock row in each warehouse."""
    rows = Stock.objects.filter(seller_id=seller_id, item_id=item_id).select_related("warehouse")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    return list(rows.order_by("-warehouse__is_default", "warehouse__code"))


def ledger(
    *,
    seller_id: int,
    item_id: int,
    kind: str = "",
    warehouse_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Movement]:
    """The item's movements, newest first."""
    rows = Movement.objects.filter(seller_id=seller_id, item_id=item_id).select_related("warehouse")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    if kind:
        rows = rows.filter(kind=kind)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def set_aside(*, seller_id: int, references: Sequence[str]) -> Mapping[str, int]:
    """How much is reserved under each reference."""
    rows = Reservation.objects.filter(seller_id=seller_id, reference__in=references)
    return {row["reference"]: row["total"] for row in rows.values("reference").annotate(total=Sum("quantity"))}


def reservations_of(
    *, seller_id: int, item_id: int, warehouse_ids: Sequence[int] | None = None, limit: int = 20
) -> Sequence[Reservation]:
    """For whom the item is set aside, oldest first."""
    rows = Reservation.objects.filter(seller_id=seller_id, item_id=item_id).select_related("warehouse")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    return list(rows.order_by("id")[:limit])


def warehouses(
    *, seller_id: int, warehouse_ids: Sequence[int] | None = None, closed: bool = False
) -> Sequence[Warehouse]:
    """The seller's active warehouses, the default one first; of `warehouse_ids` only; with `closed` those too."""
    rows = Warehouse.objects.filter(seller_id=seller_id)
    if warehouse_ids is not None:
        rows = rows.filter(pk__in=warehouse_ids)
    if not closed:
        rows = rows.filter(active=True)
    return list(rows.order_by("-active", "-is_default", "code"))


def warehouse(*, seller_id: int, warehouse_id: int, warehouse_ids: Sequence[int] | None = None) -> Warehouse:
    """One warehouse, closed or not.

    Raises:
        WarehouseNotFound: There is none, it is another seller's, or none of `warehouse_ids`.
    """
    rows = warehouses(seller_id=seller_id, warehouse_ids=warehouse_ids, closed=True)
    found = next((row for row in rows if row.pk == warehouse_id), None)
    if found is None:
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    return found
