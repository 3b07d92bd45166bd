"""A seller with a million items, written by a few statements. Imported only once Django is ready.

Seven of ten items are products of their own, the others stand four to a group; names are arithmetic, so two runs write
the same.
"""

from dataclasses import dataclass

from benchmarks._million import KINDS, MAKES, MIDDLING, RARE
from entrepot.accounts.models import Membership, Seller, User
from entrepot.catalog.models import Brand
from entrepot.catalog.rows import fetch, run

BRANDS = 200
CHUNK = 100_000
TABLES = ("catalog_product", "catalog_item")

PRODUCTS = """
INSERT INTO catalog_product (id, seller_id, name, brand_id, image_url, is_group, created_at, updated_at)
SELECT i, %(seller)s, {name}, %(brand)s + floor({brands} * power((i * 2654435761 %% 1000003) / 1000003.0, 3))::int, '',
       i %% 31 < 3, now(), now()
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
"""
NAME = """
CASE WHEN i %% 100003 = 7 THEN '{rare} lamp ' || i WHEN i %% 997 = 7 THEN '{middling} coat ' || i
ELSE (%(makes)s::text[])[1 + i * 7919 %% {makes}] || ' ' || (%(kinds)s::text[])[1 + i * 31 %% {kinds}] || ' ' || i END
"""
ITEMS = """
INSERT INTO catalog_item (seller_id, product_id, kind, sku, name, options, barcode, image_url, cost_currency,
                          low_stock_at, created_at, updated_at)
SELECT p.seller_id, p.id, CASE WHEN p.is_group THEN 'variation' ELSE 'single' END,
       'SKU-' || lpad(p.id::text, 7, '0') || CASE WHEN p.is_group THEN '-' || k ELSE '' END,
       p.name || CASE WHEN p.is_group THEN ' ' || (ARRAY['S', 'M', 'L', 'XL'])[k] ELSE '' END,
       CASE WHEN p.is_group THEN jsonb_build_array(jsonb_build_array('Size', (ARRAY['S', 'M', 'L', 'XL'])[k]))
            ELSE '[]' END,
       (8800000000000 + p.id * 10 + k)::text, '', '', 0, now(), now()
FROM catalog_product p CROSS JOIN LATERAL generate_series(1, CASE WHEN p.is_group THEN 4 ELSE 1 END) AS k
WHERE p.id BETWEEN %(first)s AND %(last)s
"""
INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique
"""


@dataclass(frozen=True)
class Catalogue:
    """What was written. `brand`: the first of the brands, most have many products and the last few."""

    seller: Seller
    owner: Membership
    brand: int
    products: int
    items: int


def write_items(count: int) -> Catalogue:
    """About `count` items of one seller, as products and groups of four."""
    seller = Seller.objects.create(name="Million trading", timezone="Asia/Seoul")
    owner = Membership.objects.create(
        seller=seller, user=User.objects.create_user("owner@example.com", name="Owner"), role="owner"
    )
    return write_items_of(owner, count)


def write_items_of(owner: Membership, count: int) -> Catalogue:
    """The same for a seller who is there."""
    seller = owner.seller
    made = Brand.objects.bulk_create(Brand(seller=seller, name=f"Brand {number:03d}") for number in range(BRANDS))
    products = count * 31 // 40
    facts = {"seller": seller.pk, "brand": made[0].pk, "makes": MAKES, "kinds": KINDS}
    name = NAME.format(rare=RARE, middling=MIDDLING, makes=len(MAKES), kinds=len(KINDS))
    indexes = fetch(INDEXES, [list(TABLES)])
    run("SET maintenance_work_mem = '1GB'", [])
    for index, _made in indexes:
        run(f'DROP INDEX "{index}"', [])
    for first in range(1, products + 1, CHUNK):
        span = facts | {"first": first, "last": min(first + CHUNK - 1, products)}
        run(PRODUCTS.format(name=name, brands=BRANDS), span)
        run(ITEMS, span)
    for _index, definition in indexes:
        run(definition, [])
    for table in TABLES:
        fetch(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))", [table])  # noqa: S608 - our own names
        run(f"VACUUM (ANALYZE) {table}", [])
    items = fetch("SELECT count(*) FROM catalog_item WHERE seller_id = %s", [seller.pk])[0][0]
    return Catalogue(seller, owner, made[0].pk, products, items)
