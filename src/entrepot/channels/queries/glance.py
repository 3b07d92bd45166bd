"""What a desk looks at first of all listings and items: how far stores are behind, and what is short.

Each answer walks through everything a seller has. For a small seller that is done whenever somebody looks; for a large
one `services.glance` does it beforehand, and who looks reads one row that is seconds old.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from entrepot.catalog.rows import fetch
from entrepot.channels.models import KeptGlance, Store
from entrepot.channels.queries.behind import Behind
from entrepot.channels.queries.stores import freshness

EVERY = timedelta(seconds=20)
SHARE = 40
"""Counting takes at most a fortieth of the time, however long one count takes."""
FRESH_FOR = timedelta(minutes=5)
"""A kept answer that nobody renewed for so long, or for two rounds where those are longer, is not believed."""
MOST = 8
"""So many short items are shown, and so many oversold listings of each store are kept."""

OVERSOLD = """
SELECT store_id, item_id, sku, name, shown, available FROM (
    SELECT l.store_id, l.item_id, i.sku, i.name, shown.quantity AS shown, COALESCE(figure.available, 0) AS available,
           row_number() OVER (PARTITION BY l.store_id
                              ORDER BY COALESCE(figure.available, 0) - shown.quantity, l.id) AS place
    FROM channels_listing l
    JOIN channels_store s ON s.sales_channel_id = l.store_id AND s.state = 'live'
    JOIN catalog_item i ON i.id = l.item_id AND i.kind <> 'kit'
    LEFT JOIN (
        SELECT item_id, sum(on_hand - reserved)::int AS available
        FROM inventory_stock WHERE seller_id = %(seller)s GROUP BY item_id
    ) figure ON figure.item_id = l.item_id
    CROSS JOIN LATERAL (SELECT COALESCE(l.seen_quantity, l.sent_quantity) AS quantity) shown
    WHERE l.seller_id = %(seller)s AND l.state = 'active' AND shown.quantity > COALESCE(figure.available, 0)
) listed WHERE place <= %(most)s ORDER BY store_id, place
"""
SHORT = """
SELECT i.id, i.sku, i.name, figure.available, figure.reserved
FROM (
    SELECT item_id, sum(on_hand - reserved)::int AS available, sum(reserved)::int AS reserved,
           sum(on_hand + reserved + incoming) AS ever
    FROM inventory_stock WHERE seller_id = %(seller)s {where} GROUP BY item_id
) figure JOIN catalog_item i ON i.id = figure.item_id
WHERE figure.available <= i.low_stock_at AND (figure.ever > 0 OR i.low_stock_at > 0)
ORDER BY figure.available, figure.reserved DESC, i.sku LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Oversold:
    """An active listing whose live store shows more than there is: the next sale may be one too many."""

    store_id: int
    item_id: int
    sku: str
    name: str
    shown: int
    available: int


@dataclass(frozen=True, slots=True)
class Short:
    """An item of which no more is available than its mark, and that is or was there, or has a mark."""

    item_id: int
    sku: str
    name: str
    available: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Glance:
    """`unsent`: stock figures that each store was not told yet; `refused`: listings it refused; at `counted_at`."""

    counted_at: datetime
    unsent: Mapping[int, Behind]
    refused: Mapping[int, int]
    oversold: Sequence[Oversold]
    short: Sequence[Short]
    kept: bool = False

    def of_stores(self, store_ids: Sequence[int] | None) -> "Glance":
        """What a person sees who sees these stores (None: all): the widest gaps of them."""
        mine = [row for row in self.oversold if store_ids is None or row.store_id in store_ids]
        widest = sorted(mine, key=lambda row: row.available - row.shown)  # stable: equals as the stores list them
        return replace(self, oversold=widest[:MOST])


def glance(*, seller_id: int, now: datetime | None = None) -> Glance:
    """How it stands: as it was kept a moment ago, else counted now."""
    now = now or timezone.now()
    row = KeptGlance.objects.filter(seller_id=seller_id).first()
    believed = row and row.counted_at > now - max(FRESH_FOR, 2 * pause(row))
    return read(row) if row and believed else count(seller_id=seller_id, now=now)


def pause(row: KeptGlance) -> timedelta:
    """How long after a count the next one is due."""
    return max(EVERY, SHARE * timedelta(milliseconds=row.took_ms))


def count(*, seller_id: int, now: datetime) -> Glance:
    """Walk through all of the seller's listings and items."""
    ids = list(Store.objects.filter(seller_id=seller_id).order_by("pk").values_list("pk", flat=True))
    fresh = freshness(seller_id=seller_id, store_ids=ids)
    asked = {"seller": seller_id, "most": MOST}
    return Glance(
        counted_at=now,
        unsent={pk: Behind(one.unsent, one.oldest_unsent) for pk, one in fresh.items() if one.unsent},
        refused={pk: one.refused for pk, one in fresh.items() if one.refused},
        oversold=[Oversold(*row) for row in fetch(OVERSOLD, asked)],
        short=[Short(*row) for row in fetch(SHORT.format(where=""), asked)],
    )


def short_in(*, seller_id: int, warehouse_ids: Sequence[int]) -> Sequence[Short]:
    """What is short in these warehouses together, for somebody who works in no other; always counted now."""
    asked = {"seller": seller_id, "most": MOST, "places": list(warehouse_ids)}
    return [Short(*row) for row in fetch(SHORT.format(where="AND warehouse_id = ANY(%(places)s)"), asked)]


def written(found: Glance) -> Mapping[str, Any]:
    """The answer as a row keeps it."""
    return {
        "unsent": [[pk, one.count, one.oldest and one.oldest.isoformat()] for pk, one in found.unsent.items()],
        "refused": list(found.refused.items()),
        "oversold": [
            [one.store_id, one.item_id, one.sku, one.name, one.shown, one.available] for one in found.oversold
        ],
        "short": [[one.item_id, one.sku, one.name, one.available, one.reserved] for one in found.short],
    }


def read(row: KeptGlance) -> Glance:
    """The answer that a row keeps."""
    facts = row.facts
    return Glance(
        counted_at=row.counted_at,
        unsent={
            pk: Behind(number, datetime.fromisoformat(oldest) if oldest else None)
            for pk, number, oldest in facts["unsent"]
        },
        refused=dict(facts["refused"]),
        oversold=[Oversold(*one) for one in facts["oversold"]],
        short=[Short(*one) for one in facts["short"]],
        kept=True,
    )
