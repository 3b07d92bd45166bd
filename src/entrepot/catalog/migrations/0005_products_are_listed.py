"""A page of one brand's or one kind's products is read in the order of the list."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0004_merged_items_are_found")]

    operations = [
        AddIndexConcurrently(
            "product", models.Index(fields=["seller", "is_group", "-id"], name="product_kind_newest")
        ),
        AddIndexConcurrently("product", models.Index(fields=["brand", "-id"], name="product_brand_newest")),
    ]
