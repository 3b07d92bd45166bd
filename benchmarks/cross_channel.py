"""An order in a Cafe24 mall (told by webhook) → an OpenCart shop of the same stock acknowledges the lowered number."""

import time

from benchmarks._desk import connect_shop, go_live, import_to_its_end, make_seller
from benchmarks._mall import connect_mall, listen
from benchmarks._rig import Figures, World, must, spread, wait_until
from entrepot.channels.models import Listing
from entrepot.orders.models import Order

GOODS = 200


def run(world: World, *, short: bool) -> Figures:
    orders, pause = (10, 2.0) if short else (40, 1.5)
    shop = world.shop(f"generated:{GOODS}x0")
    mall = world.mall(f"generated:{GOODS}x1")
    web = world.web()
    world.worker()
    seller = make_seller()
    oc = connect_shop(seller, shop)
    import_to_its_end(oc, world)
    store = connect_mall(seller)
    import_to_its_end(store, world)
    go_live(oc)
    go_live(store)
    listen(mall, store, web=web)
    _settle(shop, mall)
    shown = dict(Listing.objects.filter(store=oc).values_list("item__sku", "remote_id"))
    codes = {
        sku: (remote_id, quantity)
        for sku, remote_id, quantity in Listing.objects.filter(store=store).values_list(
            "item__sku", "remote_id", "seen_quantity"
        )
    }
    shop.control("counters", reset=True)
    placed: dict[int, float] = {}
    began = time.monotonic()
    for number, (sku, (product_no, _)) in enumerate(sorted(codes.items())[:orders]):
        time.sleep(max(0.0, began + number * pause - time.monotonic()))
        variant = mall.control("product", product_no=int(product_no))["variants"][0]["variant_code"]
        moment = time.time()
        mall.control("place_order", items=[[variant, 1]])
        placed[int(shown[sku])] = moment
        world.memory()

    def told() -> bool:
        return placed.keys() <= _acknowledged(shop.control("counters")["stock_writes"]).keys()

    wait_until(told, seconds=60, every=0.5)
    acknowledged = _acknowledged(shop.control("counters")["stock_writes"])
    latencies = [acknowledged[product_id] - at for product_id, at in placed.items()]
    must(Order.objects.filter(seller=seller).count() == orders, "orders were lost or doubled")
    must(mall.control("counters", since=10**9)["refused"] == 0, "answers of 429")
    spreads = spread(latencies)
    return {
        "value": spreads["p50_ms"],
        "unit": "ms (p50)",
        **spreads,
        "orders": orders,
        "memory_mb": world.memory(),
    }


def _settle(*shops: object) -> None:
    """Until what going live pushes has been pushed."""
    last: list[int] = []
    while True:
        now = [shop.control("counters", since=10**9)["stock_write_count"] for shop in shops]  # type: ignore[attr-defined]
        if now == last:
            return
        last = now
        time.sleep(4)


def _acknowledged(writes: list[dict[str, float]]) -> dict[int, float]:
    first: dict[int, float] = {}
    for write in writes:
        if write["acknowledged"]:
            first.setdefault(int(write["product_id"]), write["acknowledged"])
    return first
