"""Numbers of papers: `R-000012`, one after another for each seller, each given once."""

from typing import Final

from entrepot.catalog.rows import fetch

RECEIPT: Final = "R"
TRANSFER: Final = "T"
COUNT: Final = "C"
WAVE: Final = "W"
PICK_LIST: Final = "P"
MANIFEST: Final = "M"
RETURN: Final = "B"

NEXT = """
INSERT INTO warehouse_series AS s (seller_id, prefix, last) VALUES (%s, %s, %s)
ON CONFLICT (seller_id, prefix) DO UPDATE SET last = s.last + excluded.last RETURNING last
"""


def next_number(seller_id: int, prefix: str) -> str:
    """Take the next number. Its row stays locked to the end of the transaction, so take it before anything else."""
    return next_numbers(seller_id, prefix, 1)[0]


def next_numbers(seller_id: int, prefix: str, count: int) -> list[str]:
    """Take the next `count` numbers at once."""
    last: int = fetch(NEXT, [seller_id, prefix, count])[0][0]
    return [f"{prefix}-{number:06d}" for number in range(last - count + 1, last + 1)]
