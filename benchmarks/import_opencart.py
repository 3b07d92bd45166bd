"""First import of 20,000 SKUs (5,000 products × 4 variations) over HTTP: connect → report, by the worker."""

from benchmarks._desk import connect_shop, import_to_its_end, make_seller
from benchmarks._rig import Figures, World, must
from entrepot.catalog.models import Item
from entrepot.channels.models import Listing, Run
from entrepot.inventory.models import Stock


def run(world: World, *, short: bool) -> Figures:
    products = 500 if short else 5000
    shop = world.shop(f"generated:{products}x4")
    world.web()
    world.worker()
    seller = make_seller()
    store = connect_shop(seller, shop)
    done = import_to_its_end(store, world)
    seconds = _seconds(done)
    skus = Item.objects.filter(seller=seller).count()
    must(skus == products * 4, f"{skus} items")
    must(Stock.objects.filter(seller=seller, on_hand__gte=0).count() == skus, "an item without stock")
    listed = Listing.objects.filter(store=store).exclude(price=None).exclude(item=None).exclude(image_url="")
    must(listed.count() == skus, f"{listed.count()} listings with price and image")
    return {
        "value": round(skus / seconds, 1),
        "unit": "SKUs/s",
        "skus": skus,
        "seconds": round(seconds, 2),
        "memory_mb": world.memory(),
    }


def _seconds(done: Run) -> float:
    if done.finished_at is None:
        raise RuntimeError("not finished")
    return (done.finished_at - done.started_at).total_seconds()
