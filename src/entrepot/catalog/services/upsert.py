"""The import's verb: thousands of items in a handful of statements, and a repeat changes nothing."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.drafts import ItemRow, ProductRow, check_sku
from entrepot.catalog.models import Item
from entrepot.catalog.product_words import brought
from entrepot.catalog.rows import as_json, clip, copy_in, fetch, new_ids, run, sign
from entrepot.catalog.services.taxonomy import ensure_brands, ensure_categories
from entrepot.kernel.actor import Actor

CHUNK = 2000

KNOWN = "SELECT sku, coalesce(merged_into_id, id), product_id FROM catalog_item WHERE seller_id = %s AND sku = ANY(%s)"

PRODUCTS = """
COPY catalog_product (id, seller_id, name, brand_id, image_url, is_group, created_at, updated_at, description,
                      attributes, images) FROM STDIN
"""
PRODUCT_CATEGORIES = "COPY catalog_product_categories (product_id, category_id) FROM STDIN"

ITEMS = """
INSERT INTO catalog_item (seller_id, product_id, kind, sku, name, options, barcode, image_url, weight_grams,
                          length_mm, width_mm, height_mm, cost, cost_currency, low_stock_at, created_at, updated_at)
SELECT %s, product_id, kind, sku, name, options::jsonb, barcode, image_url, weight_grams, length_mm, width_mm,
       height_mm, cost, cost_currency, low_stock_at, %s, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[],
            %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::text[], %s::int[])
     AS t(product_id, kind, sku, name, options, barcode, image_url, weight_grams, length_mm, width_mm, height_mm, cost,
          cost_currency, low_stock_at)
ORDER BY sku
ON CONFLICT (seller_id, sku) DO NOTHING
"""

# What another store knows and we do not yet; a person's own words are never overwritten.
FILL_BLANKS = """
UPDATE catalog_item i
SET barcode = CASE WHEN i.barcode = '' THEN t.barcode ELSE i.barcode END,
    image_url = CASE WHEN i.image_url = '' THEN t.image_url ELSE i.image_url END,
    weight_grams = COALESCE(i.weight_grams, t.weight_grams), updated_at = %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::numeric[]) AS t(id, barcode, image_url, weight_grams)
WHERE i.id = t.id AND i.seller_id = %s
  AND (i.barcode = '' AND t.barcode <> '' OR i.image_url = '' AND t.image_url <> ''
       OR i.weight_grams IS NULL AND t.weight_grams IS NOT NULL)
"""

# Two imports met at one SKU: the product made by the later one has stayed empty.
EMPTY_PRODUCTS = """
DELETE FROM catalog_product_categories c USING catalog_product p
WHERE c.product_id = p.id AND p.seller_id = %s AND p.id = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM catalog_item i WHERE i.product_id = p.id)
"""
EMPTY_PRODUCTS_TOO = """
DELETE FROM catalog_product p WHERE p.seller_id = %s AND p.id = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM catalog_item i WHERE i.product_id = p.id)
"""


def upsert_items(*, seller_id: int, rows: Sequence[ItemRow], actor: Actor) -> dict[str, int]:
    """Give the item id of every SKU, making items and products that are missing.

    A SKU the seller has is that item, whatever store it comes from: only its empty barcode, image and weight are
    filled in. A product's words are those of the row that made it. A new variation of a known product joins it. Of
    rows with one SKU the first counts. Each chunk of 2,000 rows is one transaction, so an interrupted import goes on
    where it was by running again.

    Raises:
        SkuMissing: A row has a blank SKU; nothing of its chunk was written.
        SkuTooLong: A row has a SKU of more than 255 characters; likewise.
    """
    ids: dict[str, int] = {}
    for start in range(0, len(rows), CHUNK):
        ids |= _upsert_chunk(seller_id, rows[start : start + CHUNK], actor)
    return ids


@transaction.atomic
def _upsert_chunk(seller_id: int, rows: Sequence[ItemRow], actor: Actor) -> dict[str, int]:
    first: dict[str, ItemRow] = {}
    for row in rows:
        check_sku(row.sku, row.name)
        first.setdefault(row.sku, row)
    skus = list(first)
    known = {sku: (item_id, product_id) for sku, item_id, product_id in fetch(KNOWN, [seller_id, skus])}
    _fill_blanks(seller_id, [(known[sku][0], row) for sku, row in first.items() if sku in known], actor)
    fresh = [row for sku, row in first.items() if sku not in known]
    if fresh:
        siblings = {first[sku].product.key: product_id for sku, (_, product_id) in known.items()}
        made = _make_products(seller_id, fresh, siblings, actor)
        inserted = _make_items(seller_id, fresh, siblings | made)
        if inserted < len(fresh) and made:
            run(EMPTY_PRODUCTS, [seller_id, list(made.values())])
            run(EMPTY_PRODUCTS_TOO, [seller_id, list(made.values())])
        known |= {sku: (item_id, product_id) for sku, item_id, product_id in fetch(KNOWN, [seller_id, skus])}
    return {sku: known[sku][0] for sku in skus}


def _fill_blanks(seller_id: int, pairs: Sequence[tuple[int, ItemRow]], actor: Actor) -> None:
    useful = sorted((item_id, row) for item_id, row in pairs if row.barcode or row.image_url or row.weight_grams)
    if useful:
        sign(actor)
        run(
            FILL_BLANKS,
            [
                timezone.now(),
                [item_id for item_id, _ in useful],
                [clip(row.barcode, 64) for _, row in useful],
                [clip(row.image_url, 1000) for _, row in useful],
                [row.weight_grams for _, row in useful],
                seller_id,
            ],
        )


def _make_products(
    seller_id: int, rows: Sequence[ItemRow], siblings: Mapping[str, int], actor: Actor
) -> dict[str, int]:
    """Write the products that none of our items stands under yet; ids by key."""
    wanted: dict[str, ProductRow] = {
        row.product.key: row.product for row in reversed(rows) if row.product.key not in siblings
    }
    if not wanted:
        return {}
    brands = ensure_brands(seller_id=seller_id, names=[row.brand for row in wanted.values()], actor=actor)
    paths = [path for row in wanted.values() for path in row.categories]
    categories = ensure_categories(seller_id=seller_id, paths=paths, actor=actor)
    ids = dict(zip(wanted, new_ids("catalog_product", len(wanted)), strict=True))
    now = timezone.now()
    for_brand = [brands.get(row.brand) for row in wanted.values()]
    copy_in(
        PRODUCTS,
        (
            (
                ids[key], seller_id, clip(row.name, 500), brand, clip(row.image_url, 1000), row.is_group, now, now,
                *_words(row),
            )
            for (key, row), brand in zip(wanted.items(), for_brand, strict=True)
        ),
    )  # fmt: skip
    links = {(ids[key], categories[tuple(path)]) for key, row in wanted.items() for path in row.categories if path}
    if links:
        copy_in(PRODUCT_CATEGORIES, sorted(links))
    return ids


def _words(row: ProductRow) -> tuple[str, str, str]:
    """What it says of itself, as the columns take it."""
    beside = [address for address in row.images if address != row.image_url]
    description, attributes, images = brought(row.description, row.attributes, beside)
    return description, as_json(attributes), as_json(images)


def _make_items(seller_id: int, rows: Sequence[ItemRow], product_ids: Mapping[str, int]) -> int:
    now = timezone.now()
    variation, single = Item.Kind.VARIATION.value, Item.Kind.SINGLE.value
    return run(
        ITEMS,
        [
            seller_id,
            now,
            now,
            [product_ids[row.product.key] for row in rows],
            [variation if row.product.is_group else single for row in rows],
            [row.sku for row in rows],
            [clip(row.name, 500) for row in rows],
            [as_json([list(option) for option in row.options]) for row in rows],
            [clip(row.barcode, 64) for row in rows],
            [clip(row.image_url, 1000) for row in rows],
            [row.weight_grams for row in rows],
            [row.length_mm for row in rows],
            [row.width_mm for row in rows],
            [row.height_mm for row in rows],
            [row.cost for row in rows],
            [row.cost_currency for row in rows],
            [row.low_stock_at for row in rows],
        ],
    )
