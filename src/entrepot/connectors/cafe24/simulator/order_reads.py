"""GET /orders and what belongs to it (reference §2.1, §5.2)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import claim_wire, order_wire
from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, needs, ok, unprocessable
from entrepot.connectors.cafe24.simulator.clock import KST
from entrepot.connectors.cafe24.simulator.order_rows import Order, money
from entrepot.connectors.cafe24.simulator.order_states import NAMES
from entrepot.connectors.cafe24.simulator.routes import PREFIX, Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_ORDERS, MOST_OFFSET = 1000, 15000
MONTHS = 3
_LIST_EMBEDS = ("items", "receivers", "buyer", "return", "cancellation", "exchange")
_DETAIL_EMBEDS = (*_LIST_EMBEDS, "benefits", "coupons", "refunds")
_ITEM_DATES = {
    "shipbegin_date": "shipped_date",
    "shipend_date": "delivered_date",
    "cancel_date": "cancel_date",
    "place_date": "place_date",
    "cancel_request_date": "cancel_request_date",
    "cancel_accept_date": "cancel_accept_date",
    "cancel_complete_date": "cancel_date",
    "exchange_request_date": "exchange_request_date",
    "exchange_accept_date": "exchange_accept_date",
    "exchange_complete_date": "exchange_date",
    "return_request_date": "return_request_date",
    "return_accept_date": "return_accept_date",
    "return_complete_date": "return_confirmed_date",
    "purchaseconfirmation_date": "purchaseconfirmation_date",
}
DATE_TYPES = ("order_date", "pay_date", *_ITEM_DATES)


def months_later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or the last day that month has."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(moment.day, last.day))


def _range(ask: Ask) -> tuple[datetime, datetime] | None:
    """The asked range, at most three months and both ends together (case 13)."""
    named = ask.text("order_id") is not None
    dates = ask.dates("start_date", "end_date", required=not named)
    if dates is None:
        return None
    start, end = (moment.astimezone(KST) for moment in dates)
    if end < start:
        raise unprocessable("Invalid date.", "end_date")
    if end >= months_later(start, MONTHS) + timedelta(days=1):
        raise unprocessable(f"The search period must be within {MONTHS} months.", "end_date")
    return start, end


def _moments(order: Order, date_type: str) -> list[datetime]:
    if date_type == "order_date":
        return [order.placed_at]
    if date_type == "pay_date":
        return [order.paid_at] if order.paid_at else []
    name = _ITEM_DATES[date_type]
    return [item.dates[name] for item in order.items if name in item.dates]


# ------------------------------------------------------------------ filters

_Test = Callable[[Order, list[str]], bool]


def _any_item(name: str) -> _Test:
    return lambda order, words: any(str(item.goods.get(name)) in words for item in order.items)


def _holds(read: Callable[[Order], str]) -> _Test:
    return lambda order, words: any(word.casefold() in read(order).casefold() for word in words)


def _payment_status(order: Order, words: list[str]) -> bool:
    return ("F" if order.paid_at is None else "A" if order.method != "cash" else "T") in words


_FILTERS: Mapping[str, _Test] = {
    "order_id": lambda order, words: order.order_id in words,
    "order_status": lambda order, words: any(item.status in words for item in order.items),
    "payment_status": _payment_status,
    "payment_method": lambda order, words: order.method in words,
    "member_type": lambda order, words: ("3" if order.guest else "2") in words,
    "member_id": lambda order, words: not order.guest and order.buyer["member_id"] in words,
    "member_email": lambda order, words: order.buyer["email"] in words,
    "buyer_email": lambda order, words: order.buyer["email"] in words,
    "buyer_name": _holds(lambda order: str(order.buyer["name"])),
    "buyer_cellphone": lambda order, words: order.buyer["cellphone"] in words,
    "buyer_phone": lambda order, words: order.buyer["phone"] in words,
    "receiver_name": _holds(lambda order: " ".join(row["name"] for row in order.receivers)),
    "receiver_address": _holds(lambda order: " ".join(row["address_full"] for row in order.receivers)),
    "product_no": _any_item("product_no"),
    "product_code": _any_item("product_code"),
    "supplier_id": lambda _order, words: "S0000000" in words,
    "order_place_id": lambda order, words: order.place_id in words,
    "market_order_no": lambda order, words: order.market_order_no in words,
    "market_cancel_request": lambda order, words: any(item.market_cancel_request in words for item in order.items),
    "subscription": lambda order, words: ("T" if order.subscription else "F") in words,
    "multiple_addresses": lambda order, words: ("T" if order.several_addresses else "F") in words,
    "labels": lambda order, words: any(set(item.labels) & set(words) for item in order.items),
    "carrier_id": lambda order, words: bool(words and order.items),
}


def _found(mall: "Mall", ask: Ask) -> list[Order]:
    """The orders asked for, whole: a status matches when one item has it (case 16)."""
    dates = _range(ask)
    date_type = ask.choice("date_type", DATE_TYPES, "order_date") or "order_date"
    tests = [(test, ask.words(name)) for name, test in _FILTERS.items() if ask.text(name) is not None]
    named = ask.words("order_id")
    chosen = [mall.orders.rows[key] for key in named if key in mall.orders.rows] if named else None
    orders = mall.orders.of_shop(ask.shop_no) if chosen is None else (o for o in chosen if o.shop_no == ask.shop_no)
    return [
        order
        for order in orders
        if (dates is None or any(dates[0] <= moment <= dates[1] for moment in _moments(order, date_type)))
        and all(test(order, words) for test, words in tests)
    ]


# ------------------------------------------------------------------ handlers


def _embedded(mall: "Mall", order: Order, names: set[str]) -> Row:
    row = order_wire.embedded(mall, order, names)
    for kind in ("return", "cancellation", "exchange"):
        if kind in names:
            row[kind] = claim_wire.of_order(mall, order, kind)
    if "benefits" in names:
        row["benefits"] = []
    if "coupons" in names:
        row["coupons"] = []
    if "refunds" in names:
        row["refunds"] = claim_wire.refunds_of(mall, order)
    return row


def list_orders(mall: "Mall", ask: Ask) -> Answer:
    """Whole orders, the latest first; `links` leads on by limit and offset alone."""
    limit, offset = ask.page(most=MOST_ORDERS, offset_most=MOST_OFFSET)
    embeds = ask.embeds(*_LIST_EMBEDS)
    found = _found(mall, ask)
    rows = [
        order_wire.order_row(mall, order) | _embedded(mall, order, embeds) for order in found[offset : offset + limit]
    ]
    links: list[Row] = []
    base = f"https://{mall.mall_id}.cafe24api.com{PREFIX}/orders"
    if offset:
        links.append({"rel": "prev", "href": f"{base}?limit={limit}&offset={max(0, offset - limit)}"})
    if offset + limit < len(found):
        links.append({"rel": "next", "href": f"{base}?limit={limit}&offset={offset + limit}"})
    return ok({"orders": rows, "links": links})


def count_orders(mall: "Mall", ask: Ask) -> Answer:
    """How many there are."""
    return ok({"count": len(_found(mall, ask))})


def one_order(mall: "Mall", ask: Ask) -> Answer:
    """One order; without `embed` it has no items (case 17)."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    row = order_wire.order_row(mall, order, detail=True)
    return ok({"order": row | _embedded(mall, order, ask.embeds(*_DETAIL_EMBEDS))})


def list_items(mall: "Mall", ask: Ask) -> Answer:
    """All items, no paging."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    return ok({"items": [order_wire.item_row(mall, order, item) for item in order.items]})


def list_receivers(mall: "Mall", ask: Ask) -> Answer:
    """All receivers, one for each address."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    return ok({"receivers": [order_wire.receiver_row(mall, order, row) for row in order.receivers]})


def one_buyer(mall: "Mall", ask: Ask) -> Answer:
    """The buyer."""
    return ok({"buyer": order_wire.buyer_row(mall, mall.orders.find(ask.params["order_id"], ask.shop_no))})


def list_statuses(mall: "Mall", ask: Ask) -> Answer:
    """The names this mall gives the states (key names of the rows not confirmed)."""
    del mall
    rows = [
        {"shop_no": ask.shop_no, "status_name_id": number, "status_type": code, "basic_name": name, "custom_name": name}
        for number, (code, name) in enumerate(NAMES.items(), start=1)
    ]
    return ok({"status": rows})


def payment_amounts(mall: "Mall", ask: Ask) -> Answer:
    """What was paid for single items."""
    needs({"order_item_code": ask.text("order_item_code")}, "order_item_code")
    rows = []
    for code in ask.words("order_item_code"):
        order = mall.orders.rows.get(code.rpartition("-")[0])
        item = order.item(code) if order else None
        if order and item:
            row = {"shop_no": order.shop_no, "order_item_code": code}
            rows.append(row | {"payment_amount": money(item.payment)})
    return ok({"paymentamount": rows})


ROUTES: Sequence[Route] = (
    Route("GET", "/orders", list_orders, "read_order"),
    Route("GET", "/orders/count", count_orders, "read_order"),
    Route("GET", "/orders/status", list_statuses, "read_store"),
    Route("GET", "/orders/paymentamount", payment_amounts, "read_order"),
    Route("GET", "/orders/{order_id}", one_order, "read_order"),
    Route("GET", "/orders/{order_id}/items", list_items, "read_order"),
    Route("GET", "/orders/{order_id}/receivers", list_receivers, "read_order"),
    Route("GET", "/orders/{order_id}/buyer", one_buyer, "read_order"),
)
