"""The first import as an errand: phases in order, each page and its cursor in one transaction, resumed where it was.

categories → brands → attributes → products → orders. SIGKILL at any moment costs the page in hand and nothing else.
"""

import time
from collections.abc import Iterator
from functools import partial

import structlog
from django.db import connection, transaction

from entrepot.channels import engine
from entrepot.channels.errors import NoSuchPart
from entrepot.channels.models import Run, Store
from entrepot.channels.opening import opened
from entrepot.channels.services import runs
from entrepot.channels.services.announced import read_orders
from entrepot.channels.services.carriers import take_carriers
from entrepot.channels.services.importing.ahead import read_ahead
from entrepot.channels.services.importing.alike import look_over
from entrepot.channels.services.importing.lists import load_shelf, read_list, write_list
from entrepot.channels.services.importing.opening import settle_opening
from entrepot.channels.services.importing.products import write_products
from entrepot.connectors.contract import Connector, ProductPage, ProductSource
from entrepot.kernel.actor import Actor

log = structlog.get_logger(__name__)

LISTS = ("categories", "brands", "attributes")
PHASES = (*LISTS, "products", "orders")
LANE_PAUSE_SECONDS = 0.3
MANY = 500
"""So many new products are worth fresh statistics: until then the planner believes that the tables are empty."""
_ANALYZE = "ANALYZE catalog_item, catalog_product, inventory_stock, inventory_movement, channels_listing"
WORKING = (Store.State.SHADOW, Store.State.LIVE)


class TakenOver(Exception):
    """Another worker has moved this run on, or somebody has ended it; what was in hand is not written."""


def start_import(*, store: Store, actor: Actor) -> Run:
    """Begin the store's first import, or answer the one that is under way."""
    return runs.start_run(store=store, kind=Run.Kind.FIRST_IMPORT, actor=actor)


def run_import(*, store: Store) -> Run | None:
    """Carry the store's open first import on to its end. None = there is none, or the store is not to be talked to.

    Raises:
        ChannelError: The store cannot be talked to; the run stands at the page it had reached.
    """
    store.refresh_from_db()
    run = open_run(store=store, kind=Run.Kind.FIRST_IMPORT)
    if run is None or store.state not in WORKING:
        return None
    runs.wake_up(run=run)
    with opened(store, lane="catalogue") as connector:
        if not run.phase:
            take_carriers(store, connector=connector)
        for phase in PHASES[PHASES.index(run.phase) if run.phase in PHASES else 0 :]:
            _phase(store, run, connector, phase)
    look_over(store=store, run_id=run.pk)
    runs.finish(run=run)
    log.info("import_done", store=store.pk, **runs.results(run))
    return run


def open_run(*, store: Store, kind: str) -> Run | None:
    """The store's open run of this kind."""
    rows = Run.objects.filter(store=store, seller_id=store.seller_id, kind=kind, state__in=runs.OPEN)
    return rows.order_by("-pk").first()


def reference(run: Run) -> str:
    """The name under which a run opens stock in the ledger."""
    return f"import:{run.pk}"


def store_actor(store: Store) -> Actor:
    """The store as the one who did it."""
    return Actor("store", store.sales_channel.name)


def _phase(store: Store, run: Run, connector: Connector, phase: str) -> None:
    source = connector.products
    if phase in LISTS:
        if source is not None:
            _list_phase(store, run, source, phase)
    elif phase == "products":
        if source is not None:
            _products_phase(store, run, source)
    elif connector.orders is not None:
        _orders_phase(store, run, connector)


def _list_phase(store: Store, run: Run, source: ProductSource, phase: str) -> None:
    runs.begin_phase(run=run, phase=phase, total=store.info.get("counts", {}).get(phase))
    found = read_list(source, phase=phase)
    with transaction.atomic():
        count = write_list(store, phase=phase, found=found, actor=store_actor(store))
        move_on(run, cursor="", done=count, counts={phase: count - run.counts.get(phase, 0)})


def _products_phase(store: Store, run: Run, source: ProductSource) -> None:
    if run.phase != "products":
        runs.begin_phase(run=run, phase="products", total=store.info.get("counts", {}).get("products"))
    read_products(store, run=run, source=source, page_reference=reference(run))
    if run.done >= MANY:
        analyze()


def read_products(store: Store, *, run: Run, source: ProductSource, page_reference: str) -> None:
    """Read all products from the run's cursor on and write them page by page, the next being fetched meanwhile."""
    shelf = load_shelf(store)
    actor = store_actor(store)
    with read_ahead(partial(_pages, source, run.cursor or None)) as pages:
        for page in pages:
            with transaction.atomic():
                written = write_products(
                    store, page=page, shelf=shelf, reference=page_reference, run_id=run.pk, actor=actor
                )
                seen = len(page.products) + len({bad.remote_id for bad in page.bad})
                run.total = page.total if page.total is not None else run.total
                move_on(run, cursor=page.next or END, done=run.done + seen, counts=written.counts())


END = "end"
"""The cursor after the last page: a crash between it and the next phase does not read the catalogue again."""


def analyze() -> None:
    """Tell the planner what an import has filled; autovacuum would do it a minute later."""
    with connection.cursor() as cursor:
        cursor.execute(_ANALYZE)


def _pages(source: ProductSource, cursor: str | None) -> Iterator[ProductPage]:
    if cursor != END:
        yield from source.pages(cursor)


@transaction.atomic
def move_on(run: Run, *, cursor: str, done: int, counts: dict[str, int]) -> None:
    """Move the run's row, if it still stands where we think it does. Inside the transaction that wrote the page.

    Raises:
        TakenOver: It does not; the transaction is undone with it.
    """
    standing = Run.objects.select_for_update(no_key=True).filter(pk=run.pk, state__in=runs.OPEN, phase=run.phase)
    if not standing.filter(cursor=run.cursor).exists():
        raise TakenOver(f"run {run.pk}")
    runs.move_on(run=run, cursor=cursor, done=done, counts=counts)


def _orders_phase(store: Store, run: Run, connector: Connector) -> None:
    """Take in the orders of the last days, then bring our figures to the store's (`opening`)."""
    if run.phase != "orders":
        runs.begin_phase(run=run, phase="orders")
    if connector.orders is None:
        raise NoSuchPart(part="orders")
    before = store.incoming_orders.count()
    _catch_up(store, connector)
    with transaction.atomic():
        count = store.incoming_orders.count()
        move_on(run, cursor="entered", done=count, counts={"orders": count - before})
    if connector.stock is not None:
        report = settle_opening(
            store,
            sink=connector.stock,
            reference=reference(run),
            catch_up=partial(_catch_up, store, connector),
            actor=store_actor(store),
        )
        with transaction.atomic():
            run.counts |= report
            move_on(run, cursor="settled", done=run.done, counts={})


def _catch_up(store: Store, connector: Connector) -> None:
    """Read the store's newest orders, in the orders lane; if somebody else is at it, once they are done."""
    while True:
        with engine.store_lock(store.pk, "orders") as mine:
            if mine:
                read_orders(store, connector=connector)
                return
        time.sleep(LANE_PAUSE_SECONDS)
