"""Which listings are stale, and what each should show. Asked of the rows every time; nothing is remembered."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from entrepot.channels.models import Store

CHANGED_WINDOW = timedelta(seconds=90)
"""How far back a narrow search looks; the full search finds what a slower transaction committed later."""

_KNOWN = """
    listing.store_id = %(store)s AND listing.stock_push AND listing.state IN ('active', 'inactive') {narrow}
"""
_VERSIONS = f"""
SELECT versions.id, sum(versions.version) AS version
FROM (
    SELECT listing.id, stock.version,
           NOT EXISTS (SELECT FROM catalog_kitpart part WHERE part.kit_id = listing.item_id) AS counts
    FROM channels_listing listing JOIN inventory_stock stock ON stock.item_id = listing.item_id
    WHERE {_KNOWN}
    UNION ALL
    SELECT listing.id, stock.version, true
    FROM channels_listing listing
    JOIN catalog_kitpart part ON part.kit_id = listing.item_id
    JOIN inventory_stock stock ON stock.item_id = part.item_id
    WHERE {_KNOWN}
) versions
GROUP BY versions.id HAVING bool_or(versions.counts)
"""  # noqa: S608 - put together from constants
"""A kit's version is the sum over its parts and its own row, as in `inventory.services.figures`: the own row grows when
its parts are exchanged, so that other parts with the same sum are noticed. A kit of things that nobody has counted has
no figure to tell."""
_STALE = (
    """
SELECT listing.id
FROM channels_listing listing
JOIN ("""
    + _VERSIONS
    + """) known ON known.id = listing.id
WHERE (listing.force_push OR known.version <> listing.sent_version)
  AND (listing.next_try_at IS NULL OR listing.next_try_at <= %(now)s)
"""
)
_NARROW = """
AND listing.id IN (
    SELECT id FROM channels_listing WHERE store_id = %(store)s AND item_id IN (SELECT item_id FROM touched)
    UNION ALL SELECT id FROM channels_listing WHERE store_id = %(store)s AND force_push
    UNION ALL SELECT id FROM channels_listing
              WHERE store_id = %(store)s AND attempts > 0 AND next_try_at <= %(now)s
)
"""
_TOUCHED = """
WITH changed AS (
    SELECT DISTINCT item_id FROM inventory_stock WHERE seller_id = %(seller)s AND changed_at >= %(since)s
), touched AS (
    SELECT item_id FROM changed
    UNION SELECT kit_id FROM catalog_kitpart WHERE item_id IN (SELECT item_id FROM changed)
)
"""
_FIGURES = """
WITH store AS (
    SELECT settings, CASE WHEN jsonb_typeof(settings -> 'source_warehouses') = 'array' THEN nullif(
        ARRAY(SELECT place::bigint FROM jsonb_array_elements_text(settings -> 'source_warehouses') place),
        '{}') END AS places
    FROM channels_store WHERE sales_channel_id = %(store)s
), owned AS (
    SELECT listing.id, coalesce(part.item_id, listing.item_id) AS item_id, coalesce(part.quantity, 1) AS per_kit,
           CASE WHEN part.id IS NOT NULL THEN listing.item_id END AS kit_id
    FROM channels_listing listing
    LEFT JOIN catalog_kitpart part ON part.kit_id = listing.item_id
    WHERE listing.store_id = %(store)s AND listing.id = ANY(%(ids)s) AND listing.item_id IS NOT NULL
), parts AS (
    SELECT owned.id, owned.per_kit, owned.kit_id, sum(stock.version) AS version,
           coalesce(sum(stock.on_hand - stock.reserved) FILTER (
               WHERE warehouse.active AND (store.places IS NULL OR stock.warehouse_id = ANY(store.places))), 0)
           AS left_over
    FROM owned CROSS JOIN store
    LEFT JOIN inventory_stock stock ON stock.item_id = owned.item_id
    LEFT JOIN inventory_warehouse warehouse ON warehouse.id = stock.warehouse_id
    GROUP BY owned.id, owned.item_id, owned.per_kit, owned.kit_id
), counted AS (
    SELECT id, min(greatest(left_over, 0) / per_kit)::bigint AS available,
           (sum(version) + coalesce((SELECT sum(stock.version) FROM inventory_stock stock
                                     WHERE stock.item_id = min(parts.kit_id)), 0))::bigint AS version
    FROM parts GROUP BY id HAVING sum(version) IS NOT NULL
)
SELECT listing.id, listing.remote_id, listing.variation_key, listing.parent_id, listing.buffer, listing.maximum,
       listing.share_percent, listing.seen_quantity, listing.sent_quantity, listing.force_push, listing.attempts,
       counted.available, counted.version, listing.title,
       listing.seen_at IS NOT NULL, listing.xmin::text, store.settings
FROM counted JOIN channels_listing listing ON listing.id = counted.id CROSS JOIN store
"""
"""Stock, rules and the store's settings are read in one statement, so that they belong together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a listing should show (`quantity`), from which stock version, and what the store showed last (`seen`).

    `mark` is that of the row as it was read: whoever changed the row while we talked (another item, another rule) has
    made the figure stale again, whatever the store acknowledged.
    """

    listing_id: int
    remote_id: str
    variation_key: str
    parent_id: str
    title: str
    quantity: int
    available: int
    version: int
    seen: int | None
    sent: int | None
    forced: bool
    attempts: int
    sure: bool
    mark: str

    @property
    def settled(self) -> bool:
        """Nothing has to be said: the store surely shows the figure already, and nobody asked for a repeat."""
        return self.sure and self.seen == self.quantity and not self.forced


def _rule(own: int | None, settings: Mapping[str, Any], name: str) -> int | None:
    """A listing's own rule, else the store's."""
    return own if own is not None else settings.get(name)


def shown_quantity(available: int, *, share: int | None, buffer: int | None, maximum: int | None) -> int:
    """What a store may show of what is available: its share in whole units, less the buffer, at most the maximum."""
    quantity = available if share is None else available * share // 100
    quantity -= buffer or 0
    return max(0, quantity if maximum is None else min(quantity, maximum))


def stale_ids(store: Store, *, now: datetime, full: bool) -> list[int]:
    """Listings whose store was told an older stock version than the present one, or whose figure is asked for by hand.

    Narrow (not `full`): only items that changed lately, forced listings and refusals whose time has come.
    """
    facts = {"store": store.pk, "seller": store.seller_id, "now": now, "since": now - CHANGED_WINDOW}
    statement = _STALE.format(narrow="") if full else _TOUCHED + _STALE.format(narrow=_NARROW)
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return [row[0] for row in cursor.fetchall()]


def figures(store: Store, *, listing_ids: Sequence[int]) -> list[Figure]:
    """What these listings should show now, the riskiest (lowest) first. Items never counted are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"store": store.pk, "ids": list(listing_ids)})
        rows = cursor.fetchall()
    settings = json.loads(rows[0][16]) if rows else {}
    found = [_figure(settings, row) for row in rows]
    return sorted(found, key=lambda figure: (figure.quantity, figure.listing_id))


def _figure(settings: Mapping[str, Any], row: Sequence[Any]) -> Figure:
    quantity = shown_quantity(
        row[11],
        share=_rule(row[6], settings, "share_percent"),
        buffer=_rule(row[4], settings, "buffer"),
        maximum=_rule(row[5], settings, "maximum"),
    )
    return Figure(
        listing_id=row[0],
        remote_id=row[1],
        variation_key=row[2],
        parent_id=row[3],
        seen=row[7],
        sent=row[8],
        forced=row[9],
        attempts=row[10],
        available=row[11],
        version=row[12],
        title=row[13],
        sure=row[14],
        mark=row[15],
        quantity=quantity,
    )


def chunks(rows: Sequence[Figure], *, size: int) -> Iterable[Sequence[Figure]]:
    """The rows in batches of the store's size, riskiest first; the variations of one product go together.

    A store that takes them in one call then needs one. Only a product larger than a batch is divided.
    """
    products: dict[str, list[Figure]] = {}
    for row in rows:
        products.setdefault(row.remote_id, []).append(row)
    batch: list[Figure] = []
    for variations in products.values():
        if batch and len(batch) + len(variations) > size:
            yield batch
            batch = []
        batch += variations
        while len(batch) > size:
            yield batch[:size]
            batch = batch[size:]
    if batch:
        yield batch
