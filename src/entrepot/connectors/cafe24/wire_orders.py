"""Cafe24's orders as they come: the members that are read, each as loose as the mall is. Unknown keys are ignored."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from entrepot.connectors.cafe24.values import Amount, Flag, Text

Kind = TypeVar("Kind")

ORDER_EMBED = "items,receivers,buyer,cancellation,return,exchange"
"""Without it an order comes without its items."""


class Amounts(msgspec.Struct, kw_only=True):
    """`initial_order_amount` and `actual_order_amount`."""

    order_price_amount: Amount = None
    shipping_fee: Amount = None
    points_spent_amount: Amount = None
    credits_spent_amount: Amount = None
    coupon_discount_price: Amount = None
    coupon_shipping_fee_amount: Amount = None
    membership_discount_amount: Amount = None
    shipping_fee_discount_amount: Amount = None
    set_product_discount_amount: Amount = None
    app_discount_amount: Amount = None
    market_other_discount_amount: Amount = None
    total_amount_due: Amount = None
    payment_amount: Amount = None


class BundlePart(msgspec.Struct, kw_only=True):
    """One of the goods in a bundle; `quantity` of it lie in each bundle."""

    product_no: int | str | None = None
    product_code: Text = None
    variant_code: Text = None
    custom_product_code: Text = None
    custom_variant_code: Text = None
    product_name: Text = None
    option_value: Text = None
    quantity: Text = None


class FreeOption(msgspec.Struct, kw_only=True):
    """What the buyer typed in; the mall writes a row of nulls where there is nothing."""

    name: Text = None
    key: Text = None
    value: Text = None


class Item(msgspec.Struct, kw_only=True):
    order_item_code: str
    product_no: int | str | None = None
    variant_code: Text = None
    product_code: Text = None
    custom_product_code: Text = None
    custom_variant_code: Text = None
    product_name: Text = None
    option_value: Text = None
    additional_option_values: Any = None
    product_price: Amount = None
    option_price: Amount = None
    quantity: int | str
    item_no: Text = None
    original_item_no: Any = None
    tracking_no: Text = None
    shipping_code: Text = None
    shipping_company_code: Text = None
    claim_code: Text = None
    claim_reason: Text = None
    claim_quantity: Text = None
    request_undone: Flag = None
    order_status: Text = None
    order_status_before_cs: Text = None
    status_code: Text = None
    product_bundle: Flag = None
    product_bundle_list: Any = None
    store_pickup: Flag = None
    ordered_date: str | None = None
    shipped_date: str | None = None
    delivered_date: str | None = None
    purchaseconfirmation_date: str | None = None
    cancel_date: str | None = None
    cancel_request_date: str | None = None
    return_confirmed_date: str | None = None
    return_request_date: str | None = None
    return_collected_date: str | None = None
    exchange_request_date: str | None = None
    exchange_date: str | None = None
    refund_date: str | None = None


class Receiver(msgspec.Struct, kw_only=True):
    shipping_code: Text = None
    name: Text = None
    phone: Text = None
    cellphone: Text = None
    virtual_phone_no: Text = None
    zipcode: Text = None
    address1: Text = None
    address2: Text = None
    address_state: Text = None
    address_city: Text = None
    country_code: Text = None
    country_name: Text = None
    shipping_message: Text = None


class Buyer(msgspec.Struct, kw_only=True):
    name: Text = None
    email: Text = None
    phone: Text = None
    cellphone: Text = None
    company_name: Text = None
    buyer_zipcode: Text = None
    buyer_address1: Text = None
    buyer_address2: Text = None


class ClaimRow(msgspec.Struct, kw_only=True):
    """An entry of the embedded `cancellation`, `return` or `exchange`."""

    claim_code: Any = None
    claim_reason: Any = None
    undone: Any = None
    items: Any = None
    exchanged_items: Any = None


class Order(msgspec.Struct, kw_only=True):
    order_id: str
    currency: Text = None
    market_id: Text = None
    order_place_id: Text = None
    paid: Flag = None
    order_date: str | None = None
    payment_date: str | None = None
    cancel_date: str | None = None
    return_confirmed_date: str | None = None
    billing_name: Text = None
    initial_order_amount: Amounts | None = None
    actual_order_amount: Amounts | None = None
    payment_method: Any = None
    payment_method_name: Any = None
    shipping_type_text: Text = None
    store_pickup: Flag = None
    multiple_addresses: Flag = None
    items: Sequence[Item] | None = None
    receivers: Sequence[Receiver] | None = None
    buyer: Buyer | Sequence[Buyer] | None = None
    cancellation: Any = None
    return_: Any = msgspec.field(name="return", default=None)
    exchange: Any = None


class ShipmentItem(msgspec.Struct, kw_only=True):
    order_item_code: Text = None
    status: Text = None


class Shipment(msgspec.Struct, kw_only=True):
    """A row of `GET /orders/{id}/shipments`; a status may end in a blank."""

    shipping_code: Text = None
    tracking_no: Text = None
    shipping_company_code: Text = None
    items: Sequence[ShipmentItem] | None = None


class LogRow(msgspec.Struct, kw_only=True):
    """A row of `GET /webhooks/logs`; `request_body` is JSON as text."""

    log_id: Text = None
    event_no: Text = None
    request_body: Any = None
    success: Flag = None
    requested_time: Text = None


def several(stated: object) -> list[Any]:
    """A list out of what the mall writes in its place: null, "", one object."""
    if isinstance(stated, list):
        return stated
    return [stated] if stated and isinstance(stated, dict | str) else []


def loosely(row: dict[str, Any], kind: type[Kind]) -> Kind:
    """The row as a `kind` all of whose members may be anything."""
    return msgspec.convert(row, kind, strict=False)
