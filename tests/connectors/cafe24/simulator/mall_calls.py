"""A small mall over real HTTP and an app that calls it, for the tests of orders, parcels, claims and webhooks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

from entrepot.connectors.cafe24.simulator.mall import Mall
from entrepot.connectors.cafe24.simulator.order_rows import OrderItem
from entrepot.connectors.cafe24.simulator.server import SimulatorServer
from entrepot.connectors.cafe24.simulator.settings import Shop

VERSION = "2025-03-01"
REFUSED = {"error": {"code": 422, "message": "You cannot change to that order state."}}


@dataclass
class App:
    """Calls the Admin API. `shirts`, `whites` and `mugs` are variant codes with ten in stock each."""

    server: SimulatorServer
    shirts: str = ""
    whites: str = ""
    mugs: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    version: str = VERSION

    @property
    def mall(self) -> Mall:
        return self.server.mall

    def call(self, method: str, path: str, body: object = None, **query: object) -> tuple[int, Any]:
        token = self.server.oauth.tokens.pairs[-1].access_token
        target = f"/api/v2/admin{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "X-Cafe24-Api-Version": self.version,
        }
        host = self.server.url.removeprefix("http://")
        connection = HTTPConnection(host, timeout=10)
        try:
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
            self.headers = {name.lower(): text for name, text in answer.getheaders()}
            return answer.status, json.loads(content) if content else None
        finally:
            connection.close()

    def get(self, path: str, **query: object) -> Any:
        status, body = self.call("GET", path, **query)
        assert status == 200, body
        return body

    def send(self, method: str, path: str, request: object) -> tuple[int, Any]:
        key = "requests" if isinstance(request, list) else "request"
        return self.call(method, path, {"shop_no": 1, key: request})

    def items(self, order_id: str) -> list[OrderItem]:
        return self.mall.orders.rows[order_id].items

    def states(self, order_id: str) -> list[str]:
        return [item.status for item in self.items(order_id)]


@contextmanager
def open_app(**settings: object) -> Iterator[App]:
    """A mall with shirts in two colours and mugs; paid orders begin at N20 unless told otherwise."""
    mall = Mall.empty(shops=(Shop(1, "소담상점", default="T"), Shop(2, "Sodam", "USD", "en_US", "US")))
    mall.settings.use_product_prepare_status = False
    for name, value in settings.items():
        setattr(mall.settings, name, value)
    shirt = mall.add_product("린넨 셔츠", 15000, options={"색상": ["블랙", "화이트"]}, codes=["SH-BK", "SH-WH"])
    mug = mall.add_product("백자 머그", 22000, custom_product_code="MUG-1", supply_price="11000.00")
    with SimulatorServer(mall) as server:
        server.bucket.enforced = False
        server.grant()
        black, white = mall.products[shirt].variants
        yield App(server, black.variant_code, white.variant_code, mall.products[mug].variants[0].variant_code)
