"""What came into a warehouse today is found without reading the ledger."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("inventory", "0006_what_waits_to_be_put_away")]

    operations = [
        AddIndexConcurrently(
            "movement",
            models.Index(fields=["seller", "at"], name="movement_came", condition=Q(kind__in=["receipt", "transfer_in"])),
        ),
    ]
