"""Stock comes, goes and is counted. Each verb locks its rows, checks, and writes the ledger."""

from collections.abc import Mapping

from django.db import transaction

from entrepot.catalog.rows import fetch
from entrepot.inventory.errors import (
    NotEnoughStock,
    QuantityInvalid,
    ReasonMissing,
    StockMovedMeanwhile,
)
from entrepot.inventory.ledger import Step, lock, write
from entrepot.inventory.locked import locked_here, shift_checked
from entrepot.inventory.models import Movement
from entrepot.inventory.parts import held_demand
from entrepot.inventory.services.warehouses import chosen
from entrepot.inventory.wants import Want
from entrepot.kernel.actor import Actor

UNOPENED = """
SELECT i.id FROM catalog_item i WHERE i.seller_id = %s AND i.id = ANY(%s) AND i.kind <> 'kit'
  AND NOT EXISTS (SELECT 1 FROM inventory_stock s WHERE s.item_id = i.id)
ORDER BY i.id
"""
UNMOVED = "SELECT item_id FROM inventory_stock WHERE seller_id = %s AND item_id = ANY(%s) AND version = 0"


@transaction.atomic
def open_stock(
    *,
    seller_id: int,
    figures: Mapping[int, int],
    reference: str,
    actor: Actor,
    warehouse_id: int | None = None,
) -> int:
    """Give items that have no stock yet their opening figure, `{item_id: on hand}`; a figure below zero counts as 0.

    Items that have stock, kits, and items of others are left alone, so a repeat is harmless.
    Tells how many were opened.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    fresh = [row[0] for row in fetch(UNOPENED, [seller_id, sorted(figures)])]
    if not fresh:
        return 0
    lock(seller_id, fresh, open_in=[place])
    ours = [row[0] for row in fetch(UNMOVED, [seller_id, fresh])]  # another import may have been first
    steps = [
        Step(item_id, place, Movement.Kind.OPENING, reference, on_hand=max(figures[item_id], 0))
        for item_id in sorted(ours)
    ]
    write(seller_id, steps, actor=actor)
    return len(steps)


@transaction.atomic
def receive(
    *,
    seller_id: int,
    item_id: int,
    quantity: int,
    actor: Actor,
    reference: str = "receipt",
    reason: str = "",
    warehouse_id: int | None = None,
    bin_id: int | None = None,
) -> int:
    """Take `quantity` into a warehouse, into a bin where one is named; tells what is on hand there now.

    Raises:
        QuantityInvalid: The quantity is below one.
        BinNotFound: The bin is not in that warehouse.
        BinClosed: The bin is closed.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    if quantity < 1:
        raise QuantityInvalid(quantity=quantity)
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    figure = locked_here(seller_id, [item_id], place)[item_id, place]
    step = Step(item_id, place, Movement.Kind.RECEIPT, reference, quantity, bin_id=bin_id)
    write(seller_id, [step], actor=actor, reason=reason)
    return figure.on_hand + quantity


@transaction.atomic
def restock(
    *,
    seller_id: int,
    quantities: Mapping[int, int],
    reference: str,
    actor: Actor,
    warehouse_id: int | None = None,
    bin_id: int | None = None,
) -> None:
    """Take returned goods back on the shelf, `{item_id: quantity}`; of a kit its parts. Into a bin where one is named.

    Raises:
        BinNotFound: The bin is not in that warehouse.
        BinClosed: The bin is closed.
        QuantityInvalid: A quantity is below one.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    wants = [Want(reference, item_id, quantity) for item_id, quantity in quantities.items()]
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    asked = held_demand(seller_id, wants, open_in=[place])
    steps = [
        Step(item_id, place, Movement.Kind.RETURN, reference, on_hand=quantity, bin_id=bin_id)
        for (_, item_id), quantity in sorted(asked.takes.items())
    ]
    write(seller_id, steps, actor=actor)


@transaction.atomic
def adjust(
    *,
    seller_id: int,
    item_id: int,
    delta: int,
    reason: str,
    actor: Actor,
    warehouse_id: int | None = None,
    bin_id: int | None = None,
) -> int:
    """Add to or take from what is on hand, saying why; tells what is on hand there now.

    With `bin_id` it is added to or taken from that bin (NO_BIN: what has none), else taken in the usual order.

    Raises:
        NotThere: The bin holds less.
        BinNotFound: The bin is not in that warehouse.
        BinClosed: Something would be laid into a closed bin.
        ReasonMissing: No reason was given.
        StockIsReserved: Less would be on hand than is set aside.
        BelowZero: Less than nothing would be on hand.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason", reason="")
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    figures = locked_here(seller_id, [item_id], place)
    step = Step(item_id, place, Movement.Kind.ADJUSTMENT, "adjustment", delta, bin_id=bin_id)
    shift_checked(seller_id, [step], figures, reason, actor)
    return figures[item_id, place].on_hand + delta


@transaction.atomic
def set_on_hand(
    *,
    seller_id: int,
    item_id: int,
    on_hand: int,
    reason: str,
    actor: Actor,
    kind: str = "count",
    warehouse_id: int | None = None,
    bin_id: int | None = None,
    seen: int | None = None,
) -> int:
    """Set what is on hand to a counted figure; tells the difference. A count that agrees is kept in the ledger too.

    With `bin_id` the difference is laid into or taken from that bin, else taken in the usual order. `seen`: the figure
    the person looked at when they counted.

    Raises:
        StockMovedMeanwhile: It is no longer `seen`.
        NotThere: The bin holds less.
        BinNotFound: The bin is not in that warehouse.
        BinClosed: Something would be laid into a closed bin.
        StockIsReserved: More is set aside than was counted; `orders.services.recount` takes it back.
        BelowZero: The figure is below zero.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    figures = locked_here(seller_id, [item_id], place)
    there = figures[item_id, place].on_hand
    if seen is not None and seen != there:
        raise StockMovedMeanwhile(seen=seen, now=there, counted=on_hand)
    delta = on_hand - there
    step = Step(item_id, place, Movement.Kind(kind), kind, delta, bin_id=bin_id)
    shift_checked(seller_id, [step], figures, reason, actor)
    return delta


@transaction.atomic
def transfer(
    *,
    seller_id: int,
    item_id: int,
    quantity: int,
    from_warehouse_id: int,
    to_warehouse_id: int,
    actor: Actor,
    reason: str = "",
) -> None:
    """Carry units that nobody waits for from one warehouse to another.

    Raises:
        QuantityInvalid: The quantity is below one, or the two warehouses are one.
        NotEnoughStock: Fewer are available in the first warehouse.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
        WarehouseNotFound: A warehouse is closed or not this seller's.
    """
    if quantity < 1 or from_warehouse_id == to_warehouse_id:
        raise QuantityInvalid(quantity=quantity)
    source = chosen(seller_id=seller_id, warehouse_id=from_warehouse_id, actor=actor)
    target = chosen(seller_id=seller_id, warehouse_id=to_warehouse_id, actor=actor)
    figures = locked_here(seller_id, [item_id], source, target)
    if (available := figures[item_id, source].available) < quantity:
        raise NotEnoughStock(item_id=item_id, wanted=quantity, available=available)
    reference = f"transfer:{source}-{target}"
    steps = [
        Step(item_id, source, Movement.Kind.TRANSFER_OUT, reference, on_hand=-quantity),
        Step(item_id, target, Movement.Kind.TRANSFER_IN, reference, on_hand=quantity),
    ]
    write(seller_id, steps, actor=actor, figures=figures, reason=reason)
