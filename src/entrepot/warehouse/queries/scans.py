"""What a scanner read: one code, and every thing in this warehouse that it can mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from django.db.models.functions import Upper

from entrepot.catalog.models import Item
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Bin
from entrepot.warehouse.models import Count, Manifest, PickList, Receipt, Return, Tote, WorkOrder


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code means; nothing at all = nobody knows it. Several items = a barcode that was given twice."""

    code: str
    items: Sequence[Item] = ()
    bin: Bin | None = None
    tote: Tote | None = None
    receipts: Sequence[Receipt] = field(default_factory=list)
    count: Count | None = None
    pick_list: PickList | None = None
    manifest: Manifest | None = None
    work: Sequence[WorkOrder] = ()
    parcels: Sequence[Shipment] = ()
    returns: Sequence[Return] = ()

    @property
    def known(self) -> bool:
        """Whether it means anything."""
        papers = self.receipts or self.count or self.pick_list or self.manifest
        orders = self.work or self.parcels or self.returns
        return bool(self.items or self.bin or self.tote or papers or orders)


def items_by_code(*, seller_id: int, code: str) -> Sequence[Item]:
    """The item with this barcode, else with this SKU; kits too. Several where a barcode was given twice.

    What a merged item was known by means the kept one.
    """
    text = code.strip()
    if not text:
        return []
    rows = Item.everything.filter(seller_id=seller_id).select_related("product", "merged_into__product").order_by("sku")
    found = list(rows.filter(barcode=text)) or list(rows.filter(sku=text)) or list(rows.filter(sku__iexact=text))
    return list({kept.pk: kept for kept in map(_kept, found)}.values())


def _kept(item: Item) -> Item:
    return item.merged_into or item


def items_by_codes(*, seller_id: int, codes: Sequence[str]) -> Mapping[str, Item]:
    """Items by what was written, in small letters: the SKU, whatever its case, else a barcode only one item has."""
    wanted = {code.strip() for code in codes if code.strip()}
    rows = Item.everything.filter(seller_id=seller_id).select_related("merged_into").order_by("-sku")
    found = {item.sku.casefold(): _kept(item) for item in rows.filter(sku__in=wanted)}
    if left := {code.upper() for code in wanted if code.casefold() not in found}:
        loose = rows.annotate(upper_sku=Upper("sku")).filter(upper_sku__in=left)
        found |= {item.sku.casefold(): _kept(item) for item in loose}
    left = {code for code in wanted if code.casefold() not in found}
    coded: dict[str, dict[int, Item]] = {}
    for item in rows.filter(barcode__in=left) if left else ():
        coded.setdefault(item.barcode.casefold(), {})[_kept(item).pk] = _kept(item)
    return found | {code: next(iter(items.values())) for code, items in coded.items() if len(items) == 1}


def bin_by_code(*, seller_id: int, warehouse_id: int, code: str) -> Bin | None:
    """The bin with this label in a warehouse, closed ones too."""
    rows = Bin.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, code=code.strip().upper())
    return rows.select_related("zone").first()


def scanned(*, seller_id: int, warehouse_id: int, code: str) -> Scanned:
    """Everything a code means here: bin, item, tote, a paper by its number (a receipt also by its reference), an order.

    An order by its number, or by its parcel's tracking number; a return by its own too.
    """
    text = code.strip()
    upper = text.upper()
    here = {"seller_id": seller_id, "warehouse_id": warehouse_id}
    papers = Receipt.objects.filter(**here)
    found = papers.filter(number=upper) | (papers.filter(reference=text) if text else papers.none())
    return Scanned(
        code=text,
        items=items_by_code(seller_id=seller_id, code=text),
        bin=bin_by_code(seller_id=seller_id, warehouse_id=warehouse_id, code=text),
        tote=Tote.objects.filter(**here, code=upper, active=True).first(),
        receipts=list(found.order_by("-id")[:10]),
        count=Count.objects.filter(**here, number=upper).first(),
        pick_list=PickList.objects.filter(seller_id=seller_id, wave__warehouse_id=warehouse_id, number=upper).first(),
        manifest=Manifest.objects.filter(**here, number=upper).first(),
        **_orders(seller_id, warehouse_id, text),
    )


class _Orders(TypedDict):
    work: Sequence[WorkOrder]
    parcels: Sequence[Shipment]
    returns: Sequence[Return]


def _orders(seller_id: int, warehouse_id: int, text: str) -> _Orders:
    """The orders of this warehouse with this number, and what left it or came back under this tracking number."""
    if not text:
        return {"work": [], "parcels": [], "returns": []}
    mine = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    parcels = Shipment.objects.filter(seller_id=seller_id, tracking_number=text)
    returns = Return.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    returns = returns.filter(number=text.upper()) | returns.filter(tracking_number=text)
    return {
        "work": list(mine.filter(number=text).select_related("order", "tote").order_by("-pk")[:5]),
        "parcels": list(
            parcels.filter(order__work__in=mine).distinct().select_related("order", "manifest_line__manifest")[:5]
        ),
        "returns": list(returns.select_related("order").order_by("-pk")[:5]),
    }
