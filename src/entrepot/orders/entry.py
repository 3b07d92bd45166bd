"""Writing a page of orders: rows only, a fixed number of statements for any number of orders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from entrepot.catalog.rows import as_json, clip, copy_in, fetch, new_ids
from entrepot.orders.drafts import LineDraft, OrderDraft
from entrepot.orders.flow import CANCELED_FOR_GOOD, LEFT
from entrepot.orders.models import Order, OrderLine, Status
from entrepot.orders.search import search_text

# In the order of the remote ids, so that two pages with the same orders wait for each other, never in a circle.
ORDERS = """
INSERT INTO orders_order (
    seller_id, sales_channel_id, remote_id, number, status, hold_code, held_from, remote_status_id, remote_version,
    placed_at, base_currency, currency, rate, total, buyer_name, buyer_email, buyer_phone, shipping, billing,
    payment_method, shipping_method, comment, follows, origin, pickup, tags, search_text, version, created_at,
    updated_at)
SELECT %s, %s, remote_id, number, status, '', '', remote_status_id, remote_version,
    placed_at, base_currency, currency, rate, total, buyer_name, buyer_email, buyer_phone, shipping::jsonb,
    billing::jsonb, payment_method, shipping_method, comment, follows, origin, pickup, '{}', search_text, 1, %s, %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[],
            %s::numeric[], %s::numeric[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[])
    AS t(remote_id, number, status, remote_status_id, remote_version, placed_at, base_currency, currency, rate, total,
         buyer_name, buyer_email, buyer_phone, shipping, billing, payment_method, shipping_method, comment, search_text,
         follows, origin, pickup)
ORDER BY remote_id
ON CONFLICT (sales_channel_id, remote_id) DO NOTHING
RETURNING remote_id, id
"""
LINES = """
COPY orders_orderline (id, order_id, position, remote_id, item_id, product_remote_id, variation_key, sku, name, model,
    options, quantity, canceled, shipped, returned, unit_price, line_total, unit_tax) FROM STDIN
"""
TOTALS = "COPY orders_ordertotal (order_id, position, code, title, amount) FROM STDIN"


def insert_orders(seller_id: int, sales_channel_id: int, drafts: Sequence[OrderDraft], now: datetime) -> dict[str, int]:
    """Write the orders that are not there yet; the ids of those, by remote id."""
    columns = zip(*(_order_row(draft) for draft in drafts), strict=True)
    return dict(fetch(ORDERS, [seller_id, sales_channel_id, now, now, *(list(column) for column in columns)]))


def _order_row(draft: OrderDraft) -> tuple[object, ...]:
    return (
        draft.remote_id,
        clip(draft.number, 80),
        draft.entered_as or Status.NEW.value,
        clip(draft.remote_status_id, 40),
        draft.remote_version,
        draft.placed_at,
        draft.base_currency,
        draft.currency,
        draft.rate,
        draft.total,
        *header_words(draft).values(),
        search_text(draft),
        clip(draft.follows, 80),
        clip(draft.origin, 80),
        draft.pickup,
    )


def header_words(draft: OrderDraft) -> dict[str, str | None]:
    """The words of an order's head as its columns can hold them; addresses as JSON."""
    return {
        "buyer_name": clip(draft.buyer_name, 200),
        "buyer_email": clip(draft.buyer_email, 254),
        "buyer_phone": clip(draft.buyer_phone, 60),
        "shipping": None if draft.shipping is None else as_json(draft.shipping),
        "billing": None if draft.billing is None else as_json(draft.billing),
        "payment_method": clip(draft.payment_method, 200),
        "shipping_method": clip(draft.shipping_method, 200),
        "comment": clip(draft.comment, 65_536),
    }


def insert_lines(drafts: Mapping[int, OrderDraft]) -> dict[int, list[OrderLine]]:
    """Write the lines and totals of new orders, `{order_id: draft}`; the lines, by order."""
    ids = iter(new_ids("orders_orderline", sum(len(draft.lines) for draft in drafts.values())))
    made = {
        order_id: [
            new_line(next(ids), order_id, position, line, draft.entered_as, left_before=draft.left_before)
            for position, line in enumerate(draft.lines, 1)
        ]
        for order_id, draft in drafts.items()
    }
    copy_lines(line for lines in made.values() for line in lines)
    copy_totals(drafts)
    return made


def new_line(
    line_id: int,
    order_id: int,
    position: int,
    draft: LineDraft,
    entered_as: str = "",
    *,
    left_before: bool = False,
) -> OrderLine:
    """A line as a row, not yet written. What was over before we came has left or is canceled."""
    canceled = draft.state == "canceled" or entered_as in CANCELED_FOR_GOOD
    away = entered_as in LEFT or (left_before and draft.state in {"shipped", "delivered", "returned"})
    back = entered_as == Status.RETURNED or draft.state == "returned"
    return OrderLine(
        id=line_id,
        order_id=order_id,
        position=position,
        canceled=draft.quantity if canceled else 0,
        shipped=draft.quantity if away and not canceled else 0,
        returned=draft.quantity if away and back and not canceled else 0,
        **line_words(draft),
    )


def line_words(draft: LineDraft) -> dict[str, object]:
    """A draft's own fields as the columns can hold them."""
    return {
        "remote_id": clip(draft.remote_id, 80),
        "item_id": draft.item_id,
        "product_remote_id": clip(draft.product_remote_id, 80),
        "variation_key": clip(draft.variation_key, 200),
        "sku": clip(draft.sku, 255),
        "name": clip(draft.name, 500),
        "model": clip(draft.model, 255),
        "options": list(draft.options),
        "quantity": draft.quantity,
        "unit_price": draft.unit_price,
        "line_total": draft.line_total,
        "unit_tax": draft.unit_tax,
    }


def copy_lines(lines: Iterable[OrderLine]) -> None:
    """Stream lines into the table."""
    copy_in(LINES, map(_line_row, lines))


def _line_row(line: OrderLine) -> tuple[object, ...]:
    words = line.product_remote_id, line.variation_key, line.sku, line.name, line.model, as_json(line.options)
    amounts = line.unit_price, line.line_total, line.unit_tax
    head = line.pk, line.order_id, line.position, line.remote_id, line.item_id
    return (*head, *words, line.quantity, line.canceled, line.shipped, line.returned, *amounts)


def copy_totals(drafts: Mapping[int, OrderDraft]) -> None:
    """Stream the totals of `{order_id: draft}` into the table."""
    copy_in(
        TOTALS,
        (
            (order_id, position, clip(total.code, 40), clip(total.title, 255), total.amount)
            for order_id, draft in drafts.items()
            for position, total in enumerate(draft.totals, 1)
        ),
    )


def order_in_hand(seller_id: int, order_id: int, draft: OrderDraft) -> Order:
    """A freshly written order as an object, without reading it back."""
    return Order(
        id=order_id, seller_id=seller_id, status=draft.entered_as or Status.NEW.value, placed_at=draft.placed_at
    )
