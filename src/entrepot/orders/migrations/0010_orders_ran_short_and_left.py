"""Whether an order ever lacked stock, and when it left: read from its story once, kept by `life.take` from now on.

The story is read in stretches of orders, each in a transaction of its own, so that nobody waits for all of it.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

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

    dependencies = [("orders", "0009_orders_are_found")]

    operations = [
        migrations.AddField("order", "ran_short", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("order", "handed_over_at", models.DateTimeField(null=True)),
        migrations.RunPython(read_the_story, migrations.RunPython.noop),
        AddIndexConcurrently(
            "order",
            models.Index(
                condition=models.Q(handed_over_at__isnull=False),
                fields=["seller", "handed_over_at"],
                include=["placed_at", "sales_channel"],
                name="order_left",
            ),
        ),
    ]
