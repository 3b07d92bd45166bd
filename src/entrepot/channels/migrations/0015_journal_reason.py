"""A call that failed says why in a sentence, not only by a code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0014_kept_glance")]

    operations = [
        migrations.AddField(
            "journalentry",
            "error_reason",
            models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
    ]
