"""The ledger is append-only: the database itself refuses to change or delete a movement.

Deleting a whole seller (a tenant leaving) cascades with `entrepot.ledger_purge` set in that transaction.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION inventory_movement_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('entrepot.ledger_purge', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a movement of the stock ledger is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER inventory_movement_is_final BEFORE UPDATE OR DELETE ON inventory_movement
    FOR EACH ROW EXECUTE FUNCTION inventory_movement_is_final();
"""
BACKWARD = """
DROP TRIGGER inventory_movement_is_final ON inventory_movement;
DROP FUNCTION inventory_movement_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
