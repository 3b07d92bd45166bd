"""Why a store shows another figure than it was told: sold or given back there, our write lost, or edited there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from entrepot.channels.models import Drift, Listing, Store

Cause = Drift.Cause

_SOLD = """
SELECT listing.id, coalesce(sum(line.quantity) FILTER (WHERE o.created_at > since.at), 0) AS sold,
       coalesce(sum(line.quantity) FILTER (WHERE EXISTS (
           SELECT 1 FROM orders_orderevent event
           WHERE event.order_id = o.id AND event.at > since.at
             AND event.to_status IN ('canceled', 'seller_canceled', 'unpaid_canceled'))), 0) AS given_back
FROM channels_listing listing
CROSS JOIN LATERAL (SELECT coalesce(listing.seen_at, listing.sent_at, listing.created_at) AS at) since
JOIN orders_order o ON o.sales_channel_id = listing.store_id AND o.updated_at > since.at
JOIN orders_orderline line ON line.order_id = o.id AND line.item_id = listing.item_id
WHERE listing.store_id = %(store)s AND listing.id = ANY(%(ids)s)
GROUP BY listing.id
"""
_BEFORE = """
SELECT listing.id, before.quantity
FROM channels_listing listing
CROSS JOIN LATERAL (
    SELECT told.quantity FROM channels_stocktold told
    WHERE told.listing_id = listing.id AND told.quantity IS DISTINCT FROM listing.sent_quantity
    ORDER BY told.at DESC, told.id DESC LIMIT 1
) before
WHERE listing.store_id = %(store)s AND listing.id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A listing that shows `shown` where we believed `told`; `missing` = the store does not have it."""

    listing: Listing
    told: int | None
    shown: int | None
    missing: bool


def causes(store: Store, *, differences: Sequence[Difference]) -> list[tuple[Difference, Cause]]:
    """Name each difference. Ask it after the store's orders were read, so that a sale there is known by now."""
    ids = [row.listing.pk for row in differences]
    if not ids:
        return []
    sold = _pairs(_SOLD, store, ids)
    before = {listing_id: row[0] for listing_id, row in _pairs(_BEFORE, store, ids).items()}
    return [(row, _cause(row, sold.get(row.listing.pk, (0, 0)), before.get(row.listing.pk))) for row in differences]


def _cause(row: Difference, orders: Sequence[int], before: int | None) -> Cause:
    if row.missing:
        return Cause.MISSING
    if row.told is None or row.shown is None:
        return Cause.EDITED_THERE
    sold, given_back = orders
    step = row.shown - row.told
    if step and step == given_back - sold:
        return Cause.SOLD_THERE if step < 0 else Cause.CANCELED_THERE
    if before is not None and row.shown == before:
        return Cause.LOST_WRITE
    return Cause.EDITED_THERE


def _pairs(statement: str, store: Store, ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"store": store.pk, "ids": list(ids)})
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
