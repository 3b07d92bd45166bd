"""What is set aside changes hands: from one name to another. Not one unit is freed or promised on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import fetch, run
from entrepot.inventory.ledger import lock
from entrepot.inventory.parts import demand
from entrepot.inventory.services.leave import DROP, SHRINK
from entrepot.inventory.wants import Want
from entrepot.kernel.actor import Actor

GROW = """
INSERT INTO inventory_reservation AS r (seller_id, item_id, warehouse_id, reference, quantity, created_at)
SELECT %s, t.item_id, t.warehouse_id, t.reference, sum(t.quantity), %s
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[]) AS t(reference, item_id, warehouse_id, quantity)
GROUP BY t.reference, t.item_id, t.warehouse_id ORDER BY t.reference, t.item_id, t.warehouse_id
ON CONFLICT (reference, item_id, warehouse_id) DO UPDATE SET quantity = r.quantity + excluded.quantity
"""
HELD = """
SELECT reference, item_id, warehouse_id, quantity FROM inventory_reservation
WHERE seller_id = %s AND reference = ANY(%s) ORDER BY reference, item_id, quantity DESC, warehouse_id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """`quantity` of an item in a warehouse is set aside under `reference`."""

    reference: str
    item_id: int
    warehouse_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Pass:
    """Part of a reservation, and the name it goes to."""

    held: Held
    to: str


def held_by(*, seller_id: int, references: Sequence[str]) -> list[Held]:
    """What these references hold; of each item the warehouse with most of it first."""
    return [Held(*row) for row in fetch(HELD, [seller_id, sorted(set(references))])]


def granted(*, seller_id: int, wants: Sequence[Want]) -> dict[str, int]:
    """How much of each want is set aside already, whole kits only. Nothing is taken or given back."""
    held: dict[tuple[str, int], int] = {}
    for one in held_by(seller_id=seller_id, references=[want.reference for want in wants]):
        held[one.reference, one.item_id] = held.get((one.reference, one.item_id), 0) + one.quantity
    return demand(seller_id, wants).granted(held)


@transaction.atomic
def hand_on(*, seller_id: int, passes: Sequence[Pass], actor: Actor) -> None:  # noqa: ARG001 - every verb names its actor
    """Let other references hold what these held; the figures of the stock stay as they are.

    Raises:
        RuntimeError: A reservation holds less than is handed on: the caller did not lock first.
    """
    moving = [one for one in passes if one.held.quantity > 0 and one.held.reference != one.to]
    if not moving:
        return
    lock(seller_id, {one.held.item_id for one in moving})
    places = [[one.held.item_id for one in moving], [one.held.warehouse_id for one in moving]]
    columns = [*places, [one.held.quantity for one in moving]]
    before = [[one.held.reference for one in moving], *columns]
    if run(DROP, [*before, seller_id]) + run(SHRINK, [*before, seller_id]) != len(moving):
        raise RuntimeError("a reservation changed while its stock row should have been locked")
    run(GROW, [seller_id, timezone.now(), [one.to for one in moving], *columns])
