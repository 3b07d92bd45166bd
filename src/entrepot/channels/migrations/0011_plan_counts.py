from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0010_lists_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="counts",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="plan",
            name="store_ids",
            field=models.JSONField(default=list),
        ),
    ]
