"""What a scanner read: one code, and every thing in this warehouse that it can mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Upper

from entrepot.catalog.models import Item
from entrepot.inventory.models import Bin
from entrepot.warehouse.models import Count, Manifest, PickList, Receipt, Tote


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

    @property
    def known(self) -> bool:
        """Whether it means anything."""
        papers = self.receipts or self.count or self.pick_list or self.manifest
        return bool(self.items or self.bin or self.tote or papers)


def items_by_code(*, seller_id: int, code: str) -> Sequence[Item]:
    """The item with this barcode, else with this SKU; kits too. Several where a barcode was given twice."""
    text = code.strip()
    if not text:
        return []
    rows = Item.objects.filter(seller_id=seller_id).select_related("product").order_by("sku")
    return list(rows.filter(barcode=text)) or list(rows.filter(sku=text)) or list(rows.filter(sku__iexact=text))


def items_by_codes(*, seller_id: int, codes: Sequence[str]) -> Mapping[str, Item]:
    """Items by what was written, in small letters: the SKU, whatever its case, else a barcode only one item has."""
    wanted = {code.strip() for code in codes if code.strip()}
    rows = Item.objects.filter(seller_id=seller_id).order_by("-sku")
    found = {item.sku.casefold(): item for item in rows.filter(sku__in=wanted)}
    if left := {code.upper() for code in wanted if code.casefold() not in found}:
        loose = rows.annotate(upper_sku=Upper("sku")).filter(upper_sku__in=left)
        found |= {item.sku.casefold(): item for item in loose}
    left = {code for code in wanted if code.casefold() not in found}
    coded: dict[str, list[Item]] = {}
    for item in rows.filter(barcode__in=left) if left else ():
        coded.setdefault(item.barcode.casefold(), []).append(item)
    return found | {code: items[0] for code, items in coded.items() if len(items) == 1}


def bin_by_code(*, seller_id: int, warehouse_id: int, code: str) -> Bin | None:
    """The bin with this label in a warehouse, closed ones too."""
    rows = Bin.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, code=code.strip().upper())
    return rows.select_related("zone").first()


def scanned(*, seller_id: int, warehouse_id: int, code: str) -> Scanned:
    """Everything a code means here: bin, item, tote, or a paper by its number (a receipt also by its reference)."""
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
    )
