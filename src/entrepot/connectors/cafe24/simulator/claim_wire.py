"""How cancellations, returns, exchanges and refunds are written (reference §5.8)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import order_wire
from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.clock import stamp
from entrepot.connectors.cafe24.simulator.order_rows import ZERO, Claim, Kind, Order, money

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_METHOD = "신용카드"
_ZEROS = (
    "defer_commission",
    "partner_discount_amount",
    "add_discount_amount",
    "member_grade_discount_amount",
    "shipping_discount_amount",
)
DUE_DAYS = 7


def _money_part(mall: "Mall", claim: Claim) -> Row:
    order = mall.orders.find(claim.order_id)
    items = [item for item in map(order.item, claim.item_codes) if item]
    return {
        "refund_methods": [_METHOD],
        "refund_reason": "",
        "order_price_amount": money(sum((item.amount for item in items), ZERO)),
        "refund_amounts": [{"payment_method": order.method, "amount": money(claim.refund_amount)}],
        "shipping_fee": "0.00",
    }


def _end(mall: "Mall", claim: Claim) -> Row:
    order = mall.orders.find(claim.order_id)
    items = [item for item in map(order.item, claim.item_codes) if item]
    undone = {
        "undone": "F",
        "undone_reason_type": None,
        "undone_reason": None,
        "expose_order_detail": None,
        "exposed_undone_reason": None,
    } | claim.undone
    return (
        dict.fromkeys(_ZEROS, "0.00")
        | {
            "coupon_discount_amount": money(sum((item.coupon for item in items), ZERO)),
            "point_used": "0.00",
            "credit_used": "0.00",
            "include_tax": "T",
        }
        | undone
        | {"items": [order_wire.item_row(mall, order, item) for item in items]}
    )


def _head(claim: Claim) -> Row:
    return {
        "shop_no": claim.shop_no,
        "order_id": claim.order_id,
        "claim_code": claim.claim_code,
        "claim_reason_type": claim.reason_type,
        "claim_reason": claim.reason,
    }


def _address(mall: "Mall", claim: Claim) -> Row:
    order = mall.orders.find(claim.order_id)
    receiver = order_wire.receiver_row(mall, order, order.receivers[0])
    row = {name: receiver[name] for name in ("name", "phone", "cellphone", "zipcode")}
    return row | {"address": receiver["address1"]}


def claim_row(mall: "Mall", claim: Claim) -> Row:
    """A claim as GET answers it, and as it stands in an order's embedded lists."""
    match claim.kind:
        case "cancellation":
            return _head(claim) | _money_part(mall, claim) | {"return_ship_type": None} | _end(mall, claim)
        case "return":
            return _return_row(mall, claim)
        case _:
            return _exchange_row(mall, claim)


def _return_row(mall: "Mall", claim: Claim) -> Row:
    pickup = {
        name: text for name, text in (claim.pickup or {}).items() if name in {"name", "phone", "cellphone", "zipcode"}
    }
    asked = {"use_pickup": "F" if claim.pickup is None else "T", "same_address": "T"}
    return (
        _head(claim)
        | {
            "claim_due_date": (claim.at + timedelta(days=DUE_DAYS)).strftime("%Y-%m-%d"),
            "return_address": {
                "zipcode": "04799",
                "address1": "서울특별시 성동구 물류로 7",
                "address2": "",
                "items": claim.item_codes,
            },
            "pickup": asked | _address(mall, claim) | pickup,
            "return_invoice_no": claim.return_invoice_no,
            "return_shipping_company_name": claim.carrier_name,
            "pickup_request_state": "E" if claim.return_invoice_no else "N",
        }
        | _money_part(mall, claim)
        | {
            "refund_shipping_fee": "0.00",
            "refund_regional_surcharge": "0.00",
            "return_ship_type": None,
            "return_shipping_fee": "0.00",
            "return_shipping_fee_detail": [],
            "return_regional_surcharge": "0.00",
            "return_regional_surcharge_detail": [],
            "additional_shipping_fee": "0.00",
            "international_shipping_insurance": "0.00",
            "international_shipping_additional_fee": "0.00",
        }
        | _end(mall, claim)
    )


def _exchange_row(mall: "Mall", claim: Claim) -> Row:
    order = mall.orders.find(claim.order_id)
    address = _address(mall, claim)
    new = [item for item in map(order.item, claim.replacement_codes) if item]
    return (
        _head(claim)
        | {
            "claim_due_date": (claim.at + timedelta(days=DUE_DAYS)).strftime("%Y-%m-%d"),
            "receiver": address | {"shipping_message": ""},
            "reshipping_detail": address | {"shipping_message": ""},
            "pickup": {"use_pickup": "F" if claim.pickup is None else "T", "same_address": "T"} | address,
            "additional_payment": None,
            "return_invoice_no": claim.return_invoice_no,
            "return_shipping_company_name": claim.carrier_name,
        }
        | _money_part(mall, claim)
        | {"return_ship_type": None}
        | _end(mall, claim)
        | {"exchanged_items": [order_wire.item_row(mall, order, item) for item in new]}
    )


def of_order(mall: "Mall", order: Order, kind: Kind) -> list[Row]:
    """An order's claims of a kind, the earliest first."""
    claims = [mall.orders.claims[code] for code in order.claim_codes]
    return [claim_row(mall, claim) for claim in claims if claim.kind == kind]


def refund_row(mall: "Mall", claim: Claim) -> Row:
    """The money side of a cancellation or return; the refund's code is the claim's (§5.1)."""
    order = mall.orders.find(claim.order_id)
    items = [item for item in map(order.item, claim.item_codes) if item]
    return {
        "shop_no": order.shop_no,
        "member_id": mall.orders.switches.guest_member_id if order.guest else order.buyer["member_id"],
        "member_email": None if order.guest else order.buyer["email"],
        "buyer_email": order.buyer["email"],
        "order_date": stamp(order.placed_at),
        "accepted_refund_date": stamp(claim.at),
        "refund_date": stamp(claim.refund_at) if claim.refund_at else None,
        "order_id": order.order_id,
        "refund_code": claim.claim_code,
        "order_item_code": claim.item_codes,
        "quantity": sum(item.quantity for item in items),
        "actual_refund_amount": money(claim.refund_amount),
        "used_points": "0.00",
        "used_credits": "0.00",
        "currency": order.currency,
        "payment_methods": [order.method],
        "refund_payment_methods": [order.method],
        "payment_gateway_cancel_statuses": [{"payment_method": order.method, "cancel_status": claim.refund_status}],
        "payment_gateway_cancel_dates": [],
        "status": claim.refund_status,
        "refund_methods": [_METHOD],
        "refund_bank_name": None,
        "refund_bank_account_no": None,
        "refund_bank_account_holder": None,
        "include_tax": "T",
        "tax": None,
    }


def refunds_of(mall: "Mall", order: Order) -> list[Row]:
    """An order's refunds."""
    claims = [mall.orders.claims[code] for code in order.claim_codes]
    return [refund_row(mall, claim) for claim in claims if claim.kind != "exchange"]
