"""The list of orders: one page of it, and how many orders stand at each status, over a million as over ten.

Filters that an index serves are read in the order of the list. For all others there are two ways, and which is short
depends on how many orders fit: *the newest*, of which enough fit when many do, and *all that fit*, found by their words
or facets and then sorted, when few do. The first is tried on a window of fixed size; what it does not settle goes the
other way, so neither reads a million orders (docs/decisions: the list of a million orders).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum

from entrepot.catalog.rows import fetch
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.orders.models import Order, OrderCount
from entrepot.orders.queries.narrow import OrderFilter, base, fits

WINDOW: Final = 3000
"""So many of the newest are looked at before the other way is gone."""
MOST_COUNTED: Final = 5000
"""Filtered lists that an index serves are counted so far."""
MOST_CHANNELS: Final = 20
"""So many channels' lists are read side by side and merged."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Orders by status under the filters other than the status. Not `exact`: there are at least so many."""

    by_status: Mapping[str, int]
    exact: bool = True

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, and the counts beside it."""

    page: Page[Order]
    counts: Counts


def desk_list(*, seller_id: int, by: OrderFilter, after: str = "", limit: int = PAGE_SIZE) -> Listed:
    """A page of orders as `orders` gives it, and how many stand at each status."""
    place = _place(after)
    if not _needs_reading(by):
        return Listed(_page_by_index(seller_id, by, place, limit), _counts_by_index(seller_id, by))
    counts = _counts_of_newest(seller_id, by)
    if counts.total <= limit and not counts.exact:
        ids, counts = _all_that_fit(seller_id, by, place, limit + 1)
        return Listed(_page(ids, limit), counts)
    return Listed(_page(_ids_by_reading(seller_id, by, place, limit + 1), limit), counts)


def orders(*, seller_id: int, by: OrderFilter, after: str = "", limit: int = PAGE_SIZE) -> Page[Order]:
    """Orders, newest first, each with its sales channel, `piece_count`, `line_count` and `first_name`."""
    if _needs_reading(by):
        return _page(_ids_by_reading(seller_id, by, _place(after), limit + 1), limit)
    return _page_by_index(seller_id, by, _place(after), limit)


def status_counts(*, seller_id: int, by: OrderFilter | None = None) -> Mapping[str, int]:
    """How many orders stand at each status, under the filters other than the status itself; exact at any cost."""
    narrowed = by or OrderFilter()
    if kept := _kept_counts(seller_id, narrowed):
        return kept.by_status
    rows = fitting(seller_id=seller_id, by=narrowed.without(status=""))
    return _by_status(rows)


def fitting(*, seller_id: int, by: OrderFilter) -> QuerySet[Order]:
    """Every order that fits, in no order: for deeds that are done to all of them."""
    return base(seller_id, by).filter(*fits(by))


# --------------------------------------------------------------------------- a page

LINES = """
SELECT order_id, count(*), sum(quantity), (array_agg(name ORDER BY position))[1] FROM orders_orderline
WHERE order_id = ANY(%s) GROUP BY order_id
"""


def _place(after: str) -> tuple[datetime, int] | None:
    key = read_bookmark(after, str, int)
    if key is None:
        return None
    try:
        moment = datetime.fromisoformat(str(key[0]))
    except ValueError:
        return None
    return (moment, int(key[1])) if moment.tzinfo else None


def _in_order(rows: QuerySet[Order], by: OrderFilter, place: tuple[datetime, int] | None) -> QuerySet[Order]:
    """Rows in the order of the list, after a bookmark."""
    if place is not None:
        moment, last = place
        if by.oldest_first:
            rows = rows.filter(placed_at__gte=moment).filter(Q(placed_at__gt=moment) | Q(id__gt=last))
        else:
            rows = rows.filter(placed_at__lte=moment).filter(Q(placed_at__lt=moment) | Q(id__lt=last))
    return rows.order_by("placed_at", "id") if by.oldest_first else rows.order_by("-placed_at", "-id")


def _page(ids: Sequence[int], limit: int) -> Page[Order]:
    found = {row.pk: row for row in Order.objects.filter(pk__in=ids).select_related("sales_channel")}
    return _counted([found[order_id] for order_id in ids if order_id in found], limit)


def _counted(rows: Sequence[Order], limit: int) -> Page[Order]:
    """The page, with what a list says of each order's lines: one query for all."""
    page = page_of(rows, limit=limit, key=lambda row: (row.placed_at.isoformat(), row.pk))
    counted = {row[0]: row[1:] for row in fetch(LINES, [[order.pk for order in page.rows]])}
    for order in page.rows:
        lines, pieces, name = counted.get(order.pk, (0, 0, ""))
        order.line_count, order.piece_count = lines, pieces  # type: ignore[attr-defined]
        order.first_name = name  # type: ignore[attr-defined]
    return page


# --------------------------------------------------------------------------- by an index

SOME = "SELECT status, count(*) FROM ({rows}) AS s(status) GROUP BY status"


def _needs_reading(by: OrderFilter) -> bool:
    """Whether rows must be looked at, beyond where an index begins. A person's channels are merged, if not many."""
    scope = by.channel_ids
    merged = scope is not None and not by.channel_id and 1 < len(scope) <= MOST_CHANNELS
    return bool(fits(by.without(channel_ids=None) if merged else by))


def _page_by_index(seller_id: int, by: OrderFilter, place: tuple[datetime, int] | None, limit: int) -> Page[Order]:
    scope = by.channel_ids
    if scope is None or by.channel_id or len(scope) < 2:
        rows = _in_order(base(seller_id, by), by, place).select_related("sales_channel")
        return _counted(list(rows[: limit + 1]), limit)
    return _page(_ids_of_channels(seller_id, by, scope, place, limit + 1), limit)


def _ids_of_channels(
    seller_id: int, by: OrderFilter, scope: Sequence[int], place: tuple[datetime, int] | None, limit: int
) -> list[int]:
    """The lists of some channels, merged."""
    apart = [
        _in_order(base(seller_id, by.without(channel_id=one, channel_ids=None)), by, place).values("placed_at", "pk")
        for one in scope
    ]
    merged = apart[0][:limit].union(*(rows[:limit] for rows in apart[1:]), all=True)
    sign = "" if by.oldest_first else "-"
    return [row["pk"] for row in merged.order_by(f"{sign}placed_at", f"{sign}pk")[:limit]]


def _kept_counts(seller_id: int, by: OrderFilter) -> Counts | None:
    """The counts as the triggers keep them, where they say what is asked."""
    if by.without(status="", channel_id=None, channel_ids=None, oldest_first=False) != OrderFilter():
        return None
    rows = OrderCount.objects.filter(seller_id=seller_id)
    if by.channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=by.channel_ids)
    if by.channel_id:
        rows = rows.filter(sales_channel_id=by.channel_id)
    counted = rows.order_by().values("status").annotate(total=Sum("n"))
    return Counts({row["status"]: int(row["total"]) for row in counted if row["total"]})


def _counts_by_index(seller_id: int, by: OrderFilter) -> Counts:
    kept = _kept_counts(seller_id, by)
    if kept is not None:
        return kept
    rows = base(seller_id, by, with_status=False).filter(*fits(by)).order_by()
    sql, words = _compiled(rows.values_list("status")[: MOST_COUNTED + 1])
    counts = dict(fetch(SOME.format(rows=sql), words))
    return Counts(counts, exact=sum(counts.values()) <= MOST_COUNTED)


def _by_status(rows: QuerySet[Order]) -> Mapping[str, int]:
    counted = rows.order_by().values("status").annotate(total=Count("id"))
    return {row["status"]: row["total"] for row in counted}


# --------------------------------------------------------------------------- by reading

NEWEST = "SELECT status, count(*) FILTER (WHERE fits), count(*) FROM ({window}) AS w(status, fits) GROUP BY status"
PAGE_OF_NEWEST = "SELECT id FROM ({window}) AS w(id, fits) WHERE fits LIMIT %s"
ALL = """
WITH found(id, status, placed_at) AS MATERIALIZED ({rows})
SELECT status, count(*), NULL::bigint FROM found GROUP BY status
UNION ALL
(SELECT '', 0, id FROM found WHERE {wanted} ORDER BY placed_at {way}, id {way} LIMIT %s)
"""


def _marked(rows: QuerySet[Order], by: OrderFilter, name: str) -> Any:  # noqa: ANN401 - a query of values
    """Of the first rows: a column, and whether the row fits."""
    every = Q()
    for one in fits(by):
        every &= one
    return rows.values_list(name, ExpressionWrapper(every, output_field=BooleanField()))[:WINDOW]


def _compiled(rows: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - a query of values
    sql, words = rows.query.sql_with_params()
    return sql, words


def _counts_of_newest(seller_id: int, by: OrderFilter) -> Counts:
    """How many of the newest fit, by status; exact where there are no others."""
    rows = _in_order(base(seller_id, by, with_status=False), by, None)
    sql, words = _compiled(_marked(rows, by, "status"))
    found = fetch(NEWEST.format(window=sql), words)
    read = sum(row[2] for row in found)
    return Counts({status: fit for status, fit, _all in found if fit}, exact=read < WINDOW)


def _ids_by_reading(seller_id: int, by: OrderFilter, place: tuple[datetime, int] | None, limit: int) -> list[int]:
    rows = _in_order(base(seller_id, by), by, place)
    sql, words = _compiled(_marked(rows, by, "pk"))
    ids = [row[0] for row in fetch(PAGE_OF_NEWEST.format(window=sql), [*words, limit])]
    return ids if len(ids) == limit else _all_that_fit(seller_id, by, place, limit)[0]


def _all_that_fit(
    seller_id: int, by: OrderFilter, place: tuple[datetime, int] | None, limit: int
) -> tuple[list[int], Counts]:
    rows = base(seller_id, by, with_status=False).filter(*fits(by)).order_by()
    sql, words = _compiled(rows.values_list("pk", "status", "placed_at"))
    wanted, facts = ["true"], list[Any]()
    if by.status:
        wanted.append("status = %s")
        facts.append(by.status)
    if place is not None:
        wanted.append(f"(placed_at, id) {'>' if by.oldest_first else '<'} (%s, %s)")
        facts += [*place]
    statement = ALL.format(
        rows=sql,
        wanted=" AND ".join(wanted),
        way="ASC" if by.oldest_first else "DESC",
    )
    found = fetch(statement, [*words, *facts, limit])
    counts = {status: count for status, count, order_id in found if order_id is None}
    return [order_id for _status, _count, order_id in found if order_id is not None], Counts(counts)
