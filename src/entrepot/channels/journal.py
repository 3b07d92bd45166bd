"""The payload journal: every call to a store and every push from it, masked, one row each. It never fails a call.

Rows are gathered and written together when the connector is closed, or once a second while it is busy.
"""

import time
from datetime import datetime

import structlog
from django.db import connection, transaction

from entrepot.channels.masking import Masking, references
from entrepot.channels.models import JournalEntry, Store
from entrepot.connectors.contract import CallRecord, ConnectorType

log = structlog.get_logger(__name__)

FLUSH_SECONDS = 1.0
FLUSH_ROWS = 20
_LONGEST_MILLISECONDS = 2_000_000_000


class StoreJournal:
    """The `Journal` lent to a connector of one store. Used by one thread at a time."""

    def __init__(self, store: Store, masking: Masking) -> None:
        self._store = store
        self._masking = masking
        self._rows: list[JournalEntry] = []
        self._flushed = time.monotonic()

    def record(self, call: CallRecord) -> None:
        """Keep a call; must not raise."""
        try:
            self._rows.append(self._row(call, incoming=False))
            if len(self._rows) >= FLUSH_ROWS or time.monotonic() - self._flushed > FLUSH_SECONDS:
                self._write()
        except Exception:
            log.exception("journal_record_failed", store=self._store.pk)

    def received(self, call: CallRecord) -> None:
        """Keep a request that the store made to us; must not raise."""
        try:
            self._rows.append(self._row(call, incoming=True))
            self._write()
        except Exception:
            log.exception("journal_received_failed", store=self._store.pk)

    def flush(self) -> None:
        """Write what is gathered; must not raise."""
        try:
            self._write()
        except Exception:
            log.exception("journal_flush_failed", store=self._store.pk)

    def _row(self, call: CallRecord, *, incoming: bool) -> JournalEntry:
        return JournalEntry(
            seller_id=self._store.seller_id,
            store_id=self._store.pk,
            at=call.started_at,
            incoming=incoming,
            method=call.method[:8],
            target=_storable(self._masking.target(call.url)),
            status=call.status,
            milliseconds=min(max(int(call.seconds * 1000), 0), _LONGEST_MILLISECONDS),
            request=_storable(self._masking.body(call.request_body)),
            answer=_storable(self._masking.body(call.response_body)),
            error_code=call.error.code[:40] if call.error else "",
            error_reason=_storable(self._masking.text(call.error.sentence()))[:500] if call.error else "",
            about=references(call.url, call.request_body, call.response_body),
        )

    def _write(self) -> None:
        rows, self._rows = self._rows, []
        self._flushed = time.monotonic()
        if not rows or (connection.in_atomic_block and connection.needs_rollback):
            return
        with transaction.atomic():
            JournalEntry.objects.bulk_create(rows)


def _storable(text: str) -> str:
    """Without the one character PostgreSQL's text cannot hold."""
    return text.replace("\x00", "")


def journal(store: Store, connector_type: ConnectorType, *, secrets: frozenset[str]) -> StoreJournal:
    """The journal of a store; `secrets` are its credentials' texts, hidden wherever they turn up."""
    return StoreJournal(
        store,
        Masking(
            personal_keys=frozenset(key.lower().replace("-", "_") for key in connector_type.personal_keys),
            secret_keys=frozenset(key.lower().replace("-", "_") for key in connector_type.secret_keys),
            secrets=secrets,
        ),
    )


def prune(*, before: datetime, limit: int = 5000) -> int:
    """Delete up to `limit` entries older than `before`; how many went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM channels_journalentry WHERE id IN"
            " (SELECT id FROM channels_journalentry WHERE at < %s ORDER BY id LIMIT %s)",
            [before, limit],
        )
        return int(cursor.rowcount)
