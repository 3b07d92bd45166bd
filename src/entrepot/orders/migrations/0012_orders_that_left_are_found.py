"""What left is read by when it left. An index whose making was broken off is made anew."""

from django.db import migrations, models

DROP = "DROP INDEX CONCURRENTLY IF EXISTS order_left"
CREATE = """
CREATE INDEX CONCURRENTLY order_left ON orders_order (seller_id, handed_over_at) INCLUDE (placed_at, sales_channel_id)
WHERE handed_over_at IS NOT NULL
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0011_the_story_is_read")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP, CREATE], DROP)],
            state_operations=[
                migrations.AddIndex(
                    "order",
                    models.Index(
                        condition=models.Q(handed_over_at__isnull=False),
                        fields=["seller", "handed_over_at"],
                        include=["placed_at", "sales_channel"],
                        name="order_left",
                    ),
                ),
            ],
        ),
    ]
