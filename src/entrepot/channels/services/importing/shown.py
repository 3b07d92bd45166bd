"""What a store shows of its products beside figures and prices: words, pictures, shelves. Kept on `StoreProduct`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from entrepot.catalog.rows import as_json, run
from entrepot.channels.models import Store
from entrepot.channels.services.importing.rows import Shelf
from entrepot.connectors.contract import ChannelProduct

# A product belongs to whatever its listings' items belong to. Words that did not change are not written again.
_SEEN = """
WITH fresh AS (
    SELECT * FROM unnest(%(ids)s::text[], %(seen)s::text[]) AS t(remote_id, seen)
), belongs AS (
    SELECT DISTINCT ON (place) place, product_id
    FROM channels_listing listing JOIN catalog_item item ON item.id = listing.item_id
    CROSS JOIN LATERAL (VALUES (listing.remote_id), (listing.parent_id)) AS t(place)
    WHERE listing.store_id = %(store)s AND listing.remote_id = ANY(%(ids)s) AND place <> ''
    ORDER BY place, listing.id
)
INSERT INTO channels_storeproduct AS known
    (seller_id, store_id, product_id, remote_id, wanted, sent, answered, seen, seen_at, updated_at)
SELECT %(seller)s, %(store)s, product_id, remote_id, '{}', '{}', '{}', seen::jsonb, %(now)s, %(now)s
FROM fresh LEFT JOIN belongs ON place = remote_id ORDER BY remote_id
ON CONFLICT (store_id, remote_id) WHERE NOT (remote_id = '') DO UPDATE
SET product_id = coalesce(excluded.product_id, known.product_id), seen_at = excluded.seen_at,
    updated_at = excluded.updated_at,
    seen = CASE WHEN known.seen || excluded.seen = known.seen THEN known.seen ELSE known.seen || excluded.seen END
"""
_PARENTS = """
UPDATE channels_storeproduct parent SET product_id = item.product_id
FROM channels_listing listing JOIN catalog_item item ON item.id = listing.item_id
WHERE listing.store_id = %s AND listing.remote_id = ANY(%s) AND listing.parent_id <> ''
  AND parent.store_id = listing.store_id AND parent.remote_id = listing.parent_id AND parent.product_id IS NULL
"""
_LENGTH = 80


def write_seen(store: Store, *, products: Sequence[ChannelProduct], shelf: Shelf, now: datetime) -> None:
    """Write what the store shows of these products. After their listings, in the same transaction."""
    rows = {product.remote_id: product for product in products if 0 < len(product.remote_id) <= _LENGTH}
    if not rows:
        return
    run(
        _SEEN,
        {
            "seller": store.seller_id,
            "store": store.pk,
            "now": now,
            "ids": list(rows),
            "seen": [as_json(seen_of(product, shelf=shelf)) for product in rows.values()],
        },
    )
    variants = [product.remote_id for product in rows.values() if product.parent_id]
    if variants:
        run(_PARENTS, [store.pk, variants])


def seen_of(product: ChannelProduct, *, shelf: Shelf) -> dict[str, Any]:
    """A product's words and pictures as the store tells them; what this reading does not tell is left out."""
    main = [product.image_url] if product.image_url else []
    seen: dict[str, Any] = {
        "name": product.name,
        "brand": shelf.brands.get(product.brand_id or "", ""),
        "category_ids": list(product.category_ids),
        "images": list(product.images) or main,
        "attributes": [list(pair) for pair in product.attributes],
    }
    return seen if product.description is None else seen | {"description": product.description}
