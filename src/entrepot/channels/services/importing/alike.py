"""SKUs that differ only in upper and lower case: looked for over the whole store, named by the SKU doctor."""

from django.db import connection

from entrepot.channels.models import Finding, Store

_ALIKE = """
WITH mine AS (
    SELECT DISTINCT item.id, item.sku FROM channels_listing listing JOIN catalog_item item ON item.id = listing.item_id
    WHERE listing.store_id = %(store)s AND listing.state IN ('active', 'inactive')
), alike AS (
    SELECT mine.sku, min(other.sku) AS other FROM mine
    JOIN catalog_item other
         ON other.seller_id = %(seller)s AND upper(other.sku) = upper(mine.sku) AND other.sku <> mine.sku
            AND other.merged_into_id IS NULL
    GROUP BY mine.sku
), listed AS (
    SELECT DISTINCT ON (alike.sku) alike.sku, alike.other, listing.remote_id, listing.variation_key, listing.title
    FROM alike JOIN catalog_item item ON item.seller_id = %(seller)s AND item.sku = alike.sku
    JOIN channels_listing listing ON listing.item_id = item.id AND listing.store_id = %(store)s
    ORDER BY alike.sku, listing.id
), written AS (
    INSERT INTO channels_finding
        (seller_id, store_id, run_id, code, remote_id, variation_key, sku, title, facts, blocking, found_at)
    SELECT %(seller)s, %(store)s, %(run)s, 'sku_case', remote_id, variation_key, sku, title,
           jsonb_build_object('other', other), false, now()
    FROM listed
    ON CONFLICT (store_id, code, remote_id, variation_key) DO UPDATE
    SET resolved_at = NULL, facts = excluded.facts, sku = excluded.sku, run_id = excluded.run_id
    RETURNING remote_id, variation_key
)
UPDATE channels_finding SET resolved_at = now()
WHERE store_id = %(store)s AND code = 'sku_case' AND resolved_at IS NULL
  AND (remote_id, variation_key) NOT IN (SELECT remote_id, variation_key FROM listed)
"""


def look_over(*, store: Store, run_id: int | None = None) -> int:
    """Look at the store's SKUs as a whole (those alike but for case); how many findings stand open after it."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"store": store.pk, "seller": store.seller_id, "run": run_id})
    return Finding.objects.filter(store=store, seller_id=store.seller_id, resolved_at=None).count()
