"""Product rows → ChannelProduct. Case numbers are those of the Cafe24 reference, §9."""

import json
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from entrepot.connectors.cafe24 import mapping_shop, wire
from entrepot.connectors.cafe24.mapping_products import channel_product, seen_levels
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.values import each, money, text, truth, whole
from entrepot.connectors.contract import BadItem
from tests.connectors.cafe24.catalogue_payloads import READING, body, decoded, expected, product, read, row
from tests.connectors.cafe24.order_payloads import written

# --------------------------------------------------------------------------- whole answers


def test_a_page_of_products_is_read_field_by_field():
    raws = [msgspec.Raw(json.dumps(one).encode()) for one in body("products")["products"]]
    rows, malformed = decoded_rows(raws, wire.Product)
    read_all = [channel_product(one, each(one.variants), READING) for one in rows]
    reports = [problem.report("product") for problem in malformed]
    assert [written(one) for one in [*read_all, *reports]] == expected("products")


def test_a_single_answer_tells_the_categories_by_itself():
    [one] = decoded([body("product-13")["product"]], wire.Product)
    assert written(channel_product(one, each(one.variants), READING)) == expected("product-13")


def test_categories_come_parents_first_and_odd_ones_sink_nobody():
    rows = decoded(body("categories")["categories"], wire.Category)
    assert [written(one) for one in mapping_shop.categories(rows)] == expected("categories")


def test_brands_are_read():
    rows = decoded(body("brands")["brands"], wire.Brand)
    assert [written(one) for one in map(mapping_shop.brand, rows)] == expected("brands")


def test_a_category_below_its_own_child_is_a_top_one():
    rows = [
        wire.Category(category_no=1000 + one, parent_category_no=1000 + other, category_name=str(one))
        for one, other in ((1, 2), (2, 3), (3, 1), (4, 4))
    ]
    found = {row.remote_id: row.parent_id for row in mapping_shop.categories(rows)}
    assert found == {"1001": "1002", "1002": "1003", "1003": None, "1004": None}


# --------------------------------------------------------------------------- single facts


# case 40
def test_a_product_without_options_is_single_whatever_its_options_are_written_as():
    for nothing in (None, [], ""):
        given = row(26)
        given["variants"][0]["options"] = nothing
        found = product(given)
        assert (found.variations, found.quantity) == ((), 45)


def test_a_product_with_one_combination_of_options_is_sold_by_its_variation():
    given = row(24)
    given["variants"] = given["variants"][:1]
    found = product(given)
    assert (found.quantity, [one.key for one in found.variations]) == (None, ["P000000Y000A"])


# case 36
@pytest.mark.parametrize(
    ("variant_code", "product_code", "sku", "model", "findings"),
    [
        ("V-1", "P-1", "V-1", "P00000BA", ()),
        ("", "P-1", "P-1", "P00000BA", ()),
        (None, None, None, "P00000BA000A", ("missing_sku",)),
        (" ", " ", None, "P00000BA000A", ("missing_sku",)),
        (12345, "", "12345", "P00000BA", ()),
    ],
)
def test_the_sku_of_a_single_product(variant_code, product_code, sku, model, findings):
    given = row(26) | {"custom_product_code": product_code}
    given["variants"][0]["custom_variant_code"] = variant_code
    found = product(given)
    assert (found.sku, found.model, found.findings) == (sku, model, findings)


# case 36
def test_a_variation_without_a_code_goes_by_the_malls_own_unless_the_merchant_forbids_it():
    given = row(25)
    codes = [variant["variant_code"] for variant in given["variants"]]
    assert [one.sku for one in product(given).variations] == codes
    assert product(given).findings == ("sku_from_code",)
    strict = product(given, replace(READING, codes_stand_in=False))
    assert [one.sku for one in strict.variations] == [None] * len(codes)


# case 37
@pytest.mark.parametrize(
    ("stock", "quantity", "findings"),
    [
        ({"quantity": 4}, 4, ()),
        ({"quantity": "4"}, 4, ()),
        ({"quantity": None, "inventories": {"use_inventory": "T", "quantity": 4}}, 4, ()),
        ({"quantity": None, "inventories": [{"use_inventory": "T", "quantity": 4}]}, 4, ()),
        ({"quantity": 4, "use_inventory": "F"}, None, ("inventory_off",)),
        ({"quantity": 4, "use_inventory": None, "inventories": {"use_inventory": "F"}}, None, ("inventory_off",)),
        ({"quantity": 4, "use_inventory": None, "inventories": None}, 4, ()),
        ({"quantity": -3, "display_soldout": "F"}, -3, ("negative_quantity", "sells_below_zero")),
        ({"quantity": None, "inventories": None}, None, ("inventory_off",)),
    ],
)
def test_the_counter_wherever_it_stands(stock, quantity, findings):
    given = row(26) | {"custom_product_code": "BAG"}
    given["variants"][0] |= {"display_soldout": "T"} | stock
    found = product(given)
    assert (found.quantity, found.findings) == (quantity, findings)
    [one] = decoded([given], wire.Product)
    assert [level.quantity for level in seen_levels(one, each(one.variants))] == [quantity]


# case 33
@pytest.mark.parametrize(("stated", "price"), [("27000", 27000), ("15000.00", 15000), (15000, 15000), (1.1, "1.1")])
def test_money_in_every_dress(stated, price):
    assert product(row(26) | {"price": stated}).price == Decimal(price)


@pytest.mark.parametrize("stated", ["-1.00", "free", "NaN", "1_000"])
def test_a_price_that_is_none_is_reported_and_sinks_nobody(stated):
    found = read(row(26) | {"price": stated, "custom_product_code": "BAG"})
    assert isinstance(found, BadItem)
    assert (found.code, found.remote_id, found.sku) == ("bad_price", "26", "BAG")


@pytest.mark.parametrize("stated", [None, "", "0.00", 0])
def test_a_price_that_is_not_there_is_nothing_and_is_noted(stated):
    found = product(row(31) | {"price": stated})
    assert (found.price, found.findings) == (Decimal(0), ("price_missing",))


@pytest.mark.parametrize(("retail", "shown"), [("158000.00", Decimal(158000)), ("128000.00", None), ("0.00", None)])
def test_the_regular_price_is_told_only_while_it_is_higher(retail, shown):
    assert product(row(25) | {"price": "128000.00", "retail_price": retail}).retail_price == shown


def test_what_a_variation_costs_is_never_below_zero():
    given = row(24)
    given["variants"][0]["additional_amount"] = "-999999.00"
    given["variants"][1]["additional_amount"] = "-900.00"
    assert [one.price for one in product(given).variations][:2] == [Decimal(0), Decimal("17000.00")]


@pytest.mark.parametrize(
    ("display", "selling", "active"), [("T", "T", True), ("T", "F", False), ("F", "T", False), (True, True, True)]
)
def test_only_what_is_shown_and_sold_is_active(display, selling, active):
    assert product(row(26) | {"display": display, "selling": selling}).active is active


def test_a_combination_that_is_shut_and_has_no_code_is_no_variation():
    given = row(24)
    shut = given["variants"][1]
    shut |= {"display": "F", "selling": "F", "custom_variant_code": ""}
    keys = [one.key for one in product(given).variations]
    assert len(keys) == 3
    assert shut["variant_code"] not in keys
    shut["custom_variant_code"] = "KEPT"
    assert len(product(given).variations) == 4
    for variant in given["variants"]:
        variant |= {"display": "F", "selling": "F", "custom_variant_code": None}
    assert len(product(given).variations) == 4


# case 35
@pytest.mark.parametrize("stated", [None, "", "0000-00-00", "1970-01-01T00:00:00+09:00", "yesterday"])
def test_a_time_that_is_none_is_none(stated):
    assert product(row(26) | {"updated_date": stated}).updated_at is None


def test_a_time_without_zone_is_korean():
    assert (
        product(row(26) | {"updated_date": "2026-02-12 08:59:01"}).updated_at.isoformat() == "2026-02-11T23:59:01+00:00"
    )


# case 57
def test_keys_nobody_knows_change_nothing():
    given = row(24)
    more = row(24) | {"new_in_2027": {"deep": [None]}}
    more["variants"][0]["supply_price"] = 5
    assert product(more) == product(given)


# case 58
def test_in_the_second_shop_it_is_that_shops_currency():
    assert product(row(26), replace(READING, currency="USD")).currency == "USD"


def test_values_that_are_none_of_theirs():
    assert [text(one) for one in (None, " a ", 7)] == ["", "a", "7"]
    assert [whole(one) for one in (None, "", "x", "-3", 4, "4.5")] == [None, None, None, -3, 4, None]
    assert [truth(one) for one in ("T", "t", True, 1, "F", None, "", False, "FALSE")] == [True] * 4 + [False] * 5
    assert [money(one) for one in (None, "", "1,500.00")] == [None, None, Decimal("1500.00")]
    with pytest.raises(ValueError, match="not an amount"):
        money(True)
