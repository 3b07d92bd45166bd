"""SIGKILL to a worker 20 times during import, intake and push: nothing lost, nothing doubled, soon in agreement."""

import random
import subprocess
import time

from django.db import connection, transaction
from django.db.models import Count, F, Sum

from benchmarks._desk import ACTOR, connect_shop, go_live, import_to_its_end, make_seller
from benchmarks._rig import Figures, Shop, World, kill_hard, must, wait_until
from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.channels.models import Listing, Run, Store
from entrepot.channels.services.push import stores_owing_stock
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Movement, Stock
from entrepot.orders.models import Order, OrderEvent

VALUES = 4
FIRST_VALUE = 9001


class Crew:
    """Two workers; whoever is killed is replaced, as the parent process would."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.number = 0
        self.kills = 0
        self.members = [self._hire(), self._hire()]

    def _hire(self) -> subprocess.Popen[str]:
        self.number += 1
        return self.world.worker(f"worker{self.number}")

    def kill_one(self) -> None:
        """SIGKILL to one of them, in the middle of whatever it does."""
        victim = random.choice(self.members)
        kill_hard(victim)
        self.members[self.members.index(victim)] = self._hire()
        self.kills += 1


def run(world: World, *, short: bool) -> Figures:
    products, kills = (200, 4) if short else (2500, 20)
    shop = world.shop(f"generated:{products}x{VALUES}")
    for number in range(20):
        _buy(shop, number)
    world.web()
    crew = Crew(world)
    seller = make_seller()
    store = connect_shop(seller, shop)
    while not _imported(store) and crew.kills < kills // 2:
        time.sleep(random.uniform(0.5, 1.5))
        crew.kill_one()
    during_import = crew.kills
    import_to_its_end(store, world)
    go_live(store)
    bought = 20
    while crew.kills < kills:
        for _ in range(5):
            _buy(shop, bought)
            bought += 1
            _change_stock(seller)
            time.sleep(random.uniform(0.05, 0.3))
        Store.objects.filter(pk=store.pk).update(orders_due_at=Run.objects.earliest("pk").started_at)
        crew.kill_one()
        world.memory()
    Store.objects.filter(pk=store.pk).update(orders_due_at=Run.objects.earliest("pk").started_at)
    seconds = wait_until(lambda: _converged(shop, seller, store, bought), seconds=120, every=0.25)
    figures = _verdict(shop, seller, store, bought)
    return {
        "value": round(seconds, 2),
        "unit": "s to agreement after the last kill",
        "kills": crew.kills,
        "kills_during_import": during_import,
        "skus": products * VALUES,
        **figures,
        "memory_mb": world.memory(),
    }


def _buy(shop: Shop, number: int) -> None:
    items = [{"product_id": 1 + (number + step) % 40, "values": [FIRST_VALUE + number % VALUES]} for step in range(2)]
    shop.control("place_order", items=items, check=False)


def _change_stock(seller: Seller) -> None:
    item_ids = list(Item.objects.filter(seller=seller).order_by("pk").values_list("pk", flat=True)[:160])
    with transaction.atomic():
        inventory.receive(seller_id=seller.pk, item_id=random.choice(item_ids), quantity=1, actor=ACTOR)
        wake_pushes(seller.pk)


def _imported(store: Store) -> bool:
    return Run.objects.filter(store=store, state=Run.State.DONE).exists()


def _converged(shop: Shop, seller: Seller, store: Store, bought: int) -> bool:
    if Order.objects.filter(seller=seller).count() < bought or stores_owing_stock():
        return False
    return not _different(shop, seller, store)


def _different(shop: Shop, seller: Seller, store: Store) -> list[tuple[str, int, int]]:
    """Listings of the products in play where the shop shows another figure than what is available."""
    found: list[tuple[str, int, int]] = []
    left = dict(
        Stock.objects.filter(seller=seller).values_list("item_id").annotate(n=Sum(F("on_hand") - F("reserved")))
    )
    for product_id in range(1, 42):
        row = shop.control("product", product_id=product_id)
        shown = {str(value["option_value_id"]): int(value["quantity"]) for value in row["options"][0]["values"]}
        for listing in Listing.objects.filter(store=store, remote_id=str(product_id)).exclude(item=None):
            quantity = shown[listing.variation_key.rsplit("=", 1)[-1].rsplit(":", 1)[-1].rsplit("-", 1)[-1]]
            if quantity != left[int(listing.item_id or 0)]:
                found.append((listing.variation_key, quantity, left[int(listing.item_id or 0)]))
    return found


def _verdict(shop: Shop, seller: Seller, store: Store, bought: int) -> Figures:
    """Nothing lost, nothing doubled; raises where that is not so."""
    orders = Order.objects.filter(seller=seller)
    must(orders.count() == bought, f"{orders.count()} orders of {bought}")
    must(orders.values("remote_id").distinct().count() == bought, "an order came twice")
    placed = OrderEvent.objects.filter(order__seller=seller, kind="order.placed").count()
    must(placed == bought, f"{placed} orders were placed")
    doubled = orders.annotate(n=Count("lines")).exclude(n=2).count()
    must(doubled == 0, f"{doubled} orders without two lines")
    skus = Item.objects.filter(seller=seller).count()
    must(skus == Listing.objects.filter(store=store).exclude(item=None).count(), "listings and items differ")
    must(not _ledger_wrong(seller), "the ledger does not add up")
    must(not _different(shop, seller, store), "the shop shows another figure")
    opened = Movement.objects.filter(seller=seller, kind="opening", reference__startswith="import:")
    must(not opened.values("item_id").annotate(n=Count("id")).filter(n__gt=1).exists(), "stock was opened twice")
    return {"orders": bought, "items": skus, "lost": 0, "doubled": 0}


def _ledger_wrong(seller: Seller) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM inventory_stock stock
               JOIN (SELECT item_id, warehouse_id, sum(on_hand_delta) AS hand, sum(reserved_delta) AS held
                     FROM inventory_movement GROUP BY item_id, warehouse_id) moved USING (item_id, warehouse_id)
               WHERE stock.seller_id = %s AND (stock.on_hand, stock.reserved) <> (moved.hand, moved.held)""",
            [seller.pk],
        )
        return bool(cursor.fetchone()[0])
