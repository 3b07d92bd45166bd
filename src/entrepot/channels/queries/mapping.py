"""Which item an unmatched listing may well be, and why: for a whole page at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from entrepot.catalog.rows import fetch
from entrepot.channels.models import Listing
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark

Why = Literal["sku", "barcode", "name", "alike"]
CERTAIN: Final = frozenset({"sku", "barcode"})

SAME = """
SELECT DISTINCT ON (l.id, near.id) l.id, near.id, near.sku, near.name, near.why,
       EXISTS (SELECT FROM channels_listing other WHERE other.item_id = near.id AND other.store_id = l.store_id
               AND other.state IN ('active', 'inactive'))
FROM channels_listing l
CROSS JOIN LATERAL (
    SELECT k.id, k.sku, k.name, 1 AS rank, 'sku' AS why
    FROM catalog_item i JOIN catalog_item k ON k.id = coalesce(i.merged_into_id, i.id)
    WHERE i.seller_id = l.seller_id AND l.remote_sku <> ''
      AND i.sku IN (btrim(l.remote_sku), upper(btrim(l.remote_sku)), lower(btrim(l.remote_sku)))
    UNION ALL
    SELECT k.id, k.sku, k.name, 2, 'barcode'
    FROM catalog_item i JOIN catalog_item k ON k.id = coalesce(i.merged_into_id, i.id)
    WHERE i.seller_id = l.seller_id AND l.remote_sku <> '' AND i.barcode = btrim(l.remote_sku) AND i.barcode <> ''
    UNION ALL
    SELECT i.id, i.sku, i.name, 3, 'name' FROM catalog_item i
    WHERE i.seller_id = l.seller_id AND upper(i.name) = upper(l.title) AND l.title <> '' AND i.merged_into_id IS NULL
) near
WHERE l.seller_id = %s AND l.id = ANY(%s)
ORDER BY l.id, near.id, near.rank
"""
ALIKE = """
SELECT l.id, near.id, near.sku, near.name, 'alike',
       EXISTS (SELECT FROM channels_listing other WHERE other.item_id = near.id AND other.store_id = l.store_id
               AND other.state IN ('active', 'inactive'))
FROM channels_listing l
CROSS JOIN LATERAL (
    SELECT i.id, i.sku, i.name FROM catalog_item i
    WHERE i.seller_id = l.seller_id AND upper(i.name) %% upper(l.title) AND i.merged_into_id IS NULL
    ORDER BY similarity(upper(i.name), upper(l.title)) DESC, i.id LIMIT 3
) near
WHERE l.seller_id = %s AND l.id = ANY(%s) AND l.title <> ''
"""
_RANK: Final[Mapping[str, int]] = {"sku": 1, "barcode": 2, "name": 3, "alike": 4}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that a listing may be. `taken`: the same store lists it as another product already.

    `certain`: nothing else fits as well, SKU or barcode say so, and it is not taken.
    """

    item_id: int
    sku: str
    name: str
    why: Why
    taken: bool
    certain: bool = False


def unmatched(
    *,
    seller_id: int,
    store_id: int | None = None,
    search: str = "",
    store_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Listing]:
    """Listings that stand in their stores and belong to no item, the oldest first, each with `suggestions`."""
    rows = Listing.objects.filter(seller_id=seller_id, item=None, state__in=["active", "inactive"])
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    if store_id:
        rows = rows.filter(store_id=store_id)
    if search:
        rows = rows.filter(title__icontains=search) | rows.filter(remote_sku__icontains=search)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__gt=key[0])
    page = page_of(rows.select_related("store__sales_channel").order_by("id"), limit=limit, key=lambda row: (row.pk,))
    found = suggestions(seller_id=seller_id, listing_ids=[row.pk for row in page.rows])
    for row in page.rows:
        row.suggestions = found.get(row.pk, [])  # type: ignore[attr-defined] # for the screen
    return page


def suggestions(*, seller_id: int, listing_ids: Sequence[int]) -> dict[int, list[Suggestion]]:
    """For each listing the items it may be, the likeliest first. Two queries, however many listings."""
    found: dict[int, list[Suggestion]] = {}
    for listing_id, *words in fetch(SAME, [seller_id, list(listing_ids)]):
        found.setdefault(listing_id, []).append(Suggestion(*words))
    rest = [listing_id for listing_id in listing_ids if listing_id not in found]
    for listing_id, *words in fetch(ALIKE, [seller_id, rest]) if rest else []:
        found.setdefault(listing_id, []).append(Suggestion(*words))
    return {listing_id: _ranked(rows) for listing_id, rows in found.items()}


def _ranked(rows: Sequence[Suggestion]) -> list[Suggestion]:
    """The likeliest first; certain is one that stands alone at its rank."""
    ordered = sorted(rows, key=lambda row: (_RANK[row.why], row.sku))
    best = [row for row in ordered if row.why == ordered[0].why]
    if len(best) == 1 and best[0].why in CERTAIN and not best[0].taken:
        ordered[0] = replace(best[0], certain=True)
    return ordered[:5]
