"""Whether an order ever lacked stock, and when it left: kept by `life.take` from now on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_orders_are_found")]

    operations = [
        migrations.AddField("order", "ran_short", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("order", "handed_over_at", models.DateTimeField(null=True)),
    ]
