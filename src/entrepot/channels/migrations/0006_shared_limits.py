"""One limit row for all who share it, in place of a column of the store."""

from django.db import migrations, models

_FILL = "UPDATE channels_store SET limit_key = 'store:' || sales_channel_id WHERE limit_key = ''"


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0005_listing_changes"),
    ]

    operations = [
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="store", name="limiter_tat"),
        migrations.AddIndex(
            model_name="store",
            index=models.Index(fields=["limit_key"], name="store_limit"),
        ),
        migrations.AddField(model_name="announced", name="attempts", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="announced", name="next_try_at", field=models.DateTimeField(null=True)),
    ]
