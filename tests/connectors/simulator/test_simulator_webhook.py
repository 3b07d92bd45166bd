"""Events pushed to Entrepot: §6 of the protocol."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from entrepot.connectors.opencart.simulator import Item

from .conftest import sign


class Listener:
    """Stands for Entrepot: keeps what it is sent and answers with the next of `statuses`."""

    def __init__(self):
        self.requests, self.statuses, self.arrived = [], [], threading.Condition()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with listener.arrived:
                    listener.requests.append((self.path, dict(self.headers), body, time.monotonic()))
                    status = listener.statuses.pop(0) if listener.statuses else 204
                    listener.arrived.notify_all()
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks/opencart?store=7"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def wait(self, count):
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= count, 5), self.requests
        return [json.loads(body) for _, _, body, _ in self.requests]


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_an_order_is_pushed_signed_with_the_same_secret(four_one, listener):
    four_one.post("webhook", {"url": listener.url})
    order_id = four_one.shop.place_order([Item(28, 1)])
    listener.wait(1)
    path, headers, body, _ = listener.requests[0]
    pushed = json.loads(body)

    assert path == "/hooks/opencart?store=7"
    secret = four_one.server.secret
    wanted = sign(secret, path, headers["X-Oms-Timestamp"], headers["X-Oms-Nonce"], body, method="POST")
    assert headers["X-Oms-Signature"] == wanted
    assert pushed["shop"] == four_one.shop.identity
    assert [(row["kind"], row["object_id"], row["origin"]) for row in pushed["events"]] == [
        ("order.added", order_id, "shop"),
        ("order.history", order_id, "shop"),
    ]
    assert pushed["events"] == four_one.get("events").content


def test_only_what_happens_after_the_address_was_set_is_pushed(four_one, listener):
    four_one.shop.place_order([Item(28, 1)])
    four_one.post("webhook", {"url": listener.url})
    four_one.shop.set_status(1, 2)
    [pushed] = listener.wait(1)
    assert [row["event_id"] for row in pushed["events"]] == [3]


def test_a_failed_push_is_repeated_after_doubling_pauses_until_it_is_taken(four_one, listener):
    listener.statuses = [500, 503, 200]
    four_one.control("webhook", first_pause=0.1)
    four_one.post("webhook", {"url": listener.url})
    four_one.shop.set_status(1, 2)
    pushed = listener.wait(3)
    times = [moment for *_, moment in listener.requests]

    assert [row["events"][0]["event_id"] for row in pushed] == [1, 1, 1]
    assert times[1] - times[0] >= 0.1
    assert times[2] - times[1] >= 0.2
    state = four_one.get("info").content["webhook"]
    deadline = time.monotonic() + 2
    while state["pending"] and time.monotonic() < deadline:
        state = four_one.get("info").content["webhook"]
    assert (state["pending"], state["last_error"]) == (0, None)


def test_a_dead_listener_never_delays_the_buyer_and_is_told_in_info(four_one):
    four_one.post("webhook", {"url": "http://127.0.0.1:9/dead"})
    started = time.monotonic()
    four_one.shop.place_order([Item(28, 1)])
    assert time.monotonic() - started < 0.2

    deadline = time.monotonic() + 2
    state = four_one.get("info").content["webhook"]
    while state["last_error"] is None and time.monotonic() < deadline:
        state = four_one.get("info").content["webhook"]
    assert "refused" in state["last_error"].lower()
    assert state["pending"] == 2


def test_a_removed_address_is_pushed_nothing(four_one, listener):
    four_one.post("webhook", {"url": listener.url})
    four_one.post("webhook", {"url": None})
    four_one.shop.set_status(1, 2)
    time.sleep(0.1)

    assert listener.requests == []
    assert four_one.get("info").content["webhook"] == {"url": None, "enabled": False, "pending": 0, "last_error": None}


def test_a_test_push_is_a_ping_sent_now(four_one, listener):
    without = four_one.post("webhook_test", {}).content
    four_one.post("webhook", {"url": listener.url})
    answer = four_one.post("webhook_test", {}).content

    assert "error" in without
    assert answer["status"] == 204
    assert listener.wait(1)[0]["events"][0]["kind"] == "ping"
    assert four_one.post("webhook", {"url": "ftp://x"}).status == 422
