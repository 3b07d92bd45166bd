"""The mall for people and for suites: control verbs, the shop front, demo orders, the conformance stage."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest

from entrepot.connectors.cafe24.simulator.claim_wire import claim_row
from entrepot.connectors.cafe24.simulator.mall import Mall
from entrepot.connectors.cafe24.simulator.order_demo import DAYS
from entrepot.connectors.cafe24.simulator.order_rows import Claim, Order, OrderSwitches
from entrepot.connectors.cafe24.simulator.order_wire import embedded, order_row
from entrepot.connectors.cafe24.simulator.server import SimulatorServer
from entrepot.connectors.cafe24.simulator.stage import SimulatorStage
from entrepot.connectors.cafe24.simulator.webhooks import DISTURBANCES
from entrepot.connectors.cafe24.type import cafe24
from tests.connectors.cafe24.simulator.mall_calls import App, open_app


@pytest.fixture
def app() -> Iterator[App]:
    with open_app() as opened:
        yield opened


def ask(app: App, method: str, path: str, body: str | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(app.server.url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def control(app: App, verb: str, **asked: object) -> tuple[int, Any]:
    status, _, content = ask(app, "POST", f"/_control/{verb}", json.dumps(asked))
    return status, json.loads(content)


# ------------------------------------------------------------------ control


def test_verbs_are_reached_over_http(app: App) -> None:
    items = [[app.shirts, 2], [app.mugs, 1]]
    status, body = control(app, "place_order", items=items, at="2026-03-05T10:00:00+09:00", buyer={"name": "서다온"})
    order_id = body["result"]
    assert (status, order_id) == (200, "20260305-0000001")
    assert control(app, "request_cancel", order_id=order_id, items=[[f"{order_id}-01", 1]])[1]["result"] == [
        f"{order_id}-03"
    ]
    assert control(app, "ship_in_admin", order_id=order_id, tracking_no="6007")[0] == 200
    row = control(app, "order", order_id=order_id)[1]["result"]
    assert [item["order_status"] for item in row["items"]] == ["N30", "N30", "C00"]
    assert (row["buyer"]["name"], row["parcels_issued"]) == ("서다온", 1)


def test_a_deed_that_cannot_be_is_422_and_says_why(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    status, body = control(app, "deliver", order_id=order_id)
    assert (status, body["message"]) == (422, "You cannot change to that order state.")
    assert control(app, "place_order", items=[[app.mugs, 99]])[1]["error"] == "sold_out"
    assert control(app, "order_switches", warp=True)[0] == 422


def test_switches_and_webhooks_are_set_over_http(app: App) -> None:
    assert control(app, "order_switches", bare_phones=True)[1]["result"]["bare_phones"] is True
    assert app.mall.orders.switches.bare_phones
    address = "http://127.0.0.1:9/hook"
    status, body = control(app, "webhooks", address=address, key="k", disturb={"kind": "lost"})
    assert (status, body["result"]["address"], body["result"]["sent"]) == (200, address, 0)
    assert (app.server.webhooks.address, app.server.webhooks.key) == (address, "k")


def test_every_switch_and_disturbance_is_on_the_page_about_the_simulator() -> None:
    page = (Path(__file__).parents[4] / "docs/explanation/cafe24-simulator.md").read_text("utf-8")
    names = [*(one.name for one in fields(OrderSwitches)), *DISTURBANCES]
    assert [name for name in names if f"`{name}`" not in page] == []


# ------------------------------------------------------------------ the shop front


def told(app: App, path: str, **form: object) -> str:
    status, headers, _ = ask(app, "POST", path, urlencode(form))
    assert status == 303
    return parse_qs(urlsplit(headers["Location"]).query)["told"][0]


def test_a_buyer_buys_and_asks_to_cancel_in_the_shop_front(app: App) -> None:
    said = told(app, "/buy", variant_code=app.shirts, quantity=2)
    order_id = next(iter(app.mall.orders.rows))
    assert said == f"Order {order_id} is placed."
    page = ask(app, "GET", "/")[2].decode()
    assert "색상=블랙 (8)" in page
    assert f'aria-label="Ask to cancel: {order_id}"' in page
    assert told(app, "/cancel", order_id=order_id) == f"Order {order_id} is asked to be canceled."
    assert app.states(order_id) == ["C00"]
    assert told(app, "/return", order_id=order_id) == "The mall refuses this: You cannot change to that order state."


def test_the_shop_front_refuses_what_is_not_there(app: App) -> None:
    assert told(app, "/buy", variant_code=app.mugs, quantity=11) == "The mall refuses this: it is sold out."
    assert told(app, "/buy", quantity=1) == "The mall does not understand this."
    assert ask(app, "GET", "/elsewhere")[0] == 404
    assert app.mall.orders.rows == {}


# ------------------------------------------------------------------ demo orders


def test_the_demo_orders_are_the_same_every_time_and_leave_the_stock_alone() -> None:
    first, second, bare = Mall.demo(orders=40), Mall.demo(orders=40), Mall.demo()

    def facts(mall: Mall) -> list[object]:
        return [
            [(item.variant_code, item.quantity, item.status) for item in row.items] for row in mall.orders.rows.values()
        ]

    def stock(mall: Mall) -> list[int]:
        return [variant.quantity for product in mall.products.values() for variant in product.variants]

    assert facts(first) == facts(second)
    assert stock(first) == stock(bare)


def test_the_demo_orders_show_every_kind_of_order_over_ninety_days() -> None:
    mall = Mall.demo(orders=60)
    rows, now = list(mall.orders.rows.values()), mall.clock.now()
    codes = Counter(item.status for row in rows for item in row.items)
    assert len(rows) == 60
    assert {"N00", "N10", "N20", "N21", "N22", "N30", "N40", "N50", "C00", "C40", "C48", "R00", "R10", "R40"} <= set(
        codes
    )
    assert {"E20", "E40"} <= set(codes)
    assert all(timedelta(0) <= now - row.placed_at <= timedelta(days=DAYS) for row in rows)
    assert all(moment <= now for row in rows for item in row.items for moment in item.dates.values())
    assert any(row.several_addresses for row in rows)
    assert any(row.guest for row in rows)
    assert any(row.pickup for row in rows)
    assert any(item.bundle for row in rows for item in row.items)
    assert any(item.gift for row in rows for item in row.items)
    assert {"self", "NCHECKOUT"} < {row.market for row in rows}
    assert rows == sorted(rows, key=lambda row: row.placed_at)


def test_orders_and_claims_come_back_from_a_file_word_for_word() -> None:
    mall = Mall.demo(orders=60)
    books = mall.orders

    def words() -> list[object]:
        parts = ("items", "receivers", "buyer")
        orders = [order_row(mall, row) | embedded(mall, row, parts) for row in books.rows.values()]
        return [orders, [claim_row(mall, claim) for claim in books.claims.values()]]

    before = words()
    books.rows = msgspec.json.decode(msgspec.json.encode(books.rows), type=dict[str, Order])
    books.claims = msgspec.json.decode(msgspec.json.encode(books.claims), type=dict[str, Claim])
    assert words() == before


# ------------------------------------------------------------------ the stage


def test_the_stage_opens_connectors_that_share_one_consent_and_a_stranger_that_has_none() -> None:
    with SimulatorServer(Mall.demo()) as server:
        stage = SimulatorStage(server, cafe24(server.url))
        connector = stage.open()
        assert connector.shop.info().identity == f"{server.mall.mall_id}/1"
        connector.close()
        order_id = stage.place_order(2)
        stage.set_status(order_id, "N20")
        stage.edit_order(order_id, 1)
        assert [(item.status, item.quantity) for item in server.mall.orders.rows[order_id].items] == [
            ("N20", 1),
            ("C40", 1),
        ]
        cart = stage.place_order(confirm=False)
        assert server.mall.orders.rows[cart].paid_at is None
        stage.confirm_order(cart)
        stage.delete_order(cart)
        assert cart not in server.mall.orders.rows


def test_the_stage_orders_trouble_and_heals() -> None:
    with SimulatorServer(Mall.demo()) as server:
        stage = SimulatorStage(server, cafe24(server.url))
        stage.trouble("throttled", times=3)
        assert [(fault.kind, fault.seconds, fault.times) for fault in server.faults.waiting] == [("quota", 7.0, 3)]
        stage.heal()
        assert server.faults.waiting == []
