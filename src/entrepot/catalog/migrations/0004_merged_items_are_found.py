"""Merged items are few among a million, and found by the one that was kept."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0003_merged_items")]

    operations = [
        AddIndexConcurrently(
            "item",
            models.Index(fields=["merged_into"], name="item_merged", condition=models.Q(merged_into__isnull=False)),
        ),
        ValidateConstraint("item", "item_merged_is_a_kit"),
    ]
