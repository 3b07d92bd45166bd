"""Trouble on order, and the control API; numbers in names are behaviours of reference §9."""

import http.client

import pytest

from entrepot.connectors.cafe24.simulator.faults import KINDS
from tests.connectors.cafe24.simulator.core_rig import Caller

STATUSES = {
    "error": 500,
    "crash": 500,
    "unavailable": 503,
    "gateway": 502,
    "throttle": 429,
    "quota": 429,
    "unauthorized": 401,
    "expired": 401,
    "scope": 403,
    "ended_version": 400,
    "html": 200,
    "shape": 200,
    "empty": 200,
    "redirect": 302,
}
HTML = {"crash", "gateway", "html", "redirect"}


@pytest.mark.parametrize("kind", STATUSES)
def test_a_fault_answers_its_status_once_does_nothing_and_is_over(demo: Caller, kind: str) -> None:
    demo.server.faults.add(kind)
    reply = demo.put("/products/11", {"price": "5000"})
    assert reply.status == STATUSES[kind]
    assert reply.headers["content-type"].startswith("text/html" if kind in HTML else "application/json")
    assert demo.mall.products[11].price() == "130000.00"
    demo.token = demo.server.grant()["access_token"]
    assert demo.put("/products/11", {"price": "5000"}).status == 200


@pytest.mark.parametrize("kind", ["timeout", "refuse"])
def test_a_connection_that_ends_without_an_answer_did_nothing(demo: Caller, kind: str) -> None:
    demo.server.faults.add(kind, seconds=0.05)
    with pytest.raises((http.client.HTTPException, OSError)):
        demo.put("/products/11", {"price": "5000"})
    assert demo.mall.products[11].price() == "130000.00"


@pytest.mark.parametrize("kind", ["lost", "cut"])
def test_a_lost_or_cut_answer_was_worked_for(demo: Caller, kind: str) -> None:
    demo.server.faults.add(kind)
    with pytest.raises((http.client.HTTPException, OSError)):
        demo.put("/products/11", {"price": "5000"})
    assert demo.mall.products[11].price() == "5000.00"


def test_28_a_late_answer_is_a_504_although_the_write_is_done(demo: Caller) -> None:
    demo.server.faults.add("late")
    assert demo.put("/products/11", {"price": "5000"}).error == (504, "Gateway Timeout")
    assert demo.mall.products[11].price() == "5000.00"


@pytest.mark.parametrize(("kind", "acknowledged"), [("late", False), ("truncated", False), ("slow", True)])
def test_a_stock_write_counts_as_acknowledged_only_when_its_answer_arrived_whole(
    demo: Caller, kind: str, acknowledged: bool
) -> None:
    demo.server.faults.add(kind, seconds=0.01)
    demo.put("/products/11/variants/P000000L000A/inventories", {"quantity": 3})
    assert demo.server.counters.wait_for_writes(1)
    (write,) = demo.server.counters.stock_writes
    assert (write.acknowledged is not None) is acknowledged


def test_a_truncated_answer_ends_in_the_middle_with_a_fitting_length(demo: Caller) -> None:
    demo.server.faults.add("truncated")
    reply = demo.call("GET", "/store")
    assert reply.status == 200
    assert int(reply.headers["content-length"]) == len(reply.raw)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        _ = reply.json


def test_a_slow_answer_is_the_proper_one(demo: Caller) -> None:
    demo.server.faults.add("slow", seconds=0.05)
    assert demo.get("/store")["store"]["mall_id"] == "sodammall"


def test_a_giant_answer_has_the_size_that_was_ordered(demo: Caller) -> None:
    demo.server.faults.add("giant", size=200_000)
    assert len(demo.call("GET", "/store").raw) == 200_000


def test_3_an_expired_token_stays_expired_until_it_is_refreshed(demo: Caller) -> None:
    pair = demo.server.grant()
    demo.token = pair["access_token"]
    demo.server.faults.add("expired")
    assert demo.call("GET", "/store").error == (401, "access_token time expired. (invalid_token)")
    assert demo.call("GET", "/store").error == (401, "access_token time expired. (invalid_token)")
    demo.token = demo.refresh(pair["refresh_token"]).json["access_token"]
    assert demo.call("GET", "/store").status == 200


def test_11_the_quota_fault_names_the_seconds_to_wait(demo: Caller) -> None:
    demo.server.faults.add("quota", seconds=37)
    reply = demo.call("GET", "/store")
    assert (reply.headers["x-cafe24-call-remain"], reply.headers["x-cafe24-call-usage"]) == ("37", "102.50")


def test_a_fault_may_wait_for_its_route_and_let_some_pass(demo: Caller) -> None:
    demo.server.faults.add("error", resource="PUT inventories", skip=1)
    path = "/products/11/variants/P000000L000A/inventories"
    assert demo.get("/store")
    assert demo.call("GET", path).status == 200
    assert demo.put(path, {"quantity": 3}).status == 200
    assert demo.put(path, {"quantity": 4}).status == 500
    assert demo.mall.stock("P000000L000A") == 3


def test_token_requests_meet_only_faults_that_name_them(demo: Caller) -> None:
    pair = demo.server.grant()
    demo.server.faults.add("error", times=2)
    second = demo.refresh(pair["refresh_token"])
    assert second.status == 200
    demo.server.faults.clear()
    demo.server.faults.add("lost", resource="oauth token")
    with pytest.raises((http.client.HTTPException, OSError)):
        demo.refresh(second.json["refresh_token"])
    assert demo.refresh(second.json["refresh_token"]).status == 400


def test_a_fault_nobody_knows_is_refused_with_the_list(demo: Caller) -> None:
    with pytest.raises(ValueError, match="no fault 'moon'"):
        demo.server.faults.add("moon")
    assert demo.control("fault", kind="moon").status == 422
    assert set(KINDS) >= set(STATUSES)


def test_counters_tell_what_was_asked_and_which_stock_writes_reached_their_sender(demo: Caller) -> None:
    path = "/products/11/variants/P000000L000A/inventories"
    counters = demo.server.counters
    demo.put(path, {"quantity": 3})
    assert counters.wait_for_stock("P000000L000A", quantity=3, timeout=2) is not None  # it is noted after the answer
    demo.server.faults.add("lost")
    with pytest.raises((http.client.HTTPException, OSError)):
        demo.put(path, {"quantity": 4})
    assert counters.wait_for_writes(2)
    assert counters.wait_for_stock("P000000L000A", quantity=4, timeout=0.01) is None
    assert [(row.product_no, row.quantity, row.acknowledged is None) for row in counters.stock_writes] == [
        (11, 3, False),
        (11, 4, True),
    ]
    assert counters.requests["PUT /products/{product_no}/variants/{variant_code}/inventories"] == 2
    figures = demo.control("counters", since=1).json["result"]
    assert (figures["stock_write_count"], len(figures["stock_writes"])) == (2, 1)


def test_the_control_api_moves_the_mall(demo: Caller) -> None:
    number = demo.control("add_product", product_name="새 상품", price=5000, quantity=2).json["result"]
    demo.control("set_stock", variant_code="P000000L000A", quantity=77)
    demo.control("edit_product", product_no=number, price="6000")
    assert demo.mall.stock("P000000L000A") == 77
    assert demo.control("product", product_no=number).json["result"]["price"] == "6000.00"
    assert (
        demo.control("settings", use_product_prepare_status=False).json["result"]["use_product_prepare_status"] is False
    )
    assert demo.control("limits", bucket={"capacity": 5}).json["result"]["bucket"]["capacity"] == 5
    assert demo.control("oauth", decide="allow").json["result"]["decide"] == "allow"
    demo.control("clock", move={"hours": 3})
    assert demo.call("GET", "/store").status == 401
    demo.control("delete_product", product_no=number)
    assert number not in demo.mall.products


@pytest.mark.parametrize(
    ("verb", "asked"), [("settings", {"moon": 1}), ("edit_variant", {"variant_code": "x"}), ("end_version", {})]
)
def test_a_verb_that_cannot_be_done_is_a_422_and_an_unknown_one_a_404(
    demo: Caller, verb: str, asked: dict[str, object]
) -> None:
    assert demo.control(verb, **asked).status == 422
    assert demo.control("moon").status == 404


def test_pictures_are_there_for_every_address_of_the_mall(demo: Caller) -> None:
    address = demo.get("/products/11")["product"]["detail_image"]
    assert address.startswith(demo.server.url + "/web/product/big/")
    reply = demo.send("GET", address.removeprefix(demo.server.url))
    assert (reply.status, reply.headers["content-type"]) == (200, "image/svg+xml")
