"""A store is told at most once at a time to make a product. Of creations asked for twice the first one stands."""

from django.db import migrations, models

OVERTAKE = """
UPDATE channels_listingchange c SET state = 'overtaken', done_at = now(), next_try_at = NULL
WHERE c.kind = 'create' AND c.state = 'waiting' AND EXISTS (
    SELECT FROM channels_listingchange o WHERE o.store_id = c.store_id AND o.product_id = c.product_id
    AND o.kind = 'create' AND o.state = 'waiting' AND o.id < c.id)
"""
INDEX = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS listing_change_creates_once
ON channels_listingchange (store_id, product_id) WHERE kind = 'create' AND state = 'waiting'
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("channels", "0011_plan_counts")]

    operations = [
        migrations.RunSQL(OVERTAKE, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(INDEX, "DROP INDEX CONCURRENTLY IF EXISTS listing_change_creates_once"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "listingchange",
                    models.UniqueConstraint(
                        fields=["store", "product"],
                        condition=models.Q(kind="create", state="waiting"),
                        name="listing_change_creates_once",
                    ),
                ),
            ],
        ),
    ]
