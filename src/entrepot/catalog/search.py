"""Products by words, a million of them: newest first, two ways, because no single one is short for every word.

Many fit: a page comes together among the newest thousand. Few fit: they are found by their trigrams and sorted.
Two letters have no trigram; where the newest are not enough, such a word is looked for in all names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from entrepot.catalog.rows import fetch

WINDOW: Final = 1000
PIECE: Final = 7
_PIECES = re.compile(r"[A-Z0-9]+")

NEWEST = """
WITH newest AS MATERIALIZED (
    SELECT p.id, p.name FROM catalog_product p
    WHERE p.seller_id = %(seller)s {narrow} ORDER BY p.id DESC LIMIT %(window)s
)
SELECT (SELECT count(*) FROM newest), ARRAY(
    SELECT p.id FROM newest p WHERE upper(p.name) LIKE upper(%(like)s) OR EXISTS (
        SELECT FROM catalog_item i WHERE i.product_id = p.id
        AND (i.merged_into_id IS NULL AND (upper(i.sku) LIKE upper(%(like)s) OR upper(i.name) LIKE upper(%(like)s))
             OR i.sku = %(text)s OR i.barcode = %(text)s)
        OFFSET 0)
    ORDER BY p.id DESC LIMIT %(limit)s)
"""
"""`OFFSET 0`: each product's few items are looked up, instead of all items that fit being laid beside them."""
FOUND = """
WITH found AS (
    SELECT p.id FROM catalog_product p
    WHERE p.seller_id = %(seller)s AND upper(p.name) LIKE upper(%(piece)s) AND upper(p.name) LIKE upper(%(like)s)
    UNION SELECT i.product_id FROM catalog_item i WHERE i.seller_id = %(seller)s AND i.merged_into_id IS NULL
    AND upper(i.sku) LIKE upper(%(piece)s) AND upper(i.sku) LIKE upper(%(like)s)
    UNION SELECT i.product_id FROM catalog_item i WHERE i.seller_id = %(seller)s AND i.merged_into_id IS NULL
    AND upper(i.name) LIKE upper(%(piece)s) AND upper(i.name) LIKE upper(%(like)s)
    UNION SELECT i.product_id FROM catalog_item i
    WHERE i.seller_id = %(seller)s AND i.barcode = %(text)s AND i.barcode <> ''
    UNION SELECT k.product_id FROM catalog_item i JOIN catalog_item k ON k.id = i.merged_into_id
    WHERE i.seller_id = %(seller)s AND i.merged_into_id IS NOT NULL AND (i.sku = %(text)s OR i.barcode = %(text)s)
)
SELECT p.id FROM catalog_product p JOIN found USING (id) WHERE p.seller_id = %(seller)s {narrow}
ORDER BY p.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What besides words a list of products is narrowed to; `before` = only ids below."""

    brand_id: int | None = None
    is_group: bool | None = None
    before: int | None = None

    def sql(self) -> str:
        """As conditions on a product `p`."""
        given = {
            "AND p.brand_id = %(brand)s": self.brand_id,
            "AND p.is_group = %(group)s": self.is_group,
            "AND p.id < %(before)s": self.before,
        }
        return " ".join(condition for condition, value in given.items() if value is not None)

    def facts(self) -> dict[str, object]:
        """What those conditions name."""
        return {"brand": self.brand_id, "group": self.is_group, "before": self.before}


def product_ids(*, seller_id: int, text: str, by: Narrowed, limit: int) -> Sequence[int]:
    """The newest products whose name, or an item's SKU, name or barcode, holds the text."""
    facts = by.facts() | {
        "seller": seller_id,
        "text": text,
        "like": f"%{escaped(text)}%",
        "piece": f"%{escaped(rare_piece(text.upper()))}%",
        "window": WINDOW,
        "limit": limit,
    }
    ((seen, ids),) = fetch(NEWEST.format(narrow=by.sql()), facts)
    if len(ids) < limit and seen == WINDOW:
        return [row[0] for row in fetch(FOUND.format(narrow=by.sql()), facts)]
    return list(ids)


def escaped(text: str) -> str:
    """A text that means itself inside LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def rare_piece(text: str) -> str:
    """The piece of a text that an index is asked for: a few trigrams, the last of the richest; else the whole text."""
    pieces: list[str] = [piece for piece in _PIECES.findall(text) if len(piece) > 2]
    if not pieces or not text.isascii():
        return text
    longest = max(pieces, key=len)
    starts = range(max(0, len(longest) - PIECE), -1, -1)
    return max((longest[at : at + PIECE] for at in starts), key=_trigrams)


def _trigrams(word: str) -> int:
    return len({word[at : at + 3] for at in range(len(word) - 2)})
