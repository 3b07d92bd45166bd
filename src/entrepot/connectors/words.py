"""The words Entrepot and its connectors exchange: frozen values, nothing of either side's books.

Text is plain (never HTML-escaped), times are aware, amounts are exact `Decimal`s without tax in the store's base
currency unless a docstring says otherwise. Remote ids are text, opaque to Entrepot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

# --------------------------------------------------------------------------- the shop itself


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStatus:
    """An order status as the shop's owner named it. `takes_stock`: the shop's own counter counts such an order."""

    remote_id: str
    names: Mapping[str, str]
    takes_stock: bool
    suggested: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopInfo:
    """What a connection test learns. `identity` tells two shops apart whatever their keys and addresses."""

    identity: str
    name: str
    url: str
    version: str
    currency: str
    timezone: str
    clock_offset_seconds: int
    language: str
    statuses: Sequence[RemoteStatus]
    counts: Mapping[str, int]
    notes: Sequence[str] = ()


# --------------------------------------------------------------------------- catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class BadItem:
    """One thing of a page that cannot be used as it is. It is reported and never blocks the others."""

    kind: Literal["product", "order", "category", "brand"]
    remote_id: str
    code: str
    detail: str
    sku: str = ""
    raw: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCategory:
    remote_id: str
    parent_id: str | None
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBrand:
    remote_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAttribute:
    """A category attribute / product attribute definition with its group's name."""

    remote_id: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelVariation:
    """One sellable variation inside a product. `key` is the connector's own, stable over re-imports."""

    key: str
    options: Sequence[tuple[str, str]]
    sku: str | None
    price: Decimal
    quantity: int | None
    barcode: str = ""
    image_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelProduct:
    """A product as the store shows it.

    `quantity` None = the store does not count it. `variations` empty = single. `parent_id` = this row is itself a
    variation sold as a product of its own below another (OpenCart 4.x variants); parents carry `is_parent`.
    `shared_stock`: buyers choose among options, but the store keeps one counter for all combinations.
    """

    remote_id: str
    name: str
    sku: str | None
    model: str
    price: Decimal
    currency: str
    quantity: int | None
    active: bool
    retail_price: Decimal | None = None
    barcode: str = ""
    weight_grams: Decimal | None = None
    image_url: str = ""
    url: str = ""
    brand_id: str | None = None
    category_ids: Sequence[str] = ()
    attributes: Sequence[tuple[str, str]] = ()
    variations: Sequence[ChannelVariation] = ()
    parent_id: str | None = None
    is_parent: bool = False
    shared_stock: bool = False
    options: Sequence[tuple[str, str]] = ()
    updated_at: datetime | None = None
    findings: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """`next` = the cursor of the following page, None on the last. `total` where the store knows it."""

    products: Sequence[ChannelProduct]
    next: str | None
    bad: Sequence[BadItem] = ()
    total: int | None = None


# --------------------------------------------------------------------------- orders


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAddress:
    name: str
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    country_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLineOption:
    """A choice or free input of the buyer on a line. Ids are None for free text or when the store forgot them."""

    name: str
    value: str
    type: str
    option_id: str | None = None
    value_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrderLine:
    """`unit_price` and `line_total` include options and discounts, without tax; `unit_tax` as the store states it.

    `product_id` names the product row sold; `variation_keys` the keys it may be listed under, best first ("" = the
    product itself).
    """

    remote_id: str
    product_id: str
    variation_keys: Sequence[str]
    name: str
    model: str
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    unit_tax: Decimal
    sku: str = ""
    options: Sequence[ChannelLineOption] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTotal:
    """One row of the store's totals, kept as it is: code (`sub_total`, `shipping`, `tax`, `coupon`, `total` …)."""

    code: str
    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatusChange:
    """One row of the store's own history. `settling`: a passing state of an edit that must not be acted on yet."""

    remote_id: str
    status_id: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrder:
    """An order as the store has it now. Amounts are in `base_currency`; the buyer saw amount × `rate` `currency`.

    `confirmed` False = a cart that was never finished or a passing state of an edit: never imported, never reserved.
    `version` grows with every change the store records (a history id), so a late, older copy can be told apart.
    """

    remote_id: str
    number: str
    version: int
    confirmed: bool
    status_id: str
    placed_at: datetime
    changed_at: datetime
    base_currency: str
    currency: str
    rate: Decimal
    total: Decimal
    lines: Sequence[ChannelOrderLine]
    totals: Sequence[ChannelTotal]
    buyer_name: str
    buyer_email: str
    buyer_phone: str
    shipping: ChannelAddress | None
    billing: ChannelAddress | None
    payment_method: str = ""
    shipping_method: str = ""
    comment: str = ""
    history: Sequence[ChannelStatusChange] = ()
    settling: bool = False
    paid: bool = True
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """Orders oldest change first. `cursor` is where to go on; keep it only once the page is yours.

    `gone` = orders the store has deleted. `more` = another page is waiting.
    """

    orders: Sequence[ChannelOrder]
    cursor: str
    more: bool
    bad: Sequence[BadItem] = ()
    gone: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """The short form for the periodic check of known orders; `status_id` None = deleted in the store."""

    remote_id: str
    status_id: str | None
    version: int


# --------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """Show this absolute `quantity` (≥ 0). `expected`: write only if the store still shows that figure."""

    remote_id: str
    variation_key: str
    quantity: int
    parent_id: str | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAnswer:
    """The store's answer to one level or one price: `seen` / `seen_price` is what it shows after the call.

    `changed`: the store showed another figure than `expected` and nothing was written.
    `refused`: it never works as it is, `code` and `reason` say why. `missing`: the store no longer has it.
    """

    remote_id: str
    variation_key: str
    outcome: Literal["accepted", "changed", "refused", "missing"]
    seen: int | None = None
    seen_price: Decimal | None = None
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLevel:
    """What the store shows now, read for the drift check."""

    remote_id: str
    variation_key: str
    quantity: int | None
    active: bool
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLevel:
    """Show `retail_price` as the regular price and `price` as what the buyer pays (lower or equal)."""

    remote_id: str
    variation_key: str
    price: Decimal
    retail_price: Decimal | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWrite:
    """Tell the store an order's new status. `key` makes a repeat harmless."""

    key: str
    order_id: str
    status_id: str
    comment: str = ""
    notify: bool = False
    expected_status_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentWrite:
    key: str
    order_id: str
    carrier: str
    tracking_number: str
    tracking_url: str = ""
    status_id: str | None = None
    comment: str = ""
    notify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAnswer:
    """`repeated`: the store had done this before under the same key."""

    remote_id: str
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """A product to create, or the fields to change (None = leave)."""

    key: str
    name: str | None = None
    model: str | None = None
    sku: str | None = None
    barcode: str | None = None
    description: str | None = None
    price: Decimal | None = None
    quantity: int | None = None
    active: bool | None = None
    brand: str | None = None
    category_ids: Sequence[str] | None = None
    images: Sequence[str] | None = None
    options: Sequence[tuple[str, Sequence[tuple[str, int, Decimal]]]] | None = None


# --------------------------------------------------------------------------- events pushed by the store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent:
    """A hint that something moved; never the truth itself. `own`: caused by a write of ours."""

    remote_id: str
    kind: Literal["order", "product", "ping", "other"]
    object_id: str
    own: bool = False
