"""1,000 group products of 4 variations each, listed in a simulated OpenCart shop: how many SKUs a second?

From asking for the first one to the last one being sold there, in one process, at the shop's own limit of requests.
Counted by the shop: every product with its four counted choices, price and stock, read back one by one.
"""

import time
from decimal import Decimal

from benchmarks._desk import ACTOR, connect_shop, go_live, make_seller
from benchmarks._rig import Figures, Shop, World, must
from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.models import Product
from entrepot.catalog.services import upsert_items
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.offers import Offer, offer_fields
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.channels.services.offers_push import push_listings
from entrepot.inventory import services as inventory

SIZES = ("S", "M", "L", "XL")
PIECES = 5


def run(world: World, *, short: bool) -> Figures:
    """Measure."""
    products = 50 if short else 1000
    shop = world.shop("1x0")
    seller = make_seller()
    store = connect_shop(seller, shop)
    run_import(store=store)
    go_live(store)
    made = _products(seller.pk, products)
    before = shop.control("counters")["requests"]
    started = time.perf_counter()
    fields = offer_fields(Offer(price=Decimal("19.90"), description="<p>Soft cotton.</p>"))
    wishes = [Wish(kind=ListingChange.Kind.CREATE, fields=fields, product_id=product_id) for product_id in made]
    ask_many(seller_id=seller.pk, store_id=store.pk, wishes=wishes, actor=ACTOR)
    asked = time.perf_counter() - started
    report = push_listings(Store.objects.get(pk=store.pk))
    seconds = time.perf_counter() - started
    must(report.done == products, f"{report.done} of {products} were made, {report.refused} refused")
    _look(shop, store, products)
    after = shop.control("counters")["requests"]
    skus = products * len(SIZES)
    return {
        "name": "publish",
        "value": round(skus / seconds, 1),
        "unit": "SKUs/s",
        "products": products,
        "skus": skus,
        "seconds": round(seconds, 2),
        "asking_seconds": round(asked, 2),
        "requests": {name: count - before.get(name, 0) for name, count in after.items() if "product" in name},
        "memory_mb": world.memory(),
    }


def _products(seller_id: int, count: int) -> list[int]:
    """Group products with stock of every size; their ids."""
    rows = [
        ItemRow(
            sku=f"TEE-{number:04d}-{size}",
            name=f"Tee {number}",
            product=ProductRow(key=f"tee-{number}", name=f"Tee {number}", is_group=True),
            options=[("Size", size)],
        )
        for number in range(count)
        for size in SIZES
    ]
    ids = upsert_items(seller_id=seller_id, rows=rows, actor=ACTOR)
    for item_id in ids.values():
        inventory.receive(seller_id=seller_id, item_id=item_id, quantity=PIECES, actor=ACTOR)
    return list(Product.objects.filter(seller_id=seller_id, name__startswith="Tee ").values_list("pk", flat=True))


def _look(shop: Shop, store: Store, products: int) -> None:
    """The shop has each of them, as it was asked for."""
    listed = Listing.objects.filter(store=store, remote_sku__startswith="TEE-", item__isnull=False)
    must(listed.count() == products * len(SIZES), f"{listed.count()} SKUs are listed")
    for remote_id in sorted(set(listed.values_list("remote_id", flat=True)), key=int):
        row = shop.control("product", product_id=int(remote_id))
        [option] = row["options"]
        figures = [(value["quantity"], value["price"]) for value in option["values"]]
        must(figures == [(str(PIECES), "0.0000")] * len(SIZES), f"product {remote_id} shows {figures}")
        must((row["price"], row["status"]) == ("19.9000", "1"), f"product {remote_id} costs {row['price']}")
