"""Writing to orders: states, people, memos, labels, payments (reference §5.5, §5.7, §5.8; cases of §9 by number)."""

from collections.abc import Iterator

import pytest

from tests.connectors.cafe24.simulator.mall_calls import REFUSED, App, open_app


@pytest.fixture
def app() -> Iterator[App]:
    with open_app(use_product_prepare_status=True) as opened:
        yield opened


@pytest.fixture
def order_id(app: App) -> str:
    return app.mall.place_order([(app.shirts, 2), (app.mugs, 1)])


# ------------------------------------------------------------------ states (case 29)


def test_case_29_paid_orders_begin_at_n10_and_are_prepared_held_and_let_go(app: App, order_id: str) -> None:
    assert app.states(order_id) == ["N10", "N10"]
    for word, states in (
        ("prepare", ["N20", "N20"]),
        ("hold", ["N22", "N22"]),
        ("unhold", ["N20", "N20"]),
        ("prepareproduct", ["N10", "N10"]),
        ("hold", ["N22", "N22"]),
        ("unhold", ["N10", "N10"]),
    ):
        status, body = app.send("PUT", f"/orders/{order_id}", {"process_status": word})
        assert status == 200
        assert body["order"]["process_status"] == word
        assert app.states(order_id) == states


def test_the_answer_of_a_status_write_echoes_the_word_and_the_items(app: App, order_id: str) -> None:
    codes = [f"{order_id}-01"]
    status, body = app.send("PUT", f"/orders/{order_id}", {"process_status": "prepare", "order_item_code": codes})
    assert (status, body) == (
        200,
        {
            "order": {
                "shop_no": 1,
                "process_status": "prepare",
                "order_item_code": codes,
                "purchase_confirmation": None,
                "collect_points": "F",
                "show_shipping_address": None,
            }
        },
    )
    assert app.states(order_id) == ["N20", "N10"]


def test_case_29_without_the_setting_orders_begin_at_n20_and_never_go_to_n10(app: App) -> None:
    app.mall.settings.use_product_prepare_status = False
    order_id = app.mall.place_order([(app.mugs, 1)])
    assert app.states(order_id) == ["N20"]
    assert app.send("PUT", f"/orders/{order_id}", {"process_status": "prepareproduct"}) == (422, REFUSED)
    assert app.states(order_id) == ["N20"]


def test_named_items_move_all_or_none(app: App, order_id: str) -> None:
    app.mall.prepare(order_id, [f"{order_id}-02"])
    both = [f"{order_id}-01", f"{order_id}-02"]
    request = {"process_status": "prepare", "order_item_code": both}
    assert app.send("PUT", f"/orders/{order_id}", request) == (422, REFUSED)
    assert app.states(order_id) == ["N10", "N20"]


def test_a_whole_order_moves_the_items_that_can(app: App, order_id: str) -> None:
    app.mall.prepare(order_id, [f"{order_id}-02"])
    app.send("PUT", f"/orders/{order_id}", {"process_status": "prepare"})
    assert app.states(order_id) == ["N20", "N20"]
    assert app.send("PUT", f"/orders/{order_id}", {"process_status": "prepare"}) == (422, REFUSED)


def test_n50_comes_after_n40_and_can_be_taken_back(app: App, order_id: str) -> None:
    assert app.send("PUT", f"/orders/{order_id}", {"purchase_confirmation": "T"}) == (422, REFUSED)
    app.mall.ship_in_admin(order_id)
    app.mall.deliver(order_id)
    assert app.send("PUT", f"/orders/{order_id}", {"purchase_confirmation": "T"})[0] == 200
    assert app.states(order_id) == ["N50", "N50"]
    app.send("PUT", f"/orders/{order_id}", {"purchase_confirmation": "F"})
    assert app.states(order_id) == ["N40", "N40"]


@pytest.mark.parametrize("request_", [{"process_status": "ship"}, {}])
def test_an_unknown_word_is_refused(app: App, order_id: str, request_: dict[str, str]) -> None:
    status, body = app.send("PUT", f"/orders/{order_id}", request_)
    assert status == 422
    assert body["error"]["message"].endswith("(parameter.process_status)")


def test_a_body_without_request_is_400(app: App, order_id: str) -> None:
    status, body = app.call("PUT", f"/orders/{order_id}", {"process_status": "prepare"})
    assert (status, body["error"]["message"]) == (400, "Please enter the Request parameter.")


def test_cases_26_and_27_a_bulk_takes_a_hundred_and_answers_for_each(app: App, order_id: str) -> None:
    app.mall.prepare(order_id)
    other = app.mall.place_order([(app.mugs, 1)])
    rows = [{"order_id": order_id, "process_status": "prepare"}, {"order_id": other, "process_status": "prepare"}]
    status, body = app.send("PUT", "/orders", rows)
    assert status == 207
    assert body["orders"][0] == REFUSED
    assert (body["orders"][1]["order_id"], app.states(other)) == (other, ["N20"])
    assert app.send("PUT", "/orders", [rows[0]] * 101)[0] == 422


# ------------------------------------------------------------------ people


def test_receivers_are_changed_by_shipping_code(app: App, order_id: str) -> None:
    code = f"D-{order_id}-00"
    row = {"shipping_code": code, "name": "서다온", "cellphone": "010-0000-7777", "address2": "가온빌라 201호"}
    status, body = app.send("PUT", f"/orders/{order_id}/receivers", [row])
    receiver = body["receivers"][0]
    assert status == 200
    assert (receiver["name"], receiver["cellphone"]) == ("서다온", "010-0000-7777")
    assert receiver["address_full"].endswith("가온빌라 201호")
    assert receiver["change_default_shipping_address"] == "F"
    status, body = app.send("PUT", f"/orders/{order_id}/receivers/{code}", {"zipcode": "12345"})
    assert (status, body["receiver"]["zipcode"]) == (200, "12345")
    assert len(app.get(f"/orders/{order_id}/receivers/history")["history"]) == 2


@pytest.mark.parametrize(
    "wrong", [{"name": "가" * 21}, {"phone": "01000001111"}, {"zipcode": "1"}, {"address1": "가" * 256}]
)
def test_receivers_fields_are_checked(app: App, order_id: str, wrong: dict[str, str]) -> None:
    before = app.get(f"/orders/{order_id}/receivers")
    assert app.send("PUT", f"/orders/{order_id}/receivers/D-{order_id}-00", wrong)[0] == 422
    assert app.send("PUT", f"/orders/{order_id}/receivers/D-{order_id}-07", {"zipcode": "12345"})[0] == 422
    assert app.get(f"/orders/{order_id}/receivers") == before


def test_the_buyers_phone_is_changed(app: App, order_id: str) -> None:
    status, body = app.send("PUT", f"/orders/{order_id}/buyer", {"cellphone": "010-0000-3333"})
    assert (status, body["buyer"]["cellphone"], body["buyer"]["order_id"]) == (200, "010-0000-3333", order_id)
    assert app.get(f"/orders/{order_id}/buyer")["buyer"]["cellphone"] == "010-0000-3333"


# ------------------------------------------------------------------ memos and labels


def test_memos_are_written_read_changed_and_deleted(app: App, order_id: str) -> None:
    status, body = app.send("POST", f"/orders/{order_id}/memos", {"content": "포장 전 전화 요청"})
    memo_no = body["memo"]["memo_no"]
    assert (status, body["memo"]["attach_type"], body["memo"]["starred_memo"]) == (201, "O", "F")
    app.send("PUT", f"/orders/{order_id}/memos/{memo_no}", {"starred_memo": "T"})
    rows = app.get("/orders/memos", order_id=order_id)["memos"]
    assert [(row["order_id"], row["content"], row["starred_memo"]) for row in rows] == [
        (order_id, "포장 전 전화 요청", "T")
    ]
    assert app.call("DELETE", f"/orders/{order_id}/memos/{memo_no}") == (
        200,
        {"memo": {"shop_no": 1, "memo_no": memo_no}},
    )
    assert app.get(f"/orders/{order_id}/memos") == {"memos": []}
    assert app.call("DELETE", f"/orders/{order_id}/memos/{memo_no}")[0] == 404


@pytest.mark.parametrize("wrong", [{}, {"content": "가" * 1001}, {"content": "x", "fixed": "Y"}])
def test_memos_fields_are_checked(app: App, order_id: str, wrong: dict[str, str]) -> None:
    assert app.send("POST", f"/orders/{order_id}/memos", wrong)[0] == 422
    assert app.get(f"/orders/{order_id}/memos") == {"memos": []}


def test_memos_of_several_orders_want_their_ids(app: App) -> None:
    assert app.call("GET", "/orders/memos")[0] == 422


def test_labels_are_one_object_and_ten_are_put_on_at_once(app: App, order_id: str) -> None:
    row = {"name": "급송", "order_item_code": [f"{order_id}-01"]}
    assert app.send("POST", "/labels", [row])[0] == 201
    assert app.send("POST", "/labels", [row] * 11)[0] == 422
    assert app.get("/labels")["labels"] == {"shop_no": 1, "names": ["급송"]}
    labels = f"/orders/{order_id}/items/{order_id}-01/labels"
    assert app.send("PUT", labels, {"names": ["선물"]}) == (200, {"label": {"shop_no": 1, "names": ["선물"]}})
    assert app.get(f"/orders/{order_id}/items")["items"][0]["labels"] == ["선물"]
    assert app.call("DELETE", f"{labels}/선물".replace("선물", "%EC%84%A0%EB%AC%BC"))[0] == 200
    assert app.get(labels) == {"label": {"shop_no": 1, "names": []}}


# ------------------------------------------------------------------ payments and stock


def test_a_payment_moves_the_order_and_can_be_taken_back(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], paid=False, method="cash")
    assert app.states(order_id) == ["N00"]
    status, body = app.send("PUT", "/payments", [{"order_id": order_id, "status": "paid"}])
    assert (status, body["payments"][0]["status"]) == (200, "paid")
    assert app.states(order_id) == ["N10"]
    assert app.get(f"/orders/{order_id}")["order"]["payment_amount"] == "25000.00"
    app.send("PUT", "/payments", [{"order_id": order_id, "status": "unpaid"}])
    assert app.states(order_id) == ["N00"]
    assert app.send("PUT", "/payments", [{"order_id": order_id, "status": "canceled"}])[0] == 422
    assert app.send("PUT", "/payments", [{"order_id": order_id, "status": "paid"}] * 11)[0] == 422


def test_an_order_cannot_be_paid_twice(app: App, order_id: str) -> None:
    assert app.send("PUT", "/payments", [{"order_id": order_id, "status": "paid"}]) == (422, REFUSED)


def test_stock_is_taken_when_ordered_or_when_paid(app: App) -> None:
    app.mall.edit_variant(app.mugs, inventory_control_type="B")
    order_id = app.mall.place_order([(app.shirts, 3), (app.mugs, 2)], paid=False)
    assert [app.mall.stock(app.shirts), app.mall.stock(app.mugs)] == [7, 10]
    app.mall.pay(order_id)
    assert [app.mall.stock(app.shirts), app.mall.stock(app.mugs)] == [7, 8]


def test_an_order_for_more_than_there_is_changes_nothing(app: App) -> None:
    with pytest.raises(Exception, match=app.mugs):
        app.mall.place_order([(app.shirts, 1), (app.mugs, 11)])
    assert [app.mall.stock(app.shirts), app.mall.stock(app.mugs)] == [10, 10]
    assert app.mall.orders.rows == {}


@pytest.mark.parametrize(("by", "code"), [("buyer", "C47"), ("timer", "C48"), ("admin", "C49")])
def test_an_unpaid_order_is_dropped_by_buyer_timer_or_admin(app: App, by: str, code: str) -> None:
    order_id = app.mall.place_order([(app.mugs, 4)], paid=False)
    app.mall.cancel_unpaid(order_id, by=by)
    row = app.get(f"/orders/{order_id}", embed="items")["order"]
    item = row["items"][0]
    assert row["cancel_date"] == item["cancel_date"]
    assert (item["order_status"], item["status_code"]) == (code, "C1")
    assert app.mall.stock(app.mugs) == 10


def test_an_item_added_in_the_admin_belongs_to_the_order(app: App, order_id: str) -> None:
    code = app.mall.add_item(order_id, app.whites, 2)
    assert code == f"{order_id}-03"
    assert app.states(order_id) == ["N10", "N10", "N10"]
    assert app.mall.stock(app.whites) == 8


def test_status_names_can_be_read(app: App) -> None:
    rows = app.get("/orders/status")["status"]
    assert ("N20", "배송준비중") in [(row["status_type"], row["basic_name"]) for row in rows]


def test_items_are_added_over_the_api_where_the_shop_would_sell_them(app: App, order_id: str) -> None:
    rows = [{"variant_code": app.whites, "quantity": 2}, {"variant_code": app.mugs, "quantity": 10}]
    status, body = app.send("POST", f"/orders/{order_id}/items", rows)
    assert status == 207
    assert body["items"][0]["order_item_code"] == f"{order_id}-03"
    assert body["items"][1]["error"]["message"].endswith("(parameter.quantity)")
    assert [app.mall.stock(app.whites), app.mall.stock(app.mugs)] == [8, 9]
    app.mall.ship_in_admin(order_id)
    assert app.send("POST", f"/orders/{order_id}/items", rows[:1])[0] == 422
