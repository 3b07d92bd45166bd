"""Tagged and held orders are few among a million; lists of them must not read all."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            "order",
            models.Index(
                fields=["seller", "-placed_at", "-id"], name="order_tagged", condition=models.Q(("tags", []), _negated=True)
            ),
        ),
        AddIndexConcurrently(
            "order",
            models.Index(
                fields=["seller", "-placed_at", "-id"], name="order_held", condition=models.Q(("hold_code__gt", ""))
            ),
        ),
    ]
