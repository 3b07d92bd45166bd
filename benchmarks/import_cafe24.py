"""First import of 10,000 SKUs (2,500 products × 4) from a Cafe24 mall: against its bucket, and without any limit.

The bucket is nearly full when the import begins (another app of the mall has used it), so that our calls must wait for
it to leak: the mall then allows them in `(calls - what is free) / 2` seconds. In an empty bucket they would all fit.
"""

import http.client
from dataclasses import replace
from urllib.parse import urlsplit

from benchmarks._desk import import_to_its_end, make_seller
from benchmarks._mall import connect_mall
from benchmarks._rig import Figures, Shop, World, must
from entrepot.catalog.models import Item
from entrepot.channels.models import Limit, Listing, Run
from entrepot.channels.registry import connector_type, register
from entrepot.channels.services.importing.errand import run_import
from entrepot.inventory.models import Stock

LEAK = 2.0
CAPACITY, FREE = 40, 6


def run(world: World, *, short: bool) -> Figures:
    products = 250 if short else 2500
    mall = world.mall(f"generated:{products}x4")
    world.web()
    worker = world.worker()
    limited = _import(world, mall, products, full=True)
    must(limited["refused"] == 0, f"{limited['refused']} answers of 429")
    worker.terminate()
    worker.wait(20)
    mall.control("limits", bucket={"enforced": False})
    Limit.objects.all().update(tat=0, pace_tat=0)
    register(replace(connector_type("cafe24"), calls_per_second=1000.0, burst=1000, peak_per_second=None))
    free = _import(world, mall, products, full=False)
    return {
        "value": limited["ratio"],
        "unit": "× the time the bucket allows",
        "limited": limited,
        "without_limit_skus_a_second": free["skus_a_second"],
        "without_limit_seconds": free["seconds"],
        "memory_mb": world.memory(),
    }


def _import(world: World, mall: Shop, products: int, *, full: bool) -> Figures:
    seller = make_seller()
    mall.control("counters", reset=True)
    if full:
        _use_up(mall)
    calls_before = _calls(mall)
    store = connect_mall(seller)
    if not full:
        run_import(store=store)
    done = import_to_its_end(store, world, seconds=1200)
    figures = mall.control("counters", since=10**9)
    calls = _calls(mall) - calls_before
    skus = Item.objects.filter(seller=seller).count()
    must(skus == products * 4, f"{skus} items")
    must(Stock.objects.filter(seller=seller, on_hand__gte=0).count() == skus, "an item without stock")
    must(Listing.objects.filter(store=store).exclude(price=None).exclude(item=None).count() == skus, "a listing")
    seconds = _seconds(done)
    allowed = (calls - FREE) / LEAK
    return {
        "skus": skus,
        "calls": calls,
        "seconds": round(seconds, 2),
        "allowed_seconds": round(allowed, 2),
        "ratio": round(seconds / allowed, 3),
        "skus_a_second": round(skus / seconds, 1),
        "refused": figures["refused"],
        "most_fill": figures["most_fill"],
        "most_per_second": figures["most_per_second"],
    }


def _use_up(mall: Shop) -> None:
    """Another app of the mall nearly fills the bucket: 34 calls with a token of the same client."""
    token = mall.control("grant")["access_token"]
    address = urlsplit(mall.url)
    for _ in range(CAPACITY - FREE):
        line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        line.request("GET", "/api/v2/admin/store", headers={"Authorization": f"Bearer {token}"})
        line.getresponse().read()
        line.close()


def _calls(mall: Shop) -> int:
    """Calls of the Admin API so far."""
    asked = mall.control("counters", since=10**9)["requests"]
    return sum(count for name, count in asked.items() if "oauth" not in name)


def _seconds(done: Run) -> float:
    if done.finished_at is None:
        raise RuntimeError("not finished")
    return (done.finished_at - done.started_at).total_seconds()
