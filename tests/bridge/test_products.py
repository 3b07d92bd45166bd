"""Products made, changed, switched and deleted; pictures."""
# ruff: noqa: S608 - a test's own SQL on its own database

from __future__ import annotations

import base64
import json
import struct
import zlib
from pathlib import Path

import pytest

from tests.bridge.client import Reply
from tests.bridge.shops import Shop

pytestmark = pytest.mark.php

TEE = {
    "model": "TEE",
    "sku": "TEE-1",
    "barcode": "8801234567893",
    "names": {"en-gb": 'Tee 30" <b> & Søn', "ko-kr": "티셔츠"},
    "descriptions": {"en-gb": "<p>Soft & warm</p>"},
    "price": "20",
    "status": 1,
    "subtract": 1,
    "minimum": 2,
    "weight": "250.5",
    "weight_unit": "G",
    "length_unit": "cm",
    "length": 1,
    "width": "2.5",
    "height": "3",
    "manufacturer": "Kim & Co",
    "category_ids": [20, 26],
    "store_ids": [0],
    "image": "catalog/tee 1.jpg",
    "images": ["catalog/a.jpg", "catalog/b.jpg"],
    "attributes": [{"attribute_id": 3, "texts": {"en-gb": "slow"}}],
    "options": [
        {
            "name": "Colour",
            "type": "select",
            "required": 1,
            "values": [
                {"name": "Red", "quantity": 2, "price": "20"},
                {"name": "Green & gold", "quantity": 3, "price": "18.5"},
            ],
        },
        {"name": "Gift <text>", "type": "text", "required": 0},
    ],
}


def create(shop: Shop, key: str = "k1", **fields: object) -> Reply:
    return shop.client.post("product_create", {"key": key, "product": {**TEE, **fields}})


def counts(shop: Shop) -> list[list[str | None]]:
    tables = (
        "product",
        "product_description",
        "product_option",
        "product_option_value",
        "product_image",
        "manufacturer",
        "option",
        "option_value",
        "seo_url",
    )
    return [shop.sql(f"SELECT COUNT(*) FROM #{table}")[0] for table in tables]


def test_a_product_is_made_whole(shop: Shop) -> None:
    g = shop.generation
    reply = create(shop)
    assert reply.data["repeated"] is False
    product_id = reply.data["product_id"]
    row = shop.client.get("products", ids=product_id, **{"with": "description"}).data[0]
    today = shop.one("SELECT DATE(UTC_TIMESTAMP() + INTERVAL 9 HOUR)")  # the shop's day, in Seoul
    expected = {
        "model": "TEE",
        "quantity": "5",
        "subtract": "1",
        "minimum": "2",
        "price": "20.0000",
        "status": "1",
        "shipping": "1",
        "weight": "250.50000000",
        "weight_unit": "g",
        "length": "1.00000000",
        "width": "2.50000000",
        "height": "3.00000000",
        "image": "catalog/tee 1.jpg",
        "stock_status_id": "5",
        "tax_class_id": "0",
        "date_available": today,
        "categories": ["20", "26"],
        "stores": ["0"],
        "descriptions": [
            {
                "language_id": "1",
                "name": "Tee 30&quot; &lt;b&gt; &amp; Søn",
                "description": "&lt;p&gt;Soft &amp; warm&lt;/p&gt;",
            },
            {"language_id": "2", "name": "티셔츠", "description": ""},
        ],
        "images": [{"image": "catalog/a.jpg", "sort_order": "0"}, {"image": "catalog/b.jpg", "sort_order": "1"}],
        "attributes": [{"attribute_id": "3", "language_id": "1", "text": "slow"}],
        "discounts": [],
        "specials": [],
        "codes": [{"code": "SKU", "value": "TEE-1"}, {"code": "EAN", "value": "8801234567893"}] if g.codes else [],
    }
    assert {key: row[key] for key in expected} == expected
    if not g.codes:
        assert (row["sku"], row["ean"]) == ("TEE-1", "8801234567893")
    assert shop.one(f"SELECT name FROM #manufacturer WHERE manufacturer_id={row['manufacturer_id']}") == "Kim &amp; Co"
    colour, gift = row["options"]
    assert (colour["option_id"], colour["type"], colour["required"]) == ("5", "select", "1")
    assert [(v["quantity"], v["price_prefix"], v["price"], v["subtract"]) for v in colour["values"]] == [
        ("2", "+", "0.0000", "1"),
        ("3", "-", "1.5000", "1"),
    ]
    assert colour["values"][0]["option_value_id"] == "39"
    assert shop.sql(
        f"SELECT DISTINCT name FROM #option_value_description"
        f" WHERE option_value_id={colour['values'][1]['option_value_id']}"
    ) == [["Green &amp; gold"]]
    assert (gift["type"], gift["required"], gift["values"]) == ("text", "0", [])
    assert shop.sql(f"SELECT DISTINCT name FROM #option_description WHERE option_id={gift['option_id']}") == [
        ["Gift &lt;text&gt;"]
    ]
    column = "query" if g.line == "oc3" else "value"
    value = f"product_id={product_id}" if g.line == "oc3" else str(product_id)
    assert shop.sql(f"SELECT keyword FROM #seo_url WHERE `{column}`='{value}'") == [[f"tee-30-b-s-n-{product_id}"]] * 2
    assert shop.sql(f"SELECT meta_title FROM #product_description WHERE product_id={product_id} AND language_id=2") == [
        ["티셔츠"]
    ]
    assert shop.cache_clears() == ["product"]


def test_a_repeated_key_answers_the_first_product(shop: Shop) -> None:
    first = create(shop).data["product_id"]
    before = counts(shop)
    assert create(shop).data == {"repeated": True, "product_id": first}
    reply = create(shop, price="21")
    assert reply.code == (409, "conflict")
    assert counts(shop) == before


def test_the_same_body_in_another_spelling_is_the_same_body(shop41: Shop) -> None:
    first = create(shop41).data["product_id"]
    turned = {"product": dict(reversed(TEE.items())), "key": "k1"}
    assert shop41.client.post("product_create", turned).data == {"repeated": True, "product_id": first}


def test_a_name_in_one_language_stands_for_the_others(shop: Shop) -> None:
    product_id = create(shop, names={"ko-kr": "모자"}).data["product_id"]
    assert shop.sql(f"SELECT language_id, name FROM #product_description WHERE product_id={product_id} ORDER BY 1") == [
        ["1", "모자"],
        ["2", "모자"],
    ]


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"model": "x" * 65}, "model", "too_long"),
        ({"model": "&" * 13}, "model", "too_long"),
        ({"model": " "}, "model", "missing"),
        ({"model": None}, "model", "missing"),
        ({"names": {}}, "names", "missing"),
        ({"names": {"de-de": "x"}}, "names", "unknown_language"),
        ({"names": {"en-gb": "x" * 256}}, "names", "too_long"),
        ({"names": {"en-gb": ""}}, "names", "missing"),
        ({"price": "-1"}, "price", "negative"),
        ({"quantity": -1}, "quantity", "negative"),
        ({"minimum": 0}, "minimum", "out_of_range"),
        ({"status": 2}, "status", "not_a_flag"),
        ({"weight_unit": "stone"}, "weight_unit", "unknown"),
        ({"length_unit": "mile"}, "length_unit", "unknown"),
        ({"weight": "12345678"}, "weight", "out_of_range"),
        ({"category_ids": [20, 99]}, "category_ids", "unknown"),
        ({"store_ids": [4]}, "store_ids", "unknown"),
        ({"manufacturer_id": 77}, "manufacturer_id", "unknown"),
        ({"image": "../config.php"}, "image", "malformed"),
        ({"images": ["https://x/y.jpg"]}, "images", "malformed"),
        ({"attributes": [{"attribute_id": 99, "texts": {"en-gb": "x"}}]}, "attributes", "unknown"),
        ({"options": [{"name": "Size", "type": "select"}]}, "options", "values"),
        ({"options": [{"name": "Size", "type": "rainbow"}]}, "options", "type"),
        ({"options": [{"name": "S", "values": [{"name": "L"}, {"name": "L"}]}]}, "options", "values"),
        ({"sku": "s" * 300}, "sku", "too_long"),
        ({"model": ["x"]}, "model", "not_text"),
    ],
)
def test_a_field_the_shop_cannot_keep_is_refused_and_nothing_is_made(
    shop: Shop, fields: dict[str, object], field: str, reason: str
) -> None:
    before = counts(shop)
    reply = create(shop, **fields)
    assert reply.code == (422, "invalid")
    assert (reply.error["detail"]["field"], reply.error["detail"]["reason"]) == (field, reason)
    assert counts(shop) == before
    assert create(shop).status == 200


def test_what_the_database_bends_is_refused_and_nothing_stays(shop: Shop) -> None:
    shop.sql("CREATE TRIGGER cut BEFORE UPDATE ON #product FOR EACH ROW SET NEW.model = LEFT(NEW.model, 2)")
    before = counts(shop)[:1]
    reply = create(shop, options=None, manufacturer=None)
    assert (reply.code, reply.error["detail"]) == (
        (422, "invalid"),
        {"field": "model", "reason": "stored_differently", "stored": "TE"},
    )
    assert counts(shop)[:1] == before


def test_emoji_are_kept_where_the_shop_can_and_refused_where_it_cannot(shop: Shop) -> None:
    reply = create(shop, names={"en-gb": "Tee 👕"})
    if shop.generation.charset == "utf8mb4":
        assert shop.client.get("products", ids=reply.data["product_id"]).data[0]["descriptions"][0]["name"] == "Tee 👕"
    else:
        assert (reply.code, reply.error["detail"]) == ((422, "invalid"), {"field": "names", "reason": "characters"})


def test_an_update_changes_only_what_is_sent(shop: Shop) -> None:
    before = shop.client.get("products", ids=30, **{"with": "description"}).data[0]
    reply = shop.client.post(
        "product_update",
        {"product_id": 30, "product": {"price": "101.5", "names": {"en-gb": "New <name>"}, "status": 0}},
    )
    after = reply.data
    assert after == before | {
        "price": "101.5000",
        "status": "0",
        "date_modified": after["date_modified"],
        "descriptions": [before["descriptions"][0] | {"name": "New &lt;name&gt;"}, before["descriptions"][1]],
    }
    assert after["date_modified"] > "2026"


def test_an_update_keeps_the_rows_of_values_that_stay(shop: Shop) -> None:
    option = {
        "name": "Colour",
        "type": "select",
        "values": [{"name": "Blue", "quantity": 9}, {"name": "White", "quantity": 1}],
    }
    values = shop.client.post("product_update", {"product_id": 30, "product": {"options": [option]}}).data["options"][
        0
    ]["values"]
    assert [(v["product_option_value_id"] == "16", v["quantity"], v["price_prefix"], v["price"]) for v in values] == [
        (True, "9", "-", "5.0000"),
        (False, "1", "+", "0.0000"),
    ]
    assert shop.one("SELECT COUNT(*) FROM #product_option_value WHERE product_option_value_id=15") == "0"
    assert shop.one("SELECT product_option_id FROM #product_option WHERE product_id=30") == "226"


def test_lists_that_are_sent_replace_and_the_sku_has_one_place(shop: Shop) -> None:
    row = shop.client.post(
        "product_update",
        {"product_id": 30, "product": {"category_ids": [26], "images": [], "sku": "NEW", "attributes": []}},
    ).data
    assert (row["categories"], row["images"], row["attributes"]) == (["26"], [], [])
    if shop.generation.codes:
        assert row["codes"] == [{"code": "MPN", "value": "M5D"}, {"code": "SKU", "value": "NEW"}]
    else:
        assert row["sku"] == "NEW"


def test_an_unknown_product_cannot_be_updated(shop41: Shop) -> None:
    assert shop41.client.post("product_update", {"product_id": 999, "product": {"price": 1}}).code == (404, "not_found")


def test_status_is_switched_item_by_item(shop: Shop) -> None:
    items = [
        {"ref": 1, "product_id": 28, "status": 0},
        {"ref": 2, "product_id": 999, "status": 0},
        {"ref": 3, "product_id": 30, "status": 5},
        {"ref": 4, "product_id": 31, "status": 1},
    ]
    answers = shop.client.post("product_status", {"items": items}).data
    assert [(a["ref"], a["ok"], a.get("status", a.get("error", {}).get("code"))) for a in answers] == [
        (1, True, 0),
        (2, False, "not_found"),
        (3, False, "invalid"),
        (4, True, 1),
    ]
    assert shop.sql("SELECT status FROM #product WHERE product_id IN (28, 30, 31)") == [["0"], ["1"], ["1"]]


def test_a_variants_status_is_marked_as_its_own(shop4: Shop) -> None:
    """Product 50 overrides its model already, 51 nothing; product 30 is their master."""
    for _ in range(2):
        items = [{"ref": i, "product_id": i, "status": 0} for i in (30, 50, 51)]
        assert all(answer["ok"] for answer in shop4.client.post("product_status", {"items": items}).data)
    assert shop4.sql("SELECT status, override FROM #product WHERE product_id IN (30, 50, 51) ORDER BY product_id") == [
        ["0", ""],
        ["0", '{"model":"1","status":"1"}'],
        ["0", '{"status":"1"}'],
    ]


def test_a_deleted_product_leaves_no_rows_but_past_orders(shop: Shop) -> None:
    made = create(shop).data["product_id"]
    answers = shop.client.post(
        "product_delete",
        {"items": [{"ref": 1, "product_id": 30}, {"ref": 2, "product_id": made}, {"ref": 3, "product_id": 999}]},
    ).data
    assert [(a["ref"], a["ok"]) for a in answers] == [(1, True), (2, True), (3, False)]
    tables = shop.sql(
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema=DATABASE()"
        " AND column_name='product_id' AND table_name NOT LIKE '%order%'"
    )
    left = {t: shop.one(f"SELECT COUNT(*) FROM {t} WHERE product_id IN (30, {made})") for (t,) in tables}
    assert set(left.values()) == {"0"}, left
    assert shop.one("SELECT COUNT(*) FROM #seo_url") == "0"
    assert shop.client.get("order", ids=1).data[0]["order_product"][0]["product_id"] == "30"
    if shop.generation.variants:
        assert shop.sql("SELECT product_id, master_id FROM #product WHERE product_id IN (50, 51)") == [
            ["50", "0"],
            ["51", "0"],
        ]


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + chunk(b"IEND", b"")
    )


def upload(shop: Shop, path: str, content: bytes) -> Reply:
    return shop.client.post("image", {"path": path, "content": base64.b64encode(content).decode()})


def pictures(shop: Shop) -> list[Path]:
    return [path for path in shop.home.rglob("images/**/*") if path.is_file()]


def test_a_picture_is_stored_whole_and_told_its_address(shop: Shop) -> None:
    reply = upload(shop, "catalog/entrepot/a-1.png", png())
    assert reply.data == {
        "path": "catalog/entrepot/a-1.png",
        "url": f"http://{shop.host}/image/catalog/entrepot/a-1.png",
        "bytes": len(png()),
    }
    assert [path.read_bytes() for path in pictures(shop)] == [png()]


@pytest.mark.parametrize(
    ("path", "content", "field"),
    [
        ("catalog/../../x.png", png(), "path"),
        ("/etc/x.png", png(), "path"),
        ("catalog/x.php", png(), "path"),
        ("catalog/x.php.png", png(), "path"),
        ("other/x.png", png(), "path"),
        ("catalog/.hidden.png", png(), "path"),
        ("catalog/x.svg", b"<svg/>", "path"),
        ("catalog/x.png", b"<?php exit;", "content"),
        ("catalog/x.jpg", png(), "content"),
        ("catalog/x.webp", png(), "content"),
        ("catalog/x.png", b"", "content"),
        ("catalog/x.png\n", png(), "path"),
    ],
)
def test_what_is_no_picture_or_no_place_for_one_is_refused(shop41: Shop, path: str, content: bytes, field: str) -> None:
    reply = upload(shop41, path, content)
    assert (reply.code, reply.error["detail"]["field"]) == ((422, "invalid"), field)
    assert pictures(shop41) == []


def test_a_picture_that_is_no_base64_is_refused(shop41: Shop) -> None:
    assert (
        shop41.client.post("image", {"path": "catalog/x.png", "content": "not base64!"}).error["detail"]["reason"]
        == "base64"
    )


# --------------------------------------------------------------------------- many at once, attributes by name, variants


def many(shop: Shop, *items: dict[str, object]) -> list[dict[str, object]]:
    answers: list[dict[str, object]] = shop.client.post("products_create", {"items": list(items)}).data
    return answers


def item(key: str, **fields: object) -> dict[str, object]:
    return {"ref": f"r-{key}", "key": key, "product": {**TEE, "model": key, **fields}}


def test_many_products_are_made_and_a_bad_one_stops_no_other(shop: Shop) -> None:
    first, bad, last = many(shop, item("a"), item("b", names={"en-gb": "x" * 256}), item("c"))
    assert [(row["ref"], row["ok"]) for row in (first, bad, last)] == [("r-a", True), ("r-b", False), ("r-c", True)]
    assert (bad["error"]["code"], bad["error"]["detail"]["reason"]) == ("invalid", "too_long")
    assert shop.sql("SELECT model FROM #product WHERE model IN ('a', 'b', 'c') ORDER BY 1") == [["a"], ["c"]]
    assert shop.client.get("info").data["limits"]["max_products"] == 50


def test_a_repeated_key_brings_the_first_product_up_to_date_and_makes_no_second(shop: Shop) -> None:
    [first] = many(shop, item("a"))
    before = counts(shop)
    [again] = many(shop, item("a", price="21"))
    assert again == {"ref": "r-a", "ok": True, "repeated": True, "product_id": first["product_id"]}
    assert shop.one(f"SELECT price FROM #product WHERE product_id={first['product_id']}") == "21.0000"
    assert counts(shop) == before


def test_a_repeat_leaves_figures_and_visibility_as_the_shop_has_them_by_now(shop: Shop) -> None:
    axis = [{"name": "Cut", "values": [{"name": "A", "quantity": 4}, {"name": "B", "quantity": 5}]}]
    plain, parted = many(shop, item("a", quantity=9, status=1), item("b", quantity=9, options=axis))
    ids = f"({plain['product_id']}, {parted['product_id']})"
    shop.sql(f"UPDATE #product SET quantity = 2, status = 0 WHERE product_id IN {ids}")
    shop.sql(f"UPDATE #product_option_value SET quantity = 1 WHERE product_id IN {ids}")
    many(shop, item("a", quantity=9, status=1, price="21"), item("b", quantity=9, options=axis))
    figures = shop.sql(f"SELECT quantity, status FROM #product WHERE product_id IN {ids}")
    assert figures == [["2", "0"], ["2", "0"]]
    assert shop.one(f"SELECT price FROM #product WHERE product_id={plain['product_id']}") == "21.0000"
    values = f"SELECT quantity FROM #product_option_value WHERE product_id={parted['product_id']}"
    assert shop.sql(values) == [["1"], ["1"]]


def test_a_half_made_product_that_is_refused_is_still_known_by_its_key(shop: Shop) -> None:
    [first] = many(shop, item("a"))
    shop.sql("UPDATE #oms_bridge_key SET done = 0 WHERE request_key = 'a'")
    shop.sql("CREATE TRIGGER cut BEFORE UPDATE ON #product FOR EACH ROW SET NEW.model = LEFT(NEW.model, 2)")
    [refused] = many(shop, item("a", model="LONG"))
    assert refused["error"]["detail"]["reason"] == "stored_differently"
    shop.sql("DROP TRIGGER cut")
    before = counts(shop)[:1]
    [again] = many(shop, item("a"))
    assert (again["product_id"], counts(shop)[:1]) == (first["product_id"], before)


def test_a_key_whose_product_was_deleted_makes_another(shop: Shop) -> None:
    [first] = many(shop, item("a"))
    shop.client.post("product_delete", {"items": [{"ref": 1, "product_id": first["product_id"]}]})
    [again] = many(shop, item("a"))
    assert (again["ok"], again["repeated"], again["product_id"] != first["product_id"]) == (True, False, True)


def test_attributes_are_found_by_name_or_made_and_told_in_every_language(shop: Shop) -> None:
    wanted = [
        {"name": "Clockspeed", "texts": {"en-gb": "slow"}},
        {"name": "Cloth & yarn", "texts": {"ko-kr": "면"}},
    ]
    [made] = many(shop, item("a", attributes=wanted))
    product_id = made["product_id"]
    named = (
        "SELECT DISTINCT d.name, p.language_id, p.text FROM #product_attribute p JOIN #attribute_description d"
        f" ON d.attribute_id=p.attribute_id WHERE p.product_id={product_id} ORDER BY 1, 2"
    )
    assert shop.sql(named) == [
        ["Clockspeed", "1", "slow"],
        ["Clockspeed", "2", "slow"],
        ["Cloth &amp; yarn", "1", "면"],
        ["Cloth &amp; yarn", "2", "면"],
    ]
    changed = [{"name": "Cloth & yarn", "texts": {"en-gb": "cotton"}}]
    shop.client.post("product_update", {"product_id": product_id, "product": {"attributes": changed}})
    assert shop.sql(named) == [["Cloth &amp; yarn", "1", "cotton"], ["Cloth &amp; yarn", "2", "면"]]
    assert (
        shop.one("SELECT COUNT(DISTINCT attribute_id) FROM #attribute_description WHERE name='Cloth &amp; yarn'") == "1"
    )


SIZES = [
    {"name": "Colour", "values": [{"name": "Red", "quantity": 4}, {"name": "Sky & sea", "quantity": 2}]},
    {"name": "Size", "values": [{"name": "M", "quantity": 5}, {"name": "L", "quantity": 1}]},
]


def variant(sku: str, colour: str, size: str, quantity: int, **fields: object) -> dict[str, object]:
    choices = {"Colour": colour, "Size": size}
    return {"choices": choices, "model": sku, "sku": sku, "price": "20", "quantity": quantity, **fields}


THREE = [variant("R-M", "Red", "M", 3), variant("R-L", "Red", "L", 1), variant("S-M", "Sky & sea", "M", 2, price="25")]


def test_variants_are_rows_of_their_own_below_the_master(shop4: Shop) -> None:
    [made] = many(shop4, item("a", options=SIZES, variants=THREE))
    master = shop4.client.get("products", ids=made["product_id"]).data[0]
    rows = shop4.client.get("products", ids=",".join(map(str, made["variants"]))).data
    row_ids = {
        value["option_value_id"]: (option["product_option_id"], value["product_option_value_id"])
        for option in master["options"]
        for value in option["values"]
    }
    assert [(row["model"], row["quantity"], row["price"]) for row in rows] == [
        ("R-M", "3", "20.0000"),
        ("R-L", "1", "20.0000"),
        ("S-M", "2", "25.0000"),
    ]
    assert {row["master_id"] for row in rows} == {str(made["product_id"])}
    chosen = [master["options"][0]["values"][0], master["options"][1]["values"][0]]
    assert json.loads(rows[0]["variant"]) == dict(row_ids[value["option_value_id"]] for value in chosen)
    assert [row["descriptions"][0]["name"] for row in rows][2] == "Tee 30&quot; &lt;b&gt; &amp; Søn (Sky &amp; sea, M)"
    assert [row["categories"] for row in rows] == [["20", "26"]] * 3
    assert [row["images"] for row in rows] == [master["images"]] * 3
    assert master["quantity"] == "6"
    assert [[value["quantity"] for value in option["values"]] for option in master["options"]] == [
        ["4", "2"],
        ["5", "1"],
    ]


def test_what_is_a_variants_own_is_named_in_its_override(shop4: Shop) -> None:
    [made] = many(shop4, item("a", options=SIZES, variants=THREE))
    [row] = shop4.client.get("products", ids=made["variants"][0]).data
    override = json.loads(row["override"])
    own = {"product_code"} if shop4.generation.codes else {"sku"}
    assert {"model", "price", "variant", "product_description"} | own <= override.keys()
    assert override["variant"].keys() == json.loads(row["variant"]).keys()
    assert override["product_description"] == {number: {"name": "1", "meta_title": "1"} for number in "12"}
    assert "quantity" not in override


def test_a_repeat_changes_the_variants_keeps_their_figures_and_makes_none(shop4: Shop) -> None:
    [first] = many(shop4, item("a", options=SIZES, variants=THREE))
    before = counts(shop4)
    dearer = [variant("R-M", "Red", "M", 0, price="30"), *THREE[1:]]
    [again] = many(shop4, item("a", options=SIZES, variants=dearer))
    assert (again["variants"], counts(shop4)) == (first["variants"], before)
    rows = "SELECT quantity FROM #product WHERE master_id={0} OR product_id={0} ORDER BY product_id"
    assert shop4.sql(rows.format(first["product_id"])) == [["6"], ["3"], ["1"], ["2"]]
    assert shop4.one(f"SELECT price FROM #product WHERE product_id={first['variants'][0]}") == "30.0000"


@pytest.mark.parametrize(
    ("variants", "reason"),
    [
        ([variant("a", "Red", "XL", 1)], "choices"),
        ([{"choices": {"Colour": "Red"}, "model": "a"}], "choices"),
        ([{"choices": {"Colour": "Red", "Size": "M"}}], "missing"),
        ([variant("a", "Red", "M", 1), variant("b", "Red", "M", 1)], "values"),
    ],
)
def test_a_variant_without_choices_of_its_own_is_refused_and_nothing_is_made(
    shop4: Shop, variants: list[dict[str, object]], reason: str
) -> None:
    before = counts(shop4)
    [answer] = many(shop4, item("a", options=SIZES, variants=variants))
    assert (answer["ok"], answer["error"]["detail"]["reason"]) == (False, reason)
    assert counts(shop4) == before


def test_a_shop_without_variants_refuses_them(shop30: Shop) -> None:
    before = counts(shop30)
    [answer] = many(shop30, item("a", options=SIZES, variants=THREE))
    assert (answer["ok"], answer["error"]["detail"]["reason"]) == (False, "no_place")
    assert counts(shop30) == before
