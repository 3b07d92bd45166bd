"""What lies where, and how it came there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count as HowMany
from django.db.models import F, Q, Sum

from entrepot.catalog.models import Item
from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.models import Bin, BinMove, BinStock, Stock, Zone
from entrepot.kernel.page import PAGE_SIZE, Page, bookmark, page_of, read_bookmark

FILLED = Q(stock__quantity__gt=0)


@dataclass(frozen=True, slots=True)
class Lying:
    """How much of an item lies in a place; `bin` None = in no bin."""

    bin: Bin | None
    item: Item
    quantity: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A bin to put something into, and why: `lies_there`, `empty_in_its_zone` or `empty`."""

    bin: Bin
    because: str


def zones(*, seller_id: int, warehouse_id: int) -> Sequence[Zone]:
    """The zones of a warehouse by code, each with the number of its open `bins_open`."""
    rows = Zone.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    return list(rows.annotate(bins_open=HowMany("bins", filter=Q(bins__active=True))).order_by("code"))


def bins(
    *,
    seller_id: int,
    warehouse_id: int,
    search: str = "",
    zone_id: int | None = None,
    level: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Bin]:
    """The bins of a warehouse in walking order, each with `pieces` and `kinds` in it.

    `level`: `empty`, `filled` or `closed`; else all that are open.
    """
    rows = Bin.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, active=level != "closed")
    if search:
        rows = rows.filter(code__icontains=search.strip())
    if zone_id is not None:
        rows = rows.filter(zone_id=zone_id)
    counted = rows.annotate(pieces=Sum("stock__quantity", default=0), kinds=HowMany("stock", filter=FILLED))
    if level in {"empty", "filled"}:
        counted = counted.filter(pieces=0) if level == "empty" else counted.filter(pieces__gt=0)
    if key := read_bookmark(after, str, int):
        counted = counted.filter(Q(path__gt=key[0]) | Q(path=key[0], id__gt=key[1]))
    return page_of(
        counted.select_related("zone").order_by("path", "id"), limit=limit, key=lambda row: (row.path, row.pk)
    )


def bin_of(*, seller_id: int, bin_id: int, warehouse_ids: Sequence[int] | None = None) -> Bin:
    """One bin with its zone and warehouse.

    Raises:
        BinNotFound: There is none, it is another seller's, or the person may not see its warehouse.
    """
    rows = Bin.objects.filter(seller_id=seller_id, pk=bin_id).select_related("zone", "warehouse")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    found = rows.first()
    if found is None:
        raise BinNotFound(bin_id=bin_id)
    return found


def contents(*, seller_id: int, bin_id: int) -> Sequence[Lying]:
    """What lies in a bin, by SKU."""
    rows = BinStock.objects.filter(seller_id=seller_id, bin_id=bin_id, quantity__gt=0)
    return [Lying(row.bin, row.item, row.quantity) for row in rows.select_related("bin", "item").order_by("item__sku")]


def places_of(*, seller_id: int, item_id: int, warehouse_id: int) -> Sequence[Lying]:
    """Where an item lies in a warehouse: bins in walking order, then what has no bin. The sum is what is on hand."""
    rows = BinStock.objects.filter(
        seller_id=seller_id, warehouse_id=warehouse_id, item_id=item_id, quantity__gt=0
    ).select_related("bin__zone", "item")
    places = [Lying(row.bin, row.item, row.quantity) for row in rows.order_by("bin__path", "bin_id")]
    stock = Stock.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, item_id=item_id)
    loose = stock.filter(on_hand__gt=F("located")).select_related("item")
    return [*places, *(Lying(None, row.item, row.on_hand - row.located) for row in loose)]


def places_of_item(
    *, seller_id: int, item_id: int, warehouse_ids: Sequence[int] | None = None, limit: int = 100
) -> Sequence[BinStock]:
    """The bins an item lies in, in all warehouses (of `warehouse_ids`), in walking order."""
    rows = BinStock.objects.filter(seller_id=seller_id, item_id=item_id, quantity__gt=0)
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    return list(
        rows.select_related("bin__zone", "warehouse").order_by("warehouse__code", "bin__path", "bin_id")[:limit]
    )


def unlocated(
    *, seller_id: int, warehouse_id: int, search: str = "", after: str = "", limit: int = PAGE_SIZE
) -> Page[Lying]:
    """What waits to be put away, by SKU."""
    rows = Stock.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, on_hand__gt=F("located"))
    rows = rows.filter(item__seller_id=seller_id)  # says so of the item too: its SKUs are read in order then
    if search:
        text = search.strip()
        rows = rows.filter(Q(item__sku__icontains=text) | Q(item__name__icontains=text) | Q(item__barcode=text))
    if key := read_bookmark(after, str):
        rows = rows.filter(item__sku__gt=key[0])
    found = list(rows.select_related("item").order_by("item__sku")[: limit + 1])
    page = [Lying(None, row.item, row.on_hand - row.located) for row in found[:limit]]
    return Page(page, bookmark(page[-1].item.sku) if len(found) > limit else None)


def lying(
    *,
    seller_id: int,
    warehouse_id: int,
    search: str = "",
    zone_kind: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[BinStock]:
    """What lies in which bin of a warehouse, in walking order; `search` in labels, SKUs, names and barcodes."""
    rows = BinStock.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, quantity__gt=0)
    if zone_kind:
        rows = rows.filter(bin__zone__kind=zone_kind)
    if search:
        text = search.strip()
        named = Q(item__sku__icontains=text) | Q(item__name__icontains=text) | Q(item__barcode=text)
        rows = rows.filter(named | Q(bin__code__istartswith=text))
    if key := read_bookmark(after, str, int):
        rows = rows.filter(Q(bin__path__gt=key[0]) | Q(bin__path=key[0], pk__gt=key[1]))
    rows = rows.select_related("bin__zone", "item").order_by("bin__path", "pk")
    return page_of(rows, limit=limit, key=lambda row: (row.bin.path, row.pk))


def bin_history(*, seller_id: int, bin_id: int, after: str = "", limit: int = PAGE_SIZE) -> Page[BinMove]:
    """What went into and out of a bin, newest first."""
    return _history(Q(seller_id=seller_id) & (Q(from_bin_id=bin_id) | Q(to_bin_id=bin_id)), after, limit)


def suggested_bin(*, seller_id: int, warehouse_id: int, item_id: int) -> Suggestion | None:
    """Where to put an item away: where it lies already, else an empty bin of the zone it lay in last, else any empty.

    Staging and closed bins are never suggested; None = no bin is free.
    """
    mine = BinStock.objects.filter(
        seller_id=seller_id,
        warehouse_id=warehouse_id,
        item_id=item_id,
        bin__active=True,
        bin__zone__kind=Zone.Kind.STORAGE,
    ).select_related("bin__zone")
    if there := mine.filter(quantity__gt=0).order_by("bin__path", "bin_id").first():
        return Suggestion(there.bin, "lies_there")
    free = (
        Bin.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, active=True, zone__kind=Zone.Kind.STORAGE)
        .exclude(pk__in=BinStock.objects.filter(warehouse_id=warehouse_id, quantity__gt=0).values("bin_id"))
        .select_related("zone")
        .order_by("path", "id")
    )
    last = mine.order_by("-changed_at", "-id").first()
    if last and (near := free.filter(zone_id=last.bin.zone_id).first()):
        return Suggestion(near, "empty_in_its_zone")
    first = free.first()
    return Suggestion(first, "empty") if first else None


def suggested_bins(*, seller_id: int, warehouse_id: int, item_ids: Sequence[int]) -> Mapping[int, Suggestion]:
    """Where to put many items away, each into a bin of its own where it lies nowhere yet."""
    here = {"seller_id": seller_id, "warehouse_id": warehouse_id}
    mine = BinStock.objects.filter(**here, item_id__in=item_ids, bin__active=True, bin__zone__kind=Zone.Kind.STORAGE)
    found: dict[int, Suggestion] = {}
    for row in mine.filter(quantity__gt=0).select_related("bin__zone").order_by("bin__path", "bin_id"):
        found.setdefault(row.item_id, Suggestion(row.bin, "lies_there"))
    before = mine.filter(quantity=0).order_by("changed_at", "id").values_list("item_id", "bin__zone_id")
    zone_of: dict[int, int] = dict(before)
    filled = BinStock.objects.filter(**here, quantity__gt=0).values("bin_id")
    empty = Bin.objects.filter(**here, active=True, zone__kind=Zone.Kind.STORAGE).exclude(pk__in=filled)
    free = list(empty.select_related("zone").order_by("path", "id")[: len(item_ids) + 50])
    for item_id in item_ids:
        if item_id in found or not free:
            continue
        near = next((one for one in free if one.zone_id == zone_of.get(item_id)), None)
        found[item_id] = Suggestion(near or free[0], "empty_in_its_zone" if near else "empty")
        free.remove(found[item_id].bin)
    return found


def _history(asked: Q, after: str, limit: int) -> Page[BinMove]:
    rows = BinMove.objects.filter(asked).select_related("item", "from_bin", "to_bin")
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))
