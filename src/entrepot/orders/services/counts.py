"""How many orders stand at each status: the triggers' rows added up."""

from entrepot.catalog.rows import run
from entrepot.kernel.actor import Actor

# One statement, so whoever counts sees either the many rows or their sums. Rows somebody else adds up are left to them.
FOLD = """
WITH gone AS (
    DELETE FROM orders_ordercount WHERE id IN (SELECT id FROM orders_ordercount FOR UPDATE SKIP LOCKED)
    RETURNING seller_id, sales_channel_id, status, n
)
INSERT INTO orders_ordercount (seller_id, sales_channel_id, status, n)
SELECT seller_id, sales_channel_id, status, sum(n) FROM gone GROUP BY 1, 2, 3 HAVING sum(n) <> 0
"""
MANY = "SELECT 1 FROM orders_ordercount GROUP BY seller_id, sales_channel_id, status HAVING count(*) > 1 LIMIT 1"


def fold_counts(*, actor: Actor) -> int:  # noqa: ARG001 - every verb names its actor
    """Add the counts up that came since the last time; how many rows they are now, 0 where there was nothing to add."""
    return run(FOLD, []) if run(MANY, []) else 0
