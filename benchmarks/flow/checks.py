"""What must always be true of one seller's books, asked of the tables themselves. Each query answers what breaks it."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from benchmarks.flow.model import LEGAL

BALANCES = """
SELECT item_id, warehouse_id, on_hand, reserved, located FROM inventory_stock
WHERE seller_id = %(seller)s AND (on_hand < 0 OR reserved < 0 OR reserved > on_hand OR located < 0 OR located > on_hand)
"""
LEDGER = """
SELECT s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.version, m.on_hand, m.reserved, m.steps, m.newest
FROM inventory_stock s
LEFT JOIN (SELECT item_id, warehouse_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved,
                  count(*) AS steps, max(version) AS newest
           FROM inventory_movement WHERE seller_id = %(seller)s GROUP BY 1, 2) m USING (item_id, warehouse_id)
WHERE s.seller_id = %(seller)s
  AND (s.on_hand, s.reserved) IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
   OR s.seller_id = %(seller)s AND coalesce(m.steps, 0) <> coalesce(m.newest, 0)
"""
STEPS = """
SELECT * FROM (
    SELECT id, on_hand_after, reserved_after,
           sum(on_hand_delta) OVER w AS on_hand, sum(reserved_delta) OVER w AS reserved
    FROM inventory_movement WHERE seller_id = %(seller)s
    WINDOW w AS (PARTITION BY item_id, warehouse_id ORDER BY version)) step
WHERE (on_hand_after, reserved_after) IS DISTINCT FROM (on_hand, reserved)
"""
BINS = """
SELECT s.item_id, s.warehouse_id, s.located, b.lying FROM inventory_stock s
LEFT JOIN (SELECT item_id, warehouse_id, sum(quantity) AS lying, min(quantity) AS least
           FROM inventory_binstock WHERE seller_id = %(seller)s GROUP BY 1, 2) b USING (item_id, warehouse_id)
WHERE s.seller_id = %(seller)s AND (s.located <> coalesce(b.lying, 0) OR b.least < 0)
"""
BIN_HISTORY = """
SELECT b.bin_id, b.item_id, b.quantity, m.moved FROM inventory_binstock b
LEFT JOIN (SELECT bin_id, item_id, sum(moved) AS moved FROM (
               SELECT to_bin_id AS bin_id, item_id, quantity AS moved FROM inventory_binmove
               WHERE seller_id = %(seller)s AND to_bin_id IS NOT NULL
               UNION ALL SELECT from_bin_id, item_id, -quantity FROM inventory_binmove
               WHERE seller_id = %(seller)s AND from_bin_id IS NOT NULL) one GROUP BY 1, 2) m USING (bin_id, item_id)
WHERE b.seller_id = %(seller)s AND b.quantity <> coalesce(m.moved, 0)
"""
HELD_BY_NOBODY = """
SELECT r.id, r.reference, r.quantity, o.status FROM inventory_reservation r
LEFT JOIN orders_orderline l ON r.reference = 'line:' || l.id
LEFT JOIN orders_order o ON o.id = l.order_id AND o.seller_id = r.seller_id
WHERE r.seller_id = %(seller)s
  AND (o.id IS NULL OR r.quantity <= 0 OR o.status NOT IN ('new', 'partial', 'rfp', 'on_hold', 'ready_to_ship',
                                                            'cancel_in_process', 'seller_cancel_in_process'))
"""
RESERVED = """
SELECT s.item_id, s.warehouse_id, s.reserved, r.held FROM inventory_stock s
LEFT JOIN (SELECT item_id, warehouse_id, sum(quantity) AS held FROM inventory_reservation
           WHERE seller_id = %(seller)s GROUP BY 1, 2) r USING (item_id, warehouse_id)
WHERE s.seller_id = %(seller)s AND s.reserved <> coalesce(r.held, 0)
"""
COVERED = """
WITH wanted AS (
    SELECT o.id AS order_id, o.status, o.held_from, l.id AS line_id,
           (l.quantity - l.canceled - l.shipped) * coalesce(k.quantity, 1) AS pieces,
           coalesce((SELECT sum(r.quantity) FROM inventory_reservation r
                     WHERE r.seller_id = o.seller_id AND r.reference = 'line:' || l.id
                       AND r.item_id = coalesce(k.item_id, l.item_id)), 0) AS held
    FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
    LEFT JOIN catalog_kitpart k ON k.kit_id = l.item_id
    WHERE o.seller_id = %(seller)s AND o.status IN ('new', 'partial', 'rfp', 'on_hold', 'ready_to_ship')),
standing AS (
    SELECT order_id, status, held_from, bool_and(held = pieces) AS whole, bool_or(held > pieces) AS too_much
    FROM wanted GROUP BY 1, 2, 3)
SELECT * FROM standing
WHERE too_much OR (status IN ('new', 'rfp', 'ready_to_ship') AND NOT whole) OR (status = 'partial' AND whole)
"""
LINES = """
SELECT l.id, l.order_id, l.quantity, l.canceled, l.shipped, l.returned, o.status FROM orders_orderline l
JOIN orders_order o ON o.id = l.order_id
WHERE o.seller_id = %(seller)s
  AND (l.shipped > 0) <> (o.status IN ('in_transit', 'complete', 'return_in_process', 'returned')
                          AND l.quantity > l.canceled)
"""
EVENTS = """
SELECT * FROM (
    SELECT e.order_id, e.id, e.kind, e.from_status, e.to_status,
           lag(e.to_status) OVER w AS before, lead(e.id) OVER w AS next, o.status
    FROM orders_orderevent e JOIN orders_order o ON o.id = e.order_id
    WHERE o.seller_id = %(seller)s AND e.to_status <> ''
    WINDOW w AS (PARTITION BY e.order_id ORDER BY e.id)) step
WHERE (before IS NOT NULL AND from_status <> before) OR (next IS NULL AND to_status <> status)
"""
MOVES = """
SELECT DISTINCT e.from_status, e.to_status FROM orders_orderevent e JOIN orders_order o ON o.id = e.order_id
WHERE o.seller_id = %(seller)s AND e.from_status <> '' AND e.from_status <> e.to_status
"""
NUMBERS = """
SELECT carrier_id, number, count(*) FROM fulfilment_waybill WHERE seller_id = %(seller)s
GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL SELECT r.carrier_id, 'given out', r.next - r.first FROM fulfilment_waybillrange r
WHERE r.seller_id = %(seller)s
  AND r.next - r.first <> (SELECT count(*) FROM fulfilment_waybill w WHERE w.carrier_id = r.carrier_id)
UNION ALL SELECT s.carrier_ref_id, s.tracking_number, count(*) FROM fulfilment_shipment s
WHERE s.seller_id = %(seller)s AND s.tracking_number <> '' GROUP BY 1, 2 HAVING count(*) > 1
"""
PARCELS = """
SELECT s.id, s.state, o.status FROM fulfilment_shipment s JOIN orders_order o ON o.id = s.order_id
WHERE s.seller_id = %(seller)s
  AND CASE s.state WHEN 'packed' THEN o.status NOT IN ('ready_to_ship', 'on_hold')
                   WHEN 'void' THEN false
                   ELSE o.status NOT IN ('in_transit', 'complete', 'return_in_process', 'returned') END
"""
STAGED = """
SELECT w.item_id, w.warehouse_id, w.picked, b.lying FROM (
    SELECT l.item_id, k.warehouse_id, sum(l.picked) AS picked FROM warehouse_workline l
    JOIN warehouse_workorder k ON k.id = l.work_id
    WHERE k.seller_id = %(seller)s AND k.state <> 'handed_over' GROUP BY 1, 2) w
LEFT JOIN (SELECT s.item_id, s.warehouse_id, sum(s.quantity) AS lying FROM inventory_binstock s
           JOIN inventory_bin n ON n.id = s.bin_id JOIN inventory_zone z ON z.id = n.zone_id
           WHERE s.seller_id = %(seller)s AND z.kind = 'staging' GROUP BY 1, 2) b USING (item_id, warehouse_id)
WHERE w.picked <> coalesce(b.lying, 0)
"""
PICKED_LINES = """
SELECT l.id, l.quantity, l.picked, l.short, l.packed FROM warehouse_workline l
JOIN warehouse_workorder k ON k.id = l.work_id
WHERE k.seller_id = %(seller)s AND (l.picked + l.short > l.quantity OR l.packed > l.picked)
"""

ALWAYS = {
    "on hand, reserved and what lies in bins": BALANCES,
    "the ledger adds up": LEDGER,
    "bins add up": BINS,
    "what is reserved is held by somebody": RESERVED,
    "every reservation belongs to an open line": HELD_BY_NOBODY,
    "New is covered, Partial is not": COVERED,
    "a line has left with its order": LINES,
    "numbers are given once": NUMBERS,
    "parcels are where their order is": PARCELS,
    "staging holds what is picked": STAGED,
    "nothing is picked or packed twice": PICKED_LINES,
}
IN_THE_END = {
    "every step of the ledger": STEPS,
    "every bin is its history": BIN_HISTORY,
    "the time line is one": EVENTS,
}


def broken(seller_id: int, *, thorough: bool) -> Iterator[str]:
    """Sentences about what is not as it must be."""
    for name, query in {**ALWAYS, **(IN_THE_END if thorough else {})}.items():
        if found := asked(query, seller=seller_id):
            yield f"{name}: {found[:3]}"
    if thorough:
        for from_status, to_status in asked(MOVES, seller=seller_id):
            if to_status not in LEGAL[from_status]:
                yield f"an order went from {from_status} to {to_status}"


def asked(query: str, **facts: int | list[int]) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        return list(cursor.fetchall())
