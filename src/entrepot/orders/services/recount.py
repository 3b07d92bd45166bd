"""A count found less than is promised: the newest orders give back first, and wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from entrepot.catalog.rows import fetch
from entrepot.inventory.errors import StockIsReserved
from entrepot.inventory.ledger import lock
from entrepot.inventory.services import Take, default_warehouse, give_back, set_on_hand
from entrepot.kernel.actor import Actor
from entrepot.orders.errors import PackedStockMissing
from entrepot.orders.flow import CANCELING, NEW, ON_HOLD, RFP, open_to_change
from entrepot.orders.life import Turn, locked, take
from entrepot.orders.models import Order
from entrepot.orders.services.fill import fill_after_commit

HOLDERS = """
SELECT r.reference, r.quantity, l.order_id FROM inventory_reservation r
JOIN orders_orderline l ON l.id = CASE WHEN r.reference LIKE 'line:%%' THEN substr(r.reference, 6)::bigint END
JOIN orders_order o ON o.id = l.order_id AND o.seller_id = r.seller_id
WHERE r.seller_id = %s AND r.item_id = %s AND r.warehouse_id = %s
ORDER BY o.placed_at DESC, o.id DESC, l.position DESC
"""
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Recounted:
    """The difference to the figure before, and the orders that gave something back."""

    difference: int
    order_ids: Sequence[int]


def recount(
    *,
    seller_id: int,
    item_id: int,
    on_hand: int,
    reason: str,
    actor: Actor,
    warehouse_id: int | None = None,
    bin_id: int | None = None,
    now: datetime | None = None,
) -> Recounted:
    """Set what is on hand to a counted figure, even below what is set aside. `bin_id`: the bin that was counted.

    Reservations are taken back from the newest orders first; those become Partial (one on hold stays so). Packed
    parcels keep theirs.

    Raises:
        NotThere: The bin holds less than it should fall by.
        PackedStockMissing: The figure is below what lies in packed parcels.
        BelowZero: The figure is below zero.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
    """
    place = warehouse_id or default_warehouse(seller_id=seller_id, actor=actor).pk
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _recount(
                seller_id=seller_id,
                item_id=item_id,
                place=place,
                bin_id=bin_id,
                on_hand=on_hand,
                reason=reason,
                actor=actor,
                now=now,
            )
        except StockIsReserved:  # orders came in between our look and our lock; look again
            if attempt == ATTEMPTS:
                raise
    raise RuntimeError("unreachable")


@transaction.atomic
def _recount(
    *,
    seller_id: int,
    item_id: int,
    place: int,
    bin_id: int | None,
    on_hand: int,
    reason: str,
    actor: Actor,
    now: datetime | None,
) -> Recounted:
    holders = fetch(HOLDERS, [seller_id, item_id, place])
    orders = {order.pk: order for order in locked(seller_id, {row[2] for row in holders})}
    figure = lock(seller_id, [item_id]).get((item_id, place))
    excess = figure.reserved - max(on_hand, 0) if figure else 0
    takes: list[Take] = []
    touched: dict[int, Order] = {}
    for reference, quantity, order_id in fetch(HOLDERS, [seller_id, item_id, place]) if excess > 0 else ():
        order = orders.get(order_id)
        if excess > 0 and order is not None and _may_give(order):
            takes.append(Take(reference, item_id, place, min(quantity, excess)))
            excess -= takes[-1].quantity
            touched[order_id] = order
    _refuse_packed(orders, holders, excess, on_hand)
    give_back(seller_id=seller_id, takes=takes, actor=actor, reason=reason)
    difference = set_on_hand(
        seller_id=seller_id,
        item_id=item_id,
        on_hand=on_hand,
        reason=reason,
        actor=actor,
        warehouse_id=place,
        bin_id=bin_id,
    )
    _run_short(list(touched.values()), item_id, actor, reason, now)
    fill_after_commit(seller_id=seller_id, item_ids=[item_id] if difference > 0 else [], actor=actor)
    return Recounted(difference, sorted(touched))


def _may_give(order: Order) -> bool:
    return open_to_change(order) or order.status in CANCELING


def _refuse_packed(
    orders: dict[int, Order], holders: Sequence[tuple[str, int, int]], excess: int, on_hand: int
) -> None:
    packed = sum(row[1] for row in holders if row[2] in orders and not _may_give(orders[row[2]]))
    if excess > 0 and packed > on_hand:
        raise PackedStockMissing(packed=packed, on_hand=on_hand)


def _run_short(orders: Sequence[Order], item_id: int, actor: Actor, reason: str, now: datetime | None) -> None:
    """Orders that lacked nothing are Partial now; those on hold remember it, those being canceled do not care."""
    turns = [Turn(order, "run_short", {"item": item_id}) for order in orders if order.status in {NEW, RFP}]
    take(turns, actor=actor, reason=reason, now=now)
    for order in orders:
        if order.status == ON_HOLD:
            order.held_from = "partial"
            order.version += 1
            order.save(update_fields=["held_from", "version", "updated_at"])
