"""GET /orders and its parts as the reference has them (§5.2–5.5; cases of §9 by number)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from entrepot.connectors.cafe24.simulator.clock import KST
from tests.connectors.cafe24.simulator.mall_calls import App, open_app


@pytest.fixture
def app() -> Iterator[App]:
    with open_app() as opened:
        opened.mall.clock.stopped = datetime(2026, 3, 20, 10, 0, tzinfo=KST)
        yield opened


SPAN = {"start_date": "2026-03-01", "end_date": "2026-03-31"}
MONEY_OF_THREE = "55000.00"


def read_one(app: App, order_id: str, embed: str = "items,receivers,buyer") -> Any:
    return app.get(f"/orders/{order_id}", embed=embed)["order"]


# ------------------------------------------------------------------ shape


def test_an_order_of_the_list_has_69_keys_and_ids_made_of_the_korean_day(app: App) -> None:
    order_id = app.mall.place_order([(app.shirts, 2), (app.mugs, 1)], at=datetime(2026, 3, 5, 0, 30, tzinfo=KST))
    row = app.get("/orders", **SPAN)["orders"][0]
    assert order_id == "20260305-0000001"
    assert len(row) == 69
    assert (row["order_id"], row["order_date"], row["currency"]) == (order_id, "2026-03-05T00:30:00+09:00", "KRW")
    assert row["initial_order_amount"]["order_price_amount"] == "52000.00"
    assert row["initial_order_amount"]["total_amount_due"] == MONEY_OF_THREE
    assert row["actual_order_amount"] == row["initial_order_amount"]
    assert (row["payment_amount"], row["total_supply_price"], row["naver_point"]) == (MONEY_OF_THREE, "11000", 0)


def test_the_detail_names_the_customers_group_and_leaves_the_mail_address_out(app: App) -> None:
    row = app.get(f"/orders/{app.mall.place_order([(app.mugs, 1)])}")["order"]
    assert len(row) == 68
    assert row["customer_group_no_when_ordering"] == 1
    assert not {"member_email", "market_discount_info"} & set(row)


def test_an_item_has_110_keys_with_codes_of_the_order(app: App) -> None:
    order_id = app.mall.place_order([(app.shirts, 2), (app.mugs, 1)], coupon="2000.00")
    first, second = read_one(app, order_id)["items"]
    assert len(first) == len(second) == 110
    assert (first["order_item_code"], second["order_item_code"]) == (f"{order_id}-01", f"{order_id}-02")
    assert first["option_value"] == "색상=블랙"
    assert first["custom_variant_code"] == "SH-BK"
    assert (first["product_price"], first["coupon_discount_price"], first["payment_amount"]) == (
        "15000.00",
        "2000.00",
        "28000.00",
    )
    assert (first["order_status"], first["status_code"], first["status_text"]) == ("N20", "N1", "배송준비중")
    assert (second["product_bundle"], second["gift"], second["option_value"]) == ("F", "F", "")


def test_an_unknown_order_is_404(app: App) -> None:
    assert app.call("GET", "/orders/20260301-0000099") == (404, {"error": {"code": 404, "message": "No order found."}})


# ------------------------------------------------------------------ which orders


def test_both_ends_of_the_range_are_wanted(app: App) -> None:
    status, body = app.call("GET", "/orders", start_date="2026-03-01")
    assert (status, body["error"]["message"]) == (422, "This field is required. (parameter.end_date)")


def test_case_13_more_than_three_months_are_refused_and_days_begin_at_midnight_in_korea(app: App) -> None:
    late = app.mall.place_order([(app.mugs, 1)], at=datetime(2026, 3, 5, 23, 59, 59, tzinfo=KST))
    early = app.mall.place_order([(app.mugs, 1)], at=datetime(2026, 3, 6, 0, 0, tzinfo=KST))
    assert app.call("GET", "/orders", start_date="2026-01-01", end_date="2026-04-03")[0] == 422
    assert app.call("GET", "/orders", start_date="2026-01-01", end_date="2026-04-01")[0] == 200
    day = app.get("/orders", start_date="2026-03-05", end_date="2026-03-05")["orders"]
    next_day = app.get("/orders", start_date="2026-03-06", end_date="2026-03-06")["orders"]
    assert [row["order_id"] for row in day] == [late]
    assert [row["order_id"] for row in next_day] == [early]
    in_utc = app.get("/orders", start_date="2026-03-05T14:59:59+00:00", end_date="2026-03-05T15:00:00+00:00")["orders"]
    assert {row["order_id"] for row in in_utc} == {late, early}


@pytest.mark.parametrize("query", [{"limit": 1001}, {"limit": 0}, {"offset": 15001}, {"limit": "many"}])
def test_case_14_limit_and_offset_above_the_maximum_are_refused(app: App, query: dict[str, Any]) -> None:
    assert app.call("GET", "/orders", **SPAN, **query)[0] == 422


def test_pages_are_ten_orders_and_links_lead_on(app: App) -> None:
    placed = [app.mall.place_order([(app.mugs, 1)], check=False) for _ in range(12)]
    first = app.get("/orders", **SPAN)
    rest = app.get("/orders", **SPAN, offset=10)
    assert [row["order_id"] for row in (*first["orders"], *rest["orders"])] == placed[::-1]
    assert [link["rel"] for link in first["links"]] == ["next"]
    assert first["links"][0]["href"].endswith("/api/v2/admin/orders?limit=10&offset=10")
    assert [link["rel"] for link in rest["links"]] == ["prev"]
    assert app.get("/orders/count", **SPAN) == {"count": 12}


def test_case_15_an_order_placed_while_paging_shifts_the_pages(app: App) -> None:
    known = [app.mall.place_order([(app.mugs, 1)]) for _ in range(2)]
    first = app.get("/orders", **SPAN, limit=1)["orders"]
    app.mall.place_order([(app.mugs, 1)])
    second = app.get("/orders", **SPAN, limit=1, offset=1)["orders"]
    assert [row["order_id"] for row in (*first, *second)] == [known[1], known[1]]


def test_case_16_a_status_finds_whole_orders_with_items_in_other_states(app: App) -> None:
    mixed = app.mall.place_order([(app.shirts, 1), (app.mugs, 1)])
    app.mall.place_order([(app.mugs, 1)])
    app.mall.ship_in_admin(mixed, items=[f"{mixed}-01"])
    rows = app.get("/orders", **SPAN, order_status="N30", embed="items")["orders"]
    assert [[item["order_status"] for item in row["items"]] for row in rows] == [["N30", "N20"]]


def test_order_ids_are_a_comma_list_and_need_no_dates(app: App) -> None:
    ids = [app.mall.place_order([(app.mugs, 1)]) for _ in range(3)]
    rows = app.get("/orders", order_id=f"{ids[0]},{ids[2]},20260101-0000001")["orders"]
    assert [row["order_id"] for row in rows] == [ids[0], ids[2]]


def test_case_32_claims_long_after_the_order_are_found_by_their_own_dates_alone(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.ship_in_admin(order_id)
    app.mall.clock.move(days=2)
    app.mall.deliver(order_id)
    app.mall.clock.move(days=80)
    app.mall.request_return(order_id)
    day = {"start_date": "2026-06-10", "end_date": "2026-06-10"}

    def found(date_type: str, **dates: str) -> list[str]:
        return [row["order_id"] for row in app.get("/orders", **dates, date_type=date_type)["orders"]]

    assert found("order_date", **day) == []
    assert found("return_request_date", **day) == [order_id]
    assert found("shipbegin_date", start_date="2026-03-20", end_date="2026-03-20") == [order_id]
    assert found("shipend_date", start_date="2026-03-22", end_date="2026-03-22") == [order_id]
    assert found("pay_date", start_date="2026-03-20", end_date="2026-03-20") == [order_id]
    assert found("cancel_request_date", **day) == []


def test_an_unknown_date_type_is_refused(app: App) -> None:
    assert app.call("GET", "/orders", **SPAN, date_type="updated_date")[0] == 422


def test_orders_are_found_by_people_goods_and_payment(app: App) -> None:
    unpaid = app.mall.place_order([(app.mugs, 1)], paid=False, method="cash", buyer={"name": "문하율"})
    guest = app.mall.place_order([(app.shirts, 1)], guest=True)

    def found(**query: object) -> list[str]:
        return [row["order_id"] for row in app.get("/orders", **SPAN, **query)["orders"]]

    assert found(payment_status="F") == [unpaid]
    assert found(buyer_name="하율") == [unpaid]
    assert found(member_type="3") == [guest]
    assert found(product_no=str(app.items(guest)[0].goods["product_no"])) == [guest]
    assert found(payment_method="cash,card") == [guest, unpaid]


# ------------------------------------------------------------------ what is in them


def test_case_17_without_embed_an_order_has_no_items(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    assert not {"items", "receivers", "buyer", "return"} & set(app.get(f"/orders/{order_id}")["order"])
    full = read_one(app, order_id, "items,receivers,buyer,return,cancellation,exchange,refunds,coupons,benefits")
    assert [len(full["items"]), len(full["receivers"]), full["return"], full["exchange"]] == [1, 1, [], []]


def test_case_18_every_item_has_a_state_of_its_own(app: App) -> None:
    order_id = app.mall.place_order([(app.shirts, 1), (app.whites, 1), (app.mugs, 1)])
    app.mall.ship_in_admin(order_id, items=[f"{order_id}-01", f"{order_id}-03"])
    app.mall.accept_cancel(order_id, [f"{order_id}-02"])
    app.mall.deliver(order_id, [f"{order_id}-03"])
    app.mall.request_return(order_id, [f"{order_id}-03"])
    row = read_one(app, order_id)
    assert [item["order_status"] for item in row["items"]] == ["N30", "C40", "R00"]
    assert (row["canceled"], row["shipping_status"], row["paid"]) == ("M", "M", "T")
    assert row["actual_order_amount"]["order_price_amount"] == "37000.00"
    assert row["initial_order_amount"]["order_price_amount"] == "52000.00"


def test_case_24_a_carrier_stands_on_items_that_have_no_parcel(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    item = read_one(app, order_id)["items"][0]
    assert (item["order_status"], item["tracking_no"]) == ("N20", None)
    assert (item["shipping_code"], item["shipping_company_code"]) == (f"D-{order_id}-00", "0006")
    app.mall.orders.switches.prefilled_carrier = False
    assert read_one(app, order_id)["items"][0]["shipping_company_code"] is None


def test_case_33_amounts_come_as_text_as_numbers_or_not_at_all(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.orders.switches.plain_numbers = True
    item = read_one(app, order_id)["items"][0]
    assert (item["product_price"], item["option_price"], item["payment_amount"]) == (22000, "0", None)


def test_case_34_the_returned_fee_is_spelt_in_two_ways(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    assert read_one(app, order_id)["shipping_fee_detail"][0]["return_shpping_fee"] == "0.00"
    app.mall.settings.return_shipping_fee_spelling = "return_shipping_fee"
    detail = read_one(app, order_id)["shipping_fee_detail"][0]
    assert detail["return_shipping_fee"] == "0.00"
    assert "return_shpping_fee" not in detail


@pytest.mark.parametrize("nothing", [None, "", "0000-00-00", "1970-01-01T00:00:00+09:00"])
def test_case_35_no_date_is_written_in_four_ways(app: App, nothing: str | None) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], paid=False)
    app.mall.orders.switches.empty_date = nothing
    row = read_one(app, order_id)
    assert (row["payment_date"], row["items"][0]["shipped_date"]) == (nothing, nothing)


def test_case_36_custom_variant_codes_may_be_missing(app: App) -> None:
    order_id = app.mall.place_order([(app.shirts, 1)])
    app.mall.orders.switches.no_custom_variant_code = True
    item = read_one(app, order_id)["items"][0]
    assert (item["custom_variant_code"], item["variant_code"]) == (None, app.shirts)


def test_case_42_several_receivers_have_a_shipping_code_each(app: App) -> None:
    people = [{"name": "강예린"}, {"name": "남도윤", "address1": "부산광역시 수영구 파도로 51", "address2": ""}]
    order_id = app.mall.place_order([(app.shirts, 1, 0), (app.mugs, 1, 1)], receivers=people)
    row = read_one(app, order_id)
    assert row["multiple_addresses"] == "T"
    assert [(one["name"], one["shipping_code"]) for one in row["receivers"]] == [
        ("강예린", f"D-{order_id}-00"),
        ("남도윤", f"D-{order_id}-01"),
    ]
    assert [item["shipping_code"] for item in row["items"]] == [f"D-{order_id}-00", f"D-{order_id}-01"]
    assert row["receivers"][1]["address_full"] == "부산광역시 수영구 파도로 51"


def test_case_43_phones_come_with_and_without_hyphens_and_as_virtual_numbers(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    assert read_one(app, order_id)["receivers"][0]["cellphone"] == "010-0000-1024"
    app.mall.orders.switches.bare_phones = True
    row = read_one(app, order_id)
    assert (row["receivers"][0]["cellphone"], row["buyer"]["phone"]) == ("01000001024", "")
    app.mall.orders.switches.virtual_phones = True
    receiver = read_one(app, order_id)["receivers"][0]
    assert (receiver["cellphone"], receiver["virtual_phone_no"]) == ("", "050000000000")


def test_case_44_market_orders_tell_their_market_and_may_carry_a_dummy_invoice(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], market="coupang", dummy_invoice=True)
    row = read_one(app, order_id)
    assert (row["market_id"], row["order_place_id"], row["order_place_name"]) == ("coupang", "coupang", "쿠팡")
    assert row["items"][0]["market_item_no"] == f"{row['market_order_no']}-01"
    assert (row["items"][0]["tracking_no"], row["items"][0]["order_status"]) == ("00000000", "N20")


def test_case_46_a_bundle_names_its_parts_and_takes_their_stock(app: App) -> None:
    order_id = app.mall.place_order(bundle=[(app.whites, 2, [(app.shirts, 1), (app.mugs, 2)])])
    item = read_one(app, order_id)["items"][0]
    assert item["product_bundle"] == "T"
    assert [(part["variant_code"], part["quantity"]) for part in item["product_bundle_list"]] == [
        (app.shirts, 1),
        (app.mugs, 2),
    ]
    assert [app.mall.stock(code) for code in (app.whites, app.shirts, app.mugs)] == [10, 8, 6]


def test_case_47_a_gift_costs_nothing(app: App) -> None:
    order_id = app.mall.place_order([(app.shirts, 1)], gift=[(app.mugs, 1)])
    row = read_one(app, order_id)
    assert [(item["gift"], item["product_price"]) for item in row["items"]] == [("F", "15000.00"), ("T", "0.00")]
    assert row["payment_amount"] == "18000.00"


@pytest.mark.parametrize("nobody", ["", None])
def test_case_48_a_guest_has_no_member_id(app: App, nobody: str | None) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], guest=True)
    app.mall.orders.switches.guest_member_id = nobody
    row = read_one(app, order_id)
    assert (row["member_id"], row["buyer"]["member_id"], row["member_authentication"]) == (nobody, nobody, "F")


def test_case_49_goods_may_be_fetched_by_the_buyer(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], store_pickup=True, shipping_fee="0.00")
    row = read_one(app, order_id)
    assert (row["store_pickup"], row["items"][0]["store_pickup"]) == ("T", "T")


def test_case_56_a_state_nobody_has_heard_of_is_written_as_it_is(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.set_item_state(order_id, "Z99")
    item = read_one(app, order_id)["items"][0]
    assert (item["order_status"], item["status_text"]) == ("Z99", "Z99")


def test_case_57_objects_may_carry_keys_nobody_has_heard_of(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.orders.switches.unknown_keys = True
    row = read_one(app, order_id)
    assert {"brand_new_key"} <= set(row) & set(row["items"][0])


def test_case_58_a_second_shop_has_orders_and_a_currency_of_its_own(app: App) -> None:
    here = app.mall.place_order([(app.mugs, 1)])
    there = app.mall.place_order([(app.mugs, 1)], shop_no=2)
    first, second = app.get("/orders", **SPAN), app.get("/orders", **SPAN, shop_no=2)
    assert [row["order_id"] for row in first["orders"]] == [here]
    assert [(row["order_id"], row["currency"], row["shop_no"]) for row in second["orders"]] == [(there, "USD", 2)]
    assert app.call("GET", f"/orders/{there}")[0] == 404


def test_parts_can_be_read_alone(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], message="문 앞에 놓아 주세요")
    assert [item["order_item_code"] for item in app.get(f"/orders/{order_id}/items")["items"]] == [f"{order_id}-01"]
    assert app.get(f"/orders/{order_id}/receivers")["receivers"][0]["shipping_message"] == "문 앞에 놓아 주세요"
    assert app.get(f"/orders/{order_id}/buyer")["buyer"]["names_furigana"] == ""


def test_the_payment_timeline_has_times_without_a_zone(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)], at=datetime(2026, 3, 5, 9, 8, 7, tzinfo=KST))
    rows = app.get(f"/orders/{order_id}/paymenttimeline")["paymenttimeline"]
    assert [(row["payment_no"], row["payment_datetime"]) for row in rows] == [(1, "2026-03-05 09:08:07")]
    one = app.get(f"/orders/{order_id}/paymenttimeline/1")["paymenttimeline"]
    assert one["paid_amount"] == "25000.00"


def test_a_deleted_order_is_gone_for_every_reader(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.delete_order(order_id)
    assert app.call("GET", f"/orders/{order_id}")[0] == 404
    assert app.get("/orders", **SPAN)["orders"] == []
    assert app.mall.stock(app.mugs) == 10


def test_an_order_whose_time_is_moved_is_found_where_it_is_now(app: App) -> None:
    order_id = app.mall.place_order([(app.mugs, 1)])
    app.mall.change_time(order_id, app.mall.clock.now() - timedelta(days=40))
    assert app.get("/orders", **SPAN)["orders"] == []
    found = app.get("/orders", start_date="2026-02-08", end_date="2026-02-08")["orders"]
    assert [row["order_id"] for row in found] == [order_id]
