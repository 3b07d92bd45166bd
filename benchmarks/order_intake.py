"""Orders of three lines, from the shop's JSON over HTTP to reserved: one worker, and beside it four on four stores."""

import time
from datetime import datetime

from django.db.models import Count, Max

from benchmarks._desk import connect_shop, import_to_its_end, make_seller
from benchmarks._rig import Figures, Shop, World, must, wait_until
from entrepot.accounts.models import Seller
from entrepot.channels import engine
from entrepot.channels.models import IncomingOrder, Store
from entrepot.orders.models import Order

PRODUCTS = 300
VALUE = 9001
"""The one option value every generated product has."""


def run(world: World, *, short: bool) -> Figures:
    count = 300 if short else 3000
    world.web()
    first = world.worker("worker", concurrency=1)
    one = _measure(world, stores=1, orders=count, name="one")
    for number in range(2, 5):
        world.worker(f"worker{number}", concurrency=1)
    four = _measure(world, stores=4, orders=count // 2, name="four")
    must(first.poll() is None, "the worker has fallen")
    return {
        "value": one["orders_a_second"],
        "unit": "orders/s",
        "one_worker": one,
        "four_workers": four,
        "lines_an_order": 3,
        "memory_mb": world.memory(),
    }


def _measure(world: World, *, stores: int, orders: int, name: str) -> Figures:
    """Fill shops with orders while nobody looks, then wake the workers and wait until the last one is in."""
    seller = make_seller()
    shops = [world.shop(f"generated:{PRODUCTS}x1", name=f"shop_{name}_{number}") for number in range(stores)]
    places = [_connected(world, seller, shop, f"{name} {number}") for number, shop in enumerate(shops)]
    Store.objects.filter(seller=seller).update(state=Store.State.PAUSED)
    for shop in shops:
        shop.control("settings", requests_per_minute=1200)
        for number in range(orders):
            shop.control("place_order", items=_cart(number), check=False)
    Store.objects.filter(seller=seller).update(state=Store.State.SHADOW)
    before = Order.objects.filter(seller=seller).count()
    began = time.time()
    for place in places:
        engine.wake("pull_orders", place.pk)

    def entered() -> bool:
        world.memory()
        return Order.objects.filter(seller=seller).count() - before >= orders * stores

    wait_until(entered, seconds=300, every=0.2)
    last: datetime = IncomingOrder.objects.filter(seller=seller).aggregate(at=Max("entered_at"))["at"]
    seconds = _finished(seller, last) - began
    _check(seller, orders * stores)
    return {
        "orders": orders * stores,
        "seconds": round(seconds, 2),
        "orders_a_second": round(orders * stores / seconds, 1),
    }


def _connected(world: World, seller: Seller, shop: Shop, name: str) -> Store:
    store = connect_shop(seller, shop, name=name)
    import_to_its_end(store, world)
    return store


def _cart(number: int) -> list[dict[str, object]]:
    return [{"product_id": 1 + (number * 3 + step) % PRODUCTS, "quantity": 1, "values": [VALUE]} for step in range(3)]


def _finished(seller: Seller, last: datetime) -> float:
    """When the last order was committed: a page's rows carry the moment its taking in began, so ask the orders too."""
    newest = Order.objects.filter(seller=seller).aggregate(at=Max("created_at"))["at"]
    return max(last.timestamp(), newest.timestamp(), time.time() - 0.2)


def _check(seller: Seller, wanted: int) -> None:
    orders = Order.objects.filter(seller=seller)
    must(orders.count() == wanted, f"{orders.count()} orders")
    lines = orders.annotate(n=Count("lines")).exclude(n=3).count()
    must(lines == 0, f"{lines} orders without three lines")
    odd = orders.exclude(status__in=["new", "partial"]).count()
    must(odd == 0, f"{odd} orders neither new nor partial")
