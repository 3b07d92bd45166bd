"""PUT /orders, receivers, buyer, items and payments (reference §5.5, §5.7, §5.8)."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import order_placing, order_wire
from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, bulk, needs, ok, unprocessable
from entrepot.connectors.cafe24.simulator.order_rows import Order, OrderItem
from entrepot.connectors.cafe24.simulator.order_states import may, state_refused
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_PAYMENTS, MOST_ITEMS = 10, 40
_PROCESS = ("prepare", "prepareproduct", "hold", "unhold")
_PHONE = re.compile(r"\d{2,4}-\d{3,4}-\d{4}")
_RECEIVER_FIELDS = {"name": 20, "phone": 20, "cellphone": 20, "zipcode": 14, "address1": 255, "address2": 255}
_FREE_RECEIVER_FIELDS = ("shipping_message", "name_furigana", "address_state", "address_city", "address_street")
_BUYER_FIELDS = ("name", "email", "phone", "cellphone", "customer_notification")

# ------------------------------------------------------------------ status


def _chosen(mall: "Mall", order: Order, request: Row, trigger: str) -> list[OrderItem]:
    """The named items, or those of the whole order that the step fits.

    Raises:
        Refusal: 422, none of them can take it.
    """
    if request.get("order_item_code"):
        return mall.orders.items(order, request["order_item_code"])
    if not mall.orders.switches.whole_order_moves_what_can:
        return list(order.items)
    fitting = [item for item in order.items if may(trigger, item.acts_as)]
    if not fitting:
        raise state_refused()
    return fitting


def _process(mall: "Mall", order: Order, request: Row) -> Row:
    """One order's status write; the answer echoes the word, not the code.

    Raises:
        Refusal: 422, nothing was changed.
    """
    word, confirmation = request.get("process_status"), request.get("purchase_confirmation")
    items: list[OrderItem] = []
    if word is not None:
        if word not in _PROCESS:
            raise unprocessable("Invalid value.", "process_status")
        if word == "prepareproduct" and not mall.settings.use_product_prepare_status:
            raise state_refused()
        items = _chosen(mall, order, request, word)
        mall.orders.move(word, items)
    elif confirmation in {"T", "F"}:
        trigger = "confirm" if confirmation == "T" else "unconfirm"
        items = _chosen(mall, order, request, trigger)
        mall.orders.move(trigger, items)
    elif request.get("show_shipping_address") in {"T", "F"}:
        order.columns["show_shipping_address"] = request["show_shipping_address"]
    else:
        raise unprocessable("This field is required.", "process_status")
    return {
        "shop_no": order.shop_no,
        "process_status": word,
        "order_item_code": [item.code for item in items],
        "purchase_confirmation": confirmation,
        "collect_points": request.get("collect_points") or "F",
        "show_shipping_address": request.get("show_shipping_address"),
    }


def update_order(mall: "Mall", ask: Ask) -> Answer:
    """PUT /orders/{order_id}."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    row = _process(mall, order, ask.request)
    mall.orders.tell("shipping", [order])
    return ok({"order": row})


def update_orders(mall: "Mall", ask: Ask) -> Answer:
    """PUT /orders, at most 100 (case 26)."""
    moved: list[Order] = []

    def write(request: Row) -> Row:
        needs(request, "order_id")
        order = mall.orders.find(request["order_id"], ask.shop_no)
        row = _process(mall, order, request)
        moved.append(order)
        return {"shop_no": row.pop("shop_no"), "order_id": order.order_id} | row

    answer = bulk("orders", ask.requests(100), write)
    mall.orders.tell("shipping", moved)
    return answer


# ------------------------------------------------------------------ people


def _check_receiver(request: Row) -> Row:
    given = {name: str(request[name] or "") for name in _RECEIVER_FIELDS if name in request}
    for name, text in given.items():
        if len(text) > _RECEIVER_FIELDS[name]:
            raise unprocessable("Invalid value.", name)
        if name in {"phone", "cellphone"} and text and not _PHONE.fullmatch(text):
            raise unprocessable("Invalid value.", name)
    if "zipcode" in given and not 2 <= len(given["zipcode"]) <= 14:
        raise unprocessable("Invalid value.", "zipcode")
    return given | {name: request[name] for name in _FREE_RECEIVER_FIELDS if name in request}


def _write_receiver(mall: "Mall", order: Order, request: Row, code: object) -> Row:
    """Change one receiver.

    Raises:
        Refusal: 422, no such shipping code, or a value is not taken.
    """
    receiver = next((row for row in order.receivers if row["shipping_code"] == code), None)
    if receiver is None:
        raise unprocessable("Invalid value.", "shipping_code")
    given = _check_receiver(request)
    order.receiver_history.append(dict(receiver))
    receiver.update(given)
    receiver["address_full"] = f"{receiver['address1']} {receiver['address2']}".strip()
    return order_wire.receiver_row(mall, order, receiver) | {
        "change_default_shipping_address": request.get("change_default_shipping_address") or "F",
        "use_fast_delivery_date": None,
        "use_fast_delivery_time": None,
    }


def update_receivers(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/receivers."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)

    def write(request: Row) -> Row:
        code = request.get("shipping_code") or (
            order.receivers[0]["shipping_code"] if len(order.receivers) == 1 else ""
        )
        return _write_receiver(mall, order, request, code)

    answer = bulk("receivers", ask.requests(100), write)
    mall.orders.tell("receiver", [order])
    return answer


def update_receiver(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/receivers/{shipping_code}."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    row = _write_receiver(mall, order, ask.request, ask.params["shipping_code"])
    mall.orders.tell("receiver", [order])
    return ok({"receiver": row})


def update_buyer(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/buyer: name, email, phones and the notice to the customer."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    given = {name: ask.request[name] for name in _BUYER_FIELDS if name in ask.request}
    if not given:
        raise unprocessable("This field is required.", "name")
    order.buyer_history.append(dict(order.buyer))
    order.buyer |= given | {"updated_date": mall.clock.stamp()}
    row = {"shop_no": order.shop_no, "order_id": order.order_id}
    return ok({"buyer": row | {name: order.buyer[name] for name in _BUYER_FIELDS}})


def buyer_history(mall: "Mall", ask: Ask) -> Answer:
    """Earlier buyers' rows."""
    return ok({"history": mall.orders.find(ask.params["order_id"], ask.shop_no).buyer_history})


def receivers_history(mall: "Mall", ask: Ask) -> Answer:
    """Earlier receivers' rows."""
    return ok({"history": mall.orders.find(ask.params["order_id"], ask.shop_no).receiver_history})


# ------------------------------------------------------------------ items


def add_items(mall: "Mall", ask: Ask) -> Answer:
    """POST …/items: more lines on an order that has not left, at most 40."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    if not any(item.acts_as in {"N00", "N10", "N20", "N22"} for item in order.items):
        raise state_refused()

    def write(request: Row) -> Row:
        needs(request, "variant_code")
        quantity, code = request.get("quantity", 1), str(request["variant_code"])
        if not mall.orders.known(code):
            raise unprocessable("Invalid value.", "variant_code")
        if not isinstance(quantity, int) or quantity < 1 or not mall.orders.there(code, quantity):
            raise unprocessable("Invalid value.", "quantity")
        item = order_placing.add_item(mall, order, code, quantity)
        row = {"shop_no": order.shop_no, "order_id": order.order_id, "order_item_code": item.code}
        return row | {"variant_code": code, "quantity": quantity}

    answer = bulk("items", ask.requests(MOST_ITEMS), write, status=201)
    mall.orders.tell("item_added", [order])
    return answer


# ------------------------------------------------------------------ payments


def _pay(mall: "Mall", order: Order, request: Row) -> None:
    match request["status"]:
        case "paid":
            mall.orders.pay(order)
        case "unpaid":
            mall.orders.unpay(order)
        case "canceled":
            raise unprocessable("Only payments of an app's own gateway can be canceled.", "status")
        case _:
            raise unprocessable("Invalid value.", "status")


def update_payments(mall: "Mall", ask: Ask) -> Answer:
    """PUT /payments, at most 10."""

    def write(request: Row) -> Row:
        needs(request, "order_id", "status")
        order = mall.orders.find(request["order_id"], ask.shop_no)
        _pay(mall, order, request)
        refund = dict.fromkeys(("payment_gateway_name", "payment_method", "response_code", "response_message"))
        return {
            "shop_no": order.shop_no,
            "order_id": order.order_id,
            "status": request["status"],
            "cancel_request": {"refund_status": "F", "partial_cancel": "F"} | refund,
        }

    return bulk("payments", ask.requests(MOST_PAYMENTS), write)


ROUTES: Sequence[Route] = (
    Route("PUT", "/orders", update_orders, "write_order"),
    Route("PUT", "/orders/{order_id}", update_order, "write_order"),
    Route("PUT", "/orders/{order_id}/receivers", update_receivers, "write_order"),
    Route("PUT", "/orders/{order_id}/receivers/{shipping_code}", update_receiver, "write_order"),
    Route("GET", "/orders/{order_id}/receivers/history", receivers_history, "read_order"),
    Route("PUT", "/orders/{order_id}/buyer", update_buyer, "write_order"),
    Route("GET", "/orders/{order_id}/buyer/history", buyer_history, "read_order"),
    Route("POST", "/orders/{order_id}/items", add_items, "write_order"),
    Route("PUT", "/payments", update_payments, "write_order"),
)
