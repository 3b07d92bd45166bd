"""500 parcels and 500 figures told to a Cafe24 mall that cuts the line on a fifth of the calls it has carried out.

Nothing may come twice and nothing may be missing; the mall's own books are the judge. It runs in this process, without
the mall's limits: what is measured is that all comes to agree, not how fast.
"""

import random
import time
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings

from benchmarks._desk import ACTOR, make_seller
from benchmarks._mall import connect_mall
from benchmarks._rig import Figures, World, must
from entrepot.channels.models import Listing, RemoteCarrier, StatusDebt, Store
from entrepot.channels.registry import connector_type, register
from entrepot.channels.services import lifecycle
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.intake import pull_orders
from entrepot.channels.services.push import push_stock, stores_owing_stock
from entrepot.channels.services.statuses import push_statuses
from entrepot.connectors.cafe24.simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Mall, SimulatorServer
from entrepot.fulfilment import services as fulfilment
from entrepot.inventory import services as inventory
from entrepot.inventory.services.figures import available
from entrepot.kernel.errors import ChannelError
from entrepot.orders import services as orders
from entrepot.orders.models import Order

LOST = 0.2


def run(world: World, *, short: bool) -> Figures:
    parcels, figures = (50, 50) if short else (500, 500)
    register(replace(connector_type("cafe24"), calls_per_second=1000.0, burst=1000, peak_per_second=None))
    with ExitStack() as stack:
        mall = Mall.generated(f"{figures}x1")
        port = urlsplit(settings.CAFE24_API_BASE).port or 0
        server = stack.enter_context(
            SimulatorServer(mall, client_id=DEFAULT_CLIENT_ID, client_secret=DEFAULT_CLIENT_SECRET, port=port)
        )
        server.oauth.decide = "allow"
        server.bucket.enforced = False
        server.quota.calls, server.quota.seconds = 10**9, 1e9
        store = connect_mall(make_seller())
        run_import(store=store)
        lifecycle.go_live(seller_id=store.seller_id, store_id=store.pk, actor=ACTOR)
        store = Store.objects.get(pk=store.pk)
        began = time.monotonic()
        told = _parcels(server, store, parcels)
        shown = _figures(server, store, figures)
        return {
            "value": round(time.monotonic() - began, 1),
            "unit": "s until all agreed",
            **told,
            **shown,
            "memory_mb": world.memory(),
        }


def _parcels(server: SimulatorServer, store: Store, count: int) -> Figures:
    """Every order is packed and handed over; each of the two writes may lose its answer."""
    codes = [product.variants[0].variant_code for product in server.mall.products.values()]
    placed = [server.mall.place_order([(codes[number % len(codes)], 1)]) for number in range(count)]
    _until(lambda: pull_orders(Store.objects.get(pk=store.pk)), lambda: Order.objects.count() >= count)
    carrier = RemoteCarrier.objects.filter(store=store).order_by("remote_id").first()
    must(carrier, "the mall has no carriers")
    lost = _lose(server, "POST shipments", count) + _lose(server, "PUT shipments", count)
    numbers: dict[str, str] = {}
    for order in Order.objects.filter(sales_channel_id=store.pk).order_by("pk"):
        numbers[order.remote_id] = f"6{order.pk:011d}"
        who = {"seller_id": store.seller_id, "order_id": order.pk, "actor": ACTOR}
        orders.release_to_warehouse(**who)
        fulfilment.pack(carrier=carrier.remote_id if carrier else "", tracking_number=numbers[order.remote_id], **who)
    _until(lambda: _tell(store), lambda: not _owed(store))
    for order in Order.objects.filter(sales_channel_id=store.pk).order_by("pk"):
        fulfilment.hand_over(seller_id=store.seller_id, order_id=order.pk, actor=ACTOR)
    _until(lambda: _tell(store), lambda: not _owed(store))
    server.faults.clear()
    doubled = missing = 0
    for order_id in placed:
        order_book = server.mall.orders.rows[order_id]
        parcels = {(item.shipping_code, item.tracking_no) for item in order_book.items if item.tracking_no}
        doubled += len(parcels) > 1
        right = parcels == {(next(iter(parcels))[0], numbers[order_id])} if parcels else False
        missing += not right or any(item.status != "N30" for item in order_book.items)
    must((doubled, missing) == (0, 0), f"{doubled} orders with two parcels, {missing} with none or a wrong one")
    return {"parcels": count, "answers_lost": lost, "doubled": doubled, "missing": missing}


def _figures(server: SimulatorServer, store: Store, count: int) -> Figures:
    """Every item's stock changes; each write may lose its answer."""
    listings = list(Listing.objects.filter(store=store).exclude(item=None).order_by("pk")[:count])
    must(len(listings) == count, f"{len(listings)} listings")
    for listing in listings:
        inventory.receive(seller_id=store.seller_id, item_id=int(listing.item_id or 0), quantity=3, actor=ACTOR)
    lost = _lose(server, "PUT inventories", count) + _lose(server, "PUT variants", count)
    _until(lambda: push_stock(store, full=True), lambda: not stores_owing_stock())
    server.faults.clear()
    there = available(store.seller_id, [int(listing.item_id or 0) for listing in listings])
    different = 0
    for listing in listings:
        [variant] = server.mall.products[int(listing.remote_id)].variants
        different += variant.quantity != there[int(listing.item_id or 0)]
    must(different == 0, f"{different} figures differ")
    return {"figures": count, "figure_answers_lost": lost, "different": different}


def _lose(server: SimulatorServer, resource: str, calls: int) -> int:
    """Cut the line after a fifth of the next calls, at places chosen by chance; how many."""
    chosen = [number for number in range(calls) if random.random() < LOST]
    for number in chosen:
        server.faults.add("lost", resource=resource, skip=number)
    return len(chosen)


def _tell(store: Store) -> None:
    StatusDebt.objects.filter(store=store, sent_at=None).update(next_try_at=None)
    push_statuses(store)


def _owed(store: Store) -> bool:
    return StatusDebt.objects.filter(store=store, sent_at=None).exists()


def _until(deed: object, done: object) -> None:
    """Again and again, whatever goes wrong with the store, until it is done."""
    for _ in range(5000):
        try:
            deed()  # type: ignore[operator]
        except ChannelError:
            continue
        if done():  # type: ignore[operator]
            return
    raise RuntimeError("it does not come to an end")
