"""What hangs on an order besides goods: memos, labels, the payment timeline (reference §5.8)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import (
    Answer,
    Ask,
    Row,
    bulk,
    created,
    needs,
    not_found,
    ok,
    unprocessable,
)
from entrepot.connectors.cafe24.simulator.clock import plain
from entrepot.connectors.cafe24.simulator.order_rows import Order, OrderItem
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_MEMOS, MOST_MEMO_OFFSET, LONGEST_MEMO = 500, 8000, 1000
MOST_LABELS = 10
_LISTED = (
    "shop_no",
    "memo_no",
    "created_date",
    "author_id",
    "ip",
    "use_customer_inquiry",
    "attach_type",
    "content",
    "starred_memo",
    "fixed",
    "product_list",
)
_ANSWERED = (
    "shop_no",
    "memo_no",
    "author_id",
    "use_customer_inquiry",
    "topic_type",
    "status",
    "attach_type",
    "content",
    "starred_memo",
    "fixed",
    "product_list",
)
_CHOICES = {
    "attach_type": ("O", "P"),
    "starred_memo": ("T", "F"),
    "fixed": ("T", "F"),
    "use_customer_inquiry": ("T", "F"),
}
_TOPICS = ("cs_01", "cs_02", "cs_03", "cs_04", "cs_05")

# ------------------------------------------------------------------ memos


def _memo_fields(request: Row) -> Row:
    names = ("content", *_CHOICES, "topic_type", "status", "product_list")
    given = {name: request[name] for name in names if name in request}
    for name, allowed in _CHOICES.items():
        if name in given and given[name] not in allowed:
            raise unprocessable("Invalid value.", name)
    if len(str(given.get("content", ""))) > LONGEST_MEMO:
        raise unprocessable(f"Up to {LONGEST_MEMO} characters can be entered.", "content")
    if given.get("topic_type") not in {None, *_TOPICS}:
        raise unprocessable("Invalid value.", "topic_type")
    return given


def _memo(order: Order, memo_no: int) -> Row:
    for memo in order.memos:
        if memo["memo_no"] == memo_no:
            return memo
    raise not_found("No memo found.")


def list_memos(mall: "Mall", ask: Ask) -> Answer:
    """The memos of one order."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    return ok({"memos": [{name: memo[name] for name in _LISTED} for memo in order.memos]})


def list_memos_of_many(mall: "Mall", ask: Ask) -> Answer:
    """The memos of several orders; `order_id` is required."""
    if ask.text("order_id") is None:
        raise unprocessable("This field is required.", "order_id")
    limit, offset = ask.page(most=MOST_MEMOS, offset_most=MOST_MEMO_OFFSET)
    rows = [
        {name: memo[name] for name in _LISTED} | {"order_id": order.order_id}
        for order in (mall.orders.rows.get(order_id) for order_id in ask.words("order_id"))
        if order and order.shop_no == ask.shop_no
        for memo in order.memos
    ]
    return ok({"memos": rows[offset : offset + limit]})


def add_memo(mall: "Mall", ask: Ask) -> Answer:
    """A new memo."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    needs(ask.request, "content")
    memo: Row = {
        "shop_no": order.shop_no,
        "memo_no": mall.next_number("memo"),
        "created_date": mall.clock.stamp(),
        "author_id": mall.mall_id,
        "ip": "127.0.0.1",
        "use_customer_inquiry": "F",
        "topic_type": None,
        "status": None,
        "attach_type": "O",
        "starred_memo": "F",
        "fixed": "F",
        "product_list": [],
    } | _memo_fields(ask.request)
    order.memos.append(memo)
    mall.orders.tell("memo_added", [order])
    return created({"memo": {name: memo[name] for name in _ANSWERED}})


def update_memo(mall: "Mall", ask: Ask) -> Answer:
    """Change a memo."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    memo = _memo(order, ask.params["memo_no"])
    memo.update(_memo_fields(ask.request))
    mall.orders.tell("memo_edited", [order])
    return ok({"memo": {name: memo[name] for name in _ANSWERED}})


def delete_memo(mall: "Mall", ask: Ask) -> Answer:
    """Take a memo away."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    memo = _memo(order, ask.params["memo_no"])
    order.memos.remove(memo)
    mall.orders.tell("memo_deleted", [order])
    return ok({"memo": {"shop_no": order.shop_no, "memo_no": memo["memo_no"]}})


# ------------------------------------------------------------------ labels


def _label(mall: "Mall", item: OrderItem, names: Sequence[str]) -> None:
    item.labels.extend(name for name in names if name not in item.labels)
    mall.orders.labels.extend(name for name in names if name not in mall.orders.labels)


def list_labels(mall: "Mall", ask: Ask) -> Answer:
    """All labels of the mall: one object, not a list (reference §2)."""
    limit, offset = ask.page(most=1000, offset_most=15000, default=100)
    names = mall.orders.labels[offset : offset + limit]
    return ok({"labels": {"shop_no": ask.shop_no, "names": names}, "links": []})


def add_labels(mall: "Mall", ask: Ask) -> Answer:
    """Stick labels on items, at most 10 (case 26)."""

    def write(request: Row) -> Row:
        needs(request, "name", "order_item_code")
        for code in request["order_item_code"]:
            order = mall.orders.find(str(code).rpartition("-")[0], ask.shop_no)
            for item in mall.orders.items(order, code):
                _label(mall, item, [request["name"]])
        return {"shop_no": ask.shop_no, "name": request["name"], "order_item_code": request["order_item_code"]}

    return bulk("labels", ask.requests(MOST_LABELS), write, status=201)


def _one_item(mall: "Mall", ask: Ask) -> OrderItem:
    item = mall.orders.find(ask.params["order_id"], ask.shop_no).item(ask.params["order_item_code"])
    if item is None:
        raise not_found("No item found.")
    return item


def _item_labels(ask: Ask, item: OrderItem, status: int = 200) -> Answer:
    return Answer(status, {"label": {"shop_no": ask.shop_no, "names": list(item.labels)}})


def item_labels(mall: "Mall", ask: Ask) -> Answer:
    """An item's labels."""
    return _item_labels(ask, _one_item(mall, ask))


def add_item_labels(mall: "Mall", ask: Ask) -> Answer:
    """More labels on an item."""
    item = _one_item(mall, ask)
    needs(ask.request, "names")
    _label(mall, item, ask.request["names"])
    return _item_labels(ask, item, 201)


def set_item_labels(mall: "Mall", ask: Ask) -> Answer:
    """Exactly these labels on an item."""
    item = _one_item(mall, ask)
    needs(ask.request, "names")
    item.labels.clear()
    _label(mall, item, ask.request["names"])
    return _item_labels(ask, item)


def remove_item_label(mall: "Mall", ask: Ask) -> Answer:
    """One label less."""
    item = _one_item(mall, ask)
    if ask.params["name"] not in item.labels:
        raise not_found("No label found.")
    item.labels.remove(ask.params["name"])
    return ok({"label": {"shop_no": ask.shop_no, "name": ask.params["name"]}})


# ------------------------------------------------------------------ payments


def _timeline(order: Order) -> list[Row]:
    if order.paid_at is None:
        return []
    amount = order.columns["initial_order_amount"]["total_amount_due"]
    row = {
        "shop_no": order.shop_no,
        "payment_no": 1,
        "payment_settle_type": "O",
        "payment_methods": [order.method],
        "order_amount": amount,
        "additional_payment_amount": "0.00",
        "paid_amount": amount,
        "payment_datetime": plain(order.paid_at),
        "created_datetime": plain(order.placed_at),
        "claim_code": None,
    }
    return [row]


def payment_timeline(mall: "Mall", ask: Ask) -> Answer:
    """The payments of an order; its times have no zone (reference §2)."""
    return ok({"paymenttimeline": _timeline(mall.orders.find(ask.params["order_id"], ask.shop_no))})


def one_payment(mall: "Mall", ask: Ask) -> Answer:
    """One payment, under the same key as the list."""
    for row in _timeline(mall.orders.find(ask.params["order_id"], ask.shop_no)):
        if row["payment_no"] == ask.params["payment_no"]:
            return ok({"paymenttimeline": row})
    raise not_found("No payment found.")


ROUTES: Sequence[Route] = (
    Route("GET", "/orders/memos", list_memos_of_many, "read_order"),
    Route("GET", "/orders/{order_id}/memos", list_memos, "read_order"),
    Route("POST", "/orders/{order_id}/memos", add_memo, "write_order"),
    Route("PUT", "/orders/{order_id}/memos/{memo_no:int}", update_memo, "write_order"),
    Route("DELETE", "/orders/{order_id}/memos/{memo_no:int}", delete_memo, "write_order"),
    Route("GET", "/labels", list_labels, "read_order"),
    Route("POST", "/labels", add_labels, "write_order"),
    Route("GET", "/orders/{order_id}/items/{order_item_code}/labels", item_labels, "read_order"),
    Route("POST", "/orders/{order_id}/items/{order_item_code}/labels", add_item_labels, "write_order"),
    Route("PUT", "/orders/{order_id}/items/{order_item_code}/labels", set_item_labels, "write_order"),
    Route("DELETE", "/orders/{order_id}/items/{order_item_code}/labels/{name}", remove_item_label, "write_order"),
    Route("GET", "/orders/{order_id}/paymenttimeline", payment_timeline, "read_order"),
    Route("GET", "/orders/{order_id}/paymenttimeline/{payment_no:int}", one_payment, "read_order"),
)
