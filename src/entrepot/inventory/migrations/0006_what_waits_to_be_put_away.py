"""What lies in no bin is found without looking at everything else."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("inventory", "0005_movements_of_an_item")]

    operations = [
        AddIndexConcurrently(
            "stock",
            models.Index(fields=["warehouse", "item"], name="stock_loose", condition=Q(on_hand__gt=F("located"))),
        ),
    ]
