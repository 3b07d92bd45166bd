"""Refunds, pickups, and the wish flag of a single item (reference §5.8)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import claim_books, claim_wire
from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, needs, not_found, ok, unprocessable
from entrepot.connectors.cafe24.simulator.claim_books import NEWS
from entrepot.connectors.cafe24.simulator.order_rows import Kind
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_REFUNDS, MOST_REFUND_OFFSET = 500, 15000
_FLAGS: dict[object, Kind] = {"C": "cancellation", "R": "return"}


def list_refunds(mall: "Mall", ask: Ask) -> Answer:
    """Refunds in a range of days, by when they were accepted or done."""
    limit, offset = ask.page(most=MOST_REFUNDS, offset_most=MOST_REFUND_OFFSET)
    dates = ask.dates("start_date", "end_date", required=True)
    by = ask.choice("date_type", ("accepted_refund_date", "refund_date"), "accepted_refund_date")
    found = [
        claim
        for claim in mall.orders.claims.values()
        if claim.kind != "exchange"
        and claim.shop_no == ask.shop_no
        and (moment := claim.at if by == "accepted_refund_date" else claim.refund_at)
        and dates
        and dates[0] <= moment <= dates[1]
    ]
    return ok({"refunds": [claim_wire.refund_row(mall, claim) for claim in found[offset : offset + limit]]})


def one_refund(mall: "Mall", ask: Ask) -> Answer:
    """One refund; its code is the claim's."""
    return ok({"refund": claim_wire.refund_row(mall, mall.orders.claim(ask.params["refund_code"], ask.shop_no))})


def finish_refund(mall: "Mall", ask: Ask) -> Answer:
    """The money has gone back."""
    needs(ask.request, "status")
    if ask.request["status"] != "complete":
        raise unprocessable("Invalid value.", "status")
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    claim = mall.orders.claim(ask.params["refund_code"], ask.shop_no)
    claim_books.refund(mall, claim)
    mall.orders.tell("refund", [order])
    row = {"shop_no": order.shop_no, "refund_code": claim.claim_code, "status": "complete"}
    return ok({"refund": row | {"reason": ask.request.get("reason")}})


def collect(mall: "Mall", ask: Ask) -> Answer:
    """The waybill of a pickup."""
    needs(ask.request, "collect_tracking_no")
    for claim in mall.orders.claims.values():
        if claim.request_no == ask.params["request_no"]:
            claim.return_invoice_no = str(ask.request["collect_tracking_no"])
            row = {"shop_no": claim.shop_no, "request_no": claim.request_no}
            return ok({"collectrequest": row | {"collect_tracking_no": claim.return_invoice_no}})
    raise not_found("No pickup request found.")


def flag_item(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/items/{code}: one item's wish to cancel (C) or send back (R) on, or off again."""
    order = mall.orders.find(ask.params["order_id"], ask.shop_no)
    request = ask.request
    needs(request, "claim_type", "claim_status")
    kind = _FLAGS.get(request["claim_type"])
    if kind is None:
        raise unprocessable("Invalid value.", "claim_type")
    item = order.item(ask.params["order_item_code"])
    if item is None:
        raise not_found("No item found.")
    if request["claim_status"] == "T":
        quantity = request.get("claim_quantity") or item.quantity
        rows = [{"order_item_code": item.code, "quantity": quantity}]
        reasons = {"reason_type": request.get("claim_reason_type"), "reason": request.get("claim_reason")}
        claim_books.ask(mall, order, kind, claim_books.wants_of(mall, order, rows, ""), reasons)
    else:
        claim_books.withdraw(mall, order, [item])
    mall.orders.tell(NEWS[kind], [order])
    names = ("claim_type", "claim_status", "claim_reason_type", "claim_reason", "claim_quantity")
    row = {"shop_no": order.shop_no, "order_id": order.order_id, "order_item_code": item.code}
    return ok({"item": row | {name: request.get(name) for name in names}})


ROUTES: Sequence[Route] = (
    Route("GET", "/refunds", list_refunds, "read_order"),
    Route("GET", "/refunds/{refund_code}", one_refund, "read_order"),
    Route("PUT", "/orders/{order_id}/refunds/{refund_code}", finish_refund, "write_order"),
    Route("PUT", "/collectrequests/{request_no:int}", collect, "write_order", call_limit=30),
    Route("PUT", "/orders/{order_id}/items/{order_item_code}", flag_item, "write_order"),
)
