"""Cafe24's JSON as it comes: the members that are read, each as loose as the mall is. Unknown keys are ignored."""

from collections.abc import Sequence

import msgspec

from entrepot.connectors.cafe24.values import Amount, Flag, Text


class Store(msgspec.Struct, kw_only=True):
    """`GET /store`."""

    shop_no: int | str | None = None
    shop_name: str | None = None
    mall_id: str | None = None
    base_domain: str | None = None
    primary_domain: str | None = None
    country_code: str | None = None


class Shop(msgspec.Struct, kw_only=True):
    """A row of `GET /shops`."""

    shop_no: int | str
    default: Flag = None
    shop_name: str | None = None
    language_code: str | None = None
    currency_code: str | None = None
    base_domain: str | None = None
    primary_domain: str | None = None
    active: Flag = None
    timezone: str | None = None


class OrderSetting(msgspec.Struct, kw_only=True):
    """`GET /orders/setting` (key `order`). `use_product_prepare_status`: paid orders begin at N10, else at N20."""

    use_product_prepare_status: Flag = None
    stock_recover: Flag = None
    claim_request: Flag = None
    claim_request_auto_accept: Flag = None


class Carrier(msgspec.Struct, kw_only=True):
    """A row of `GET /carriers`. `shipping_carrier_code` is what shipments call `shipping_company_code`."""

    shipping_carrier_code: Text = None
    carrier_id: int | str | None = None
    shipping_carrier: str | None = None
    track_shipment_url: str | None = None
    default_shipping_carrier: Flag = None


class Category(msgspec.Struct, kw_only=True):
    category_no: int | str
    parent_category_no: int | str | None = None
    category_name: str | None = None
    use_display: Flag = None


class CategoryMember(msgspec.Struct, kw_only=True):
    """A row of `GET /categories/{no}/products`."""

    product_no: int | str


class Brand(msgspec.Struct, kw_only=True):
    brand_code: str
    brand_name: str | None = None


class OptionChoice(msgspec.Struct, kw_only=True):
    name: Text = None
    value: Text = None


class Inventory(msgspec.Struct, kw_only=True):
    """Stock of a variant, as embedded or on its own."""

    variant_code: str | None = None
    use_inventory: Flag = None
    display_soldout: Flag = None
    quantity: Text = None


class Variant(msgspec.Struct, kw_only=True):
    variant_code: str
    options: Sequence[OptionChoice] | None = None
    custom_variant_code: Text = None
    display: Flag = None
    selling: Flag = None
    additional_amount: Amount = None
    use_inventory: Flag = None
    display_soldout: Flag = None
    quantity: Text = None
    image: str | None = None
    inventories: Inventory | Sequence[Inventory] | None = None
