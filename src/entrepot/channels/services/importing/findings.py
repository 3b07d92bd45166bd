"""The SKU doctor's lines: written, kept while they hold, settled when a later look does not find them again."""

import json
from collections.abc import Iterable, Sequence

from django.db import connection
from django.utils import timezone

from entrepot.channels.models import Store
from entrepot.channels.services.importing.rows import Found
from entrepot.connectors.contract import BadItem

_WRITE = """
INSERT INTO channels_finding AS standing
    (seller_id, store_id, run_id, code, remote_id, variation_key, sku, title, facts, blocking, found_at)
SELECT %(seller)s, %(store)s, %(run)s, code, remote_id, key, sku, title, facts::jsonb, blocking, %(now)s
FROM unnest(%(codes)s::text[], %(ids)s::text[], %(keys)s::text[], %(skus)s::text[], %(titles)s::text[],
            %(facts)s::text[], %(blocking)s::bool[]) AS t(code, remote_id, key, sku, title, facts, blocking)
ON CONFLICT (store_id, code, remote_id, variation_key) DO UPDATE
SET run_id = excluded.run_id, sku = excluded.sku, title = excluded.title, facts = excluded.facts,
    blocking = excluded.blocking, resolved_at = NULL,
    found_at = CASE WHEN standing.resolved_at IS NULL THEN standing.found_at ELSE excluded.found_at END
"""
_SETTLE = """
UPDATE channels_finding SET resolved_at = %(now)s
WHERE store_id = %(store)s AND resolved_at IS NULL AND remote_id = ANY(%(ids)s) AND code <> ALL(%(other)s)
  AND (code, remote_id, variation_key) NOT IN
      (SELECT * FROM unnest(%(codes)s::text[], %(found)s::text[], %(keys)s::text[]))
"""

LIST_CODES = ("category_bad", "brand_bad")
WHOLE_STORE_CODES = ("sku_case", *LIST_CODES)
"""Codes that are looked for over the whole store, not on a page of products."""


def write_findings(store: Store, *, run_id: int | None, found: Sequence[Found], looked_at: Iterable[str]) -> None:
    """Write what was found on these products, and settle what stood against them and was not found again."""
    unique = {(one.code, one.remote_id, one.key): one for one in found}
    lines = list(unique.values())
    facts = {
        "seller": store.seller_id,
        "store": store.pk,
        "run": run_id,
        "now": timezone.now(),
        "codes": [one.code[:40] for one in lines],
        "found": [one.remote_id[:80] for one in lines],
        "keys": [one.key[:200] for one in lines],
        "skus": [_text(one.sku, 255) for one in lines],
        "titles": [_text(one.title, 500) for one in lines],
        "facts": [json.dumps(one.facts, default=str).replace("\\u0000", "") for one in lines],
        "blocking": [one.blocking for one in lines],
        "other": list(WHOLE_STORE_CODES),
    }
    with connection.cursor() as cursor:
        if lines:
            cursor.execute(_WRITE, facts | {"ids": facts["found"]})
        cursor.execute(_SETTLE, facts | {"ids": list(looked_at)})


def bad_item(bad: BadItem) -> Found:
    """A thing of the store that could not be used as it is, as the connector reports it."""
    code = bad.code if bad.kind == "product" else f"{bad.kind}_bad"
    return Found(
        code=code,
        remote_id=bad.remote_id,
        sku=bad.sku,
        title=bad.sku,
        facts={"detail": bad.detail[:500], "kind": bad.kind, "reason": bad.code},
        blocking=True,
    )


def _text(text: str, length: int) -> str:
    return text.replace("\x00", "")[:length]
