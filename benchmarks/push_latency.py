"""A stock change is committed → the shop has acknowledged the figure; 5 changes a second for a minute."""

import time

from django.db import transaction

from benchmarks._desk import ACTOR, connect_shop, go_live, import_to_its_end, make_seller
from benchmarks._rig import Figures, World, must, spread, wait_until
from entrepot.channels.models import Listing
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Stock

A_SECOND = 5


def run(world: World, *, short: bool) -> Figures:
    seconds = 10 if short else 60
    shop = world.shop("generated:400x1")
    world.web()
    world.worker()
    seller = make_seller()
    store = connect_shop(seller, shop)
    import_to_its_end(store, world)
    go_live(store)
    time.sleep(2)
    shop.control("counters", reset=True)
    listings = list(Listing.objects.filter(store=store).order_by("pk")[: seconds * A_SECOND])
    must(len(listings) == seconds * A_SECOND, "too few listings")
    committed: dict[tuple[int, int], float] = {}
    began = time.monotonic()
    for number, listing in enumerate(listings):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        committed[_change(seller.pk, listing)] = time.time()
        if number % 50 == 0:
            world.memory()

    def told() -> bool:
        return len(_acknowledged(shop.control("counters")["stock_writes"])) >= len(committed)

    wait_until(told, seconds=30, every=0.5)
    acknowledged = _acknowledged(shop.control("counters")["stock_writes"])
    latencies = [acknowledged[key] - at for key, at in committed.items()]
    figures = spread(latencies)
    return {
        "value": figures["p50_ms"],
        "unit": "ms (p50)",
        **figures,
        "changes": len(latencies),
        "requests": shop.control("counters")["requests"],
        "memory_mb": world.memory(),
    }


def _change(seller_id: int, listing: Listing) -> tuple[int, int]:
    """Receive one piece; which figure of which product the shop should show then."""
    item_id = int(listing.item_id or 0)
    with transaction.atomic():
        inventory.receive(seller_id=seller_id, item_id=item_id, quantity=1, actor=ACTOR)
        wake_pushes(seller_id)
    stock = Stock.objects.get(item_id=item_id)
    return int(listing.remote_id), stock.on_hand - stock.reserved


def _acknowledged(writes: list[dict[str, float]]) -> dict[tuple[int, int], float]:
    first: dict[tuple[int, int], float] = {}
    for write in writes:
        if write["acknowledged"]:
            first.setdefault((int(write["product_id"]), int(write["quantity"])), write["acknowledged"])
    return first
