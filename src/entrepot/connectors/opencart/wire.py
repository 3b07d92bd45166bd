"""The bridge's rows as they come over the wire (docs/reference/opencart-bridge-v1.md §3 to §5).

Numbers may be JSON numbers or strings, NULL is null, text is HTML-escaped: the mapping gives them meaning.
Decode with `strict=False`. A column the shop's schema lacks keeps its default; unknown columns are ignored.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from msgspec import Raw, Struct

Id = int
Number = int | None
Amount = Decimal | None
Text = str | None

# --------------------------------------------------------------------------- the envelope


class Clock(Struct):
    utc: str = ""
    shop: str = ""
    timezone: str = ""
    offset: int = 0


class Meta(Struct):
    protocol: Number = None
    bridge: str = ""
    clock: Clock | None = None
    warnings: Number = 0
    cursor: int | str | None = None
    gone: Sequence[int | str] = ()


class Fault(Struct):
    code: str
    message: str = ""
    detail: dict[str, Any] | list[Any] | None = None


class Answer(Struct):
    """`data` stays raw until somebody knows what it is."""

    data: Raw = Raw()
    next: int | str | None = None
    meta: Meta | None = None
    error: Fault | None = None


# --------------------------------------------------------------------------- info


class BridgeFacts(Struct):
    version: str = ""
    protocol: Number = None
    line: str = ""


class ShopRow(Struct):
    identity: str
    name: Text = ""
    url: Text = ""
    version: Text = ""
    php: Text = ""
    image_base: Text = ""
    currency: Text = ""
    language: Text = ""
    language_id: int = 1
    customer_group_id: Number = None
    maintenance: bool | int | str | None = False
    stock_checkout: bool | int | str | None = False


class Language(Struct):
    language_id: int
    code: str


class StatusRow(Struct):
    order_status_id: int
    language_id: int
    name: Text = ""


class WebhookFacts(Struct):
    url: Text = None
    enabled: bool | int | str | None = False
    pending: Number = 0
    last_error: Text = None


class Info(Struct):
    shop: ShopRow
    clock: Clock
    bridge: BridgeFacts | None = None
    schema: dict[str, list[str]] = {}
    languages: list[Language] = []
    stores: list[dict[str, Any]] = []
    order_statuses: list[StatusRow] = []
    processing_status: list[int] = []
    complete_status: list[int] = []
    default_order_status: Number = None
    void_status: Number = None
    fraud_status: Number = None
    counts: dict[str, int | None] = {}
    webhook: WebhookFacts | None = None
    limits: dict[str, int | None] = {}


# --------------------------------------------------------------------------- lists beside the products


class Name(Struct):
    language_id: int
    name: Text = ""


class ProductText(Name):
    """A product's texts in a language; `description` null = this reading does not tell it."""

    description: Text = None


class CategoryRow(Struct):
    category_id: Id
    parent_id: Number = 0
    status: Number = 1
    descriptions: list[Name] = []


class ManufacturerRow(Struct):
    manufacturer_id: Id
    name: Text = ""


class AttributeRow(Struct):
    attribute_id: Id
    descriptions: list[Name] = []
    group: list[Name] = []


class OptionValueNames(Struct):
    option_value_id: Id
    image: Text = ""
    descriptions: list[Name] = []


class OptionNames(Struct):
    option_id: Id
    type: Text = ""
    descriptions: list[Name] = []
    values: list[OptionValueNames] = []


# --------------------------------------------------------------------------- products


class CodeRow(Struct):
    code: Text = ""
    value: Text = ""


class ImageRow(Struct):
    image: Text = ""


class AttributeText(Struct):
    attribute_id: Id
    language_id: int
    text: Text = ""


class ValueRow(Struct):
    """A row of product_option_value; `sku`, `ean` … exist where an add-on made them."""

    option_value_id: Id
    product_option_value_id: Number = 0
    quantity: Number = 0
    subtract: Number = 0
    price: Amount = None
    price_prefix: Text = "+"
    sku: Text = None
    ean: Text = None
    upc: Text = None


class OptionRow(Struct):
    option_id: Id
    product_option_id: Number = 0
    type: Text = ""
    required: Number = 0
    values: list[ValueRow] = []


class Reduction(Struct):
    """A row of product_special or product_discount; 4.1 keeps both in one table, told apart by `special`."""

    price: Amount = None
    customer_group_id: Number = None
    quantity: Number = 1
    priority: Number = 0
    type: Text = "F"
    special: Number = 0
    date_start: Text = None
    date_end: Text = None


class ProductRow(Struct):
    product_id: Id
    master_id: Number = 0
    model: Text = ""
    sku: Text = None
    upc: Text = None
    ean: Text = None
    jan: Text = None
    isbn: Text = None
    codes: list[CodeRow] = []
    quantity: Number = 0
    subtract: Number = 1
    price: Amount = None
    status: Number = 0
    weight: Amount = None
    weight_unit: Text = None
    image: Text = None
    images: list[ImageRow] = []
    manufacturer_id: Number = None
    date_available: Text = None
    date_modified: Text = None
    variant: Text | dict[str, Any] | list[Any] = None
    descriptions: list[ProductText] = []
    categories: list[int] = []
    stores: list[int] | None = None
    attributes: list[AttributeText] = []
    options: list[OptionRow] = []
    discounts: list[Reduction] = []
    specials: list[Reduction] = []


class StockValueRow(Struct):
    option_id: Id
    option_value_id: Id
    product_option_id: Number = 0
    product_option_value_id: Number = 0
    quantity: Number = 0
    subtract: Number = 0


class StockRow(Struct):
    product_id: Id
    master_id: Number = 0
    quantity: Number = 0
    subtract: Number = 1
    status: Number = 0
    variant: Text | dict[str, Any] | list[Any] = None
    date_modified: Text = None
    options: list[StockValueRow] = []


# --------------------------------------------------------------------------- orders


class OrderRow(Struct):
    """The columns of `order` that mean something to us; the whole row is kept beside it."""

    order_id: Id
    order_status_id: int
    total: Decimal
    currency_code: str
    currency_value: Decimal
    date_added: str
    date_modified: Text = None
    firstname: Text = ""
    lastname: Text = ""
    email: Text = ""
    telephone: Text = ""
    comment: Text = ""
    payment_firstname: Text = ""
    payment_lastname: Text = ""
    payment_company: Text = ""
    payment_address_1: Text = ""
    payment_address_2: Text = ""
    payment_city: Text = ""
    payment_postcode: Text = ""
    payment_country: Text = ""
    payment_zone: Text = ""
    payment_iso_code_2: Text = ""
    payment_method: Text | dict[str, Any] | list[Any] = ""
    shipping_firstname: Text = ""
    shipping_lastname: Text = ""
    shipping_company: Text = ""
    shipping_address_1: Text = ""
    shipping_address_2: Text = ""
    shipping_city: Text = ""
    shipping_postcode: Text = ""
    shipping_country: Text = ""
    shipping_zone: Text = ""
    shipping_iso_code_2: Text = ""
    shipping_method: Text | dict[str, Any] | list[Any] = ""


class LineOptionRow(Struct):
    name: Text = ""
    value: Text = ""
    type: Text = ""
    product_option_id: Number = None
    product_option_value_id: Number = None
    option_id: Number = None
    option_value_id: Number = None


class LineRow(Struct):
    order_product_id: Id
    product_id: Id
    quantity: int
    price: Decimal
    total: Decimal
    tax: Amount = None
    master_id: Number = 0
    name: Text = ""
    model: Text = ""
    sku: Text = None
    options: list[LineOptionRow] = []


class TotalRow(Struct):
    code: str
    value: Decimal
    title: Text = ""
    sort_order: Number = 0
    order_total_id: Number = 0


class HistoryRow(Struct):
    order_history_id: Id
    order_status_id: int
    date_added: str
    comment: Text = ""


class VoucherRow(Struct):
    order_voucher_id: Id
    amount: Decimal
    description: Text = ""
    code: Text = ""


class WholeOrder(Struct):
    order: OrderRow
    order_product: list[LineRow] = []
    order_total: list[TotalRow] = []
    order_history: list[HistoryRow] = []
    order_voucher: list[VoucherRow] = []


class StateRow(Struct):
    order_id: Id
    order_status_id: int
    last_history_id: Number = 0


# --------------------------------------------------------------------------- writing


class ItemAnswer(Struct):
    """The answer to one item of a batch."""

    ref: str
    ok: bool
    error: Fault | None = None
    quantity: Number = None
    previous: Number = None
    price: Amount = None
    special: Any = None


class HistoryMade(Struct):
    order_history_id: Number = None
    repeated: bool = False


class ShipmentMade(Struct):
    shipment_id: Number = None
    repeated: bool = False


class ProductMade(Struct):
    product_id: Id
    repeated: bool = False
