"""A Cafe24 mall over real HTTP and the store that stands for it. Everything goes through the public verbs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from entrepot.channels.models import Announced, Problem, StatusDebt, Store
from entrepot.channels.registry import register
from entrepot.channels.services import connect, lifecycle
from entrepot.channels.services.announced import drain_announced, note_announced
from entrepot.channels.services.drift import DriftReport, check_drift
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.intake import PullReport
from entrepot.channels.services.push import push_stock
from entrepot.channels.services.statuses import TellReport, push_statuses
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.connectors.cafe24.simulator.stage import granted
from entrepot.connectors.cafe24.type import cafe24
from entrepot.orders.models import Order
from tests.roads.rig import MINA, Road

CJ = "0006"


@dataclass
class Place:
    """A mall and the store that stands for it."""

    server: SimulatorServer
    store: Store

    @property
    def mall(self) -> Mall:
        return self.server.mall

    def code(self, sku: str) -> str:
        """The variant of a SKU."""
        return next(
            variant.variant_code
            for product in self.mall.products.values()
            for variant in product.variants
            if variant.custom_variant_code == sku
        )

    def shows(self, sku: str) -> int:
        return int(self.mall.stock(self.code(sku)))

    def buy(self, *wanted: tuple[str, int], **words: Any) -> str:
        """Somebody orders and pays; answers the order's id."""
        items = [(self.code(sku), quantity) for sku, quantity in wanted]
        return str(self.mall.place_order(items, **({"paid": True, "method": "card"} | words)))

    def fresh(self) -> Store:
        return Store.objects.select_related("sales_channel").get(pk=self.store.pk)

    def read(self, *order_ids: str) -> PullReport:
        """The mall announces these orders, and they are fetched."""
        note_announced(store=self.store, remote_ids=order_ids)
        return drain_announced(self.fresh())

    def tell(self) -> TellReport:
        return push_statuses(self.fresh())

    def look(self) -> None:
        """Fetch what was marked to be looked at again."""
        drain_announced(self.fresh())

    def push(self) -> None:
        push_stock(self.fresh(), full=True)

    def check(self) -> DriftReport:
        return check_drift(self.fresh(), full=True)

    def order(self, order_id: str) -> Order:
        return Order.objects.get(sales_channel_id=self.store.pk, remote_id=order_id)

    def states(self, order_id: str) -> list[str]:
        """The state of each item in the mall."""
        return [item.status for item in self.mall.orders.find(order_id).items]

    def items(self, order_id: str) -> list[str]:
        return [item.code for item in self.mall.orders.find(order_id).items]

    def problems(self) -> list[str]:
        return sorted(Problem.objects.filter(store=self.store, resolved_at=None).values_list("code", flat=True))

    def debts(self) -> list[tuple[str, bool, bool]]:
        """Kind, told, seen of everything owed."""
        rows = StatusDebt.objects.filter(store=self.store).order_by("id")
        return [(row.kind, row.sent_at is not None, row.seen_at is not None) for row in rows]

    def announced(self) -> list[str]:
        return list(Announced.objects.filter(store=self.store).values_list("remote_id", flat=True))

    def asked(self, request: str) -> int:
        """How often the mall was asked for this: `POST /orders/{}/shipments`."""
        return sum(count for name, count in self.server.counters.requests.items() if name.startswith(request))


def mall_with(**stock: int) -> Mall:
    """A mall with one product for each SKU: `mall_with(RED=5)`."""
    mall = Mall.empty()
    mall.settings.use_product_prepare_status = False
    for number, (sku, quantity) in enumerate(stock.items(), 1):
        mall.add_product(f"{sku} 양말", "10000", quantity=quantity, codes=[sku], product_no=number)
    return mall


def connect_mall(road: Road, mall: Mall, *, name: str = "Mall", live: bool = True, orders: Sequence[str] = ()) -> Place:
    """Connect a mall with a grant, carry its first import to the end, and go live."""
    server = road.stack.enter_context(SimulatorServer(mall))
    server.bucket.enforced = server.quota.enforced = False
    server.oauth.most_token_requests = 100_000
    kind = replace(cafe24(server.url), calls_per_second=1000.0, burst=1000, peak_per_second=None)
    register(kind)
    store = connect.connect_store(
        seller_id=road.seller.pk,
        name=name,
        country="KR",
        currency="KRW",
        connector="cafe24",
        credentials={
            "mall_id": mall.mall_id,
            "client_id": server.oauth.client_id,
            "client_secret": server.oauth.client_secret,
            "webhook_key": server.webhooks.key,
            "shop_no": "1",
        },
        grant=granted(server),
        actor=MINA,
    )
    run_import(store=store)
    if live:
        lifecycle.go_live(seller_id=road.seller.pk, store_id=store.pk, actor=MINA)
    store.refresh_from_db()
    place = Place(server, store)
    if orders:
        place.read(*orders)
    return place
