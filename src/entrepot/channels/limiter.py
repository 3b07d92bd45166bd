"""One rate limit for all who share it, in all processes: a row moved by one UPDATE on the database's clock (GCRA).

`Limit.tat` is the bucket's theoretical arrival time: a call may go while it is at most `burst` calls ahead of now.
`Limit.pace_tat` keeps calls apart where the store also minds how many come in one second. Shops that share a limit
share the row (`Store.limit_key`), and a pause that one of them is asked for is everybody's.
Lanes share the row but not the reach. Bulk work (import, checks) leaves the last part of the burst to the others, and
what is urgent (stock, orders, a person who waits) may book the very next slot and sleep towards it, so that an import
never makes it queue. Who has waited long reaches further, so that a push of 2,000 figures starves nobody for good.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from entrepot.channels.models import Store
from entrepot.connectors.contract import ConnectorType
from entrepot.kernel.errors import ChannelThrottled

SHARE = {
    "stock": 1.0,
    "orders": 1.0,
    "connection": 1.0,
    "statuses": 0.85,
    "drift": 0.6,
    "catalogue": 0.6,
    "listings": 0.6,
}
"""How far into the burst a lane may reach."""
URGENT = frozenset({"stock", "orders", "connection"})
AGES_IN = 10.0
"""Seconds of waiting after which a call of any lane reaches as far as an urgent one."""
_SHORTEST = 0.005
_LONGEST = 5.0
PATIENCE = 15.0
"""Seconds a call may wait in its thread. A store may ask for an hour: threads are few and belong to all stores."""
PACE_AHEAD = {"stock": 3.0}
"""So many calls ahead a lane may book in the pace and sleep towards its slot; one where nothing is said."""

_PAUSED = "limit_key = %(key)s AND penalty_until > clock_timestamp()"
_TAKE = f"""
WITH clock AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS now)
UPDATE channels_limit
SET tat = greatest(tat, clock.now) + %(cost)s * %(interval)s,
    pace_tat = greatest(pace_tat, clock.now) + %(cost)s * %(pace)s
FROM clock
WHERE key = %(key)s
  AND NOT EXISTS (SELECT FROM channels_store WHERE {_PAUSED})
  AND greatest(tat, clock.now) - clock.now <= %(reach)s
  AND greatest(pace_tat, clock.now) - clock.now <= %(pace_reach)s
RETURNING greatest(
    tat - %(cost)s * %(interval)s - clock.now - %(burst)s,
    pace_tat - %(cost)s * %(pace)s - clock.now
)
"""  # noqa: S608 - put together from constants
_LOOK = f"""
WITH clock AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS now)
SELECT greatest(
    tat - clock.now - %(reach)s,
    pace_tat - clock.now - %(pace_reach)s,
    (SELECT max(extract(epoch FROM penalty_until)::float8) - clock.now FROM channels_store WHERE {_PAUSED})
) FROM channels_limit, clock WHERE key = %(key)s
"""  # noqa: S608 - put together from constants
_MAKE = "INSERT INTO channels_limit (key, tat, pace_tat) VALUES (%(key)s, 0, 0) ON CONFLICT (key) DO NOTHING"
_PENALISE = """
UPDATE channels_store SET penalty_until = greatest(coalesce(penalty_until, %(until)s), %(until)s)
WHERE limit_key = %(key)s
"""
_OBSERVE = """
UPDATE channels_limit SET tat = greatest(tat, extract(epoch FROM clock_timestamp())::float8 + %(ahead)s)
WHERE key = %(key)s
"""


@dataclass(frozen=True)
class SharedThrottle:
    """The `Throttle` lent to a connector. `sleep` is a seam for tests of its arithmetic.

    `alone`: nobody sells through this limit yet, so an import need leave nothing of the burst.
    """

    key: str
    calls_per_second: float
    burst: int
    lane: str = "orders"
    peak_per_second: float | None = None
    alone: bool = False
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def wait(self, cost: float = 1.0) -> None:
        """Block until the shared limit allows this call.

        Raises:
            ChannelThrottled: The store is not to be called for longer than anybody should hold a thread.
        """
        facts, began = self._facts(cost), time.monotonic()
        base, furthest = facts["reach"], facts["burst"] + facts["interval"]
        while True:
            waited = min((time.monotonic() - began) / AGES_IN, 1.0)
            facts["reach"] = base + (furthest - base) * waited
            ahead = self._ask(_TAKE, {"key": self.key, **facts})
            if ahead is not None:
                if ahead > 0:
                    self.sleep(ahead)
                return
            missing = self._ask(_LOOK, {"key": self.key, **facts})
            if missing is None:
                self._do(_MAKE, {"key": self.key})
                continue
            if missing > PATIENCE:
                raise ChannelThrottled("the store's pause is not over", retry_after=math.ceil(missing))
            self.sleep(min(max(missing, _SHORTEST), _LONGEST))

    def _facts(self, cost: float) -> dict[str, float]:
        interval = 1.0 / self.calls_per_second
        burst = max(self.burst - 1, 0) * interval
        share = 1.0 if self.alone and self.lane == "catalogue" else SHARE[self.lane]
        pace = 1.0 / self.peak_per_second if self.peak_per_second else 0.0
        return {
            "cost": cost,
            "interval": interval,
            "burst": burst,
            "reach": burst * share + (interval if self.lane in URGENT else 0.0),
            "pace": pace,
            "pace_reach": pace * PACE_AHEAD.get(self.lane, 1.0) if pace else 1e9,
        }

    def penalise(self, seconds: float) -> None:
        """The store asked for a pause: nobody who shares the limit calls for that long. A longer one is kept."""
        until = timezone.now() + timedelta(seconds=max(seconds, 0))
        self._do(_PENALISE, {"until": until, "key": self.key})

    def observe(self, used: float, capacity: float) -> None:  # noqa: ARG002 - the capacity is the kind's own
        """The store says how full its bucket is: never believe less than it says."""
        self._do(_OBSERVE, {"ahead": used / self.calls_per_second, "key": self.key})

    @staticmethod
    def _ask(statement: str, facts: Mapping[str, float | str | datetime]) -> float | None:
        with connection.cursor() as cursor:
            cursor.execute(statement, facts)
            row = cursor.fetchone()
        return None if row is None else float(row[0])

    @staticmethod
    def _do(statement: str, facts: Mapping[str, float | str | datetime]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, facts)


def limit_key_of(kind: ConnectorType, credentials: Mapping[str, str], *, store_id: int) -> str:
    """The name of the limit that a store with these credentials shares; its own where the kind names none."""
    return kind.limit_key(credentials)[:120] if kind.limit_key else f"store:{store_id}"


def throttle(store: Store, kind: ConnectorType, *, lane: str) -> SharedThrottle:
    """The limit of a store, as seen from a lane."""
    key = store.limit_key or _own_limit(store)
    return SharedThrottle(
        key,
        kind.calls_per_second,
        kind.burst,
        lane,
        kind.peak_per_second,
        alone=lane == "catalogue" and _nobody_sells(key),
    )


def _own_limit(store: Store) -> str:
    """A store made by hand has none yet: it gets its own."""
    store.limit_key = f"store:{store.pk}"
    Store.objects.filter(pk=store.pk, limit_key="").update(limit_key=store.limit_key)
    return store.limit_key


def trial_throttle(kind: ConnectorType, credentials: Mapping[str, str]) -> SharedThrottle | None:
    """The limit for credentials that are only tried: none of their own, but one that they share with stores we have."""
    if kind.limit_key is None:
        return None
    key = kind.limit_key(credentials)[:120]
    return SharedThrottle(key, kind.calls_per_second, kind.burst, "connection", kind.peak_per_second)


def _nobody_sells(key: str) -> bool:
    """Whether no store on this limit is live: then there is no stock push or status to keep a part of it for."""
    return not Store.objects.filter(limit_key=key, state=Store.State.LIVE).exists()
