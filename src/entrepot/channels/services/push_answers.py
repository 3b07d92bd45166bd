"""Writing down what a store answered to a batch of stock figures, in one statement for each kind of answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from entrepot.channels.models import Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.push_figures import Figure
from entrepot.connectors.contract import LevelAnswer
from entrepot.kernel.actor import SYSTEM

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
REFUSED = "stock_refused"
MISSING = "listing_missing"

_TOLD = """
UPDATE channels_listing listing
SET sent_version = CASE WHEN listing.xmin::text = told.mark THEN told.version ELSE listing.sent_version END,
    force_push = listing.force_push AND listing.xmin::text <> told.mark,
    sent_quantity = told.quantity, seen_quantity = told.seen,
    sent_at = CASE WHEN told.called THEN %(now)s ELSE listing.sent_at END,
    seen_at = CASE WHEN told.called THEN %(now)s ELSE listing.seen_at END,
    attempts = 0, next_try_at = NULL, error_code = '', error_reason = '', updated_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(versions)s::bigint[], %(quantities)s::int[], %(seen)s::int[], %(called)s::bool[],
            %(marks)s::text[]) AS told (id, version, quantity, seen, called, mark)
WHERE listing.id = told.id AND listing.store_id = %(store)s
"""
_HISTORY = """
INSERT INTO channels_stocktold (listing_id, at, kind, quantity, version, cause)
SELECT told.id, %(now)s, told.kind, told.quantity, told.version, told.cause
FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(quantities)s::int[], %(versions)s::bigint[], %(causes)s::text[])
     AS told (id, kind, quantity, version, cause)
"""
_SEEN = """
UPDATE channels_listing listing SET seen_quantity = shown.seen, seen_at = %(now)s, updated_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(seen)s::int[]) AS shown (id, seen)
WHERE listing.id = shown.id AND listing.store_id = %(store)s
"""
_REFUSED = """
UPDATE channels_listing listing
SET attempts = listing.attempts + 1, next_try_at = refused.next_try, error_code = refused.code,
    error_reason = refused.reason, updated_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(next)s::timestamptz[], %(codes)s::text[], %(reasons)s::text[])
     AS refused (id, next_try, code, reason)
WHERE listing.id = refused.id AND listing.store_id = %(store)s
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the history of what a store was told or showed."""

    listing_id: int
    kind: str
    quantity: int | None
    version: int | None
    cause: str


@dataclass(slots=True)
class PushReport:
    """What a push did, counted by listing. `changed`: the store showed another figure than we believed."""

    sent: int = 0
    unchanged: int = 0
    changed: int = 0
    refused: int = 0
    missing: int = 0

    def add(self, other: "PushReport") -> None:
        """Count another push in."""
        self.sent += other.sent
        self.unchanged += other.unchanged
        self.changed += other.changed
        self.refused += other.refused
        self.missing += other.missing


def back_off(attempts: int) -> timedelta:
    """How long to wait after the n-th refusal: doubling from 30 s, at most six hours, for ever."""
    return min(FIRST_RETRY * (1 << min(attempts, 20)), LONGEST_RETRY)


def note_unchanged(store: Store, *, rows: Sequence[Figure], now: datetime) -> None:
    """The store shows these figures already: remember the version without a call."""
    _write_told(store, [(row, row.quantity, False) for row in rows], now)


def _write_told(store: Store, rows: Sequence[tuple[Figure, int | None, bool]], now: datetime) -> None:
    if not rows:
        return
    facts = {
        "store": store.pk,
        "now": now,
        "ids": [row.listing_id for row, _, _ in rows],
        "versions": [row.version for row, _, _ in rows],
        "quantities": [row.quantity for row, _, _ in rows],
        "seen": [seen for _, seen, _ in rows],
        "called": [called for _, _, called in rows],
        "marks": [row.mark for row, _, _ in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, facts)
    for row, _, _ in rows:
        if row.attempts:
            resolve_problems(
                seller_id=store.seller_id,
                object_type="listing",
                object_id=row.listing_id,
                codes=[REFUSED],
                actor=SYSTEM,
            )


def write_history(rows: Sequence[Told], *, now: datetime) -> None:
    """Append what stores were told and what they showed."""
    if not rows:
        return
    facts: dict[str, Any] = {
        "now": now,
        "ids": [row.listing_id for row in rows],
        "kinds": [row.kind for row in rows],
        "quantities": [row.quantity for row in rows],
        "versions": [row.version for row in rows],
        "causes": [row.cause for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, facts)


def note_seen(store: Store, *, shown: Sequence[tuple[int, int | None]], now: datetime) -> None:
    """Remember what the store shows: pairs of listing id and figure."""
    facts = {"store": store.pk, "now": now, "ids": [row[0] for row in shown], "seen": [row[1] for row in shown]}
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, facts)


@transaction.atomic
def note_answers(
    store: Store, *, rows: Sequence[Figure], answers: Sequence[LevelAnswer], now: datetime, cause: str = "push"
) -> PushReport:
    """Write down a batch's answers: acknowledged figures with the version they were read at, refusals.

    A store that shows another figure than expected, but the very one we wanted, has been told.
    """
    told: list[tuple[Figure, int | None, bool]] = []
    history: list[Told] = []
    changed: list[tuple[Figure, LevelAnswer]] = []
    refused: list[tuple[Figure, LevelAnswer]] = []
    missing: list[Figure] = []
    for row, answer in zip(rows, answers, strict=True):
        match answer.outcome:
            case "accepted":
                seen = row.quantity if answer.seen is None else answer.seen
                told.append((row, seen, True))
                history.append(Told(row.listing_id, "sent", row.quantity, row.version, cause))
                if seen != row.quantity:
                    history.append(Told(row.listing_id, "seen", seen, row.version, "shown_otherwise"))
            case "changed":
                history.append(Told(row.listing_id, "seen", answer.seen, row.version, "changed_there"))
                if answer.seen == row.quantity:
                    told.append((row, answer.seen, True))
                else:
                    changed.append((row, answer))
            case "refused":
                refused.append((row, answer))
            case "missing":
                missing.append(row)
    _write_told(store, told, now)
    if changed:
        note_seen(store, shown=[(row.listing_id, answer.seen) for row, answer in changed], now=now)
    write_history(history, now=now)
    _note_refused(store, refused, now)
    _note_missing(store, missing, now)
    return PushReport(sent=len(told), changed=len(changed), refused=len(refused), missing=len(missing))


def _note_refused(store: Store, refused: Sequence[tuple[Figure, LevelAnswer]], now: datetime) -> None:
    if not refused:
        return
    facts = {
        "store": store.pk,
        "now": now,
        "ids": [row.listing_id for row, _ in refused],
        "next": [now + back_off(row.attempts) for row, _ in refused],
        "codes": [(answer.code or "refused")[:40] for _, answer in refused],
        "reasons": [answer.reason[:500] for _, answer in refused],
    }
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, facts)
    for row, answer in refused:
        open_problem(
            seller_id=store.seller_id,
            store_id=store.pk,
            code=REFUSED,
            object_type="listing",
            object_id=row.listing_id,
            fields={"title": row.title, "quantity": row.quantity, "reason": answer.reason},
            detail=answer.code,
            now=now,
        )


def _note_missing(store: Store, missing: Sequence[Figure], now: datetime) -> None:
    if missing:
        mark_missing(store, listings=[(row.listing_id, row.title) for row in missing], now=now)


def mark_missing(store: Store, *, listings: Sequence[tuple[int, str]], now: datetime) -> None:
    """The store no longer has these products: pairs of listing id and title. Nothing is pushed to them any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_listing SET state = 'missing', force_push = false, updated_at = %s"
            " WHERE store_id = %s AND id = ANY(%s)",
            [now, store.pk, [listing_id for listing_id, _ in listings]],
        )
    for listing_id, title in listings:
        open_problem(
            seller_id=store.seller_id,
            store_id=store.pk,
            code=MISSING,
            object_type="listing",
            object_id=listing_id,
            fields={"title": title},
            now=now,
        )
