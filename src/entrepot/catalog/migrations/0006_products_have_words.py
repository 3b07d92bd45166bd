"""What a product says of itself, for all stores: its description, its attributes and its further pictures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_products_are_listed")]

    operations = [
        migrations.AddField(
            "product",
            "images",
            models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField("product", "description", models.TextField(blank=True, db_default="")),
        migrations.AddField(
            "product",
            "attributes",
            models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
