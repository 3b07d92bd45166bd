"""A stock figure over time: every step of the ledger with its cause, thinned out where there are too many to draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final, NamedTuple

from django.db.models import BigIntegerField, Func

from entrepot.inventory.models import Movement, Stock

MOST_READ = 5_000
"""So many movements are read; the oldest of a longer stretch are not looked at."""
MOST_DRAWN = 400
"""So many steps are drawn, and stand in the table."""
MOST_NAMED = 160
"""So many of those that a person caused (receipts, counts, adjustments, transfers) stay, whatever else is left out."""
STRETCHES = 78
"""The rest is cut in so many equal stretches of time, of each of which three steps stay."""
BY_PERSONS = frozenset(
    {
        Movement.Kind.OPENING,
        Movement.Kind.RECEIPT,
        Movement.Kind.ADJUSTMENT,
        Movement.Kind.COUNT,
        Movement.Kind.TRANSFER_IN,
        Movement.Kind.TRANSFER_OUT,
    }
)


MICROSECONDS: Final = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _Moved(NamedTuple):
    """What is read of every movement of a long stretch; whole are read only those that are drawn.

    Moments are microseconds since 1970: making thousands of datetimes takes longer than all else here.
    """

    id: int
    moment: int
    kind: str
    warehouse_id: int
    on_hand_delta: int
    reserved_delta: int
    on_hand_after: int
    reserved_after: int


class Figured(NamedTuple):
    """The figures after a movement, over all the warehouses asked for, and which movement it was."""

    moment: int
    on_hand: int
    reserved: int
    kind: str
    movement_id: int


@dataclass(frozen=True, slots=True)
class Step:
    """The same with the movement itself."""

    at: datetime
    on_hand: int
    reserved: int
    movement: Movement

    @property
    def available(self) -> int:
        """What can be promised."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class History:
    """An item's figures from `since` on: how they stood then (`before`: on hand, reserved), and the steps after.

    `moved`: how many movements there were; where that is more than there are steps, some were left out. Not `whole`:
    there are older ones still in these days, which were not read.
    """

    since: datetime
    before: tuple[int, int]
    steps: Sequence[Step]
    moved: int
    whole: bool


def history(
    *,
    seller_id: int,
    item_id: int,
    since: datetime | None,
    warehouse_ids: Sequence[int] | None = None,
) -> History | None:
    """What became of the item's stock since then (None: ever), or None where nothing was ever counted."""
    standing = Stock.objects.filter(seller_id=seller_id, item_id=item_id)
    rows = Movement.objects.filter(seller_id=seller_id, item_id=item_id)
    if warehouse_ids is not None:
        standing = standing.filter(warehouse_id__in=warehouse_ids)
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    if since is not None:
        rows = rows.filter(at__gte=since)
    now = {row.warehouse_id: (row.on_hand, row.reserved) for row in standing}
    if not now:
        return None
    timed = rows.annotate(moment=Func("at", template=MICROSECONDS, output_field=BigIntegerField()))
    newest = timed.order_by("-at", "-id").values_list(*_Moved._fields)[: MOST_READ + 1]
    read = list(map(_Moved._make, newest))
    whole = len(read) <= MOST_READ
    moves = sorted(read[:MOST_READ])
    figures = _before(moves, now)
    before = _sum(figures)
    steps = _whole(seller_id, thinned(_steps(moves, figures)))
    begin = since if since is not None and whole else _at(moves[0].moment) if moves else since
    return History(begin, before, steps, len(moves), whole) if begin is not None else None


def _whole(seller_id: int, kept: Sequence[Figured]) -> Sequence[Step]:
    rows = Movement.objects.filter(seller_id=seller_id).select_related("warehouse")
    known = rows.in_bulk([row.movement_id for row in kept])
    return [Step(_at(row.moment), row.on_hand, row.reserved, known[row.movement_id]) for row in kept]


def _at(moment: int) -> datetime:
    return EPOCH + timedelta(microseconds=moment)


def _before(moves: Sequence[_Moved], now: Mapping[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """How each warehouse stood before the first of these; one that none concerns stood as it does now."""
    figures = dict(now)
    for move in reversed(moves):
        figures[move.warehouse_id] = (
            move.on_hand_after - move.on_hand_delta,
            move.reserved_after - move.reserved_delta,
        )
    return figures


def _sum(figures: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    return sum(pair[0] for pair in figures.values()), sum(pair[1] for pair in figures.values())


def _steps(moves: Iterable[_Moved], before: Mapping[int, tuple[int, int]]) -> Sequence[Figured]:
    figures = dict(before)
    on_hand, reserved = _sum(figures)
    latest = 0
    steps: list[Figured] = []
    for movement_id, moment, kind, warehouse_id, _on_hand, _reserved, on_hand_after, reserved_after in moves:
        was = figures[warehouse_id]
        figures[warehouse_id] = on_hand_after, reserved_after
        on_hand += on_hand_after - was[0]
        reserved += reserved_after - was[1]
        latest = max(moment, latest)  # two at once: one waited for the other
        steps.append(Figured(latest, on_hand, reserved, kind, movement_id))
    return steps


def thinned(steps: Sequence[Figured]) -> Sequence[Figured]:
    """At most `MOST_DRAWN` of these steps, in their order.

    The first and the last stay, the newest `MOST_NAMED` of those that a person caused, and of each stretch of time the
    last, the one with least available and the one with most on hand. So no shortage is left out, and every line ends
    a stretch where it truly stood.
    """
    if len(steps) <= MOST_DRAWN:
        return steps
    named = [place for place, step in enumerate(steps) if step.kind in BY_PERSONS][-MOST_NAMED:]
    kept = {0, len(steps) - 1, *named}
    for stretch in _stretches(steps):
        kept.add(stretch[-1])
        kept.add(min(stretch, key=lambda place: steps[place].on_hand - steps[place].reserved))
        kept.add(max(stretch, key=lambda place: steps[place].on_hand))
    return [steps[place] for place in sorted(kept)]


def _stretches(steps: Sequence[Figured]) -> Iterable[Sequence[int]]:
    moments = list(map(attrgetter("moment"), steps))
    begin = min(moments)
    length = max((max(moments) - begin) / STRETCHES, 1)
    places: dict[int, list[int]] = {}
    for place, moment in enumerate(moments):
        places.setdefault(min(int((moment - begin) / length), STRETCHES - 1), []).append(place)
    return places.values()
