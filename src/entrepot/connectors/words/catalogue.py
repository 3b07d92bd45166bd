"""What a store sells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal


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
    `shared_stock`: buyers choose among options, but the store keeps one counter for all combinations. `description`
    None = this reading does not tell it; `images`: all of them, the main one first, empty where it does not tell.
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
    images: Sequence[str] = ()
    description: str | None = None
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
