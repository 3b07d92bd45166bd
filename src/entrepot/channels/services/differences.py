"""Changes made in a store's own admin (R-CAT-9): noticed when it is read, and decided where the store has a rule.

`Listing.agreed` holds what both sides last agreed on; the listing itself what the store shows now. Of a product's own
words `StoreProduct.answered` is what was agreed on and `seen` what is shown; such a difference hangs on one listing of
the product.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from entrepot.catalog.rows import as_json, fetch, run
from entrepot.channels.live import announce
from entrepot.channels.models import Store
from entrepot.channels.opening import setting
from entrepot.channels.queries.storefront import alike
from entrepot.channels.services.differences_settled import SHOWN, TOLD, decide
from entrepot.kernel.actor import SYSTEM

_NOTE = f"""
WITH fields AS (
    SELECT listing.id, told.key AS field, listing.agreed -> told.key AS ours, told.value AS theirs
    FROM channels_listing listing, jsonb_each({SHOWN.format(row="listing")}) told
    WHERE listing.store_id = %(store)s AND listing.remote_id = ANY(%(ids)s)
      AND listing.agreed IS NOT NULL AND listing.state IN ('active', 'inactive')
      AND NOT EXISTS (SELECT FROM channels_listingchange change
                      WHERE change.store_id = listing.store_id AND change.remote_id = listing.remote_id
                        AND change.state = 'waiting')
), closed AS (
    UPDATE channels_difference known SET decided_at = %(now)s, decision = 'gone', decided_by = ''
    FROM fields WHERE known.listing_id = fields.id AND known.field = fields.field AND known.decided_at IS NULL
      AND fields.ours = fields.theirs
), found AS (
    INSERT INTO channels_difference AS known
        (seller_id, listing_id, field, ours, theirs, found_at, decided_by, decision)
    SELECT %(seller)s, id, field, ours, theirs, %(now)s, '', '' FROM fields WHERE ours <> theirs ORDER BY id, field
    ON CONFLICT (listing_id, field) WHERE decided_at IS NULL DO UPDATE SET theirs = excluded.theirs
    RETURNING known.id, known.field
)
SELECT id, field FROM found
"""  # noqa: S608 - put together from constants
# What a person wished and the store has not taken is no difference yet: it is on its way, or refused with its reason.
_WORDS = """
SELECT listing.id, told.key, product.wanted -> told.key, product.sent -> told.key, told.value,
       product.seen -> told.key, known.id
FROM channels_storeproduct product
CROSS JOIN LATERAL jsonb_each(product.answered) told
CROSS JOIN LATERAL (
    SELECT id FROM (
        SELECT l.id, 0 AS place FROM channels_listing l
        WHERE l.store_id = product.store_id AND l.remote_id = product.remote_id AND l.state IN ('active', 'inactive')
        UNION ALL
        SELECT l.id, 1 FROM channels_listing l JOIN catalog_item i ON i.id = l.item_id
        WHERE i.product_id = product.product_id AND l.store_id = product.store_id
          AND l.parent_id = product.remote_id AND l.state IN ('active', 'inactive')
    ) here ORDER BY place, id LIMIT 1
) listing
LEFT JOIN channels_difference known
    ON known.listing_id = listing.id AND known.field = told.key AND known.decided_at IS NULL
WHERE product.store_id = %(store)s AND product.remote_id = ANY(%(ids)s) AND told.key = ANY(%(fields)s)
  AND (told.value IS DISTINCT FROM product.seen -> told.key OR known.id IS NOT NULL)
  AND NOT EXISTS (SELECT FROM channels_listingchange change
                  WHERE change.store_id = product.store_id AND change.remote_id = product.remote_id
                    AND change.state = 'waiting')
ORDER BY listing.id, told.key
"""
_WRITE = """
INSERT INTO channels_difference AS known (seller_id, listing_id, field, ours, theirs, found_at, decided_by, decision)
SELECT %(seller)s, listing_id, field, ours::jsonb, theirs::jsonb, %(now)s, '', ''
FROM unnest(%(listings)s::bigint[], %(fields)s::text[], %(ours)s::text[], %(theirs)s::text[])
    AS t(listing_id, field, ours, theirs)
ON CONFLICT (listing_id, field) WHERE decided_at IS NULL DO UPDATE SET theirs = excluded.theirs
RETURNING known.id, known.field
"""
_GONE = "UPDATE channels_difference SET decided_at = %s, decision = 'gone' WHERE id = ANY(%s) AND decided_at IS NULL"

Noted = tuple[int, str]
"""A difference's id and field."""


def policy_of(store: Store, *, field: str) -> str:
    """What becomes of this field where it was changed there: `ask`, `theirs` or `ours`."""
    policy: str = (setting(store, "edit_policies") or {}).get(field) or setting(store, "edit_policy")
    return policy


def note_differences(store: Store, *, remote_ids: Sequence[str]) -> int:
    """Compare what these products show now with what was agreed; how many fields differ. Follows the store's policy.

    Must run inside the transaction that wrote the listings.
    """
    if not remote_ids:
        return 0
    facts = {"store": store.pk, "seller": store.seller_id, "ids": list(remote_ids), "now": timezone.now()}
    found: list[Noted] = [(row[0], row[1]) for row in fetch(_NOTE, facts)]
    found += _note_words(facts)
    _decide(store, found)
    return len(found)


def _note_words(facts: dict[str, Any]) -> list[Noted]:
    changed, gone = [], []
    for listing_id, field, *documents, known in fetch(_WORDS, facts | {"fields": list(TOLD)}):
        wanted, sent, answered, seen = (None if text is None else json.loads(text) for text in documents)
        if wanted is not None and not alike(field, wanted, sent):
            continue
        if not alike(field, answered, seen):
            changed.append((listing_id, field, as_json(sent if wanted is None else wanted), as_json(seen)))
        elif known:
            gone.append(known)
    if gone:
        run(_GONE, [facts["now"], gone])
    if not changed:
        return []
    columns = dict(zip(("listings", "fields", "ours", "theirs"), map(list, zip(*changed, strict=True)), strict=True))
    return [(row[0], row[1]) for row in fetch(_WRITE, facts | columns)]


def _decide(store: Store, found: Iterable[Noted]) -> None:
    """Follow the store's rules; what they leave to a person is announced."""
    asked = False
    for difference_id, field in found:
        policy = policy_of(store, field=field)
        if policy == "theirs" or (policy == "ours" and store.writable):
            decide(seller_id=store.seller_id, difference_id=difference_id, decision=policy, actor=SYSTEM)
        else:
            asked = True
    if asked:
        announce(store.seller_id, f"store:{store.pk}")
