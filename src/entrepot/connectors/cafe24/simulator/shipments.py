"""Parcels: the rules of reference §5.7. ROUTES answers …/shipments and /shipments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import (
    Answer,
    Ask,
    Row,
    bulk,
    created,
    forbidden,
    needs,
    not_found,
    ok,
    unprocessable,
)
from entrepot.connectors.cafe24.simulator.clock import stamp
from entrepot.connectors.cafe24.simulator.order_placing import DUMMY_INVOICE
from entrepot.connectors.cafe24.simulator.order_rows import Order, OrderItem, Parcel
from entrepot.connectors.cafe24.simulator.order_states import may, state_refused
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST = 100
LONGEST_TRACKING, LONGEST_NOTE = 40, 30
_POSTED = ("standby", "shipping")
_WORDS = {"N20": "standby", "N21": "standby", "N22": "standby", "N30": "shipping", "N40": "shipped", "N50": "shipped"}

# ------------------------------------------------------------------ checks


def _carrier(mall: "Mall", request: Row) -> Row:
    """The carrier a write names; only those of the mall's own list are taken (case 25).

    Raises:
        Refusal: 422, the mall does not know it.
    """
    row = mall.carrier_by_code(str(request.get("shipping_company_code") or ""))
    if row is None:
        raise unprocessable("Invalid value.", "shipping_company_code")
    return row


def _tracking(request: Row) -> str:
    text = str(request["tracking_no"])
    if len(text) > LONGEST_TRACKING:
        raise unprocessable(f"Up to {LONGEST_TRACKING} characters can be entered.", "tracking_no")
    return text


def _wanted(mall: "Mall", order: Order, request: Row, trigger: str) -> list[OrderItem]:
    """The items of a new parcel: named, or those of a shipping code, or all that can go.

    Raises:
        Refusal: 422, an unknown code, or nothing that can go.
    """
    if request.get("order_item_code"):
        return mall.orders.items(order, request["order_item_code"])
    there = list(order.items)
    if request.get("shipping_code"):
        there = [item for item in order.items if item.shipping_code == request["shipping_code"]]
        if not there:
            raise unprocessable("Invalid value.", "shipping_code")
    found = [item for item in there if may(trigger, item.acts_as) and item.acts_as != "N21"]
    if not found:
        raise state_refused()
    return found


# ------------------------------------------------------------------ issuing


def _code_for(mall: "Mall", order: Order, items: list[OrderItem]) -> str:
    """One shipping code for each entry: the one the items have when it is theirs alone and unused, else a new one."""
    codes = {item.shipping_code for item in items}
    code = items[0].shipping_code
    on_it = [item for item in order.items if item.shipping_code == code and (item.status[0] == "N" or item in items)]
    if (
        len(codes) == 1
        and len(on_it) == len(items)
        and not any(item.tracking_no not in {None, DUMMY_INVOICE} for item in items)
    ):
        return code
    new = order.new_shipping_code()
    if mall.orders.switches.receiver_per_parcel:
        same = next((row for row in order.receivers if row["shipping_code"] == code), order.receivers[0])
        order.receivers.append(same | {"shipping_code": new})
    return new


def issue(mall: "Mall", order: Order, request: Row) -> Row:
    """A parcel leaves or stands by.

    Raises:
        Refusal: 422, a field is missing or wrong, or an item is past that (case 20); nothing was changed.
    """
    needs(request, "tracking_no", "shipping_company_code", "status")
    if request["status"] not in _POSTED:
        raise unprocessable("Invalid value.", "status")
    tracking, carrier = _tracking(request), _carrier(mall, request)
    trigger = f"post_{request['status']}"
    items = _wanted(mall, order, request, trigger)
    for item in items:
        mall.orders.goal(trigger, item)
    code = _code_for(mall, order, items)
    mall.orders.move(trigger, items)
    _write_invoice(mall, items, carrier, tracking)
    for item in items:
        item.shipping_code = code
    codes = [item.code for item in items]
    order.parcels.append(Parcel(code, tracking, carrier["shipping_carrier_code"], codes, mall.clock.now()))
    return {
        "shop_no": order.shop_no,
        "shipping_code": code,
        "order_id": order.order_id,
        "status": request["status"],
        "tracking_no": tracking,
        "shipping_company_code": carrier["shipping_carrier_code"],
        "order_item_code": codes,
        "carrier_id": carrier["carrier_id"],
    }


def _write_invoice(mall: "Mall", items: Sequence[OrderItem], carrier: Row, tracking: str) -> None:
    for item in items:
        item.tracking_no, item.tracking_at = tracking, mall.clock.now()
        item.carrier_code = carrier["shipping_carrier_code"]


def add_shipment(mall: "Mall", ask: Ask) -> Answer:
    """POST one: the answer is a list all the same (case 23)."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    row = issue(mall, order, ask.request)
    mall.orders.tell("shipping", [order])
    return created({"shipments": [row]})


def add_shipments(mall: "Mall", ask: Ask) -> Answer:
    """POST many: each entry on its own (cases 26 and 27)."""
    moved: list[Order] = []

    def write(request: Row) -> Row:
        needs(request, "order_id")
        order = mall.orders.find(request["order_id"], ask.shop_no)
        row = issue(mall, order, request)
        moved.append(order)
        return row

    answer = bulk("shipments", ask.requests(MOST), write, status=201)
    mall.orders.tell("shipping", moved)
    return answer


# ------------------------------------------------------------------ changing


def _on(order: Order, shipping_code: object) -> list[OrderItem]:
    """The items travelling under a shipping code, claims left out.

    Raises:
        Refusal: 404, there is no such parcel.
    """
    found = [item for item in order.items if item.shipping_code == shipping_code]
    if not found:
        raise not_found("No shipment found.")
    return [item for item in found if item.acts_as[0] == "N"]


def change(mall: "Mall", order: Order, shipping_code: object, request: Row) -> Row:
    """Either the state or the invoice of a parcel, never both (case 21).

    Raises:
        Refusal: 422, both or neither, or a state that cannot be.
    """
    status = request.get("status")
    invoice = [name for name in ("tracking_no", "shipping_company_code") if request.get(name)]
    if status and invoice:
        raise unprocessable("The status cannot be changed together with the tracking number.", "status")
    if not status and not invoice:
        raise unprocessable("This field is required.", "status")
    items = _on(order, shipping_code)
    if status:
        if status not in {"standby", "shipping", "shipped"}:
            raise unprocessable("Invalid value.", "status")
        note = request.get("status_additional_info")
        if note and len(str(note)) > LONGEST_NOTE:
            raise unprocessable(f"Up to {LONGEST_NOTE} characters can be entered.", "status_additional_info")
        if not items or (status == "standby" and not all(item.tracking_no for item in items)):
            raise state_refused()
        mall.orders.move(f"put_{status}", items)
        for item in items:
            item.status_note = note or item.status_note
        return {"status": status, "status_additional_info": note, "tracking_no": None, "shipping_company_code": None}
    needs(request, "tracking_no", "shipping_company_code")
    tracking, carrier = _tracking(request), _carrier(mall, request)
    _write_invoice(mall, items, carrier, tracking)
    code = carrier["shipping_carrier_code"]
    return {"status": None, "status_additional_info": None, "tracking_no": tracking, "shipping_company_code": code}


def _tell(mall: "Mall", request: Row, orders: Sequence[Order]) -> None:
    mall.orders.tell("shipping" if request.get("status") else "tracking", orders)


def change_shipment(mall: "Mall", ask: Ask) -> Answer:
    """PUT one."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    row = change(mall, order, ask.params["shipping_code"], ask.request)
    _tell(mall, ask.request, [order])
    return ok({"shipment": {"shop_no": order.shop_no} | row})


def change_shipments(mall: "Mall", ask: Ask) -> Answer:
    """PUT many: order_id is wanted although the documents call it optional (case 22)."""
    moved: list[Order] = []

    def write(request: Row) -> Row:
        needs(request, "shipping_code", "order_id")
        order = mall.orders.find(request["order_id"], ask.shop_no)
        row = change(mall, order, request["shipping_code"], request)
        moved.append(order)
        head = {"shop_no": order.shop_no, "shipping_code": request["shipping_code"], "order_id": order.order_id}
        return head | row

    answer = bulk("shipments", ask.requests(MOST), write)
    mall.orders.tell("shipping", moved)
    return answer


def delete_shipment(mall: "Mall", ask: Ask) -> Answer:
    """Take a parcel back: its items are prepared for shipment again (§11.6)."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    items = _on(order, ask.params["shipping_code"])
    if not items:
        raise state_refused()
    mall.orders.move("delete_shipment", items)
    for item in items:
        item.tracking_no = item.tracking_at = None
    order.parcels[:] = [parcel for parcel in order.parcels if parcel.shipping_code != ask.params["shipping_code"]]
    mall.orders.tell("shipping", [order])
    row = {"shop_no": order.shop_no, "order_id": order.order_id, "shipping_code": ask.params["shipping_code"]}
    return ok({"shipment": row | {"order_item_code": [item.code for item in items]}})


# ------------------------------------------------------------------ reading


def shipment_rows(mall: "Mall", order: Order) -> list[Row]:
    """The parcels as they stand now, from what the items say; the state may end in a blank (case 23)."""
    switches, groups = mall.orders.switches, dict[str, list[OrderItem]]()
    for item in order.items:
        if item.tracking_no or switches.unsent_shipments_listed:
            groups.setdefault(item.shipping_code, []).append(item)
    blank = " " if switches.trailing_blank else ""
    return [
        {
            "shop_no": order.shop_no,
            "shipping_code": code,
            "order_id": order.order_id,
            "tracking_no": items[0].tracking_no,
            "tracking_no_updated_date": stamp(items[0].tracking_at) if items[0].tracking_at else None,
            "shipping_company_code": items[0].carrier_code or None,
            "items": [
                {
                    "order_item_code": item.code,
                    "status": _WORDS.get(item.before_claim or item.status, "standby") + blank,
                }
                for item in items
            ],
        }
        for code, items in sorted(groups.items())
    ]


def list_shipments(mall: "Mall", ask: Ask) -> Answer:
    """GET …/shipments."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    return ok({"shipments": shipment_rows(mall, order)})


def add_fulfillments(mall: "Mall", ask: Ask) -> Answer:
    """POST /fulfillments: as /shipments, for selected apps only; others are not let in."""
    if not mall.orders.switches.fulfillments_allowed:
        raise forbidden("This API is available only to selected clients.")
    answer = add_shipments(mall, ask)
    rows = (answer.body or {})["shipments"]
    return Answer(answer.status, {"fulfillments": [row | {"post_express_flag": None} for row in rows]})


ROUTES: Sequence[Route] = (
    Route("GET", "/orders/{order_id}/shipments", list_shipments, "read_order"),
    Route("POST", "/orders/{order_id}/shipments", add_shipment, "write_order"),
    Route("PUT", "/orders/{order_id}/shipments/{shipping_code}", change_shipment, "write_order"),
    Route("DELETE", "/orders/{order_id}/shipments/{shipping_code}", delete_shipment, "write_order"),
    Route("POST", "/shipments", add_shipments, "write_order"),
    Route("PUT", "/shipments", change_shipments, "write_order"),
    Route("POST", "/fulfillments", add_fulfillments, "write_order"),
)
