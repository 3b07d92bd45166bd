"""What entering kept orders needs to know, and what is written down about each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import DataError, IntegrityError, connection, transaction

from entrepot.channels.models import IncomingOrder, Problem, StatusMapping, Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.intake_apply import Trouble
from entrepot.channels.services.intake_keep import UNREADABLE, AtHand
from entrepot.channels.services.intake_match import LineMatcher
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import ChannelOrder
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.orders.models import Order

log = structlog.get_logger(__name__)

NOT_TAKEN_IN = "order_not_taken_in"
State = IncomingOrder.State

_MARK = """
UPDATE channels_incomingorder row
SET state = done.state, order_id = coalesce(done.order_id, row.order_id), content_digest = done.content,
    error_code = done.code, error_detail = done.detail, attempts = row.attempts + 1,
    entered_at = CASE WHEN done.state = 'entered' THEN %(now)s ELSE row.entered_at END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(orders)s::bigint[], %(contents)s::text[], %(codes)s::text[],
            %(details)s::text[]) AS done (id, state, order_id, content, code, detail)
WHERE row.id = done.id
"""


@dataclass(slots=True)
class Entered:
    """What became of kept orders, counted. `waiting`: an edit in the store is still settling."""

    placed: int = 0
    followed: int = 0
    ignored: int = 0
    waiting: int = 0
    problems: int = 0

    def add(self, other: "Entered") -> None:
        """Count others in."""
        self.placed += other.placed
        self.followed += other.followed
        self.ignored += other.ignored
        self.waiting += other.waiting
        self.problems += other.problems

    @property
    def moved(self) -> int:
        """How many orders of the desk are new or were looked at again."""
        return self.placed + self.followed


@dataclass(slots=True)
class Row:
    """A kept row on its way in, and what is to be written on it."""

    kept: IncomingOrder
    order: ChannelOrder
    content: str
    state: str = State.WAITING
    desk_id: int | None = None
    code: str = ""
    detail: str = ""


@dataclass(slots=True)
class Errand:
    """For whom orders are entered, and what came of it so far."""

    store: Store
    actor: Actor
    now: datetime
    settled: frozenset[int]
    at_hand: AtHand = field(default_factory=dict)
    report: Entered = field(default_factory=Entered)


@dataclass(slots=True)
class Desk:
    """What entering a handful of rows needs to know, loaded once. `split`: the known orders that have parts here."""

    errand: Errand
    mappings: Mapping[str, StatusMapping]
    known: Mapping[str, Order]
    matcher: LineMatcher
    opened_elsewhere: frozenset[int] = frozenset()
    split: frozenset[int] = frozenset()

    @property
    def historic(self) -> bool:
        """Whether the store has never been read to its end: its orders are older than our books."""
        return self.errand.store.orders_seen_at is None

    def meaning(self, status_id: str) -> str | None:
        found = self.mappings.get(status_id)
        return found.meaning if found else None

    def status_name(self, status_id: str) -> str:
        found = self.mappings.get(status_id)
        return found.name if found else status_id


def open_on_order(desk: Desk, *, order_id: int, trouble: Trouble) -> None:
    """Put a trouble on the order it stands on."""
    desk.errand.report.problems += 1
    open_problem(
        seller_id=desk.errand.store.seller_id,
        store_id=desk.errand.store.pk,
        code=trouble.code,
        object_type="order",
        object_id=order_id,
        fields=trouble.fields,
        now=desk.errand.now,
    )


# --------------------------------------------------------------------------- what went wrong, and what is written down


def alone(desk: Desk, *, row: Row, deed: Callable[[], None]) -> None:
    """Do it for one order whole or not at all; a refusal becomes a named problem on its row."""
    try:
        with transaction.atomic():
            deed()
    except (EntrepotError, DataError, IntegrityError) as error:
        row.state, row.code, row.detail = State.PROBLEM, NOT_TAKEN_IN, type(error).__name__
        row.desk_id, row.content = None, row.kept.content_digest
        desk.errand.report.problems += 1
        log.warning("order_not_taken_in", store=desk.errand.store.pk, remote_id=row.order.remote_id, error=row.detail)
        open_problem(
            seller_id=desk.errand.store.seller_id,
            store_id=desk.errand.store.pk,
            code=NOT_TAKEN_IN,
            object_type="incoming_order",
            object_id=row.kept.pk,
            fields={"remote_id": row.order.remote_id} | _words(error),
            detail=row.detail,
            now=desk.errand.now,
        )


def _words(error: Exception) -> dict[str, Any]:
    """A sentence without the buyer in it: a database's own words may quote a value."""
    return words_of(error) if isinstance(error, EntrepotError) else {"reason": "a value of this order does not fit"}


def note_unreadable(errand: Errand, *, kept: IncomingOrder, why: str) -> None:
    """Only the store's own rows could be kept of this one; a person must look."""
    kept.state, kept.error_code, kept.error_detail = State.PROBLEM, UNREADABLE, why[:2000]
    kept.attempts += 1
    kept.save(update_fields=["state", "error_code", "error_detail", "attempts"])
    errand.report.problems += 1
    open_problem(
        seller_id=errand.store.seller_id,
        store_id=errand.store.pk,
        code=UNREADABLE,
        object_type="incoming_order",
        object_id=kept.pk,
        fields={"remote_id": kept.remote_id},
        detail=why,
        now=errand.now,
    )


def mark_rows(errand: Errand, *, rows: Sequence[Row]) -> None:
    """Write what became of the rows, in one statement, and close what stood against those that are in now."""
    if not rows:
        return
    facts: dict[str, Any] = {
        "now": errand.now,
        "ids": [row.kept.pk for row in rows],
        "states": [str(row.state) for row in rows],
        "orders": [row.desk_id for row in rows],
        "contents": [row.content for row in rows],
        "codes": [row.code for row in rows],
        "details": [row.detail for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, facts)
    standing = Problem.objects.filter(
        seller_id=errand.store.seller_id,
        object_type="incoming_order",
        object_id__in=[str(row.kept.pk) for row in rows if row.state in {State.ENTERED, State.IGNORED}],
        resolved_at=None,
    )
    for incoming_id in sorted(set(standing.values_list("object_id", flat=True))):
        resolve_problems(
            seller_id=errand.store.seller_id,
            object_type="incoming_order",
            object_id=incoming_id,
            actor=errand.actor,
            now=errand.now,
        )
