"""Cancelling, sending back and exchanging: what becomes of the items, the stock and the claim (reference §5.8, §10.1).

A wish (C00, R00, E00) is asked for and refused; a claim with a code is started, moved on and undone. Every verb checks
all items first, so that a refused call has changed nothing.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Row, unprocessable
from entrepot.connectors.cafe24.simulator.clock import KST
from entrepot.connectors.cafe24.simulator.order_rows import Claim, Kind, Order, OrderItem
from entrepot.connectors.cafe24.simulator.order_states import may, state_refused

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

Wants = Sequence[tuple[OrderItem, int]]
WISHES: Mapping[Kind, str] = {"cancellation": "ask_cancel", "return": "ask_return", "exchange": "ask_exchange"}
REFUSALS: Mapping[Kind, str] = {
    "cancellation": "refuse_cancel",
    "return": "refuse_return",
    "exchange": "refuse_exchange",
}
NEWS: Mapping[Kind, str] = {"cancellation": "cancel", "return": "return", "exchange": "exchange"}
_LETTER: Mapping[Kind, str] = {"cancellation": "C", "return": "C", "exchange": "B"}
_UNPAID = frozenset({"N00", "N02"})


def wants_of(mall: "Mall", order: Order, rows: object, trigger: str) -> Wants:
    """The items and quantities of a write; without `items` all that the step fits.

    Raises:
        Refusal: 422, an unknown item, a quantity it has not, or nothing that fits.
    """
    if not rows:
        fitting = [(item, item.quantity) for item in order.items if may(_cancel_trigger(item, trigger), item.acts_as)]
        if not fitting:
            raise state_refused()
        return fitting
    if not isinstance(rows, list):
        raise unprocessable("Invalid value.", "items")
    wants = []
    for row in rows:
        item = mall.orders.items(order, row.get("order_item_code") or "")[0]
        quantity = row.get("quantity", item.quantity)
        if not isinstance(quantity, int) or not 0 < quantity <= item.quantity:
            raise unprocessable("Invalid value.", "quantity")
        wants.append((item, quantity))
    return wants


def _pieces(mall: "Mall", order: Order, wants: Wants) -> list[OrderItem]:
    """The items the claim is about, cut off where only part of a quantity is claimed."""
    pieces = []
    for item, quantity in wants:
        piece = mall.orders.split(order, item, quantity)
        piece.claim_quantity = quantity
        pieces.append(piece)
    return pieces


# ------------------------------------------------------------------ wishes


def ask(mall: "Mall", order: Order, kind: Kind, wants: Wants, request: Row) -> list[OrderItem]:
    """The buyer wishes to cancel, send back or exchange.

    Raises:
        Refusal: 422, one of the items is past that.
    """
    for item, _ in wants:
        mall.orders.goal(WISHES[kind], item)
    pieces = _pieces(mall, order, wants)
    code = new_code(mall, kind) if mall.orders.switches.request_has_claim_code else None
    for item in pieces:
        mall.orders.move(WISHES[kind], [item])
        item.reason_type, item.reason = request.get("reason_type"), request.get("reason")
        item.claim_code, item.request_undone = code, None
        _naver(order, item, f"{'CANCEL' if kind == 'cancellation' else kind.upper()}_REQUEST")
    return pieces


def refuse(mall: "Mall", order: Order, kind: Kind, codes: object, request: Row) -> list[OrderItem]:
    """The mall says no to the wish; the goods go on as before (case 30).

    Raises:
        Refusal: 422, one of the items has no such wish.
    """
    items = mall.orders.items(order, codes)
    mall.orders.move(REFUSALS[kind], items)
    for item in items:
        item.request_undone, item.claim_quantity = "T", 0
        item.status_note = request.get("reject_reason")
        _naver(order, item, None)
    return items


def withdraw(mall: "Mall", order: Order, items: Sequence[OrderItem]) -> None:
    """The buyer takes the wish back."""
    for item in items:
        if item.status not in {"C00", "R00", "E00"}:
            raise state_refused()
    for item in items:
        mall.orders.put(item, item.before_claim or "N20")
        item.request_undone, item.claim_quantity = "T", 0
        _naver(order, item, None)


def _naver(order: Order, item: OrderItem, word: str | None) -> None:
    if order.market == "NCHECKOUT":
        item.naver_pay_claim_status = word


# ------------------------------------------------------------------ claims


def new_code(mall: "Mall", kind: Kind) -> str:
    """`C…` for cancellations and returns, `B…` for exchanges, with the day in Korea (§5.1)."""
    day, letter = mall.clock.now().astimezone(KST).strftime("%Y%m%d"), _LETTER[kind]
    return f"{letter}{day}-{mall.next_number(f'claim {letter}{day}'):07d}"


def _cancel_trigger(item: OrderItem, word: str) -> str:
    """Canceling what was never paid is another thing (C49)."""
    return "admin_cancels_unpaid" if word.startswith("cancel_") and item.acts_as in _UNPAID else word


def start(mall: "Mall", order: Order, kind: Kind, trigger: str, wants: Wants, *, request: Row) -> Claim:
    """A claim begins, or one already begun goes on.

    Raises:
        Refusal: 422, one of the items is past that.
    """
    triggers = [_cancel_trigger(item, trigger) for item, _ in wants]
    for (item, _), word in zip(wants, triggers, strict=True):
        mall.orders.goal(word, item)
    pieces = _pieces(mall, order, wants)
    known = next(
        (mall.orders.claims[item.claim_code] for item in pieces if item.claim_code in mall.orders.claims), None
    )
    claim = known or Claim(new_code(mall, kind), kind, order.order_id, order.shop_no, mall.clock.now(), [])
    mall.orders.claims[claim.claim_code] = claim
    if known is None:
        order.claim_codes.append(claim.claim_code)
    claim.reason_type = request.get("claim_reason_type") or claim.reason_type or pieces[0].reason_type
    claim.reason = request.get("reason") or claim.reason or pieces[0].reason
    claim.item_codes.extend(item.code for item in pieces if item.code not in claim.item_codes)
    if request.get("request_pickup") == "T":
        claim.pickup, claim.request_no = request.get("pickup") or {}, mall.next_number("collect")
    for item, word in zip(pieces, triggers, strict=True):
        mall.orders.move(word, [item])
        item.claim_code, item.reason_type, item.reason = claim.claim_code, claim.reason_type, claim.reason
        settle(mall, order, item, request)
    claim.refund_amount = mall.orders.claimed_amount(pieces)
    return claim


def settle(mall: "Mall", order: Order, item: OrderItem, request: Row) -> None:
    """What follows from the state an item has come to: stock, money, the market's own word."""
    if item.status in {"C34", "C40", "C49", "R40"}:
        mall.orders.give_back(item, request.get("recover_inventory"))
    if mall.orders.switches.refund_pending and item.status in {"C40", "R40"}:
        item.status = item.status[0] + "41"
    if item.status == "C40":
        _naver(order, item, "CANCEL_DONE")
    if item.status[:2] == "C4":
        order.canceled_at = mall.clock.now()
    if item.status == "R40":
        order.returned_at = mall.clock.now()
        _naver(order, item, "RETURN_DONE")
    if item.status == "E40" and request.get("recover_inventory") == "T":
        mall.orders.give_back(item, "T")


def claim_items(mall: "Mall", claim: Claim, rows: object = None) -> list[OrderItem]:
    """The claim's items, or those of them that are named.

    Raises:
        Refusal: 422, one is not of this claim.
    """
    order = mall.orders.find(claim.order_id)
    codes = [str(row.get("order_item_code")) for row in rows] if isinstance(rows, list) else claim.item_codes
    if not set(codes) <= set(claim.item_codes):
        raise unprocessable("Invalid value.", "order_item_code")
    return mall.orders.items(order, codes)


def advance(mall: "Mall", claim: Claim, trigger: str, request: Row) -> list[OrderItem]:
    """Move a claim's items on.

    Raises:
        Refusal: 422, one of them cannot.
    """
    items, order = claim_items(mall, claim, request.get("items")), mall.orders.find(claim.order_id)
    mall.orders.move(trigger, items)
    for item in items:
        settle(mall, order, item, request)
    if claim.kind == "exchange" and trigger in {"exchange_collected", "exchange_exchanged"}:
        _send_replacements(mall, order, claim)
    return items


def undo(mall: "Mall", claim: Claim, request: Row) -> list[OrderItem]:
    """The claim is taken back: items return to order_status_before_cs, replacements are withdrawn.

    Raises:
        Refusal: 422, one of them cannot.
    """
    order, kind = mall.orders.find(claim.order_id), NEWS[claim.kind]
    items = claim_items(mall, claim, request.get("items"))
    spare = [item for item in map(order.item, claim.replacement_codes) if item]
    for item in items:
        mall.orders.goal(f"undo_{kind}", item)
    for item in spare:
        mall.orders.goal("withdraw_replacement", item)
    mall.orders.move(f"undo_{kind}", items)
    mall.orders.move("withdraw_replacement", spare)
    for item in items:
        if request.get("recover_inventory") == "T":
            mall.orders.take(item, check=False)
        item.request_undone, item.claim_quantity = "T", 0
        _naver(order, item, None)
    for item in spare:
        mall.orders.give_back(item, "T")
    names = ("undone_reason_type", "undone_reason", "expose_order_detail", "exposed_undone_reason")
    claim.undone = {"undone": "T"} | {name: request.get(name) for name in names}
    return items


# ------------------------------------------------------------------ replacements


def replace(mall: "Mall", order: Order, claim: Claim, swaps: Mapping[str, str | None]) -> list[Row]:
    """Add the items that go out instead (N01, status_code N2) in a parcel of their own; `swaps` by item code (case 19).

    Raises:
        Refusal: 422, an unknown variant; nothing is added.
    """
    for variant_code in swaps.values():
        if variant_code and not mall.orders.known(variant_code):
            raise unprocessable("Invalid value.", "exchange_variant_code")
    shipping_code, told = order.new_shipping_code(), []
    for code in claim.item_codes:
        old = order.item(code)
        if old is None:
            continue
        new = mall.orders.make_item(order, swaps.get(code) or old.variant_code, old.quantity, shipping_code)
        new.price, new.option_price, new.status, new.status_code = old.price, old.option_price, "N01", "N2"
        new.original_numbers, new.claim_code = [old.number], claim.claim_code
        new.dates["ordered_date"] = mall.clock.now()
        order.items.append(new)
        mall.orders.take(new, check=False)
        claim.replacement_codes.append(new.code)
        told.append({"order_item_code": new.code, "origin_order_item_code": code})
    _receiver_of(order, shipping_code, order.item(claim.item_codes[0]))
    return told


def _receiver_of(order: Order, shipping_code: str, old: OrderItem | None) -> None:
    """Whoever got the old goods gets the new ones; a row of their own stands for the new parcel."""
    same = next(
        (row for row in order.receivers if old and row["shipping_code"] == old.shipping_code), order.receivers[0]
    )
    order.receivers.append(same | {"shipping_code": shipping_code})


def _send_replacements(mall: "Mall", order: Order, claim: Claim) -> None:
    first = "N10" if mall.settings.use_product_prepare_status else "N20"
    for item in map(order.item, claim.replacement_codes):
        if item and item.status == "N01":
            mall.orders.put(item, first)


def exchange(mall: "Mall", order: Order, trigger: str, wants: Wants, request: Row) -> tuple[Claim, list[Row]]:
    """Take goods in exchange: the old items E10 or E40, new ones beside them.

    Raises:
        Refusal: 422, one of the items is past that, or the variant asked for is unknown.
    """
    named = {row.get("order_item_code"): row.get("exchange_variant_code") for row in request.get("items") or ()}
    for variant_code in named.values():
        if variant_code and not mall.orders.known(variant_code):
            raise unprocessable("Invalid value.", "exchange_variant_code")
    asked = [named.get(item.code) for item, _ in wants]
    claim = start(mall, order, "exchange", trigger, wants, request=request)
    told = replace(mall, order, claim, dict(zip(claim.item_codes, asked, strict=False)))
    if trigger == "exchange_exchanged":
        _send_replacements(mall, order, claim)
    return claim, told


def refund(mall: "Mall", claim: Claim) -> None:
    """The money has gone back."""
    items = claim_items(mall, claim)
    mall.orders.move("refund", items)
    for item in items:
        item.dates["refund_date"] = mall.clock.now()
    claim.refund_status, claim.refund_at = "T", mall.clock.now()
