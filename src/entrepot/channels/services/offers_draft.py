"""A change as the draft a connector takes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from entrepot.catalog.models import Item, Product
from entrepot.channels.models import ListingChange
from entrepot.channels.opening import setting
from entrepot.channels.price_mapping import told_amounts
from entrepot.channels.queries.shelves import shelves_of
from entrepot.channels.services.storefront_told import WORDS, words_of
from entrepot.connectors.contract import ListingDraft, VariationDraft
from entrepot.inventory.services.figures import available
from entrepot.kernel.errors import NotFound


def creation(change: ListingChange, *, with_images: bool) -> ListingDraft:
    """The product a store is to make: a single one, or one with a variation for each item.

    `with_images`: the store fetches the product's picture from wherever it lies; else only chosen ones go.

    Raises:
        NotFound: The product is gone.
    """
    product = change.product
    if product is None:
        raise NotFound
    items = list(Item.objects.filter(seller_id=change.seller_id, product=product).order_by("pk"))
    there = available(change.seller_id, [item.pk for item in items])
    shelf = shelves_of(seller_id=change.seller_id, store_id=change.store_id, product_ids=[product.pk])[product.pk]
    fields: Mapping[str, Any] = change.fields
    grouped = len(items) > 1 or bool(items and items[0].options)
    single = None if grouped or not items else items[0]
    price, retail_price = told_amounts(setting(change.store, "price_mapping"), fields)
    above = price - Decimal(fields["price"])
    return ListingDraft(
        key=change.key,
        name=fields["name"] or product.name,
        model=single.sku if single else (items[0].sku if items else ""),
        sku=single.sku if single else None,
        barcode=single.barcode if single else None,
        description=fields["description"],
        price=price,
        retail_price=retail_price,
        quantity=there.get(single.pk, 0) if single else None,
        active=bool(fields["active"]),
        brand=fields["brand"] or shelf.brand or (product.brand.name if product.brand else None),
        category_ids=fields["category_ids"] or shelf.category_ids or None,
        images=fields["images"] or (_images(product) if with_images else None),
        attributes=_attributes(fields) or None,
        variations=[_variation(item, fields, there, above) for item in items] if grouped else None,
    )


def update_draft(change: ListingChange) -> ListingDraft:
    """Only what was asked for; everything else stays."""
    given = words_of(change.fields)
    if "attributes" in given:
        given["attributes"] = _attributes(given)
    return ListingDraft(key=change.key, **given)


def told_by(draft: ListingDraft, *, filled_only: bool = False) -> Mapping[str, Any]:
    """The words a draft tells a store, as they are kept; `filled_only`: without those that say nothing."""
    words = {name: getattr(draft, name) for name in WORDS}
    kept = {name: _plain(value) for name, value in words.items() if value is not None}
    return {name: value for name, value in kept.items() if value or not filled_only}


def _plain(value: object) -> object:
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _attributes(fields: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return [(str(pair[0]), str(pair[1])) for pair in fields.get("attributes") or () if len(pair) == 2]


def _variation(item: Item, fields: Mapping[str, Any], there: Mapping[int, int], above: Decimal) -> VariationDraft:
    own = fields["prices"].get(str(item.pk))
    return VariationDraft(
        options=[(str(option[0]), str(option[1])) for option in item.options],
        sku=item.sku,
        price=Decimal(own or fields["price"]) + above,
        quantity=there.get(item.pk, 0),
        barcode=item.barcode,
    )


def _images(product: Product) -> Sequence[str] | None:
    return [product.image_url] if product.image_url else None
