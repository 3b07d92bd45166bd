"""Orders that a store has announced by their id: fetched alone and at once, in kinds where reading on costs many calls.

An event writes a row; the row goes once the order was fetched after it. The cursor of the regular reading is never
moved by this. While a long reading holds the lane of orders, what is announced is fetched between two of its calls.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.models import Announced, Problem, Store
from entrepot.channels.opening import lent_or_opened
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.registry import connector_type
from entrepot.channels.services.intake import PullReport, check_states, pull_orders, take_in
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import Connector, OrderPage, OrderSource, OrderState
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import ChannelRejected

log = structlog.get_logger(__name__)

FETCH_AT_ONCE = 100
LANE_PAUSE_SECONDS = 0.2
REFUSED = "announced_order_refused"
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(hours=1)
_ANNOUNCE = """
INSERT INTO channels_announced (store_id, remote_id, at, attempts)
SELECT %(store)s, remote_id, %(now)s, 0 FROM unnest(%(ids)s::text[]) AS named (remote_id) ORDER BY remote_id
ON CONFLICT (store_id, remote_id) DO UPDATE SET at = excluded.at, attempts = 0, next_try_at = NULL
"""
_FETCHED = """
DELETE FROM channels_announced named USING unnest(%(ids)s::bigint[], %(ats)s::timestamptz[]) AS done (id, at)
WHERE named.id = done.id AND named.at = done.at
"""


def note_announced(*, store: Store, remote_ids: Sequence[str], now: datetime | None = None) -> None:
    """Write down that these orders moved; one that stood there already is as new as this."""
    ids = sorted({remote_id[:80] for remote_id in remote_ids if remote_id})
    with connection.cursor() as cursor:
        cursor.execute(_ANNOUNCE, {"store": store.pk, "ids": ids, "now": now or timezone.now()})


def due(*, now: datetime) -> QuerySet[Announced]:
    """What is to be fetched now: all but those that the store has refused a moment ago."""
    return Announced.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now))


def drain_announced(store: Store, *, connector: Connector | None = None, now: datetime | None = None) -> PullReport:
    """Fetch every announced order and take it in. One that the store refuses stays, waits, and is told to a person.

    An order announced anew while it is fetched stays too: the copy at hand may be older than the event.

    Raises:
        ChannelError: The store cannot be talked to; what was not fetched stays announced.
    """
    report = PullReport()
    if store.state in {Store.State.PAUSED, Store.State.DISCONNECTED}:
        return report
    rows = _waiting(store, now)
    if not rows:
        return report
    with lent_or_opened(store, connector, lane="orders") as open_connector:
        source = open_connector.orders
        while source is not None and rows:
            for some, answer in _fetched(source, rows):
                if isinstance(answer, ChannelRejected):
                    _put_off(store, some[0], answer, now or timezone.now())
                    continue
                _add(report, take_in(store, page=replace(answer, cursor=""), now=now))
                _done(store, some)
            rows = _waiting(store, now)
    log.info("announced_fetched", store=store.pk, seen=report.seen, gone=report.gone)
    return report


def read_orders(store: Store, *, connector: Connector | None = None) -> PullReport:
    """Read every changed order (`intake.pull_orders`); what is announced meanwhile does not wait for its end."""
    if not connector_type(store.connector).announced_by_id:
        return pull_orders(store, connector=connector)
    with lent_or_opened(store, connector, lane="orders") as open_connector:
        drain_announced(store, connector=open_connector)
        report = pull_orders(store, connector=_interrupted(store, open_connector))
        drain_announced(store, connector=open_connector)
    return report


def orders_first(store: Store, *, connector: Connector, patience: float) -> bool:
    """Read the store's orders on the way of another errand, in the lane of orders like everybody. Whether it was done.

    Two who read at once could enter an older copy after a newer one: not every store numbers its copies. Whoever has
    the lane began before this was asked, so its reading does not count; after `patience` seconds nothing was read.
    """
    end = time.monotonic() + patience
    while True:
        with engine.store_lock(store.pk, "orders") as mine:
            if mine:
                read_orders(store, connector=connector)
                return True
        if time.monotonic() >= end:
            return False
        time.sleep(LANE_PAUSE_SECONDS)


def check_known_orders(store: Store, *, connector: Connector | None = None) -> PullReport:
    """Compare the known open orders with the store (`intake.check_states`); what is announced does not wait for it."""
    with lent_or_opened(store, connector, lane="orders") as open_connector:
        return check_states(store, connector=_interrupted(store, open_connector))


def _interrupted(store: Store, connector: Connector) -> Connector:
    """The same connector, but its long readings of orders stop for what is announced."""
    if connector.orders is None or not connector_type(store.connector).announced_by_id:
        return connector
    return replace(connector, orders=_Interrupted(store, connector, connector.orders))


@dataclass(frozen=True)
class _Interrupted:
    """An `OrderSource` that fetches announced orders before each of its own pages but the first."""

    store: Store
    connector: Connector
    source: OrderSource

    def start(self, days: int) -> str:
        """As the store has it."""
        return self.source.start(days)

    def pages(self, cursor: str) -> Iterator[OrderPage]:
        """Its pages; a page is the caller's before an announced order is fetched, so no older copy comes later."""
        for page in self.source.pages(cursor):
            yield page
            drain_announced(self.store, connector=self.connector)

    def fetch(self, remote_ids: Sequence[str]) -> OrderPage:
        """As the store has it."""
        return self.source.fetch(remote_ids)

    def states(self, remote_ids: Sequence[str]) -> Sequence[OrderState]:
        """Its states, in portions."""
        found: list[OrderState] = []
        for start in range(0, len(remote_ids), FETCH_AT_ONCE):
            found += self.source.states(remote_ids[start : start + FETCH_AT_ONCE])
            drain_announced(self.store, connector=self.connector)
        return found


def _waiting(store: Store, now: datetime | None) -> list[Announced]:
    rows = due(now=now or timezone.now()).filter(store=store, store__seller_id=store.seller_id)
    return list(rows.order_by("at", "id")[:FETCH_AT_ONCE])


def _fetched(
    source: OrderSource, rows: Sequence[Announced]
) -> Iterator[tuple[Sequence[Announced], OrderPage | ChannelRejected]]:
    """Fetch these; a request refused as a whole is halved until the order that cannot be shown stands alone."""
    try:
        yield rows, source.fetch([row.remote_id for row in rows])
    except ChannelRejected as refusal:
        if len(rows) == 1:
            yield rows, refusal
            return
        half = len(rows) // 2
        yield from _fetched(source, rows[:half])
        yield from _fetched(source, rows[half:])


def _done(store: Store, rows: Sequence[Announced]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FETCHED, {"ids": [row.pk for row in rows], "ats": [row.at for row in rows]})
    refused = Problem.objects.filter(seller_id=store.seller_id, code=REFUSED, resolved_at=None)
    for row_id in refused.filter(object_id__in=[str(row.pk) for row in rows]).values_list("object_id", flat=True):
        resolve_problems(seller_id=store.seller_id, object_type="announced", object_id=row_id, actor=SYSTEM)


def _put_off(store: Store, row: Announced, refusal: ChannelRejected, now: datetime) -> None:
    pause = min(FIRST_RETRY * (1 << min(row.attempts, 12)), LONGEST_RETRY)
    standing = Announced.objects.filter(pk=row.pk, store=store, at=row.at)
    standing.update(attempts=row.attempts + 1, next_try_at=now + pause)
    facts: Mapping[str, object] = words_of(refusal) | {"remote_id": row.remote_id, "errand": "drain_events"}
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code=REFUSED,
        object_type="announced",
        object_id=row.pk,
        fields=facts,
        detail=refusal.detail,
        now=now,
    )


def _add(report: PullReport, page: PullReport) -> None:
    report.pages += page.pages
    report.seen += page.seen
    report.kept += page.kept
    report.gone += page.gone
    report.unreadable += page.unreadable
    report.entered.add(page.entered)
