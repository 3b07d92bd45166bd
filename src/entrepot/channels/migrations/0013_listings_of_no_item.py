"""What belongs to no item is found in the order of its page, what was refused is counted by what was refused."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("channels", "0012_made_once")]

    operations = [
        AddIndexConcurrently(
            "listing", models.Index(fields=["seller", "id"], name="listing_nobodys", condition=models.Q(item=None))
        ),
        AddIndexConcurrently(
            "listing", models.Index(fields=["store"], name="listing_refused", condition=models.Q(error_code__gt=""))
        ),
    ]
