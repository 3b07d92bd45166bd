"""Released work, waves, pick lists, what was short and what goes back: the manager's lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count as HowMany
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.warehouse.models import PickLine, PickList, Tote, Wave, WorkLine, WorkOrder
from entrepot.warehouse.work import OVER
from entrepot.warehouse.work_errors import WaveNotFound

State = WorkOrder.State
LATEST = "9999"
"""Sorts work without a due moment after all that has one."""


class Stop(NamedTuple):
    """Where a walk stops: what a page shows of a line. `bin` and `tote` are labels, or None."""

    pick_list_id: int
    bin: str | None
    sku: str
    name: str
    picked: int
    quantity: int
    short: int
    order_id: int
    number: str
    tote: str | None


STOP = (
    "pick_list_id", "bin__code", "item__sku", "item__name", "picked", "quantity", "short",
    "work_line__work__order_id", "work_line__work__number", "tote__code",
)  # fmt: skip
"""The columns of a `Stop`, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    """What the list of work is narrowed by. `state` "" = all that is not over; `kind` = single or several lines."""

    state: str = ""
    search: str = ""
    kind: str = ""
    carrier: str = ""
    due_before: datetime | None = None
    channel_ids: Sequence[int] | None = None


def work_list(
    *, seller_id: int, warehouse_id: int, by: WorkFilter, after: str = "", limit: int = PAGE_SIZE
) -> Page[WorkOrder]:
    """A warehouse's work, soonest due first, then oldest; each with its `lines_count`, `pieces`, `picked_pieces`."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    rows = rows.filter(state=by.state) if by.state else rows.exclude(state__in=OVER)
    if by.channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=by.channel_ids)
    if by.due_before is not None:
        rows = rows.filter(due__lt=by.due_before)
    if by.carrier:
        rows = rows.filter(carrier__icontains=by.carrier)
    if by.search:
        text = by.search.strip()
        rows = rows.filter(Q(number__icontains=text) | Q(lines__item__sku__iexact=text)).distinct()
    counted = _with_pieces(rows)
    if by.kind in {"single", "several"}:
        counted = counted.filter(lines_count=1) if by.kind == "single" else counted.filter(lines_count__gt=1)
    if key := read_bookmark(after, str, int):
        counted = counted.filter(_behind(str(key[0]), int(key[1])))
    counted = counted.select_related("order__sales_channel", "tote").order_by(F("due").asc(nulls_last=True), "pk")
    return page_of(counted, limit=limit, key=lambda row: (row.due.isoformat() if row.due else LATEST, row.pk))


def _behind(due: str, pk: int) -> Q:
    try:
        at = datetime.fromisoformat(due)
    except ValueError:
        return Q(due__isnull=True, pk__gt=pk)
    return Q(due__gt=at) | Q(due=at, pk__gt=pk) | Q(due__isnull=True)


def _with_pieces(rows: QuerySet[WorkOrder]) -> QuerySet[Any]:
    lines = WorkLine.objects.filter(work=OuterRef("pk")).order_by().values("work")

    def counted(what: object) -> Coalesce:
        return Coalesce(Subquery(lines.annotate(n=what).values("n")), 0, output_field=IntegerField())

    return rows.annotate(
        lines_count=counted(HowMany("pk")),
        pieces=counted(Sum(F("quantity") - F("short"))),
        picked_pieces=counted(Sum("picked")),
        short_pieces=counted(Sum("short")),
    )


def work_counts(*, seller_id: int, warehouse_id: int, channel_ids: Sequence[int] | None = None) -> Mapping[str, int]:
    """How much work stands at each state that is not over."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id).exclude(state__in=OVER)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    return dict(rows.order_by().values_list("state").annotate(n=HowMany("pk")))


def waves(*, seller_id: int, warehouse_id: int, state: str = "", after: str = "", limit: int = PAGE_SIZE) -> Page[Wave]:
    """Waves, newest first, each with its `lists`, `orders`, `pieces` and how many of them are `through`."""
    rows = Wave.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    if state:
        rows = rows.filter(state=state)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__lt=key[0])
    return page_of(_with_progress(rows).order_by("-pk"), limit=limit, key=lambda row: (row.pk,))


def wave_of(*, seller_id: int, wave_id: int, warehouse_ids: Sequence[int] | None = None) -> Wave:
    """One wave with its warehouse and progress.

    Raises:
        WaveNotFound: There is none, it is another seller's, or the person may not see its warehouse.
    """
    rows = Wave.objects.filter(seller_id=seller_id, pk=wave_id).select_related("warehouse")
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    found: Wave | None = _with_progress(rows).first()
    if found is None:
        raise WaveNotFound(wave_id=wave_id)
    return found


def _with_progress(rows: QuerySet[Wave]) -> QuerySet[Any]:
    lines = PickLine.objects.filter(pick_list__wave=OuterRef("pk")).order_by().values("pick_list__wave")

    def counted(what: object) -> Coalesce:
        return Coalesce(Subquery(lines.annotate(n=what).values("n")), 0, output_field=IntegerField())

    return rows.annotate(
        lists=HowMany("pick_lists"),
        orders=counted(HowMany("work_line__work", distinct=True)),
        pieces=counted(Sum("quantity")),
        through=counted(Sum(F("picked") + F("short"))),
    )


def pick_lists_of(*, seller_id: int, wave_id: int) -> Sequence[PickList]:
    """The lists of a wave with their zones, `pieces`, and how many are `through` (picked or short)."""
    rows = PickList.objects.filter(seller_id=seller_id, wave_id=wave_id).select_related("zone")
    counted = rows.annotate(
        stops=HowMany("lines"),
        pieces=Sum("lines__quantity", default=0),
        through=Sum(F("lines__picked") + F("lines__short"), default=0),
        missing=Sum("lines__short", default=0),
    )
    return list(counted.order_by("pk"))


def pick_lines(
    *, seller_id: int, pick_list_ids: Sequence[int], channel_ids: Sequence[int] | None = None
) -> Sequence[PickLine]:
    """What stands on these lists, in walking order; of orders of these stores only."""
    rows = _on_lists(seller_id, pick_list_ids, channel_ids)
    return list(rows.select_related("bin__zone", "item", "tote", "work_line__work", "pick_list"))


def stops(
    *, seller_id: int, pick_list_ids: Sequence[int], channel_ids: Sequence[int] | None = None
) -> Mapping[int, Sequence[Stop]]:
    """The same by list, and of each line only what a page shows: a wave has hundreds."""
    found: dict[int, list[Stop]] = {pk: [] for pk in pick_list_ids}
    for row in _on_lists(seller_id, pick_list_ids, channel_ids).values_list(*STOP):
        found[row[0]].append(Stop._make(row))
    return found


def _on_lists(seller_id: int, pick_list_ids: Sequence[int], channel_ids: Sequence[int] | None) -> QuerySet[PickLine]:
    rows = PickLine.objects.filter(pick_list__seller_id=seller_id, pick_list_id__in=pick_list_ids)
    if channel_ids is not None:
        rows = rows.filter(work_line__work__order__sales_channel_id__in=channel_ids)
    return rows.order_by("pick_list_id", "position")


def shorts(
    *,
    seller_id: int,
    warehouse_id: int,
    channel_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[PickLine]:
    """What was not where the books said, newest first."""
    rows = PickLine.objects.filter(
        pick_list__seller_id=seller_id, pick_list__wave__warehouse_id=warehouse_id, short__gt=0
    )
    if channel_ids is not None:
        rows = rows.filter(work_line__work__order__sales_channel_id__in=channel_ids)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__lt=key[0])
    rows = rows.select_related("bin", "item", "pick_list", "work_line__work__order")
    return page_of(rows.order_by("-pk"), limit=limit, key=lambda row: (row.pk,))


def put_backs(
    *,
    seller_id: int,
    warehouse_id: int,
    channel_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[WorkLine]:
    """What was picked for orders that turned back and still lies in staging, the oldest first."""
    rows = WorkLine.objects.filter(work__seller_id=seller_id, work__warehouse_id=warehouse_id)
    rows = rows.filter(work__state=State.RECALLED, picked__gt=0).select_related("item", "work__order")
    if channel_ids is not None:
        rows = rows.filter(work__order__sales_channel_id__in=channel_ids)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__gt=key[0])
    return page_of(rows.order_by("pk"), limit=limit, key=lambda row: (row.pk,))


def totes(*, seller_id: int, warehouse_id: int) -> Sequence[Tote]:
    """A warehouse's totes by label, with the work that lies in them."""
    rows = Tote.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id).select_related("work")
    return list(rows.order_by("-active", "code"))


def tote_of(*, seller_id: int, tote_id: int, warehouse_ids: Sequence[int] | None = None) -> Tote | None:
    """One tote, if the person may see its warehouse."""
    rows = Tote.objects.filter(seller_id=seller_id, pk=tote_id)
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    return rows.first()


def mine_of(
    *,
    seller_id: int,
    work_ids: Sequence[int],
    warehouse_ids: Sequence[int] | None = None,
    channel_ids: Sequence[int] | None = None,
) -> list[int]:
    """Of these ids the work that a person may touch."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, pk__in=work_ids)
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Fit:
    """What a wave of one kind would take now: `orders` of those that `wait`, with their pieces; `free` totes."""

    kind: str
    waits: int
    orders: int
    pieces: int
    zones: int
    free: int


def fits(*, seller_id: int, warehouse_id: int, limit: int = 50, channel_ids: Sequence[int] | None = None) -> list[Fit]:
    """What each kind of wave would take if it were made now. Nothing is set aside by asking."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, state=State.RELEASED)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    counted = _with_pieces(rows).order_by(F("due").asc(nulls_last=True), "pk")
    waiting = list(counted.values_list("pk", "lines_count", "pieces"))
    free = Tote.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, active=True, work__isnull=True).count()
    found = []
    for kind in Wave.Kind.values:
        fitting = [row for row in waiting if kind != Wave.Kind.SINGLE or row[1] == 1]
        taken = fitting[: min(limit, free) if kind == Wave.Kind.CART else limit]
        zones = _zones(seller_id, warehouse_id, [row[0] for row in taken]) if kind == Wave.Kind.ZONE else 0
        found.append(Fit(kind, len(waiting), len(taken), sum(row[2] for row in taken), zones, free))
    return found


def _zones(seller_id: int, warehouse_id: int, work_ids: Sequence[int]) -> int:
    """How many zones hold something of this work."""
    asked = WorkLine.objects.filter(
        work__seller_id=seller_id, work_id__in=work_ids, item__bin_stock__warehouse_id=warehouse_id
    )
    rows = asked.filter(item__bin_stock__quantity__gt=0).exclude(item__bin_stock__bin__zone__kind="staging")
    return rows.order_by().values("item__bin_stock__bin__zone_id").distinct().count()
