"""Last-unit changes, one a second, committed → acknowledged by the mall, while 2,000 listings are published there."""

import time
from decimal import Decimal

from django.db import transaction

from benchmarks._desk import ACTOR, connect_shop, go_live, import_to_its_end, make_seller
from benchmarks._mall import connect_mall
from benchmarks._rig import Figures, World, must, spread, wait_until
from entrepot.catalog.models import Product
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.services import offers
from entrepot.channels.services.push import stores_owing_stock
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory import services as inventory
from entrepot.inventory.services.figures import available

LISTED = 100


def run(world: World, *, short: bool) -> Figures:
    published, seconds = (200, 20) if short else (2000, 120)
    shop = world.shop(f"generated:{LISTED + published}x0")
    mall = world.mall(f"generated:{LISTED}x1")
    world.web()
    world.worker()
    seller = make_seller()
    first = connect_shop(seller, shop)
    import_to_its_end(first, world)
    store = connect_mall(seller)
    import_to_its_end(store, world)
    go_live(store)
    wait_until(lambda: not stores_owing_stock(), seconds=300, every=0.5)
    time.sleep(25)  # so that the bucket is empty again
    listings = list(Listing.objects.filter(store=store).exclude(item=None).order_by("pk"))
    must(len(listings) == LISTED, f"{len(listings)} listings")
    _publish(seller.pk, store, published)
    wait_until(lambda: _done(store) > 0, seconds=60, every=0.2)
    mall.control("counters", reset=True)
    committed: dict[tuple[str, int], float] = {}
    began = time.monotonic()
    for number in range(seconds):
        time.sleep(max(0.0, began + number - time.monotonic()))
        committed[_change(seller.pk, listings[number % LISTED])] = time.time()
        if number % 10 == 0:
            world.memory()
    still_publishing = ListingChange.objects.filter(store=store, state="waiting").count()
    must(still_publishing > 0, "the publish was over before the changes were")

    def told() -> bool:
        return committed.keys() <= _acknowledged(mall.control("counters")["stock_writes"]).keys()

    wait_until(told, seconds=120, every=0.5)
    figures = mall.control("counters")
    acknowledged = _acknowledged(figures["stock_writes"])
    latencies = [acknowledged[key] - at for key, at in committed.items()]
    must(figures["refused"] == 0, f"{figures['refused']} answers of 429")
    spreads = spread(latencies)
    return {
        "value": spreads["p99_ms"],
        "unit": "ms (p99)",
        **spreads,
        "changes": len(latencies),
        "published_meanwhile": _done(store),
        "still_publishing": still_publishing,
        "refused": figures["refused"],
        "most_fill": figures["most_fill"],
        "most_per_second": figures["most_per_second"],
        "memory_mb": world.memory(),
    }


def _publish(seller_id: int, store: Store, count: int) -> None:
    listed = Listing.objects.filter(store=store).exclude(item=None).values("item__product_id")
    products = Product.objects.filter(seller_id=seller_id).exclude(pk__in=listed).order_by("pk")[:count]
    offer = offers.Offer(price=_price(), name="")
    for product in products:
        offers.ask_listing(seller_id=seller_id, product_id=product.pk, store_id=store.pk, offer=offer, actor=ACTOR)


def _price() -> Decimal:
    """What everything costs in this benchmark."""
    return Decimal(15000)


def _done(store: Store) -> int:
    return ListingChange.objects.filter(store=store, state="done").count()


def _change(seller_id: int, listing: Listing) -> tuple[str, int]:
    """Bring the item to its last unit, or back to two; which figure of which variant the mall should show then."""
    item_id = int(listing.item_id or 0)
    now = available(seller_id, [item_id])[item_id]
    wanted = 1 if now != 1 else 2
    with transaction.atomic():
        inventory.set_on_hand(seller_id=seller_id, item_id=item_id, on_hand=wanted, reason="benchmark", actor=ACTOR)
        wake_pushes(seller_id)
    return listing.remote_id, wanted


def _acknowledged(writes: list[dict[str, object]]) -> dict[tuple[str, int], float]:
    first: dict[tuple[str, int], float] = {}
    for write in writes:
        if write["acknowledged"]:
            first.setdefault((str(write["product_no"]), int(str(write["quantity"]))), float(str(write["acknowledged"])))
    return first
