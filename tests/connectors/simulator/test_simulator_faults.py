"""Trouble on order, as a client meets it on the wire."""

import http.client
import json
import threading
import time

import pytest

from entrepot.connectors.opencart.simulator import Item
from entrepot.connectors.opencart.simulator.faults import KINDS

LEVEL = {"ref": "a", "kind": "product", "product_id": 28, "quantity": 3}


@pytest.mark.parametrize(
    ("kind", "status", "beginning"),
    [
        ("error", 500, b'{"error":{"code":"internal"'),
        ("crash", 500, b""),
        ("throttle", 429, b'{"error":{"code":"rate_limited"'),
        ("unauthorized", 401, b'{"error":{"code":"bad_signature"'),
        ("forbidden", 403, b"<!DOCTYPE html>"),
        ("html", 200, b"<!DOCTYPE html>"),
        ("notfound", 404, b"<!DOCTYPE html>"),
        ("maintenance", 503, b"<!DOCTYPE html>"),
        ("shape", 200, b'{"data":{"unexpected"'),
        ("empty", 200, b""),
        ("redirect", 302, b""),
    ],
)
def test_trouble_instead_of_an_answer_does_nothing(four_one, kind, status, beginning):
    four_one.control("fault", kind=kind, resource="stock")
    reply = four_one.post("stock", {"items": [LEVEL]})

    assert reply.status == status
    assert reply.raw.startswith(beginning)
    assert four_one.quantity(28) == 939


def test_throttling_names_the_time_to_wait(four_one):
    four_one.control("fault", kind="throttle", retry_after=7)
    assert four_one.get("info").headers["retry-after"] == "7"


def test_trouble_meets_the_next_requests_of_its_resource_alone(four_one):
    four_one.control("fault", kind="error", resource="stock", times=2)
    four_one.control("fault", kind="crash", resource="products", skip=1)

    assert [four_one.get("stock").status for _ in range(3)] == [500, 500, 200]
    assert [four_one.get("products").status for _ in range(3)] == [200, 500, 200]
    assert four_one.get("info").status == 200


def test_faults_can_be_taken_back(four_one):
    four_one.control("fault", kind="error", times=100)
    four_one.control("clear_faults")
    assert four_one.get("info").status == 200


def test_a_warning_of_php_stands_before_the_proper_answer(four_one):
    """Case 14: status 200 and no JSON content type, even for what should be a 401."""
    four_one.control("fault", kind="warning", times=2)
    good, wrong_secret = four_one.get("info"), four_one.get("info", secret="another")

    for reply in (good, wrong_secret):
        assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert reply.raw.startswith(b"<b>Warning</b>")
    assert json.loads(good.raw[good.raw.index(b"{") :])["data"]["shop"]["version"] == "4.1.0.4"


def test_an_answer_cut_in_the_middle_breaks_the_connection(four_one):
    four_one.control("fault", kind="cut")
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        four_one.get("products")


def test_a_truncated_answer_has_a_fitting_length_and_is_no_json(four_one):
    four_one.control("fault", kind="truncated")
    reply = four_one.get("products")

    assert len(reply.raw) == int(reply.headers["content-length"])
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.raw)


def test_a_lost_answer_leaves_the_work_done_and_unacknowledged(four_one):
    four_one.control("fault", kind="lost", resource="stock")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        four_one.post("stock", {"items": [LEVEL]})

    assert four_one.quantity(28) == 3
    [write] = four_one.server.counters.stock_writes
    assert (write.quantity, write.acknowledged) == (3, None)


def test_a_refused_connection_leaves_nothing_done(four_one):
    four_one.control("fault", kind="refuse", resource="stock")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        four_one.post("stock", {"items": [LEVEL]})
    assert four_one.quantity(28) == 939


def test_a_slow_answer_is_right_and_late(four_one):
    four_one.control("fault", kind="slow", seconds=0.3)
    started = time.monotonic()
    assert four_one.get("info").status == 200
    assert time.monotonic() - started >= 0.3


def test_a_time_out_says_nothing_at_all(four_one):
    four_one.control("fault", kind="timeout", seconds=0.2)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        four_one.get("info")


def test_a_giant_answer_is_as_long_as_ordered(four_one):
    four_one.control("fault", kind="giant", size=3_000_000)
    assert len(four_one.get("info").raw) == 3_000_000


def test_an_unknown_fault_is_named(four_one):
    reply = four_one.send("POST", "/_control/fault", b'{"kind":"gremlin"}')
    assert (reply.status, "gremlin" in reply.json["message"]) == (422, True)
    assert "lost" in KINDS


# --------------------------------------------------------------------------- control and counting


def test_the_control_api_lets_things_happen_in_the_shop(four_one):
    order_id = four_one.control(
        "place_order",
        items=[{"product_id": 30, "quantity": 1, "values": [40]}],
        customer={"lastname": "박", "country_code": "KR"},
        currency="EUR",
    )
    four_one.control("set_status", order_id=order_id, status=2, comment="Paid")
    four_one.control("edit_order", order_id=order_id, items=[{"product_id": 28}], shipping={"city": "Jeju"})
    order = four_one.control("order", order_id=order_id)
    form = four_one.control("open_product_form", product_id=28)
    four_one.control("set_quantity", product_id=28, quantity=1)
    four_one.control("save_product", product_id=28, form=form)
    made = four_one.control("add_product", model="New", name="새 상품", price="12", quantity=3, sku="NEW-1")

    assert [row["order_status_id"] for row in order["order_history"]] == ["1", "2", "16", "2"]
    assert order["order"]["shipping_city"] == "Jeju"
    assert four_one.quantity(28) == 938
    assert four_one.control("product", product_id=made)["codes"] == [{"code": "SKU", "value": "NEW-1"}]
    four_one.control("delete_order", order_id=order_id)
    assert four_one.control("order", order_id=order_id) is None


def test_the_control_api_names_what_it_refuses(four_one):
    refused = four_one.send("POST", "/_control/place_order", b'{"items":[{"product_id":4711}]}')
    unknown = four_one.send("POST", "/_control/burn_down", b"{}")

    assert (refused.status, refused.json["error"]) == (422, "cart_refused")
    assert (unknown.status, "place_order" in unknown.json["verbs"]) == (404, True)


def test_requests_are_counted_by_resource_and_at_once(four_one):
    four_one.server.faults.add("slow", times=3, seconds=0.3)
    threads = [threading.Thread(target=four_one.get, args=("info",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counters = four_one.server.counters

    assert counters.idle()  # an answer is counted when it has left
    assert counters.requests["info"] == 3
    assert counters.most_at_once == 3
    assert four_one.control("counters", reset=True)["answers"] == {"info fault:slow": 3}
    assert four_one.control("counters")["requests"] == {}


def test_one_connection_serves_many_requests(four_one):
    host, _, port = four_one.server.url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port))
    target = "/index.php?route=extension/oms_bridge/api&resource=info"
    sockets = set()
    for _ in range(3):
        connection.request("GET", target, headers=four_one.signed("GET", target))
        assert connection.getresponse().read()
        sockets.add(connection.sock.getsockname())
    connection.close()
    assert len(sockets) == 1


def test_orders_placed_at_once_take_every_piece_once(four_one):
    threads = [threading.Thread(target=four_one.shop.place_order, args=([Item(28, 1)],)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert four_one.quantity(28) == 919
