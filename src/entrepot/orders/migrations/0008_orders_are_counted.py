"""How many orders stand at each status is kept as the statements go, and what is searched is in lower case."""

import django.db.models.deletion
from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION orders_order_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO orders_ordercount (seller_id, sales_channel_id, status, n)
        SELECT seller_id, sales_channel_id, status, count(*) FROM fresh GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO orders_ordercount (seller_id, sales_channel_id, status, n)
        SELECT seller_id, sales_channel_id, status, -count(*) FROM gone GROUP BY 1, 2, 3;
    ELSE
        INSERT INTO orders_ordercount (seller_id, sales_channel_id, status, n)
        SELECT seller_id, sales_channel_id, status, sum(by) FROM (
            SELECT seller_id, sales_channel_id, status, 1 AS by FROM fresh
            UNION ALL
            SELECT seller_id, sales_channel_id, status, -1 FROM gone
        ) AS moved GROUP BY 1, 2, 3 HAVING sum(by) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER orders_order_count_fresh AFTER INSERT ON orders_order
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_order_count();
CREATE TRIGGER orders_order_count_moved AFTER UPDATE ON orders_order
    REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_order_count();
CREATE TRIGGER orders_order_count_gone AFTER DELETE ON orders_order
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION orders_order_count();
"""
NO_FUNCTION = """
DROP TRIGGER orders_order_count_gone ON orders_order;
DROP TRIGGER orders_order_count_moved ON orders_order;
DROP TRIGGER orders_order_count_fresh ON orders_order;
DROP FUNCTION orders_order_count();
"""
# The triggers stand before the orders are counted, in one transaction that holds off writers, so none is missed.
COUNTED = """
INSERT INTO orders_ordercount (seller_id, sales_channel_id, status, n)
SELECT seller_id, sales_channel_id, status, count(*) FROM orders_order GROUP BY 1, 2, 3
"""
LOWERED = "UPDATE orders_order SET search_text = lower(search_text) WHERE search_text <> lower(search_text)"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invited_by"),
        ("orders", "0007_files_of_bulk_deeds"),
    ]

    operations = [
        migrations.RunSQL(LOWERED, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="OrderCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(max_length=30)),
                ("n", models.BigIntegerField()),
                (
                    "sales_channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="orders.saleschannel",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.seller",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
    ]
