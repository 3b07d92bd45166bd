"""A simulated mall over real HTTP, and the connector's order side opened on it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from entrepot.connectors.cafe24 import kst
from entrepot.connectors.cafe24.client import Cafe24Client
from entrepot.connectors.cafe24.order_cursor import Cursor
from entrepot.connectors.cafe24.orders import Cafe24Orders
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.simulator.mall import Mall
from entrepot.connectors.cafe24.simulator.server import SimulatorServer
from entrepot.connectors.cafe24.variants import SingleCodes
from entrepot.connectors.contract import CallRecord, ChannelOrder, Grant, HeldGrant, OrderPage, Surroundings

CLIENT_ID, CLIENT_SECRET = "SimulatedClientId0001", "simulated-client-secret"
WEBHOOK_KEY = "a-key-for-tests-of-webhooks"


class Journal:
    """Keeps the calls it is told; `meanwhile` happens after each."""

    def __init__(self) -> None:
        self.calls: list[CallRecord] = []
        self.meanwhile: Callable[[CallRecord], None] = lambda _call: None

    def record(self, call: CallRecord) -> None:
        self.calls.append(call)
        self.meanwhile(call)

    def asked(self, path: str) -> list[dict[str, str]]:
        """The queries of all GETs of this path."""
        found = [urlsplit(call.url) for call in self.calls if call.method == "GET"]
        return [dict(parse_qsl(url.query)) for url in found if url.path.endswith(f"/admin/{path}")]

    @property
    def bodies(self) -> list[Any]:
        """What was written, in order."""
        return [json.loads(call.request_body) for call in self.calls if call.method in {"POST", "PUT"}]

    @property
    def lines(self) -> list[str]:
        """`GET orders/…` of every call, without its query."""
        return [f"{c.method} {c.url.split('/admin/')[1].split('?')[0]}" for c in self.calls if "/admin/" in c.url]


@dataclass
class Rig:
    """`now` is the connector's clock; the mall's own is `mall.clock`."""

    server: SimulatorServer
    journal: Journal = field(default_factory=Journal)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    clients: list[Cafe24Client] = field(default_factory=list)

    @property
    def mall(self) -> Mall:
        return self.server.mall

    def credentials(self, **changes: str) -> dict[str, str]:
        return {
            "mall_id": self.mall.mall_id,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "webhook_key": WEBHOOK_KEY,
            "shop_no": "1",
        } | changes

    def session(
        self, *, scopes: Any = None, timeout_seconds: float = 5.0, shop_no: int = 1, **settings: Any
    ) -> MallSession:
        answer = self.server.grant(shop_no=shop_no) if scopes is None else self.server.grant(scopes, shop_no=shop_no)
        ends_at, refresh_ends_at = kst.moment(answer["expires_at"]), kst.moment(answer["refresh_token_expires_at"])
        assert ends_at is not None
        grant = Grant(
            access_token=answer["access_token"],
            access_ends_at=ends_at,
            refresh_token=answer["refresh_token"],
            refresh_ends_at=refresh_ends_at,
        )
        surroundings = Surroundings(
            journal=self.journal, vault=HeldGrant(grant), settings=settings, timeout_seconds=timeout_seconds
        )
        credentials = self.credentials(shop_no=str(shop_no))
        client = Cafe24Client(credentials, surroundings, self.server.url, now=self.now)
        self.clients.append(client)
        return MallSession(client, surroundings, SingleCodes())

    def orders(self, **options: Any) -> Cafe24Orders:
        return Cafe24Orders(self.session(**options))

    def order(self, order_id: str) -> ChannelOrder:
        """The order (or part) as the connector reads it now."""
        page = self.orders().fetch([order_id])
        return next(order for order in page.orders if order.remote_id == order_id)

    def product(self, place: int = 0) -> Any:
        """A product without options that is counted."""
        singles = [row for row in self.mall.products.values() if len(row.variants) == 1 and not row.variants[0].options]
        return singles[place]

    def code(self, place: int = 0) -> str:
        """Its variant's code."""
        return str(self.product(place).variants[0].variant_code)

    def place(self, *quantities: int, **asked: Any) -> str:
        """Somebody buys so many of the first, the second … product."""
        items = [(self.code(place), quantity) for place, quantity in enumerate(quantities or (1,))]
        return self.mall.place_order(items, check=False, **asked)

    def statuses(self, order_id: str) -> list[str]:
        """The codes of the order's items in the mall."""
        return [row["order_status"] for row in self.mall.order(order_id)["items"]]


@contextmanager
def rig() -> Iterator[Rig]:
    mall = Mall.demo()
    mall.settings.use_product_prepare_status = False
    with SimulatorServer(mall, client_id=CLIENT_ID, client_secret=CLIENT_SECRET) as server:
        server.bucket.enforced = False
        opened = Rig(server)
        try:
            yield opened
        finally:
            for client in opened.clients:
                client.close()


def read_on(source: Cafe24Orders, cursor: str) -> tuple[list[OrderPage], str]:
    """All pages from a cursor, and where it goes on."""
    pages = list(source.pages(cursor))
    return pages, pages[-1].cursor


def ids_of(pages: list[OrderPage]) -> list[str]:
    return [order.remote_id for page in pages for order in page.orders]


def polling(now: datetime) -> str:
    """A cursor past the first reading."""
    return Cursor(marks=Cursor.begin(now.date(), now, "").marks).text()
