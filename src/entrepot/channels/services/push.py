"""Showing each store what it should show. Stale listings are asked of the rows; no lock is held while we talk."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from django.db import connection
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import Store
from entrepot.channels.opening import lent_or_opened
from entrepot.channels.services.announced import orders_first
from entrepot.channels.services.push_answers import PushReport, note_answers, note_unchanged
from entrepot.channels.services.push_figures import Figure, chunks, figures, stale_ids
from entrepot.connectors.contract import Connector, LevelAnswer, StockLevel, StockSink
from entrepot.kernel.errors import ChannelRejected

log = structlog.get_logger(__name__)

ROUNDS = 4
"""How often one push goes again after the store showed another figure than we believed."""
ORDERS_PATIENCE = 3.0
"""Seconds to wait for somebody else who reads the orders; after that the figure stays stale till the next push."""
FULL_EVERY_SECONDS = 30.0

_last_full: dict[int, float] = {}

_OWING = """
WITH owned AS (
    SELECT listing.id, listing.store_id, listing.item_id, listing.sent_version, listing.force_push
    FROM channels_store store
    JOIN channels_listing listing ON listing.store_id = store.sales_channel_id
    WHERE store.state = 'live' AND listing.item_id IS NOT NULL AND listing.stock_push
      AND listing.state IN ('active', 'inactive')
      AND (listing.next_try_at IS NULL OR listing.next_try_at <= %s)
), items AS (
    SELECT owned.*, NOT EXISTS (SELECT FROM catalog_kitpart part WHERE part.kit_id = owned.item_id) AS counts
    FROM owned
    UNION ALL
    SELECT owned.id, owned.store_id, part.item_id, owned.sent_version, owned.force_push, true
    FROM owned JOIN catalog_kitpart part ON part.kit_id = owned.item_id
)
SELECT DISTINCT known.store_id
FROM (
    SELECT items.store_id, items.sent_version, items.force_push, sum(stock.version) AS version
    FROM items JOIN inventory_stock stock ON stock.item_id = items.item_id
    GROUP BY items.id, items.store_id, items.sent_version, items.force_push
    HAVING bool_or(items.counts)
) known
WHERE known.force_push OR known.version <> known.sent_version
"""


def push_stock(
    store: Store, *, connector: Connector | None = None, full: bool | None = None, cause: str = "push"
) -> PushReport:
    """Tell the store every figure it does not show yet, riskiest first, until nothing is stale.

    A store that is not live is told nothing. Each figure is written only where the store still shows what we saw last;
    where it does not, the store's orders are read first and the figure is counted anew.

    Raises:
        ChannelError: The store cannot be talked to; what was acknowledged before stays written, the rest stays stale.
    """
    report = PushReport()
    store.refresh_from_db(fields=["state", "settings"])
    if not store.writable:
        return report
    wide = _full_is_due(store.pk) if full is None else full
    stale = stale_ids(store, now=timezone.now(), full=wide)
    if not stale:
        return report
    with lent_or_opened(store, connector, lane="stock") as open_connector:
        for _ in range(ROUNDS):
            if open_connector.stock is None or not stale:
                break
            done = _tell(store, open_connector.stock, stale, cause)
            report.add(done)
            if done.changed and not orders_first(store, connector=open_connector, patience=ORDERS_PATIENCE):
                break
            stale = stale_ids(store, now=timezone.now(), full=False)
    if report.changed:
        engine.wake("pull_orders", store.pk)
    if report.sent or report.refused or report.missing:
        announce(store.seller_id, f"store:{store.pk}")
    return report


def _full_is_due(store_id: int) -> bool:
    """A narrow search misses what a slow transaction committed late; every half minute the search is a full one."""
    now = time.monotonic()
    if now - _last_full.get(store_id, -FULL_EVERY_SECONDS) < FULL_EVERY_SECONDS:
        return False
    _last_full[store_id] = now
    return True


def _tell(store: Store, sink: StockSink, listing_ids: Sequence[int], cause: str) -> PushReport:
    """Send the figures of these listings in the store's batches; each batch is counted just before it goes."""
    report = PushReport()
    ordered = figures(store, listing_ids=listing_ids)
    for batch in chunks(ordered, size=max(1, sink.batch_size)):
        fresh = figures(store, listing_ids=[row.listing_id for row in batch])
        quiet = [row for row in fresh if row.settled]
        note_unchanged(store, rows=quiet, now=timezone.now())
        report.unchanged += len(quiet)
        loud = [row for row in fresh if not row.settled]
        if loud:
            report.add(_send(store, sink, loud, cause))
    return report


def _send(store: Store, sink: StockSink, rows: Sequence[Figure], cause: str) -> PushReport:
    answers = _ask(sink.push, rows)
    report = note_answers(store, rows=rows, answers=answers, now=timezone.now(), cause=cause)
    log.info("stock_pushed", store=store.pk, sent=report.sent, changed=report.changed, refused=report.refused)
    return report


def _ask(push: Callable[[Sequence[StockLevel]], Sequence[LevelAnswer]], rows: Sequence[Figure]) -> list[LevelAnswer]:
    """Send one batch. A batch refused as a whole is halved until the one that cannot go stands alone."""
    levels = [
        StockLevel(
            remote_id=row.remote_id,
            variation_key=row.variation_key,
            quantity=row.quantity,
            parent_id=row.parent_id or None,
            expected=row.seen,
        )
        for row in rows
    ]
    try:
        return list(push(levels))
    except ChannelRejected as refusal:
        if len(rows) > 1:
            half = len(rows) // 2
            return [*_ask(push, rows[:half]), *_ask(push, rows[half:])]
        only = rows[0]
        return [
            LevelAnswer(
                remote_id=only.remote_id,
                variation_key=only.variation_key,
                outcome="refused",
                code=refusal.code,
                reason=str(refusal.fields.get("reason", refusal.detail))[:500],
            )
        ]


def stores_owing_stock(*, now: datetime | None = None) -> list[int]:
    """Ids of live stores with a stale listing whose time has come; what the tick wakes."""
    with connection.cursor() as cursor:
        cursor.execute(_OWING, [now or timezone.now()])
        return [row[0] for row in cursor.fetchall()]
