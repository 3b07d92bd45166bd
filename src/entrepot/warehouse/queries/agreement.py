"""Whether everything adds up: the ledger, the running figures, what is set aside, what lies in bins, what is staged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.catalog.rows import fetch

LEDGER = """
SELECT s.item_id, i.sku, s.warehouse_id, s.on_hand, coalesce(m.total, 0), s.reserved, coalesce(m.held, 0)
FROM inventory_stock s JOIN catalog_item i ON i.id = s.item_id LEFT JOIN (
    SELECT item_id, warehouse_id, sum(on_hand_delta) AS total, sum(reserved_delta) AS held
    FROM inventory_movement WHERE seller_id = %s GROUP BY 1, 2
) m ON m.item_id = s.item_id AND m.warehouse_id = s.warehouse_id
WHERE s.seller_id = %s AND (s.on_hand <> coalesce(m.total, 0) OR s.reserved <> coalesce(m.held, 0))
ORDER BY i.sku LIMIT %s
"""
SET_ASIDE = """
SELECT s.item_id, i.sku, s.warehouse_id, s.reserved, coalesce(r.total, 0)
FROM inventory_stock s JOIN catalog_item i ON i.id = s.item_id LEFT JOIN (
    SELECT item_id, warehouse_id, sum(quantity) AS total
    FROM inventory_reservation WHERE seller_id = %s GROUP BY 1, 2
) r ON r.item_id = s.item_id AND r.warehouse_id = s.warehouse_id
WHERE s.seller_id = %s AND s.reserved <> coalesce(r.total, 0)
ORDER BY i.sku LIMIT %s
"""
BINS = """
SELECT s.item_id, i.sku, s.warehouse_id, s.located, coalesce(b.total, 0)
FROM inventory_stock s JOIN catalog_item i ON i.id = s.item_id LEFT JOIN (
    SELECT item_id, warehouse_id, sum(quantity) AS total
    FROM inventory_binstock WHERE seller_id = %s GROUP BY 1, 2
) b ON b.item_id = s.item_id AND b.warehouse_id = s.warehouse_id
WHERE s.seller_id = %s AND s.located <> coalesce(b.total, 0)
ORDER BY i.sku LIMIT %s
"""
BIN_HISTORY = """
SELECT b.item_id, i.sku, b.warehouse_id, b.quantity, coalesce(m.total, 0), n.code
FROM inventory_binstock b JOIN catalog_item i ON i.id = b.item_id JOIN inventory_bin n ON n.id = b.bin_id LEFT JOIN (
    SELECT item_id, bin_id, sum(quantity) AS total FROM (
        SELECT item_id, to_bin_id AS bin_id, quantity FROM inventory_binmove WHERE seller_id = %s
        UNION ALL SELECT item_id, from_bin_id, -quantity FROM inventory_binmove WHERE seller_id = %s
    ) steps WHERE bin_id IS NOT NULL GROUP BY 1, 2
) m ON m.item_id = b.item_id AND m.bin_id = b.bin_id
WHERE b.seller_id = %s AND b.quantity <> coalesce(m.total, 0)
ORDER BY i.sku LIMIT %s
"""
INCOMING = """
SELECT s.item_id, i.sku, s.warehouse_id, s.incoming, coalesce(r.total, 0)
FROM inventory_stock s JOIN catalog_item i ON i.id = s.item_id LEFT JOIN (
    SELECT l.item_id, r.warehouse_id, sum(greatest(l.expected - l.received, 0)) AS total
    FROM warehouse_receiptline l JOIN warehouse_receipt r ON r.id = l.receipt_id
    WHERE r.seller_id = %s AND r.state = 'open' GROUP BY 1, 2
) r ON r.item_id = s.item_id AND r.warehouse_id = s.warehouse_id
WHERE s.seller_id = %s AND s.incoming <> coalesce(r.total, 0)
ORDER BY i.sku LIMIT %s
"""
PICKED = """
SELECT p.item_id, i.sku, p.warehouse_id, p.total, coalesce(r.held, 0)
FROM (
    SELECT l.item_id, k.warehouse_id, l.order_line_id, sum(l.picked) AS total
    FROM warehouse_workline l JOIN warehouse_workorder k ON k.id = l.work_id
    WHERE k.seller_id = %s AND k.state IN ('picking', 'picked', 'packed') AND l.picked > 0 GROUP BY 1, 2, 3
) p JOIN catalog_item i ON i.id = p.item_id LEFT JOIN (
    SELECT item_id, warehouse_id, reference, quantity AS held FROM inventory_reservation WHERE seller_id = %s
) r ON r.item_id = p.item_id AND r.warehouse_id = p.warehouse_id AND r.reference = 'line:' || p.order_line_id
WHERE p.total > coalesce(r.held, 0)
ORDER BY i.sku LIMIT %s
"""
CHECKS = {
    "ledger": LEDGER,
    "set_aside": SET_ASIDE,
    "bins": BINS,
    "bin_history": BIN_HISTORY,
    "incoming": INCOMING,
    "picked": PICKED,
}
LEDGER_LENGTH = "SELECT count(*) FROM (SELECT FROM inventory_movement WHERE seller_id = %s LIMIT %s) AS moves"
MOST = 200
AT_ONCE = 50_000
"""A ledger of so many movements is added up within a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Two figures that should be one: what `check` looked at, what stands written, and what it adds up to."""

    check: str
    item_id: int
    sku: str
    warehouse_id: int
    says: int
    adds_up_to: int
    bin: str = ""


def soon_added_up(*, seller_id: int) -> bool:
    """Whether nobody notices that it is added up."""
    return bool(fetch(LEDGER_LENGTH, [seller_id, AT_ONCE + 1])[0][0] <= AT_ONCE)


def differences(*, seller_id: int, warehouse_ids: Sequence[int] | None = None) -> Sequence[Apart]:
    """Everything that does not add up; empty = warehouse and ledger agree.

    `ledger`: on hand (and reserved) is the sum of its movements. `set_aside`: reserved is the sum of reservations.
    `bins`: what lies in bins is what the stock row says. `bin_history`: each bin is the sum of its moves. `incoming`:
    what is on its way is what open receipts wait for. `picked`: nothing is picked beyond what its order holds.
    """
    found: list[Apart] = []
    for check, statement in CHECKS.items():
        for row in fetch(statement, [seller_id] * (statement.count("%s") - 1) + [MOST]):
            if warehouse_ids is None or row[2] in warehouse_ids:
                found += _apart(check, row)
    return found


def _apart(check: str, row: Sequence[Any]) -> list[Apart]:
    item, sku, place, says, total, *more = row
    who = {"check": check, "item_id": item, "sku": sku, "warehouse_id": place}
    if check != "ledger":
        return [Apart(**who, says=says, adds_up_to=total, bin=str(more[0]) if more else "")]
    reserved, held = more
    pairs = [("ledger", says, total), ("ledger_reserved", reserved, held)]
    return [Apart(**{**who, "check": name}, says=a, adds_up_to=b) for name, a, b in pairs if a != b]
