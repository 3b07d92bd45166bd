"""Orders as real shops stored them, and what must be read out of them."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from entrepot.connectors.contract import BadItem, ChannelAddress, ChannelOrder, ChannelTotal
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_orders import channel_order, variation_keys
from entrepot.connectors.opencart.mapping_variants import variants
from entrepot.connectors.opencart.rows import decoded_rows
from tests.connectors.opencart import payloads


def read(row, **changes):
    whole = msgspec.convert(row, wire.WholeOrder, strict=False)
    return channel_order(whole, row, payloads.order_reading(**changes))


def real(line, order_id):
    return next(row for row in payloads.raw_rows_of(f"orders-{line}") if row["order"]["order_id"] == str(order_id))


def real_order(line, order_id, **changes):
    order = read(real(line, order_id), **changes)
    assert isinstance(order, ChannelOrder)
    return order


@pytest.mark.parametrize("line", payloads.LINES)
def test_every_order_of_a_real_shop_is_read_whole(line):
    rows = payloads.raw_rows_of(f"orders-{line}")
    orders = [read(row) for row in rows]
    assert [payloads.written(order) for order in orders] == payloads.expected(f"orders-{line}")
    assert [order.raw for order in orders] == rows


# case 1
def test_a_status_change_counts_though_the_order_looks_untouched():
    row = real("4.1.0.4", 3)
    order = read(row)
    assert row["order"]["date_modified"] == row["order"]["date_added"]
    assert (order.version, order.status_id) == (9, "3")
    assert order.changed_at == datetime(2026, 11, 22, 2, 17, 48, tzinfo=UTC)
    assert [change.status_id for change in order.history] == ["1", "2", "3"]


# case 2
@pytest.mark.parametrize("line", payloads.LINES)
def test_a_cart_that_was_never_finished_is_not_confirmed(line):
    order = real_order(line, 6)
    assert (order.confirmed, order.version, order.history, order.settling) == (False, 0, (), False)


# case 3
def test_an_order_that_becomes_real_late_has_a_new_version_and_old_dates():
    row = real("4.1.0.4", 6)
    row["order"]["order_status_id"] = "1"
    row["order_history"] = [
        {"order_history_id": "99", "order_status_id": "1", "comment": None, "date_added": "2026-12-01 10:00:00"}
    ]
    order = read(row)
    assert (order.confirmed, order.version) == (True, 99)
    assert order.placed_at == datetime(2026, 11, 22, 2, 17, 46, tzinfo=UTC)
    assert order.changed_at == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


# cases 4 and 5
def test_escaped_and_foreign_text_is_read_as_people_wrote_it():
    order = real_order("4.1.0.4", 2)
    assert order.buyer_name == "Siobhán O'Brien & Søns"
    assert order.shipping is not None
    assert order.shipping.line1 == '5 "Rose" Court <rear>'
    assert order.comment == "Leave at door & ring <twice>\nthanks"
    assert order.lines[1].name == 'Apple Cinema 30"'
    named = {option.name: option.value for option in order.lines[1].options}
    assert named["Text"] == 'Für "Anna" & <Bob> 한글 O\'Neil'
    assert named["Date & Time"] == "2026-12-24 10:30"
    korean = real_order("4.1.0.4", 3)
    assert korean.shipping == ChannelAddress(
        name="Min-jun 김",
        line1="세종대로 110",
        city="서울",
        region="Seoul-teukbyeolsi",
        postcode="04524",
        country="South Korea",
        country_code="KR",
        phone="02-120",
    )


# case 6
def test_a_foreign_currency_is_the_buyers_and_the_amounts_are_the_shops():
    order = real_order("4.1.0.4", 3)
    assert (order.total, order.base_currency) == (Decimal("705.0000"), "USD")
    assert (order.currency, order.rate) == ("EUR", Decimal("0.78460002"))


# case 7
def test_taxes_are_kept_as_the_shop_states_them_per_piece_and_per_row():
    order = real_order("4.1.0.4", 1)
    assert order.lines[0].unit_tax == Decimal("22.2000")
    assert [total.amount for total in order.totals if total.code == "tax"] == [Decimal("4.0000"), Decimal("21.2000")]


# case 8
def test_a_coupon_is_a_total_below_zero_and_the_totals_still_add_up():
    order = real_order("4.1.0.4", 7)
    assert ChannelTotal(code="coupon", title="Coupon (2222)", amount=Decimal("-20.2000")) in order.totals
    assert sum(total.amount for total in order.totals if total.code != "total") == order.total == Decimal("228.1600")


@pytest.mark.parametrize("line", payloads.LINES)
def test_the_rows_of_every_real_order_add_up_to_its_total(line):
    for row in payloads.raw_rows_of(f"orders-{line}"):
        order = read(row)
        assert sum(total.amount for total in order.totals if total.code != "total") == order.total


# case 9
def test_a_fixed_tax_is_what_each_version_made_of_it():
    assert real_order("4.1.0.4", 4).total == Decimal("492.0000")
    assert real_order("4.0.2.3", 4).total == Decimal("496.0000")
    assert real_order("3.0.5.1", 4).total == Decimal("496.0000")


# case 10
def test_options_of_every_kind_stand_on_their_line():
    line = real_order("4.1.0.4", 2).lines[1]
    kinds = [option.type for option in line.options]
    assert kinds == [
        "text",
        "select",
        "textarea",
        "checkbox",
        "checkbox",
        "radio",
        "date",
        "datetime",
        "time",
        "file",
    ]
    assert [(o.option_id, o.value_id) for o in line.options if o.type == "checkbox"] == [("2", "23"), ("2", "24")]
    assert all(o.value_id is None for o in line.options if o.type in {"text", "textarea", "file", "date"})
    assert line.variation_keys == ("o:1=43;o:5=39", "o:1=43", "o:5=39", "")


# case 16
@pytest.mark.parametrize(("status", "newest"), [("0", "1"), ("16", "16")])
def test_the_passing_state_of_an_edit_is_settling(status, newest):
    row = real("4.1.0.4", 3)
    row["order"]["order_status_id"] = status
    row["order_history"].append(
        {"order_history_id": "12", "order_status_id": newest, "comment": "", "date_added": "2026-11-22 02:20:00"}
    )
    order = read(row)
    assert order.settling
    assert order.confirmed == (status != "0")


# case 16
def test_an_order_after_an_edit_has_settled():
    row = real("4.1.0.4", 3)
    for number, status in ((12, "16"), (13, "2")):
        row["order_history"].append(
            {"order_history_id": number, "order_status_id": status, "date_added": "2026-11-22 02:20:00"}
        )
    row["order"]["order_status_id"] = "2"
    order = read(row)
    assert (order.settling, order.version) == (False, 13)


# case 19
def test_a_sold_variant_is_its_own_product_on_the_newest_line():
    line = real_order("4.1.0.4", 8).lines[0]
    assert (line.product_id, line.variation_keys, line.model) == ("50", ("",), "Product 3-RED")


# case 19
def test_where_the_shop_sells_the_master_the_choices_name_the_variant():
    known = variants([wire.StockRow(product_id=50, master_id=30, variant='{"226":"15"}')])
    assert real_order("4.0.2.3", 7).lines[0].variation_keys == ("o:5=39", "")
    assert real_order("4.0.2.3", 7).lines[0].product_id == "30"
    line = real_order("4.0.2.3", 7, variants=known).lines[0]
    assert (line.product_id, line.variation_keys) == ("50", ("",))


# case 27
def test_times_are_the_shops_wall_clock():
    seoul = payloads.clock("2026-11-22 11:30:00", "Asia/Seoul")
    assert real_order("4.1.0.4", 1, clock=seoul).placed_at == datetime(2026, 11, 21, 17, 17, 44, tzinfo=UTC)


# case 28
def test_history_is_in_order_of_ids_and_not_of_times():
    row = real("4.1.0.4", 3)
    row["order_history"].reverse()
    order = read(row)
    assert [change.remote_id for change in order.history] == ["3", "8", "9"]
    assert order.history[1].at == order.history[2].at


# case 29
def test_a_guest_without_a_payment_address_has_only_a_shipping_address():
    order = real_order("4.1.0.4", 1)
    assert order.billing is None
    assert order.shipping is not None
    assert (order.shipping.name, order.shipping.city) == ("Jane Smith", "London")
    assert real_order("3.0.5.1", 1).billing is not None


# case 29
def test_virtual_goods_have_only_a_payment_address():
    row = real("3.0.5.1", 1)
    for column in row["order"]:
        if column.startswith("shipping_"):
            row["order"][column] = "[]" if column.endswith("custom_field") else ""
    order = read(row)
    assert order.shipping is None
    assert order.billing is not None
    assert order.shipping_method == ""


# case 38
def test_a_quantity_discount_is_in_the_price_of_the_line():
    line = real_order("4.1.0.4", 5).lines[0]
    assert (line.quantity, line.unit_price, line.line_total) == (10, Decimal("19.6800"), Decimal("196.8000"))


# case 40
def test_numbers_are_read_whether_text_or_number_and_null_is_empty():
    row = real("4.1.0.4", 1)
    row["order"] |= {"order_id": 1, "order_status_id": 1, "comment": None, "telephone": None}
    row["order_product"][0] |= {"quantity": 1, "model": None, "tax": None}
    order = read(row)
    assert (order.remote_id, order.comment, order.buyer_phone) == ("1", "", "")
    assert (order.lines[0].quantity, order.lines[0].model, order.lines[0].unit_tax) == (1, "", Decimal(0))


# case 42
def test_two_history_rows_for_one_payment_are_both_kept_and_the_newest_is_the_version():
    row = real("4.1.0.4", 1)
    row["order_history"].append(row["order_history"][0] | {"order_history_id": "2"})
    order = read(row)
    assert [(change.remote_id, change.status_id) for change in order.history] == [("1", "1"), ("2", "1")]
    assert order.version == 2


def test_the_tracking_column_is_an_advertising_code_and_not_a_parcel():
    row = real("4.1.0.4", 1)
    row["order"]["tracking"] = "SPRING-CAMPAIGN"
    order = read(row)
    assert "SPRING-CAMPAIGN" not in str(payloads.written(order))


def test_a_country_code_is_taken_where_the_shop_gives_one():
    row = real("4.1.0.4", 1)
    row["order"] |= {"shipping_iso_code_2": "gb", "shipping_iso_code_3": "GBR"}
    order = read(row)
    assert order.shipping.country_code == "GB"


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        ('{"code":"cod.cod","name":"Cash &amp; Carry"}', "Cash & Carry"),
        ('{"code":"cod.cod"}', "cod.cod"),
        ("Cash &amp; Carry", "Cash & Carry"),
        ("[]", ""),
        ('""', ""),
        (None, ""),
        ("{torn", "{torn"),
        ({"name": "Flat"}, "Flat"),
    ],
)
def test_a_method_is_named_in_each_form_it_is_stored_in(stored, name):
    row = real("4.1.0.4", 1)
    row["order"]["payment_method"] = stored
    assert read(row).payment_method == name


def test_a_gift_voucher_is_a_line_of_money_without_a_product():
    row = real("3.0.5.1", 1)
    row["order_voucher"] = [
        {"order_voucher_id": "4", "description": "$10 Gift &amp; more", "code": "x", "amount": "10.0000"}
    ]
    line = read(row).lines[-1]
    assert (line.remote_id, line.product_id, line.variation_keys) == ("voucher:4", "", ())
    assert (line.name, line.line_total) == ("$10 Gift & more", Decimal("10.0000"))


@pytest.mark.parametrize(
    ("table", "column", "stored", "path"),
    [
        ("order", "total", "lots", "$.order.total"),
        ("order", "order_status_id", None, "$.order.order_status_id"),
        ("order_product", "price", "1,5", "$.order_product[0].price"),
        ("order_product", "quantity", "two", "$.order_product[0].quantity"),
    ],
)
def test_a_malformed_order_is_reported_with_its_path_and_sinks_nobody(table, column, stored, path):
    good, bad = real("4.1.0.4", 1), real("4.1.0.4", 2)
    place = bad[table] if table == "order" else bad[table][0]
    place[column] = stored
    raws = msgspec.json.decode(msgspec.json.encode([bad, good]), type=list[msgspec.Raw])
    rows, malformed = decoded_rows(raws, wire.WholeOrder)
    assert [row.order.order_id for row in rows] == [1]
    report = malformed[0].report("order")
    assert (report.kind, report.remote_id) == ("order", "2")
    assert report.detail.startswith(f"{path}: ")
    assert report.raw == bad


def test_an_amount_that_is_no_finite_number_is_reported():
    row = real("4.1.0.4", 1)
    row["order_total"][0]["value"] = "NaN"
    report = read(row)
    assert isinstance(report, BadItem)
    assert (report.code, report.detail) == ("bad_price", "$.order_total.value: NaN")


def test_many_choices_are_named_together_and_each_alone():
    options = [wire.LineOptionRow(type="select", option_id=n, option_value_id=n * 10) for n in (3, 1, 2, 5, 4)]
    assert list(variation_keys(options)) == [
        "o:1=10;o:2=20;o:3=30;o:4=40;o:5=50",
        "o:1=10",
        "o:2=20",
        "o:3=30",
        "o:4=40",
        "o:5=50",
        "",
    ]
    assert list(variation_keys(options[:3])) == [
        "o:1=10;o:2=20;o:3=30",
        "o:1=10;o:2=20",
        "o:1=10;o:3=30",
        "o:2=20;o:3=30",
        "o:1=10",
        "o:2=20",
        "o:3=30",
        "",
    ]
