"""A store's products as rows of ours: what is sold there, under which SKU, and in which words. Pure."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.connectors.contract import ChannelProduct

SKU_LENGTH = 255
KEY_LENGTH = 200
_MOST_MONEY = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Shelf:
    """The store's category tree and brands in words: path by category id, name by brand id."""

    categories: Mapping[str, Sequence[str]] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One thing a buyer can put in the cart: a product, one of its variations, or a variant row of its own.

    `sku` is the SKU it is known by here ("" = none), `remote_sku` what the store itself says.
    """

    remote_id: str
    key: str
    parent_id: str
    sku: str
    remote_sku: str
    title: str
    options: Sequence[tuple[str, str]]
    price: Decimal | None
    retail_price: Decimal | None
    currency: str
    quantity: int | None
    active: bool
    image_url: str
    url: str
    barcode: str
    weight_grams: Decimal | None
    product: ProductRow

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in the store; a listing's identity there."""
        return self.remote_id, self.key

    def item_row(self) -> ItemRow:
        """The item it brings."""
        return ItemRow(
            sku=self.sku,
            name=self.title,
            product=self.product,
            options=self.options,
            barcode=self.barcode,
            image_url=self.image_url,
            weight_grams=self.weight_grams,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A line for the SKU doctor. `blocking`: it stays without an item until a person does something."""

    code: str
    remote_id: str
    key: str = ""
    sku: str = ""
    title: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    blocking: bool = False


def remote_order(remote_id: str) -> tuple[int, int, str]:
    """Sort remote ids as the store counts them: numbers by value, anything else after them by its text."""
    return (0, int(remote_id), "") if remote_id.isascii() and remote_id.isdigit() else (1, 0, remote_id)


def clean_sku(text: str | None) -> str:
    """A SKU as it is compared: trimmed, composed, its inner blanks single; upper and lower case stay apart.

    Two SKUs that differ only in case are two items, and the SKU doctor names them: joining them by itself would mix
    two things' stock, which is worse than asking.
    """
    return " ".join(unicodedata.normalize("NFC", (text or "").replace("\x00", "")).split())


def sold_of(product: ChannelProduct, *, shelf: Shelf, model_stands_in: bool) -> Iterator[Sold]:
    """Everything of a product that is sold by itself. A parent whose variants are rows of their own is not."""
    itself = _itself(product, shelf, model_stands_in=model_stands_in)
    for variation in product.variations:
        sku = clean_sku(variation.sku)
        yield replace(
            itself,
            key=variation.key,
            sku=sku,
            remote_sku=sku,
            title=_title(itself.product.name, variation.options),
            options=variation.options,
            price=_amount(variation.price),
            retail_price=None,
            quantity=variation.quantity,
            image_url=variation.image_url or product.image_url,
            barcode=variation.barcode,
        )
    if not product.variations and not product.is_parent:
        yield itself


def _itself(product: ChannelProduct, shelf: Shelf, *, model_stands_in: bool) -> Sold:
    name = product.name or product.model or product.remote_id
    own = clean_sku(product.sku)
    return Sold(
        remote_id=product.remote_id,
        key="",
        parent_id=product.parent_id or "",
        sku=own or (clean_sku(product.model) if model_stands_in else ""),
        remote_sku=own,
        title=_title(name, product.options) if product.parent_id else name,
        options=product.options,
        price=_amount(product.price),
        retail_price=_amount(product.retail_price),
        currency=product.currency,
        quantity=product.quantity,
        active=product.active,
        image_url=product.image_url,
        url=product.url,
        barcode=product.barcode,
        weight_grams=product.weight_grams,
        product=ProductRow(
            key=product.parent_id or product.remote_id,
            name=name,
            brand=shelf.brands.get(product.brand_id or "", ""),
            categories=[shelf.categories[one] for one in product.category_ids if one in shelf.categories],
            image_url=product.image_url,
            is_group=bool(product.variations or product.parent_id or product.is_parent),
            description=product.description or "",
            attributes=product.attributes,
            images=product.images,
        ),
    )


def _title(name: str, options: Sequence[tuple[str, str]]) -> str:
    chosen = ", ".join(value for _, value in options if value)
    return f"{name} – {chosen}" if chosen and chosen.lower() not in name.lower() else name


def _amount(amount: Decimal | None) -> Decimal | None:
    """An amount our columns can hold."""
    return None if amount is None or not amount.is_finite() or abs(amount) >= _MOST_MONEY else amount


def usable_sku(sku: str) -> bool:
    """Whether a SKU can be one of ours."""
    return 0 < len(sku) <= SKU_LENGTH
