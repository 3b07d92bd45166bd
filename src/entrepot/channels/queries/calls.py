"""How many calls a store was asked lately, from the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepot.channels.models import JournalEntry, Run

MINUTES = 30
MOST_CALLS = 2_000
"""So many of the newest calls are read, by the journal's index of a store."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call to the store. `failed`: it gave no answer, or refused."""

    at: datetime
    failed: bool


def calls(*, seller_id: int, store_id: int, now: datetime) -> Sequence[Call]:
    """Our calls to the store in the last half hour, the newest first."""
    rows = JournalEntry.objects.filter(seller_id=seller_id, store_id=store_id, incoming=False).order_by("-id")
    newest = rows.values_list("at", "status", "error_code")[:MOST_CALLS]
    since = now - timedelta(minutes=MINUTES)
    return [Call(at, bool(code) or status is None or status >= 400) for at, status, code in newest if at >= since]


def last_runs(*, seller_id: int, store_id: int) -> Sequence[Run]:
    """The newest run of each kind."""
    rows = Run.objects.filter(seller_id=seller_id, store_id=store_id)
    return list(rows.order_by("kind", "-id").distinct("kind"))
