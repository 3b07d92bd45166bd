"""What the bridge reports: rows as the shop stores them, every page whole."""

from __future__ import annotations

import pytest

from tests.bridge.seeds import insert, product
from tests.bridge.shops import Shop

pytestmark = pytest.mark.php


def test_info_tells_shop_schema_and_statuses(shop: Shop) -> None:
    g = shop.generation
    info = shop.client.get("info").data
    assert info["bridge"] == {"version": "1.2.0", "protocol": 1, "line": g.line}
    assert len(info["shop"]["identity"]) == 36
    assert info["shop"]["identity"] == shop.one("SELECT value FROM #oms_bridge_setting WHERE name='identity'")
    expected = {
        "name": "Tom &amp; Co",
        "url": f"http://{shop.host}/",
        "version": g.version,
        "image_base": f"http://{shop.host}/image/",
        "currency": "USD",
        "language": "en-gb",
        "language_id": 1,
        "customer_group_id": 1,
        "maintenance": False,
        "stock_checkout": 0,
    }
    assert {key: info["shop"][key] for key in expected} == expected
    tables = {
        "g30": ["product_special", "product_discount", "order_voucher"],
        "g402": ["product_special", "product_discount", "order_voucher", "startup"],
        "g41": ["product_code", "product_discount", "identifier", "startup"],
    }
    assert info["schema"]["tables"] == tables[g.name]
    assert ("sku" in info["schema"]["product"]) is not g.codes
    assert ("master_id" in info["schema"]["product"]) is g.variants
    assert info["schema"]["order"][0] == "order_id"
    assert info["languages"][1] == {"language_id": 2, "code": "ko-kr", "name": "한국어", "status": 1}
    assert info["currencies"] == [
        {"code": "USD", "title": "US Dollar", "value": "1.00000000", "decimal_place": "2", "status": 1}
    ]
    assert info["stores"] == [{"store_id": 0, "name": "Tom &amp; Co", "url": f"http://{shop.host}/"}]
    assert info["order_statuses"][-1] == {"order_status_id": 7, "language_id": 1, "name": "Canceled"}
    assert (info["processing_status"], info["complete_status"]) == ([5, 1, 2, 3], [5, 3])
    assert (info["default_order_status"], info["void_status"], info["fraud_status"]) == (1, 16, 8)
    assert info["counts"] == {
        "products": 5 if g.variants else 3,
        "orders": 3,
        "categories": 3,
        "manufacturers": 1,
        "last_order_history_id": 4,
        "last_event_id": 0,
    }
    assert info["webhook"] == {"url": None, "enabled": False, "pending": 0, "last_error": None}
    assert info["limits"] == {
        "requests_per_minute": 1200,
        "max_body": 4194304,
        "max_page": 1000,
        "clock_window": 300,
        "max_order_writes": 100,
        "max_products": 50,
    }


def test_info_names_the_customer_group_of_a_buyer_who_has_none(shop: Shop) -> None:
    shop.sql("UPDATE #setting SET value='3' WHERE `key`='config_customer_group_id'")
    assert shop.client.get("info").data["shop"]["customer_group_id"] == 3
    shop.sql("DELETE FROM #setting WHERE `key`='config_customer_group_id'")
    assert shop.client.get("info").data["shop"]["customer_group_id"] is None


def test_categories_manufacturers_attributes_and_options(shop: Shop) -> None:
    assert shop.client.get("categories").data[2] == {
        "category_id": "27",
        "parent_id": "20",
        "image": "",
        "sort_order": "0",
        "status": "1",
        "descriptions": [{"language_id": "1", "name": "Mac &amp; more"}],
        "stores": ["0"],
    }
    assert shop.client.get("manufacturers").data == [
        {"manufacturer_id": "9", "name": "Canon", "image": "catalog/canon.jpg", "sort_order": "0"}
    ]
    assert shop.client.get("attributes").data == [
        {
            "attribute_id": "3",
            "attribute_group_id": "6",
            "sort_order": "1",
            "descriptions": [{"language_id": "1", "name": "Clockspeed"}],
            "group": [{"language_id": "1", "name": "Processor"}],
        }
    ]
    assert shop.client.get("options").data == [
        {
            "option_id": "5",
            "type": "select",
            "sort_order": "3",
            "descriptions": [{"language_id": "1", "name": "Colour"}],
            "values": [
                {
                    "option_value_id": "39",
                    "image": "",
                    "sort_order": "1",
                    "descriptions": [{"language_id": "1", "name": "Red"}],
                },
                {
                    "option_value_id": "40",
                    "image": "",
                    "sort_order": "2",
                    "descriptions": [{"language_id": "1", "name": "Blue"}],
                },
            ],
        },
        {
            "option_id": "6",
            "type": "text",
            "sort_order": "4",
            "descriptions": [{"language_id": "1", "name": "Date &amp; Time"}],
            "values": [],
        },
    ]


def test_a_page_leaves_a_very_long_description_untold_and_its_product_alone_tells_it(shop: Shop) -> None:
    shop.sql("UPDATE #product_description SET description=REPEAT('x', 32769) WHERE product_id=30 AND language_id=1")
    page = shop.client.get("products", limit=100, **{"with": "description"}).data
    alone = shop.client.get("products", ids="30", **{"with": "description"}).data
    told = [[row["description"] for row in one["descriptions"]] for one in page if one["product_id"] == "30"]
    assert told == [[None, "&lt;p&gt;Camera 30&quot;&lt;/p&gt;"]]
    assert [len(row["description"]) for row in alone[0]["descriptions"]] == [32769, 34]


def test_a_product_is_reported_with_all_that_hangs_on_it(shop: Shop) -> None:
    g = shop.generation
    row = shop.client.get("products", ids="30", **{"with": "description"}).data[0]
    expected = {
        "product_id": "30",
        "model": "Camera",
        "quantity": "7",
        "subtract": "1",
        "minimum": "1",
        "price": "100.0000",
        "status": "1",
        "shipping": "1",
        "tax_class_id": "9",
        "weight": "0.00000000",
        "weight_class_id": "1",
        "length": "0.00000000",
        "width": "0.00000000",
        "height": "0.00000000",
        "length_class_id": "1",
        "image": "catalog/p.jpg",
        "manufacturer_id": "9",
        "stock_status_id": "5",
        "sort_order": "0",
        "date_available": "2009-02-03",
        "date_added": "2009-02-03 16:59:00",
        "date_modified": "2011-09-30 01:05:23",
        "weight_unit": "kg",
        "length_unit": "cm",
        "codes": [],
        "descriptions": [
            {"language_id": "1", "name": "Camera 30&quot;", "description": "&lt;p&gt;Camera 30&quot;&lt;/p&gt;"},
            {"language_id": "2", "name": "Camera 30&quot; kr", "description": "&lt;p&gt;Camera 30&quot;&lt;/p&gt;"},
        ],
        "categories": ["20", "27"],
        "stores": ["0"],
        "images": [{"image": "catalog/c 2.jpg", "sort_order": "0"}],
        "attributes": [{"attribute_id": "3", "language_id": "1", "text": "100mhz"}],
        "options": [
            {
                "product_option_id": "226",
                "option_id": "5",
                "type": "select",
                "required": "1",
                "value": "",
                "values": [
                    {
                        "product_option_value_id": "15",
                        "option_id": "5",
                        "option_value_id": "39",
                        "quantity": "2",
                        "subtract": "1",
                        "price": "0.0000",
                        "price_prefix": "+",
                        "weight": "0.00000000",
                        "weight_prefix": "+",
                    },
                    {
                        "product_option_value_id": "16",
                        "option_id": "5",
                        "option_value_id": "40",
                        "quantity": "5",
                        "subtract": "1",
                        "price": "5.0000",
                        "price_prefix": "-",
                        "weight": "0.00000000",
                        "weight_prefix": "+",
                    },
                ],
            },
        ],
    }
    discount = {
        "customer_group_id": "1",
        "quantity": "10",
        "priority": "1",
        "price": "88.0000",
        "date_start": "0000-00-00",
        "date_end": "0000-00-00",
    }
    special = {
        "customer_group_id": "1",
        "priority": "1",
        "price": "80.0000",
        "date_start": "0000-00-00",
        "date_end": "0000-00-00",
    }
    if g.specials:
        expected |= {
            "discounts": [discount],
            "specials": [special, special | {"customer_group_id": "2", "price": "70.0000"}],
        }
    else:
        flagged = special | {"quantity": "1", "type": "F", "special": "1"}
        expected |= {
            "discounts": [
                discount | {"type": "P", "special": "0"},
                flagged,
                flagged | {"customer_group_id": "2", "price": "70.0000"},
            ],
            "specials": [],
        }
    if g.variants:
        expected |= {"master_id": "0", "variant": "", "override": ""}
    if g.codes:
        expected |= {"codes": [{"code": "sku", "value": "CAM-5D"}, {"code": "MPN", "value": "M5D"}]}
    else:
        expected |= {"sku": "CAM-5D", "upc": "", "ean": "", "jan": "", "isbn": "", "mpn": ""}
    assert row == expected


def test_columns_of_an_add_on_are_passed_on_in_the_value(shop41: Shop) -> None:
    shop41.sql(
        "ALTER TABLE #product_option_value ADD sku VARCHAR(64) NULL;"
        " UPDATE #product_option_value SET sku='RED-1' WHERE product_option_value_id=15"
    )
    values = shop41.client.get("products", ids="30").data[0]["options"][0]["values"]
    assert [value["sku"] for value in values] == ["RED-1", None]
    assert "sku" in shop41.client.get("info").data["schema"]["product_option_value"]


def test_bytes_that_are_no_utf8_do_not_break_the_answer(shop41: Shop) -> None:
    shop41.sql("ALTER TABLE #manufacturer MODIFY name VARBINARY(64); UPDATE #manufacturer SET name=0x4BFFE9")
    assert shop41.client.get("manufacturers").data[0]["name"] == "K??"


def many(shop: Shop, count: int) -> None:
    rows = [insert("product", product(1000 + 3 * i, f"P{i}", i, 1, shop.generation)) for i in range(count)]
    shop.db.run("SET sql_mode='';" + "".join(rows), shop.name)


def test_paging_gives_every_product_once(shop: Shop) -> None:
    many(shop, 40)
    whole = [int(i) for (i,) in shop.sql("SELECT product_id FROM #product ORDER BY 1")]
    for resource in ("products", "stock"):
        seen: list[int] = []
        after = 0
        while True:
            reply = shop.client.get(resource, after_id=after, limit=7)
            page = [int(row["product_id"]) for row in reply.data]
            seen += page
            assert reply.json["next"] in {None, page[-1]}
            if reply.json["next"] is None:
                break
            assert len(page) == 7
            after = reply.json["next"]
        assert seen == whole


def test_a_page_that_is_exactly_full_and_last_has_no_next(shop41: Shop) -> None:
    assert shop41.client.get("products", limit=5).json["next"] is None
    assert shop41.client.get("products", limit=4).json["next"] == 50


def test_ids_give_what_exists(shop: Shop) -> None:
    reply = shop.client.get("stock", ids="31,9999,28,28")
    assert [row["product_id"] for row in reply.data] == ["28", "31"]
    assert reply.json["next"] is None


def test_stock_rows(shop: Shop) -> None:
    row = shop.client.get("stock", ids="30").data[0]
    options = row.pop("options")
    expected = {
        "product_id": "30",
        "quantity": "7",
        "subtract": "1",
        "status": "1",
        "date_modified": "2011-09-30 01:05:23",
    }
    assert row == expected | ({"master_id": "0", "variant": ""} if shop.generation.variants else {})
    assert options[1] == {
        "product_option_id": "226",
        "option_id": "5",
        "product_option_value_id": "16",
        "option_value_id": "40",
        "quantity": "5",
        "subtract": "1",
    }


@pytest.mark.parametrize("resource", ["products", "stock"])
def test_a_thousand_products_cost_as_many_queries_as_one(shop: Shop, resource: str) -> None:
    many(shop, 1000)
    log = shop.count_queries()
    assert len(shop.client.get(resource, limit=1).data) == 1
    one = sum("oms_bridge" not in line for line in log.read_text().splitlines())
    log.write_text("")
    assert len(shop.client.get(resource, limit=1000).data) == 1000
    assert sum("oms_bridge" not in line for line in log.read_text().splitlines()) == one
    assert one < 25
