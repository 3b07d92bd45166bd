"""A stock figure over time: every step of the ledger with its cause, thinned out where there are too many to draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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


@dataclass(frozen=True, slots=True)
class Step:
    """The figures after a movement, over all the warehouses asked for."""

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
    newest = list(rows.select_related("warehouse").order_by("-at", "-id")[: MOST_READ + 1])
    whole = len(newest) <= MOST_READ
    moves = sorted(newest[:MOST_READ], key=lambda move: move.pk)
    figures = _before(moves, now)
    before = _sum(figures)
    steps = thinned(_steps(moves, figures))
    begin = since if since is not None and whole else moves[0].at if moves else since
    return History(begin, before, steps, len(moves), whole) if begin is not None else None


def _before(moves: Sequence[Movement], now: Mapping[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
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


def _steps(moves: Iterable[Movement], before: Mapping[int, tuple[int, int]]) -> Sequence[Step]:
    figures = dict(before)
    on_hand, reserved = _sum(figures)
    steps: list[Step] = []
    for move in moves:
        was = figures[move.warehouse_id]
        figures[move.warehouse_id] = move.on_hand_after, move.reserved_after
        on_hand += move.on_hand_after - was[0]
        reserved += move.reserved_after - was[1]
        at = max(move.at, steps[-1].at) if steps else move.at  # two at once: one waited for the other
        steps.append(Step(at, on_hand, reserved, move))
    return steps


def thinned(steps: Sequence[Step]) -> Sequence[Step]:
    """At most `MOST_DRAWN` of these steps, in their order.

    The first and the last stay, the newest `MOST_NAMED` of those that a person caused, and of each stretch of time the
    last, the one with least available and the one with most on hand. So no shortage is left out, and every line ends
    a stretch where it truly stood.
    """
    if len(steps) <= MOST_DRAWN:
        return steps
    named = [place for place, step in enumerate(steps) if step.movement.kind in BY_PERSONS][-MOST_NAMED:]
    kept = {0, len(steps) - 1, *named}
    for stretch in _stretches(steps):
        kept.add(stretch[-1])
        kept.add(min(stretch, key=lambda place: steps[place].available))
        kept.add(max(stretch, key=lambda place: steps[place].on_hand))
    return [steps[place] for place in sorted(kept)]


def _stretches(steps: Sequence[Step]) -> Iterable[Sequence[int]]:
    begin = min(step.at for step in steps)
    length = max((max(step.at for step in steps) - begin) / STRETCHES, timedelta(microseconds=1))
    places: dict[int, list[int]] = {}
    for place, step in enumerate(steps):
        places.setdefault(min(int((step.at - begin) / length), STRETCHES - 1), []).append(place)
    return places.values()
