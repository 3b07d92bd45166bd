"""Whether the orders that are there ever lacked stock, and when they left, is read from their story.

In stretches of orders, each in a transaction of its own, so that nobody waits for all of it; begun anew, it ends alike.
"""

from typing import Any

from django.db import migrations

STRETCH = 20_000
FROM_STORY = """
UPDATE orders_order o SET ran_short = told.short, handed_over_at = told.left_at
FROM (
    SELECT order_id, bool_or(to_status = 'partial') AS short,
           min(at) FILTER (WHERE to_status IN ('in_transit', 'complete')
                           AND from_status IN ('new', 'partial', 'on_hold', 'rfp', 'ready_to_ship')) AS left_at
    FROM orders_orderevent WHERE order_id >= %s AND order_id < %s AND to_status <> '' GROUP BY order_id
) told
WHERE o.id = told.order_id AND (told.short OR told.left_at IS NOT NULL)
"""


def read_the_story(_apps: object, schema_editor: Any) -> None:  # noqa: ANN401 - Django's own
    """Fill both columns for the orders that are there."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM orders_order")
        first, last = cursor.fetchone()
        if first is None:
            return
        for start in range(first, last + 1, STRETCH):
            cursor.execute(FROM_STORY, [start, start + STRETCH])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0010_orders_ran_short_and_left")]

    operations = [migrations.RunPython(read_the_story, migrations.RunPython.noop)]
