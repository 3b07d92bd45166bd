"""Goods are not where the books say: what is missing leaves the books, and the order takes other stock or waits."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.fulfilment.port_errors import ShortInvalid
from entrepot.inventory.bins import NO_BIN
from entrepot.inventory.ledger import Figures, Step, lock, write
from entrepot.inventory.models import BinStock, Movement, Reservation
from entrepot.inventory.parts import recipes
from entrepot.inventory.services import give_back
from entrepot.inventory.wants import Take
from entrepot.kernel.actor import Actor
from entrepot.orders.errors import MoveNotPossible
from entrepot.orders.flow import RFP
from entrepot.orders.life import Event, locked_one, take, write_events
from entrepot.orders.lines import cover, lines_of
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.turns import follow


@transaction.atomic
def give_up(
    *,
    seller_id: int,
    order_id: int,
    line_id: int,
    item_id: int,
    warehouse_id: int,
    quantity: int,
    actor: Actor,
    bin_id: int | None = None,
    now: datetime | None = None,
) -> bool:
    """`quantity` of an item is missing at a bin (None: among what has none): whether the order is covered all the same.

    What the books have there leaves them, so that nobody is promised it. The order gives that much back and takes other
    stock, in any warehouse; where there is none it is Partial and waits. Other orders keep what they hold.

    Raises:
        ShortInvalid: The line holds less of this item in this warehouse.
        MoveNotPossible: The order is not with the warehouse.
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    order = locked_one(seller_id, order_id)
    if order.status != RFP:
        raise MoveNotPossible(move="run_short", status=order.get_status_display(), order_id=order_id)
    line = next((one for one in lines_of(seller_id, [order_id])[order_id] if one.pk == line_id), None)
    figures = _locked(order, item_id)
    held = _held(seller_id, line, item_id, warehouse_id) if line else 0
    if line is None or not 0 < quantity <= held:
        raise ShortInvalid(field="quantity", reason="", quantity=quantity, held=held)
    missing = Take(line.reference, item_id, warehouse_id, quantity)
    give_back(seller_id=seller_id, takes=[missing], actor=actor, reason="short")
    _write_off(order, missing, bin_id, figures, actor)
    facts = {"sku": line.sku, "quantity": quantity}
    write_events([Event(order.pk, "order.short_pick", order.status, order.status, facts)], actor=actor, now=at)
    stands = cover(seller_id, [order], actor=actor, reason="short")[order.pk]
    if turn := follow(order, stands):
        take([turn], actor=actor, now=at)
    return not stands.short


def _locked(order: Order, item_id: int) -> Figures:
    lines = lines_of(order.seller_id, [order.pk])[order.pk]
    wanted = {line.item_id for line in lines if line.item_id is not None}
    parts = {part for recipe in recipes(order.seller_id, wanted).values() for part in recipe}
    return lock(order.seller_id, parts | {item_id})


def _held(seller_id: int, line: OrderLine, item_id: int, warehouse_id: int) -> int:
    rows = Reservation.objects.filter(
        seller_id=seller_id, reference=line.reference, item_id=item_id, warehouse_id=warehouse_id
    )
    return rows.values_list("quantity", flat=True).first() or 0


def _write_off(order: Order, missing: Take, bin_id: int | None, figures: Figures, actor: Actor) -> None:
    """As much as the books have at that place; what another took from there meanwhile is off it already."""
    if bin_id is None:
        there = figures[missing.item_id, missing.warehouse_id].unlocated
    else:
        rows = BinStock.objects.filter(seller_id=order.seller_id, bin_id=bin_id, item_id=missing.item_id)
        there = rows.filter(warehouse_id=missing.warehouse_id).values_list("quantity", flat=True).first() or 0
    lost = min(missing.quantity, there)
    if lost:
        place = NO_BIN if bin_id is None else bin_id
        step = Step(
            missing.item_id, missing.warehouse_id, Movement.Kind.ADJUSTMENT, missing.reference, -lost, bin_id=place
        )
        write(order.seller_id, [step], actor=actor, figures=figures, reason="short pick")
