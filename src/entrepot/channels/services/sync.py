"""Reading products again on demand: one, a selection, or everything. Our stock figures are never touched by it.

What changed in the store is taken over on the listing, what is new there is added, what is gone is marked missing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.errors import NoSuchPart, StoreNotFound, StoreStateForbids
from entrepot.channels.models import Listing, Run, Store
from entrepot.channels.opening import opened, setting
from entrepot.channels.problems import resolve_problems
from entrepot.channels.registry import OFFLINE
from entrepot.channels.services import runs
from entrepot.channels.services.importing.alike import look_over
from entrepot.channels.services.importing.errand import (
    LISTS,
    WORKING,
    move_on,
    open_run,
    read_products,
    store_actor,
)
from entrepot.channels.services.importing.lists import load_shelf, read_list, write_list
from entrepot.channels.services.importing.products import Written, write_products
from entrepot.channels.services.push_answers import MISSING, mark_missing
from entrepot.channels.services.push_rules import sync_stock
from entrepot.connectors.contract import ProductSource
from entrepot.kernel.actor import SYSTEM, Actor

__all__ = ["read_again", "run_sync", "sync_orders", "sync_products", "sync_stale", "sync_stock"]

SELECTION = "_remote_ids"
FETCH_AT_ONCE = 200
HERE = (Listing.State.ACTIVE, Listing.State.INACTIVE)


@transaction.atomic
def sync_products(*, seller_id: int, store_id: int, actor: Actor, listing_ids: Sequence[int] | None = None) -> Run:
    """Ask for these listings (with all variations of their products), or everything, to be read again.

    Raises:
        StoreNotFound: No such store of this seller.
        StoreStateForbids: The store is paused, broken or disconnected.
        NoSuchPart: The channel has no products to read.
    """
    store = _working_store(seller_id, store_id)
    if listing_ids is None:
        return _ask(store, None, actor)
    rows = Listing.objects.filter(store=store, seller_id=seller_id, pk__in=listing_ids)
    places = {remote_id for pair in rows.values_list("remote_id", "parent_id") for remote_id in pair if remote_id}
    return _ask(store, sorted(places), actor)


def sync_stale(*, now: datetime | None = None) -> list[int]:
    """Have the products of every working store read again whose last reading is older than its `product_hours`.

    So that what was changed in a store's own admin is noticed also where the store does not tell. Ids of the stores.
    """
    moment = now or timezone.now()
    read = Run.objects.filter(kind__in=[Run.Kind.FIRST_IMPORT, Run.Kind.PRODUCTS])  # house: seller asked for all stores
    started: list[int] = []
    for store in Store.objects.exclude(connector=OFFLINE).filter(state__in=WORKING).order_by("pk"):
        mine = read.filter(store=store)
        last = mine.filter(state=Run.State.DONE).order_by("-id").values_list("finished_at", flat=True).first()
        hours = float(setting(store, "product_hours"))
        if last is None or mine.filter(state__in=runs.OPEN).exists() or last > moment - timedelta(hours=hours):
            continue
        with transaction.atomic():
            _ask(store, None, SYSTEM)
        started.append(store.pk)
    return started


def sync_orders(*, seller_id: int, store_id: int, actor: Actor) -> Store:  # noqa: ARG001 - every verb names its actor
    """Have the store's orders read now.

    Raises:
        StoreNotFound, StoreStateForbids, NoSuchPart: As above.
    """
    store = _working_store(seller_id, store_id)
    Store.objects.filter(pk=store.pk, seller_id=seller_id).update(orders_due_at=timezone.now())
    engine.wake("pull_orders", store.pk)
    return store


def _working_store(seller_id: int, store_id: int) -> Store:
    store = Store.objects.filter(seller_id=seller_id, pk=store_id).select_related("sales_channel").first()
    if store is None:
        raise StoreNotFound(store_id=store_id)
    if store.connector == OFFLINE:
        raise NoSuchPart(part="products")
    if store.state not in WORKING:
        raise StoreStateForbids(state=Store.State(store.state).label, move="sync")
    return store


def _ask(store: Store, wanted: Sequence[str] | None, actor: Actor) -> Run:
    """Start a run for it, or widen the one that is open. Whoever carries that one on notices, and begins it again."""
    facts = {} if wanted is None else {SELECTION: list(wanted)}
    run = runs.start_run(store=store, kind=Run.Kind.PRODUCTS, actor=actor, facts=facts)
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    standing = run.counts.get(SELECTION)
    if standing is None or standing == wanted:
        return run
    if wanted is None:
        del run.counts[SELECTION]
    else:
        run.counts[SELECTION] = sorted({*standing, *wanted})
    run.phase, run.cursor, run.done = "", "widened", 0
    run.save(update_fields=["counts", "phase", "cursor", "done"])
    return run


def run_sync(*, store: Store) -> Run | None:
    """Carry the store's open product sync to its end. None = there is none.

    Raises:
        ChannelError: The store cannot be talked to; the run stands at the page it had reached.
    """
    store.refresh_from_db()
    run = open_run(store=store, kind=Run.Kind.PRODUCTS)
    if run is None or store.state not in WORKING:
        return None
    runs.wake_up(run=run)
    with opened(store, lane="catalogue") as connector:
        if connector.products is None:
            raise NoSuchPart(part="products")
        if (selection := run.counts.get(SELECTION)) is not None:
            _selection(store, run, connector.products, selection)
        else:
            _everything(store, run, connector.products)
    look_over(store=store, run_id=run.pk)
    runs.finish(run=run)
    return run


def _selection(store: Store, run: Run, source: ProductSource, selection: Sequence[str]) -> None:
    if run.phase != "selection":
        runs.begin_phase(run=run, phase="selection", total=len(selection))
    for first in range(run.done, len(selection), FETCH_AT_ONCE):
        some = selection[first : first + FETCH_AT_ONCE]
        written = read_again(store=store, source=source, remote_ids=some, run_id=run.pk)
        move_on(run, cursor=str(first + len(some)), done=first + len(some), counts=written.counts())


def read_again(*, store: Store, source: ProductSource, remote_ids: Sequence[str], run_id: int | None = None) -> Written:
    """Read these products now; those the store no longer has are marked missing."""
    page = source.fetch(remote_ids)
    present = {product.remote_id for product in page.products} | {bad.remote_id for bad in page.bad}
    gone = [remote_id for remote_id in remote_ids if remote_id not in present]
    with transaction.atomic():
        written = write_products(
            store,
            page=page,
            shelf=load_shelf(store),
            reference=f"sync:{run_id}" if run_id else "sync",
            run_id=run_id,
            actor=store_actor(store),
        )
        back = Listing.objects.filter(store=store, seller_id=store.seller_id, remote_id__in=present)
        _found_again(store, list(back.values_list("pk", flat=True)))
        lost = Listing.objects.filter(store=store, seller_id=store.seller_id, remote_id__in=gone)
        _mark_gone(store, list(lost.values_list("pk", flat=True)))
    return written


def _everything(store: Store, run: Run, source: ProductSource) -> None:
    if run.phase != "products":
        for phase in LISTS:
            found = read_list(source, phase=phase)
            with transaction.atomic():
                write_list(store, phase=phase, found=found, actor=store_actor(store))
        runs.begin_phase(run=run, phase="products")
    read_products(store, run=run, source=source, page_reference=f"sync:{run.pk}")
    with transaction.atomic():
        listings = Listing.objects.filter(store=store, seller_id=store.seller_id)
        here = listings.filter(state__in=HERE)
        _found_again(store, list(here.filter(updated_at__gte=run.started_at).values_list("pk", flat=True)))
        _mark_gone(store, list(here.filter(updated_at__lt=run.started_at).values_list("pk", flat=True)))


def _mark_gone(store: Store, listing_ids: Sequence[int]) -> None:
    rows = Listing.objects.filter(
        store=store,
        seller_id=store.seller_id,
        pk__in=listing_ids,
        state__in=HERE,
    )
    mark_missing(store, listings=list(rows.values_list("pk", "title")), now=timezone.now())


def _found_again(store: Store, listing_ids: Sequence[int]) -> None:
    """Close what stood open because these were missing."""
    for listing_id in _missed(store, listing_ids):
        resolve_problems(
            seller_id=store.seller_id, object_type="listing", object_id=listing_id, codes=[MISSING], actor=SYSTEM
        )


def _missed(store: Store, listing_ids: Sequence[int]) -> list[int]:
    open_ones = store.problems.filter(seller_id=store.seller_id, code=MISSING, resolved_at=None)
    standing = {int(text) for text in open_ones.values_list("object_id", flat=True) if text.isdigit()}
    return sorted(standing & set(listing_ids))
