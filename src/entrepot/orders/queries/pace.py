"""How the orders of some days went: how many and for how much, which lacked stock or were canceled, how soon they left.

Days are those of a clock on the wall: a zone is named, and a day of 23 or 25 hours is one day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from entrepot.catalog.rows import fetch
from entrepot.orders.flow import CANCELED_FOR_GOOD
from entrepot.orders.models import Status

SALES = """
SELECT (placed_at AT TIME ZONE %(zone)s)::date, sales_channel_id, base_currency,
       count(*) FILTER (WHERE whole), count(*) FILTER (WHERE whole AND ran_short),
       count(*) FILTER (WHERE whole AND status = %(by_buyer)s),
       count(*) FILTER (WHERE whole AND status = %(by_seller)s),
       count(*) FILTER (WHERE whole AND status = %(unpaid)s),
       COALESCE(sum(total) FILTER (WHERE status <> ALL(%(over)s)), 0)
FROM (SELECT *, split_from_id IS NULL AND follows = '' AS whole FROM orders_order
      WHERE seller_id = %(seller)s AND placed_at >= %(since)s AND placed_at < %(until)s
        AND (%(channels)s::bigint[] IS NULL OR sales_channel_id = ANY(%(channels)s::bigint[]))) orders
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
PACE = """
SELECT since, count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY took)
FROM (SELECT date_trunc(%(step)s, handed_over_at AT TIME ZONE %(zone)s)::date AS since,
             greatest(0, extract(epoch FROM handed_over_at - placed_at))::float8 AS took
      FROM orders_order
      WHERE seller_id = %(seller)s AND handed_over_at >= %(since)s AND handed_over_at < %(until)s
        AND (%(channels)s::bigint[] IS NULL OR sales_channel_id = ANY(%(channels)s::bigint[]))) left_orders
GROUP BY GROUPING SETS ((since), ()) ORDER BY since NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Days:
    """The days `first` … `last`, both included, by the clocks of `zone`."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def up_to(cls, last: date, count: int, zone: ZoneInfo) -> "Days":
        """The last `count` days, of which `last` is one."""
        return cls(last - timedelta(days=count - 1), last, zone)

    def __len__(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def each(self) -> Sequence[date]:
        """Every one of them."""
        return [self.first + timedelta(days=n) for n in range(len(self))]

    @property
    def since(self) -> datetime:
        """Where the first begins."""
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def until(self) -> datetime:
        """Where the last is over."""
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders placed on one day, of one channel in one currency.

    An order that came or left in parts is one order; its parts are not counted, but their amounts are. `ran_short`:
    those that asked for stock that was not there, when they came or later. Canceled are those that are so for good:
    by the buyer (or in the store), by the seller, or because nobody paid. `amount`: the totals of all not canceled.
    """

    day: date
    channel_id: int
    currency: str
    placed: int
    ran_short: int
    by_buyer: int
    by_seller: int
    unpaid: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Pace:
    """Of the orders that left in a day or week (`since`; None: in all the days): how long after they were placed.

    `median`: half of them left sooner; `ninetieth`: nine of ten did. In seconds. A part that leaves on its own counts
    on its own. Orders that had left before Entrepot knew them are not among them.
    """

    since: date | None
    left: int
    median: float
    ninetieth: float


def sales(*, seller_id: int, days: Days, channel_ids: Sequence[int] | None = None) -> Sequence[Sales]:
    """What was ordered on these days, the oldest first."""
    facts = _facts(seller_id, days, channel_ids) | {
        "by_buyer": Status.CANCELED.value,
        "by_seller": Status.SELLER_CANCELED.value,
        "unpaid": Status.UNPAID_CANCELED.value,
        "over": sorted(status.value for status in CANCELED_FOR_GOOD),
    }
    return [Sales(*row) for row in fetch(SALES, facts)]


def pace(*, seller_id: int, days: Days, weekly: bool, channel_ids: Sequence[int] | None = None) -> Sequence[Pace]:
    """How soon orders left on these days: first all together, then by day, or by the Mondays of weeks.

    Empty where none left.
    """
    facts = _facts(seller_id, days, channel_ids) | {"step": "week" if weekly else "day"}
    return [Pace(since, left, *took) for since, left, took in fetch(PACE, facts) if left]


def _facts(seller_id: int, days: Days, channel_ids: Sequence[int] | None) -> dict[str, Any]:
    return {
        "seller": seller_id,
        "since": days.since,
        "until": days.until,
        "zone": days.zone.key,
        "channels": None if channel_ids is None else list(channel_ids),
    }
