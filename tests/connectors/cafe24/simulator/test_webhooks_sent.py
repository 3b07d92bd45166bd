"""What the mall tells the app, how it fails, and the logs (reference §6; cases 50–52 of §9)."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.connectors.cafe24.simulator.mall_calls import App, open_app

KEY = "key-of-the-developer-center"


@dataclass
class Ear:
    """A receiver that writes down what it is told and answers as it is bid."""

    address: str = ""
    heard: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def numbers(self) -> list[object]:
        return [body["event_no"] for _, body in self.heard]


@contextmanager
def listening() -> Iterator[Ear]:
    ear = Ear()

    class Request(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            ear.heard.append((dict(self.headers), body))
            self.send_response(ear.answers.pop(0) if ear.answers else 200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"busy")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    ear.address = f"http://127.0.0.1:{server.server_address[1]}/webhooks/cafe24?mall=1"
    try:
        yield ear
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def ear() -> Iterator[Ear]:
    with listening() as opened:
        yield opened


@pytest.fixture
def app(ear: Ear) -> Iterator[App]:
    with open_app() as opened:
        sender = opened.server.webhooks
        sender.address, sender.key, sender.first_pause = ear.address, KEY, 0.05
        yield opened


def logs(app: App, **query: object) -> list[Any]:
    rows: list[Any] = app.get("/webhooks/logs", limit=100, **query)["logs"]
    return rows


def test_an_order_is_told_with_the_apps_key_and_no_items(app: App, ear: Ear) -> None:
    order_id = app.mall.place_order([(app.shirts, 1), (app.mugs, 1)])
    assert app.server.webhooks.wait(1)
    headers, body = ear.heard[0]
    assert headers["X-API-Key"] == KEY
    assert (body["event_no"], body["resource"]["mall_id"], body["resource"]["event_shop_no"]) == (
        90023,
        app.mall.mall_id,
        "1",
    )
    assert (body["resource"]["order_id"], body["resource"]["paid"]) == (order_id, "T")
    assert body["resource"]["wished_delivery_date"] == "0000-00-00"
    assert "items" not in body["resource"]
    assert len(body["resource"]) == 38


def test_each_deed_has_its_event(app: App, ear: Ear) -> None:
    app.server.webhooks.address = None
    order_id = app.mall.place_order([(app.shirts, 2), (app.mugs, 1)], paid=False)
    app.server.webhooks.address = ear.address
    app.mall.pay(order_id)
    app.mall.request_cancel(order_id, [f"{order_id}-02"])
    app.mall.change_receiver(order_id, name="서다온")
    app.mall.ship_in_admin(order_id, items=[f"{order_id}-01"])
    row = {"tracking_no": "6009", "shipping_company_code": "0006"}
    app.send("PUT", f"/orders/{order_id}/shipments/{app.items(order_id)[0].shipping_code}", row)
    app.mall.deliver(order_id)
    claim = app.mall.accept_return(order_id, [(f"{order_id}-01", 1)])
    app.mall.exchange(order_id, [f"{order_id}-01"])
    app.mall.move_return(claim, "returned")
    app.send("PUT", f"/orders/{order_id}/refunds/{claim}", {"status": "complete"})
    app.mall.add_item(order_id, app.whites)
    app.send("POST", f"/orders/{order_id}/memos", {"content": "메모"})
    app.mall.delete_order(order_id)
    assert app.server.webhooks.wait(13)
    assert ear.numbers == [
        90025,
        90026,
        90064,
        90024,
        90162,
        90024,
        90027,
        90028,
        90027,
        90029,
        90031,
        90066,
        90070,
    ]


def test_products_are_told_when_made_edited_sold_out_and_deleted(app: App, ear: Ear) -> None:
    number = app.mall.add_product("새 머그", 9000, quantity=1)
    app.mall.edit_product(number, product_name="더 새 머그")
    code = app.mall.products[number].variants[0].variant_code
    app.mall.take_stock(code, 1)
    app.mall.give_stock(code, 1)
    app.mall.delete_product(number)
    assert app.server.webhooks.wait(5)
    assert ear.numbers == [90001, 90002, 90075, 90075, 90003]
    assert [body["resource"].get("use_soldout") for _, body in ear.heard[2:4]] == ["T", "F"]


def test_products_edited_together_come_as_one_comma_list(app: App, ear: Ear) -> None:
    first, second = sorted(app.mall.products)
    app.mall.edit_products([first, second], action="display", display="F")
    assert app.server.webhooks.wait(1)
    assert [(body["event_no"], body["resource"]["product_no"]) for _, body in ear.heard] == [
        (90041, f"{first},{second}")
    ]
    assert app.mall.products[first].row["display"] == "F"


def test_case_50_a_bulk_write_is_told_by_one_comma_list(app: App, ear: Ear) -> None:
    ids = [app.mall.place_order([(app.mugs, 1)]) for _ in range(2)]
    rows = [
        {"order_id": one, "tracking_no": "6001", "shipping_company_code": "0006", "status": "shipping"} for one in ids
    ]
    app.send("POST", "/shipments", rows)
    assert app.server.webhooks.wait(3)
    body = ear.heard[2][1]
    assert (body["event_no"], body["resource"]["order_id"]) == (90071, ",".join(ids))


def test_case_50_duplicates_and_events_out_of_order(app: App, ear: Ear) -> None:
    sender = app.server.webhooks
    sender.disturb("duplicate")
    order_id = app.mall.place_order([(app.mugs, 1)])
    assert sender.wait(2)
    assert ear.heard[0][1] == ear.heard[1][1]
    sender.disturb("out_of_order")
    app.mall.hold(order_id)
    app.mall.request_cancel(order_id)
    assert sender.wait(4)
    assert ear.numbers == [90023, 90023, 90026, 90024]


def test_case_50_text_numbers_and_a_missing_wrapper(app: App, ear: Ear) -> None:
    sender = app.server.webhooks
    sender.disturb("string_event_no")
    sender.disturb("bare")
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.hold(order_id)
    assert sender.wait(2)
    assert ear.heard[0][1]["event_no"] == "90023"
    assert ear.heard[1][1]["order_id"] == order_id
    assert "resource" not in ear.heard[1][1]


def test_case_50_several_events_of_a_kind_may_come_as_one(app: App, ear: Ear) -> None:
    ids = [app.mall.place_order([(app.mugs, 1)]) for _ in range(2)]
    app.server.webhooks.disturb("bulk", times=2, event_no=90026)
    for order_id in ids:
        app.mall.request_cancel(order_id)
    assert app.server.webhooks.wait(3)
    assert ear.heard[2][1] == {
        "event_no": 90072,
        "resource": {"mall_id": app.mall.mall_id, "event_shop_no": "1", "order_id": ",".join(ids)},
    }


def test_case_50_a_wrong_key_is_sent_on_order(app: App, ear: Ear) -> None:
    app.server.webhooks.disturb("wrong_key")
    ear.answers = [403]
    app.server.webhooks.most_tries = 1
    app.mall.place_order([(app.mugs, 1)])
    assert app.server.webhooks.wait_idle()
    assert ear.heard[0][0]["X-API-Key"] != KEY
    assert [(row["success"], row["response_http_code"]) for row in logs(app)] == [("F", 403)]


def test_a_failed_event_is_sent_again_and_every_attempt_is_in_the_logs(app: App, ear: Ear) -> None:
    ear.answers = [503, 500]
    order_id = app.mall.place_order([(app.mugs, 1)])
    assert app.server.webhooks.wait(1)
    rows = logs(app)
    assert [(row["log_type"], row["success"], row["response_http_code"]) for row in rows] == [
        ("G", "F", 503),
        ("R", "F", 500),
        ("R", "T", 200),
    ]
    assert len({row["log_id"] for row in rows}) == 3
    assert len({row["trace_id"] for row in rows}) == 1
    assert [len(row["log_id"]) for row in rows] == [20, 20, 20]
    assert json.loads(rows[0]["request_body"])["resource"]["order_id"] == order_id
    assert (rows[0]["request_endpoint"], rows[0]["response_body"]) == (ear.address, "busy")


def test_an_event_is_given_up_after_the_last_try(app: App, ear: Ear) -> None:
    app.server.webhooks.most_tries = 2
    ear.answers = [500, 500]
    app.mall.place_order([(app.mugs, 1)])
    assert app.server.webhooks.wait_idle()
    assert [row["success"] for row in logs(app)] == ["F", "F"]


def test_case_51_a_lost_event_is_never_heard_but_stands_in_the_logs(app: App, ear: Ear) -> None:
    app.server.webhooks.disturb("lost")
    lost = app.mall.place_order([(app.mugs, 1)])
    app.mall.place_order([(app.mugs, 1)])
    assert app.server.webhooks.wait(1)
    assert app.server.webhooks.wait_idle()
    assert len(ear.heard) == 1
    rows = logs(app, success="F")
    assert [json.loads(row["request_body"])["resource"]["order_id"] for row in rows] == [lost]
    assert rows[0]["response_http_code"] is None


def test_logs_go_on_behind_one_of_them_and_are_cut_by_limit_and_event(app: App, ear: Ear) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.hold(order_id)
    app.mall.unhold(order_id)
    assert app.server.webhooks.wait(3)
    rows = logs(app)
    assert logs(app, since_log_id=rows[0]["log_id"]) == rows[1:]
    assert app.get("/webhooks/logs", limit=2)["logs"] == rows[:2]
    assert [row["event_no"] for row in logs(app, event_no="90024")] == [90024, 90024]
    assert app.call("GET", "/webhooks/logs", since_log_id="nobody")[0] == 422
    assert app.call("GET", "/webhooks/logs", limit=10001)[0] == 422
    today = f"{app.mall.clock.now():%Y-%m-%d}"
    assert len(logs(app, requested_start_date=today, requested_end_date=today)) == 3
    assert logs(app, requested_start_date="2020-01-01", requested_end_date="2020-01-02") == []


def test_nothing_is_sent_while_reception_is_off(app: App, ear: Ear) -> None:
    status, body = app.send("PUT", "/webhooks/setting", {"reception_status": "F"})
    assert (status, body["webhook"]["reception_status"]) == (200, "F")
    app.mall.place_order([(app.mugs, 1)])
    app.send("PUT", "/webhooks/setting", {"reception_status": "T"})
    app.mall.place_order([(app.mugs, 1)])
    assert app.server.webhooks.wait(1)
    assert len(ear.heard) == 1
    assert "mall.read_order" in app.get("/webhooks/setting")["webhook"]["scopes"]


def test_case_52_the_app_is_deleted_and_hears_no_more_until_it_is_installed_again(app: App, ear: Ear) -> None:
    app.server.oauth.uninstall()
    app.mall.place_order([(app.mugs, 1)])
    app.server.grant()
    heard = app.mall.place_order([(app.mugs, 1)])
    assert app.server.webhooks.wait(2)
    assert app.server.webhooks.wait_idle()
    assert ear.numbers == [90077, 90023]
    assert ear.heard[1][1]["resource"]["order_id"] == heard
    assert ear.heard[0][1]["resource"]["client_id"] == app.server.oauth.client_id


def test_an_unknown_disturbance_is_refused(app: App) -> None:
    with pytest.raises(ValueError, match="no disturbance 'hiccup'"):
        app.server.webhooks.disturb("hiccup")
