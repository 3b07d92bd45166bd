"""How orders, items, receivers and buyers are written: every documented key in its type (reference §5.3–5.5)."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.clock import plain, stamp
from entrepot.connectors.cafe24.simulator.order_amounts import amounts_now
from entrepot.connectors.cafe24.simulator.order_rows import ZERO, Order, OrderItem, OrderSwitches, money
from entrepot.connectors.cafe24.simulator.order_states import CANCELED, UNPAID_CANCELED, text_of

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_METHODS = {
    "card": "신용카드",
    "cash": "무통장입금",
    "icash": "가상계좌",
    "tcash": "실시간 계좌이체",
    "cell": "휴대폰",
    "point": "적립금",
}
_ITEM_DATES = (
    "ordered_date",
    "shipped_date",
    "delivered_date",
    "purchaseconfirmation_date",
    "cancel_date",
    "return_confirmed_date",
    "return_request_date",
    "return_collected_date",
    "cancel_request_date",
    "refund_date",
    "exchange_request_date",
    "exchange_date",
)
_NOTHING = (
    "product_material",
    "product_material_eng",
    "cloth_fabric",
    "product_weight",
    "volume_size",
    "volume_size_weight",
    "clearance_category",
    "clearance_category_info",
    "clearance_category_code",
)
_NO_EXTRAS = ("commission", "admin_additional_amount", "additional_shipping_fee")
_NO_MORE_EXTRAS = ("international_shipping_insurance", "additional_handling_fee")
_SHIPPED, _DELIVERED = frozenset({"N30"}), frozenset({"N40", "N50"})


def _date(switches: OrderSwitches, moment: datetime | None) -> str | None:
    return stamp(moment) if moment else switches.empty_date


# ------------------------------------------------------------------ the order


def shipping_status(order: Order) -> str:
    """F before, M in transit, T delivered, W on hold, X before ordering (webhooks and the order's own key)."""
    codes = {item.status for item in order.items if item.status not in CANCELED}
    if codes and codes <= _DELIVERED:
        return "T"
    if codes & (_SHIPPED | _DELIVERED):
        return "M"
    if codes & {"N22"}:
        return "W"
    return "X" if codes & {"N00"} else "F"


def canceled_word(order: Order) -> str:
    """T all of it, M part of it, F nothing."""
    canceled = [item.status in CANCELED for item in order.items]
    return "T" if all(canceled) else "M" if any(canceled) else "F"


def _fees(mall: "Mall", order: Order) -> tuple[list[Row], list[Row]]:
    codes = [item.code for item in order.items]
    common = {
        "cancel_shipping_fee": "0.00",
        "additional_shipping_fee": "0.00",
        "refunded_shipping_fee": "0.00",
        mall.settings.return_shipping_fee_spelling: "0.00",
        "items": codes,
    }
    group = {"shipping_group_code": 5000 + order.shop_no, "supplier_code": "S0000000"}
    return (
        [group | {"shipping_fee": money(order.shipping_fee)} | common],
        [group | {"regional_surcharge_amount": "0.00"} | common],
    )


def order_row(mall: "Mall", order: Order, *, detail: bool = False) -> Row:
    """The order without its embedded parts: 69 keys in lists, 68 in the detail (§5.3)."""
    row = _order_head(mall, order) | _payment(mall, order) | _order_rest(mall, order)
    if detail:
        row["customer_group_no_when_ordering"] = None if order.guest else 1
        del row["member_email"], row["market_discount_info"]
    return row | ({"brand_new_key": {"a": [1]}} if mall.orders.switches.unknown_keys else {})


def _order_head(mall: "Mall", order: Order) -> Row:
    first = order.columns["initial_order_amount"]
    return {
        "shop_no": order.shop_no,
        "currency": order.currency,
        "order_id": order.order_id,
        "market_id": order.market,
        "market_order_no": order.market_order_no,
        "member_id": mall.orders.switches.guest_member_id if order.guest else order.buyer["member_id"],
        "member_email": None if order.guest else order.buyer["email"],
        "member_authentication": "F" if order.guest else "T",
        "initial_order_amount": first | {"payment_amount": _paid(order)},
        "actual_order_amount": amounts_now(order),
        "billing_name": order.buyer["name"],
        "bank_code": None,
        "bank_code_name": None,
    }


def _paid(order: Order) -> str:
    return str(order.columns["initial_order_amount"]["total_amount_due"]) if order.paid_at else "0.00"


def _payment(mall: "Mall", order: Order) -> Row:
    switches, self_made = mall.orders.switches, order.market == "self"
    return {
        "payment_method": [order.method],
        "payment_method_name": [_METHODS.get(order.method, order.method)],
        "payment_gateway_names": ["simulpay"] if self_made and order.method != "cash" else None,
        "sub_payment_method_name": None,
        "sub_payment_method_code": None,
        "transaction_ids": [f"SIMULPAY{order.order_id.replace('-', '')}"] if order.paid_at else None,
        "paid": "T" if order.paid_at else "F",
        "canceled": canceled_word(order),
        "order_date": stamp(order.placed_at),
        "first_order": "F",
        "payment_date": _date(switches, order.paid_at),
        "order_from_mobile": "T" if order.place_id.startswith("mobile") else "F",
        "use_escrow": "F",
        "bank_account_no": None,
        "bank_account_owner_name": None,
        "market_seller_id": None if self_made else f"{mall.mall_id}_{order.market}",
        "payment_amount": _paid(order),
        "cancel_date": _date(switches, order.canceled_at),
        "order_place_name": order.place_name,
        "order_place_id": order.place_id,
        "payment_confirmation": None,
    }


def _order_rest(mall: "Mall", order: Order) -> Row:
    fees, surcharges = _fees(mall, order)
    supply = sum((item.supply_price * item.quantity for item in order.items), ZERO)
    zeros = dict.fromkeys(_NO_EXTRAS, "0.00") | dict.fromkeys(_NO_MORE_EXTRAS, "0.00")
    return (
        {"postpay": "F"}
        | zeros
        | {
            "shipping_type": "A",
            "shipping_type_text": "국내배송",
            "shipping_status": shipping_status(order),
            "shipping_fee_detail": fees,
            "regional_surcharge_detail": surcharges,
            "wished_delivery_date": "",
            "wished_delivery_time": None,
            "wished_carrier_id": None,
            "wished_carrier_name": None,
            "return_confirmed_date": _date(mall.orders.switches, order.returned_at),
            "total_supply_price": str(supply.to_integral_value()),
            "naver_point": 0,
            "additional_order_info_list": [],
            "store_pickup": "T" if order.pickup else "F",
            "easypay_name": "",
            "loan_status": None,
            "subscription": "T" if order.subscription else "F",
            "multiple_addresses": "T" if order.several_addresses else "F",
            "exchange_rate": order.exchange_rate,
            "first_payment_methods": [order.method],
            "naverpay_payment_information": "P" if order.market == "NCHECKOUT" else None,
            "market_discount_info": None,
            "include_tax": "T",
            "tax_detail": None,
            "service_type": None,
            "service_data": None,
            "show_shipping_address": order.columns.get("show_shipping_address", "T"),
            "social_member_code": None,
            "social_name": None,
        }
    )


# ------------------------------------------------------------------ the item


def item_row(mall: "Mall", order: Order, item: OrderItem) -> Row:
    """All keys of an item."""
    switches = mall.orders.switches
    row: Row = {"shop_no": order.shop_no, "item_no": item.number, "order_item_code": item.code} | item.goods
    row |= _item_money(switches, item) | {
        "product_tax_type": "A",
        "tax_rate": 10,
        "supplier_product_name": "",
        "supplier_transaction_type": " " if switches.blank_transaction_type else "D",
        "supplier_id": "S0000000",
        "supplier_name": "자체공급",
    }
    row |= _item_state(mall, order, item)
    row |= {
        "individual_shipping_fee": "0.00",
        "shipping_fee_type": "X",
        "shipping_fee_type_text": "선결제",
        "shipping_payment_option": "P",
        "payment_info_id": "0",
        "original_item_no": item.original_numbers,
        "store_pickup": "T" if order.pickup else "F",
    }
    write = stamp if switches.item_dates_with_zone else plain
    row |= {name: write(item.dates[name]) if name in item.dates else switches.empty_date for name in _ITEM_DATES}
    row |= _item_end(order, item)
    if switches.no_custom_variant_code:
        row["custom_variant_code"] = None
    for name in ("custom_variant_code", "tracking_no", "claim_code", "claim_reason", "order_status_before_cs"):
        row[name] = switches.empty_text if row[name] is None else row[name]
    return row | ({"brand_new_key": None} if switches.unknown_keys else {})


def _item_money(switches: OrderSwitches, item: OrderItem) -> Row:
    row: Row = {
        "product_price": money(item.price),
        "option_price": money(item.option_price),
        "additional_discount_price": money(item.discount),
        "coupon_discount_price": money(item.coupon),
        "app_item_discount_amount": "0.00",
        "payment_amount": money(item.payment),
    }
    if switches.plain_numbers:
        row |= {"product_price": int(item.price), "payment_amount": None, "option_price": "0"}
    return row | {"quantity": item.quantity}


def _item_state(mall: "Mall", order: Order, item: OrderItem) -> Row:
    shown = (
        mall.carrier_by_code(item.carrier_code) if item.tracking_no or mall.orders.switches.prefilled_carrier else None
    )
    return {
        "tracking_no": item.tracking_no,
        "shipping_code": item.shipping_code,
        "claim_code": item.claim_code,
        "claim_reason_type": item.reason_type,
        "claim_reason": item.reason,
        "refund_bank_name": "",
        "refund_bank_account_no": "",
        "refund_bank_account_holder": "",
        "post_express_flag": None,
        "order_status": item.status,
        "request_undone": item.request_undone,
        "claim_quantity": item.claim_quantity,
        "order_status_additional_info": item.status_note,
        "status_code": "C1" if item.status in UNPAID_CANCELED else item.status_code,
        "status_text": text_of(item.status),
        "open_market_status": "",
        "bundled_shipping_type": "N",
        "shipping_company_id": str(shown["carrier_id"]) if shown else None,
        "shipping_company_name": shown["shipping_carrier"] if shown else None,
        "shipping_company_code": shown["shipping_carrier_code"] if shown else None,
        "product_bundle": "T" if item.bundle else "F",
        "product_bundle_no": "0",
        "product_bundle_name": None,
        "product_bundle_name_default": None,
        "product_bundle_type": "C" if item.bundle else None,
        "was_product_bundle": None,
        "original_bundle_item_no": None,
        "naver_pay_order_id": f"NP{item.number:010d}" if order.market == "NCHECKOUT" else None,
        "naver_pay_claim_status": item.naver_pay_claim_status,
    }


def _item_end(order: Order, item: OrderItem) -> Row:
    row: Row = dict.fromkeys(_NOTHING)
    return row | {
        "product_weight": "1.00",
        "hs_code": "",
        "one_plus_n_event": None,
        "origin_place": "국내",
        "origin_place_no": 1798,
        "made_in_code": "KR",
        "origin_place_value": "",
        "gift": "T" if item.gift else "F",
        "item_granting_gift": None,
        "subscription": "T" if order.subscription else "F",
        "product_bundle_list": item.bundle,
        "market_cancel_request": item.market_cancel_request,
        "market_cancel_request_quantity": item.quantity if item.market_cancel_request == "T" else None,
        "market_fail_reason": None,
        "market_fail_reason_guide": None,
        "market_item_no": item.market_item_no,
        "market_custom_variant_code": None,
        "option_type": "T" if item.goods["option_value"] else None,
        "options": [],
        "market_discount_amount": "0.00",
        "labels": item.labels or None,
        "order_status_before_cs": item.before_claim,
        "supply_price": money(item.supply_price),
        "multi_invoice": item.multi_invoice,
    }


# ------------------------------------------------------------------ people


def receiver_row(mall: "Mall", order: Order, receiver: Row) -> Row:
    """One receiver; each has a shipping code of its own (case 42)."""
    switches = mall.orders.switches
    row: Row = {"shop_no": order.shop_no} | receiver
    if switches.virtual_phones:
        row |= {"phone": "", "cellphone": "", "virtual_phone_no": "0500-0000-0000"}
    return _phones(switches, row, "phone", "cellphone", "virtual_phone_no")


def buyer_row(mall: "Mall", order: Order) -> Row:
    """The buyer."""
    switches = mall.orders.switches
    row: Row = {"shop_no": order.shop_no} | order.buyer
    if order.guest:
        row |= {"member_id": switches.guest_member_id, "member_group_no": None}
    return _phones(switches, row, "phone", "cellphone")


def _phones(switches: OrderSwitches, row: Row, *names: str) -> Row:
    if switches.bare_phones:
        row |= {name: row[name].replace("-", "") for name in names if row[name]}
    return row


def embedded(mall: "Mall", order: Order, names: Collection[str]) -> Row:
    """The embedded parts that were asked for; without them an order has no items (case 17)."""
    row: Row = {}
    if "items" in names:
        row["items"] = [item_row(mall, order, item) for item in order.items]
    if "receivers" in names:
        row["receivers"] = [receiver_row(mall, order, receiver) for receiver in order.receivers]
    if "buyer" in names:
        row["buyer"] = buyer_row(mall, order)
    return row
