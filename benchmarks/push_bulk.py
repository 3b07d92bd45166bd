"""10,000 SKUs change in one transaction → the shop has acknowledged every figure."""

import time

from django.db import transaction

from benchmarks._desk import ACTOR, connect_shop, go_live, import_to_its_end, make_seller
from benchmarks._rig import Figures, World, must, wait_until
from entrepot.channels.models import Listing
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Stock


def run(world: World, *, short: bool) -> Figures:
    products = 250 if short else 2500
    shop = world.shop(f"generated:{products}x4")
    world.web()
    world.worker()
    seller = make_seller()
    store = connect_shop(seller, shop)
    import_to_its_end(store, world)
    go_live(store)
    time.sleep(3)
    shop.control("counters", reset=True)
    items = list(
        Stock.objects.filter(seller=seller, on_hand__gt=0).order_by("item_id").values_list("item_id", flat=True)
    )
    must(len(items) >= products * 4 * 0.9, f"only {len(items)} items have stock")
    wants = [inventory.Want(reference=f"bench:{item_id}", item_id=item_id, quantity=1) for item_id in items]
    with transaction.atomic():
        inventory.reserve(seller_id=seller.pk, wants=wants, actor=ACTOR)
        wake_pushes(seller.pk)
    committed = time.time()

    def told() -> bool:
        world.memory()
        return shop.control("counters", since=10**9)["stock_write_count"] >= len(items)

    wait_until(told, seconds=120, every=0.25)
    writes = [write["acknowledged"] for write in shop.control("counters")["stock_writes"]]
    must(all(writes), "a write was not acknowledged")
    seconds = max(writes) - committed
    stale = Listing.objects.filter(store=store, sent_quantity=None).count()
    return {
        "value": round(seconds, 2),
        "unit": "s",
        "skus": len(items),
        "skus_a_second": round(len(items) / seconds, 1),
        "listings_never_told": stale,
        "requests": shop.control("counters", since=10**9)["requests"],
        "memory_mb": world.memory(),
    }
