"""Reading stock: what may be promised, and which version of it that is. Kits are computed from their parts."""

from collections.abc import Iterable
from dataclasses import dataclass

from entrepot.catalog.rows import fetch

# A kit's version is the sum over its parts and its own row; the own row grows when its parts are exchanged
# (`compose_kit`), so that the sum never falls.
FIGURES = """
WITH asked AS (
    SELECT i.id AS asked, i.id AS item_id, 1 AS each, i.kind <> 'kit' AS counts FROM catalog_item i
    WHERE i.seller_id = %s AND i.id = ANY(%s)
    UNION ALL
    SELECT i.id, p.item_id, p.quantity, true FROM catalog_item i JOIN catalog_kitpart p ON p.kit_id = i.id
    WHERE i.seller_id = %s AND i.id = ANY(%s) AND i.kind = 'kit'
), summed AS (
    SELECT a.asked, a.item_id, a.each, a.counts,
           COALESCE(sum(s.on_hand) FILTER (WHERE w.active), 0) AS on_hand,
           COALESCE(sum(s.reserved) FILTER (WHERE w.active), 0) AS reserved,
           COALESCE(sum(s.version), 0) AS version
    FROM asked a LEFT JOIN inventory_stock s ON s.item_id = a.item_id AND s.seller_id = %s
    LEFT JOIN inventory_warehouse w ON w.id = s.warehouse_id
    GROUP BY a.asked, a.item_id, a.each, a.counts
)
SELECT asked, COALESCE(min((on_hand - reserved) / each) FILTER (WHERE counts), 0)::int, sum(version)::bigint
FROM summed GROUP BY asked
"""


@dataclass(frozen=True, slots=True)
class Availability:
    """What may be promised of an item (never below zero) and the version of that figure, which only grows."""

    available: int
    version: int


def figures(seller_id: int, item_ids: Iterable[int]) -> dict[int, Availability]:
    """Available and version by item, read in one statement so that they belong together; items of others are absent."""
    items = sorted(set(item_ids))
    rows = fetch(FIGURES, [seller_id, items, seller_id, items, seller_id])
    return {item_id: Availability(max(available, 0), version) for item_id, available, version in rows}


def available(seller_id: int, item_ids: Iterable[int]) -> dict[int, int]:
    """What may be promised, by item: on hand - reserved over open warehouses; for a kit min ⌊part / quantity⌋."""
    return {item_id: figure.available for item_id, figure in figures(seller_id, item_ids).items()}


def versions(seller_id: int, item_ids: Iterable[int]) -> dict[int, int]:
    """The version of each item's figure: it grows with every change and never falls. 0 = never had stock."""
    return {item_id: figure.version for item_id, figure in figures(seller_id, item_ids).items()}
