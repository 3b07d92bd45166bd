"""What it means for a store that it follows a price list: every listing's price now, and the list's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from entrepot.catalog.rows import fetch
from entrepot.channels.models import Listing, PriceList, Store, StorePricing
from entrepot.channels.opening import setting
from entrepot.channels.queries.price_figures import figures_join
from entrepot.channels.services.rails import FALLS_FAR
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark

HERE: Final = [str(Listing.State.ACTIVE), str(Listing.State.INACTIVE)]
STATES: Final = ("change", "falls", "on_its_way", "refused", "own", "promotion", "same", "currency", "none")
"""change: to be told. falls: by more than 30 %, a person must say yes. own: another price was set since the list last
spoke, and stays until the list's changes. none: the list has no price for it. currency: it is sold in another one."""

LISTED: Final = """
SELECT l.id, l.remote_id, l.title, i.sku, l.currency, l.state = 'active' AS active, l.price, l.retail_price,
       target.price AS wanted, target.retail AS wanted_retail, cost.cost, cost.currency AS cost_currency,
       CASE WHEN cost.usable IS NOT NULL THEN round(100 * (target.price - cost.usable) / target.price, 1) END AS margin,
       figure.why,
       CASE WHEN l.price > 0 AND target.price IS NOT NULL
            THEN round(10000 * (l.price - target.price) / l.price)::bigint
            WHEN target.price IS NULL THEN -1000000000000 ELSE 0 END AS fall,
       CASE
         WHEN target.price IS NULL THEN 'none'
         WHEN l.currency NOT IN ('', %(currency)s) THEN 'currency'
         WHEN EXISTS (SELECT FROM channels_promotionline p WHERE p.listing_id = l.id AND p.state = 'running')
           THEN 'promotion'
         WHEN l.price = target.price AND l.retail_price IS NOT DISTINCT FROM target.retail THEN 'same'
         ELSE coalesce((
           SELECT CASE c.state WHEN 'waiting' THEN 'on_its_way' ELSE 'refused' END FROM channels_listingchange c
           WHERE c.store_id = l.store_id AND c.remote_id = l.remote_id AND c.listing_id = l.id AND c.kind = 'price'
             AND c.state IN ('waiting', 'failed') AND (c.fields->>'price')::numeric = target.price
           ORDER BY c.id DESC LIMIT 1
         ), CASE
           WHEN told.price = target.price
                AND (NOT figure.said OR told.retail_price IS NOT DISTINCT FROM target.retail)
                AND NOT EXISTS (  -- a promotion took the place of what the list had asked for
                  SELECT FROM channels_listingchange c
                  WHERE c.store_id = l.store_id AND c.remote_id = l.remote_id AND c.listing_id = l.id
                    AND c.kind = 'price' AND c.state = 'overtaken' AND c.fields ? 'price_list'
                    AND NOT EXISTS (
                      SELECT FROM channels_listingchange d
                      WHERE d.store_id = l.store_id AND d.remote_id = l.remote_id AND d.listing_id = l.id
                        AND d.kind = 'price' AND d.id > c.id AND d.state <> 'canceled' AND NOT d.fields ? 'promotion'
                    )
                ) THEN 'own'
           WHEN target.price < l.price * %(stays)s THEN 'falls'
           ELSE 'change' END)
       END AS step,
       (told.price, told.retail_price) IS NOT DISTINCT FROM (target.price, target.retail) AS known
FROM channels_listing l JOIN catalog_item i ON i.id = l.item_id {joins}
LEFT JOIN channels_listtold told ON told.listing_id = l.id
CROSS JOIN LATERAL (
  SELECT CASE WHEN %(mapping)s = 'retail' AND figure.said THEN coalesce(figure.retail, figure.price)
              ELSE figure.price END AS price,
         CASE WHEN %(mapping)s <> 'both' OR l.variation_key <> '' THEN NULL WHEN figure.said THEN figure.retail
              WHEN l.retail_price > figure.price THEN l.retail_price END AS retail
) target
WHERE l.seller_id = %(seller)s AND l.store_id = %(store)s AND l.state = ANY(%(here)s)
"""
AT_ONCE: Final = 10_000
"""So many listings are compared with a list within a tenth of a second."""
COLUMNS: Final = (
    "id, remote_id, title, sku, currency, active, price, retail_price, wanted, wanted_retail, cost, cost_currency,"
    " margin, margin < %(least)s, why, fall, step"
)


@dataclass(frozen=True, slots=True)
class Followed:
    """A listing of a store beside its price list. `step` = one of `STATES`.

    `fall` in hundredths of a percent; what the list has no price for comes last.
    """

    listing_id: int
    remote_id: str
    title: str
    sku: str
    currency: str
    active: bool
    price: Decimal | None
    retail_price: Decimal | None
    wanted: Decimal | None
    wanted_retail: Decimal | None
    cost: Decimal | None
    cost_currency: str
    margin: Decimal | None
    low: bool | None
    why: str
    fall: int
    step: str

    @property
    def percent(self) -> Decimal:
        """By how many percent it falls; below zero = it rises."""
        return Decimal(0) if self.wanted is None else Decimal(self.fall) / 100

    @property
    def moves(self) -> int | None:
        """The whole percentage by which it moves, below zero = it falls; None where it has no price now or then."""
        return -round(self.percent) if self.price and self.wanted is not None else None


def store_pricing(*, seller_id: int, store_id: int) -> StorePricing | None:
    """Which list a store follows, with the list."""
    rows = StorePricing.objects.filter(store_id=store_id, store__seller_id=seller_id)
    return rows.select_related("price_list").first()


def soon_compared(*, seller_id: int, store: Store) -> bool:
    """Whether nobody notices that all its listings are compared with a list."""
    return Listing.objects.filter(seller_id=seller_id, store_id=store.pk)[: AT_ONCE + 1].count() <= AT_ONCE


def _listed(store: Store, price_list: PriceList) -> tuple[str, dict[str, Any]]:
    joins, facts = figures_join(price_list)
    return LISTED.replace("{joins}", joins), {
        **facts,
        "seller": store.seller_id,
        "store": store.pk,
        "here": HERE,
        "mapping": setting(store, "price_mapping"),
        "stays": 1 - FALLS_FAR,
        "least": price_list.least_margin or Decimal(0),
    }


def followed(*, seller_id: int, store: Store, price_list: PriceList, steps: Sequence[str] = ()) -> list[Followed]:
    """Listings of a store beside the list; all, or those at these steps, without what is as it was last told."""
    if store.seller_id != seller_id:
        return []
    listed, facts = _listed(store, price_list)
    rows = fetch(
        f"SELECT {COLUMNS} FROM ({listed}) listed WHERE %(steps)s::text[] = '{{}}'"  # noqa: S608
        " OR step = ANY(%(steps)s) AND NOT (step = 'same' AND known)"
        " ORDER BY remote_id, id",
        facts | {"steps": list(steps)},
    )
    return [Followed(*row) for row in rows]


def followed_page(
    *,
    seller_id: int,
    store: Store,
    price_list: PriceList,
    step: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Followed]:
    """The same as a page, the deepest falls first. `step` may be `low`: told or not, its margin is too low."""
    if store.seller_id != seller_id:
        return Page([])
    listed, facts = _listed(store, price_list)
    where = ["true"]
    if step == "low":
        where.append("margin < %(least)s")
    elif step:
        where, facts = [*where, "step = %(step)s"], facts | {"step": step}
    if key := read_bookmark(after, int, int):
        where.append("(fall < %(fall)s OR fall = %(fall)s AND id > %(last)s)")
        facts |= {"fall": key[0], "last": key[1]}
    rows = fetch(
        f"SELECT {COLUMNS} FROM ({listed}) listed WHERE {' AND '.join(where)}"  # noqa: S608
        " ORDER BY fall DESC, id LIMIT %(most)s",
        facts | {"most": limit + 1},
    )
    return page_of([Followed(*row) for row in rows], limit=limit, key=lambda row: (row.fall, row.listing_id))


def counts(*, seller_id: int, store: Store, price_list: PriceList) -> dict[str, int]:
    """How many listings are at each step, and how many of all would earn too little (`low`)."""
    if store.seller_id != seller_id:
        return {}
    listed, facts = _listed(store, price_list)
    rows = fetch(
        "SELECT step, count(*), count(*) FILTER (WHERE margin < %(least)s)"  # noqa: S608
        f" FROM ({listed}) listed GROUP BY step",
        facts,
    )
    found = {step: count for step, count, _low in rows}
    low = sum(row[2] for row in rows)
    return {step: found[step] for step in STATES if step in found} | ({"low": low} if low else {})
