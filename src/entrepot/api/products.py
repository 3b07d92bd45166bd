"""Products, items and kits over the API."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from ninja import Field, Router, Schema, Status

from entrepot.accounts.services.holding import holding
from entrepot.api.door import CalledRequest, needs
from entrepot.api.seen import as_read, with_tag
from entrepot.api.words import AS_READ, REFUSALS, ItemOut, Listed, ListedProductOut, ProductOut
from entrepot.catalog import queries, services
from entrepot.catalog.drafts import ItemDraft, ProductDraft, draft_of
from entrepot.catalog.models import Change, Item, Product
from entrepot.catalog.product_words import LONGEST_DESCRIPTION, MOST_ATTRIBUTES, MOST_IMAGES
from entrepot.catalog.queries import ListedProduct
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory.services import compose_kit
from entrepot.kernel.page import Page

router = Router()


class _Measures(Schema):
    barcode: str = Field(default="", max_length=64)
    image_url: str = Field(default="", max_length=1000)
    weight_grams: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=3)
    length_mm: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=3)
    width_mm: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=3)
    height_mm: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=3)
    cost: Decimal | None = Field(default=None, ge=0, max_digits=19, decimal_places=4)
    cost_currency: str = Field(default="", pattern="^([A-Z]{3})?$")
    low_stock_at: int = Field(default=0, ge=0, le=10_000_000)


class ItemIn(_Measures):
    """One item. Its name is made of the product's and the options where it has none."""

    sku: str = Field(min_length=1, max_length=255)
    name: str = Field(default="", max_length=500)
    options: list[tuple[str, str]] = Field(default_factory=list, max_length=10)

    def draft(self) -> ItemDraft:
        """As the catalogue's verbs take it."""
        return ItemDraft(**self.model_dump())


class ProductIn(Schema):
    """A product; several items make it a group. Categories are paths from the root. `images`: further pictures beside
    `image_url`. Description, attributes and further pictures that are left out stay as they are.
    """  # noqa: D205 - one paragraph, as the reference shows it

    name: str = Field(min_length=1, max_length=500)
    brand: str = Field(default="", max_length=255)
    categories: list[list[str]] = Field(default_factory=list, max_length=50)
    image_url: str = Field(default="", max_length=1000)
    images: list[str] | None = Field(default=None, max_length=MOST_IMAGES)
    description: str | None = Field(default=None, max_length=LONGEST_DESCRIPTION)
    attributes: list[tuple[str, str]] | None = Field(default=None, max_length=MOST_ATTRIBUTES)
    items: list[ItemIn] = Field(default_factory=list, max_length=500)

    def draft(self) -> ProductDraft:
        """As the catalogue's verbs take it."""
        words = self.model_dump(exclude={"items"})
        return ProductDraft(items=[item.draft() for item in self.items], **words)


class ItemChangeIn(_Measures):
    """What is given changes, the rest stays."""

    sku: str = Field(default="", max_length=255)
    name: str = Field(default="", max_length=500)


class PartIn(Schema):
    item_id: int
    quantity: int = Field(ge=1, le=10_000)


class KitIn(Schema):
    """An item made of others; its stock is counted from them."""

    sku: str = Field(min_length=1, max_length=255)
    name: str = Field(default="", max_length=500)
    barcode: str = Field(default="", max_length=64)
    parts: list[PartIn] = Field(min_length=1, max_length=100)


class PartsIn(Schema):
    parts: list[PartIn] = Field(min_length=1, max_length=100)


class ChangedOut(Schema):
    """One field as it was and as it became. `actor`: who, as `user:Mina`."""

    id: int
    object_type: str
    object_id: int
    field: str
    before: str
    after: str
    actor: str
    at: datetime


def _sums(parts: list[PartIn]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for part in parts:
        wanted[part.item_id] = wanted.get(part.item_id, 0) + part.quantity
    return wanted


def _whole(seller_id: int, product_id: int) -> Product:
    return queries.product(seller_id=seller_id, product_id=product_id)


def _facts(request: CalledRequest, product_id: int) -> object:
    """Everything of a product that a program can change."""
    found = _whole(request.auth.seller_id, product_id)
    paths = queries.category_paths(seller_id=request.auth.seller_id, product=found)
    return [ProductOut.from_orm(found).model_dump(), sorted(paths)]


@router.get("/products", response={200: Listed[ListedProductOut], **REFUSALS})
@needs("catalog.view")
def list_products(request: CalledRequest, search: str = "", kind: str = "", after: str = "") -> Page[ListedProduct]:
    """Products, newest first. `kind`: single, group."""
    return queries.products(seller_id=request.auth.seller_id, search=search, kind=kind, after=after)


@router.get("/products/{int:product_id}", response={200: ProductOut, **REFUSALS})
@needs("catalog.view")
def one_product(request: CalledRequest, response: HttpResponse, product_id: int) -> Product:
    """One product with its items, and its `ETag`."""
    with_tag(response, _facts(request, product_id))
    return _whole(request.auth.seller_id, product_id)


@router.post("/products", response={201: ProductOut, **REFUSALS})
@needs("catalog.edit")
def make_product(request: CalledRequest, facts: ProductIn) -> Status[Product]:
    """Make a product of one item, or a group of variations."""
    caller = request.auth
    made = services.create_product(seller_id=caller.seller_id, draft=facts.draft(), actor=caller.actor)
    return Status(201, _whole(caller.seller_id, made.pk))


@router.put("/products/{int:product_id}", response={200: ProductOut, **AS_READ})
@needs("catalog.edit")
def change_product(request: CalledRequest, product_id: int, facts: ProductIn) -> Product:
    """Give a product these words. Items named by their SKU take these values, new ones join; the others stay.

    With `If-Match` only where it is as it was read.
    """
    caller = request.auth
    said: dict[str, Any] = {"seller_id": caller.seller_id, "actor": caller.actor}
    items = holding(Item, seller_id=caller.seller_id, of={"product_id": product_id})  # they are part of what was read
    with as_read(request, Product, pk=product_id, facts=lambda: _facts(request, product_id), also=items):
        services.edit_product(product_id=product_id, draft=facts.draft(), **said)
    return _whole(caller.seller_id, product_id)


@router.delete("/products/{int:product_id}", response={204: None, **REFUSALS})
@needs("catalog.edit")
def delete_product(request: CalledRequest, product_id: int) -> Status[None]:
    """Take away a product that was never sold or stocked."""
    caller = request.auth
    services.delete_product(seller_id=caller.seller_id, product_id=product_id, actor=caller.actor)
    return Status(204, None)


@router.get("/products/{int:product_id}/history", response={200: Listed[ChangedOut], **REFUSALS})
@needs("catalog.view")
def product_history(request: CalledRequest, product_id: int, after: str = "") -> Page[Change]:
    """Who changed which field of a product and its items, newest first."""
    seller_id = request.auth.seller_id
    return queries.history(seller_id=seller_id, product=_whole(seller_id, product_id), after=after)


@router.put("/items/{int:item_id}", response={200: ItemOut, **REFUSALS})
@needs("catalog.edit")
def change_item(request: CalledRequest, item_id: int, facts: ItemChangeIn) -> Item:
    """Change what is given of an item."""
    caller = request.auth
    changes: dict[str, Any] = facts.model_dump(exclude_unset=True)
    with holding(Item, seller_id=caller.seller_id, pk=item_id):  # what is not given stays as it is in that moment
        draft = draft_of(queries.item(seller_id=caller.seller_id, item_id=item_id), **changes)
        return services.edit_item(seller_id=caller.seller_id, item_id=item_id, draft=draft, actor=caller.actor)


@router.delete("/items/{int:item_id}", response={204: None, **REFUSALS})
@needs("catalog.edit")
def delete_item(request: CalledRequest, item_id: int) -> Status[None]:
    """Take away a variation that was never sold or stocked."""
    caller = request.auth
    services.delete_item(seller_id=caller.seller_id, item_id=item_id, actor=caller.actor)
    return Status(204, None)


@router.post("/kits", response={201: ProductOut, **REFUSALS})
@needs("catalog.edit")
def make_kit(request: CalledRequest, facts: KitIn) -> Status[Product]:
    """Make a kit of the seller's items."""
    caller = request.auth
    draft = ItemDraft(sku=facts.sku, name=facts.name, barcode=facts.barcode)
    kit = services.create_kit(seller_id=caller.seller_id, draft=draft, parts=_sums(facts.parts), actor=caller.actor)
    return Status(201, _whole(caller.seller_id, kit.product_id))


@router.put("/kits/{int:item_id}/parts", response={200: ProductOut, **REFUSALS})
@needs("catalog.edit")
def change_parts(request: CalledRequest, item_id: int, facts: PartsIn) -> Product:
    """Give a kit exactly these parts; stores hear of its new figure."""
    caller = request.auth
    kit = queries.item(seller_id=caller.seller_id, item_id=item_id)
    compose_kit(seller_id=caller.seller_id, kit_id=kit.pk, parts=_sums(facts.parts), actor=caller.actor)
    wake_pushes(caller.seller_id)
    return _whole(caller.seller_id, kit.product_id)
