"""An item that was the same thing as another one lives on as its second SKU; the history names the kept one."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

NOTE = """
CREATE OR REPLACE FUNCTION catalog_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_change (seller_id, object_type, object_id, field, before, after, actor, at)
    SELECT n.seller_id, TG_ARGV[0], n.id, {field},
           CASE was.key WHEN 'brand_id' THEN coalesce((SELECT name FROM catalog_brand WHERE id = was.value::bigint), '')
                        {was} ELSE coalesce(was.value, '') END,
           CASE was.key WHEN 'brand_id' THEN coalesce((SELECT name FROM catalog_brand WHERE id = now_is.value::bigint), '')
                        {now_is} ELSE coalesce(now_is.value, '') END,
           coalesce(nullif(current_setting('entrepot.actor', true), ''), 'system:Entrepot'), clock_timestamp()
    FROM was_rows o JOIN is_rows n ON n.id = o.id
    CROSS JOIN LATERAL jsonb_each_text(to_jsonb(o) - ARRAY['id', 'seller_id', 'created_at', 'updated_at']) was
    JOIN LATERAL jsonb_each_text(to_jsonb(n)) now_is ON now_is.key = was.key
    WHERE o IS DISTINCT FROM n AND was.value IS DISTINCT FROM now_is.value
    ORDER BY n.id, was.key;
    RETURN NULL;
END $$;
"""
MERGED = "WHEN 'merged_into_id' THEN coalesce((SELECT sku FROM catalog_item WHERE id = {}.value::bigint), '')"
FORWARD = NOTE.format(
    field="CASE WHEN was.key IN ('brand_id', 'product_id', 'merged_into_id') THEN replace(was.key, '_id', '') ELSE was.key END",
    was=MERGED.format("was"),
    now_is=MERGED.format("now_is"),
)
BACKWARD = NOTE.format(
    field="CASE was.key WHEN 'brand_id' THEN 'brand' WHEN 'product_id' THEN 'product' ELSE was.key END",
    was="",
    now_is="",
)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_history")]
    operations = [
        migrations.AddField(
            "item",
            "merged_into",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merged",
                to="catalog.item",
            ),
        ),
        AddConstraintNotValid(
            "item",
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(kind="kit"), name="item_merged_is_a_kit"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
