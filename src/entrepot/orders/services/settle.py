"""Lines go ways of their own in stores that keep a state for each: this follows them line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import new_ids
from entrepot.inventory.services import Want, settle, ship
from entrepot.kernel.actor import Actor
from entrepot.orders.drafts import LineDraft, OrderDraft
from entrepot.orders.entry import copy_lines, line_words, new_line
from entrepot.orders.flow import BEFORE_PACKED, LEFT, READY, open_to_change, packed
from entrepot.orders.life import Event, locked_one, take, write_events
from entrepot.orders.lines import cover, covered, lines_of, open_quantity
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.services.amend import take_words
from entrepot.orders.turns import follow

AWAY: Final = frozenset({"shipped", "delivered", "returned"})
"""States of a line that has left."""
CANCELED: Final = "canceled"


@dataclass(slots=True)
class Settled:
    """What became of the lines. `short`: lines that left in the store and are not in stock here, `(sku, missing)`.

    `canceled_late`: lines canceled in the store that are packed or gone. `edited`: other goods than were packed, or
    another address.
    """

    left: list[tuple[str, int]] = field(default_factory=list)
    short: list[tuple[str, int]] = field(default_factory=list)
    canceled_late: list[tuple[str, int]] = field(default_factory=list)
    edited: bool = False


@transaction.atomic
def take_apart(
    *, seller_id: int, order_id: int, draft: OrderDraft, actor: Actor, now: datetime | None = None
) -> list[tuple[int, int, int]]:
    """Take lines apart that their store took apart (a claim on some of the pieces): `(line, new line, quantity)`.

    Only where the goods as a whole stayed the same: of an order that is packed or gone, and of lines that have left
    while others wait. What is set aside goes along. The same copy again changes nothing.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    lines = lines_of(seller_id, [order_id])[order_id]
    closed = packed(order) or order.status in LEFT
    if closed and not _same_goods(lines, draft):
        return []
    parts = _take_apart(order, [line for line in lines if closed or line.shipped], lines, draft)
    if parts:
        known = {line.pk: line.sku for line in lines}
        story = [(known[from_id], quantity) for from_id, _, quantity in parts]
        event = Event(order.pk, "order.lines_split", order.status, order.status, {"lines": story})
        write_events([event], actor=actor, now=now or timezone.now())
        if packed(order):
            cover(seller_id, [order], actor=actor, reason="split")
    return parts


@transaction.atomic
def settle_lines(
    *, seller_id: int, order_id: int, draft: OrderDraft, actor: Actor, now: datetime | None = None
) -> Settled:
    """Follow what the store did line by line; what concerns the whole order is its status' business.

    Lines that left there while others wait let their stock leave here. Other goods in a packed order are answered, for
    the caller to act on; its words and totals are taken in.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    at = now or timezone.now()
    told = Settled()
    lines = lines_of(seller_id, [order_id])[order_id]
    if packed(order) or order.status in LEFT:
        told.canceled_late = _canceled_late(lines, draft)
        told.edited = not _same_goods(lines, draft)
        if not told.edited and (words := take_words(order, draft=draft)):
            told.edited = "shipping" in words and packed(order)
            event = Event(order.pk, "order.amended", order.status, order.status, {"words": words, "lines": []})
            write_events([event], actor=actor, now=at)
    if order.status in BEFORE_PACKED | {READY}:
        _let_lines_go(order, lines, draft, told, actor=actor, at=at)
    return told


def _canceled_late(lines: Sequence[OrderLine], draft: OrderDraft) -> list[tuple[str, int]]:
    alive = {line.remote_id: line for line in lines if line.canceled < line.quantity}
    gone = [one for one in draft.lines if one.state == CANCELED and (one.remote_id in alive or not _known(lines, one))]
    return [(one.sku, one.quantity) for one in gone]


def _known(lines: Sequence[OrderLine], draft: LineDraft) -> bool:
    return any(line.remote_id == draft.remote_id for line in lines)


def _key(line: OrderLine | LineDraft) -> tuple[str, str]:
    return line.product_remote_id, line.variation_key


def _same_goods(lines: Sequence[OrderLine], draft: OrderDraft) -> bool:
    return _sums(lines) == _sums(draft.lines)


def _sums(lines: Sequence[OrderLine] | Sequence[LineDraft]) -> Mapping[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        sums[_key(line)] = sums.get(_key(line), 0) + line.quantity
    return {key: quantity for key, quantity in sums.items() if quantity}


def _take_apart(
    order: Order, sources: Sequence[OrderLine], lines: Sequence[OrderLine], draft: OrderDraft
) -> list[tuple[int, int, int]]:
    """Make the lines that the store split off, out of those that became smaller by as much."""
    wanted = {one.remote_id: one for one in draft.lines}
    position = max((line.position for line in lines), default=0)
    parts: list[tuple[int, int, int]] = []
    for one in draft.lines:
        if _known(lines, one):
            continue
        alike = [line for line in sources if _key(line) == _key(one) and _spare(line, wanted) >= one.quantity]
        source = alike[0] if alike else None
        if source is not None:
            position += 1
            parts.append((source.pk, _split_off(order, source, one, position), one.quantity))
            _write_down(source, wanted[source.remote_id])
    return parts


def _spare(line: OrderLine, wanted: Mapping[str, LineDraft]) -> int:
    """By how much a line is larger here than in its store."""
    return line.quantity - wanted[line.remote_id].quantity if line.remote_id in wanted else 0


def _split_off(order: Order, source: OrderLine, draft: LineDraft, position: int) -> int:
    part = new_line(new_ids("orders_orderline", 1)[0], order.pk, position, draft)
    part.item_id = source.item_id
    part.canceled = 0
    part.shipped = min(draft.quantity, source.shipped)
    source.quantity -= draft.quantity
    source.shipped -= part.shipped
    source.canceled = min(source.canceled, source.quantity)
    part.returned = min(part.shipped, max(source.returned - source.shipped, 0))
    source.returned -= part.returned
    copy_lines([part])
    return int(part.pk)


def _write_down(line: OrderLine, draft: LineDraft) -> None:
    """The store's figures of what is left of a line that was taken apart."""
    words = line_words(draft)
    line.unit_price, line.line_total, line.unit_tax = draft.unit_price, draft.line_total, draft.unit_tax
    counts = ["quantity", "shipped", "canceled", "returned"]
    line.save(update_fields=[*counts, *(name for name in words if name in {"unit_price", "line_total", "unit_tax"})])


def _let_lines_go(
    order: Order, lines: Sequence[OrderLine], draft: OrderDraft, told: Settled, *, actor: Actor, at: datetime
) -> None:
    away = {one.remote_id for one in draft.lines if one.state in AWAY}
    waiting = [line for line in lines if open_quantity(line) > 0]
    going = [line for line in waiting if line.remote_id in away]
    if not going or len(going) == len(waiting):
        return
    wants = [Want(line.reference, line.item_id, open_quantity(line)) for line in waiting if line.item_id is not None]
    names = [line.reference for line in lines]
    held = settle(seller_id=order.seller_id, wants=wants, references=names, actor=actor, reason="shipped_in_store")
    for line in going:
        if missing := open_quantity(line) - held.get(line.reference, 0):
            told.short.append((line.sku, missing))
            continue
        ship(
            seller_id=order.seller_id, references=[line.reference], actor=actor, reason="shipped_in_store", picked=False
        )
        told.left.append((line.sku, open_quantity(line)))
        line.shipped += open_quantity(line)
        line.save(update_fields=["shipped"])
    if told.left:
        event = Event(order.pk, "order.lines_shipped", order.status, order.status, {"lines": told.left})
        write_events([event], actor=actor, now=at)
    turn = follow(order, covered(lines, held)) if open_to_change(order) else None
    if turn:
        take([turn], actor=actor, now=at)
