"""What a connector remembers of its store between calls: small facts, no secrets, shared by all workers."""

from dataclasses import dataclass

from django.db import connection

LONGEST = 200
_GET = "SELECT memory ->> %s FROM channels_store WHERE sales_channel_id = %s"
_PUT = """
UPDATE channels_store SET memory = memory || jsonb_build_object(%(name)s::text, %(value)s::text)
WHERE sales_channel_id = %(store)s AND memory ->> %(name)s IS DISTINCT FROM %(value)s
"""


@dataclass(frozen=True, slots=True)
class StoreMemory:
    """The `Memory` lent to a store's connector. Facts of different names never overwrite one another."""

    store_id: int

    def get(self, name: str) -> str | None:
        """What was put under this name last."""
        with connection.cursor() as cursor:
            cursor.execute(_GET, [name, self.store_id])
            row = cursor.fetchone()
        return row[0] if row else None

    def put(self, name: str, value: str) -> None:
        """Keep up to 200 characters. What is there already is not written again."""
        kept = value.replace("\x00", "")[:LONGEST]
        with connection.cursor() as cursor:
            cursor.execute(_PUT, {"store": self.store_id, "name": name, "value": kept})
