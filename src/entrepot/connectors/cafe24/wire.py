"""Cafe24's JSON as it comes: the members that are read, each as loose as the mall is. Unknown keys are ignored."""

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
    """A row of `GET /categories`. Parent 1 = the top."""

    category_no: int | str
    parent_category_no: int | str | None = None
    category_name: Text = None
    use_display: Flag = None


class CategoryLink(msgspec.Struct, kw_only=True):
    """A category of a product, as the detail shows it."""

    category_no: int | str


class CategoryMember(msgspec.Struct, kw_only=True):
    """A row of `GET /categories/{no}/products`."""

    product_no: int | str


class Brand(msgspec.Struct, kw_only=True):
    brand_code: str
    brand_name: Text = None


class OptionChoice(msgspec.Struct, kw_only=True):
    """One of the choices that make a variant."""

    name: Text = None
    value: Text = None


class Inventory(msgspec.Struct, kw_only=True):
    """Stock of a variant, as embedded or on its own."""

    variant_code: str | None = None
    use_inventory: Flag = None
    display_soldout: Flag = None
    quantity: Text = None


class Variant(msgspec.Struct, kw_only=True):
    """A variant as read (stock at its own level) or as answered to a write (stock under `inventories`)."""

    variant_code: str
    options: list[OptionChoice] | str | None = None
    custom_variant_code: Text = None
    display: Flag = None
    selling: Flag = None
    additional_amount: Amount = None
    use_inventory: Flag = None
    display_soldout: Flag = None
    quantity: Text = None
    image: str | None = None
    inventories: Inventory | list[Inventory] | str | None = None


class AdditionalImage(msgspec.Struct, kw_only=True):
    big: str | None = None


class Product(msgspec.Struct, kw_only=True):
    """A product, from a list (no `category`, no `description`) or alone. Its other images have two names."""

    product_no: int | str
    product_code: Text = None
    custom_product_code: Text = None
    product_name: Text = None
    model_name: Text = None
    price: Amount = None
    retail_price: Amount = None
    display: Flag = None
    selling: Flag = None
    description: str | None = None
    summary_description: Text = None
    product_material: Text = None
    hscode: Text = None
    detail_image: str | None = None
    list_image: str | None = None
    brand_code: Text = None
    updated_date: str | None = None
    category: list[CategoryLink] | str | None = None
    additional_image: list[AdditionalImage] | str | None = None
    additionalimages: list[AdditionalImage] | str | None = None
    variants: list[Variant] | str | None = None


class UploadedImage(msgspec.Struct, kw_only=True):
    """A row of the answer to `POST /products/images`."""

    path: str


class EntryFault(msgspec.Struct, kw_only=True):
    code: str | int | None = None
    message: str | None = None
