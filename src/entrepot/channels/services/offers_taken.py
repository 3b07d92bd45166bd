"""Which products a store has already, or is about to get: none of them is listed there a second time."""

from collections.abc import Sequence

from entrepot.catalog.rows import fetch
from entrepot.channels.queries.offers import HERE

TAKEN = """
SELECT w.store_id, w.product_id FROM unnest(%s::bigint[], %s::bigint[]) AS w(store_id, product_id)
WHERE EXISTS (SELECT FROM channels_listing l JOIN catalog_item i ON i.id = l.item_id
              WHERE i.product_id = w.product_id AND l.store_id = w.store_id AND l.seller_id = %s
                AND l.state = ANY(%s))
   OR EXISTS (SELECT FROM channels_listingchange c
              WHERE c.product_id = w.product_id AND c.store_id = w.store_id AND c.seller_id = %s
                AND c.kind = 'create' AND c.state = 'waiting')
"""


def taken_places(*, seller_id: int, places: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of `(store, product)` that are listed there already, or on their way.

    Holds until the end only while these products are locked.
    """
    if not places:
        return set()
    stores, products = [place[0] for place in places], [place[1] for place in places]
    rows = fetch(TAKEN, [stores, products, seller_id, list(HERE), seller_id])
    return {(store_id, product_id) for store_id, product_id in rows}
