"""Options become variations; their keys and SKUs are stable and unique."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_options import (
    BadPrice,
    key_pairs,
    sellable,
    slug,
    variation_key,
    variations,
)
from entrepot.connectors.opencart.mapping_shop import OptionValue, Words
from entrepot.connectors.opencart.mapping_values import plain
from tests.connectors.opencart import payloads

NAMES = {39: "Red", 40: "Blue", 46: "Small", 47: "Large", 41: "red ", 42: "♥"}
WORDS = Words(
    option_names={5: "Colour", 11: "Size"},
    values={number: OptionValue(name, "catalog/a b.jpg" if number == 39 else "") for number, name in NAMES.items()},
)


def option(option_id=5, values=(), kind="select", required=1):
    rows = [value if isinstance(value, wire.ValueRow) else counted(value) for value in values]
    return wire.OptionRow(
        option_id=option_id, product_option_id=option_id + 200, type=kind, required=required, values=rows
    )


def counted(number, **columns):
    given_ = {"quantity": 3, "subtract": 1, "price": Decimal("0.0000"), "product_option_value_id": number + 1000}
    return wire.ValueRow(option_value_id=number, **(given_ | columns))


def read(*options, separate=False, base_sku="SHIRT", price=Decimal(20)):
    plan = sellable(options, separate=separate)
    found = list(variations(plan, WORDS, price=price, base_sku=base_sku, image_base="http://s/image/"))
    return plan, found


def test_the_values_of_one_counted_option_are_variations():
    _, found = read(option(values=[39, counted(40, quantity=-2, price=Decimal("1.5000"))]))
    assert [(v.key, v.sku, v.quantity, v.price) for v in found] == [
        ("o:5=39", "SHIRT-RED", 3, Decimal("20.0000")),
        ("o:5=40", "SHIRT-BLUE", -2, Decimal("21.5000")),
    ]
    assert [v.options for v in found] == [(("Colour", "Red"),), (("Colour", "Blue"),)]
    assert [v.image_url for v in found] == ["http://s/image/catalog/a%20b.jpg", ""]


# case 21
def test_a_value_the_shop_does_not_count_has_no_quantity():
    _, found = read(option(values=[39, counted(40, subtract=0)]))
    assert [v.quantity for v in found] == [3, None]


@pytest.mark.parametrize("kind", ["text", "textarea", "file", "date", "datetime", "time", "checkbox"])
def test_free_input_and_checkboxes_make_no_variations(kind):
    plan, found = read(option(values=[39], kind=kind))
    assert (found, plan.shared) == ([], False)


def test_choices_without_counted_values_make_no_variations():
    assert read(option(values=[counted(39, subtract=0)]))[1] == []


def test_a_choice_that_may_be_left_open_is_told():
    assert read(option(values=[39], required=0))[0].optional
    assert not read(option(values=[39]))[0].optional


def test_several_counted_options_share_one_counter():
    plan, found = read(option(values=[39]), option(11, [46]))
    assert (plan.shared, found) == (True, [])


def test_several_counted_options_are_kept_apart_on_request():
    sizes = option(11, [46, counted(47, price=Decimal(5))])
    plan, found = read(sizes, option(values=[39, 40]), separate=True)
    assert not plan.shared
    assert [(v.key, v.sku, v.quantity, v.price) for v in found] == [
        ("o:5=39;o:11=46", "SHIRT-RED-SMALL", None, Decimal("20.0000")),
        ("o:5=39;o:11=47", "SHIRT-RED-LARGE", None, Decimal("25.0000")),
        ("o:5=40;o:11=46", "SHIRT-BLUE-SMALL", None, Decimal("20.0000")),
        ("o:5=40;o:11=47", "SHIRT-BLUE-LARGE", None, Decimal("25.0000")),
    ]
    assert found[1].options == (("Colour", "Red"), ("Size", "Large"))


def test_more_than_a_hundred_combinations_stay_one_product():
    many = option(5, range(100, 111)), option(11, range(200, 210))
    plan, found = read(*many, separate=True)
    assert (plan.shared, plan.too_many, found) == (True, True, [])
    assert len(read(option(5, range(100, 110)), many[1], separate=True)[1]) == 100


def test_one_option_added_twice_stays_one_product():
    plan, found = read(option(values=[39]), option(values=[40]), separate=True)
    assert (plan.shared, found) == (True, [])


@pytest.mark.parametrize(
    ("prefix", "price"), [("+", "23.0000"), ("-", "17.0000"), ("=", "3.0000"), ("", "23.0000"), (None, "23.0000")]
)
def test_a_values_price_is_added_taken_off_or_put_in_place(prefix, price):
    _, found = read(option(values=[counted(39, price=Decimal("3.0000"), price_prefix=prefix)]))
    assert found[0].price == Decimal(price)


def test_a_variation_cannot_cost_less_than_nothing():
    with pytest.raises(BadPrice, match="o:5=39: -1"):
        read(option(values=[counted(39, price=Decimal(21), price_prefix="-")]))


def test_a_sku_of_an_add_on_is_the_variations_own():
    rows = [counted(39, sku="S-RED &amp; CO", ean="4006381333931"), counted(40)]
    _, found = read(option(values=rows))
    assert [(v.sku, v.barcode) for v in found] == [("S-RED & CO", "4006381333931"), ("SHIRT-BLUE", "")]


def test_without_sku_and_model_a_variation_has_no_sku():
    assert [v.sku for v in read(option(values=[39]), base_sku="")[1]] == [None]


def test_names_of_one_spelling_still_make_skus_apart():
    _, found = read(option(values=[41, 42, 39]))
    assert [v.sku for v in found] == ["SHIRT-RED-41", "SHIRT-42", "SHIRT-RED"]


def test_a_value_added_twice_counts_once():
    _, found = read(option(values=[39, counted(39, quantity=9)]))
    assert [(v.key, v.quantity) for v in found] == [("o:5=39", 3)]


# case 24
@pytest.mark.parametrize("row_id", [15, 17])
def test_a_key_does_not_move_when_the_admin_makes_new_rows(row_id):
    _, found = read(option(values=[counted(39, product_option_value_id=row_id)]))
    assert found[0].key == "o:5=39"


def test_the_real_product_with_many_options_is_shared_or_kept_apart():
    row = next(r for r in payloads.rows_of("products-4.1.0.4", wire.ProductRow) if r.product_id == 42)
    assert sellable(row.options, separate=False).shared
    plan = sellable(row.options, separate=True)
    assert len(plan.choices) == 12
    found = list(variations(plan, payloads.words(), price=Decimal(100), base_sku="X", image_base=""))
    assert (found[0].key, found[0].price) == ("o:1=32;o:5=41", Decimal("111.0000"))


pairs = st.lists(
    st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)), min_size=1, max_size=5, unique_by=lambda pair: pair[0]
)


@given(pairs)
def test_a_key_is_the_same_whatever_the_order_and_gives_its_pairs_back(found):
    key = variation_key(found)
    assert key == variation_key(found[::-1])
    assert key_pairs(key) == sorted(found)


@pytest.mark.parametrize("text", ["", "o:5", "5=39", "o:5=39;", "o:5=x", "o:5=39 "])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError, match="not a variation key"):
        key_pairs(text)


@given(st.lists(st.text(alphabet="Aa-123 é", max_size=4) | st.text(max_size=20), min_size=1, max_size=12))
@example(["A-3", "A", "A"])
def test_skus_of_a_product_never_collide_with_one_another(names):
    words = Words(values={number: OptionValue(name) for number, name in enumerate(names, start=1)})
    plan = sellable([option(values=range(1, len(names) + 1))], separate=False)
    found = [v.sku for v in variations(plan, words, price=Decimal(1), base_sku="B", image_base="")]
    assert len(found) == len(set(found)) == len(names)


@given(st.text())
def test_a_slug_of_a_slug_is_itself(name):
    assert slug(slug(name)) == slug(name)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), st.lists, max_leaves=5))
def test_no_row_however_odd_breaks_the_reading(value):
    row = {"product_id": 1, "price": "1", "variant": value, "model": value}
    try:
        decoded = msgspec.convert(row, wire.ProductRow, strict=False)
    except msgspec.ValidationError:
        return
    assert plain(decoded.model) == plain(decoded.model).strip()
