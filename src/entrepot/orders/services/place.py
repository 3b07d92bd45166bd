"""Placing orders: exactly once, reserved at once, a whole page in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.inventory.services import Want, reserve_taken_before, reserve_up_to
from entrepot.kernel.actor import Actor
from entrepot.orders.checks import check_draft, check_items
from entrepot.orders.drafts import OrderDraft, Placed
from entrepot.orders.entry import insert_lines, insert_orders, order_in_hand
from entrepot.orders.errors import SalesChannelNotFound
from entrepot.orders.life import Event, take, write_events
from entrepot.orders.lines import covered, open_quantity
from entrepot.orders.models import Order, OrderLine, SalesChannel
from entrepot.orders.turns import first


def place_order(
    *, seller_id: int, sales_channel_id: int, draft: OrderDraft, actor: Actor, now: datetime | None = None
) -> Placed:
    """Place one order; see `place_orders`.

    Raises:
        OrderInvalid: The draft cannot be an order.
        SalesChannelNotFound: The channel is not this seller's.
        LineItemNotFound: A line names an item that is not this seller's.
    """
    page = place_orders(seller_id=seller_id, sales_channel_id=sales_channel_id, drafts=[draft], actor=actor, now=now)
    return page[0]


@transaction.atomic
def place_orders(
    *,
    seller_id: int,
    sales_channel_id: int,
    drafts: Sequence[OrderDraft],
    actor: Actor,
    now: datetime | None = None,
) -> list[Placed]:
    """Place a page of orders in one transaction and answer every draft, in order.

    Exactly once: of whatever callers at once, one makes the order, the others are told its id. Stock is set aside for
    the oldest first. An order with every line set aside is New, one that lacks stock Partial, one with a line without
    an item On hold (`unmapped_sku`, its other lines reserved), one with `hold` On hold for that. An order already there
    is left as it is.

    Raises:
        OrderInvalid: A draft cannot be an order; `remote_id` names it, and nothing of the page was placed.
        SalesChannelNotFound: The channel is not this seller's.
        LineItemNotFound: A line names an item that is not this seller's.
    """
    if not drafts:
        return []
    _check_page(seller_id, sales_channel_id, drafts)
    at = now or timezone.now()
    newest = {draft.remote_id: draft for draft in sorted(drafts, key=lambda draft: draft.remote_version)}
    ids = insert_orders(seller_id, sales_channel_id, list(newest.values()), at)
    fresh = {order_id: newest[remote_id] for remote_id, order_id in ids.items()}
    states = _enter(seller_id, fresh, actor, at) if fresh else {}
    placed = {}
    for order_id, draft in fresh.items():
        status, unmatched = states[order_id]
        placed[draft.remote_id] = Placed(draft.remote_id, order_id, created=True, status=status, unmatched=unmatched)
    if known := newest.keys() - ids.keys():
        rows = Order.objects.filter(seller_id=seller_id, sales_channel_id=sales_channel_id, remote_id__in=known)
        for order_id, remote_id, status in rows.values_list("pk", "remote_id", "status"):
            placed[remote_id] = Placed(remote_id, order_id, created=False, status=status)
    return [placed[draft.remote_id] for draft in drafts]


def _enter(seller_id: int, drafts: Mapping[int, OrderDraft], actor: Actor, at: datetime) -> dict[int, tuple[str, int]]:
    """Give new orders lines, stock, status and the beginning of their story; status and unmatched lines by order."""
    lines = insert_lines(drafts)
    held = _set_aside(seller_id, drafts, lines, actor)
    orders = {order_id: order_in_hand(seller_id, order_id, draft) for order_id, draft in drafts.items()}
    events = [
        Event(order_id, "order.placed", "", order.status, {"lines": len(lines[order_id])})
        for order_id, order in orders.items()
    ]
    write_events(events, actor=actor, now=at)
    standing = {order_id: covered(lines[order_id], held) for order_id in orders}
    holds = {order_id: draft.hold for order_id, draft in drafts.items() if draft.hold and not draft.entered_as}
    take(first(list(orders.values()), standing, holds), actor=actor, now=at)
    return {order_id: (order.status, standing[order_id].unmatched) for order_id, order in orders.items()}


def _set_aside(
    seller_id: int, drafts: Mapping[int, OrderDraft], lines: Mapping[int, Sequence[OrderLine]], actor: Actor
) -> dict[str, int]:
    before: list[Want] = []
    wants: list[Want] = []
    for order_id, draft in sorted(drafts.items(), key=lambda pair: (pair[1].placed_at, pair[0])):
        for line in lines[order_id]:
            if line.item_id is not None and open_quantity(line) > 0:
                row = before if draft.taken_before and line.item_id not in draft.opened_elsewhere else wants
                row.append(Want(line.reference, line.item_id, open_quantity(line)))
    held: dict[str, int] = {}
    if before:
        also = [want.item_id for want in wants]
        held |= reserve_taken_before(seller_id=seller_id, wants=before, actor=actor, also_lock=also)
    if wants:
        held |= reserve_up_to(seller_id=seller_id, wants=wants, actor=actor)
    return held


def _check_page(seller_id: int, sales_channel_id: int, drafts: Sequence[OrderDraft]) -> None:
    for draft in drafts:
        check_draft(draft)
    if not SalesChannel.objects.filter(seller_id=seller_id, pk=sales_channel_id).exists():
        raise SalesChannelNotFound(sales_channel_id=sales_channel_id)
    check_items(seller_id, (line.item_id for draft in drafts for line in draft.lines))
