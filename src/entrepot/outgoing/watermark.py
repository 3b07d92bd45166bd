"""Which ids of a table are complete, so that reading on by id loses nothing that is committed late."""

from django.db import transaction

from entrepot.catalog.rows import fetch
from entrepot.outgoing.models import Watermark

TABLES = ("orders_orderevent", "inventory_movement", "channels_problem")
_NEWEST = "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass), 0)"
_RUNNING = """
SELECT pg_snapshot_xmin(now_seen)::text::bigint, pg_snapshot_xmax(now_seen)::text::bigint
FROM pg_current_snapshot() now_seen
"""


def newest(table: str) -> int:
    """The last id that was given out, committed or not."""
    ((found,),) = fetch(_NEWEST, [table])
    return int(found)


def settled(table: str) -> int:
    """Up to this id the table is complete, as far as `settle` has found out."""
    row = Watermark.objects.filter(source=table).values_list("settled", flat=True).first()
    return row or 0


def settle() -> None:
    """Find out how far each table is complete. The engine does it at every tick."""
    for table in TABLES:
        _settle(table)


@transaction.atomic
def _settle(table: str) -> None:
    Watermark.objects.get_or_create(source=table)
    row = Watermark.objects.select_for_update().get(source=table)
    last = newest(table)  # before the snapshot: who took an id up to this one is seen as running there, or has ended
    ((oldest_running, next_one),) = fetch(_RUNNING, [])
    if oldest_running < row.until:
        return
    row.settled, row.pending, row.until = row.pending, last, next_one
    row.save(update_fields=["settled", "pending", "until"])
