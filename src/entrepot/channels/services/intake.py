"""Orders on their way in: keep first, then act; act once. The road is one, whoever says that something moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import IncomingOrder, Problem, Store
from entrepot.channels.opening import lent_or_opened, setting
from entrepot.channels.problems import open_problem
from entrepot.channels.services.debts import owe
from entrepot.channels.services.intake_desk import Entered
from entrepot.channels.services.intake_enter import SETTLE_TIME, enter_waiting
from entrepot.channels.services.intake_gone import release_deleted
from entrepot.channels.services.intake_keep import SETTLING, UNREADABLE, Kept, keep_orders
from entrepot.channels.services.wakes import wake_pushes
from entrepot.connectors.contract import Connector, OrderPage, OrderSource
from entrepot.kernel.actor import Actor
from entrepot.orders.claims import OPEN
from entrepot.orders.models import Order, OrderClaim, Status

log = structlog.get_logger(__name__)

STATES_AT_ONCE = 1000
FETCH_AT_ONCE = 100
OPEN_STATUSES = (
    Status.NEW,
    Status.PARTIAL,
    Status.RFP,
    Status.READY_TO_SHIP,
    Status.IN_TRANSIT,
    Status.ON_HOLD,
    Status.CANCEL_IN_PROCESS,
    Status.SELLER_CANCEL_IN_PROCESS,
    Status.RETURN_IN_PROCESS,
)
TRANSIT_WATCHED = timedelta(days=120)
"""Many shops never complete an order: what left longer ago than this is not asked for every half hour."""
_KNOWN_AS = Coalesce("split_from__remote_id", "remote_id")
"""Stores know the order that a part was split off from."""


@dataclass(slots=True)
class PullReport:
    """What a pull brought, counted by order. `kept`: new or newer than what we had; the rest was a repeat."""

    pages: int = 0
    seen: int = 0
    kept: int = 0
    gone: int = 0
    unreadable: int = 0
    entered: Entered = field(default_factory=Entered)


def store_actor(store: Store) -> Actor:
    """The store as the one who did it."""
    return Actor("store", store.sales_channel.name)


def take_in(store: Store, *, page: OrderPage, now: datetime | None = None) -> PullReport:
    """Make a page ours, then enter its orders. Repeats, overlaps, older copies and a crash in between do no harm.

    The raw orders and the cursor are kept in one transaction. The cursor moves only from where `store.order_cursor`
    says this page was read from, so a late page never turns it back. Then each order is entered or gets its problem.
    """
    moment = now or timezone.now()
    report = PullReport(pages=1, seen=len(page.orders), gone=len(page.gone))
    kept = _keep(store, page, moment)
    report.kept, report.unreadable = len(kept.fresh), len(kept.unreadable)
    actor = store_actor(store)
    ours = IncomingOrder.objects.filter(
        store=store,
        seller_id=store.seller_id,
        state=IncomingOrder.State.WAITING,
        remote_id__in={order.remote_id for order in page.orders},
    )
    waiting = list(ours.order_by("id").values_list("id", flat=True))
    report.entered = enter_waiting(store=store, actor=actor, now=moment, incoming_ids=waiting, at_hand=kept.at_hand)
    if page.gone:
        release_deleted(store=store, remote_ids=page.gone, actor=actor, now=moment)
    if report.entered.waiting:
        _pull_again_at(store, moment + SETTLE_TIME)
    if report.entered.moved or page.gone:
        wake_pushes(store.seller_id)
    log.info("orders_taken_in", store=store.pk, seen=report.seen, kept=report.kept, placed=report.entered.placed)
    return report


@transaction.atomic
def _keep(store: Store, page: OrderPage, now: datetime) -> Kept:
    kept = keep_orders(store=store, page=page, now=now)
    for bad in kept.bad:
        open_problem(
            seller_id=store.seller_id,
            store_id=store.pk,
            code=UNREADABLE,
            object_type="incoming_order",
            object_id=kept.unreadable.get(bad.remote_id, 0),
            fields={"remote_id": bad.remote_id},
            detail=f"{bad.code}: {bad.detail}",
            now=now,
        )
    _move_cursor(store=store, cursor=page.cursor)
    return kept


def _move_cursor(*, store: Store, cursor: str) -> None:
    """Move it on from where this page was read; where somebody else moved it meanwhile, theirs stands."""
    if cursor and cursor != store.order_cursor:
        ours = Store.objects.filter(pk=store.pk, seller_id=store.seller_id, order_cursor=store.order_cursor)
        if ours.update(order_cursor=cursor):
            transaction.on_commit(lambda: setattr(store, "order_cursor", cursor))


def _pull_again_at(store: Store, at: datetime) -> None:
    """Bring the next pull forward; never put it off."""
    later = Store.objects.filter(pk=store.pk, seller_id=store.seller_id).filter(
        Q(orders_due_at=None) | Q(orders_due_at__gt=at)
    )
    later.update(orders_due_at=at)


def pull_orders(store: Store, *, connector: Connector | None = None, now: datetime | None = None) -> PullReport:
    """Read every changed order since the cursor and take it in; then enter what an earlier crash left waiting.

    Raises:
        ChannelError: The store cannot be talked to. What was taken in before is ours, and so is its cursor.
    """
    report = PullReport()
    store.refresh_from_db(fields=["state", "settings", "order_cursor", "orders_seen_at"])
    if store.state in {Store.State.PAUSED, Store.State.DISCONNECTED}:
        return report
    with lent_or_opened(store, connector, lane="orders") as open_connector:
        source = open_connector.orders
        if source is None:
            return report
        started = now or timezone.now()
        if not store.order_cursor:
            _begin(store, source)
        for page in source.pages(store.order_cursor):
            _count(report, take_in(store, page=page, now=now))
        _settle(store, source, report, now)
        _finish(store, report, started)
        if owe(store, connector=open_connector):
            engine.wake("push_statuses", store.pk)
    return report


def _begin(store: Store, source: OrderSource) -> None:
    cursor = source.start(int(setting(store, "order_days")))
    if Store.objects.filter(pk=store.pk, seller_id=store.seller_id, order_cursor="").update(order_cursor=cursor):
        store.order_cursor = cursor
    else:
        store.refresh_from_db(fields=["order_cursor"])


def _settle(store: Store, source: OrderSource, report: PullReport, now: datetime | None) -> None:
    """Read again the orders that were in the middle of an edit a minute ago; act on those that stayed as they were."""
    moment = now or timezone.now()
    due = IncomingOrder.objects.filter(
        store=store,
        seller_id=store.seller_id,
        state=IncomingOrder.State.WAITING,
        error_code=SETTLING,
        received_at__lte=moment - SETTLE_TIME,
    )
    before = dict(due.values_list("remote_id", "digest"))
    for ids in _batches(sorted({*before, *_never_read(store)}), FETCH_AT_ONCE):
        _count(report, take_in(store, page=source.fetch(ids), now=now))
    if not before:
        return
    same = [
        row_id
        for row_id, remote_id, digest in due.values_list("id", "remote_id", "digest")
        if before.get(remote_id) == digest
    ]
    entered = enter_waiting(
        store=store, actor=store_actor(store), now=moment, incoming_ids=same, settled=frozenset(same)
    )
    report.entered.add(entered)


def _never_read(store: Store) -> Sequence[str]:
    """Orders that could not be read and of which a person says that they can by now; the cursor is past them."""
    standing = Problem.objects.filter(
        store=store,
        seller_id=store.seller_id,
        code=UNREADABLE,
        object_type="incoming_order",
        resolved_at=None,
    )
    ids = [int(text) for text in standing.values_list("object_id", flat=True) if text.isdigit()]
    rows = IncomingOrder.objects.filter(store=store, seller_id=store.seller_id, state=IncomingOrder.State.WAITING)
    return list(rows.filter(pk__in=ids).values_list("remote_id", flat=True))


def _finish(store: Store, report: PullReport, started: datetime) -> None:
    """Enter what is left waiting, and say when the store was read and when it is due again."""
    moment = timezone.now()
    left = enter_waiting(store=store, actor=store_actor(store), now=moment)
    report.entered.add(left)
    due = started + timedelta(minutes=float(setting(store, "order_minutes")))
    if left.waiting:
        due = min(due, moment + SETTLE_TIME)
    _due_next(store, started, due)
    announce(store.seller_id, f"store:{store.pk}")
    if report.entered.moved:
        wake_pushes(store.seller_id)


def _due_next(store: Store, started: datetime, due: datetime) -> None:
    """Due again by the clock, unless somebody asked for it while we read: what they speak of may be newer than that."""
    asked = Case(
        When(orders_due_at__gt=started, orders_due_at__lt=due, then=F("orders_due_at")),
        default=Value(due),
        output_field=DateTimeField(),
    )
    Store.objects.filter(pk=store.pk, seller_id=store.seller_id).update(orders_seen_at=started, orders_due_at=asked)
    store.refresh_from_db(fields=["orders_seen_at", "orders_due_at"])


def _count(report: PullReport, page: PullReport) -> None:
    report.pages += page.pages
    report.seen += page.seen
    report.kept += page.kept
    report.gone += page.gone
    report.unreadable += page.unreadable
    report.entered.add(page.entered)


def _batches(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def check_states(store: Store, *, connector: Connector | None = None, now: datetime | None = None) -> PullReport:
    """Compare every open order with the store's short list; take in those that changed, release those that are gone.

    Finds what leaves no trace in the store's history: an order deleted, a status written past it, a wish about some
    lines that was taken back or decided there.

    Raises:
        ChannelError: The store cannot be talked to.
    """
    report = PullReport()
    store.refresh_from_db(fields=["state", "settings", "order_cursor", "orders_seen_at"])
    if store.state in {Store.State.PAUSED, Store.State.DISCONNECTED}:
        return report
    known = _watched(store, now or timezone.now())
    undecided = _undecided(store)
    with lent_or_opened(store, connector, lane="orders") as open_connector:
        source = open_connector.orders
        if source is None:
            return report
        for ids in _batches(sorted(known), STATES_AT_ONCE):
            states = source.states(ids)
            gone = [state.remote_id for state in states if state.status_id is None]
            moved = [
                state.remote_id
                for state in states
                if state.status_id is not None
                and ((state.status_id, state.version) != known[state.remote_id] or state.remote_id in undecided)
            ]
            for some in _batches(moved, FETCH_AT_ONCE):
                _count(report, take_in(store, page=source.fetch(some), now=now))
            if gone:
                _count(report, take_in(store, page=OrderPage(orders=(), cursor="", more=False, gone=gone), now=now))
    _note_states_checked(store, now or timezone.now())
    return report


def _watched(store: Store, now: datetime) -> dict[str, tuple[str, int]]:
    """Status and version, as we saw them last, of orders whose end is still open; of a part, under its root's id."""
    ours = Order.objects.filter(seller_id=store.seller_id, sales_channel_id=store.pk, status__in=OPEN_STATUSES)
    rows = ours.exclude(status=Status.IN_TRANSIT, placed_at__lte=now - TRANSIT_WATCHED)
    rows = rows.annotate(known_as=_KNOWN_AS)
    return {
        remote_id: (status_id, version)
        for remote_id, status_id, version in rows.values_list("known_as", "remote_status_id", "remote_version")
    }


def _undecided(store: Store) -> set[str]:
    """Orders with an open wish in stores that number no copies: their short list does not say what became of it."""
    rows = OrderClaim.objects.filter(state__in=OPEN, order__seller_id=store.seller_id)
    rows = rows.filter(order__sales_channel_id=store.pk, order__remote_version=0)
    named = rows.annotate(known_as=Coalesce("order__split_from__remote_id", "order__remote_id"))
    return set(named.values_list("known_as", flat=True))


def _note_states_checked(store: Store, at: datetime) -> None:
    Store.objects.filter(pk=store.pk, seller_id=store.seller_id).update(states_checked_at=at)
