"""Who changed which field of a product or an item: the database notes it, whatever statement did it."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION catalog_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_change (seller_id, object_type, object_id, field, before, after, actor, at)
    SELECT n.seller_id, TG_ARGV[0], n.id,
           CASE was.key WHEN 'brand_id' THEN 'brand' WHEN 'product_id' THEN 'product' ELSE was.key END,
           CASE was.key WHEN 'brand_id' THEN coalesce((SELECT name FROM catalog_brand WHERE id = was.value::bigint), '')
                        ELSE coalesce(was.value, '') END,
           CASE was.key WHEN 'brand_id' THEN coalesce((SELECT name FROM catalog_brand WHERE id = now_is.value::bigint), '')
                        ELSE coalesce(now_is.value, '') END,
           coalesce(nullif(current_setting('entrepot.actor', true), ''), 'system:Entrepot'), clock_timestamp()
    FROM was_rows o JOIN is_rows n ON n.id = o.id
    CROSS JOIN LATERAL jsonb_each_text(to_jsonb(o) - ARRAY['id', 'seller_id', 'created_at', 'updated_at']) was
    JOIN LATERAL jsonb_each_text(to_jsonb(n)) now_is ON now_is.key = was.key
    WHERE o IS DISTINCT FROM n AND was.value IS DISTINCT FROM now_is.value
    ORDER BY n.id, was.key;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_item_history AFTER UPDATE ON catalog_item REFERENCING OLD TABLE AS was_rows NEW TABLE AS is_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_changes('item');
CREATE TRIGGER catalog_product_history AFTER UPDATE ON catalog_product
    REFERENCING OLD TABLE AS was_rows NEW TABLE AS is_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_changes('product');
"""
BACKWARD = """
DROP TRIGGER catalog_item_history ON catalog_item;
DROP TRIGGER catalog_product_history ON catalog_product;
DROP FUNCTION catalog_note_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_invited_by"), ("catalog", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_type", models.CharField(max_length=8)),
                ("object_id", models.BigIntegerField()),
                ("field", models.CharField(max_length=40)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("actor", models.CharField(max_length=140)),
                ("at", models.DateTimeField()),
                ("seller", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.seller")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["seller", "object_type", "object_id", "-id"], name="catalog_change_object")
                ]
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
