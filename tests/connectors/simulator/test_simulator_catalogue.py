"""The catalogue as each line stores it, and what the owner does to it by hand."""

import json
from zoneinfo import ZoneInfo

import pytest

from entrepot.connectors.opencart.simulator import Item, Shop


def test_each_line_has_its_own_columns_and_tables(every_line):
    schema = every_line.get("info").content["schema"]
    line = every_line.shop.line.name
    row = every_line.product(28)

    assert ("sku" in schema["product"]) is (line != "4.1")
    assert ("product_code" in schema["tables"]) is (line == "4.1")
    assert ("product_special" in schema["tables"]) is (line != "4.1")
    assert ("order_voucher" in schema["tables"]) is (line != "4.1")
    assert ("startup" in schema["tables"]) is (line != "3.0")
    assert ("master_id" in schema["product"]) is (line != "3.0")
    assert set(row) - {"weight_unit", "length_unit"} >= set(schema["product"]) - {
        "location",
        "points",
        "rating",
        "viewed",
    }


def test_a_sku_lies_in_its_column_or_in_product_code_in_either_case(every_line):
    """Case 26."""
    row, upgraded, none = every_line.product(28), every_line.product(44), every_line.product(33)

    if every_line.shop.line.name == "4.1":
        assert row["codes"] == [{"code": "SKU", "value": "HTC-TOUCH-HD"}]
        assert upgraded["codes"] == [{"code": "sku", "value": "MAC-AIR-13"}, {"code": "ean", "value": "0885909528363"}]
        assert none["codes"] == []
        assert "sku" not in row
    else:
        assert (row["sku"], upgraded["ean"], none["sku"]) == ("HTC-TOUCH-HD", "0885909528363", "")


def test_numbers_are_text_with_the_places_of_their_columns(four_one):
    """Case 40."""
    row = four_one.product(42)

    assert (row["product_id"], row["quantity"], row["price"], row["weight"]) == ("42", "990", "100.0000", "12.50000000")
    assert row["options"][2]["values"][0] == {
        "product_option_value_id": "1",
        "option_id": "5",
        "option_value_id": "41",
        "quantity": "100",
        "subtract": "0",
        "price": "1.0000",
        "price_prefix": "+",
        "weight": "1.00000000",
        "weight_prefix": "+",
    }


def test_text_is_escaped_and_in_every_language_of_the_shop(four_one):
    """Cases 4 and 5."""
    assert four_one.product(42)["descriptions"] == [
        {"language_id": "1", "name": "Apple Cinema 30&quot;"},
        {"language_id": "2", "name": "애플 시네마 30&quot;"},
    ]


def test_discounts_are_typed_on_4_1_and_specials_have_a_table_before(every_line):
    """Cases 31 and 38."""
    row = every_line.product(42)
    zero = {"date_start": "0000-00-00", "date_end": "0000-00-00"}
    plain = {"customer_group_id": "1", "quantity": "10", "priority": "1", "price": "88.0000", **zero}

    if every_line.shop.line.name == "4.1":
        assert row["discounts"][0] == {**plain, "type": "P", "special": "0"}
        assert row["specials"] == []
    else:
        assert row["discounts"][0] == plain
        assert row["specials"] == [{"customer_group_id": "1", "priority": "1", "price": "90.0000", **zero}]


def test_products_page_by_primary_key_to_the_last(four_one):
    seen, cursor = [], 0
    while cursor is not None:
        reply = four_one.get("products", f"&after_id={cursor}&limit=7").json
        seen += [int(row["product_id"]) for row in reply["data"]]
        cursor = reply["next"]

    assert seen == [28, 29, 30, 31, 32, 33, 34, 35, 36, *range(40, 51)]
    assert [int(row["product_id"]) for row in four_one.get("stock", "&ids=41,28,999").content] == [28, 41]


def test_descriptions_come_when_asked_for(four_one):
    assert "description" not in four_one.product(28)["descriptions"][0]
    asked = four_one.get("products", "&ids=28&with=description").content[0]
    text = "&lt;p&gt;HTC Touch HD&lt;/p&gt;"
    assert asked["descriptions"][0] == {"language_id": "1", "name": "HTC Touch HD", "description": text}


def test_a_page_leaves_a_very_long_description_untold_and_its_product_alone_tells_it(every_line):
    every_line.shop.tables.products[28].descriptions = {1: "x" * 32_768, 2: "x" * 32_769}
    every_line.shop.stock_moved(28)
    page = every_line.get("products", "&with=description").content
    alone = every_line.get("products", "&ids=28&with=description").content
    assert [text["description"] for text in page[0]["descriptions"]] == ["x" * 32_768, None]
    assert [len(text["description"]) for text in alone[0]["descriptions"]] == [32_768, 32_769]


def test_the_demo_shop_holds_what_opencart_installs(four_one):
    counts = four_one.get("info").content["counts"]
    lengths = {
        name: len(four_one.get(name).content) for name in ("categories", "manufacturers", "options", "attributes")
    }

    assert (counts["products"], counts["orders"], counts["last_order_history_id"], counts["last_event_id"]) == (
        20,
        8,
        10,
        0,
    )
    assert lengths == {"categories": 38, "manufacturers": 6, "options": 11, "attributes": 11}
    statuses = four_one.get("info").content["order_statuses"]
    assert {row["order_status_id"] for row in statuses} == {1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}


def test_both_clocks_are_told_and_rows_are_written_by_the_wall_clock(serve):
    """Case 27: nine hours ahead in Seoul, and a DST zone in between."""
    caller = serve(Shop.demo(timezone="America/New_York"))
    shop = caller.shop
    before_the_change = shop.clock.utc().replace(year=2026, month=11, day=1, hour=5, minute=30)
    shop.stop_clock_at(before_the_change)
    offsets = [shop.clock.offset(), shop.clock.stamp()]
    shop.stop_clock_at(before_the_change.replace(hour=6))
    offsets += [shop.clock.offset(), shop.clock.stamp()]

    assert (offsets[0], offsets[2]) == (-14_400, -18_000)
    assert offsets[1][:16] == offsets[3][:16] == "2026-11-01 01:30"
    seoul = Shop.demo(timezone="Asia/Seoul")
    assert seoul.clock.offset() == 32_400
    assert seoul.clock.local().tzinfo == ZoneInfo("Asia/Seoul")


def test_recorded_orders_lie_in_the_last_days_of_the_shops_clock(every_line):
    now = every_line.shop.clock.stamp()
    stamps = [
        history["date_added"]
        for row in every_line.get("orders", "&after_history_id=0&limit=500").content
        for history in row["order_history"]
    ]
    assert stamps
    assert max(stamps) < now
    edge = every_line.shop.clock.local().timestamp() - 4 * 86_400
    assert min(stamps) > every_line.shop.clock.stamp_of(
        every_line.shop.clock.utc().fromtimestamp(edge, ZoneInfo("UTC"))
    )


def test_a_shop_in_won_has_its_figures_in_won(serve):
    caller = serve(Shop.demo(currency="KRW", timezone="Asia/Seoul", language="ko-kr"))
    caller.shop.customer_group_id = 4
    info = caller.get("info").content

    assert (info["shop"]["currency"], info["shop"]["language_id"]) == ("KRW", 2)
    assert info["shop"]["customer_group_id"] == 4
    assert caller.product(40)["price"] == "131300.0000"
    first = caller.order(1)
    assert (first["order"]["total"], first["order"]["currency_code"]) == ("170560.0000", "KRW")
    assert sum(float(row["value"]) for row in first["order_total"][:-1]) == 170560.0


# --------------------------------------------------------------------------- the owner's hands


def test_an_admin_save_of_a_stale_form_overwrites_the_quantity_and_moves_the_date(four_one):
    """Case 23."""
    shop = four_one.shop
    form = shop.open_product_form(28)
    four_one.set_stock({"ref": "a", "kind": "product", "product_id": 28, "quantity": 5})
    shop.save_product(28, form)

    assert four_one.quantity(28) == 939
    assert four_one.product(28)["date_modified"] == shop.clock.stamp()
    assert four_one.get("events").content[-1]["kind"] == "product.saved"


def test_option_row_ids_change_on_a_save_without_them_and_stay_on_one_with_them(four_one):
    """Case 24."""

    def ids():
        option = four_one.product(30)["options"][0]
        return option["product_option_id"], [row["product_option_value_id"] for row in option["values"]]

    before = ids()
    four_one.shop.save_product(30)
    kept = ids()
    four_one.shop.rotate_option_ids(30)

    assert before == kept == ("226", ["15", "16"])
    assert ids() == ("227", ["17", "18"])
    assert four_one.quantity(30, 39) == 2


def test_a_copy_has_the_same_model_and_on_4_1_the_same_sku_and_is_off(every_line):
    """Case 25."""
    copy = every_line.product(every_line.shop.copy_product(40))
    line = every_line.shop.line.name

    assert (copy["model"], copy["status"]) == ("product 11", "0")
    if line == "4.1":
        assert copy["codes"] == every_line.product(40)["codes"] != []
    else:
        assert (copy["sku"], every_line.product(40)["sku"]) == ("", "PHONE-IPHONE")


def test_saving_the_master_rewrites_what_the_variant_does_not_override(four_one):
    before = four_one.product(50)
    four_one.shop.save_product(30)
    after = four_one.product(50)

    assert (before["price"], after["price"]) == ("105.0000", "100.0000")
    assert (after["quantity"], after["model"], after["master_id"]) == ("4", "Product 3-RED", "30")
    assert after["variant"] == '{"226":"15"}'


def test_a_variants_status_written_by_the_protocol_outlives_a_save_of_its_master(serve):
    for line in ("4.1", "4.0"):
        caller = serve(Shop.demo(line=line))
        own = {"model": "1", "product_description": "1"}
        assert caller.product(50)["override"] == json.dumps(own, separators=(",", ":"))
        caller.post("product_status", {"items": [{"ref": "v", "product_id": key, "status": 0} for key in (50, 40)]})
        caller.shop.save_product(30)

        assert (caller.product(50)["status"], caller.product(30)["status"]) == ("0", "1")
        assert json.loads(caller.product(50)["override"]) == own | {"status": "1"}
        assert caller.shop.tables.products[40].override == {}


def test_a_deleted_product_is_absent_and_its_order_lines_stay(four_one):
    four_one.shop.delete_product(40)

    assert four_one.get("products", "&ids=40").content == []
    assert four_one.order(1)["order_product"][0]["product_id"] == "40"


def test_columns_of_an_add_on_are_passed_on(four_one):
    value = four_one.shop.tables.products[30].options[0].values[0]
    value.extra = {"sku": "EOS-RED"}
    four_one.shop.stock_moved(30)
    assert four_one.product(30)["options"][0]["values"][0]["sku"] == "EOS-RED"


def test_3_0_has_no_variants():
    with pytest.raises(ValueError, match="no variants"):
        Shop.demo(line="3.0").add_variant(30, values=[39], model="X")


# --------------------------------------------------------------------------- size and state


def test_a_generated_catalogue_is_the_same_every_time_and_adds_up(serve):
    first, second = Shop.generated("50x4"), Shop.generated("50x4")
    caller = serve(first)
    rows = caller.get("products", "&limit=1000").content

    assert len(rows) == 50
    assert all(len(row["options"][0]["values"]) == 4 for row in rows)
    assert all(
        int(row["quantity"]) == sum(int(value["quantity"]) for value in row["options"][0]["values"]) for row in rows
    )
    assert len({row["codes"][0]["value"] for row in rows}) == 50
    assert first.tables == second.tables


def test_a_saved_shop_goes_on_where_it_was(four_one, serve, tmp_path):
    four_one.shop.place_order([Item(40, 1)])
    four_one.set_stock({"ref": "a", "kind": "product", "product_id": 28, "quantity": 5})
    four_one.shop.write_to(tmp_path / "shop.json")
    later = Shop()
    later.restore(tmp_path / "shop.json")
    caller = serve(later)

    assert caller.get("products").content == four_one.get("products").content
    assert caller.get("info").content["shop"]["identity"] == four_one.get("info").content["shop"]["identity"]
    assert caller.shop.place_order([Item(40, 1)]) == four_one.shop.place_order([Item(40, 1)])


def test_made_up_orders_are_the_same_every_time_and_leave_the_stock_alone():
    first, second = Shop.demo(orders=60), Shop.demo(orders=60)

    assert len(first.tables.orders) == 68
    assert [row.row["total"] for row in first.tables.orders.values()] == [
        row.row["total"] for row in second.tables.orders.values()
    ]
    assert {row.status for row in first.tables.orders.values()} >= {0, 1, 3, 5, 7}
    assert first.tables.products[28].quantity == 939
    ids = list(first.tables.history)
    stamps = [row["date_added"] for row in first.tables.history.values()]
    assert ids == sorted(ids)
    assert stamps == sorted(stamps)
