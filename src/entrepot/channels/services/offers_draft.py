"""A change as the draft a connector takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from entrepot.catalog.models import Item, Product
from entrepot.channels.models import ListingChange, Store
from entrepot.channels.opening import setting
from entrepot.channels.price_mapping import told_amounts
from entrepot.channels.queries.shelves import Shelved, shelves_of
from entrepot.channels.services.storefront_told import WORDS, words_of
from entrepot.connectors.contract import ListingDraft, VariationDraft
from entrepot.inventory.services.figures import available


@dataclass(frozen=True, slots=True)
class _Stock:
    """What is asked once for all products of a call."""

    items: Mapping[int, Sequence[Item]]
    there: Mapping[int, int]
    shelves: Mapping[int, Shelved]
    price_mapping: Any


def creations(store: Store, *, changes: Sequence[ListingChange], with_images: bool) -> dict[int, ListingDraft]:
    """The products a store is to make, by change: each a single one, or one with a variation for each item.

    What a change says itself counts; else the product's own words. `with_images`: the store takes the product's
    pictures from wherever they lie; else only chosen ones go. A change whose product is gone is left out.
    """
    wanted = [change.product_id for change in changes if change.product_id is not None]
    items: dict[int, list[Item]] = {}
    for item in Item.objects.filter(seller_id=store.seller_id, product_id__in=wanted).order_by("pk"):
        items.setdefault(item.product_id, []).append(item)
    stock = _Stock(
        items=items,
        there=available(store.seller_id, [item.pk for some in items.values() for item in some]),
        shelves=shelves_of(seller_id=store.seller_id, store_id=store.pk, product_ids=wanted),
        price_mapping=setting(store, "price_mapping"),
    )
    return {
        change.pk: _creation(change, change.product, stock, with_images=with_images)
        for change in changes
        if change.product is not None
    }


def own_words(product: Product) -> dict[str, Any]:
    """What a store gets of a product where nothing else is said for it: name, description, pictures, attributes."""
    words = {
        "name": product.name,
        "description": product.description,
        "images": _images(product),
        "attributes": product.attributes,
    }
    return {name: value for name, value in words.items() if value}


def with_own_words(fields: Mapping[str, Any], *, product: Product) -> dict[str, Any]:
    """The fields of a wish to list a product, those it leaves empty filled with the product's own words."""
    own = own_words(product)
    return {**fields, **{name: value for name, value in own.items() if not fields.get(name)}}


def _creation(change: ListingChange, product: Product, stock: _Stock, *, with_images: bool) -> ListingDraft:
    items, there, shelf = stock.items.get(product.pk, ()), stock.there, stock.shelves[product.pk]
    asked: Mapping[str, Any] = change.fields
    fields = with_own_words(asked, product=product)
    grouped = len(items) > 1 or bool(items and items[0].options)
    single = None if grouped or not items else items[0]
    price, retail_price = told_amounts(stock.price_mapping, fields)
    above = price - Decimal(fields["price"])
    return ListingDraft(
        key=change.key,
        name=fields["name"],
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
        images=(fields if with_images else asked)["images"] or None,
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


def _images(product: Product) -> Sequence[str]:
    """The product's own pictures, the main one first."""
    return [one for one in dict.fromkeys([product.image_url, *product.images]) if one]
