"""Fields of thousands of items and products changed in a handful of statements; what is not given stays."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.product_words import checked
from entrepot.catalog.rows import as_json, copy_in, fetch, run, sign
from entrepot.catalog.services.taxonomy import ensure_brands, ensure_categories
from entrepot.kernel.actor import Actor

LOCK_ITEMS = "SELECT id FROM catalog_item WHERE seller_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
LOCK_PRODUCTS = "SELECT id FROM catalog_product WHERE seller_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

WORDS = ("name", "barcode", "image_url", "cost_currency")
FIGURES = ("weight_grams", "length_mm", "width_mm", "height_mm", "cost")


def _given(column: str, value: str) -> str:
    return f"{column} = CASE WHEN p.patch ? '{column}' THEN {value} ELSE i.{column} END"


_SETS = ", ".join([
    *(_given(name, f"COALESCE(p.patch ->> '{name}', '')") for name in WORDS),
    *(_given(name, f"(p.patch ->> '{name}')::numeric") for name in FIGURES),
    _given("low_stock_at", "COALESCE((p.patch ->> 'low_stock_at')::int, 0)"),
    _given("options", "p.patch -> 'options'"),
])  # fmt: skip
ITEMS = f"""
UPDATE catalog_item i SET {_SETS}, updated_at = %s
FROM (SELECT id, raw::jsonb AS patch FROM unnest(%s::bigint[], %s::text[]) AS t(id, raw)) p
WHERE i.id = p.id AND i.seller_id = %s
"""  # noqa: S608 - put together from constants
PRODUCTS = """
UPDATE catalog_product i
SET name = CASE WHEN p.patch ? 'name' THEN p.patch ->> 'name' ELSE i.name END,
    image_url = CASE WHEN p.patch ? 'image_url' THEN COALESCE(p.patch ->> 'image_url', '') ELSE i.image_url END,
    description = CASE WHEN p.patch ? 'description' THEN p.patch ->> 'description' ELSE i.description END,
    attributes = CASE WHEN p.patch ? 'attributes' THEN p.patch -> 'attributes' ELSE i.attributes END,
    images = CASE WHEN p.patch ? 'images' THEN p.patch -> 'images' ELSE i.images END,
    brand_id = CASE WHEN p.patch ? 'brand_id' THEN (p.patch ->> 'brand_id')::bigint ELSE i.brand_id END,
    updated_at = %s
FROM (SELECT id, raw::jsonb AS patch FROM unnest(%s::bigint[], %s::text[]) AS t(id, raw)) p
WHERE i.id = p.id AND i.seller_id = %s
"""
UNFILE = """
DELETE FROM catalog_product_categories c USING catalog_product p
WHERE c.product_id = p.id AND p.seller_id = %s AND p.id = ANY(%s)
"""
FILE = "COPY catalog_product_categories (product_id, category_id) FROM STDIN"


@transaction.atomic
def patch_items(*, seller_id: int, patches: Mapping[int, Mapping[str, Any]], actor: Actor) -> int:
    """Give items these values, `{item_id: {field: value}}`; how many there were. Of `options` the whole list."""
    if not patches:
        return 0
    ids = sorted(patches)
    fetch(LOCK_ITEMS, [seller_id, ids])
    sign(actor)
    return run(ITEMS, [timezone.now(), ids, [as_json(dict(patches[item_id])) for item_id in ids], seller_id])


@transaction.atomic
def patch_products(*, seller_id: int, patches: Mapping[int, Mapping[str, Any]], actor: Actor) -> int:
    """Give products these values: `name`, `image_url`, `brand` (a name), `categories` (paths, all there are),
    `description`, `attributes` and `images` (each whole).

    Brands and categories that are missing are made. Products of others are left alone; how many there were.

    Raises:
        DescriptionTooLong, AttributeIncomplete, AttributeImpossible, TooManyAttributes, PictureAddressInvalid,
        TooManyPictures: The words of one cannot be kept like this; none was changed.
    """  # noqa: D205 - the fields are the summary
    there = [row[0] for row in fetch(LOCK_PRODUCTS, [seller_id, sorted(patches)])] if patches else []
    if not there:
        return 0
    mine = {product_id: {**patches[product_id], **checked(patches[product_id])} for product_id in there}
    sign(actor)
    brands = ensure_brands(
        seller_id=seller_id, names=[str(one.get("brand") or "") for one in mine.values()], actor=actor
    )
    for patch in mine.values():
        if "brand" in patch:
            patch["brand_id"] = brands.get(patch["brand"] or "")
    raw = [as_json({name: value for name, value in patch.items() if name != "categories"}) for patch in mine.values()]
    touched = run(PRODUCTS, [timezone.now(), list(mine), raw, seller_id])
    filed = {product_id: patch["categories"] for product_id, patch in mine.items() if "categories" in patch}
    if filed:
        paths = ensure_categories(
            seller_id=seller_id, paths=[tuple(path) for some in filed.values() for path in some], actor=actor
        )
        run(UNFILE, [seller_id, list(filed)])
        copy_in(FILE, sorted({(pk, paths[tuple(path)]) for pk, some in filed.items() for path in some if path}))
    return touched
