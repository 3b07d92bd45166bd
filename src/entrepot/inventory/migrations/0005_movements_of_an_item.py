"""An item's newest movements are read by an index of their own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("inventory", "0004_bin_moves_are_final")]

    operations = [
        AddIndexConcurrently("movement", models.Index(fields=["item", "-at", "-id"], name="movement_of_item")),
    ]
