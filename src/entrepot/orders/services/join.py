"""A part goes back into the order it was split off from: as if it had never been apart."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.inventory.services import Pass, hand_on, held_by
from entrepot.kernel.actor import Actor
from entrepot.orders.errors import JoinNotPossible, NotAPart, OrderNotFound
from entrepot.orders.flow import ON_HOLD, open_to_change
from entrepot.orders.holds import UNMATCHED
from entrepot.orders.life import Event, Turn, take, write_events
from entrepot.orders.models import Order, OrderLine, OrderTotal
from entrepot.orders.parts import as_draft, locked_family, standing
from entrepot.orders.search import search_text
from entrepot.orders.turns import follow


@transaction.atomic
def join_order(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> Order:
    """Put a part's lines, what is set aside for them and its money back into its root; tells the root.

    The part stays as an empty, canceled order, so that its time line and its number are still found.

    Raises:
        NotAPart: It was not split off from another order.
        JoinNotPossible: One of the two is packed, over or being canceled; or the part is held for a decision, which
            would be forgotten with it.
        OrderNotFound: There is no such order of this seller.
    """
    found = Order.objects.filter(seller_id=seller_id, pk=order_id).first()
    if found is None:
        raise OrderNotFound(order_id=order_id)
    if found.split_from_id is None:
        raise NotAPart(number=found.number, order_id=order_id)
    members, lines = locked_family(seller_id, found.split_from_id)
    root = next(one for one in members if one.split_from_id is None)
    part = next(one for one in members if one.pk == order_id)
    for one in (part, root):
        if not open_to_change(one) or (one is part and _is_held(one)):
            raise JoinNotPossible(number=one.number, status=one.get_status_display(), order_id=one.pk)
    at = now or timezone.now()
    story = [(line.sku, line.quantity) for line in lines[part.pk]]
    mine = _take_back(root, lines[root.pk], lines[part.pk], actor)
    _add_money(root, part)
    root.search_text = search_text(as_draft(root, mine))
    root.version += 1
    root.save(update_fields=["total", "search_text", "version", "updated_at"])
    part.save(update_fields=["total", "updated_at"])
    event = Event(root.pk, "order.joined", root.status, root.status, {"part": part.number, "lines": story})
    write_events([event], actor=actor, now=at)
    turns = [Turn(part, "join", {"into": root.number})]
    if turn := follow(root, standing(seller_id, mine), recalled=True):
        turns.append(turn)
    take(turns, actor=actor, now=at)
    return root


def _is_held(part: Order) -> bool:
    """Lines without an item hold the whole as well; any other reason would be lost with the part."""
    return part.status == ON_HOLD and part.hold_code != UNMATCHED


def _take_back(root: Order, kept: Sequence[OrderLine], coming: Sequence[OrderLine], actor: Actor) -> list[OrderLine]:
    """Lines that were cut are one again, others move over; the root's lines after that.

    A line that gave all it had stays with its part: what was picked or packed for it still names it.
    """
    mine = list(kept)
    passes: list[Pass] = []
    position = max((line.position for line in kept), default=0)
    held = held_by(seller_id=root.seller_id, references=[line.reference for line in coming])
    for line in coming:
        same = next((one for one in kept if _same(one, line)), None)
        if same is None:
            position += 1
            line.order_id, line.position = root.pk, position
            line.save(update_fields=["order", "position"])
            mine.append(line)
            continue
        for name in ("quantity", "canceled", "shipped", "returned", "line_total"):
            setattr(same, name, getattr(same, name) + getattr(line, name))
        same.save(update_fields=["quantity", "canceled", "shipped", "returned", "line_total"])
        passes += [Pass(one, same.reference) for one in held if one.reference == line.reference]
    hand_on(seller_id=root.seller_id, passes=passes, actor=actor)
    emptied = [line.pk for line in coming if line not in mine]
    rows = OrderLine.objects.filter(order__seller_id=root.seller_id, pk__in=emptied)
    rows.update(quantity=0, canceled=0, shipped=0, returned=0, line_total=0)
    return mine


def _same(one: OrderLine, other: OrderLine) -> bool:
    key = one.remote_id, one.product_remote_id, one.variation_key, one.item_id
    return key == (other.remote_id, other.product_remote_id, other.variation_key, other.item_id)


def _add_money(root: Order, part: Order) -> None:
    rows = {row.position: row for row in OrderTotal.objects.filter(order__seller_id=root.seller_id, order=root)}
    for row in OrderTotal.objects.filter(order__seller_id=root.seller_id, order=part).order_by("position"):
        same = rows.get(row.position)
        if same is not None and (same.code, same.title) == (row.code, row.title):
            same.amount += row.amount
            same.save(update_fields=["amount"])
            row.delete()
        else:
            row.order, row.position = root, 1 + max(rows, default=0)
            row.save(update_fields=["order", "position"])
            rows[row.position] = row
    root.total, part.total = root.total + part.total, part.total - part.total
