"""Orders that were split here: the root, which its store knows, and the parts split off from it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Q

from entrepot.inventory.ledger import lock
from entrepot.inventory.parts import recipes
from entrepot.inventory.services import Want, granted
from entrepot.orders.drafts import LineDraft, OrderDraft
from entrepot.orders.life import locked
from entrepot.orders.lines import Covered, covered, lines_of, open_quantity
from entrepot.orders.models import Order, OrderClaim, OrderLine
from entrepot.orders.shares import Content

Lines = dict[int, list[OrderLine]]
_HEAD = (
    *("remote_id", "number", "remote_status_id", "remote_version", "placed_at", "base_currency", "currency", "rate"),
    *("total", "buyer_name", "buyer_email", "buyer_phone", "shipping", "billing", "payment_method", "shipping_method"),
    *("comment", "follows", "origin", "pickup"),
)
_LINE = (
    *("remote_id", "item_id", "product_remote_id", "variation_key", "sku", "name", "model", "options", "quantity"),
    *("unit_price", "line_total", "unit_tax"),
)


def root_of(order: Order) -> int:
    """The id of the order this one was split off from, else its own."""
    return order.split_from_id or order.pk


def known_as(order: Order) -> str:
    """The remote id its store knows it by; a part that was split off here goes by that of the whole."""
    return order.remote_id.rpartition("~")[0] if order.split_from_id else order.remote_id


def family(seller_id: int, root_id: int) -> list[Order]:
    """The root and everything that was ever split off from it, the oldest first."""
    rows = Order.objects.filter(Q(pk=root_id) | Q(split_from_id=root_id), seller_id=seller_id)
    return list(rows.order_by("pk"))


def on_all_parts(claim: OrderClaim) -> list[OrderClaim]:
    """A buyer's wish on every part of its order: the store knows one wish, and takes one answer."""
    members = [one.pk for one in family(claim.order.seller_id, root_of(claim.order))]
    rows = OrderClaim.objects.filter(order__seller_id=claim.order.seller_id, order_id__in=members, kind=claim.kind)
    return list(rows.filter(remote_id=claim.remote_id).select_related("order").order_by("order_id"))


def locked_family(seller_id: int, root_id: int, *, item_ids: Iterable[int] = ()) -> tuple[list[Order], Lines]:
    """Lock the root and its parts, then the stock of all that they (or `item_ids`) want; the orders and their lines.

    So several verbs about parts of one order may follow one another in a transaction: they find everything locked.
    """
    members = locked(seller_id, [order.pk for order in family(seller_id, root_id)])
    if any(order.split_from_id == root_id for order in family(seller_id, root_id) if order not in members):
        return locked_family(seller_id, root_id, item_ids=item_ids)  # somebody split it while we waited
    lines = lines_of(seller_id, [order.pk for order in members])
    lock_goods(seller_id, [line.item_id for mine in lines.values() for line in mine] + list(item_ids))
    return members, lines


def locked_with_goods(seller_id: int, order_ids: Iterable[int]) -> list[Order]:
    """Lock these orders by id, then the stock of all that they want: for one deed on several orders."""
    members = locked(seller_id, order_ids)
    lines = lines_of(seller_id, [order.pk for order in members])
    lock_goods(seller_id, [line.item_id for mine in lines.values() for line in mine])
    return members


def lock_goods(seller_id: int, item_ids: Iterable[int | None]) -> None:
    """Lock the stock of these items, and of the parts of kits among them."""
    wanted = {item_id for item_id in item_ids if item_id is not None}
    if wanted:
        lock(seller_id, {part for recipe in recipes(seller_id, wanted).values() for part in recipe} | wanted)


def wants_of(lines: Iterable[OrderLine]) -> list[Want]:
    """What these lines want of the stock."""
    return [
        Want(line.reference, line.item_id, open_quantity(line))
        for line in lines
        if line.item_id is not None and open_quantity(line) > 0
    ]


def standing(seller_id: int, lines: Sequence[OrderLine]) -> Covered:
    """How an order with these lines stands with what it holds now; nothing is taken or given back."""
    return covered(lines, granted(seller_id=seller_id, wants=wants_of(lines)))


def as_draft(order: Order, lines: Sequence[OrderLine]) -> OrderDraft:
    """An order as it stands, in the words of a draft."""
    drafts = [LineDraft(**{name: getattr(line, name) for name in _LINE}) for line in lines]
    return OrderDraft(**{name: getattr(order, name) for name in _HEAD}, lines=drafts, totals=())


def content(lines: Sequence[OrderLine] | Sequence[LineDraft]) -> Content:
    """What lines are worth, for dividing an order's money."""
    return Content(
        goods=sum((line.line_total for line in lines), Decimal(0)),
        taxes=sum((line.unit_tax * line.quantity for line in lines), Decimal(0)),
        pieces=sum(line.quantity for line in lines),
        canceled=sum((line.line_total for line in lines if _is_canceled(line)), Decimal(0)),
    )


def _is_canceled(line: OrderLine | LineDraft) -> bool:
    if isinstance(line, LineDraft):
        return line.state == "canceled"
    return line.canceled >= line.quantity
