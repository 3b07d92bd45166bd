"""What items cost in a price list: worked out in the database, so that a page and a whole store ask the same rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from entrepot.catalog.rows import fetch
from entrepot.channels.models import PriceList

Kind, Rounding = PriceList.Kind, PriceList.Rounding

# A kit without a cost of its own costs what its parts cost, if each has a cost and all in one currency.
COSTS: Final = """
LEFT JOIN LATERAL (
  SELECT CASE WHEN bool_and(part.cost IS NOT NULL) AND count(DISTINCT NULLIF(part.cost_currency, '')) <= 1
              THEN sum(part.cost * kp.quantity) END AS cost,
         coalesce(min(NULLIF(part.cost_currency, '')), '') AS currency
  FROM catalog_kitpart kp JOIN catalog_item part ON part.id = kp.item_id
  WHERE i.kind = 'kit' AND i.cost IS NULL AND kp.kit_id = i.id  -- in here, so that nobody else's parts are looked for
) parts ON true
CROSS JOIN LATERAL (
  SELECT NULLIF(coalesce(i.cost, parts.cost), 0) AS cost,
         CASE WHEN i.cost IS NULL THEN coalesce(parts.currency, '') ELSE i.cost_currency END AS currency
) said
CROSS JOIN LATERAL (
  SELECT said.cost, said.currency, CASE WHEN said.currency IN ('', %(currency)s) THEN said.cost END AS usable
) cost
"""
FIGURES: Final = """
CROSS JOIN LATERAL (
  SELECT p0.price, p0.retail, p0.said, w0.price IS NOT NULL AS written,
         CASE WHEN p0.price IS NOT NULL THEN '' WHEN %(cost_counts)s AND said.cost IS NULL THEN 'no_cost'
              WHEN %(cost_counts)s AND cost.usable IS NULL THEN 'other_currency' ELSE 'not_written' END AS why,
         round(100 * (p0.price - cost.usable) / p0.price, 1) AS margin
) figure
"""
LEVEL: Final = """
LEFT JOIN channels_listprice w{n} ON w{n}.price_list_id = %(list{n})s AND w{n}.item_id = i.id
CROSS JOIN LATERAL (SELECT {raw} AS raw) r{n}
CROSS JOIN LATERAL (
  SELECT coalesce(w{n}.price, CASE WHEN r{n}.raw IS NOT NULL THEN
           greatest({rounding}((r{n}.raw + %(ending{n})s) / %(step{n})s) * %(step{n})s, %(step{n})s) - %(ending{n})s END
         ) AS price
) q{n}
CROSS JOIN LATERAL (
  SELECT q{n}.price,
         CASE WHEN w{n}.price IS NOT NULL THEN w{n}.retail_price {retail} END AS retail,
         w{n}.price IS NOT NULL {said} AS said
) p{n}
"""
_ROUND: Final = {Rounding.NEAREST: "round", Rounding.UP: "ceil", Rounding.DOWN: "floor"}


@dataclass(frozen=True, slots=True)
class Figure:
    """What an item costs in a list, and what it costs the seller. `why` says why it has no price there.

    `margin` = percent of the price that is profit; None where cost and price cannot be compared. `low` = below what the
    list asks for (without such a rule: below the cost).
    """

    item_id: int
    sku: str
    name: str
    price: Decimal | None
    retail_price: Decimal | None
    written: bool
    why: str
    cost: Decimal | None
    cost_currency: str
    margin: Decimal | None
    low: bool


def _chain(price_list: PriceList) -> Sequence[PriceList]:
    """The list, the list it is worked out from, and so on down."""
    known = {row.pk: row for row in PriceList.objects.filter(seller_id=price_list.seller_id)}
    chain = [price_list]
    while (base_id := chain[-1].base_id) is not None and len(chain) <= len(known):
        chain.append(known[base_id])
    return chain


def figures_join(price_list: PriceList) -> tuple[str, Mapping[str, Any]]:
    """Joins that lay `figure` and `cost` beside `catalog_item i`, and their parameters.

    `figure`: price, retail, said (whether the lists say anything of the retail price), written, why, margin.
    """
    chain = _chain(price_list)
    words = [COSTS]
    facts: dict[str, Any] = {
        "currency": price_list.currency,
        "cost_counts": chain[-1].kind in {Kind.MARGIN, Kind.MARKUP},
    }
    for n, one in reversed(list(enumerate(chain))):
        below = f"p{n + 1}" if n + 1 < len(chain) else ""
        words.append(
            LEVEL.format(
                n=n,
                raw=_raw(one, n, below),
                rounding=_ROUND[Rounding(one.rounding)],
                retail=f"WHEN {below}.retail > q{n}.price THEN {below}.retail" if below else "",
                said=f"OR {below}.said" if below else "",
            )
        )
        facts |= {f"list{n}": one.pk, f"step{n}": one.step, f"ending{n}": one.ending}
        facts[f"factor{n}"] = _factor(one)
    return "".join((*words, FIGURES)), facts


def _raw(price_list: PriceList, n: int, below: str) -> str:
    """The price before rounding."""
    match price_list.kind:
        case Kind.BASE:
            return f"{below}.price * %(factor{n})s"
        case Kind.MARGIN:
            return f"cost.usable * 100 / %(factor{n})s"
        case Kind.MARKUP:
            return f"cost.usable * %(factor{n})s"
    return "NULL::numeric"


def _factor(price_list: PriceList) -> Decimal:
    percent = price_list.percent or Decimal(0)
    return 100 - percent if price_list.kind == Kind.MARGIN else 1 + percent / 100


def figures(
    *,
    seller_id: int,
    price_list: PriceList,
    item_ids: Sequence[int] | None = None,
    search: str = "",
    show: str = "",
    after_id: int | None = None,
    limit: int = 1000,
) -> list[Figure]:
    """Items with what they cost in the list, newest first.

    `show`: `written` (its price is written down), `low` (its margin is too low), `missing` (it has no price).
    """
    joins, facts = figures_join(price_list)
    where = ["i.seller_id = %(seller)s AND i.merged_into_id IS NULL"]
    facts = {**facts, "seller": seller_id, "least": price_list.least_margin or Decimal(0), "most": limit}
    if item_ids is not None:
        where, facts = [*where, "i.id = ANY(%(items)s)"], facts | {"items": list(item_ids)}
    if search.strip():
        where.append("(upper(i.sku) LIKE %(search)s OR upper(i.name) LIKE %(search)s)")
        text = search.strip().upper().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        facts["search"] = f"%{text}%"
    if after_id is not None:
        where, facts = [*where, "i.id < %(after)s"], facts | {"after": after_id}
    if shown := SHOWN.get(show):
        where.append(shown)
    rows = fetch(
        "SELECT i.id, i.sku, i.name, figure.price, figure.retail, figure.written, figure.why, cost.cost,"  # noqa: S608
        " cost.currency, figure.margin, coalesce(figure.margin < %(least)s, false)"
        f" FROM catalog_item i {joins} WHERE {' AND '.join(where)} ORDER BY i.id DESC LIMIT %(most)s",
        facts,
    )
    return [Figure(*row) for row in rows]


SHOWN: Final = {
    "written": "w0.price IS NOT NULL",
    "low": "figure.margin < %(least)s",
    "missing": "figure.price IS NULL",
}
