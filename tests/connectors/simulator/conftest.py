"""A caller that signs by the protocol's words alone, and shops of each line to call."""

import hashlib
import hmac
import http.client
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from entrepot.connectors.opencart.simulator import Shop, SimulatorServer


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def content(self) -> Any:
        assert self.status == 200, self.raw[:300]
        return self.json["data"]


def sign(secret: str, target: str, timestamp: str, nonce: str, body: bytes = b"", *, method: str) -> str:
    text = f"v1\n{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body
    return "v1=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


@dataclass
class Caller:
    """Calls one simulator. `server` is the whole thing, `shop` its state."""

    server: SimulatorServer
    session: str | None = "0123456789abcdef0123456789"
    spoil: dict[str, str | None] = field(default_factory=dict)

    @property
    def shop(self) -> Shop:
        return self.server.shop

    def send(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        host, _, port = self.server.url.removeprefix("http://").partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        try:
            connection.request(method, target, body or None, headers or {})
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def signed(self, method: str, target: str, body: bytes = b"", secret: str | None = None) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), os.urandom(12).hex()
        made: dict[str, str | None] = {
            "X-Oms-Timestamp": timestamp,
            "X-Oms-Nonce": nonce,
            "X-Oms-Signature": sign(secret or self.server.secret, target, timestamp, nonce, body, method=method),
            "Cookie": f"OCSESSID={self.session}" if self.session else None,
            "Content-Type": "application/json",
            **self.spoil,
        }
        return {name: text for name, text in made.items() if text is not None}

    def get(self, resource: str, query: str = "", secret: str | None = None) -> Reply:
        target = f"/index.php?route=extension/oms_bridge/api&resource={resource}{query}"
        return self.send("GET", target, headers=self.signed("GET", target, secret=secret))

    def post(self, resource: str, body: Any) -> Reply:
        target = f"/index.php?route=extension/oms_bridge/api&resource={resource}"
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return self.send("POST", target, raw, self.signed("POST", target, raw))

    def control(self, verb: str, **asked: Any) -> Any:
        reply = self.send("POST", f"/_control/{verb}", json.dumps(asked).encode())
        assert reply.status == 200, reply.raw
        return reply.json["result"]

    def product(self, product_id: int) -> Any:
        return self.get("products", f"&ids={product_id}").content[0]

    def quantity(self, product_id: int, option_value_id: int | None = None) -> int:
        row = self.get("stock", f"&ids={product_id}").content[0]
        if option_value_id is None:
            return int(row["quantity"])
        return next(int(v["quantity"]) for v in row["options"] if v["option_value_id"] == str(option_value_id))

    def order(self, order_id: int) -> Any:
        return self.get("order", f"&ids={order_id}").content[0]

    def set_stock(self, *items: dict[str, Any]) -> Any:
        return self.post("stock", {"items": list(items)}).content


@pytest.fixture
def serve() -> Iterator[Callable[[Shop], Caller]]:
    with ExitStack() as stack:
        yield lambda shop: Caller(stack.enter_context(SimulatorServer(shop, secret="a-secret-of-the-tests")))


@pytest.fixture
def four_one(serve: Callable[[Shop], Caller]) -> Caller:
    return serve(Shop.demo(line="4.1"))


@pytest.fixture(params=["4.1", "4.0", "3.0"])
def every_line(request: pytest.FixtureRequest, serve: Callable[[Shop], Caller]) -> Caller:
    return serve(Shop.demo(line=request.param))
