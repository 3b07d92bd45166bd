"""The one way stock changes: locked rows in one order, and for every change one movement with the figures after it.

What lies in bins changes with it: bins fall before on hand falls and rise after it rose. Where nothing lies in bins,
not one statement more is run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from entrepot.catalog.rows import clip, fetch, run
from entrepot.inventory.bins import NO_BIN, Fall, Shift, arriving_kind, leaving_kind, plan_falls, shift
from entrepot.inventory.errors import StockItemNotFound
from entrepot.kernel.actor import Actor

LOCK = """
SELECT item_id, warehouse_id, on_hand, reserved, located,
       (SELECT i.kind = 'kit' FROM catalog_item i WHERE i.id = s.item_id)
FROM inventory_stock s WHERE seller_id = %s AND item_id = ANY(%s) ORDER BY item_id, warehouse_id FOR UPDATE OF s
"""

# Locks what is there and makes what is missing in one pass, in the same order as LOCK: `DO UPDATE … WHERE false`
# locks a row without writing it.
LOCK_OR_OPEN = """
INSERT INTO inventory_stock (seller_id, item_id, warehouse_id, on_hand, reserved, incoming, version, changed_at)
SELECT %s, item_id, warehouse_id, 0, 0, 0, 0, %s FROM (
    SELECT item_id, warehouse_id FROM inventory_stock WHERE seller_id = %s AND item_id = ANY(%s)
    UNION
    SELECT i.id, w.id FROM catalog_item i JOIN inventory_warehouse w ON w.seller_id = i.seller_id
    WHERE i.seller_id = %s AND i.id = ANY(%s) AND i.kind <> 'kit' AND w.id = ANY(%s)
) pairs ORDER BY item_id, warehouse_id
ON CONFLICT (item_id, warehouse_id) DO UPDATE SET version = inventory_stock.version WHERE false
"""

APPLY = """
WITH steps AS (
    SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::text[], %s::text[])
        AS t(n, item_id, warehouse_id, on_hand_delta, reserved_delta, kind, reference)
), locked AS MATERIALIZED (
    SELECT s.id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.version FROM inventory_stock s
    WHERE s.seller_id = %s AND (s.item_id, s.warehouse_id) IN (SELECT item_id, warehouse_id FROM steps)
    ORDER BY s.item_id, s.warehouse_id FOR UPDATE
), numbered AS (
    SELECT t.*, l.id AS stock_id, l.on_hand + sum(t.on_hand_delta) OVER up_to_here AS on_hand_after,
           l.reserved + sum(t.reserved_delta) OVER up_to_here AS reserved_after,
           l.version + row_number() OVER up_to_here AS version_after
    FROM steps t JOIN locked l USING (item_id, warehouse_id)
    WINDOW up_to_here AS (PARTITION BY l.id ORDER BY t.n)
), changed AS (
    UPDATE inventory_stock s SET on_hand = s.on_hand + c.on_hand_delta, reserved = s.reserved + c.reserved_delta,
        version = s.version + c.steps, changed_at = %s
    FROM (SELECT stock_id, sum(on_hand_delta) AS on_hand_delta, sum(reserved_delta) AS reserved_delta,
                 count(*) AS steps FROM numbered GROUP BY stock_id) c
    WHERE s.id = c.stock_id
)
INSERT INTO inventory_movement (seller_id, item_id, warehouse_id, kind, on_hand_delta, reserved_delta, on_hand_after,
                                reserved_after, version, reference, reason, actor_kind, actor_label, at)
SELECT %s, item_id, warehouse_id, kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after, version_after,
       reference, %s, %s, %s, %s
FROM numbered ORDER BY stock_id, n
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one item in one warehouse.

    `bin_id`: the bin that on hand falls out of or rises into, NO_BIN = none; None = falls in the usual order (no bin,
    bins by path; what is sold and was `picked` leaves staging first) and rises into no bin.
    """

    item_id: int
    warehouse_id: int
    kind: str
    reference: str
    on_hand: int = 0
    reserved: int = 0
    bin_id: int | None = None
    picked: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """What a stock row says while it is locked. The row of a kit has a version of its own, never a figure."""

    on_hand: int
    reserved: int
    located: int = 0
    is_kit: bool = False

    @property
    def available(self) -> int:
        """What may still be promised."""
        return self.on_hand - self.reserved

    @property
    def unlocated(self) -> int:
        """What lies in no bin."""
        return self.on_hand - self.located


Figures = Mapping[tuple[int, int], Figure]


def lock(seller_id: int, item_ids: Iterable[int], *, open_in: Sequence[int] = ()) -> Figures:
    """Lock the stock rows of these items in (item, warehouse) order and tell their figures.

    Every verb that touches stock in more than one step locks everything it will touch here, once, first. With `open_in`
    the rows missing in these warehouses are made on the way.
    """
    items = sorted(set(item_ids))
    if open_in:
        now = timezone.now()
        run(LOCK_OR_OPEN, [seller_id, now, seller_id, items, seller_id, items, sorted(open_in)])
    return {(row[0], row[1]): Figure(*row[2:]) for row in fetch(LOCK, [seller_id, items])}


def write(
    seller_id: int,
    steps: Sequence[Step],
    *,
    actor: Actor,
    figures: Figures | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Move the figures and write one movement for each step, in one statement; what lies in bins moves with them.

    `figures`: what `lock` told, needed as soon as on hand falls.

    Raises:
        NotThere: A step names a bin that holds less than it takes.
        PickedStays: A step names no bin, is no sale, and only what is picked is left.
        BinNotFound: A step names a bin that is not in its warehouse.
        BinClosed: A step lays something into a closed bin.
        StockItemNotFound: A step names a row that is not this seller's; nothing was written.
        django.db.IntegrityError: A figure would fall below zero, or more be promised than is there.
    """
    if not steps:
        return
    now = at or timezone.now()
    shift(seller_id, _falling(seller_id, steps, figures), actor=actor, at=now, reason=reason)
    written = run(
        APPLY,
        [
            list(range(len(steps))),
            [step.item_id for step in steps],
            [step.warehouse_id for step in steps],
            [step.on_hand for step in steps],
            [step.reserved for step in steps],
            [str(step.kind) for step in steps],
            [clip(step.reference, 80) for step in steps],
            seller_id,
            now,
            seller_id,
            clip(reason, 300),
            actor.kind,
            clip(actor.label, 120),
            now,
        ],
    )
    if written != len(steps):
        raise StockItemNotFound(f"{written} of {len(steps)} steps have a stock row")
    shift(seller_id, _rising(steps), actor=actor, at=now, reason=reason)


def _falling(seller_id: int, steps: Sequence[Step], figures: Figures | None) -> list[Shift]:
    """What leaves bins with these steps; nothing is asked where nothing lies in bins."""
    lowering = [step for step in steps if step.on_hand < 0]
    if not lowering:
        return []
    if figures is None:
        raise RuntimeError("on hand falls: lock the rows first and say what the lock told")
    falls = [
        Fall(
            step.item_id,
            step.warehouse_id,
            -step.on_hand,
            leaving_kind(step.kind),
            step.reference,
            step.bin_id,
            sold=step.kind == "sale",
            picked=step.picked,
        )
        for step in lowering
        if step.bin_id is not None or _located(figures, step)
    ]
    return plan_falls(seller_id, falls, {key: row.unlocated for key, row in figures.items()}) if falls else []


def _located(figures: Figures, step: Step) -> int:
    found = figures.get((step.item_id, step.warehouse_id))
    return found.located if found else 0


def _rising(steps: Sequence[Step]) -> list[Shift]:
    return [
        Shift(
            item_id=step.item_id,
            warehouse_id=step.warehouse_id,
            quantity=step.on_hand,
            kind=arriving_kind(step.kind),
            to_bin=step.bin_id,
            reference=step.reference,
        )
        for step in steps
        if step.on_hand > 0 and step.bin_id not in {None, NO_BIN}
    ]
