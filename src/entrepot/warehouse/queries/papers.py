"""Receipts, transfers and counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from entrepot.catalog.models import Item
from entrepot.inventory.models import Bin
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.warehouse.errors import CountNotFound, ReceiptNotFound
from entrepot.warehouse.models import Count, CountLine, Receipt, ReceiptLine


@dataclass(frozen=True, slots=True)
class ToCount:
    """A place to be counted, without what the books say. `item` None = whatever lies in the bin."""

    bin: Bin | None
    item: Item | None


def receipts(
    *,
    seller_id: int,
    state: str = "",
    kind: str = "",
    search: str = "",
    warehouse_ids: Sequence[int] | None = None,
    with_sent: bool = False,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Receipt]:
    """Receipts and transfers, newest first, each with the pieces `due` and `came`.

    Those into `warehouse_ids`, and `with_sent` transfers out of them.
    """
    rows = Receipt.objects.filter(seller_id=seller_id).select_related("warehouse", "from_warehouse")
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if search:
        text = search.strip()
        rows = rows.filter(number__iexact=text) | rows.filter(reference__icontains=text)
    rows = _at(rows, warehouse_ids, with_sent=with_sent)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    counted = rows.annotate(due=_pieces("expected"), came=_pieces("received"))
    return page_of(counted.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def receipt(
    *, seller_id: int, receipt_id: int, warehouse_ids: Sequence[int] | None = None, with_sent: bool = False
) -> Receipt:
    """One receipt; `with_sent` also a transfer out of one of `warehouse_ids`.

    Raises:
        ReceiptNotFound: There is none, it is another seller's, or the person may not see its warehouse.
    """
    rows = Receipt.objects.filter(seller_id=seller_id, pk=receipt_id).select_related("warehouse", "from_warehouse")
    found = _at(rows, warehouse_ids, with_sent=with_sent).first()
    if found is None:
        raise ReceiptNotFound(receipt_id=receipt_id)
    return found


def receipt_numbered(*, seller_id: int, number: str) -> Receipt:
    """The receipt or transfer with this number.

    Raises:
        ReceiptNotFound: This seller has none.
    """
    found = Receipt.objects.filter(seller_id=seller_id, number=number.strip().upper()).first()
    if found is None:
        raise ReceiptNotFound(number=number)
    return found


def _at(rows: QuerySet[Receipt], warehouse_ids: Sequence[int] | None, *, with_sent: bool) -> QuerySet[Receipt]:
    if warehouse_ids is None:
        return rows
    here = Q(warehouse_id__in=warehouse_ids)
    return rows.filter(here | Q(from_warehouse_id__in=warehouse_ids) if with_sent else here)


def receipt_lines(*, seller_id: int, receipt_id: int) -> Sequence[ReceiptLine]:
    """The lines of a receipt by SKU, with their items; `apart` is what came less what was expected."""
    rows = ReceiptLine.objects.filter(receipt__seller_id=seller_id, receipt_id=receipt_id).select_related("item")
    return list(rows.annotate(apart=F("received") - F("expected")).order_by("item__sku"))


def counts(
    *,
    seller_id: int,
    state: str = "",
    warehouse_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Count]:
    """Counts, newest first."""
    rows = Count.objects.filter(seller_id=seller_id).select_related("warehouse")
    if state:
        rows = rows.filter(state=state)
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def count_of(*, seller_id: int, count_id: int, warehouse_ids: Sequence[int] | None = None) -> Count:
    """One count.

    Raises:
        CountNotFound: There is none, it is another seller's, or the person may not see its warehouse.
    """
    rows = Count.objects.filter(seller_id=seller_id, pk=count_id).select_related("warehouse")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    found = rows.first()
    if found is None:
        raise CountNotFound(count_id=count_id)
    return found


def to_count(*, seller_id: int, count_id: int) -> Sequence[ToCount]:
    """What is still to be counted, in walking order: places without figures, so that nobody copies the books.

    A count of bins names bins only: which items to expect there is not told either.
    """
    lines = _lines(seller_id, count_id).filter(state=CountLine.State.OPEN)
    places: dict[tuple[int | None, int | None], ToCount] = {}
    for line in lines:
        item = None if line.count.by_bin else line.item
        places.setdefault((line.bin_id, item.pk if item else None), ToCount(line.bin, item))
    return list(places.values())


def differences(*, seller_id: int, count_id: int) -> Sequence[CountLine]:
    """What was counted and does not agree with the books, decided or not; `apart` is counted less expected."""
    return list(_lines(seller_id, count_id).filter(counted__isnull=False).exclude(counted=F("expected")))


def _lines(seller_id: int, count_id: int) -> QuerySet[CountLine]:
    rows = CountLine.objects.filter(count__seller_id=seller_id, count_id=count_id)
    counted = rows.annotate(apart=F("counted") - F("expected")).select_related("count", "bin", "item")
    return counted.order_by(F("bin__path").asc(nulls_last=True), "bin_id", "item__sku", "id")


def _pieces(column: str) -> Coalesce:
    rows = ReceiptLine.objects.filter(receipt=OuterRef("pk")).order_by().values("receipt")
    return Coalesce(Subquery(rows.annotate(n=Sum(column)).values("n")), 0, output_field=IntegerField())
