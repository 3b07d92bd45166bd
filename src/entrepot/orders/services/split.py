"""An order becomes two, before it is packed: goods, what is set aside for them, and every coin are on one or the other.

The part is an order of its own here. Its store knows the order it came from only; what it is told is the business of
`channels`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from entrepot.catalog.rows import clip, new_ids
from entrepot.inventory.parts import recipes
from entrepot.inventory.services import Held, Pass, hand_on, held_by
from entrepot.kernel.actor import Actor
from entrepot.orders import plans
from entrepot.orders.entry import copy_lines
from entrepot.orders.errors import OrderNotFound, SplitEmpty, SplitEverything, SplitNotPossible, SplitTooMuch
from entrepot.orders.flow import NEW, ON_HOLD, open_to_change
from entrepot.orders.holds import UNMATCHED
from entrepot.orders.life import Event, take, write_events
from entrepot.orders.lines import open_quantity
from entrepot.orders.models import Order, OrderLine, OrderTotal
from entrepot.orders.parts import as_draft, content, family, locked_family, root_of, standing
from entrepot.orders.search import search_text
from entrepot.orders.shares import divide, divide_rows, divide_total
from entrepot.orders.turns import follow

COPIED = (
    *("seller_id", "sales_channel_id", "remote_status_id", "remote_version", "placed_at", "base_currency", "currency"),
    *("rate", "buyer_name", "buyer_email", "buyer_phone", "shipping", "billing", "payment_method", "shipping_method"),
    *("comment", "follows", "origin", "pickup", "tags"),
)
"""What a part has in common with the order it came from."""
COPIED_OF_LINES = (
    *("remote_id", "item_id", "product_remote_id", "variation_key", "sku", "name", "model", "options"),
    *("unit_price", "unit_tax"),
)


@transaction.atomic
def split_order(
    *, seller_id: int, order_id: int, lines: Mapping[int, int], actor: Actor, now: datetime | None = None
) -> Order:
    """Put `{line id: quantity}` of an order into a part of its own; tells the part.

    What is set aside stays with the order as far as it still needs it, the rest goes along. An order that was with the
    warehouse comes back from there, as its goods are others now.

    Raises:
        SplitEmpty: Nothing goes into the part.
        SplitEverything: Nothing would be left.
        SplitTooMuch: More of a line than waits to be sent, or a line that is not this order's.
        SplitNotPossible: It is packed, over, being canceled, or held for a decision.
        OrderNotFound: There is no such order of this seller.
    """
    order, mine = _open(seller_id, order_id)
    return _split(order, mine, plans.Share(lines), actor, now or timezone.now())


@transaction.atomic
def split_by_warehouse(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> list[Order]:
    """Make a part for each further warehouse that holds goods for the order; tells the parts.

    The warehouse that holds most of it keeps the order, with all that is missing.

    Raises:
        OneWarehouse: Everything set aside lies in one warehouse.
        KitAcrossWarehouses: The parts of a kit lie in several.
        SplitNotPossible: It is packed, over, being canceled, or held for a decision.
        OrderNotFound: There is no such order of this seller.
    """
    order, mine = _open(seller_id, order_id)
    at = now or timezone.now()
    parts = []
    for share in plans.by_warehouse(order, mine)[1:]:
        parts.append(_split(order, mine, share, actor, at))
        mine = [line for line in mine if line.order_id == order.pk]
    return parts


@transaction.atomic
def split_missing(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> Order:
    """Put what is not in stock into a part that waits for it, so that the rest can go ahead; tells the part.

    Raises:
        NothingMissing: All of it is there.
        NothingThere: None of it is.
        SplitNotPossible: It is packed, over, being canceled, or held for a decision.
        OrderNotFound: There is no such order of this seller.
    """
    order, mine = _open(seller_id, order_id)
    return _split(order, mine, plans.missing(order, mine), actor, now or timezone.now())


def _open(seller_id: int, order_id: int) -> tuple[Order, list[OrderLine]]:
    """The order and its lines, with its whole family and all their stock locked."""
    found = Order.objects.filter(seller_id=seller_id, pk=order_id).first()
    if found is None:
        raise OrderNotFound(order_id=order_id)
    members, lines = locked_family(seller_id, root_of(found))
    order = next(one for one in members if one.pk == order_id)
    if not open_to_change(order) or (order.status == ON_HOLD and order.hold_code != UNMATCHED):
        raise SplitNotPossible(number=order.number, status=order.get_status_display(), order_id=order_id)
    return order, lines[order_id]


def _split(order: Order, lines: Sequence[OrderLine], share: plans.Share, actor: Actor, at: datetime) -> Order:
    wanted = _checked(order, lines, share.lines)
    part = _begin(order)
    story = [(line.sku, wanted[line.pk]) for line in lines if line.pk in wanted]
    going = [line for line in lines if line.pk in wanted]
    moved = _carve(part, going, wanted, warehouse_id=share.warehouse_id, actor=actor)
    kept = [line for line in lines if line.order_id == order.pk]
    _divide_money(order, part, kept, moved)
    for one, its in ((order, kept), (part, moved)):
        one.search_text = search_text(as_draft(one, its))
        one.version += 1
        one.save(update_fields=["total", "search_text", "version", "updated_at"])
    events = [
        Event(order.pk, "order.split", order.status, order.status, {"part": part.number, "lines": story}),
        Event(part.pk, "order.split_off", "", part.status, {"from": order.number, "lines": len(moved)}),
    ]
    write_events(events, actor=actor, now=at)
    turns = [
        follow(order, standing(order.seller_id, kept), recalled=True),
        follow(part, standing(order.seller_id, moved)),
    ]
    take([turn for turn in turns if turn is not None], actor=actor, now=at)
    return part


def _checked(order: Order, lines: Sequence[OrderLine], wanted: Mapping[int, int]) -> dict[int, int]:
    known = {line.pk: line for line in lines}
    for line_id, quantity in wanted.items():
        line = known.get(line_id)
        left = open_quantity(line) if line else 0
        if not 0 <= quantity <= left:
            sku = line.sku if line else f"line {line_id}"
            raise SplitTooMuch(field=f"line-{line_id}", reason="", quantity=quantity, sku=sku, left=left)
    some = {line_id: quantity for line_id, quantity in wanted.items() if quantity}
    if not some:
        raise SplitEmpty(field="lines", reason="")
    if all(open_quantity(line) == some.get(line.pk, 0) for line in lines):
        raise SplitEverything(number=order.number, order_id=order.pk)
    return some


def _begin(order: Order) -> Order:
    """An order beside it, without lines yet; its number ends in the next one that is free."""
    root_id = root_of(order)
    members = family(order.seller_id, root_id)
    root = next(one for one in members if one.pk == root_id)
    same = Order.objects.filter(seller_id=order.seller_id, sales_channel_id=order.sales_channel_id)
    count = len(members) + 1
    while same.filter(remote_id=f"{root.remote_id}~{count}").exists() or _taken(same, f"{root.number}-{count}"):
        count += 1
    words = {name: getattr(order, name) for name in COPIED}
    return Order.objects.create(
        **words,
        remote_id=f"{root.remote_id}~{count}",
        number=clip(f"{root.number}-{count}", 80),
        status=NEW.value,
        total=Decimal(0),
        split_from_id=root_id,
    )


def _taken(same: QuerySet[Order], number: str) -> bool:
    return same.filter(number=number, follows__gt="").exists()


def _carve(
    part: Order, lines: Sequence[OrderLine], wanted: Mapping[int, int], *, warehouse_id: int | None, actor: Actor
) -> list[OrderLine]:
    """Move whole lines, and cut others in two; what is set aside goes along."""
    moved: list[OrderLine] = []
    passes: list[Pass] = []
    known = recipes(part.seller_id, {line.item_id for line in lines if line.item_id is not None})
    held = held_by(seller_id=part.seller_id, references=[line.reference for line in lines])
    for position, line in enumerate(lines, 1):
        if wanted[line.pk] == line.quantity:
            line.order_id, line.position = part.pk, position
            line.save(update_fields=["order", "position"])
            moved.append(line)
            continue
        cut = _cut(line, part, wanted[line.pk], position)
        recipe = known.get(line.item_id or 0, {})
        mine = [one for one in held if one.reference == line.reference]
        passes += [Pass(one, cut.reference) for one in _along(line, mine, recipe, wanted[line.pk], warehouse_id)]
        moved.append(cut)
    hand_on(seller_id=part.seller_id, passes=passes, actor=actor)
    return moved


def _cut(line: OrderLine, part: Order, quantity: int, position: int) -> OrderLine:
    """A line of the part with some pieces of a line of the order, which has as many less."""
    weights = [Decimal(line.quantity - quantity), Decimal(quantity)]
    kept, given = divide(line.line_total, weights, currency=part.base_currency)
    cut = OrderLine(
        pk=new_ids("orders_orderline", 1)[0],
        order_id=part.pk,
        position=position,
        quantity=quantity,
        line_total=given,
        **{name: getattr(line, name) for name in COPIED_OF_LINES},
    )
    copy_lines([cut])
    line.quantity -= quantity
    line.line_total = kept
    line.save(update_fields=["quantity", "line_total"])
    return cut


def _along(
    line: OrderLine, held: Sequence[Held], recipe: Mapping[int, int], quantity: int, warehouse_id: int | None
) -> list[Held]:
    """What of a line's goods goes along with `quantity` pieces: a warehouse's, or what the line needs no more."""
    going: list[Held] = []
    for item_id, each in recipe.items():
        mine = [one for one in held if one.item_id == item_id]
        if warehouse_id is None:
            left = max(sum(one.quantity for one in mine) - open_quantity(line) * each, 0)
        else:
            mine = [one for one in mine if one.warehouse_id == warehouse_id]
            left = quantity * each
        for one in reversed(mine):
            some = min(one.quantity, left)
            left -= some
            going.append(Held(one.reference, item_id, one.warehouse_id, some))
    return [one for one in going if one.quantity]


def _divide_money(order: Order, part: Order, kept: Sequence[OrderLine], moved: Sequence[OrderLine]) -> None:
    parts = [content(kept), content(moved)]
    rows = list(OrderTotal.objects.filter(order__seller_id=order.seller_id, order=order).order_by("position"))
    amounts = [(row.code, row.amount) for row in rows]
    shares = divide_rows(amounts, parts, currency=order.base_currency)
    order.total, part.total = divide_total(order.total, amounts, shares, parts, currency=order.base_currency)
    for number, row in enumerate(rows):
        row.amount = shares[0][number]
        row.save(update_fields=["amount"])
    OrderTotal.objects.bulk_create(
        OrderTotal(order=part, position=row.position, code=row.code, title=row.title, amount=shares[1][number])
        for number, row in enumerate(rows)
    )
