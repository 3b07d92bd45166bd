"""A seller and shops over real HTTP. Helpers go through the public verbs; the shop is the connector's simulator."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.channels.models import Finding, Listing, Problem, Run, Store
from entrepot.channels.services import connect
from entrepot.channels.services.importing.errand import run_import
from entrepot.connectors.opencart.simulator import Shop, SimulatorServer
from entrepot.connectors.opencart.simulator.counters import Counters
from entrepot.inventory import services as inventory
from entrepot.kernel.actor import Actor

MINA = Actor("user", "Mina")
SECRET = "a-secret-of-the-test-shop"


@dataclass
class World:
    """One seller, and the shops that are up."""

    seller: Seller
    stack: ExitStack = field(default_factory=ExitStack)

    def serve(self, shop: Shop, *, secret: str = SECRET) -> SimulatorServer:
        return self.stack.enter_context(SimulatorServer(shop, secret=secret))

    def connect(self, server: SimulatorServer, *, name: str = "First shop", currency: str = "USD") -> Store:
        return connect.connect_store(
            seller_id=self.seller.pk,
            name=name,
            country="US",
            currency=currency,
            connector="opencart",
            credentials={"domain_url": server.url, "secret_key": server.secret},
            actor=MINA,
        )

    def imported(self, shop: Shop, *, name: str = "First shop") -> tuple[SimulatorServer, Store]:
        server = self.serve(shop)
        store = self.connect(server, name=name)
        run_import(store=store)
        store.refresh_from_db()
        return server, store

    def available(self) -> dict[str, int]:
        """What may be promised, by SKU."""
        skus = dict(Item.objects.filter(seller=self.seller).values_list("pk", "sku"))
        return {skus[item_id]: n for item_id, n in inventory.available(self.seller.pk, skus).items()}

    def findings(self, *, code: str = "", standing: bool = True) -> list[tuple[str, str, str]]:
        rows = Finding.objects.filter(seller=self.seller, resolved_at__isnull=standing)
        rows = rows.filter(code=code) if code else rows
        return sorted(rows.values_list("code", "remote_id", "variation_key"))

    def problems(self) -> list[str]:
        return sorted(Problem.objects.filter(seller=self.seller, resolved_at=None).values_list("code", flat=True))


@pytest.fixture
def empty_queue(transactional_db: None) -> None:
    """Django empties its own tables between tests; the engine's are not Django's."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def world(empty_queue: None) -> Iterator[World]:
    made = World(Seller.objects.create(name="Seoul Socks"))
    with made.stack:
        yield made


def shop_of(*products: tuple[int, str, int]) -> Shop:
    """A shop of single products `(id, SKU, quantity)`."""
    shop = Shop.empty()
    for product_id, sku, quantity in products:
        shop.add_product(
            product_id=product_id,
            sku=sku,
            name=f"Sock {product_id}",
            model=f"M{product_id}",
            price="10",
            quantity=quantity,
        )
    return shop


def last_run(store: Store, kind: str = Run.Kind.FIRST_IMPORT) -> Run:
    return Run.objects.filter(store=store, kind=kind).latest("pk")


def listing(store: Store, remote_id: int | str, key: str = "") -> Listing:
    return Listing.objects.get(store=store, remote_id=str(remote_id), variation_key=key)


class _Counters:
    """The simulator's counters, with something happening in the shop just before a resource is answered."""

    def __init__(self, counters: Counters, resource: str, deed: Callable[[], object]) -> None:
        self._counters, self._resource, self._deed = counters, resource, deed
        self._done = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._counters, name)

    def enter(self, resource: str, cookie: str | None) -> None:
        if resource == self._resource and not self._done:
            self._done = True
            self._deed()
        self._counters.enter(resource, cookie)


def before(server: SimulatorServer, resource: str, deed: Callable[[], object]) -> None:
    """Have something happen in the shop just before it answers the next request of a resource. Once."""
    server.counters = _Counters(server.counters, resource, deed)  # type: ignore[assignment]
