"""Who may come in: §2 and §3 of the protocol."""

import hashlib
import json
import time

import pytest

INFO = "/index.php?route=extension/oms_bridge/api&resource=info"


def test_a_request_signed_by_the_words_of_the_protocol_comes_in(four_one):
    reply = four_one.get("info")

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert set(reply.json) == {"data", "next", "meta"}
    assert reply.json["meta"]["protocol"] == 1
    assert set(reply.json["meta"]["clock"]) == {"utc", "shop", "timezone", "offset"}


@pytest.mark.parametrize("header", ["X-Oms-Timestamp", "X-Oms-Nonce", "X-Oms-Signature"])
def test_a_missing_header_is_unsigned_and_tells_nothing_of_the_shop(four_one, header):
    four_one.spoil = {header: None}
    reply = four_one.get("info")

    assert (reply.status, reply.json["error"]["code"]) == (401, "unsigned")
    assert "clock" not in reply.json["meta"]


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("X-Oms-Timestamp", "soon"),
        ("X-Oms-Nonce", "short"),
        ("X-Oms-Signature", "v1=XYZ"),
        ("X-Oms-Signature", "v2=" + "a" * 64),
    ],
)
def test_a_malformed_header_is_a_bad_request_that_names_it(four_one, header, text):
    four_one.spoil = {header: text}
    reply = four_one.get("info")

    assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request")
    assert reply.json["error"]["detail"] == {"field": header}


def test_a_wrong_secret_is_told_the_target_the_shop_saw_and_no_clock(four_one):
    reply = four_one.get("info", secret="another secret")

    assert (reply.status, reply.json["error"]["code"]) == (401, "bad_signature")
    assert reply.json["error"]["detail"] == {"target": INFO}
    assert "clock" not in reply.json["meta"]


@pytest.mark.parametrize("change", ["target", "body", "method"])
def test_what_was_signed_cannot_be_altered_on_the_way(four_one, change):
    body = json.dumps({"items": [{"ref": "a", "kind": "product", "product_id": 28, "quantity": 3}]}).encode()
    target = "/index.php?route=extension/oms_bridge/api&resource=stock"
    headers = four_one.signed("POST", target, body)
    method = "GET" if change == "method" else "POST"
    sent_target = target + "&x=1" if change == "target" else target
    sent_body = body.replace(b"3", b"9") if change == "body" else body
    reply = four_one.send(method, sent_target, sent_body, headers)

    assert (reply.status, reply.json["error"]["code"]) == (401, "bad_signature")
    assert four_one.quantity(28) == 939


@pytest.mark.parametrize("skew", [-301, 302])
def test_a_clock_too_far_apart_is_told_the_shops_time(four_one, skew):
    four_one.control("settings", skew=skew)
    reply = four_one.get("info")

    assert (reply.status, reply.json["error"]["code"]) == (401, "clock_skew")
    assert abs(reply.json["error"]["detail"]["shop_time"] - (time.time() + skew)) < 3


def test_a_clock_within_five_minutes_is_fine(four_one):
    four_one.control("settings", skew=295)
    assert four_one.get("info").status == 200


def test_a_request_cannot_be_replayed(four_one):
    headers = four_one.signed("GET", INFO)
    first, second = (four_one.send("GET", INFO, headers=headers) for _ in range(2))

    assert first.status == 200
    assert (second.status, second.json["error"]["code"]) == (401, "replayed")


def test_a_disabled_bridge_says_so_before_it_looks_at_anything(four_one):
    four_one.control("settings", enabled=False)
    reply = four_one.send("GET", INFO)

    assert (reply.status, reply.json["error"]["code"]) == (403, "disabled")


def test_an_uninstalled_bridge_is_the_themes_404_page(four_one):
    four_one.control("settings", installed=False)
    reply = four_one.get("info")

    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")


def test_a_wrong_route_is_the_themes_404_page(four_one):
    reply = four_one.send("GET", "/index.php?route=extension/elsewhere")
    assert (reply.status, reply.raw[:15]) == (404, b"<!DOCTYPE html>")


def test_a_body_over_four_mebibytes_is_too_large(four_one):
    reply = four_one.post("stock", b"x" * (4 * 1024 * 1024 + 1))
    assert (reply.status, reply.json["error"]["code"]) == (413, "too_large")


def test_the_rate_is_limited_per_minute_with_a_time_to_wait(four_one):
    four_one.control("settings", requests_per_minute=3)
    replies = [four_one.get("info") for _ in range(4)]

    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert replies[3].json["error"]["code"] == "rate_limited"
    assert 1 <= int(replies[3].headers["retry-after"]) <= 61


def test_an_unknown_resource_and_a_wrong_verb_are_told_apart(four_one):
    unknown = four_one.get("customers")
    reading_a_write = four_one.get("product_create")
    writing_a_read = four_one.post("info", {})

    assert (unknown.status, unknown.json["error"]["code"]) == (404, "unknown_resource")
    assert (reading_a_write.status, reading_a_write.json["error"]["code"]) == (405, "method_not_allowed")
    assert writing_a_read.status == 405
    assert "clock" in unknown.json["meta"]


@pytest.mark.parametrize("query", ["&limit=0", "&limit=1001", "&limit=ten", "&after_id=-1", "&ids=1,x"])
def test_a_bad_parameter_is_named(four_one, query):
    reply = four_one.get("products", query)

    assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request")
    assert reply.json["error"]["detail"]["field"] == query[1:].partition("=")[0]


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'"text"', b"\xff\xfe"])
def test_a_write_needs_a_json_object(four_one, body):
    reply = four_one.post("stock", body)
    assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request")


def test_one_fixed_cookie_makes_one_session_and_none_makes_one_each(four_one):
    four_one.session = hashlib.sha256(b"oms-session:a-secret-of-the-tests").hexdigest()[:26]
    for _ in range(5):
        four_one.get("info")
    assert four_one.server.counters.sessions == 1

    four_one.session = None
    for _ in range(5):
        four_one.get("info")
    assert four_one.server.counters.sessions == 6


def test_only_maintenance_of_3_0_stops_the_bridge(every_line):
    every_line.control("settings", maintenance=True)
    reply = every_line.get("info")

    if every_line.shop.line.name == "3.0":
        assert (reply.status, reply.headers["content-type"]) == (503, "text/html; charset=utf-8")
    else:
        assert reply.content["shop"]["maintenance"] is True


def test_a_regenerated_secret_shuts_the_old_one_out(four_one):
    four_one.control("settings", secret="the-new-one")

    assert four_one.get("info", secret="a-secret-of-the-tests").status == 401
    assert four_one.get("info", secret="the-new-one").status == 200
