"""The engine's entry points: which errand calls which verb, and what its trouble leads to. No business is done here."""

from collections.abc import Callable
from functools import partial

import structlog
from django.db import OperationalError
from django.utils import timezone

from entrepot.accounts.services import forget_expired
from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import Run, Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.registry import OFFLINE
from entrepot.channels.services import connect, owed, retention, runs, sync, tokens
from entrepot.channels.services.announced import check_known_orders, drain_announced, read_orders
from entrepot.channels.services.drift import check_drift as check_drift_of
from entrepot.channels.services.glance import keep_glances
from entrepot.channels.services.importing.errand import WORKING, TakenOver, open_run, run_import
from entrepot.channels.services.offers_push import push_listings as push_listings_of
from entrepot.channels.services.partial import follow_policies
from entrepot.channels.services.price_following import run_price_lists
from entrepot.channels.services.promotions import run_promotions
from entrepot.channels.services.push import push_stock as push_stock_of
from entrepot.channels.services.statuses import push_statuses as push_statuses_of
from entrepot.channels.services.sync import run_sync
from entrepot.channels.services.trouble import note_answer, note_trouble, words_of
from entrepot.connectors.contract import NotPermitted
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.crypto import KeyMissing, SealBroken
from entrepot.kernel.errors import ChannelError, ChannelRejected, Refused
from entrepot.orders.services import fill_all_waiting
from entrepot.orders.services.bulk import forget_files, open_bulks
from entrepot.orders.services.counts import fold_counts
from entrepot.outgoing import watermark
from entrepot.outgoing.queries import active_endpoint
from entrepot.outgoing.services.deliver import deliver as deliver_to
from entrepot.outgoing.services.deliver import forget_taken, owes, owing
from entrepot.sheets.orders_bulk import carry_on
from entrepot.sheets.services.uploads import forget_old
from entrepot.sheets.services.work import owes_work, wake_uploads
from entrepot.sheets.services.work import work_upload as work_on
from entrepot.warehouse.services.once import forget_scans
from entrepot.warehouse.services.release import follow_all

log = structlog.get_logger(__name__)

_RUNS = {"import_store": Run.Kind.FIRST_IMPORT, "sync_products": Run.Kind.PRODUCTS}


@engine.errand("push_stock")
def push_stock(store_id: int) -> None:
    """Tell the store the figures it does not show yet."""
    _go("push_stock", store_id, push_stock_of)


@engine.errand("pull_orders")
def pull_orders(store_id: int) -> None:
    """Read the store's new and changed orders."""
    _go("pull_orders", store_id, _Reading(forced=True), also="drain_events")


@engine.errand("drain_events")
def drain_events(store_id: int) -> None:
    """Something was announced: fetch these orders, and read on where that is due."""
    _go("drain_events", store_id, _Reading(forced=False), also="pull_orders")


@engine.errand("push_statuses")
def push_statuses(store_id: int) -> None:
    """Tell the store the statuses it does not know yet."""
    _go("push_statuses", store_id, push_statuses_of)


@engine.errand("push_listings")
def push_listings(store_id: int) -> None:
    """Tell the store what to change of what it lists."""
    _go("push_listings", store_id, push_listings_of)


@engine.errand("check_states")
def check_states(store_id: int) -> None:
    """Compare open orders with the store's short list."""
    _go("check_states", store_id, check_known_orders)


@engine.errand("check_drift")
def check_drift(store_id: int) -> None:
    """Read the store's figures back and name what differs."""
    _go("check_drift", store_id, check_drift_of)


@engine.errand("import_store")
def import_store(store_id: int) -> None:
    """Carry the first import on."""
    _go("import_store", store_id, lambda store: run_import(store=store))


@engine.errand("sync_products")
def sync_products(store_id: int) -> None:
    """Carry a product sync on."""
    _go("sync_products", store_id, lambda store: run_sync(store=store))


@engine.errand("check_connection")
def check_connection(store_id: int) -> None:
    """Ask a broken store whether it works again."""
    store = _store(store_id)
    if store is not None and store.state in {*WORKING, Store.State.BROKEN}:
        with engine.store_lock(store_id, "connection") as mine:
            if mine:
                connect.check_connection(store=store)


@engine.errand("renew_grant")
def renew_grant(store_id: int) -> None:
    """Renew a consent that would end though nobody needs the store; say so where it has ended."""
    store = _store(store_id)
    if store is not None and store.state in tokens.KEPT_ALIVE:
        with engine.store_lock(store_id, "connection") as mine:
            if mine:
                connect.keep_consent(store=store)


@engine.errand("register_webhook")
def register_webhook(store_id: int) -> None:
    """Ask a live store to announce changes."""
    store = _store(store_id)
    if store is not None:
        connect.register_webhook(store=store)


@engine.errand("carry_bulk")
def carry_bulk(bulk_id: int) -> None:
    """Carry a deed for many orders on."""
    if carry_on(bulk_id=bulk_id):
        engine.wake("carry_bulk", bulk_id)


@engine.periodic("tick", cron=f"* * * * * */{engine.TICK_SECONDS}")
def tick() -> None:
    """Wake whatever is owed."""
    owed.wake_owed()
    for bulk_id in open_bulks():
        engine.wake("carry_bulk", bulk_id)


@engine.periodic("fill", cron=f"* * * * * */{engine.TICK_SECONDS}")
def fill() -> None:
    """Give stock that has come to the orders that wait for it."""
    for seller_id in fill_all_waiting(actor=SYSTEM).keys() | follow_policies(actor=SYSTEM).keys():
        announce(seller_id, "orders")


@engine.periodic("follow_orders", cron=f"* * * * * */{engine.TICK_SECONDS}")
def follow_orders() -> None:
    """Let the warehouses' work follow its orders: begin it where they are released, end it where they turn back."""
    for seller_id in follow_all(actor=SYSTEM):
        announce(seller_id, "orders")


@engine.errand("deliver")
def deliver(endpoint_id: int) -> None:
    """Tell another system what it is owed."""
    engine.drain(
        endpoint_id,
        "deliveries",
        work=partial(_deliver, endpoint_id),
        owed=partial(owes, endpoint_id=endpoint_id),
    )


def _deliver(endpoint_id: int) -> bool:
    endpoint = active_endpoint(endpoint_id=endpoint_id)
    return endpoint is not None and deliver_to(endpoint) > 0


@engine.periodic("tell_others", cron=f"* * * * * */{engine.TICK_SECONDS}")
def tell_others() -> None:
    """Wake what is owed to other systems."""
    watermark.settle()
    for endpoint_id in owing():
        engine.wake("deliver", endpoint_id)


@engine.errand("work_upload")
def work_upload(upload_id: int) -> None:
    """Carry a file of many changes on."""
    engine.drain(upload_id, "uploads", work=partial(work_on, upload_id), owed=partial(owes_work, upload_id))


@engine.periodic("wake_uploads", cron=f"* * * * * */{engine.TICK_SECONDS}")
def wake_files() -> None:
    """Wake the files that are not through."""
    wake_uploads()


@engine.periodic("fold_counts", cron="* * * * * */15")
def count_orders() -> None:
    """Add up how many orders stand at each status."""
    fold_counts(actor=SYSTEM)


@engine.periodic("keep_glances", cron="* * * * * */20")
def keep_glance() -> None:
    """Count what the desks of large sellers show at a glance."""
    keep_glances(actor=SYSTEM)


@engine.periodic("promotions", cron="* * * * * */10")
def promotions() -> None:
    """Begin and end what is due."""
    run_promotions()


@engine.periodic("price_lists", cron="* * * * * */10")
def price_lists() -> None:
    """Tell stores that follow a price list what it says now."""
    run_price_lists()


@engine.periodic("renew_grants", cron="11 * * * * 0")
def renew_grants() -> None:
    """See that no consent ends for want of use."""
    for store_id in tokens.grants_ending():
        engine.wake("renew_grant", store_id)


@engine.periodic("stale_products", cron="*/10 * * * * 23")
def stale_products() -> None:
    """Read products again whose last reading is a day old."""
    sync.sync_stale()


@engine.periodic("rescue", cron="* * * * * */10")
def rescue() -> None:
    """Put jobs of dead workers back."""
    if rescued := engine.rescue_stalled():
        log.warning("jobs_rescued", count=rescued)


@engine.periodic("prune", cron="17 * * * * 0")
def prune() -> None:
    """Delete what is past its time."""
    retention.prune()
    forget_expired(actor=SYSTEM)
    forget_scans(actor=SYSTEM)
    forget_old()
    forget_taken()
    forget_files(actor=SYSTEM)


def _store(store_id: int) -> Store | None:
    """The store with its name, if it has an API."""
    found = Store.objects.select_related("sales_channel").filter(pk=store_id).exclude(connector=OFFLINE)
    return found.first()


def _go(task: str, store_id: int, verb: Callable[[Store], object], *, also: str = "") -> None:
    """Run a verb in the store's lane until nothing is owed. A store that asked for patience is left alone till then.

    `also` = an errand of the same lane that went home because this one had it; it is asked for before letting go.
    """
    store = _store(store_id)
    if store is None or store.state not in WORKING:
        return
    if store.penalty_until is not None and store.penalty_until > timezone.now():
        engine.defer_at(task, store_id, store.penalty_until)
        return
    engine.drain(
        store_id,
        engine.ERRANDS[task].lane,
        work=partial(_work, task, store, verb),
        owed=lambda: any(owed.owes(task=name, store_id=store_id) for name in (task, also) if name),
    )


def _work(task: str, store: Store, verb: Callable[[Store], object]) -> bool:
    """Do it once; whether to look again. Expected trouble has its consequence here; the rest is a bug and stays one."""
    try:
        verb(store)
    except TakenOver:
        return True
    except (ChannelRejected, NotPermitted) as error:
        _note_refusal(task, store, error)
        return False
    except (ChannelError, KeyMissing, SealBroken) as error:
        note_trouble(store=store, error=error)
        if run := _run_of(task, store):
            runs.suspend(run=run, error=error)
        return False
    except Refused as error:
        if run := _run_of(task, store):
            runs.stop(run=run, error=error)
            return False
        raise
    except OperationalError:
        raise
    except Exception as error:
        log.exception("errand_failed", task=task, store=store.pk)
        _note_bug(task, store, error)
        raise
    note_answer(store=store)
    resolve_problems(seller_id=store.seller_id, object_type="errand", object_id=f"{task}:{store.pk}", actor=SYSTEM)
    return True


def _run_of(task: str, store: Store) -> Run | None:
    return open_run(store=store, kind=_RUNS[task]) if task in _RUNS else None


def _note_refusal(task: str, store: Store, error: ChannelError) -> None:
    """The store takes the errand itself for wrong: a run stops, any other is tried again after a rest.

    The store's other errands go on: a permission that one of them lacks says nothing about the rest.
    """
    if run := _run_of(task, store):
        runs.stop(run=run, error=error)
        return
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code="errand_refused",
        object_type="errand",
        object_id=f"{task}:{store.pk}",
        fields=words_of(error) | {"errand": task},
        detail=error.detail,
    )


def _note_bug(task: str, store: Store, error: Exception) -> None:
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code="errand_failed",
        object_type="errand",
        object_id=f"{task}:{store.pk}",
        fields={"errand": task},
        detail=f"{type(error).__name__}: {error}",
    )


class _Reading:
    """Orders in, as one round of the lane: what is announced first, then everything that changed, where that is due.

    Orders wait for the products they name: while a first import reads those, it alone decides when.
    """

    def __init__(self, *, forced: bool) -> None:
        self._forced = forced

    def __call__(self, store: Store) -> None:
        run = open_run(store=store, kind=Run.Kind.FIRST_IMPORT)
        if run is not None and run.phase != "orders":
            return
        forced, self._forced = self._forced, False
        drain_announced(store)
        if forced or owed.owes(task="pull_orders", store_id=store.pk):
            read_orders(store)
