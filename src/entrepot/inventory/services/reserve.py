"""Setting stock aside. Check and take are one statement; whatever runs at once, no unit is promised twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip, fetch
from entrepot.inventory.errors import NotEnoughStock
from entrepot.inventory.ledger import Step, lock, write
from entrepot.inventory.models import Movement
from entrepot.inventory.parts import Demand, demand, held_demand, recipes
from entrepot.inventory.services.leave import give_back
from entrepot.inventory.services.warehouses import default_warehouse
from entrepot.inventory.wants import Take, Want
from entrepot.kernel.actor import Actor

# Wants stand in a row for each item, and so does the supply of its warehouses (the default one first); where the two
# rows overlap, that much is taken there. The condition in `moved` and the constraint of the table stand behind it. Run
# it with the rows locked already: a statement that waits for a row judges it by the older snapshot it began with, in
# which a unit that came free meanwhile is still taken.
RESERVE = """
WITH wanted AS (
    SELECT t.*, sum(quantity) OVER (PARTITION BY item_id ORDER BY n) AS upto
    FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::int[]) AS t(n, reference, item_id, quantity)
), locked AS MATERIALIZED (
    SELECT s.id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.version, w.is_default
    FROM inventory_stock s JOIN inventory_warehouse w ON w.id = s.warehouse_id AND w.active
    WHERE s.seller_id = %s AND s.item_id = ANY(%s) ORDER BY s.item_id, s.warehouse_id FOR UPDATE OF s
), supply AS (
    SELECT l.*, l.on_hand - l.reserved AS free,
           sum(l.on_hand - l.reserved) OVER (PARTITION BY item_id ORDER BY NOT is_default, warehouse_id) AS upto
    FROM locked l
), taken AS (
    SELECT w.n, w.reference, s.id AS stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.version,
           (LEAST(w.upto, s.upto) - GREATEST(w.upto - w.quantity, s.upto - s.free))::int AS quantity
    FROM wanted w JOIN supply s USING (item_id)
    WHERE LEAST(w.upto, s.upto) > GREATEST(w.upto - w.quantity, s.upto - s.free)
), moved AS (
    UPDATE inventory_stock s SET reserved = s.reserved + c.quantity, version = s.version + c.steps, changed_at = %s
    FROM (SELECT stock_id, sum(quantity) AS quantity, count(*) AS steps FROM taken GROUP BY stock_id) c
    WHERE s.id = c.stock_id AND s.on_hand - s.reserved >= c.quantity
    RETURNING s.id
), granted AS (
    SELECT * FROM taken WHERE stock_id IN (SELECT id FROM moved)
), kept AS (
    INSERT INTO inventory_reservation AS r (seller_id, item_id, warehouse_id, reference, quantity, created_at)
    SELECT %s, item_id, warehouse_id, reference, sum(quantity), %s FROM granted
    GROUP BY reference, item_id, warehouse_id
    ON CONFLICT (reference, item_id, warehouse_id) DO UPDATE SET quantity = r.quantity + excluded.quantity
), noted AS (
    INSERT INTO inventory_movement (seller_id, item_id, warehouse_id, kind, on_hand_delta, reserved_delta,
                                    on_hand_after, reserved_after, version, reference, reason, actor_kind,
                                    actor_label, at)
    SELECT %s, item_id, warehouse_id, 'reservation', 0, quantity, on_hand,
           reserved + sum(quantity) OVER up_to_here, version + row_number() OVER up_to_here, reference, '', %s, %s, %s
    FROM granted WINDOW up_to_here AS (PARTITION BY stock_id ORDER BY n)
)
SELECT reference, item_id, sum(quantity)::int FROM granted GROUP BY reference, item_id
"""

HELD = """
SELECT reference, item_id, warehouse_id, quantity FROM inventory_reservation
WHERE seller_id = %s AND reference = ANY(%s) ORDER BY item_id, warehouse_id, reference
"""

TAKEN_BEFORE = """
INSERT INTO inventory_reservation AS r (seller_id, item_id, warehouse_id, reference, quantity, created_at)
SELECT %s, item_id, %s, reference, quantity, %s FROM unnest(%s::text[], %s::bigint[], %s::int[])
    AS t(reference, item_id, quantity)
ON CONFLICT (reference, item_id, warehouse_id) DO UPDATE SET quantity = r.quantity + excluded.quantity
"""


@transaction.atomic
def reserve(*, seller_id: int, wants: Sequence[Want], actor: Actor) -> None:
    """Set aside all of the wants, or raise and change nothing. A kit takes its parts.

    Raises:
        NotEnoughStock: Some want cannot be met in full; `item_id`, `wanted`, `available` name the first.
        StockItemNotFound: An item is not this seller's.
        QuantityInvalid: A quantity is below one.
    """
    asked = demand(seller_id, wants)
    lock(seller_id, asked.item_ids)
    taken = _take(seller_id, asked.takes, actor)
    for (reference, item_id), wanted in asked.takes.items():
        available = taken.get((reference, item_id), 0)
        if available < wanted:
            raise NotEnoughStock(f"item {item_id}", item_id=item_id, wanted=wanted, available=available)


@transaction.atomic
def reserve_up_to(*, seller_id: int, wants: Sequence[Want], actor: Actor) -> dict[str, int]:
    """Set aside as much of each want as there is, first come first served, and tell how much by reference.

    A kit counts when all its parts are set aside; the parts there are wait under its reference.

    Raises:
        StockItemNotFound: An item is not this seller's.
        QuantityInvalid: A quantity is below one.
    """
    asked = demand(seller_id, wants)
    lock(seller_id, asked.item_ids)
    return asked.granted(_take(seller_id, asked.takes, actor))


@transaction.atomic
def settle(
    *, seller_id: int, wants: Sequence[Want], actor: Actor, references: Sequence[str] = (), reason: str = ""
) -> dict[str, int]:
    """Make what each reference holds its want: give back what is too much, set aside what is missing and there.

    References named only in `references` give back everything. The answer tells what each want holds now.

    Raises:
        StockItemNotFound: An item is not this seller's.
        QuantityInvalid: A quantity is below one.
    """
    asked = demand(seller_id, wants)
    names = sorted({want.reference for want in wants} | set(references))
    lock(seller_id, asked.item_ids | {row[1] for row in fetch(HELD, [seller_id, names])})
    held: dict[tuple[str, int], int] = {}
    excess: list[Take] = []
    for reference, item_id, warehouse_id, quantity in fetch(HELD, [seller_id, names]):
        key = reference, item_id
        kept = min(quantity, asked.takes.get(key, 0) - held.get(key, 0))
        held[key] = held.get(key, 0) + kept
        if kept < quantity:
            excess.append(Take(reference, item_id, warehouse_id, quantity - kept))
    give_back(seller_id=seller_id, takes=excess, actor=actor, reason=reason)
    missing = {key: wanted - held.get(key, 0) for key, wanted in asked.takes.items() if wanted > held.get(key, 0)}
    for key, taken in _take(seller_id, missing, actor).items():
        held[key] = held.get(key, 0) + taken
    return asked.granted(held)


@transaction.atomic
def reserve_taken_before(
    *, seller_id: int, wants: Sequence[Want], actor: Actor, also_lock: Sequence[int] = ()
) -> dict[str, int]:
    """Put on hand and set aside at once what a store had already taken off the figure our stock was opened with.

    For the first import only: the shop shows 5 and has 2 open orders of one unit, so 7 lie in the warehouse. What is
    available does not change. `also_lock`: items that the caller reserves next in this transaction.

    Raises:
        StockItemNotFound: An item is not this seller's.
        QuantityInvalid: A quantity is below one.
    """
    warehouse_id = default_warehouse(seller_id=seller_id, actor=actor).pk
    others = {part for recipe in recipes(seller_id, also_lock).values() for part in recipe}
    asked = held_demand(seller_id, wants, open_in=[warehouse_id], also=others)
    now = timezone.now()
    steps = [
        Step(item_id, warehouse_id, Movement.Kind.OPENING, reference, quantity, quantity)
        for (reference, item_id), quantity in asked.takes.items()
    ]
    write(seller_id, steps, actor=actor, at=now)
    columns = _columns(asked)
    fetch(TAKEN_BEFORE + " RETURNING id", [seller_id, warehouse_id, now, *columns])
    return asked.granted(asked.takes)


def _columns(asked: Demand) -> list[list[object]]:
    return [
        [clip(reference, 80) for reference, _ in asked.takes],
        [item_id for _, item_id in asked.takes],
        list(asked.takes.values()),
    ]


def _take(
    seller_id: int, takes: Mapping[tuple[str, int], int], actor: Actor, at: datetime | None = None
) -> dict[tuple[str, int], int]:
    """Run the one statement; `{(reference, item): taken}`."""
    if not takes:
        return {}
    now = at or timezone.now()
    items = [item_id for _, item_id in takes]
    rows = fetch(
        RESERVE,
        [
            list(range(len(takes))),
            [reference for reference, _ in takes],
            items,
            list(takes.values()),
            seller_id,
            sorted(set(items)),
            now,
            seller_id,
            now,
            seller_id,
            actor.kind,
            clip(actor.label, 120),
            now,
        ],
    )
    return {(reference, item_id): quantity for reference, item_id, quantity in rows}
