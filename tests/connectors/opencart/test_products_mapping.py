"""Products as real shops stored them, and what must be read out of them."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from entrepot.connectors.contract import BadItem, ChannelProduct
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_products import channel_product, unknown_words
from entrepot.connectors.opencart.mapping_shop import Words
from entrepot.connectors.opencart.mapping_variants import variants
from entrepot.connectors.opencart.rows import decoded_rows
from tests.connectors.opencart import payloads


def read(row, **changes):
    return channel_product(wire_row(row), payloads.product_reading(**changes))


def wire_row(row):
    return msgspec.convert(row, wire.ProductRow, strict=False)


def real(line, product_id, **columns):
    row = next(row for row in payloads.raw_rows_of(f"products-{line}") if row["product_id"] == str(product_id))
    return row | columns


def plain_row(**columns):
    row = {"product_id": "7", "model": "M-7", "price": "10.0000", "quantity": "5", "status": "1", "subtract": "1"}
    return row | {"descriptions": [{"language_id": "1", "name": "Seven"}], "stores": ["0"]} | columns


def special(price, **columns):
    open_dates = {"date_start": "0000-00-00", "date_end": "0000-00-00"}
    return {"customer_group_id": "1", "priority": "1", "price": price} | open_dates | columns


@pytest.mark.parametrize("line", payloads.LINES)
def test_every_product_of_a_real_shop_is_read_whole(line):
    rows = payloads.rows_of(f"products-{line}", wire.ProductRow)
    products = [channel_product(row, payloads.product_reading()) for row in rows]
    assert [payloads.written(product) for product in products] == payloads.expected(f"products-{line}")


# case 4
def test_escaped_names_are_read_as_people_wrote_them():
    assert read(real("4.1.0.4", 42)).name == 'Apple Cinema 30"'
    assert (
        read(plain_row(descriptions=[{"language_id": "1", "name": "A &amp; B&#039;s &lt;i&gt;"}])).name == "A & B's <i>"
    )


def test_a_description_is_read_as_html_in_the_default_language():
    texts = [
        {"language_id": "2", "name": "일곱", "description": "&lt;p&gt;설명&lt;/p&gt;"},
        {"language_id": "1", "name": "Seven", "description": "&lt;p&gt;Salt &amp;amp; pepper&lt;/p&gt;"},
    ]
    assert read(plain_row(descriptions=texts)).description == "<p>Salt &amp; pepper</p>"
    assert read(plain_row(descriptions=[texts[0] | {"description": ""}])).description == ""


def test_a_description_that_is_not_told_is_not_an_empty_one():
    assert read(plain_row()).description is None
    told = [{"language_id": "1", "name": "Seven", "description": None}]
    assert read(plain_row(descriptions=told)).description is None


def test_all_pictures_are_read_the_main_one_first_and_each_once():
    beside = [{"image": "catalog/b &amp; c.png"}, {"image": "catalog/a.jpg"}, {"image": ""}]
    base = payloads.facts().image_base
    assert read(plain_row(image="catalog/a.jpg", images=beside)).images == (
        f"{base}catalog/a.jpg",
        f"{base}catalog/b%20%26%20c.png",
    )


# case 5
def test_unicode_names_reach_variations_and_their_skus():
    words = Words(
        option_names={5: "색상"},
        option_types={5: "select"},
        values={39: payloads.named("빨강"), 40: payloads.named("🎉")},
    )
    product = read(real("4.1.0.4", 30), words=words)
    assert [v.options for v in product.variations] == [(("색상", "빨강"),), (("색상", "🎉"),)]
    assert [v.sku for v in product.variations] == ["Product 3-빨강", "Product 3-40"]


# case 18
def test_a_quantity_below_zero_is_a_fact_and_no_fault():
    product = read(plain_row(quantity="-1"))
    assert (product.quantity, product.findings) == (-1, ("missing_sku", "negative_quantity"))


# case 21
def test_a_product_the_shop_does_not_count_still_shows_its_figure():
    product = read(real("4.1.0.4", 47))
    assert product.quantity == 1000
    assert "stock_not_counted" in product.findings


# case 25
def test_a_copied_product_shows_that_it_is_disabled():
    copied = read(plain_row(product_id="61", status="0", codes=[{"code": "SKU", "value": "CAM-5D"}]))
    assert (copied.sku, copied.model, copied.active) == ("CAM-5D", "M-7", False)


# case 26
@pytest.mark.parametrize(
    ("columns", "sku"),
    [
        ({}, None),
        ({"sku": None}, None),
        ({"sku": " A-1 "}, "A-1"),
        ({"codes": [{"code": "SKU", "value": "A-1"}]}, "A-1"),
        ({"codes": [{"code": "sku", "value": "A-1"}]}, "A-1"),
        ({"codes": [{"code": "sku", "value": "OLD"}, {"code": "SKU", "value": "NEW"}], "sku": "STALE"}, "NEW"),
        ({"codes": [{"code": "SKU", "value": ""}], "sku": "STALE"}, None),
        ({"codes": [{"code": "EAN", "value": "4006381333931"}], "sku": "A-1"}, "A-1"),
        ({"sku": "A&amp;1"}, "A&1"),
    ],
)
def test_a_sku_is_found_wherever_the_version_keeps_it(columns, sku):
    product = read(plain_row(**columns))
    assert product.sku == sku
    assert ("missing_sku" in product.findings) == (sku is None)


@pytest.mark.parametrize(
    ("columns", "barcode"),
    [
        ({"ean": "4006381333931", "upc": "036000291452"}, "4006381333931"),
        ({"ean": "", "upc": "036000291452"}, "036000291452"),
        ({"codes": [{"code": "ean", "value": "4006381333931"}]}, "4006381333931"),
        ({"codes": [{"code": "UPC", "value": "036000291452"}]}, "036000291452"),
        ({"jan": "4901234567894", "isbn": "9783161484100"}, "4901234567894"),
        ({"isbn": "9783161484100"}, "9783161484100"),
        ({"mpn": "MPN-1"}, ""),
    ],
)
def test_a_barcode_is_found_wherever_the_version_keeps_it(columns, barcode):
    assert read(plain_row(**columns)).barcode == barcode


# case 30
def test_text_that_fills_its_column_may_have_been_cut():
    assert "cut_text" in read(plain_row(model="M" * 64)).findings
    assert "cut_text" in read(plain_row(descriptions=[{"language_id": "1", "name": "n" * 255}])).findings
    assert "cut_text" not in read(plain_row(model="M" * 63)).findings


# case 31
def test_zero_dates_are_open_ends_and_no_dates():
    row = plain_row(date_available="0000-00-00", date_modified="0000-00-00 00:00:00", specials=[special("8.0000")])
    product = read(row)
    assert (product.updated_at, product.price, product.retail_price) == (None, Decimal("8.0000"), Decimal("10.0000"))
    assert "not_yet_available" not in product.findings


# case 37
def test_a_variant_with_copied_specials_shows_what_the_buyer_pays():
    row = plain_row(product_id="50", master_id="30", price="105.0000", specials=[special("80.0000")])
    product = read(row)
    assert (product.price, product.retail_price) == (Decimal("80.0000"), Decimal("105.0000"))


@pytest.mark.parametrize(
    ("specials", "price"),
    [
        ([special("8.0000"), special("6.0000", priority="2")], "8.0000"),
        ([special("8.0000"), special("7.0000")], "7.0000"),
        ([special("8.0000", customer_group_id="2")], "10.0000"),
        ([special("8.0000", date_end="2026-11-22")], "10.0000"),
        ([special("8.0000", date_end="2026-11-23")], "8.0000"),
        ([special("8.0000", date_start="2026-11-23")], "10.0000"),
        ([special("8.0000", date_start="2026-11-22")], "8.0000"),
        ([special("8.0000", date_start=None, date_end=None)], "8.0000"),
        ([special("none")], "10.0000"),
    ],
)
def test_the_price_is_the_special_that_is_valid_now(specials, price):
    rows = [one for one in specials if one["price"] != "none"]
    product = read(plain_row(specials=rows))
    assert product.price == Decimal(price)
    assert product.retail_price == (None if price == "10.0000" else Decimal("10.0000"))


def test_a_special_ends_by_the_shops_clock_and_not_by_ours():
    row = plain_row(specials=[special("8.0000", date_start="2026-11-22", date_end="2026-11-23")])
    honolulu = payloads.clock("2026-11-21 16:30:00", "Pacific/Honolulu")
    assert read(row).price == Decimal("8.0000")
    assert read(row, clock=honolulu).price == Decimal("10.0000")


# case 38
@pytest.mark.parametrize(
    ("columns", "price"),
    [
        ({"type": "P", "price": "20.0000", "special": "1"}, "8"),
        ({"type": "S", "price": "3.0000", "special": "1"}, "7.0000"),
        ({"type": "F", "price": "6.0000", "special": "1"}, "6.0000"),
        ({"type": "F", "price": "9.0000", "special": "0", "quantity": "1"}, "9.0000"),
        ({"type": "P", "price": "88.0000", "special": "0", "quantity": "10"}, "10.0000"),
    ],
)
def test_reductions_of_the_newest_line_are_fixed_percent_or_subtracted(columns, price):
    row = plain_row(discounts=[special("0") | columns])
    assert read(row).price == Decimal(price)


@pytest.mark.parametrize("price", ["-0.0100", "NaN", None])
def test_a_price_that_cannot_be_is_reported_with_its_sku(price):
    report = read(plain_row(price=price, sku="A-1"))
    assert isinstance(report, BadItem)
    assert (report.kind, report.remote_id, report.code, report.sku) == ("product", "7", "bad_price", "A-1")


# case 40
def test_a_price_that_is_no_number_is_reported_with_its_path_and_sinks_nobody():
    bad, good = plain_row(price="12,50", sku="A-1"), plain_row(product_id="8")
    raws = msgspec.json.decode(msgspec.json.encode([bad, good, "no row at all"]), type=list[msgspec.Raw])
    rows, malformed = decoded_rows(raws, wire.ProductRow)
    assert [row.product_id for row in rows] == [8]
    reports = [one.report("product") for one in malformed]
    assert [(one.remote_id, one.code, one.sku) for one in reports] == [("7", "bad_price", "A-1"), ("", "bad_row", "")]
    assert reports[0].detail == "$.price: Invalid decimal string"


# case 40
def test_numbers_are_read_whether_text_or_number_and_null_is_empty():
    as_text = read(plain_row(manufacturer_id="0", image=""))
    columns = {"product_id": 7, "price": 10.0, "quantity": 5, "status": 1, "manufacturer_id": None, "image": None}
    as_numbers = read(plain_row(**columns))
    assert as_text == as_numbers


def test_what_a_merchant_should_know_is_found():
    nameless = read(plain_row(descriptions=[], price="0.0000", stores=[], date_available="2030-01-01"))
    assert nameless.findings == (
        "missing_sku",
        "price_missing",
        "missing_name",
        "not_in_store",
        "not_yet_available",
    )
    heavy = read(plain_row(sku="A", weight="3.0", weight_unit="근"))
    assert (heavy.weight_grams, heavy.findings) == (None, ("unknown_weight_unit",))


def test_a_name_in_another_language_is_better_than_none():
    names = [{"language_id": "1", "name": ""}, {"language_id": "2", "name": "Sieben"}]
    assert read(plain_row(descriptions=names)).name == "Sieben"


def test_words_made_after_the_last_look_are_noticed():
    rows = [wire_row(real("4.1.0.4", 42))]
    assert not unknown_words(rows, payloads.words())
    assert unknown_words(rows, Words())


# --------------------------------------------------------------------------- variants (4.x)


def red(**columns):
    given = {"product_id": "50", "master_id": "30", "model": "Product 3-RED", "price": "105.0000", "quantity": "4"}
    return plain_row(**(given | {"variant": '{"226":"15"}'} | columns))


def with_variants(*rows):
    master = wire_row(real("4.1.0.4", 30))
    found = [wire_row(row) for row in rows]
    return {"variants": variants(found), "masters": {30: master}}


# case 19
def test_a_variant_is_a_product_of_its_own_below_its_master():
    product = read(red(), **with_variants(red()))
    assert isinstance(product, ChannelProduct)
    assert (product.remote_id, product.parent_id, product.is_parent) == ("50", "30", False)
    assert (product.options, product.variations) == ((("Select", "Red"),), ())
    assert product.findings == ("missing_sku",)


# cases 19 and 20
def test_a_master_keeps_only_the_values_no_variant_sells():
    master = read(real("4.1.0.4", 30), **with_variants(red()))
    assert (master.is_parent, [v.key for v in master.variations]) == (True, ["o:5=40"])
    blue = red(product_id="51", variant='{"226":"16"}')
    covered = read(real("4.1.0.4", 30), **with_variants(red(), blue))
    assert (covered.is_parent, covered.variations, covered.findings) == (True, (), ())


@pytest.mark.parametrize("stored", ['{"226":""}', '{"226":null}', "{torn", '{"226":"15","227":""}'])
def test_a_variant_with_an_open_option_is_found(stored):
    assert "variant_open_option" in read(red(variant=stored), **with_variants(red())).findings


def test_a_variant_of_a_disabled_or_lost_master_is_found():
    context = with_variants(red())
    context["masters"] = {30: wire_row(real("4.1.0.4", 30, status="0"))}
    assert "disabled_master" in read(red(), **context).findings
    assert "missing_master" in read(red(), **(context | {"masters": {}})).findings


def test_times_and_addresses_are_whole():
    product = read(
        plain_row(date_modified="2026-11-22 11:00:00"), clock=payloads.clock("2026-11-22 11:30:00", "Asia/Seoul")
    )
    assert product.updated_at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert product.url == "http://127.0.0.1:8084/index.php?route=product/product&product_id=7"
