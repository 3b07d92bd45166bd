"""A change as the draft a connector takes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from entrepot.catalog.models import Item, Product
from entrepot.channels.models import ListingChange
from entrepot.connectors.contract import ListingDraft, VariationDraft
from entrepot.inventory.services.figures import available
from entrepot.kernel.errors import NotFound

_WORDS = ("name", "description", "brand", "category_ids", "images")


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
    fields: Mapping[str, Any] = change.fields
    grouped = len(items) > 1 or bool(items and items[0].options)
    single = None if grouped or not items else items[0]
    return ListingDraft(
        key=change.key,
        name=fields["name"] or product.name,
        model=single.sku if single else (items[0].sku if items else ""),
        sku=single.sku if single else None,
        barcode=single.barcode if single else None,
        description=fields["description"],
        price=Decimal(fields["price"]),
        retail_price=_amount(fields["retail_price"]),
        quantity=there.get(single.pk, 0) if single else None,
        active=bool(fields["active"]),
        brand=fields["brand"] or (product.brand.name if product.brand else None),
        category_ids=fields["category_ids"] or None,
        images=fields["images"] or (_images(product) if with_images else None),
        variations=[_variation(item, fields, there) for item in items] if grouped else None,
    )


def update_draft(change: ListingChange) -> ListingDraft:
    """Only what was asked for; everything else stays."""
    given = {name: change.fields[name] for name in _WORDS if name in change.fields}
    return ListingDraft(key=change.key, **given)


def _variation(item: Item, fields: Mapping[str, Any], there: Mapping[int, int]) -> VariationDraft:
    own = fields["prices"].get(str(item.pk))
    return VariationDraft(
        options=[(str(option[0]), str(option[1])) for option in item.options],
        sku=item.sku,
        price=Decimal(own or fields["price"]),
        quantity=there.get(item.pk, 0),
        barcode=item.barcode,
    )


def _images(product: Product) -> Sequence[str] | None:
    return [product.image_url] if product.image_url else None


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
