"""One rate limit per store for all processes: a GCRA row, judged and moved by one UPDATE on the database's clock.

`Store.limiter_tat` is the theoretical arrival time: a call may go while it is at most `burst` calls ahead of now.
Lanes share the row but not the reach. Bulk work (import, checks) leaves the last part of the burst to orders and stock,
and stock may book the very next slot and sleep towards it, so that an import never makes a stock push queue behind it.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from entrepot.channels.models import Store
from entrepot.connectors.contract import ConnectorType
from entrepot.kernel.errors import ChannelThrottled

SHARE = {"stock": 1.0, "orders": 0.85, "statuses": 0.85, "connection": 0.85, "drift": 0.6, "catalogue": 0.6}
"""How far into the burst a lane may reach."""
_SHORTEST = 0.005
_LONGEST = 5.0
PATIENCE = 15.0
"""Seconds a call may wait in its thread. A store may ask for an hour: threads are few and belong to all stores."""

_TAKE = """
WITH clock AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS now)
UPDATE channels_store SET limiter_tat = greatest(limiter_tat, clock.now) + %(cost)s * %(interval)s
FROM clock
WHERE sales_channel_id = %(store)s
  AND (penalty_until IS NULL OR penalty_until <= clock_timestamp())
  AND greatest(limiter_tat, clock.now) - clock.now <= %(reach)s
RETURNING limiter_tat - %(cost)s * %(interval)s - clock.now - %(burst)s
"""
_LOOK = """
SELECT greatest(
    limiter_tat - extract(epoch FROM clock_timestamp())::float8 - %(reach)s,
    coalesce(extract(epoch FROM penalty_until - clock_timestamp())::float8, 0)
) FROM channels_store WHERE sales_channel_id = %(store)s
"""


@dataclass(frozen=True)
class StoreThrottle:
    """The `Throttle` lent to a connector. `sleep` is a seam for tests of its arithmetic."""

    store_id: int
    calls_per_second: float
    burst: int
    lane: str = "orders"
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def wait(self, cost: float = 1.0) -> None:
        """Block until the store's shared limit allows this call.

        Raises:
            ChannelThrottled: The store is not to be called for longer than anybody should hold a thread.
        """
        interval = 1.0 / self.calls_per_second
        burst = max(self.burst - 1, 0) * interval
        books_ahead = interval if self.lane == "stock" else 0.0
        facts = {
            "store": self.store_id,
            "cost": cost,
            "interval": interval,
            "burst": burst,
            "reach": burst * SHARE[self.lane] + books_ahead,
        }
        while True:
            ahead = self._ask(_TAKE, facts)
            if ahead is not None:
                if ahead > 0:
                    self.sleep(ahead)
                return
            missing = self._ask(_LOOK, facts)
            if missing is None:
                return
            if missing > PATIENCE:
                raise ChannelThrottled("the store's pause is not over", retry_after=math.ceil(missing))
            self.sleep(min(max(missing, _SHORTEST), _LONGEST))

    def penalise(self, seconds: float) -> None:
        """The store asked for a pause: nobody calls it for that long. A longer pause that stands is kept."""
        until = timezone.now() + timedelta(seconds=max(seconds, 0))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE channels_store SET penalty_until = greatest(coalesce(penalty_until, %s), %s)"
                " WHERE sales_channel_id = %s",
                [until, until, self.store_id],
            )

    def observe(self, used: float, capacity: float) -> None:  # noqa: ARG002 - the capacity is the kind's own
        """The store says how full its bucket is: never believe less than it says."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE channels_store SET limiter_tat = greatest(limiter_tat,"
                " extract(epoch FROM clock_timestamp())::float8 + %s) WHERE sales_channel_id = %s",
                [used / self.calls_per_second, self.store_id],
            )

    @staticmethod
    def _ask(statement: str, facts: dict[str, float]) -> float | None:
        with connection.cursor() as cursor:
            cursor.execute(statement, facts)
            row = cursor.fetchone()
        return None if row is None else float(row[0])


def throttle(store: Store, connector_type: ConnectorType, *, lane: str) -> StoreThrottle:
    """The limit of a store, as seen from a lane."""
    return StoreThrottle(store.pk, connector_type.calls_per_second, connector_type.burst, lane)
