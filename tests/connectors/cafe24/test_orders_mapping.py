"""Orders of a mall, and what must be read out of them. Numbers: reference §9."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from entrepot.connectors.cafe24.mapping_orders import read_orders
from entrepot.connectors.contract import ChannelClaim, ChannelLineOption, ChannelOrderLine, ChannelParcel
from tests.connectors.cafe24 import order_payloads as payloads
from tests.connectors.cafe24.order_payloads import only, order, parts_of


def amounts(found):
    return {row.code: row.amount for row in found.totals}


def test_every_order_is_read_whole():
    found, bad = payloads.read(*payloads.orders())
    assert bad == []
    assert [payloads.written(one) for one in found] == payloads.expected()
    assert [one.raw["order_id"] for one in found] == [one.remote_id.split(":")[0] for one in found]


def test_the_rows_of_every_part_add_up_and_the_parts_add_up_to_the_order():
    for row in payloads.orders():
        found = parts_of(row)
        for one in found:
            assert sum(entry.amount for entry in one.totals if entry.code != "total") == one.total
        assert sum(one.total for one in found) == Decimal(row["actual_order_amount"]["total_amount_due"])


def test_an_unpaid_order_is_an_order():
    found = only(order(102))
    assert (found.confirmed, found.paid, found.status_id, found.version, found.total) == (True, False, "N00", 0, 5200)


# §9.42
def test_each_further_receiver_gets_an_order_of_his_own():
    first, second = parts_of(order(103))
    assert (first.remote_id, first.number, first.follows) == ("20260303-0000103", "20260303-0000103", "")
    assert second.remote_id == "20260303-0000103:D-20260303-0000103-01"
    assert (second.number, second.follows) == ("20260303-0000103-2", "20260303-0000103")
    assert (first.shipping.name, second.shipping.name) == ("하늘", "나래")
    assert [len(one.lines) for one in (first, second)] == [1, 2]
    assert (amounts(first)["shipping"], "shipping" in amounts(second)) == (5000, False)
    assert (first.total, second.total) == (21072, 8929)


@pytest.mark.parametrize(("known", "counts"), [(True, [1, 2]), (False, [2, 1])])
def test_goods_whose_parcel_names_no_receiver_stay_where_they_were_seen_before(known, counts):
    row = order(103)
    row["items"][2]["shipping_code"] = "D-20260303-0000103-07"
    seen = {"20260303-0000103-03": "20260303-0000103:D-20260303-0000103-01"} if known else {}
    raw = msgspec.Raw(json.dumps(row).encode())
    found, _ = read_orders([raw], lambda line_id, part_ids: seen.get(line_id, "") if part_ids else "")
    assert [len(one.lines) for one in found] == counts
    assert sum(one.total for one in found) == 30001


def test_two_parcels_to_one_address_are_one_order():
    row = order(103)
    row["receivers"][0] |= {key: row["receivers"][1][key] for key in ("name", "zipcode", "address1", "address2")}
    row["receivers"][0] |= {"cellphone": row["receivers"][1]["cellphone"]}
    assert [len(one.lines) for one in parts_of(row)] == [3]


# §9.19
def test_the_goods_that_replace_exchanged_ones_are_an_order_that_costs_nothing():
    first, replacement = parts_of(order(104))
    assert [line.remote_id[-2:] for line in first.lines] == ["01", "02"]
    assert (first.status_id, first.claims[0].kind, first.claims[0].state) == ("N40", "exchange", "accepted")
    assert replacement.remote_id == "20260303-0000104:B20260309-0000009"
    assert (replacement.number, replacement.follows) == ("20260303-0000104-X1", "20260303-0000104")
    assert (replacement.status_id, replacement.total, replacement.claims) == ("N10", 0, ())
    assert [(line.variation_keys, line.quantity, line.line_total) for line in replacement.lines] == [
        (("P00000QA000B", ""), 1, 0)
    ]


@pytest.mark.parametrize("told", ["listed", "own code", "number"])
def test_a_replacement_is_known_by_whatever_the_mall_tells(told):
    row = order(104)
    if told != "listed":
        row["exchange"] = []
    if told != "own code":
        row["items"][2]["claim_code"] = None
    if told != "number":
        row["items"][2]["original_item_no"] = []
    assert [one.remote_id for one in parts_of(row)][1:] == ["20260303-0000104:B20260309-0000009"]


def test_a_replacement_that_is_canceled_later_stays_in_its_own_order():
    row = order(104)
    row["items"][2] |= {"status_code": "C2", "order_status": "C40", "order_status_before_cs": "N20"}
    first, replacement = parts_of(row)
    assert (len(first.lines), replacement.status_id, replacement.lines[0].state) == (2, "C40", "canceled")


# §9.18
def test_an_order_of_mixed_items_keeps_each_in_its_state():
    found = only(order(105))
    assert (found.status_id, [line.state for line in found.lines]) == ("N30", ["shipped", "delivered", "canceled"])
    assert [(claim.remote_id, claim.kind, claim.state, claim.lines) for claim in found.claims] == [
        ("20260304-0000105:return", "return", "asked", (("20260304-0000105-02", 4),)),
        ("C20260304-0000002", "cancel", "done", (("20260304-0000105-03", 1),)),
    ]
    assert (amounts(found)["canceled"], found.total) == (-18000, 42100)


# §9.31
def test_a_wish_to_cancel_names_its_units_and_its_reason():
    found = only(order(106))
    assert found.status_id == "N20"
    assert found.claims == (
        ChannelClaim(
            remote_id="20260304-0000106:cancel",
            kind="cancel",
            state="asked",
            lines=(("20260304-0000106-01", 1),),
            reason="하나만 필요",
            asked_at=datetime(2026, 3, 4, 6, 0, tzinfo=UTC),
        ),
    )


# §9.30
@pytest.mark.parametrize("back_at_once", [True, False])
def test_a_refused_wish_is_told_as_refused_and_the_goods_go_on(back_at_once):
    row = order(106)
    del row["items"][0]
    if back_at_once:
        row["items"][0] |= {"order_status": "N20", "order_status_before_cs": None}
    found = only(row)
    assert found.status_id == "N20"
    assert [(claim.remote_id, claim.state) for claim in found.claims] == [("20260304-0000106:cancel", "refused")]


def test_a_claim_taken_back_after_it_had_a_code_is_told_as_withdrawn():
    row = order(105)
    row["cancellation"][0]["undone"] = "T"
    row["items"][2] |= {"order_status": "N20", "claim_code": None, "claim_quantity": 0}
    found = only(row)
    assert [(claim.remote_id, claim.state, claim.lines) for claim in found.claims][1:] == [
        ("C20260304-0000002", "withdrawn", (("20260304-0000105-03", 1),))
    ]
    assert found.lines[2].state == "open"


# §9.46
def test_a_bundle_is_a_line_for_each_of_its_goods_and_its_money_stands_once():
    found = only(order(107))
    assert found.lines[:2] == (
        ChannelOrderLine(
            remote_id="20260305-0000107-01/1",
            product_id="702",
            variation_keys=("P00000QB000A", ""),
            name="연필",
            model="P00000QB",
            quantity=6,
            unit_price=Decimal("3333.33"),
            line_total=Decimal(20000),
            unit_tax=Decimal(0),
            sku="PENCIL-HB",
        ),
        ChannelOrderLine(
            remote_id="20260305-0000107-01/2",
            product_id="703",
            variation_keys=("P00000QC000A", ""),
            name="지우개",
            model="P00000QC",
            quantity=2,
            unit_price=Decimal(0),
            line_total=Decimal(0),
            unit_tax=Decimal(0),
            sku="P00000QC000A",
        ),
    )


# §9.47
def test_a_gift_costs_nothing_and_is_sent_all_the_same():
    gift = only(order(107)).lines[2]
    assert (gift.product_id, gift.quantity, gift.unit_price, gift.line_total) == ("704", 1, 0, 0)


# §9.44
def test_an_order_of_a_market_names_it_and_may_have_a_dummy_number():
    found = only(order(108))
    assert (found.origin, found.payment_method, found.total) == ("gmarket", "", 5400)
    assert found.parcels == (
        ChannelParcel(
            remote_id="D-20260306-0000108-00",
            carrier="0018",
            tracking_number="00000000",
            line_ids=("20260306-0000108-01",),
            state="handed_over",
        ),
    )


# §9.45, §9.49
def test_an_order_over_naver_pay_to_be_picked_up_is_read_like_any_other():
    found = only(order(109))
    assert (found.origin, found.pickup, found.shipping, found.payment_method) == (
        "NCHECKOUT",
        True,
        None,
        "적립금, 신용카드",
    )


# §9.58
def test_an_order_of_another_shop_of_the_mall_is_in_that_shops_currency():
    found = only(order(110))
    assert (found.base_currency, found.currency, found.rate, found.total) == ("USD", "USD", 1, Decimal("56.70"))
    assert str(found.lines[0].unit_price) == "14.90"


# §9.24
def test_a_carrier_and_a_shipping_code_alone_are_no_parcel():
    row = order(101)
    assert row["items"][0]["shipping_company_code"]
    assert only(row).parcels == ()
    row["items"][0]["tracking_no"] = "551000000099"
    assert only(row).parcels == ()


# §9.33
@pytest.mark.parametrize("price", ["18000.00", "18000", 18000, 18000.0])
def test_money_is_the_same_in_every_dress(price):
    row = order(101)
    row["items"][0]["product_price"] = price
    assert [str(line.unit_price) for line in only(row).lines] == ["18500", "900"]


def test_money_that_is_none_is_reported_and_sinks_nothing():
    bad = order(101)
    bad["items"][0]["product_price"] = "gratis"
    found, reports = payloads.read(bad, order(102))
    assert [one.remote_id for one in found] == ["20260302-0000102"]
    assert [(report.kind, report.remote_id, report.code) for report in reports] == [
        ("order", "20260302-0000101", "bad_price")
    ]


# §9.35, §9.34, §9.48
@pytest.mark.parametrize("empty", [None, "", "0000-00-00", "1970-01-01T00:00:00+09:00"])
def test_empty_comes_in_many_dresses(empty):
    row = order(102)
    row["payment_date"] = row["cancel_date"] = empty
    for name in ("shipped_date", "delivered_date", "cancel_request_date", "return_request_date"):
        row["items"][0][name] = empty
    found = only(row)
    assert found.changed_at == found.placed_at == datetime(2026, 3, 2, 5, 5, 9, tzinfo=UTC)
    for text_key in ("custom_variant_code", "tracking_no", "claim_code", "order_status_before_cs"):
        row["items"][0][text_key] = "" if empty else None
    row["cancellation"] = row["return"] = row["exchange"] = row["items"][0]["original_item_no"] = "" if empty else None
    row["items"][0]["additional_option_values"] = "" if empty else None
    row["shipping_fee_detail"] = [{"return_shpping_fee": "0.00"}, {"return_shipping_fee": "0.00"}]
    row["member_id"] = "" if empty else None
    assert payloads.written(only(row)) == payloads.written(found)


# §9.57
def test_keys_nobody_knows_are_kept_word_for_word_and_change_nothing():
    row = order(105)
    before = payloads.written(only(row))
    for thing in (row, row["items"][0], row["receivers"][0], row["buyer"], row["cancellation"][0]):
        thing["brand_new"] = {"a": [1, None]}
    found = only(row)
    assert (payloads.written(found), found.raw["brand_new"]) == (before, {"a": [1, None]})


# §9.56
def test_a_code_nobody_knows_becomes_the_orders_code():
    row = order(101)
    row["items"][1]["order_status"] = "N77"
    found = only(row)
    assert (found.status_id, [line.state for line in found.lines]) == ("N77", ["open", "open"])


# §9.36
def test_the_sku_falls_back_to_the_malls_own_code():
    row = order(101)
    row["items"][0]["custom_variant_code"] = None
    row["items"][1]["custom_product_code"] = ""
    row["items"][0]["custom_product_code"] = "NOTE"
    assert [line.sku for line in only(row).lines] == ["P00000QA000B", "P00000QB000A"]


# §9.43
@pytest.mark.parametrize(
    ("phones", "answer"),
    [
        (("02-555-0100", "010-5555-0101", None), "010-5555-0101"),
        (("025550100", "01055550101", ""), "01055550101"),
        (("02-555-0100", "", "0500-5555-0104"), "0500-5555-0104"),
        (("02-555-0100", None, None), "02-555-0100"),
        (("", "", ""), ""),
    ],
)
def test_telephones_stay_as_they_are_written(phones, answer):
    row = order(101)
    row["receivers"][0] |= dict(zip(("phone", "cellphone", "virtual_phone_no"), phones, strict=True))
    assert only(row).shipping.phone == answer


def test_options_of_a_line_are_chosen_or_typed():
    assert only(order(101)).lines[0].options == (
        ChannelLineOption(name="표지", value="갈색", type="select"),
        ChannelLineOption(name="크기", value="A5, 줄", type="select"),
        ChannelLineOption(name="각인", value="J. K.", type="text"),
    )


# §9.17
def test_an_order_without_its_items_is_reported():
    row = order(101)
    del row["items"]
    found, reports = payloads.read(row)
    assert (found, [(report.remote_id, report.code) for report in reports]) == ([], [("20260302-0000101", "no_items")])


def test_points_and_a_total_nobody_explains_are_rows_of_their_own():
    row = order(101)
    row["initial_order_amount"] |= {"points_spent_amount": "1000.00", "total_amount_due": "40990.00"}
    row["initial_order_amount"]["payment_amount"] = "40990.00"
    row["actual_order_amount"] = row["initial_order_amount"]
    found = only(row)
    assert (amounts(found)["points"], amounts(found)["other"], found.total) == (-1000, -10, 40990)


def test_an_order_whose_money_all_went_back_is_worth_nothing():
    row = order(101)
    for item in row["items"]:
        item |= {"order_status": "C40", "order_status_before_cs": "N20", "claim_code": "C20260303-0000007"}
    row["actual_order_amount"] = dict.fromkeys(row["actual_order_amount"], "0.00")
    found = only(row)
    assert (found.status_id, found.total, amounts(found)["canceled"]) == ("C40", 0, -42000)
