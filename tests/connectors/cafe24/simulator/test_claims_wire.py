"""Cancelling, sending back, exchanging, refunding (reference §5.8, §10.1; cases of §9 by number)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.connectors.cafe24.simulator.mall_calls import REFUSED, App, open_app


@pytest.fixture
def app() -> Iterator[App]:
    with open_app() as opened:
        yield opened


@pytest.fixture
def order_id(app: App) -> str:
    return app.mall.place_order([(app.shirts, 3), (app.mugs, 1)], coupon="1000.00")


@pytest.fixture
def delivered(app: App, order_id: str) -> str:
    app.mall.ship_in_admin(order_id)
    app.mall.deliver(order_id)
    return order_id


def one(code: str, quantity: int | None = None) -> list[Any]:
    return [{"order_item_code": code} | ({"quantity": quantity} if quantity else {})]


def wish(order_id: str, items: list[Any], **more: object) -> Any:
    return {"order_id": order_id, "reason_type": "A", "reason": "마음이 바뀌었어요", "items": items} | more


def snapshot(app: App, order_id: str) -> Any:
    return app.get(f"/orders/{order_id}", embed="items,receivers,return,cancellation,exchange")


# ------------------------------------------------------------------ wishes to cancel


def test_a_wish_to_cancel_shows_c00_and_the_state_before(app: App, order_id: str) -> None:
    items = one(f"{order_id}-02", 1)
    status, body = app.send("POST", "/cancellationrequests", [wish(order_id, items)])
    assert (status, body) == (
        201,
        {"cancellationrequests": [{"shop_no": 1, "order_id": order_id, "items": items}]},
    )
    item = app.get(f"/orders/{order_id}/items")["items"][1]
    assert (item["order_status"], item["order_status_before_cs"], item["claim_code"]) == ("C00", "N20", None)
    assert (item["claim_quantity"], item["claim_reason_type"], item["claim_reason"]) == (1, "A", "마음이 바뀌었어요")
    assert app.mall.stock(app.mugs) == 9


@pytest.mark.parametrize(
    "wrong", [{"reason_type": "E"}, {"reason": ""}, {"items": one("x")}, {"order_id": "20200101-0000001"}]
)
def test_a_wish_with_wrong_fields_changes_nothing(app: App, order_id: str, wrong: dict[str, Any]) -> None:
    before = snapshot(app, order_id)
    row = wish(order_id, one(f"{order_id}-02", 1)) | wrong
    assert app.send("POST", "/cancellationrequests", [row])[0] in {404, 422}
    assert snapshot(app, order_id) == before


def test_case_30_a_refused_wish_reads_c11_and_the_goods_go_on(app: App, order_id: str) -> None:
    app.mall.request_cancel(order_id, [f"{order_id}-02"])
    row = {"order_id": order_id, "order_item_code": [f"{order_id}-02"], "undone": "T", "reject_reason": "이미 포장"}
    status, body = app.send("PUT", "/cancellationrequests", [row])
    assert (status, body["cancellationrequests"][0]["undone"]) == (200, "T")
    item = app.get(f"/orders/{order_id}/items")["items"][1]
    assert (item["order_status"], item["order_status_before_cs"]) == ("C11", "N20")
    assert app.send("PUT", "/cancellationrequests", [row]) == (422, REFUSED)
    app.mall.ship_in_admin(order_id)
    item = app.get(f"/orders/{order_id}/items")["items"][1]
    assert (item["order_status"], item["order_status_before_cs"], item["status_code"]) == ("N30", None, "N1")


def test_case_30_a_refused_wish_may_go_back_at_once(app: App, order_id: str) -> None:
    app.mall.orders.switches.refused_shows = False
    app.mall.request_cancel(order_id, [f"{order_id}-02"])
    app.mall.refuse_cancel(order_id)
    assert app.states(order_id) == ["N20", "N20"]


def test_case_31_goods_that_stand_by_can_still_be_asked_back_but_not_those_on_their_way(
    app: App, order_id: str
) -> None:
    app.mall.ship_in_admin(order_id, status="standby", items=[f"{order_id}-01"])
    app.mall.ship_in_admin(order_id, items=[f"{order_id}-02"])
    assert app.send("POST", "/cancellationrequests", [wish(order_id, one(f"{order_id}-02", 1))]) == (422, REFUSED)
    assert app.send("POST", "/cancellationrequests", [wish(order_id, one(f"{order_id}-01", 3))])[0] == 201
    assert app.states(order_id) == ["C00", "N30"]


def test_the_wish_flag_of_one_item_goes_on_and_off(app: App, order_id: str) -> None:
    path = f"/orders/{order_id}/items/{order_id}-02"
    row = {"claim_type": "C", "claim_status": "T", "claim_reason_type": "A", "claim_quantity": 1}
    assert app.send("PUT", path, row)[0] == 200
    assert app.states(order_id) == ["N20", "C00"]
    assert app.send("PUT", path, {"claim_type": "C", "claim_status": "F"})[0] == 200
    assert app.states(order_id) == ["N20", "N20"]
    assert app.send("PUT", path, {"claim_type": "C", "claim_status": "F"}) == (422, REFUSED)


# ------------------------------------------------------------------ cancelling


@pytest.mark.parametrize(("word", "code"), [("canceled", "C40"), ("canceling", "C34")])
def test_a_cancellation_has_a_claim_code_of_the_korean_day(app: App, order_id: str, word: str, code: str) -> None:
    items = one(f"{order_id}-02", 1)
    request = {"status": word, "items": items, "reason": "품절", "claim_reason_type": "H"}
    status, body = app.send("POST", f"/orders/{order_id}/cancellation", request)
    claim_code = body["cancellation"]["claim_code"]
    assert status == 201
    assert claim_code == f"C{app.mall.clock.now():%Y%m%d}-0000001"
    head = {"shop_no": 1, "order_id": order_id, "status": word}
    assert body == {"cancellation": head | {"claim_code": claim_code, "items": items}}
    claim = app.get(f"/cancellation/{claim_code}")["cancellation"]
    assert [item["order_status"] for item in claim["items"]] == [code]
    assert (claim["claim_reason_type"], claim["claim_reason"], claim["undone"]) == ("H", "품절", "F")
    assert claim["refund_amounts"] == [{"payment_method": "card", "amount": "22000.00"}]
    assert app.get(f"/orders/{order_id}", embed="cancellation")["order"]["cancellation"] == [claim]


def test_case_19_part_of_a_quantity_becomes_an_item_of_its_own_and_no_money_is_lost(app: App, order_id: str) -> None:
    items = one(f"{order_id}-01", 1)
    app.send("POST", f"/orders/{order_id}/cancellation", {"status": "canceled", "items": items})
    rows = {item["order_item_code"]: item for item in app.get(f"/orders/{order_id}/items")["items"]}
    kept, piece = rows[f"{order_id}-01"], rows[f"{order_id}-03"]
    assert (kept["quantity"], kept["order_status"], kept["claim_code"]) == (2, "N20", None)
    assert (piece["quantity"], piece["order_status"], piece["status_code"]) == (1, "C40", "C2")
    assert (kept["coupon_discount_price"], piece["coupon_discount_price"]) == ("666.67", "333.33")
    assert (kept["payment_amount"], piece["payment_amount"]) == ("29333.33", "14666.67")
    assert app.mall.stock(app.shirts) == 8


def test_case_19_the_split_can_be_switched_off(app: App, order_id: str) -> None:
    app.mall.orders.switches.split_partial_claims = False
    app.mall.request_cancel(order_id, [(f"{order_id}-01", 1)])
    items = app.get(f"/orders/{order_id}/items")["items"]
    assert [(item["quantity"], item["claim_quantity"], item["order_status"]) for item in items] == [
        (3, 1, "C00"),
        (1, 0, "N20"),
    ]


@pytest.mark.parametrize("quantity", [0, 4, "1"])
def test_a_quantity_the_item_has_not_is_refused(app: App, order_id: str, quantity: object) -> None:
    before = snapshot(app, order_id)
    rows = [{"order_item_code": f"{order_id}-01", "quantity": quantity}]
    request = {"status": "canceled", "items": rows}
    assert app.send("POST", f"/orders/{order_id}/cancellation", request)[0] == 422
    assert snapshot(app, order_id) == before


def test_accepting_a_wish_in_two_steps_keeps_the_claim(app: App, order_id: str) -> None:
    app.mall.request_cancel(order_id, [f"{order_id}-02"])
    items = one(f"{order_id}-02", 1)
    first = app.send("POST", f"/orders/{order_id}/cancellation", {"status": "canceling", "items": items})[1]
    second = app.send("POST", f"/orders/{order_id}/cancellation", {"status": "canceled", "items": items})[1]
    assert first["cancellation"]["claim_code"] == second["cancellation"]["claim_code"]
    assert app.states(order_id) == ["N20", "C40"]
    assert app.mall.stock(app.mugs) == 10


def test_goods_on_their_way_cannot_be_canceled(app: App, delivered: str) -> None:
    before = snapshot(app, delivered)
    assert app.send("POST", f"/orders/{delivered}/cancellation", {"status": "canceled"}) == (422, REFUSED)
    assert snapshot(app, delivered) == before


def test_a_refused_bulk_entry_does_not_stop_the_others_and_the_key_stays_singular(app: App, order_id: str) -> None:
    rows = [
        {"order_id": order_id, "status": "canceled", "items": one(f"{order_id}-02", 1)},
        {"order_id": order_id, "status": "canceled", "items": one(f"{order_id}-02", 1)},
    ]
    status, body = app.send("POST", "/cancellation", rows)
    assert (status, body["cancellation"][0]["order_id"], body["cancellation"][1]) == (207, order_id, REFUSED)
    assert app.send("PUT", "/cancellation", [rows[0]] * 11)[0] == 422


def test_an_unpaid_order_canceled_by_the_seller_reads_c49(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], paid=False)
    assert app.send("POST", f"/orders/{order_id}/cancellation", {"status": "canceled"})[0] == 201
    assert app.states(order_id) == ["C49"]
    assert app.mall.stock(app.mugs) == 10


@pytest.mark.parametrize(("recover", "left"), [("T", 10), ("F", 9)])
def test_stock_comes_back_only_when_asked(app: App, order_id: str, recover: str, left: int) -> None:
    request = {"status": "canceled", "recover_inventory": recover, "items": one(f"{order_id}-02", 1)}
    app.send("POST", f"/orders/{order_id}/cancellation", request)
    assert app.mall.stock(app.mugs) == left


@pytest.mark.parametrize(("setting", "left"), [(True, 10), (False, 9)])
def test_without_a_word_the_malls_setting_decides_about_stock(
    app: App, order_id: str, setting: bool, left: int
) -> None:
    app.mall.settings.stock_recover = setting
    app.send("POST", f"/orders/{order_id}/cancellation", {"status": "canceled", "items": one(f"{order_id}-02", 1)})
    assert app.mall.stock(app.mugs) == left


def test_a_cancellation_taken_back_brings_the_state_before_again(app: App, order_id: str) -> None:
    claim_code = app.mall.accept_cancel(order_id, [f"{order_id}-02"])
    path = f"/orders/{order_id}/cancellation/{claim_code}"
    request = {
        "recover_inventory": "T",
        "undone": "T",
        "add_memo_too": "F",
        "undone_reason_type": "I",
        "expose_order_detail": "F",
    }
    assert app.send("PUT", path, {"undone": "T"})[0] == 422
    status, body = app.send("PUT", path, request)
    assert (status, body["cancellation"]["items"]) == (200, one(f"{order_id}-02"))
    assert app.states(order_id) == ["N20", "N20"]
    assert app.mall.stock(app.mugs) == 9
    assert app.get(f"/cancellation/{claim_code}")["cancellation"]["undone"] == "T"


def test_accepted_is_a_word_of_2026_only(app: App, order_id: str) -> None:
    assert app.send("POST", f"/orders/{order_id}/cancellation", {"status": "accepted"})[0] == 422
    app.version = "2026-03-01"
    assert app.send("POST", f"/orders/{order_id}/cancellation", {"status": "accepted"})[0] == 201
    assert app.states(order_id) == ["C10", "C10"]


@pytest.mark.parametrize("market", ["coupang", "NCHECKOUT"])
@pytest.mark.parametrize(
    "field", [{"recover_coupon": "T"}, {"refund_method_code": "T"}, {"payment_gateway_cancel": "T"}]
)
def test_cases_44_and_45_market_orders_refuse_fields_about_money(app: App, market: str, field: dict[str, str]) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], market=market)
    request = {"status": "canceled", "items": one(f"{order_id}-01", 1)}
    status, body = app.send("POST", f"/orders/{order_id}/cancellation", request | field)
    assert status == 422
    assert f"(parameter.{next(iter(field))})" in body["error"]["message"]
    assert app.states(order_id) == ["N20"]
    assert app.send("POST", f"/orders/{order_id}/cancellation", request)[0] == 201


def test_case_45_naver_pay_has_a_word_of_its_own_for_claims(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], market="NCHECKOUT")
    app.mall.request_cancel(order_id)
    assert app.get(f"/orders/{order_id}/items")["items"][0]["naver_pay_claim_status"] == "CANCEL_REQUEST"


# ------------------------------------------------------------------ sending back


def test_a_return_goes_from_the_wish_to_the_refund(app: App, delivered: str) -> None:
    code = f"{delivered}-02"
    row = wish(delivered, one(code, 1), request_pickup="F")
    assert app.send("POST", "/returnrequests", [row])[0] == 201
    assert app.states(delivered) == ["N40", "R00"]
    request = {"status": "accepted", "pickup_completed": "F", "items": one(code, 1)}
    status, body = app.send("POST", f"/orders/{delivered}/return", request)
    claim_code = body["return"]["claim_code"]
    assert (status, body["return"]["pickup_completed"], claim_code[0]) == (201, "F", "C")
    path = f"/orders/{delivered}/return/{claim_code}"
    for request, state in (
        ({"pickup_completed": "T"}, "R20"),
        ({"status": "processing", "pickup_completed": "T"}, "R31"),
        ({"status": "returned", "recover_inventory": "T", "refund_method_code": ["F"]}, "R40"),
    ):
        status, body = app.send("PUT", path, request)
        assert (status, app.states(delivered)) == (200, ["N40", state])
    assert body["return"]["refund_method_code"] == ["F"]
    assert body["return"]["pickup"] == dict.fromkeys(("name", "phone", "cellphone", "zipcode", "address1", "address2"))
    assert app.send("PUT", path, {"status": "returned"}) == (422, REFUSED)
    item = app.get(f"/return/{claim_code}")["return"]["items"][0]
    assert (item["order_status"], item["status_code"], item["order_status_before_cs"]) == ("R40", "C3", "N40")
    assert app.mall.stock(app.mugs) == 10


def test_a_refused_return_reads_r11(app: App, delivered: str) -> None:
    app.mall.request_return(delivered, [f"{delivered}-02"])
    row = {"order_id": delivered, "order_item_code": [f"{delivered}-02"], "undone": "T"}
    status, body = app.send("PUT", "/returnrequests", [row])
    assert status == 200
    assert body["returnrequests"][0]["additional_payment_gateway_cancel"] == {
        "success": [f"{delivered}-02"],
        "fail": None,
    }
    assert app.states(delivered) == ["N40", "R11"]
    app.mall.confirm_purchase(delivered)
    assert app.states(delivered) == ["N50", "N50"]


def test_goods_that_have_not_left_cannot_be_sent_back(app: App, order_id: str) -> None:
    row = wish(order_id, one(f"{order_id}-02", 1), request_pickup="F")
    assert app.send("POST", "/returnrequests", [row]) == (422, REFUSED)
    assert app.send("POST", f"/orders/{order_id}/return", {"status": "returned"}) == (422, REFUSED)


def test_a_return_can_be_accepted_as_collected_and_undone(app: App, delivered: str) -> None:
    request = {"status": "accepted", "pickup_completed": "T", "items": one(f"{delivered}-01", 2)}
    body = app.send("POST", f"/orders/{delivered}/return", request)[1]
    assert app.states(delivered) == ["N40", "N40", "R20"]
    path = f"/orders/{delivered}/return/{body['return']['claim_code']}"
    assert app.send("PUT", path, {"undone": "T"})[0] == 200
    assert app.states(delivered) == ["N40", "N40", "N40"]


def test_a_pickup_gets_its_waybill(app: App, delivered: str) -> None:
    request = {"status": "accepted", "request_pickup": "T", "items": one(f"{delivered}-02", 1)}
    claim_code = app.send("POST", f"/orders/{delivered}/return", request)[1]["return"]["claim_code"]
    assert app.send("PUT", "/collectrequests/1", {"collect_tracking_no": "700000000001"})[0] == 200
    assert app.get(f"/return/{claim_code}")["return"]["return_invoice_no"] == "700000000001"
    assert app.send("PUT", "/collectrequests/2", {"collect_tracking_no": "7"})[0] == 404


def test_finished_claims_may_wait_for_their_refund(app: App, order_id: str) -> None:
    app.mall.orders.switches.refund_pending = True
    claim_code = app.mall.accept_cancel(order_id, [f"{order_id}-02"])
    assert app.states(order_id) == ["N20", "C41"]
    today = f"{app.mall.clock.now():%Y-%m-%d}"
    rows = app.get("/refunds", start_date=today, end_date=today)["refunds"]
    assert [(row["refund_code"], row["status"], row["actual_refund_amount"]) for row in rows] == [
        (claim_code, "F", "22000.00")
    ]
    path = f"/orders/{order_id}/refunds/{claim_code}"
    assert app.send("PUT", path, {"status": "complete", "reason": "완료"})[1] == {
        "refund": {"shop_no": 1, "refund_code": claim_code, "status": "complete", "reason": "완료"}
    }
    assert app.states(order_id) == ["N20", "C40"]
    assert app.get(f"/refunds/{claim_code}")["refund"]["status"] == "T"


# ------------------------------------------------------------------ exchanging


def test_case_19_an_exchange_adds_items_that_travel_on_their_own(app: App, delivered: str) -> None:
    rows = [{"order_item_code": f"{delivered}-01", "quantity": 3, "exchange_variant_code": app.whites}]
    request = {"status": "accepted", "same_product": "F", "items": rows}
    status, body = app.send("POST", f"/orders/{delivered}/exchange", request)
    claim_code = body["exchange"]["claim_code"]
    assert (status, claim_code[0]) == (201, "B")
    assert body["exchange"]["exchanged_items"] == [
        {"order_item_code": f"{delivered}-03", "origin_order_item_code": f"{delivered}-01"}
    ]
    old, _, new = app.get(f"/orders/{delivered}/items")["items"]
    assert (old["order_status"], old["status_code"], old["claim_code"]) == ("E10", "E1", claim_code)
    assert (new["order_status"], new["status_code"], new["claim_code"]) == ("N01", "N2", claim_code)
    assert (new["variant_code"], new["quantity"], new["original_item_no"]) == (app.whites, 3, [old["item_no"]])
    assert new["shipping_code"] == f"D-{delivered}-01"
    assert app.mall.stock(app.whites) == 7
    total = app.get(f"/orders/{delivered}")["order"]["actual_order_amount"]["total_amount_due"]
    assert total == "69000.00"


def test_the_replacement_is_prepared_and_shipped_once_the_old_goods_are_collected(app: App, delivered: str) -> None:
    claim_code = app.mall.exchange(delivered, [f"{delivered}-02"])
    path = f"/orders/{delivered}/exchange/{claim_code}"
    status, body = app.send("PUT", path, {"pickup_completed": "T"})
    assert (status, body["exchange"]["exchanged_after_collected"]) == (200, None)
    assert app.states(delivered) == ["N40", "E20", "N20"]
    parcel = {"tracking_no": "6001", "shipping_company_code": "0006", "status": "shipping"}
    assert app.send("POST", f"/orders/{delivered}/shipments", parcel)[0] == 201
    assert app.send("PUT", path, {"status": "exchanged"})[0] == 200
    assert app.states(delivered) == ["N40", "E40", "N30"]
    claim = app.get(f"/exchange/{claim_code}")["exchange"]
    assert [item["order_status"] for item in claim["exchanged_items"]] == ["N30"]


def test_an_exchange_taken_back_withdraws_the_replacement(app: App, delivered: str) -> None:
    claim_code = app.mall.exchange(delivered, [f"{delivered}-02"])
    assert app.mall.stock(app.mugs) == 8
    app.mall.undo_claim(claim_code, recover_inventory="F")
    assert app.states(delivered) == ["N40", "N40", "E50"]
    assert app.mall.stock(app.mugs) == 9


def test_an_exchange_for_an_unknown_variant_changes_nothing(app: App, delivered: str) -> None:
    before = snapshot(app, delivered)
    rows = [{"order_item_code": f"{delivered}-01", "quantity": 1, "exchange_variant_code": "P000ZZZZ000A"}]
    request = {"status": "accepted", "same_product": "F", "items": rows}
    assert app.send("POST", f"/orders/{delivered}/exchange", request)[0] == 422
    assert app.send("POST", f"/orders/{delivered}/exchange", {"status": "accepted", "items": rows})[0] == 422
    assert snapshot(app, delivered) == before


def test_a_refused_exchange_reads_e11(app: App, delivered: str) -> None:
    row = wish(delivered, one(f"{delivered}-02", 1))
    status, body = app.send("POST", "/exchangerequests", [row])
    assert (status, body["exchangerequests"][0]["exchange_request_no"]) == (201, 1)
    assert app.states(delivered) == ["N40", "E00"]
    request = {"order_item_code": [f"{delivered}-02"], "undone": "T"}
    status, body = app.send("PUT", f"/orders/{delivered}/exchangerequests", request)
    assert (status, body["exchangerequests"]["undone"]) == (200, "T")
    assert app.states(delivered) == ["N40", "E11"]


def test_a_claim_is_found_by_its_own_path_only(app: App, order_id: str) -> None:
    claim_code = app.mall.accept_cancel(order_id, [f"{order_id}-02"])
    assert app.call("GET", f"/return/{claim_code}")[0] == 404
    assert app.call("GET", f"/cancellation/{claim_code}", shop_no=2)[0] == 404
    assert app.call("GET", "/cancellation/C20200101-0000001")[0] == 404
