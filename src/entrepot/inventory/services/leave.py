"""Reservations end: given back, or gone with the parcel."""

from collections.abc import Sequence

from django.db import transaction

from entrepot.catalog.rows import fetch, run
from entrepot.inventory.ledger import Figures, Step, lock, write
from entrepot.inventory.models import Movement
from entrepot.inventory.wants import Take
from entrepot.kernel.actor import Actor

ITEMS = "SELECT DISTINCT item_id FROM inventory_reservation WHERE seller_id = %s AND reference = ANY(%s)"

END = """
DELETE FROM inventory_reservation WHERE seller_id = %s AND reference = ANY(%s) AND item_id = ANY(%s)
RETURNING item_id, warehouse_id, reference, quantity
"""

SHRINK = """
UPDATE inventory_reservation r SET quantity = r.quantity - t.quantity
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[]) AS t(reference, item_id, warehouse_id, quantity)
WHERE r.seller_id = %s AND r.reference = t.reference AND r.item_id = t.item_id AND r.warehouse_id = t.warehouse_id
  AND r.quantity > t.quantity
"""
DROP = """
DELETE FROM inventory_reservation r
USING unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[]) AS t(reference, item_id, warehouse_id, quantity)
WHERE r.seller_id = %s AND r.reference = t.reference AND r.item_id = t.item_id AND r.warehouse_id = t.warehouse_id
  AND r.quantity = t.quantity
"""


@transaction.atomic
def release(*, seller_id: int, references: Sequence[str], actor: Actor, reason: str = "") -> list[int]:
    """Give back everything these references hold; a repeat does nothing. Tells the items that became available."""
    ended, _ = _end(seller_id, references)
    steps = [
        Step(item_id, warehouse_id, Movement.Kind.RELEASE, reference, reserved=-quantity)
        for item_id, warehouse_id, reference, quantity in ended
    ]
    write(seller_id, steps, actor=actor, reason=reason)
    return sorted({row[0] for row in ended})


@transaction.atomic
def ship(*, seller_id: int, references: Sequence[str], actor: Actor, reason: str = "", picked: bool = True) -> None:
    """Let everything these references hold leave the warehouse: on hand and reserved fall; a repeat does nothing.

    It leaves bins in the usual order: staging, what has no bin, bins by path. What was not picked here (`picked` False:
    its store says that it left) leaves staging last, where others' goods wait.
    """
    ended, figures = _end(seller_id, references)
    steps = [
        Step(item_id, warehouse_id, Movement.Kind.SALE, reference, -quantity, -quantity, picked=picked)
        for item_id, warehouse_id, reference, quantity in ended
    ]
    write(seller_id, steps, actor=actor, figures=figures, reason=reason)


@transaction.atomic
def give_back(*, seller_id: int, takes: Sequence[Take], actor: Actor, reason: str = "") -> None:
    """Give back part of what references hold. The caller has locked the stock rows and read the quantities.

    Raises:
        RuntimeError: A reservation holds less than is given back: the caller did not lock first.
    """
    if not takes:
        return
    columns = [
        [take.reference for take in takes],
        [take.item_id for take in takes],
        [take.warehouse_id for take in takes],
        [take.quantity for take in takes],
    ]
    dropped = run(DROP, [*columns, seller_id])
    changed = run(SHRINK, [*columns, seller_id])
    if dropped + changed != len(takes):
        raise RuntimeError("a reservation changed while its stock row should have been locked")
    steps = [
        Step(take.item_id, take.warehouse_id, Movement.Kind.RELEASE, take.reference, reserved=-take.quantity)
        for take in takes
    ]
    write(seller_id, steps, actor=actor, reason=reason)


def _end(seller_id: int, references: Sequence[str]) -> tuple[list[tuple[int, int, str, int]], Figures]:
    """Lock the stock rows, then take the reservations away; whoever comes second finds none."""
    names = sorted(set(references))
    items = [row[0] for row in fetch(ITEMS, [seller_id, names])]
    if not items:
        return [], {}
    figures = lock(seller_id, items)
    return sorted(fetch(END, [seller_id, names, items])), figures
