"""Goods on their way: announced, arriving, between bins and between warehouses, corrected where they lie."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import fetch, run
from entrepot.inventory.bins import NO_BIN, Shift, not_there, shift
from entrepot.inventory.errors import BinNotFound, NotEnoughStock, QuantityInvalid
from entrepot.inventory.ledger import Step, write
from entrepot.inventory.locked import locked_here, shift_checked
from entrepot.inventory.models import BinMove, Movement
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor

ANNOUNCE = """
UPDATE inventory_stock s SET incoming = s.incoming + t.quantity
FROM unnest(%s::bigint[], %s::int[]) AS t(item_id, quantity)
WHERE s.seller_id = %s AND s.warehouse_id = %s AND s.item_id = t.item_id
"""
LYING = """
SELECT item_id, bin_id, quantity FROM inventory_binstock
WHERE seller_id = %s AND item_id = ANY(%s) AND bin_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Carry:
    """`quantity` of an item from one bin to another; None = from or to no bin."""

    item_id: int
    quantity: int
    from_bin_id: int | None = None
    to_bin_id: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """`quantity` of an item has come, `announced` of it were incoming; it lies in `bin_id`, or in no bin yet."""

    item_id: int
    quantity: int
    announced: int = 0
    bin_id: int | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """`quantity` of an item leaves for another warehouse, out of `bin_id`, or in the usual order."""

    item_id: int
    quantity: int
    bin_id: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A bin holds `delta` more (or less) of an item than the books say; `bin_id` None = what lies in no bin."""

    item_id: int
    bin_id: int | None
    delta: int


@transaction.atomic
def carry(
    *,
    seller_id: int,
    warehouse_id: int,
    carries: Sequence[Carry],
    actor: Actor,
    kind: str = BinMove.Kind.MOVE,
    reason: str = "",
) -> None:
    """Carry goods between bins of one warehouse, all or nothing; what is on hand does not change.

    Raises:
        QuantityInvalid: A quantity is below one, or a way leads from a place to itself.
        NotThere: A place holds less than is taken from it.
        BinNotFound: A bin is not in this warehouse.
        BinClosed: Something would be laid into a closed bin.
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    if bad := next((one for one in carries if one.quantity < 1 or one.from_bin_id == one.to_bin_id), None):
        raise QuantityInvalid(quantity=bad.quantity)
    if not carries:
        return
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    figures = locked_here(seller_id, {one.item_id for one in carries}, place)
    _refuse_strange_bins(seller_id, place, carries)
    wanted: dict[tuple[int, int], int] = {}
    for one in carries:
        key = one.item_id, one.from_bin_id or NO_BIN
        wanted[key] = wanted.get(key, 0) + one.quantity
    there = {(row[0], row[1]): row[2] for row in fetch(LYING, [seller_id, *_columns(wanted)])}
    there |= {(item_id, NO_BIN): figures[item_id, place].unlocated for item_id, _ in wanted}
    for key, quantity in wanted.items():
        if there.get(key, 0) < quantity:
            raise not_there(seller_id, *key, there.get(key, 0), quantity)
    shifts = [
        Shift(
            item_id=one.item_id,
            warehouse_id=place,
            quantity=one.quantity,
            kind=kind,
            from_bin=one.from_bin_id,
            to_bin=one.to_bin_id,
            reference=one.reference,
        )
        for one in carries
    ]
    shift(seller_id, shifts, actor=actor, at=timezone.now(), reason=reason)


@transaction.atomic
def announce(*, seller_id: int, warehouse_id: int, quantities: Mapping[int, int], actor: Actor) -> None:
    """Say what is on its way to a warehouse, `{item_id: quantity}`; below zero = so much will not come.

    Raises:
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    locked_here(seller_id, quantities, place)
    _announce(seller_id, place, quantities)


@transaction.atomic
def arrive(
    *,
    seller_id: int,
    warehouse_id: int,
    arrivals: Sequence[Arrival],
    reference: str,
    actor: Actor,
    kind: str = Movement.Kind.RECEIPT,
    reason: str = "",
) -> None:
    """Take what has come into a warehouse: on hand rises, and what was announced of it is no longer incoming.

    Raises:
        QuantityInvalid: A quantity is below one.
        BinNotFound: A bin is not in this warehouse.
        BinClosed: A bin is closed.
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    _refuse_nothing(one.quantity for one in arrivals)
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    locked_here(seller_id, {one.item_id for one in arrivals}, place)
    steps = [Step(one.item_id, place, kind, reference, one.quantity, bin_id=one.bin_id) for one in arrivals]
    write(seller_id, steps, actor=actor, reason=reason)
    came: dict[int, int] = {}
    for one in arrivals:
        came[one.item_id] = came.get(one.item_id, 0) - one.announced
    _announce(seller_id, place, {item_id: quantity for item_id, quantity in came.items() if quantity})


@transaction.atomic
def depart(
    *,
    seller_id: int,
    from_warehouse_id: int,
    to_warehouse_id: int,
    departures: Sequence[Departure],
    reference: str,
    actor: Actor,
    reason: str = "",
) -> None:
    """Send units that nobody waits for to another warehouse: they leave here, and are incoming there until `arrive`.

    Raises:
        QuantityInvalid: A quantity is below one, or the two warehouses are one.
        NotEnoughStock: Fewer are available in the first warehouse.
        NotThere: A bin named holds less.
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: A warehouse is closed or not this seller's.
    """
    _refuse_nothing(one.quantity for one in departures)
    if from_warehouse_id == to_warehouse_id:
        raise QuantityInvalid(quantity=0)
    source = chosen(seller_id=seller_id, warehouse_id=from_warehouse_id, actor=actor)
    target = chosen(seller_id=seller_id, warehouse_id=to_warehouse_id, actor=actor)
    figures = locked_here(seller_id, {one.item_id for one in departures}, source, target)
    leaving: dict[int, int] = {}
    for one in departures:
        leaving[one.item_id] = leaving.get(one.item_id, 0) + one.quantity
    for item_id, quantity in leaving.items():
        if (available := figures[item_id, source].available) < quantity:
            raise NotEnoughStock(item_id=item_id, wanted=quantity, available=available)
    steps = [
        Step(one.item_id, source, Movement.Kind.TRANSFER_OUT, reference, -one.quantity, bin_id=one.bin_id)
        for one in departures
    ]
    write(seller_id, steps, actor=actor, figures=figures, reason=reason)
    _announce(seller_id, target, leaving)


@transaction.atomic
def correct(
    *,
    seller_id: int,
    warehouse_id: int,
    corrections: Sequence[Correction],
    reference: str,
    reason: str,
    actor: Actor,
) -> None:
    """Make the books say what was counted where it lies: each difference changes its bin and what is on hand.

    Raises:
        StockIsReserved: Less of an item would be on hand than is set aside.
        NotThere: A place holds less than it should fall by.
        BinNotFound: A bin is not in this warehouse.
        BinClosed: Something would be laid into a closed bin.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    if not corrections:
        return
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    figures = locked_here(seller_id, {one.item_id for one in corrections}, place)
    steps = [
        Step(one.item_id, place, Movement.Kind.COUNT, reference, one.delta, bin_id=one.bin_id or NO_BIN)
        for one in sorted(corrections, key=lambda one: -one.delta)
    ]
    shift_checked(seller_id, steps, figures, reason, actor)


def _announce(seller_id: int, place: int, quantities: Mapping[int, int]) -> None:
    if quantities:
        run(ANNOUNCE, [list(quantities), list(quantities.values()), seller_id, place])


def _refuse_nothing(quantities: Iterable[int]) -> None:
    least = min(quantities, default=1)
    if least < 1:
        raise QuantityInvalid(quantity=least)


def _refuse_strange_bins(seller_id: int, place: int, carries: Sequence[Carry]) -> None:
    named = {one.from_bin_id for one in carries} | {one.to_bin_id for one in carries}
    ids = sorted(one for one in named if one is not None)
    rows = fetch(
        "SELECT id FROM inventory_bin WHERE seller_id = %s AND warehouse_id = %s AND id = ANY(%s)",
        [seller_id, place, ids],
    )
    if missing := set(ids) - {row[0] for row in rows}:
        raise BinNotFound(bin_id=min(missing))


def _columns(wanted: Mapping[tuple[int, int], int]) -> list[list[int]]:
    return [sorted({key[0] for key in wanted}), sorted({key[1] for key in wanted})]
