"""A seller, shops over real HTTP, and the stores that stand for them. Everything goes through the public verbs."""

from contextlib import ExitStack
from dataclasses import dataclass, field

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item as OurItem
from entrepot.channels.models import Listing, Problem, Store
from entrepot.channels.services import connect, lifecycle
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.intake import PullReport, pull_orders
from entrepot.channels.services.push import push_stock
from entrepot.channels.services.push_answers import PushReport
from entrepot.connectors.opencart.simulator import Shop, SimulatorServer
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Movement, Stock
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Order

MINA = Actor("user", "Mina")
PENDING, PROCESSING, SHIPPED, COMPLETE, CANCELED, VOIDED = 1, 2, 3, 5, 7, 16


@dataclass
class Place:
    """A shop and the store that stands for it."""

    server: SimulatorServer
    store: Store

    @property
    def shop(self) -> Shop:
        return self.server.shop

    def shows(self, product_id: int) -> int:
        """What a buyer of this shop sees as its quantity."""
        return self.shop.tables.products[product_id].quantity

    def pull(self) -> PullReport:
        return pull_orders(Store.objects.get(pk=self.store.pk))

    def push(self, *, full: bool = True) -> PushReport:
        return push_stock(Store.objects.get(pk=self.store.pk), full=full)

    def order(self, order_id: int) -> Order:
        return Order.objects.get(sales_channel_id=self.store.pk, remote_id=str(order_id))

    def problems(self) -> list[str]:
        """The codes that stand open, sorted."""
        return sorted(Problem.objects.filter(store=self.store, resolved_at=None).values_list("code", flat=True))

    def listing(self, product_id: int) -> Listing:
        return Listing.objects.get(store=self.store, remote_id=str(product_id), variation_key="")


@dataclass
class Road:
    """One seller's world."""

    seller: Seller
    stack: ExitStack = field(default_factory=ExitStack)

    def connect(self, shop: Shop, *, name: str = "First shop", live: bool = True) -> Place:
        """Connect a shop, carry its first import to the end, and go live."""
        server = self.stack.enter_context(SimulatorServer(shop, secret="a-secret-of-the-test-shop"))
        store = connect.connect_store(
            seller_id=self.seller.pk,
            name=name,
            country="US",
            currency="USD",
            connector="opencart",
            credentials={"domain_url": server.url, "secret_key": server.secret},
            actor=MINA,
        )
        run_import(store=store)
        if live:
            lifecycle.go_live(seller_id=self.seller.pk, store_id=store.pk, actor=MINA)
        store.refresh_from_db()
        return Place(server, store)

    def item(self, sku: str) -> OurItem:
        return OurItem.objects.get(seller=self.seller, sku=sku)

    def available(self, sku: str) -> int:
        return inventory.available(self.seller.pk, [self.item(sku).pk])[self.item(sku).pk]

    def on_hand(self, sku: str) -> int:
        return sum(Stock.objects.filter(item=self.item(sku)).values_list("on_hand", flat=True))

    def reserved(self, sku: str) -> int:
        return sum(Stock.objects.filter(item=self.item(sku)).values_list("reserved", flat=True))

    def receive(self, sku: str, quantity: int) -> None:
        inventory.receive(seller_id=self.seller.pk, item_id=self.item(sku).pk, quantity=quantity, actor=MINA)

    def ledger_adds_up(self) -> bool:
        """Every stock row is the sum of its movements."""
        for row in Stock.objects.filter(seller=self.seller):
            moved = Movement.objects.filter(item_id=row.item_id, warehouse_id=row.warehouse_id)
            sums = [sum(values) for values in zip(*moved.values_list("on_hand_delta", "reserved_delta"), strict=True)]
            if sums != [row.on_hand, row.reserved]:
                return False
        return True


def small_shop(**stock: int) -> Shop:
    """A shop with one product for each SKU: `small_shop(RED=5)` has product 1 with five pieces."""
    shop = Shop.empty()
    for number, (sku, quantity) in enumerate(stock.items(), 1):
        shop.add_product(product_id=number, sku=sku, name=f"{sku} sock", model=sku, price="10", quantity=quantity)
    return shop
