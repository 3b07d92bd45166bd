"""Who gets in, and that a refusal changes nothing."""

from __future__ import annotations

import re
import time

import pytest

from entrepot.connectors.opencart import bridge_build
from tests.bridge.client import SECRET, Client, sign
from tests.bridge.shops import Shop, wait_for

pytestmark = pytest.mark.php
WRITE = b'{"items": [{"ref": "a", "kind": "product", "product_id": 28, "quantity": 9}]}'


def send_write(shop: Shop, body: bytes = WRITE, sent: bytes | None = None, **how: object) -> object:
    target = shop.client.target("stock")
    headers = shop.client.headers("POST", target, body, **how)
    return shop.client.send(
        "POST", target, body if sent is None else sent, {**headers, "Content-Type": "application/json"}
    )


def quantity(shop: Shop) -> str | None:
    return shop.one("SELECT quantity FROM #product WHERE product_id=28")


def test_a_signed_request_is_answered_as_json_with_both_clocks(shop: Shop) -> None:
    reply = shop.client.get("order_cursor")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    meta = reply.json["meta"]
    assert (meta["protocol"], meta["bridge"]) == (1, "1.2.0")
    assert (meta["clock"]["timezone"], meta["clock"]["offset"]) == ("Asia/Seoul", 32400)
    assert meta["clock"]["utc"].endswith("Z")
    assert reply.json["next"] is None


def test_a_write_with_the_right_signature_is_done(shop: Shop) -> None:
    assert send_write(shop).status == 200
    assert quantity(shop) == "9"


@pytest.mark.parametrize("missing", ["X-Oms-Timestamp", "X-Oms-Nonce", "X-Oms-Signature"])
def test_a_missing_header_is_unsigned_and_tells_nothing(shop41: Shop, missing: str) -> None:
    target = shop41.client.target("stock")
    headers = shop41.client.headers("POST", target, WRITE)
    del headers[missing]
    reply = shop41.client.send("POST", target, WRITE, headers)
    assert reply.code == (401, "unsigned")
    assert reply.json["meta"] == {"protocol": 1}
    assert quantity(shop41) == "5"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Oms-Timestamp", "soon"),
        ("X-Oms-Nonce", "short"),
        ("X-Oms-Nonce", "x" * 65),
        ("X-Oms-Nonce", "a b c d e f g h i j"),
        ("X-Oms-Signature", "v2=" + "0" * 64),
        ("X-Oms-Signature", "v1=" + "0" * 63),
        ("X-Oms-Signature", "v1=" + "A" * 64),
    ],
)
def test_a_malformed_header_is_named(shop41: Shop, name: str, value: str) -> None:
    target = shop41.client.target("stock")
    headers = {**shop41.client.headers("POST", target, WRITE), name: value}
    reply = shop41.client.send("POST", target, WRITE, headers)
    assert reply.code == (400, "bad_request")
    assert reply.error["detail"] == {"field": name}
    assert quantity(shop41) == "5"


def test_a_wrong_secret_is_refused_and_the_seen_target_told(shop: Shop) -> None:
    reply = send_write(shop, secret="f" * 64)
    assert reply.code == (401, "bad_signature")
    assert reply.error["detail"] == {"target": "/index.php?route=extension/oms_bridge/api&resource=stock"}
    assert reply.json["meta"] == {"protocol": 1}
    assert quantity(shop) == "5"


@pytest.mark.parametrize("place", [3, 4, 8, 34, 65, 66])
def test_every_digit_of_the_signature_counts(shop41: Shop, place: int) -> None:
    target = shop41.client.target("stock")
    headers = shop41.client.headers("POST", target, WRITE)
    right = headers["X-Oms-Signature"]
    headers["X-Oms-Signature"] = right[:place] + ("1" if right[place] == "0" else "0") + right[place + 1 :]
    assert shop41.client.send("POST", target, WRITE, headers).code == (401, "bad_signature")
    assert quantity(shop41) == "5"


def test_signatures_are_compared_in_constant_time() -> None:
    code = (bridge_build.SOURCE / "common/Gate.php").read_text()
    assert code.count("hash_equals($expected, $signature)") == 1
    assert re.findall(r"[!=]==?\s*\$(?:signature|expected)|\$(?:signature|expected)\s*[!=]=|strcmp", code) == []


def test_an_altered_body_is_refused(shop: Shop) -> None:
    reply = send_write(shop, sent=WRITE.replace(b"9}", b"8}"))
    assert reply.code == (401, "bad_signature")
    assert quantity(shop) == "5"


def test_an_altered_query_is_refused(shop41: Shop) -> None:
    target = shop41.client.target("products", limit=1)
    headers = shop41.client.headers("GET", target, b"")
    reply = shop41.client.send("GET", target.replace("limit=1", "limit=2"), headers=headers)
    assert reply.code == (401, "bad_signature")


def test_an_altered_method_is_refused(shop41: Shop) -> None:
    target = shop41.client.target("stock")
    reply = shop41.client.send("POST", target, b"", shop41.client.headers("GET", target, b""))
    assert reply.code == (401, "bad_signature")


def test_a_signature_does_not_carry_over_to_another_nonce_or_time(shop41: Shop) -> None:
    target = shop41.client.target("order_cursor")
    headers = shop41.client.headers("GET", target, b"")
    later = {**headers, "X-Oms-Timestamp": str(int(headers["X-Oms-Timestamp"]) + 1)}
    other = {**headers, "X-Oms-Nonce": "another-nonce-000000"}
    assert shop41.client.send("GET", target, headers=later).code == (401, "bad_signature")
    assert shop41.client.send("GET", target, headers=other).code == (401, "bad_signature")


@pytest.mark.parametrize("seconds", [-310, 310])
def test_a_clock_outside_the_window_is_told_the_shops_time(shop: Shop, seconds: int) -> None:
    reply = send_write(shop, timestamp=int(time.time()) + seconds)
    assert reply.code == (401, "clock_skew")
    assert abs(reply.error["detail"]["shop_time"] - time.time()) < 5
    assert "clock" not in reply.json["meta"]
    assert quantity(shop) == "5"


@pytest.mark.parametrize("seconds", [-290, 290])
def test_a_clock_inside_the_window_is_accepted(shop41: Shop, seconds: int) -> None:
    assert send_write(shop41, timestamp=int(time.time()) + seconds).status == 200


def test_a_request_seen_before_is_replayed_and_not_done_twice(shop: Shop) -> None:
    target = shop.client.target("stock")
    headers = shop.client.headers("POST", target, WRITE)
    assert shop.client.send("POST", target, WRITE, headers).status == 200
    shop.sql("UPDATE #product SET quantity=4 WHERE product_id=28")
    reply = shop.client.send("POST", target, WRITE, headers)
    assert reply.code == (401, "replayed")
    assert quantity(shop) == "4"


def test_a_nonce_is_told_apart_by_case(shop41: Shop) -> None:
    assert send_write(shop41, nonce="abcdefghijklmnop").status == 200
    assert send_write(shop41, nonce="ABCDEFGHIJKLMNOP").status == 200


def test_a_refused_request_does_not_use_up_its_nonce(shop41: Shop) -> None:
    assert send_write(shop41, nonce="n" * 20, secret="f" * 64).code == (401, "bad_signature")
    assert send_write(shop41, nonce="n" * 20).status == 200


def test_a_body_over_the_limit_is_too_large_before_anything_else(shop: Shop) -> None:
    shop.setting("max_body", "1000")
    body = WRITE[:-1] + b" " * 1000 + b"}"
    reply = send_write(shop, body=body)
    assert reply.code == (413, "too_large")
    assert reply.error["detail"] == {"limit": 1000}
    assert quantity(shop) == "5"


def test_a_body_of_four_mebibytes_is_accepted_and_one_byte_more_is_not(shop41: Shop) -> None:
    full = WRITE[:-1] + b" " * (4 * 1024 * 1024 - len(WRITE)) + b"}"
    assert send_write(shop41, body=full).status == 200
    assert send_write(shop41, body=full + b" ").code == (413, "too_large")


def test_a_body_over_phps_own_limit_is_too_large_and_not_a_wrong_signature(shop41: Shop) -> None:
    shop41.setting("max_body", str(100 * 1024 * 1024))
    assert shop41.client.get("info").data["limits"]["max_body"] == 8 * 1024 * 1024
    assert send_write(shop41, body=WRITE[:-1] + b" " * (8 * 1024 * 1024) + b"}").code == (413, "too_large")


def test_the_rate_limit_names_the_wait_and_opens_again(shop: Shop) -> None:
    shop.setting("requests_per_minute", "3")
    for _ in range(3):
        assert shop.client.get("order_cursor").status == 200
    reply = send_write(shop)
    assert reply.code == (429, "rate_limited")
    assert 1 <= int(reply.headers["Retry-After"]) <= 60
    assert quantity(shop) == "5"
    shop.sql("UPDATE #oms_bridge_nonce SET seen = seen - 61 WHERE counted = 1")
    assert send_write(shop).status == 200


def test_a_refused_request_does_not_prolong_the_wait(shop41: Shop) -> None:
    shop41.setting("requests_per_minute", "1")
    assert shop41.client.get("order_cursor").status == 200
    for _ in range(5):
        assert shop41.client.get("order_cursor").status == 429
    assert shop41.one("SELECT SUM(counted) FROM #oms_bridge_nonce") == "1"


def test_a_switched_off_bridge_refuses_even_the_right_signature(shop: Shop) -> None:
    shop.setting("enabled", "0")
    reply = send_write(shop)
    assert reply.code == (403, "disabled")
    assert reply.json["meta"] == {"protocol": 1}
    assert quantity(shop) == "5"


def test_an_empty_secret_lets_nobody_in(shop41: Shop) -> None:
    shop41.setting("secret", "")
    target = shop41.client.target("order_cursor")
    headers = shop41.client.headers("GET", target, b"")
    headers["X-Oms-Signature"] = sign("", "GET", target, headers["X-Oms-Timestamp"], headers["X-Oms-Nonce"], b"")
    assert shop41.client.send("GET", target, headers=headers).code == (403, "disabled")


def test_unknown_resources_and_wrong_methods_are_named(shop: Shop) -> None:
    assert shop.client.get("nonsense").code == (404, "unknown_resource")
    assert shop.client.post("products", {}).code == (405, "method_not_allowed")
    reply = shop.client.get("prices")
    assert reply.code == (405, "method_not_allowed")
    assert reply.headers["Allow"] == "POST"
    target = shop.client.target("products")
    put = shop.client.send("PUT", target, b"{}", shop.client.headers("PUT", target, b"{}"))
    assert put.code == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[1]",
        b'"x"',
        b'{"items": 3}',
        b'{"items": {"a": 1}}',
        b'{"items": [3]}',
        b'{"items": [{"kind": "product"}]}',
    ],
)
def test_a_body_that_is_no_list_of_items_is_a_bad_request(shop41: Shop, body: bytes) -> None:
    assert send_write(shop41, body=body).code == (400, "bad_request")


def test_more_than_a_thousand_items_are_refused_whole(shop41: Shop) -> None:
    items = [{"ref": i, "kind": "product", "product_id": 28, "quantity": 9} for i in range(1001)]
    assert shop41.client.post("stock", {"items": items}).code == (400, "bad_request")
    assert quantity(shop41) == "5"


@pytest.mark.parametrize(
    ("resource", "params", "field"),
    [
        ("products", {"limit": 1001}, "limit"),
        ("products", {"limit": 0}, "limit"),
        ("products", {"after_id": "-1"}, "after_id"),
        ("products", {"ids": "1;2"}, "ids"),
        ("stock", {"limit": 5001}, "limit"),
        ("orders", {"limit": 501}, "limit"),
        ("order", {}, "ids"),
        ("products", {"ids": ",".join(map(str, range(1, 1002)))}, "ids"),
        ("order_cursor", {"days": "x"}, "days"),
        ("products", {"limit[]": 3}, "limit"),
    ],
)
def test_a_malformed_parameter_is_named(shop41: Shop, resource: str, params: dict[str, object], field: str) -> None:
    reply = shop41.client.get(resource, **params)
    assert reply.code == (400, "bad_request")
    assert reply.error["detail"] == {"field": field}


def test_a_server_that_passes_the_absolute_form_sees_the_same_target(shop41: Shop) -> None:
    target = shop41.client.target("order_cursor")
    headers = {**shop41.client.headers("GET", target, b""), "Host": shop41.host}
    assert shop41.client.send("GET", f"http://{shop41.host}{target}", headers=headers).status == 200


def test_sql_in_parameters_and_texts_stays_text(shop: Shop) -> None:
    evil = "x'; DROP TABLE sh_product; -- \\' \" 0x41 :0"
    assert shop.client.get("products", ids="1) OR (1=1").code == (400, "bad_request")
    reply = shop.client.post("order_history", {"key": "evil", "order_id": 1, "order_status_id": 1, "comment": evil})
    assert reply.status == 200
    assert shop.client.get("order", ids=1).data[0]["order_history"][-1]["comment"] == evil.replace('"', "&quot;")


def test_calls_are_noted_with_resource_status_and_address(shop: Shop) -> None:
    shop.client.get("order_cursor")
    send_write(shop, secret="f" * 64)
    shop.client.get("<script>")
    wait_for(lambda: shop.one("SELECT COUNT(*) FROM #oms_bridge_call") == "3")
    rows = shop.sql("SELECT resource, method, status, code, ip FROM #oms_bridge_call ORDER BY call_id")
    assert rows == [
        ["order_cursor", "GET", "200", "", "127.0.0.1"],
        ["stock", "POST", "401", "bad_signature", "127.0.0.1"],
        ["?", "GET", "404", "unknown_resource", "127.0.0.1"],
    ]


def test_the_secret_is_never_in_an_answer(shop41: Shop) -> None:
    for resource in ("info", "events", "order_cursor"):
        assert SECRET.encode() not in shop41.client.get(resource).raw
    assert SECRET.encode() not in Client(shop41.host, "f" * 64).get("info").raw
