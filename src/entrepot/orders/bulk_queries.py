"""Questions about deeds for many orders. Who may not see every store sees the deeds they asked for themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.orders.bulk_errors import BulkNotFound
from entrepot.orders.models import Bulk, BulkFile, BulkItem
from entrepot.orders.services.bulk import OPEN, counted

State = BulkItem.State


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a deed is. `rate` orders a second and `seconds_left` where they can be told."""

    total: int
    done: int
    refused: int
    skipped: int
    rate: float | None = None
    seconds_left: float | None = None

    @property
    def settled(self) -> int:
        """Orders that nothing more is done to."""
        return self.done + self.refused + self.skipped

    @property
    def percent(self) -> int:
        """Of a hundred, for a bar; full only at the very end."""
        return self.settled * 100 // self.total if self.total else 100


def _seen(seller_id: int, user_id: int | None) -> QuerySet[Bulk]:
    rows = Bulk.objects.filter(seller_id=seller_id)
    return rows if user_id is None else rows.filter(user_id=user_id)


def bulk(*, seller_id: int, bulk_id: int, user_id: int | None = None) -> Bulk:
    """One deed.

    Raises:
        BulkNotFound: There is none, it is another seller's, or not this person's.
    """
    found = _seen(seller_id, user_id).filter(pk=bulk_id).first()
    if found is None:
        raise BulkNotFound(bulk_id=bulk_id)
    return found


def bulks(*, seller_id: int, user_id: int | None = None, after: str = "", limit: int = PAGE_SIZE) -> Page[Bulk]:
    """Deeds, newest first."""
    rows = _seen(seller_id, user_id)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def open_ones(*, seller_id: int, user_id: int | None = None) -> Sequence[Bulk]:
    """Deeds that go on now, oldest first."""
    return list(_seen(seller_id, user_id).filter(state__in=OPEN).order_by("id"))


def progress_of(*, seller_id: int, rows: Sequence[Bulk], now: datetime | None = None) -> Mapping[int, Progress]:
    """How far these deeds are; those that have ended are not counted again."""
    open_ids = [row.pk for row in rows if row.seller_id == seller_id and "counts" not in row.facts]
    fresh = counted(open_ids) if open_ids else {}
    return {row.pk: _progress(row, fresh.get(row.pk, row.facts.get("counts", {})), now) for row in rows}


def _progress(row: Bulk, counts: Mapping[str, int], now: datetime | None) -> Progress:
    done, refused = counts.get(State.DONE, 0), counts.get(State.REFUSED, 0)
    skipped = counts.get(State.SKIPPED, 0)
    settled = done + refused + skipped
    seconds = ((row.ended_at or now or timezone.now()) - row.started_at).total_seconds() if row.started_at else 0.0
    rate = (done + refused) / seconds if seconds > 0 and done + refused else None
    left = max(row.total - settled, 0) / rate if rate and row.state in OPEN else None
    return Progress(row.total, done, refused, skipped, rate, left)


def items(*, seller_id: int, bulk_id: int, state: str = "", after: str = "", limit: int = PAGE_SIZE) -> Page[BulkItem]:
    """What became of each order, in the order they were taken."""
    rows = BulkItem.objects.filter(bulk__seller_id=seller_id, bulk_id=bulk_id).select_related("order__sales_channel")
    if state in State.values:
        rows = rows.filter(state=state)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__gt=key[0])
    return page_of(rows.order_by("id"), limit=limit, key=lambda row: (row.pk,))


def files(*, seller_id: int, bulk_id: int) -> Sequence[BulkFile]:
    """What the deed made, without its content."""
    rows = BulkFile.objects.filter(bulk__seller_id=seller_id, bulk_id=bulk_id, position__gt=0)
    return list(rows.defer("content").order_by("position"))


def file(*, seller_id: int, bulk_id: int, position: int) -> BulkFile:
    """One file with its content.

    Raises:
        BulkNotFound: There is none, or it is past its time.
    """
    found = BulkFile.objects.filter(bulk__seller_id=seller_id, bulk_id=bulk_id, position=position).first()
    if found is None:
        raise BulkNotFound(bulk_id=bulk_id)
    return found


def last_facts(*, seller_id: int, kind: str, user_id: int) -> dict[str, object]:
    """What this person chose the last time they asked for such a deed."""
    rows = Bulk.objects.filter(seller_id=seller_id, kind=kind, user_id=user_id).order_by("-id")
    return dict(rows.values_list("facts", flat=True).first() or {})
