"""What each store is owed now, asked of the rows. The tick wakes it; an errand asks once more before it goes home."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.models import IncomingOrder, Problem, Run, StatusDebt, Store
from entrepot.channels.opening import setting
from entrepot.channels.registry import OFFLINE
from entrepot.channels.services import announced, runs
from entrepot.channels.services.importing.errand import WORKING
from entrepot.channels.services.intake_keep import SETTLING
from entrepot.channels.services.offers_push import owes_changes
from entrepot.channels.services.push import stores_owing_stock
from entrepot.channels.services.push_figures import stale_ids
from entrepot.channels.services.trouble import CONNECTION_CODES, CONSENT_CODES, rest_stamp

FULL_LOOK_SECONDS = 60
"""Stale listings are looked for among lately changed items at each tick, among all of them once a minute."""
BROKEN_CHECK = timedelta(minutes=5)
REFUSED_REST = timedelta(minutes=5)
"""An errand that a store refuses as such is not asked for again sooner, unless somebody presses Retry."""


def wake_owed(*, now: datetime | None = None) -> dict[str, int]:
    """Wake every errand that some store is owed; how many stores of each. Harmless as often as you like."""
    now = now or timezone.now()
    woken: dict[str, int] = {}
    resting = _resting(now)
    for task, asks in _ASKS.items():
        for store_id in set(asks(_stores(), now)):
            if f"{task}:{store_id}" in resting:
                continue
            engine.wake(task, store_id)
            woken[task] = woken.get(task, 0) + 1
    return woken


def owes(*, task: str, store_id: int, now: datetime | None = None) -> bool:
    """Whether this store is owed this errand now."""
    now = now or timezone.now()
    asks = _ASKS.get(task)
    return asks is not None and store_id in set(asks(_stores().filter(pk=store_id), now))


def _resting(now: datetime) -> set[str]:
    """Errands that their store refused lately, as problems name them."""
    refused = Problem.objects.filter(code="errand_refused", object_type="errand", resolved_at=None)
    return set(refused.filter(last_at__gt=now - REFUSED_REST).values_list("object_id", flat=True))


def _stores() -> QuerySet[Store]:
    """Stores with an API; a store that asked for a pause, or whose access waits, is left alone until it is over."""
    now = timezone.now()
    awake = Store.objects.exclude(connector=OFFLINE).exclude(penalty_until__gt=now)
    return awake.filter(Q(info__rests_until__isnull=True) | Q(info__rests_until__lte=rest_stamp(now)))


def _working(stores: QuerySet[Store]) -> QuerySet[Store]:
    return stores.filter(state__in=WORKING)


def _stock(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    live = list(stores.filter(state=Store.State.LIVE))
    narrow = {store.pk for store in live if stale_ids(store, now=now, full=False)}
    if now.timestamp() % FULL_LOOK_SECONDS < engine.TICK_SECONDS:
        return narrow | (set(stores_owing_stock(now=now)) & {store.pk for store in live})
    return narrow


def _orders(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    due = Q(orders_due_at__lte=now)
    left = IncomingOrder.objects.filter(state=IncomingOrder.State.WAITING).exclude(error_code=SETTLING)
    waiting = Q(pk__in=left.values("store_id"), orders_seen_at__isnull=False)
    return _reading(stores).filter(due | waiting).values_list("pk", flat=True)


def _announced(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    return _reading(stores).filter(pk__in=announced.due(now=now).values("store_id")).values_list("pk", flat=True)


def _reading(stores: QuerySet[Store]) -> QuerySet[Store]:
    """Stores whose orders may be read: not while a first import still reads the products that they name."""
    first = Run.objects.filter(kind=Run.Kind.FIRST_IMPORT, state__in=runs.OPEN).exclude(phase="orders")
    return _working(stores).exclude(pk__in=first.values("store_id"))


def _states(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    return _every(_working(stores).exclude(orders_seen_at=None), "states_checked_at", "state_minutes", now)


def _drift(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    imported = Run.objects.filter(kind=Run.Kind.FIRST_IMPORT, state=Run.State.DONE)
    ready = _working(stores).filter(pk__in=imported.values("store_id"))
    return _every(ready, "drift_checked_at", "drift_minutes", now)


def _every(stores: QuerySet[Store], column: str, name: str, now: datetime) -> Iterable[int]:
    for store in stores:
        last = getattr(store, column)
        if last is None or last + timedelta(minutes=float(setting(store, name))) <= now:
            yield store.pk


def _statuses(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    debts = StatusDebt.objects.filter(sent_at=None).filter(Q(next_try_at=None) | Q(next_try_at__lte=now))
    return stores.filter(state=Store.State.LIVE, pk__in=debts.values("store_id")).values_list("pk", flat=True)


def _listings(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    return set(owes_changes(now=now)) & set(stores.values_list("pk", flat=True))


def _runs(kind: str) -> Callable[[QuerySet[Store], datetime], Iterable[int]]:
    def ask(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
        rows = Run.objects.filter(kind=kind, state__in=runs.OPEN, store__in=_working(stores))
        return [run.store_id for run in rows if runs.due(run, now=now)]

    return ask


def _broken(stores: QuerySet[Store], now: datetime) -> Iterable[int]:
    """Stores that need attention are asked again now and then: an owner who repairs the shop need not tell us."""
    asked_lately = Problem.objects.filter(
        code__in=CONNECTION_CODES, object_type="store", resolved_at=None, last_at__gt=now - BROKEN_CHECK
    )
    broken = stores.filter(state=Store.State.BROKEN).exclude(state_reason__in=CONSENT_CODES)
    broken = broken.exclude(pk__in=asked_lately.values("store_id"))
    return broken.values_list("pk", flat=True)


_ASKS: Mapping[str, Callable[[QuerySet[Store], datetime], Iterable[int]]] = {
    "push_stock": _stock,
    "drain_events": _announced,
    "pull_orders": _orders,
    "push_statuses": _statuses,
    "push_listings": _listings,
    "check_states": _states,
    "check_drift": _drift,
    "check_connection": _broken,
    "import_store": _runs(Run.Kind.FIRST_IMPORT),
    "sync_products": _runs(Run.Kind.PRODUCTS),
}
