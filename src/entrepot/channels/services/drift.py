"""Nothing outside is trusted once it has answered: the store's figures are read back and each difference is named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import Drift, Listing, Store
from entrepot.channels.opening import lent_or_opened, setting
from entrepot.channels.problems import open_problem
from entrepot.channels.services.announced import orders_first
from entrepot.channels.services.drift_causes import Difference, causes
from entrepot.channels.services.push import push_stock
from entrepot.channels.services.push_answers import Told, mark_missing, note_seen, write_history
from entrepot.channels.services.push_figures import figures
from entrepot.connectors.contract import Connector, SeenLevel, StockSink

log = structlog.get_logger(__name__)

ORDERS_PATIENCE = 60.0
"""Seconds to wait for somebody else who reads the orders, before the differences are left for the next check."""
OFTEN = 3
"""So many unexplained differences of one listing in a day mean that something else writes stock in the store."""
Cause = Drift.Cause


@dataclass(slots=True)
class DriftReport:
    """What a check saw: listings read, and differences by cause."""

    read: int = 0
    sold_there: int = 0
    canceled_there: int = 0
    edited_there: int = 0
    lost_write: int = 0
    missing: int = 0

    @property
    def differences(self) -> int:
        """How many listings showed another figure than we believed."""
        return self.sold_there + self.canceled_there + self.edited_there + self.lost_write + self.missing


def check_drift(store: Store, *, connector: Connector | None = None, full: bool | None = None) -> DriftReport:
    """Read back what the store shows, name each difference, and repair it: orders first, then figures.

    Full once in the store's `drift_minutes`; in between only listings whose product was touched in the store. A figure
    pushed while we were reading is not judged: what was read may be older.

    Nothing is judged either while somebody else reads the store's orders for long; it is looked at again then.

    Raises:
        ChannelError: The store cannot be talked to; nothing was judged.
    """
    report = DriftReport()
    store.refresh_from_db(fields=["state", "settings", "drift_checked_at"])
    if store.state in {Store.State.PAUSED, Store.State.DISCONNECTED}:
        return report
    began = timezone.now()
    whole = _whole_is_due(store, began) if full is None else full
    touched = None if whole else _touched(store)
    if touched is not None and not touched:
        return report
    with lent_or_opened(store, connector, lane="drift") as open_connector:
        if open_connector.stock is None:
            return report
        found = _differences(store, open_connector.stock, touched, began, report)
        if found and not orders_first(store, connector=open_connector, patience=ORDERS_PATIENCE):
            return report
        if found:
            _judge(store, found, report)
            push_stock(store, connector=open_connector, cause="repair")
            _note_repaired(store)
    if whole:
        _note_checked(store, began)
    announce(store.seller_id, f"store:{store.pk}")
    log.info("drift_checked", store=store.pk, read=report.read, differences=report.differences)
    return report


def _whole_is_due(store: Store, now: datetime) -> bool:
    every = timedelta(minutes=float(setting(store, "drift_minutes")))
    return store.drift_checked_at is None or now - store.drift_checked_at >= every


def _note_checked(store: Store, at: datetime) -> None:
    Store.objects.filter(pk=store.pk, seller_id=store.seller_id).update(drift_checked_at=at)


def _touched(store: Store) -> list[str]:
    unseen = Listing.objects.filter(store=store, seller_id=store.seller_id, seen_at=None).exclude(item=None)
    return sorted(set(unseen.values_list("remote_id", flat=True)))


# --------------------------------------------------------------------------- reading back


def _differences(
    store: Store, sink: StockSink, touched: Sequence[str] | None, began: datetime, report: DriftReport
) -> list[Difference]:
    """Compare what is shown with what we believe is shown. Agreement is remembered, differences are answered."""
    shown = _shown(sink, touched)
    rows = Listing.objects.filter(store=store, seller_id=store.seller_id).exclude(item=None)
    rows = rows.filter(state__in=[Listing.State.ACTIVE, Listing.State.INACTIVE])
    if touched is not None:
        rows = rows.filter(remote_id__in=touched)
    same: list[tuple[int, int | None]] = []
    found: list[Difference] = []
    for listing, told in _with_belief(store, list(rows.order_by("id"))):
        if max(filter(None, (listing.sent_at, listing.seen_at)), default=began) > began:
            continue
        report.read += 1
        level = shown.get((listing.remote_id, listing.variation_key))
        if level is None:
            found.append(Difference(listing, listing.seen_quantity, None, missing=True))
        elif told in {None, level.quantity}:
            same.append((listing.pk, level.quantity))
        else:
            found.append(Difference(listing, told, level.quantity, missing=False))
    if same:
        note_seen(store, shown=same, now=began)
    return _confirmed_missing(sink, found, report)


def _with_belief(store: Store, listings: Sequence[Listing]) -> Iterable[tuple[Listing, int | None]]:
    """Each listing with the figure we believe the store shows.

    It is the figure it was told, if that is still our figure; else what we saw last; None where that is in doubt
    since an order of the store moved it, and a push is owed that will ask anyway.
    """
    present = {row.listing_id: row for row in figures(store, listing_ids=[listing.pk for listing in listings])}
    for listing in listings:
        figure = present.get(listing.pk)
        if figure is not None and listing.sent_version == figure.version and not listing.force_push:
            yield listing, figure.quantity
        else:
            yield listing, None if listing.seen_at is None else listing.seen_quantity


def _shown(sink: StockSink, remote_ids: Sequence[str] | None) -> Mapping[tuple[str, str], SeenLevel]:
    return {(level.remote_id, level.variation_key): level for level in sink.seen(remote_ids)}


def _confirmed_missing(sink: StockSink, found: list[Difference], report: DriftReport) -> list[Difference]:
    """A product may be saved while pages are read; what was not there is asked for once more by its id."""
    absent = sorted({row.listing.remote_id for row in found if row.missing})
    if not absent:
        return found
    again = _shown(sink, absent)
    sure: list[Difference] = []
    for row in found:
        level = again.get((row.listing.remote_id, row.listing.variation_key)) if row.missing else None
        if level is None:
            sure.append(row)
        elif level.quantity != row.told:
            sure.append(Difference(row.listing, row.told, level.quantity, missing=False))
    log.info("drift_missing_asked", asked=len(absent), read=report.read)
    return sure


# --------------------------------------------------------------------------- naming and repairing


def _judge(store: Store, found: Sequence[Difference], report: DriftReport) -> None:
    """Write down each difference with its cause, and make its figure due. A push meanwhile outranks what was read."""
    now = timezone.now()
    with transaction.atomic():
        standing = _still_true(store, found)
        named = causes(store, differences=standing)
        Drift.objects.bulk_create(
            [
                Drift(store=store, listing=row.listing, found_at=now, told=row.told, shown=row.shown, cause=cause)
                for row, cause in named
            ]
        )
        present = [(row, cause) for row, cause in named if cause != Cause.MISSING]
        if present:
            note_seen(store, shown=[(row.listing.pk, row.shown) for row, _ in present], now=now)
            write_history(
                [Told(row.listing.pk, "seen", row.shown, None, str(cause)) for row, cause in present], now=now
            )
            _make_due(store, [row.listing.pk for row, _ in present])
        gone = [(row.listing.pk, row.listing.title) for row, cause in named if cause == Cause.MISSING]
        if gone:
            mark_missing(store, listings=gone, now=now)
    for row, cause in named:
        setattr(report, str(cause), getattr(report, str(cause)) + 1)
        _tell_person(store, row, str(cause), now)
    engine.wake("push_stock", store.pk)


def _still_true(store: Store, found: Sequence[Difference]) -> list[Difference]:
    """Those whose listing we have not pushed since: compared by the figure and time it carried when we looked."""
    present = dict(
        Listing.objects.select_for_update()
        .filter(store=store, seller_id=store.seller_id, pk__in=[row.listing.pk for row in found])
        .order_by("pk")
        .values_list("pk", "sent_at")
    )
    return [row for row in found if row.listing.pk in present and present[row.listing.pk] == row.listing.sent_at]


def _make_due(store: Store, listing_ids: Sequence[int]) -> None:
    Listing.objects.filter(store=store, seller_id=store.seller_id, pk__in=listing_ids).update(
        sent_version=-1, next_try_at=None
    )


def _note_repaired(store: Store) -> None:
    """A difference is repaired once the store shows what it should."""
    with connection.cursor() as cursor:
        cursor.execute(_REPAIRED, {"store": store.pk, "now": timezone.now()})


_REPAIRED = """
UPDATE channels_drift drift SET repaired_at = %(now)s
FROM channels_listing listing
WHERE drift.store_id = %(store)s AND drift.repaired_at IS NULL AND listing.id = drift.listing_id
  AND listing.sent_version <> -1 AND listing.seen_quantity = listing.sent_quantity
"""


def _tell_person(store: Store, row: Difference, cause: str, now: datetime) -> None:
    """An oversold product, and one whose figure keeps being changed by somebody else, are a person's business."""
    fields = {"title": row.listing.title, "told": row.told, "shown": row.shown}
    code = ""
    if row.shown is not None and row.shown < 0:
        code = "oversold"
    elif cause in {Cause.EDITED_THERE, Cause.LOST_WRITE} and _often(row.listing, now):
        code = "stock_drift"
    if code:
        open_problem(
            seller_id=store.seller_id,
            store_id=store.pk,
            code=code,
            object_type="listing",
            object_id=row.listing.pk,
            fields=fields,
            now=now,
        )


def _often(listing: Listing, now: datetime) -> bool:
    lately = Drift.objects.filter(listing=listing, found_at__gte=now - timedelta(days=1))
    return lately.filter(cause__in=[Cause.EDITED_THERE, Cause.LOST_WRITE]).count() >= OFTEN
