"""The one way bins change: who holds the lock of an item's stock row moves it between bins, and each step is kept.

On hand is what lies in bins (`Stock.located`) and what has no bin ("unlocated"), which is arithmetic and never below
zero: bins fall before on hand falls, and rise after it rose.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from entrepot.catalog.rows import clip, fetch, run
from entrepot.inventory.errors import BinClosed, BinNotFound, NotThere, PickedStays
from entrepot.inventory.models import BinMove
from entrepot.kernel.actor import Actor

NO_BIN: Final = 0
"""Names the place of what lies in no bin, where None would mean "in the usual order"."""

# Nobody else writes these bin rows: the caller holds their stock rows. A fall below zero, or of what was never there,
# breaks `bin_stock_not_negative`.
SHIFT = """
WITH asked AS (
    SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::text[],
                         %s::text[])
        AS t(n, item_id, warehouse_id, from_bin, to_bin, quantity, kind, reference)
), shifts AS MATERIALIZED (
    SELECT a.* FROM asked a
    LEFT JOIN inventory_bin f ON f.id = a.from_bin AND f.warehouse_id = a.warehouse_id AND f.seller_id = %s
    LEFT JOIN inventory_bin t ON t.id = a.to_bin AND t.warehouse_id = a.warehouse_id AND t.seller_id = %s
    WHERE (a.from_bin IS NULL OR f.id IS NOT NULL) AND (a.to_bin IS NULL OR t.id IS NOT NULL)
), deltas AS (
    SELECT bin_id, item_id, warehouse_id, sum(quantity)::int AS quantity FROM (
        SELECT to_bin AS bin_id, item_id, warehouse_id, quantity FROM shifts WHERE to_bin IS NOT NULL
        UNION ALL
        SELECT from_bin, item_id, warehouse_id, -quantity FROM shifts WHERE from_bin IS NOT NULL
    ) legs GROUP BY bin_id, item_id, warehouse_id
), changed AS (
    UPDATE inventory_binstock b SET quantity = b.quantity + d.quantity, changed_at = %s FROM deltas d
    WHERE b.bin_id = d.bin_id AND b.item_id = d.item_id
), made AS (
    INSERT INTO inventory_binstock (seller_id, warehouse_id, bin_id, item_id, quantity, changed_at)
    SELECT %s, d.warehouse_id, d.bin_id, d.item_id, d.quantity, %s FROM deltas d
    WHERE NOT EXISTS (SELECT 1 FROM inventory_binstock b WHERE b.bin_id = d.bin_id AND b.item_id = d.item_id)
), counted AS (
    UPDATE inventory_stock s SET located = s.located + d.quantity
    FROM (SELECT item_id, warehouse_id, sum(quantity)::int AS quantity FROM deltas GROUP BY item_id, warehouse_id) d
    WHERE s.seller_id = %s AND s.item_id = d.item_id AND s.warehouse_id = d.warehouse_id AND d.quantity <> 0
)
INSERT INTO inventory_binmove (seller_id, warehouse_id, item_id, from_bin_id, to_bin_id, quantity, kind, reference,
                               reason, actor_kind, actor_label, at)
SELECT %s, warehouse_id, item_id, from_bin, to_bin, quantity, kind, reference, %s, %s, %s, %s FROM shifts ORDER BY n
"""

# Shared, so that a bin is not closed while something is laid into it.
TARGETS = """
SELECT id, code, active FROM inventory_bin WHERE seller_id = %s AND id = ANY(%s) ORDER BY id FOR SHARE
"""

FILLED = """
SELECT b.item_id, b.warehouse_id, b.bin_id, b.quantity, z.kind = 'staging'
FROM inventory_binstock b JOIN inventory_bin p ON p.id = b.bin_id JOIN inventory_zone z ON z.id = p.zone_id
WHERE b.seller_id = %s AND b.quantity > 0
  AND (b.item_id, b.warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
ORDER BY b.item_id, b.warehouse_id, z.kind <> 'staging', p.path, p.id
"""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """`quantity` of an item from one bin to another of its warehouse; None = from or to no bin."""

    item_id: int
    warehouse_id: int
    quantity: int
    kind: str
    from_bin: int | None = None
    to_bin: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Fall:
    """On hand of an item falls by `quantity`: out of `bin_id`, out of no bin (NO_BIN), or in the usual order (None).

    `sold`: it leaves with its order, `picked`: for which it was picked. What was sold without being picked here takes
    what is picked for others only where there is nothing else; what is not sold never does.
    """

    item_id: int
    warehouse_id: int
    quantity: int
    kind: str
    reference: str
    bin_id: int | None = None
    sold: bool = False
    picked: bool = True


def shift(seller_id: int, shifts: Sequence[Shift], *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Move goods between bins in one statement, one history row each. The caller holds the stock rows' locks.

    Raises:
        BinNotFound: A bin is not this seller's, or not in the warehouse named.
        BinClosed: Something would be laid into a closed bin.
        django.db.IntegrityError: A bin would fall below zero, or more lie in bins than is on hand.
    """
    if not shifts:
        return
    _refuse_closed(seller_id, {one.to_bin for one in shifts if one.to_bin})
    columns = [
        list(range(len(shifts))),
        [one.item_id for one in shifts],
        [one.warehouse_id for one in shifts],
        [one.from_bin for one in shifts],
        [one.to_bin for one in shifts],
        [one.quantity for one in shifts],
        [str(one.kind) for one in shifts],
        [clip(one.reference, 80) for one in shifts],
    ]
    who = [clip(reason, 300), actor.kind, clip(actor.label, 120), at]
    written = run(SHIFT, [*columns, seller_id, seller_id, at, seller_id, at, seller_id, seller_id, *who])
    if written != len(shifts):
        raise BinNotFound(f"{written} of {len(shifts)} shifts have their bins")


def plan_falls(seller_id: int, falls: Sequence[Fall], unlocated: Mapping[Pair, int]) -> list[Shift]:
    """Say out of which bins these falls go: what has no bin, then bins by path; staging as `Fall` says.

    A fall that names its place goes out of that place and no other. `unlocated` is what lies in no bin, from the
    locked figures.

    Raises:
        NotThere: A named place holds less.
        PickedStays: Only what is picked is left.
    """
    places = _places(seller_id, falls, unlocated)
    named = [fall for fall in falls if fall.bin_id is not None]
    usual = [fall for fall in falls if fall.bin_id is None]
    shifts: list[Shift] = []
    for fall in [*named, *usual]:
        there = places[fall.item_id, fall.warehouse_id]
        left = fall.quantity
        for place in there.leaving(fall) if fall.bin_id is None else [fall.bin_id]:
            taken = min(left, there.quantities.get(place, 0))
            left -= taken
            if taken:
                there.quantities[place] -= taken
            if taken and place != NO_BIN:
                shifts.append(_falling(fall, place, taken))
        if left and fall.bin_id is not None:
            raise not_there(seller_id, fall.item_id, fall.bin_id, fall.quantity - left, fall.quantity)
        if left and not fall.sold:
            raise picked_stays(seller_id, fall.item_id, there.staged, fall.quantity - left, fall.quantity)
    return shifts


@dataclass(slots=True)
class _There:
    """What of an item lies where in a warehouse, NO_BIN among the places; `staging` of them hold what is picked."""

    quantities: dict[int, int]
    staging: frozenset[int]

    @property
    def staged(self) -> int:
        """What is picked and waits."""
        return sum(self.quantities[place] for place in self.staging)

    def leaving(self, fall: Fall) -> list[int]:
        """The places in the usual order of leaving."""
        if not fall.sold:
            return [place for place in self.quantities if place not in self.staging]
        return sorted(self.quantities, key=lambda place: (place in self.staging) != fall.picked)


def _places(seller_id: int, falls: Iterable[Fall], unlocated: Mapping[Pair, int]) -> dict[Pair, _There]:
    pairs = sorted({(fall.item_id, fall.warehouse_id) for fall in falls})
    rows = fetch(FILLED, [seller_id, [pair[0] for pair in pairs], [pair[1] for pair in pairs]])
    places: dict[Pair, _There] = {}
    for pair in pairs:
        mine = [row for row in rows if (row[0], row[1]) == pair]
        quantities = {NO_BIN: unlocated.get(pair, 0)} | {row[2]: row[3] for row in mine}
        places[pair] = _There(quantities, frozenset(row[2] for row in mine if row[4]))
    return places


def _falling(fall: Fall, bin_id: int, quantity: int) -> Shift:
    return Shift(
        item_id=fall.item_id,
        warehouse_id=fall.warehouse_id,
        quantity=quantity,
        kind=fall.kind,
        from_bin=bin_id,
        reference=fall.reference,
    )


def not_there(seller_id: int, item_id: int, bin_id: int, there: int, wanted: int) -> NotThere:
    """The refusal that names item and place."""
    sku = fetch("SELECT sku FROM catalog_item WHERE seller_id = %s AND id = %s", [seller_id, item_id])
    place = fetch("SELECT code FROM inventory_bin WHERE seller_id = %s AND id = %s", [seller_id, bin_id])
    return NotThere(
        item_id=item_id,
        bin_id=bin_id,
        sku=sku[0][0] if sku else "",
        bin=place[0][0] if place else "–",
        there=there,
        wanted=wanted,
    )


def picked_stays(seller_id: int, item_id: int, staged: int, there: int, wanted: int) -> PickedStays:
    """The refusal of a fall that only what is picked could meet."""
    sku = fetch("SELECT sku FROM catalog_item WHERE seller_id = %s AND id = %s", [seller_id, item_id])
    return PickedStays(item_id=item_id, sku=sku[0][0] if sku else "", staged=staged, there=there, wanted=wanted)


def staged_of(seller_id: int, pairs: Iterable[Pair]) -> dict[Pair, int]:
    """How much of each item is picked and waits in each warehouse, `{(item, warehouse): quantity}`."""
    asked = sorted(pairs)
    found: dict[Pair, int] = {}
    for row in fetch(FILLED, [seller_id, [pair[0] for pair in asked], [pair[1] for pair in asked]]) if asked else ():
        if row[4]:
            found[row[0], row[1]] = found.get((row[0], row[1]), 0) + row[3]
    return found


def leaving_kind(kind: str) -> str:
    """How a fall of on hand is called at the bin."""
    return BinMove.Kind.COUNT if kind == "count" else BinMove.Kind.LEAVE


def arriving_kind(kind: str) -> str:
    """How a rise of on hand is called at the bin."""
    return {"count": BinMove.Kind.COUNT, "return": BinMove.Kind.RETURN}.get(kind, BinMove.Kind.ARRIVE)


def _refuse_closed(seller_id: int, bin_ids: set[int]) -> None:
    if not bin_ids:
        return
    rows = fetch(TARGETS, [seller_id, sorted(bin_ids)])
    if len(rows) != len(bin_ids):
        raise BinNotFound(bin_id=min(bin_ids - {row[0] for row in rows}))
    if closed := next((row for row in rows if not row[2]), None):
        raise BinClosed(bin=closed[1])
