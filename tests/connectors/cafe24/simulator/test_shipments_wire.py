"""Parcels as the reference has them (§5.7; cases of §9 by number)."""

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
    return app.mall.place_order([(app.shirts, 2), (app.mugs, 1)])


def parcel(status: str = "standby", tracking: str = "600000000001", carrier: str = "0006", **more: object) -> Any:
    return {"tracking_no": tracking, "shipping_company_code": carrier, "status": status} | more


def snapshot(app: App, order_id: str) -> Any:
    return app.get(f"/orders/{order_id}", embed="items,receivers"), app.get(f"/orders/{order_id}/shipments")


# ------------------------------------------------------------------ issuing


def test_case_23_posting_a_parcel_answers_a_list_with_one_shipping_code(app: App, order_id: str) -> None:
    codes = [f"{order_id}-01", f"{order_id}-02"]
    status, body = app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=codes))
    assert (status, body) == (
        201,
        {
            "shipments": [
                {
                    "shop_no": 1,
                    "shipping_code": f"D-{order_id}-00",
                    "order_id": order_id,
                    "status": "standby",
                    "tracking_no": "600000000001",
                    "shipping_company_code": "0006",
                    "order_item_code": codes,
                    "carrier_id": app.mall.carrier_by_code("0006")["carrier_id"],
                }
            ]
        },
    )
    assert app.states(order_id) == ["N21", "N21"]


def test_a_parcel_on_its_way_goes_from_n20_to_n30_and_n40(app: App, order_id: str) -> None:
    assert app.send("POST", f"/orders/{order_id}/shipments", parcel("shipping"))[0] == 201
    assert app.states(order_id) == ["N30", "N30"]
    status, body = app.send("PUT", f"/orders/{order_id}/shipments/D-{order_id}-00", {"status": "shipped"})
    assert (status, body["shipment"]) == (
        200,
        {
            "shop_no": 1,
            "status": "shipped",
            "status_additional_info": None,
            "tracking_no": None,
            "shipping_company_code": None,
        },
    )
    assert app.states(order_id) == ["N40", "N40"]


def test_part_of_an_order_gets_a_shipping_code_of_its_own(app: App, order_id: str) -> None:
    first = app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=[f"{order_id}-01"]))[1]
    second = app.send("POST", f"/orders/{order_id}/shipments", parcel(tracking="600000000002"))[1]
    assert first["shipments"][0]["shipping_code"] == f"D-{order_id}-01"
    assert second["shipments"][0]["shipping_code"] == f"D-{order_id}-00"
    assert second["shipments"][0]["order_item_code"] == [f"{order_id}-02"]
    assert len(app.get(f"/orders/{order_id}/receivers")["receivers"]) == 1


def test_a_receiver_may_stand_for_each_parcel(app: App, order_id: str) -> None:
    app.mall.orders.switches.receiver_per_parcel = True
    app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=[f"{order_id}-01"]))
    rows = app.get(f"/orders/{order_id}", embed="receivers")["order"]
    assert [row["shipping_code"] for row in rows["receivers"]] == [f"D-{order_id}-00", f"D-{order_id}-01"]
    assert rows["multiple_addresses"] == "F"


@pytest.mark.parametrize("state", ["N30", "N40", "C40", "N10", "N22", "R00"])
@pytest.mark.parametrize("word", ["standby", "shipping"])
def test_case_20_goods_in_another_state_take_no_parcel(app: App, order_id: str, state: str, word: str) -> None:
    app.mall.set_item_state(order_id, state, [f"{order_id}-01"])
    before = snapshot(app, order_id)
    codes = [f"{order_id}-01", f"{order_id}-02"]
    answer = app.send("POST", f"/orders/{order_id}/shipments", parcel(word, order_item_code=codes))
    assert answer == (422, REFUSED)
    assert snapshot(app, order_id) == before


def test_a_refused_parcel_leaves_no_shipping_code_and_no_receiver_behind(app: App, order_id: str) -> None:
    app.mall.orders.switches.receiver_per_parcel = True
    app.mall.set_item_state(order_id, "N40", [f"{order_id}-01"])
    before = snapshot(app, order_id)
    answer = app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=[f"{order_id}-01"]))
    assert answer == (422, REFUSED)
    assert snapshot(app, order_id) == before


def test_a_mall_may_take_parcels_for_n10_and_n22(app: App, order_id: str) -> None:
    app.mall.settings.shipments_from_n10 = True
    app.mall.set_item_state(order_id, "N22", [f"{order_id}-01"])
    codes = [f"{order_id}-01", f"{order_id}-02"]
    assert app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=codes))[0] == 201


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"shipping_company_code": "9999"}, "shipping_company_code"),
        ({"shipping_company_code": "0047"}, "shipping_company_code"),
        ({"status": "shipped"}, "status"),
        ({"tracking_no": ""}, "tracking_no"),
        ({"tracking_no": "6" * 41}, "tracking_no"),
        ({"order_item_code": ["20200101-0000001-01"]}, "order_item_code"),
    ],
)
def test_case_25_an_unknown_carrier_and_other_wrong_fields_are_named(
    app: App, order_id: str, wrong: dict[str, Any], parameter: str
) -> None:
    before = snapshot(app, order_id)
    status, body = app.send("POST", f"/orders/{order_id}/shipments", parcel() | wrong)
    assert status == 422
    assert body["error"]["message"].endswith(f"(parameter.{parameter})")
    assert snapshot(app, order_id) == before


def test_the_tracking_number_may_be_any_text(app: App, order_id: str) -> None:
    assert app.send("POST", f"/orders/{order_id}/shipments", parcel(tracking="퀵-오후 3시"))[0] == 201


def test_a_second_parcel_for_goods_that_stand_by_is_a_parcel_more(app: App, order_id: str) -> None:
    app.send("POST", f"/orders/{order_id}/shipments", parcel())
    codes = [f"{order_id}-01", f"{order_id}-02"]
    _, body = app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=codes))
    assert body["shipments"][0]["shipping_code"] == f"D-{order_id}-01"
    assert app.mall.order(order_id)["parcels_issued"] == 2
    assert app.send("POST", f"/orders/{order_id}/shipments", parcel()) == (422, REFUSED)


@pytest.mark.parametrize("kind", ["late", "lost"])
def test_case_28_a_parcel_is_stored_although_the_answer_never_came(app: App, order_id: str, kind: str) -> None:
    app.server.faults.add(kind, resource="POST shipments")
    if kind == "late":
        assert app.send("POST", f"/orders/{order_id}/shipments", parcel())[0] == 504
    else:
        with pytest.raises((ConnectionError, OSError)):
            app.send("POST", f"/orders/{order_id}/shipments", parcel())
    rows = app.get(f"/orders/{order_id}/shipments")["shipments"]
    assert [(row["tracking_no"], len(row["items"])) for row in rows] == [("600000000001", 2)]


# ------------------------------------------------------------------ changing


def test_case_21_state_and_tracking_number_together_are_refused(app: App, order_id: str) -> None:
    app.send("POST", f"/orders/{order_id}/shipments", parcel())
    before = snapshot(app, order_id)
    code = f"/orders/{order_id}/shipments/D-{order_id}-00"
    status, body = app.send("PUT", code, parcel("shipping", "600000000009"))
    assert status == 422
    assert body["error"]["message"].endswith("(parameter.status)")
    assert app.send("PUT", code, {})[0] == 422
    assert app.send("PUT", code, {"tracking_no": "600000000009"})[0] == 422
    assert snapshot(app, order_id) == before


def test_the_tracking_number_is_changed_alone(app: App, order_id: str) -> None:
    app.send("POST", f"/orders/{order_id}/shipments", parcel())
    row = {"tracking_no": "600000000009", "shipping_company_code": "0018"}
    status, body = app.send("PUT", f"/orders/{order_id}/shipments/D-{order_id}-00", row)
    assert (status, body["shipment"]["status"], body["shipment"]["tracking_no"]) == (200, None, "600000000009")
    item = app.get(f"/orders/{order_id}/items")["items"][0]
    assert (item["order_status"], item["tracking_no"], item["shipping_company_code"]) == ("N21", "600000000009", "0018")


def test_states_of_a_parcel_follow_one_another(app: App, order_id: str) -> None:
    code = f"/orders/{order_id}/shipments/D-{order_id}-00"
    assert app.send("PUT", code, {"status": "shipping"}) == (422, REFUSED)
    assert app.send("PUT", code, {"status": "standby"}) == (422, REFUSED)
    app.send("POST", f"/orders/{order_id}/shipments", parcel())
    assert app.send("PUT", code, {"status": "shipped"}) == (422, REFUSED)
    assert app.send("PUT", code, {"status": "shipping", "status_additional_info": "집하 완료"})[0] == 200
    assert app.send("PUT", code, {"status": "shipping"}) == (422, REFUSED)
    assert app.get(f"/orders/{order_id}/items")["items"][0]["order_status_additional_info"] == "집하 완료"
    assert app.send("PUT", f"/orders/{order_id}/shipments/D-{order_id}-09", {"status": "shipped"})[0] == 404


def test_a_parcel_taken_back_leaves_the_goods_prepared(app: App, order_id: str) -> None:
    app.send("POST", f"/orders/{order_id}/shipments", parcel("shipping"))
    status, body = app.call("DELETE", f"/orders/{order_id}/shipments/D-{order_id}-00")
    assert (status, body["shipment"]["order_item_code"]) == (200, [f"{order_id}-01", f"{order_id}-02"])
    assert app.states(order_id) == ["N20", "N20"]
    assert app.get(f"/orders/{order_id}/shipments") == {"shipments": []}
    assert app.mall.order(order_id)["parcels_issued"] == 0


# ------------------------------------------------------------------ many at once


def test_cases_26_and_27_many_parcels_are_answered_one_by_one(app: App, order_id: str) -> None:
    done = app.mall.place_order([(app.mugs, 1)])
    app.mall.ship_in_admin(done)
    rows = [parcel(order_id=done), parcel("shipping", order_id=order_id)]
    status, body = app.send("POST", "/shipments", rows)
    assert status == 207
    assert body["shipments"][0] == REFUSED
    assert (body["shipments"][1]["order_id"], app.states(order_id)) == (order_id, ["N30", "N30"])
    assert app.send("POST", "/shipments", [rows[0]] * 101)[0] == 422


def test_case_22_changing_many_parcels_wants_the_order_id(app: App, order_id: str) -> None:
    app.mall.ship_in_admin(order_id)
    row = {"shipping_code": f"D-{order_id}-00", "status": "shipped"}
    status, body = app.send("PUT", "/shipments", [row])
    assert (status, body["error"]["message"]) == (422, "This field is required. (parameter.order_id)")
    assert app.states(order_id) == ["N30", "N30"]
    status, body = app.send("PUT", "/shipments", [row | {"order_id": order_id}])
    assert (status, body["shipments"][0]["shipping_code"]) == (200, f"D-{order_id}-00")
    assert app.states(order_id) == ["N40", "N40"]


# ------------------------------------------------------------------ reading


def test_case_24_goods_without_a_tracking_number_are_no_parcel(app: App, order_id: str) -> None:
    assert app.get(f"/orders/{order_id}/shipments") == {"shipments": []}
    app.mall.orders.switches.unsent_shipments_listed = True
    row = app.get(f"/orders/{order_id}/shipments")["shipments"][0]
    assert (row["tracking_no"], row["tracking_no_updated_date"], row["shipping_company_code"]) == (None, None, "0006")


def test_case_23_the_state_may_end_in_a_blank(app: App, order_id: str) -> None:
    app.mall.ship_in_admin(order_id)
    app.mall.orders.switches.trailing_blank = True
    row = app.get(f"/orders/{order_id}/shipments")["shipments"][0]
    assert [item["status"] for item in row["items"]] == ["shipping ", "shipping "]


def test_cases_30_and_31_a_wish_stops_the_parcel_until_it_is_refused(app: App, order_id: str) -> None:
    app.send("POST", f"/orders/{order_id}/shipments", parcel())
    app.mall.request_cancel(order_id)
    code = f"/orders/{order_id}/shipments/D-{order_id}-00"
    assert app.send("PUT", code, {"status": "shipping"}) == (422, REFUSED)
    app.mall.refuse_cancel(order_id)
    assert app.states(order_id) == ["C11", "C11"]
    assert app.send("PUT", code, {"status": "shipping"})[0] == 200
    assert app.states(order_id) == ["N30", "N30"]


def test_fulfillments_are_for_selected_apps_only(app: App, order_id: str) -> None:
    rows = [parcel("shipping", order_id=order_id)]
    assert app.send("POST", "/fulfillments", rows)[0] == 403
    assert app.states(order_id) == ["N20", "N20"]
    app.mall.orders.switches.fulfillments_allowed = True
    status, body = app.send("POST", "/fulfillments", rows)
    assert (status, body["fulfillments"][0]["post_express_flag"]) == (201, None)
    assert app.states(order_id) == ["N30", "N30"]


def test_doubled_parcels_are_counted(app: App, order_id: str) -> None:
    app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=[f"{order_id}-01"]))
    assert app.mall.parcels() == {"issued": 1, "orders": 1, "doubled": []}
    app.send("POST", f"/orders/{order_id}/shipments", parcel(order_item_code=[f"{order_id}-01"]))
    assert app.mall.parcels() == {"issued": 2, "orders": 1, "doubled": [f"{order_id}-01"]}
