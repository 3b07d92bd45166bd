"""A creation that a store refused is gone on with when the product is listed there again: under its old key.

The store may have made the product, or a part of it, before it refused the rest; a new key would make a second one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from entrepot.catalog.rows import as_json, fetch
from entrepot.channels.models import Problem
from entrepot.kernel.actor import Actor

REFUSED = "listing_change_refused"

_TAKE_UP = """
UPDATE channels_listingchange c
SET state = 'waiting', fields = w.fields::jsonb, next_try_at = NULL, error_code = '', error_reason = '', asked_by = %s
FROM (
    SELECT DISTINCT ON (o.product_id) o.id, t.fields
    FROM channels_listingchange o JOIN unnest(%s::bigint[], %s::text[]) AS t(product_id, fields) USING (product_id)
    WHERE o.seller_id = %s AND o.store_id = %s AND o.kind = 'create' AND o.state = 'failed'
    ORDER BY o.product_id, o.id DESC
) AS w
WHERE c.id = w.id RETURNING c.product_id, c.id
"""


def take_up(
    *, seller_id: int, store_id: int, creations: Mapping[int, Mapping[str, Any]], now: datetime, actor: Actor
) -> dict[int, int]:
    """Have refused creations of these products, `{product id: fields}`, tried again; the changes by product."""
    if not creations:
        return {}
    fields = [as_json(dict(given)) for given in creations.values()]
    found: dict[int, int] = dict(fetch(_TAKE_UP, [str(actor)[:120], list(creations), fields, seller_id, store_id]))
    if found:
        standing = Problem.objects.filter(seller_id=seller_id, object_type="listing_change", code=REFUSED)
        standing = standing.filter(object_id__in=[str(change_id) for change_id in found.values()], resolved_at=None)
        standing.update(resolved_at=now, resolved_by=str(actor)[:120])
    return found
