"""Categories, master data, carriers and settings; numbers in names are behaviours of reference §9."""

from typing import Any

import pytest

from tests.connectors.cafe24.simulator.core_rig import Caller

# ---------------------------------------------------------------------- categories


def test_categories_know_their_place_in_the_tree(demo: Caller) -> None:
    body = demo.get("/categories", limit=100)
    assert len(body["categories"]) == demo.get("/categories/count")["count"] == 13
    tees = next(row for row in body["categories"] if row["category_name"] == "티셔츠")
    assert (tees["category_no"], tees["category_depth"], tees["parent_category_no"]) == (32, 3, 30)
    assert tees["full_category_name"] == {"1": "패션", "2": "상의", "3": "티셔츠", "4": None}
    assert tees["full_category_no"] == {"1": "29", "2": "30", "3": "32", "4": None}
    assert tees["root_category_no"] == 29
    assert len(tees) == 34
    detail = demo.get("/categories/32")["category"]
    assert set(tees) - set(detail) == {"root_category_no"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"parent_category_no": 24}, {25, 26, 27, 28}),
        ({"category_depth": 1}, {24, 29, 34, 36}),
        ({"category_name": "상"}, {30, 36}),
        ({"category_no": "24,36,999"}, {24, 36}),
    ],
)
def test_categories_are_found_by_place_and_name(demo: Caller, query: dict[str, Any], expected: set[int]) -> None:
    assert {row["category_no"] for row in demo.get("/categories", limit=100, **query)["categories"]} == expected
    assert demo.get("/categories/count", **query) == {"count": len(expected)}


@pytest.mark.parametrize("query", [{"limit": 101}, {"offset": 8001}])
def test_14_category_pages_have_their_own_maximum(demo: Caller, query: dict[str, Any]) -> None:
    assert demo.call("GET", "/categories", **query).error[0] == 422


def test_a_category_is_made_changed_and_deleted_with_those_below(demo: Caller) -> None:
    made = demo.post("/categories", {"category_name": "긴팔", "parent_category_no": 32, "use_main": "T"})
    assert made.status == 201
    row = made.json["category"]
    assert (row["category_no"], row["category_depth"], row["use_main"]) == (37, 4, "T")
    assert demo.post("/categories", {"category_name": "너무 깊음", "parent_category_no": 37}).error[0] == 422
    assert demo.post("/categories", {"category_name": "고아", "parent_category_no": 999}).error[0] == 422
    assert demo.post("/categories", {"category_name": "x" * 51}).error[0] == 422
    changed = demo.put("/categories/37", {"category_name": "긴소매"}).json["category"]
    assert changed["full_category_name"]["4"] == "긴소매"
    assert demo.put("/categories/37", {"moon": 1}).error == (422, "This parameter is not supported. (parameter.moon)")
    assert demo.delete("/categories/30").json == {"category": {"category_no": 30}}
    assert demo.call("GET", "/categories/37").error[0] == 404
    assert demo.get("/products/23")["product"]["category"] == []


def test_products_of_a_category_need_a_display_group_and_use_real_booleans(demo: Caller) -> None:
    path = "/categories/27/products"
    assert demo.call("GET", path).error == (422, "This field is required. (parameter.display_group)")
    assert demo.get(path, display_group=1)["products"][0] == {
        "shop_no": 1,
        "product_no": 13,
        "sequence_no": 1,
        "auto_sort": True,
        "sold_out": False,
        "fixed_sort": False,
        "not_for_sale": False,
    }
    assert demo.get(f"{path}/count", display_group=1) == {"count": 2}
    assert demo.get(path, display_group=2) == {"products": []}


def test_products_are_put_into_a_category_recommended_and_taken_out(demo: Caller) -> None:
    path = "/categories/36/products"
    added = demo.call("POST", path, {"request": {"display_group": 1, "product_no": [11, 12]}})
    assert (added.status, added.json) == (201, {"product": {"display_group": 1, "product_no": [11, 12]}})
    demo.call("PUT", path, {"request": {"display_group": 2, "product_no": [12]}})
    assert [row["product_no"] for row in demo.get(path, display_group=2)["products"]] == [12]
    assert demo.delete(f"{path}/12").json == {"product": {"display_group": 1, "product_no": 12}}
    assert [row["product_no"] for row in demo.get(path, display_group=1)["products"]] == [11]
    assert demo.delete(f"{path}/12").error[0] == 404
    assert demo.call("POST", path, {"request": {"product_no": [999]}}).error[0] == 422


# ---------------------------------------------------------------------- brands and the like


def test_brands_are_listed_with_their_count_made_changed_and_deleted(demo: Caller) -> None:
    canon = demo.get("/brands", brand_name="캐논")["brands"]
    assert [(row["brand_code"], row["product_count"]) for row in canon] == [("B000000C", 1)]
    made = demo.post("/brands", {"brand_name": "한결", "search_keyword": "hangyeol"})
    assert made.status == 201
    assert set(made.json["brand"]) == {
        "shop_no",
        "brand_code",
        "brand_name",
        "use_brand",
        "search_keyword",
        "created_date",
    }
    code = made.json["brand"]["brand_code"]
    assert demo.put(f"/brands/{code}", {"use_brand": "F"}).json["brand"]["use_brand"] == "F"
    assert demo.get("/brands/count", use_brand="F") == {"count": 1}
    assert demo.delete(f"/brands/{code}").json == {"brand": {"brand_code": code}}
    assert demo.call("GET", f"/brands/{code}").error == (404, "No API found.")
    demo.delete("/brands/B000000C")
    assert demo.get("/products/13")["product"]["brand_code"] == "B0000000"


def test_manufacturers_need_a_president_and_are_never_deleted(demo: Caller) -> None:
    assert demo.post("/manufacturers", {"manufacturer_name": "결공방"}).error[1].endswith("(parameter.president_name)")
    made = demo.post("/manufacturers", {"manufacturer_name": "결공방", "president_name": "도하린"})
    code = made.json["manufacturer"]["manufacturer_code"]
    assert demo.get(f"/manufacturers/{code}")["manufacturer"]["president_name"] == "도하린"
    assert demo.put(f"/manufacturers/{code}", {"phone": "02-555-0100"}).status == 200
    assert demo.delete(f"/manufacturers/{code}").error == (404, "No API found.")
    assert [set(row) for row in demo.get("/manufacturers", limit=1)["manufacturers"]] == [
        {"shop_no", "manufacturer_code", "manufacturer_name", "president_name", "use_manufacturer"}
    ]


def test_suppliers_classifications_trends_and_origins_can_be_read(demo: Caller) -> None:
    assert demo.get("/suppliers")["suppliers"][0]["supplier_code"] == "S0000000"
    assert demo.get("/suppliers/count") == {"count": 1}
    assert demo.get("/suppliers/S0000000")["supplier"]["trading_type"] == "D"
    assert demo.get("/classifications")["classifications"][0]["product_count"] == 21
    assert demo.get("/trends/count") == {"count": 1}
    origin = demo.get("/origin")["origin"]
    assert (origin[1]["origin_place_no"], origin[1]["made_in_code"]) == (1, "KR")
    assert demo.post("/classifications", {}).error == (404, "No API found.")


# ---------------------------------------------------------------------- carriers


def test_25_carriers_call_their_code_shipping_carrier_code_and_are_not_paged(demo: Caller) -> None:
    rows = demo.get("/carriers")["carriers"]
    assert [(row["carrier_id"], row["shipping_carrier_code"], row["shipping_carrier"]) for row in rows] == [
        (1, "0006", "CJ대한통운"),
        (2, "0012", "우체국택배"),
        (3, "0018", "한진택배"),
        (4, "0079", "롯데택배"),
        (5, "0001", "자체배송"),
    ]
    assert [row["default_shipping_carrier"] for row in rows] == ["T", "F", "F", "F", "F"]
    assert len(rows[0]) == 15
    assert set(rows[0]) - set(demo.get("/carriers/1")["carrier"]) == {"shipping_type"}


def test_only_a_carrier_that_exists_can_be_registered_and_only_once(demo: Caller) -> None:
    request = {"shipping_carrier_code": "0004", "contact": "02-555-0199", "email": "a@sodam.example"}
    assert demo.post("/carriers", request | {"shipping_carrier_code": "9999"}).error[0] == 422
    assert demo.post("/carriers", request | {"contact": "0" * 17}).error[0] == 422
    assert demo.post("/carriers", {"shipping_carrier_code": "0004"}).error[1].endswith("(parameter.contact)")
    made = demo.post("/carriers", request)
    assert made.status == 201
    assert made.json["carrier"]["links"][0]["rel"] == "self"
    assert demo.post("/carriers", request).error[0] == 422
    number = made.json["carrier"]["carrier_id"]
    demo.put(f"/carriers/{number}", {"default_shipping_carrier": "T"})
    defaults = [
        row["carrier_id"] for row in demo.get("/carriers")["carriers"] if row["default_shipping_carrier"] == "T"
    ]
    assert defaults == [number]
    assert demo.delete(f"/carriers/{number}").json == {"carrier": {"carrier_id": number}}
    assert demo.mall.carrier_by_code("0004") is None


# ---------------------------------------------------------------------- the mall about itself


def test_the_store_and_its_shop_say_who_they_are(demo: Caller) -> None:
    store = demo.get("/store")["store"]
    assert (store["mall_id"], store["country_code"]) == ("sodammall", "KOR")
    shop = demo.get("/shops/1")["shop"]
    assert (shop["currency_code"], shop["timezone"], len(shop)) == ("KRW", "Asia/Seoul", 21)
    assert demo.call("GET", "/shops/9").error[0] == 404


def test_29_the_orders_setting_is_under_order_and_decides_whether_n10_exists(demo: Caller) -> None:
    assert demo.get("/orders/setting")["order"]["use_product_prepare_status"] == "T"
    reply = demo.put("/orders/setting", {"use_product_prepare_status": "F"})
    assert reply.json["order"]["use_product_prepare_status"] == "F"
    assert demo.mall.settings.use_product_prepare_status is False
