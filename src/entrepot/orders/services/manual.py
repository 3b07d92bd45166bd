"""Orders typed in by people, for the Offline store: a channel with no API."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.models import Item
from entrepot.catalog.rows import new_ids
from entrepot.kernel.actor import Actor
from entrepot.orders.drafts import LineDraft, ManualOrder, OrderDraft, Placed, TotalDraft
from entrepot.orders.errors import LineItemNotFound, NoOfflineStore, OrderInvalid, SalesChannelNotFound
from entrepot.orders.models import Order, SalesChannel
from entrepot.orders.queries.one import offline_channels
from entrepot.orders.services.desk import note, tag
from entrepot.orders.services.place import place_order, place_orders

OFFLINE = "offline"


def offline_channel(
    *,
    seller_id: int,
    actor: Actor,  # noqa: ARG001 - every verb names its actor
    country: str = "",
    currency: str = "USD",
    channel_ids: Sequence[int] | None = None,
) -> SalesChannel:
    """Give the seller's Offline store, made on first need; two at once make one.

    `channel_ids`: of those somebody works for; None = all of them. For who works for some only, none is made.

    Raises:
        NoOfflineStore: None of `channel_ids` is an Offline store.
    """
    if channel_ids is not None:
        mine = _mine(seller_id, channel_ids)
        if not mine:
            raise NoOfflineStore
        return mine[min(mine)]
    SalesChannel.objects.bulk_create(
        [SalesChannel(seller_id=seller_id, name="Offline store", kind=OFFLINE, country=country, currency=currency)],
        ignore_conflicts=True,
    )
    return SalesChannel.objects.filter(seller_id=seller_id, kind=OFFLINE).order_by("pk")[0]


def _mine(seller_id: int, channel_ids: Sequence[int] | None) -> Mapping[int, SalesChannel]:
    return {row.pk: row for row in offline_channels(seller_id=seller_id, channel_ids=channel_ids)}


@transaction.atomic
def place_manual(
    *,
    seller_id: int,
    order: ManualOrder,
    actor: Actor,
    sales_channel_id: int | None = None,
    channel_ids: Sequence[int] | None = None,
) -> Placed:
    """Place an order that came by telephone or over the counter; the same `key` again answers the first one.

    `channel_ids`: the channels that whoever places it works for; None = all of them.

    Raises:
        OrderInvalid: It has no lines, no key, or a value that cannot be.
        LineItemNotFound: A line names an item that is not this seller's.
        SalesChannelNotFound: The channel is not this seller's, not of `channel_ids`, or not an Offline store: what is
            sold in a store comes from there, and a key of ours could stand in the way of an id of its own.
        NoOfflineStore: No channel is named, and none of `channel_ids` is an Offline store.
    """
    if not order.lines or min(line.quantity for line in order.lines) < 1:
        raise OrderInvalid(field="lines", number=order.key, reason="It needs at least one line of at least one piece.")
    if sales_channel_id is None:
        sales_channel_id = offline_channel(
            seller_id=seller_id, actor=actor, currency=order.currency, channel_ids=channel_ids
        ).pk
    elif sales_channel_id not in _mine(seller_id, channel_ids):
        raise SalesChannelNotFound(sales_channel_id=sales_channel_id)
    placed = place_order(
        seller_id=seller_id, sales_channel_id=sales_channel_id, draft=_draft(seller_id, order), actor=actor
    )
    if placed.created:
        _annotate(seller_id, [(placed.order_id, order)], actor)
    return placed


def _annotate(seller_id: int, placed: Sequence[tuple[int, ManualOrder]], actor: Actor) -> None:
    """The tags and notes that new orders came with."""
    for order_id, order in placed:
        if order.tags:
            tag(seller_id=seller_id, order_ids=[order_id], add=order.tags, actor=actor)
        if order.note.strip():
            note(seller_id=seller_id, order_id=order_id, text=order.note, actor=actor)


@transaction.atomic
def place_numbered(
    *, seller_id: int, sales_channel_id: int, orders: Sequence[ManualOrder], actor: Actor
) -> list[Placed]:
    """Place orders that bear numbers of their own, a page in one transaction; one whose number is there is answered.

    Raises:
        OrderInvalid, LineItemNotFound: As for one order; nothing of the page was placed.
        SalesChannelNotFound: The channel is not this seller's, or not an Offline store.
    """
    if not SalesChannel.objects.filter(seller_id=seller_id, pk=sales_channel_id, kind=OFFLINE).exists():
        raise SalesChannelNotFound(sales_channel_id=sales_channel_id)
    numbers = [order.number for order in orders]
    there = Order.objects.filter(seller_id=seller_id, sales_channel_id=sales_channel_id, number__in=numbers)
    known = {number: (pk, status) for number, pk, status in there.values_list("number", "pk", "status")}
    items = Item.objects.filter(seller_id=seller_id).in_bulk({line.item_id for one in orders for line in one.lines})
    drafts = [_draft(seller_id, order, items) for order in orders if order.number not in known]
    placed = place_orders(seller_id=seller_id, sales_channel_id=sales_channel_id, drafts=drafts, actor=actor)
    fresh = {draft.number: one for draft, one in zip(drafts, placed, strict=True)}
    made = [one for one in orders if one.number in fresh and fresh[one.number].created]
    _annotate(seller_id, [(fresh[one.number].order_id, one) for one in made], actor)
    for number, (order_id, status) in known.items():
        fresh[number] = Placed(number, order_id, created=False, status=status)
    return [fresh[order.number] for order in orders]


def _draft(seller_id: int, order: ManualOrder, items: Mapping[int, Item] | None = None) -> OrderDraft:
    goods = sum((line.unit_price * line.quantity for line in order.lines), Decimal(0))
    tax = sum((line.unit_tax * line.quantity for line in order.lines), Decimal(0))
    total = goods + tax + order.shipping_cost
    totals = [
        TotalDraft(code="sub_total", title="Sub-total", amount=goods),
        TotalDraft(code="shipping", title=order.shipping_method or "Shipping", amount=order.shipping_cost),
        TotalDraft(code="tax", title="Tax", amount=tax),
        TotalDraft(code="total", title="Total", amount=total),
    ]
    return OrderDraft(
        remote_id=order.key,
        number=order.number or f"M-{new_ids('orders_order', 1)[0]}",
        remote_status_id="",
        remote_version=0,
        placed_at=order.placed_at or timezone.now(),
        base_currency=order.currency,
        currency=order.currency,
        rate=Decimal(1),
        total=total,
        buyer_name=order.buyer_name,
        buyer_email=order.buyer_email,
        buyer_phone=order.buyer_phone,
        shipping=order.shipping,
        billing=order.billing,
        payment_method=order.payment_method,
        shipping_method=order.shipping_method,
        comment=order.comment,
        lines=_lines(seller_id, order, items),
        totals=[row for row in totals if row.amount or row.code in {"sub_total", "total"}],
    )


def _lines(seller_id: int, order: ManualOrder, known: Mapping[int, Item] | None) -> list[LineDraft]:
    items = Item.objects.in_bulk([line.item_id for line in order.lines]) if known is None else known
    lines = []
    for number, line in enumerate(order.lines, 1):
        item = items.get(line.item_id)
        if item is None or item.seller_id != seller_id:
            raise LineItemNotFound(item_id=line.item_id)
        lines.append(
            LineDraft(
                remote_id=str(number),
                item_id=item.pk,
                product_remote_id="",
                variation_key="",
                sku=item.sku,
                name=item.name,
                model="",
                options=[{"name": name, "value": value} for name, value in item.options],
                quantity=line.quantity,
                unit_price=line.unit_price,
                line_total=line.unit_price * line.quantity,
                unit_tax=line.unit_tax,
            )
        )
    return lines
