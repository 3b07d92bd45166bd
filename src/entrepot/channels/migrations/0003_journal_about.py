"""The journal is searched from the order or product a call was about."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("channels", "0002_incoming_order_content"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="journalentry",
            index=GinIndex(fields=["about"], name="journal_about"),
        ),
    ]
