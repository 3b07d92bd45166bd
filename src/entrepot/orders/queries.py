"""Questions about orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.orders.models import Order, OrderClaim, OrderLine, OrderNote, OrderTotal, SalesChannel, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """What the list is narrowed by. `channel_ids` None = every channel the person may see."""

    search: str = ""
    status: str = ""
    hold_code: str = ""
    channel_id: int | None = None
    tag: str = ""
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    channel_ids: Sequence[int] | None = None


def _narrowed(seller_id: int, by: OrderFilter, *, with_status: bool = True) -> QuerySet[Order]:
    rows = Order.objects.filter(seller_id=seller_id)
    if by.channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=by.channel_ids)
    if by.channel_id:
        rows = rows.filter(sales_channel_id=by.channel_id)
    for word in by.search.split()[:6]:  # two letters have no trigram; where a word begins, they have (`search_text`)
        rows = rows.filter(search_text__icontains=word if len(word) > 2 else f" {word}")
    if by.tag:
        rows = rows.exclude(tags=[]).filter(tags__contains=[by.tag])
    if by.placed_from:
        rows = rows.filter(placed_at__gte=by.placed_from)
    if by.placed_before:
        rows = rows.filter(placed_at__lt=by.placed_before)
    if with_status and by.status:
        rows = rows.filter(status=by.status)
    if with_status and by.hold_code:
        rows = rows.filter(hold_code=by.hold_code)
    return rows


def orders(*, seller_id: int, by: OrderFilter, after: str = "", limit: int = PAGE_SIZE) -> Page[Order]:
    """Orders, newest first, each with `piece_count`, `line_count` and its sales channel."""
    rows = _narrowed(seller_id, by).select_related("sales_channel")
    if (key := read_bookmark(after, str, int)) and (placed := _moment(str(key[0]))):
        rows = rows.filter(Q(placed_at__lt=placed) | Q(placed_at=placed, id__lt=key[1]))
    found = rows.order_by("-placed_at", "-id")
    page = page_of(found, limit=limit, key=lambda row: (row.placed_at.isoformat(), row.pk))
    _count_lines(page.rows)
    return page


def _moment(text: str) -> datetime | None:
    """The moment of a bookmark; None where it is of another list, or somebody made it up."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _count_lines(page: Sequence[Order]) -> None:
    """Put `line_count` and `piece_count` on each order, with one query for all."""
    counted = {
        row["order_id"]: row
        for row in OrderLine.objects.filter(order__in=page)
        .values("order_id")
        .annotate(lines=Count("id"), pieces=Sum("quantity"))
        .order_by("order_id")
    }
    for order in page:
        row = counted.get(order.pk, {"lines": 0, "pieces": 0})
        order.line_count = row["lines"]  # type: ignore[attr-defined]
        order.piece_count = row["pieces"]  # type: ignore[attr-defined]


def status_counts(*, seller_id: int, by: OrderFilter | None = None) -> Mapping[str, int]:
    """How many orders stand at each status, under the filters other than the status itself."""
    rows = _narrowed(seller_id, by or OrderFilter(), with_status=False)
    counted = rows.order_by().values("status").annotate(n=Count("id"))
    return {row["status"]: row["n"] for row in counted}


def order(*, seller_id: int, order_id: int, channel_ids: Sequence[int] | None = None) -> Order:
    """One order with lines (and their items), totals, claims, events and notes.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its channel.
    """
    rows = Order.objects.filter(seller_id=seller_id, id=order_id).select_related("sales_channel")
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    lines = OrderLine.objects.select_related("item").order_by("position")
    found = rows.prefetch_related(
        Prefetch("lines", queryset=lines),
        Prefetch("totals", queryset=OrderTotal.objects.order_by("position")),
        Prefetch("notes", queryset=OrderNote.objects.order_by("-id")),
        Prefetch("claims", queryset=OrderClaim.objects.order_by("id")),
        "events",
    ).first()
    if found is None:
        raise NotFound
    return found


def parts_of(*, seller_id: int, order: Order) -> Sequence[Order]:
    """The other parts of the same order in its store: the one it follows first, then those that follow that."""
    whole = order.follows or order.remote_id
    same = Order.objects.filter(seller_id=seller_id, sales_channel_id=order.sales_channel_id)
    return list(same.filter(Q(remote_id=whole) | Q(follows=whole)).exclude(pk=order.pk).order_by("follows", "id"))


def order_head(*, seller_id: int, order_id: int, channel_ids: Sequence[int] | None = None) -> Order:
    """One order's own row.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its channel.
    """
    rows = Order.objects.filter(seller_id=seller_id, id=order_id).select_related("sales_channel")
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def version_for_update(*, seller_id: int, order_id: int) -> int | None:
    """The order's version, its row locked until the transaction ends; None when there is no such order."""
    rows = Order.objects.select_for_update(no_key=True).filter(seller_id=seller_id, id=order_id)
    return rows.values_list("version", flat=True).first()


def order_line(*, seller_id: int, line_id: int) -> OrderLine:
    """One line of one of the seller's orders.

    Raises:
        NotFound: There is none, or it is another seller's.
    """
    found = OrderLine.objects.filter(order__seller_id=seller_id, id=line_id).select_related("order").first()
    if found is None:
        raise NotFound
    return found


def lines_by_reference(*, seller_id: int, references: Sequence[str]) -> Mapping[str, OrderLine]:
    """The order lines behind stock references such as `line:12`."""
    ids = [int(text[5:]) for text in references if text.startswith("line:") and text[5:].isdigit()]
    rows = OrderLine.objects.filter(order__seller_id=seller_id, id__in=ids).select_related("order")
    return {row.reference: row for row in rows}


def sales_channels(*, seller_id: int, channel_ids: Sequence[int] | None = None) -> Sequence[SalesChannel]:
    """The seller's channels by name."""
    rows = SalesChannel.objects.filter(seller_id=seller_id)
    if channel_ids is not None:
        rows = rows.filter(id__in=channel_ids)
    return list(rows.order_by("name"))


def offline_channels(*, seller_id: int) -> Sequence[SalesChannel]:
    """Channels without an API, for hand-made orders."""
    return list(SalesChannel.objects.filter(seller_id=seller_id, kind="offline").order_by("name"))


def tags_in_use(*, seller_id: int, limit: int = 50) -> Sequence[str]:
    """Tags on the seller's newest orders."""
    tagged = Order.objects.filter(seller_id=seller_id).exclude(tags=[]).order_by("-placed_at", "-id")
    seen = {tag for tags in tagged.values_list("tags", flat=True)[:500] for tag in tags}
    return sorted(seen)[:limit]


WAITING = (Status.NEW, Status.PARTIAL, Status.RFP, Status.READY_TO_SHIP, Status.ON_HOLD)
