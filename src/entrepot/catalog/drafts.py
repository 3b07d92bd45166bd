"""What the verbs of the catalogue take: plain values, checked where they are used."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from entrepot.catalog.errors import SkuMissing, SkuTooLong
from entrepot.catalog.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product an import brings. Rows with the same `key` are one product.

    `key` is any text that is unique in its source (a store's product id). `categories` are paths from the root:
    `(("Desktops", "Mac"),)`. `images` are the further pictures beside `image_url`.
    """

    key: str
    name: str
    brand: str = ""
    categories: Sequence[Sequence[str]] = ()
    image_url: str = ""
    is_group: bool = False
    description: str = ""
    attributes: Sequence[tuple[str, str]] = ()
    images: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item an import brings, with the product it stands under."""

    sku: str
    name: str
    product: ProductRow
    options: Sequence[tuple[str, str]] = ()
    barcode: str = ""
    image_url: str = ""
    weight_grams: Decimal | None = None
    length_mm: Decimal | None = None
    width_mm: Decimal | None = None
    height_mm: Decimal | None = None
    cost: Decimal | None = None
    cost_currency: str = ""
    low_stock_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """An item as a person fills it in."""

    sku: str
    name: str = ""
    options: Sequence[tuple[str, str]] = ()
    barcode: str = ""
    image_url: str = ""
    weight_grams: Decimal | None = None
    length_mm: Decimal | None = None
    width_mm: Decimal | None = None
    height_mm: Decimal | None = None
    cost: Decimal | None = None
    cost_currency: str = ""
    low_stock_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """A product as a person fills it in; several items make it a group.

    `images` are the further pictures beside `image_url`. Description, attributes and further pictures that are None
    stay as they are.
    """

    name: str
    items: Sequence[ItemDraft]
    brand: str = ""
    categories: Sequence[Sequence[str]] = ()
    image_url: str = ""
    description: str | None = None
    attributes: Sequence[tuple[str, str]] | None = None
    images: Sequence[str] | None = None

    def words(self) -> dict[str, Any]:
        """What it says of the product beside name, brand and categories."""
        return {"description": self.description, "attributes": self.attributes, "images": self.images}


def draft_of(item: Item, **changes: Any) -> ItemDraft:  # noqa: ANN401 - values of a draft's fields
    """An item as it is, with some of it changed."""
    facts = {field.name: getattr(item, field.name) for field in fields(ItemDraft) if field.name != "options"}
    options = [(str(name), str(value)) for name, value in item.options]
    return replace(ItemDraft(options=options, **facts), **changes)


def check_sku(sku: str, name: str) -> None:
    """Refuse what no SKU can be.

    Raises:
        SkuMissing: It is blank.
        SkuTooLong: It has more than 255 characters.
    """
    if not sku.strip():
        raise SkuMissing(field="sku", reason="", name=name)
    if len(sku) > 255:
        raise SkuTooLong(field="sku", reason="", sku=sku[:40])
