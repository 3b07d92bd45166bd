"""The words of an order are in lower case, so they are searched as they stand; what it is filtered by is one array."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

import entrepot.orders.models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0008_orders_are_counted")]

    operations = [
        AddIndexConcurrently("order", models.Index(fields=["seller", "total"], name="order_value")),
        AddIndexConcurrently(
            "order",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_text", name="gin_trgm_ops"), name="order_words"
            ),
        ),
        AddIndexConcurrently(
            "order",
            django.contrib.postgres.indexes.GinIndex(entrepot.orders.models.Facets(), name="order_facets"),
        ),
        RemoveIndexConcurrently("order", "order_search_trgm"),
    ]
