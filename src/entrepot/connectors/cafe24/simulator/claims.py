"""The paths of claims, wishes and refunds (reference §5.8). What becomes of the items: claim_books."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import claim_books, claim_refunds, claim_wire
from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, bulk, needs, not_found, ok, unprocessable
from entrepot.connectors.cafe24.simulator.claim_books import NEWS
from entrepot.connectors.cafe24.simulator.order_rows import Claim, Kind, Order
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST, MOST_PUT = 100, 10
ACCEPTED_FROM = "2026-03-01"
_REASONS: dict[Kind, frozenset[str]] = {
    "cancellation": frozenset("ABGI"),
    "return": frozenset("AEKJI"),
    "exchange": frozenset("AEKJI"),
}
_CLAIM_REASONS = frozenset("ABCDEFGHIJKL")
_METHODS = frozenset("TFMGCDZOVJKI")
_OWN_MALL_ONLY = ("recover_coupon", "refund_method_code", "payment_gateway_cancel")
_UPDATED = (
    "carrier_id",
    "return_invoice_no",
    "return_shipping_company_name",
    "return_invoice_success",
    "return_invoice_fail_reason",
)
_UNDONE = (
    "undone",
    "add_memo_too",
    "undone_reason_type",
    "undone_reason",
    "expose_order_detail",
    "exposed_undone_reason",
)
_PICKUP = ("name", "phone", "cellphone", "zipcode", "address1", "address2")
_WANTED_TO_UNDO = ("recover_inventory", "undone", "add_memo_too", "undone_reason_type", "expose_order_detail")

Write = Callable[["Mall", Ask, Order, Row], Row]


def _of(mall: "Mall", ask: Ask, request: Row) -> Order:
    needs(request, "order_id")
    return mall.orders.find(request["order_id"], ask.shop_no)


def _one(key: str, write: Write, event: str, *, status: int = 201) -> Callable[["Mall", Ask], Answer]:
    """A handler for one order's write; the key is singular."""

    def handler(mall: "Mall", ask: Ask) -> Answer:
        order = mall.orders.find(ask.params["order_id"], ask.shop_no)
        row = write(mall, ask, order, ask.request)
        mall.orders.tell(event, [order])
        return Answer(status, {key: row})

    return handler


def _many(
    key: str, write: Write, event: str, *, most: int = MOST, status: int = 201
) -> Callable[["Mall", Ask], Answer]:
    """A handler for a bulk of writes under one key, which stays singular for claims (reference §2)."""

    def handler(mall: "Mall", ask: Ask) -> Answer:
        moved: list[Order] = []

        def entry(request: Row) -> Row:
            order = _of(mall, ask, request)
            row = write(mall, ask, order, request)
            moved.append(order)
            return row

        answer = bulk(key, ask.requests(most), entry, status=status)
        mall.orders.tell(event, moved)
        return answer

    return handler


# ------------------------------------------------------------------ wishes


def _wish(kind: Kind) -> Write:
    def write(mall: "Mall", _ask: Ask, order: Order, request: Row) -> Row:
        needs(request, "reason_type", "reason")
        if request["reason_type"] not in _REASONS[kind]:
            raise unprocessable("Invalid value.", "reason_type")
        if kind == "return":
            needs(request, "request_pickup")
        wants = claim_books.wants_of(mall, order, request.get("items"), claim_books.WISHES[kind])
        claim_books.ask(mall, order, kind, wants, request)
        echo = [{"order_item_code": item.code, "quantity": quantity} for item, quantity in wants]
        row: Row = {"shop_no": order.shop_no, "order_id": order.order_id}
        if kind == "exchange":
            row["exchange_request_no"] = mall.next_number("exchange_request")
        return row | {"items": request.get("items") or echo}

    return write


def _refusal(kind: Kind) -> Write:
    def write(mall: "Mall", _ask: Ask, order: Order, request: Row) -> Row:
        needs(request, "order_item_code", "undone")
        if request["undone"] != "T":
            raise unprocessable("Invalid value.", "undone")
        items = claim_books.refuse(mall, order, kind, request["order_item_code"], request)
        codes = [item.code for item in items]
        row: Row = {"shop_no": order.shop_no, "order_id": order.order_id, "undone": "T", "order_item_code": codes}
        if kind != "cancellation":
            row["additional_payment_gateway_cancel"] = {"success": codes, "fail": None}
        return row

    return write


# ------------------------------------------------------------------ starting


def _check_start(ask: Ask, order: Order, request: Row, words: Sequence[str]) -> None:
    needs(request, "status")
    if request["status"] not in words or (
        request["status"] == "accepted" and "canceled" in words and ask.version < ACCEPTED_FROM
    ):
        raise unprocessable("Invalid value.", "status")
    if request.get("claim_reason_type") not in {None, *_CLAIM_REASONS}:
        raise unprocessable("Invalid value.", "claim_reason_type")
    method = request.get("refund_method_code")
    if method is not None and not set([method] if isinstance(method, str) else method) <= _METHODS:
        raise unprocessable("Invalid value.", "refund_method_code")
    if order.market != "self":
        for name in _OWN_MALL_ONLY:
            if request.get(name) not in {None, "F"} if name != "refund_method_code" else request.get(name):
                raise unprocessable("This order was received from an open market.", name)


def _started(order: Order, claim: Claim, request: Row) -> Row:
    items = request.get("items") or [
        {"order_item_code": item.code, "quantity": item.quantity}
        for item in order.items
        if item.code in claim.item_codes
    ]
    head = {"shop_no": order.shop_no, "order_id": order.order_id, "status": request["status"]}
    return head | {"claim_code": claim.claim_code, "items": items}


def _cancel(mall: "Mall", ask: Ask, order: Order, request: Row) -> Row:
    _check_start(ask, order, request, ("canceled", "canceling", "accepted"))
    trigger = f"cancel_{request['status']}"
    wants = claim_books.wants_of(mall, order, request.get("items"), trigger)
    return _started(order, claim_books.start(mall, order, "cancellation", trigger, wants, request=request), request)


def _return(mall: "Mall", ask: Ask, order: Order, request: Row) -> Row:
    _check_start(ask, order, request, ("accepted", "processing", "returned"))
    collected = request.get("pickup_completed") == "T"
    trigger = f"return_{request['status']}"
    if request["status"] == "processing" and collected:
        trigger = "return_processing_collected"
    wants = claim_books.wants_of(mall, order, request.get("items"), trigger)
    claim = claim_books.start(mall, order, "return", trigger, wants, request=request)
    if request["status"] == "accepted" and collected:
        claim_books.advance(mall, claim, "return_collected", {})
    row = _started(order, claim, request)
    return {name: row[name] for name in ("shop_no", "order_id", "status", "claim_code")} | {
        "pickup_completed": request.get("pickup_completed") or "F",
        "items": row["items"],
    }


def _exchange(mall: "Mall", ask: Ask, order: Order, request: Row) -> Row:
    _check_start(ask, order, request, ("accepted", "exchanged"))
    needs(request, "same_product")
    trigger = f"exchange_{request['status']}"
    wants = claim_books.wants_of(mall, order, request.get("items"), trigger)
    claim, new = claim_books.exchange(mall, order, trigger, wants, request)
    return _started(order, claim, request) | {"exchanged_items": new}


# ------------------------------------------------------------------ moving on


def _claim_of(mall: "Mall", ask: Ask, kind: Kind, order: Order, code: object) -> Claim:
    claim = mall.orders.claim(code, ask.shop_no)
    if claim.kind != kind or claim.order_id != order.order_id:
        raise not_found("No claim found.")
    return claim


def _code(ask: Ask, request: Row) -> object:
    code = ask.params.get("claim_code") or request.get("claim_code")
    needs({"claim_code": code}, "claim_code")
    return code


def _put_cancel(mall: "Mall", ask: Ask, order: Order, request: Row) -> Row:
    claim = _claim_of(mall, ask, "cancellation", order, _code(ask, request))
    if request.get("status") and ask.version >= ACCEPTED_FROM:
        items = claim_books.advance(mall, claim, f"cancel_{request['status']}", request)
    else:
        needs(request, *_WANTED_TO_UNDO)
        if request["undone"] != "T":
            raise unprocessable("Invalid value.", "undone")
        items = claim_books.undo(mall, claim, request)
    return {
        "shop_no": order.shop_no,
        "order_id": order.order_id,
        "claim_code": claim.claim_code,
        "items": [{"order_item_code": item.code} for item in items],
        "recover_inventory": request.get("recover_inventory"),
    } | {name: request.get(name) for name in _UNDONE}


_RETURN_STEPS = {
    ("processing", False): "return_processing",
    ("processing", True): "return_processing_collected",
    ("returned", False): "return_returned",
    ("returned", True): "return_returned",
    (None, True): "return_collected",
}
_EXCHANGE_STEPS = {
    ("processing", False): "exchange_processing",
    ("processing", True): "exchange_collected",
    ("exchanged", False): "exchange_exchanged",
    ("exchanged", True): "exchange_exchanged",
    (None, True): "exchange_collected",
}


def _put(mall: "Mall", ask: Ask, order: Order, request: Row, kind: Kind) -> Claim:
    """Move a return or an exchange on, or undo it, or only write down its invoice."""
    claim = _claim_of(mall, ask, kind, order, _code(ask, request))
    steps = _RETURN_STEPS if kind == "return" else _EXCHANGE_STEPS
    step = (request.get("status"), request.get("pickup_completed") == "T")
    if request.get("undone") == "T":
        claim_books.undo(mall, claim, request)
    elif step in steps:
        both = step == (None, True) and request.get("exchanged_after_collected") == "T"
        claim_books.advance(mall, claim, "exchange_exchanged" if both else steps[step], request)
    elif request.get("status"):
        raise unprocessable("Invalid value.", "status")
    if request.get("return_invoice_no"):
        claim.return_invoice_no = str(request["return_invoice_no"])
        claim.carrier_name = request.get("return_shipping_company_name")
    return claim


def _moved(order: Order, claim: Claim, request: Row) -> tuple[Row, Row]:
    head = {"shop_no": order.shop_no, "order_id": order.order_id, "claim_code": claim.claim_code}
    head |= {name: request.get(name) for name in ("status", "pickup_completed", *_UPDATED)}
    pickup = request.get("pickup") or {}
    tail: Row = {
        "request_pickup": request.get("request_pickup"),
        "pickup": {name: pickup.get(name) for name in _PICKUP},
    }
    return head, tail | {name: request.get(name) for name in _UNDONE}


def _put_return(mall: "Mall", ask: Ask, order: Order, request: Row) -> Row:
    head, tail = _moved(order, claim := _put(mall, ask, order, request, "return"), request)
    method = request.get("refund_method_code")
    return (
        head
        | {
            "items": request.get("items") or [{"order_item_code": code} for code in claim.item_codes],
            "refund_method_code": [method] if isinstance(method, str) else method,
            "refund_bank_code": request.get("refund_bank_code"),
            "refund_bank_account_no": request.get("refund_bank_account_no"),
            "refund_bank_account_holder": request.get("refund_bank_account_holder"),
            "combined_refund_method": None,
            "recover_inventory": request.get("recover_inventory"),
        }
        | tail
    )


def _put_exchange(mall: "Mall", ask: Ask, order: Order, request: Row) -> Row:
    head, tail = _moved(order, claim := _put(mall, ask, order, request, "exchange"), request)
    return (
        head
        | {
            "recover_inventory": request.get("recover_inventory"),
            "exchanged_after_collected": request.get("exchanged_after_collected"),
            "items": request.get("items") or [{"order_item_code": code} for code in claim.item_codes],
        }
        | tail
    )


# ------------------------------------------------------------------ reading


def _read(kind: Kind) -> Callable[["Mall", Ask], Answer]:
    def handler(mall: "Mall", ask: Ask) -> Answer:
        claim = mall.orders.claim(ask.params["claim_code"], ask.shop_no)
        if claim.kind != kind:
            raise not_found("No claim found.")
        return ok({kind: claim_wire.claim_row(mall, claim)})

    return handler


_KINDS: tuple[tuple[Kind, Write, Write], ...] = (
    ("cancellation", _cancel, _put_cancel),
    ("return", _return, _put_return),
    ("exchange", _exchange, _put_exchange),
)


def _routes() -> Iterator[Route]:
    for kind, start, put in _KINDS:
        news, wishes = NEWS[kind], f"{kind}requests"
        one, code = f"/orders/{{order_id}}/{kind}", "{claim_code}"
        yield Route("GET", f"/{kind}/{code}", _read(kind), "read_order")
        yield Route("POST", f"/{kind}", _many(kind, start, news), "write_order")
        yield Route("PUT", f"/{kind}", _many(kind, put, news, most=MOST_PUT, status=200), "write_order")
        yield Route("POST", one, _one(kind, start, news), "write_order")
        yield Route("PUT", f"{one}/{code}", _one(kind, put, news, status=200), "write_order")
        yield Route("POST", f"/{wishes}", _many(wishes, _wish(kind), news), "write_order")
        yield Route("PUT", f"/{wishes}", _many(wishes, _refusal(kind), news, status=200), "write_order")
    single = _one("exchangerequests", _refusal("exchange"), "exchange", status=200)
    yield Route("PUT", "/orders/{order_id}/exchangerequests", single, "write_order")


ROUTES: Sequence[Route] = (*_routes(), *claim_refunds.ROUTES)
