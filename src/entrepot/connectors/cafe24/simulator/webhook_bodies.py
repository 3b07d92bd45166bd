"""What each event says (reference §6): order-level, no items and no codes; whoever hears it must read on."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import order_wire
from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.clock import stamp
from entrepot.connectors.cafe24.simulator.order_rows import Order, OrderItem

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

ORDER_EVENTS = {
    "received": 90023,
    "shipping": 90024,
    "payment": 90025,
    "cancel": 90026,
    "return": 90027,
    "exchange": 90028,
    "refund": 90029,
    "item_added": 90031,
    "receiver": 90064,
    "memo_added": 90066,
    "memo_edited": 90068,
    "memo_deleted": 90069,
    "deleted": 90070,
    "tracking": 90162,
}
PRODUCTS_EDITED = 90041
BULK_EVENTS = {"shipping": 90071, "cancel": 90072, "refund": 90073, "return": 90074}
_EMPTY = ("payment_gateway_name", "bank_code", "easypay_name", "bank_account_no", "wished_delivery_time")
NEITHER_DATE = "0000-00-00"
_REASONS = {
    "A": "고객변심",
    "B": "배송지연",
    "E": "상품 불만족",
    "G": "서비스 불만족",
    "H": "품절",
    "J": "배송오류",
    "K": "상품불량",
}


def of_orders(
    mall: "Mall", event: str, orders: Sequence[Order], items: Sequence[OrderItem]
) -> Iterator[tuple[int, Row]]:
    """The events of a change: one each, or one for all where a bulk event exists (ids joined by commas, case 50)."""
    if len(orders) > 1 and event in BULK_EVENTS:
        by_shop: dict[int, list[str]] = {}
        for order in orders:
            by_shop.setdefault(order.shop_no, []).append(order.order_id)
        for shop_no, ids in by_shop.items():
            row: Row = {"event_shop_no": str(shop_no), "order_id": ",".join(ids)}
            late = {"included_deferpay_order": "F", "deferpay_order_id": ""} if event == "shipping" else {}
            yield BULK_EVENTS[event], row | late
        return
    for order in orders:
        yield ORDER_EVENTS[event], _resource(mall, event, order, items)


def _resource(mall: "Mall", event: str, order: Order, items: Sequence[OrderItem]) -> Row:
    short: Row = {"event_shop_no": str(order.shop_no), "order_id": order.order_id}
    match event:
        case "receiver":
            return short | {"order_place_id": order.place_id}
        case "deleted":
            return short
        case "tracking":
            item = next((item for item in (*items, *order.items) if item.tracking_no), order.items[0])
            return short | {
                "shipping_code": item.shipping_code,
                "shipping_company_code": item.carrier_code,
                "tracking_no": item.tracking_no,
            }
        case "memo_added" | "memo_edited" | "memo_deleted":
            return short | {"requested_date": mall.clock.stamp(), "executor_id": mall.mall_id, "execute_method": "O"}
        case _:
            return _header(mall, order) | _extra(event, order)


def _header(mall: "Mall", order: Order) -> Row:
    first = order.columns["initial_order_amount"]
    buyer = order_wire.buyer_row(mall, order)
    row: Row = dict.fromkeys(_EMPTY, "")
    return row | {
        "event_shop_no": str(order.shop_no),
        "order_id": order.order_id,
        "currency": order.currency,
        "order_date": stamp(order.placed_at),
        "order_place_name": order.place_name,
        "member_id": "" if order.guest else buyer["member_id"],
        "member_authentication": "F" if order.guest else "T",
        "buyer_name": buyer["name"],
        "buyer_email": buyer["email"],
        "buyer_phone": buyer["phone"],
        "buyer_cellphone": buyer["cellphone"],
        "group_no_when_ordering": "0" if order.guest else "1",
        "first_order": "F",
        "order_from_mobile": "T" if order.place_id.startswith("mobile") else "F",
        "paid": "T" if order.paid_at else "F",
        "payment_date": stamp(order.paid_at) if order.paid_at else "",
        "billing_name": buyer["name"],
        "payment_method": order.method,
        "use_escrow": "F",
        "order_price_amount": first["order_price_amount"],
        "membership_discount_amount": first["membership_discount_amount"],
        "actual_payment_amount": first["total_amount_due"] if order.paid_at else "0.00",
        "mileage_spent_amount": "0.00",
        "shipping_fee": first["shipping_fee"],
        "shipping_type": "A",
        "shipping_status": order_wire.shipping_status(order),
        "wished_delivery_date": NEITHER_DATE,
        "store_pickup": "T" if order.pickup else "F",
        "shipping_message": order.message,
        "order_place_id": order.place_id,
        "ordering_product_code": ",".join(str(item.goods["product_code"]) for item in order.items),
        "ordering_product_name": ",".join(str(item.goods["product_name"]) for item in order.items),
    }


def _extra(event: str, order: Order) -> Row:
    canceled = order.canceled_at
    cancel_date = {"cancel_date": stamp(canceled) if canceled else ""}
    claimed = next((item for item in reversed(order.items) if item.reason_type), order.items[0])
    match event:
        case "shipping":
            late = {
                "return_confirmed_date": "",
                "included_deferpay_order": "F",
                "deferpay_order_id": "",
                "withdraw": "F",
            }
            return cancel_date | late
        case "payment":
            return _payment(order)
        case "cancel" | "exchange":
            return cancel_date
        case "return":
            return cancel_date | {
                "claim_reason_type": claimed.reason_type or "",
                "claim_reason": claimed.reason or "",
                "claim_reason_type_text": _REASONS.get(claimed.reason_type or "", "기타"),
            }
        case "refund":
            return cancel_date | {"return_confirmed_date": ""}
        case _:
            return {}


def _payment(order: Order) -> Row:
    receiver = order.receivers[0]
    return {
        "receiver_name": receiver["name"],
        "receiver_phone": receiver["phone"],
        "receiver_cellphone": receiver["cellphone"],
        "receiver_zipcode": receiver["zipcode"],
        "receiver_address_full": receiver["address_full"],
        "initial_order_amount": order.columns["initial_order_amount"]["total_amount_due"],
        "inflow_trace_id": "",
        "withdraw": "F",
        "supplier_code": "S0000000",
        "extra_info": [{"ord_item_code": item.code, "supplier_code": "S0000000"} for item in order.items],
    }


def bulk_edited_body(product_nos: Sequence[int], action: str, shop_no: int = 1) -> Row:
    """90041: products edited together; their numbers joined by commas."""
    return {"event_shop_no": str(shop_no), "product_no": ",".join(map(str, product_nos)), "action": action}
