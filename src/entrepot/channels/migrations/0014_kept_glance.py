"""What a large seller's desk shows at a glance is counted beforehand."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("channels", "0013_listings_of_no_item")]

    operations = [
        migrations.CreateModel(
            name="KeptGlance",
            fields=[
                (
                    "seller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.seller",
                    ),
                ),
                ("facts", models.JSONField()),
                ("counted_at", models.DateTimeField()),
                ("took_ms", models.PositiveIntegerField()),
            ],
        ),
    ]
