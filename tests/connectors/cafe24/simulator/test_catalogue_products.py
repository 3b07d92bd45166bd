"""Products read and written; numbers in names are behaviours of reference §9."""

import base64
import re
from typing import Any

import pytest

from entrepot.connectors.cafe24.simulator.catalogue import fields
from tests.connectors.cafe24.simulator.core_rig import Caller

KST_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00")
MONEY = re.compile(r"\d+\.\d\d")
PNG = base64.b64encode(b"\x89PNG" + b"pixels").decode()


def numbers(body: Any) -> list[int]:
    return [row["product_no"] for row in body["products"]]


# ---------------------------------------------------------------------- reading


def test_a_list_row_has_82_keys_a_detail_111_with_documented_types(demo: Caller) -> None:
    listed = demo.get("/products", product_no=11)["products"][0]
    detail = demo.get("/products/11")["product"]
    assert (len(listed), len(detail)) == (82, 111)
    assert list(listed) == list(fields.LISTED)
    assert set(detail) - set(listed) == set(fields.DETAIL_ONLY)
    for name in ("price", "price_excluding_tax", "retail_price", "supply_price", "additional_price"):
        assert MONEY.fullmatch(listed[name]), name
    assert KST_STAMP.fullmatch(listed["created_date"])
    assert listed["list_icon"] == {"soldout_icon": False, "recommend_icon": False, "new_icon": False}
    assert (listed["product_code"], detail["has_option"], detail["option_type"]) == ("P000000L", "F", None)
    assert detail["category"] == [{"category_no": 25, "recommend": "F", "new": "F"}]


def test_without_a_limit_a_page_has_ten_and_the_newest_come_first(demo: Caller) -> None:
    assert numbers(demo.get("/products")) == list(range(31, 21, -1))
    assert numbers(demo.get("/products", limit=3, offset=2)) == [29, 28, 27]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"limit": 101}, "limit"),
        ({"limit": 0}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"offset": 5001}, "offset"),
        ({"sort": "price"}, "sort"),
        ({"display": "yes"}, "display"),
        ({"product_no": "11,x"}, "product_no"),
        ({"price_min": "cheap"}, "price_min"),
        ({"created_start_date": "2026-01-01"}, "created_end_date"),
        ({"updated_start_date": "soon", "updated_end_date": "2026-01-01"}, "updated_start_date"),
    ],
)
def test_14_what_is_above_the_maximum_or_unreadable_is_a_422_and_nothing_is_cut(
    demo: Caller, query: dict[str, Any], parameter: str
) -> None:
    status, message = demo.call("GET", "/products", **query).error
    assert status == 422
    assert message.endswith(f" (parameter.{parameter})")


def test_more_than_a_hundred_values_cannot_be_searched_at_once(demo: Caller) -> None:
    hundred = ",".join(str(number) for number in range(1, 101))
    assert numbers(demo.get("/products", product_no=hundred, limit=100)) == list(range(31, 10, -1))
    assert demo.call("GET", "/products", product_no=hundred + ",101").error[0] == 422


def test_41_since_product_no_walks_everything_in_order_though_products_are_edited_between_pages(demo: Caller) -> None:
    seen: list[int] = []
    since = 0
    while page := numbers(demo.get("/products", since_product_no=since, limit=4)):
        demo.mall.edit_product(page[0], price=1000)
        seen += page
        since = page[-1]
    assert seen == list(range(11, 32))


@pytest.mark.parametrize("other", [{"offset": 1}, {"sort": "created_date"}, {"order": "asc"}, {"product_no": "11"}])
def test_since_product_no_goes_with_no_other_paging(demo: Caller, other: dict[str, Any]) -> None:
    assert demo.call("GET", "/products", since_product_no=0, **other).error[0] == 422


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"custom_product_code": "PHONE-IPHONE,SD-TEE"}, {16, 24}),
        ({"custom_product_code": "phone-iphone"}, set()),
        ({"custom_variant_code": "CAM-EOS-5D-RED,SD-TEE-IV-L"}, {13, 24}),
        ({"product_code": "P000000L"}, {11}),
        ({"product_name": "아이팟,머그"}, {15, 21, 28}),
        ({"eng_product_name": "macbook"}, {18, 19}),
        ({"display": "F"}, {31}),
        ({"selling": "F", "display": "T"}, set()),
        ({"product_tag": "린넨"}, {23}),
        ({"price_min": "1000000"}, {19, 20}),
        ({"retail_price_min": 1, "retail_price_max": 158000}, {25}),
        ({"stock_quantity_max": 0, "use_inventory": "T"}, {22, 23, 28}),
        ({"use_inventory": "F"}, {27}),
        ({"option_type": "S"}, {13, 23, 24, 25}),
        ({"product_bundle": "T"}, {30}),
        ({"category": "27"}, {13, 14}),
        ({"category": "29"}, set()),
        ({"category": "29", "include_sub_category": "T"}, {23, 24, 25, 26, 31}),
        ({"category_unapplied": "T"}, set()),
        ({"brand_code": "B000000C"}, {13}),
        ({"product_no": "11,12,999"}, {11, 12}),
    ],
)
def test_a_filter_means_the_products_it_names_and_the_count_agrees(
    demo: Caller, query: dict[str, Any], expected: set[int]
) -> None:
    assert set(numbers(demo.get("/products", limit=100, **query))) == expected
    assert demo.get("/products/count", **query) == {"count": len(expected)}


def test_a_day_as_start_and_end_is_that_one_korean_day(demo: Caller) -> None:
    clock = demo.mall.clock
    clock.stopped = clock.now().replace(2026, 3, 2, 23, 59, 59)
    late = demo.mall.add_product("늦은 상품")
    clock.stopped = clock.now().replace(2026, 3, 3, 0, 0, 0)
    next_day = demo.mall.add_product("다음 날 상품")
    demo.token = demo.server.grant()["access_token"]
    days = {"created_start_date": "2026-03-02", "created_end_date": "2026-03-02"}
    assert numbers(demo.get("/products", **days)) == [late]
    moment = {"created_start_date": "2026-03-03T00:00:00", "created_end_date": "2026-03-02T15:00:00Z"}
    assert numbers(demo.get("/products", **moment)) == [next_day]


def test_sorting_by_name_and_order(demo: Caller) -> None:
    rows = demo.get("/products", sort="product_name", order="asc", limit=100)["products"]
    names = [row["product_name"] for row in rows]
    assert names == sorted(names)


def test_the_one_call_for_everything_has_stock_twice_and_options_as_an_object(demo: Caller) -> None:
    row = demo.get("/products", product_no=13, embed="variants,inventories,options,additionalimages")["products"][0]
    first = row["variants"][0]
    assert first == {
        "shop_no": 1,
        "variant_code": "P000000N000A",
        "options": [{"name": "색상", "value": "레드"}],
        "custom_variant_code": "CAM-EOS-5D-RED",
        "display": "T",
        "selling": "T",
        "additional_amount": "0.00",
        "use_inventory": "T",
        "important_inventory": "A",
        "inventory_control_type": "A",
        "display_soldout": "T",
        "quantity": 4,
        "safety_inventory": 0,
        "image": None,
        "inventories": {
            "shop_no": 1,
            "variant_code": "P000000N000A",
            "use_inventory": "T",
            "important_inventory": "A",
            "inventory_control_type": "A",
            "display_soldout": "T",
            "quantity": 4,
            "safety_inventory": 0,
        },
    }
    assert row["options"]["options"][0]["option_value"][0] == {
        "option_image_file": "",
        "option_link_image": "",
        "option_color": "",
        "option_text": "레드",
        "value_no": None,
        "additional_amount": None,
    }
    assert [set(image) for image in row["additionalimages"]] == [{"big", "medium", "small"}]


def test_40_a_product_without_options_has_one_variant_000a_with_null_or_no_options(demo: Caller) -> None:
    embedded = demo.get("/products/11", embed="variants,options")["product"]
    (only,) = embedded["variants"]
    assert (only["variant_code"], only["options"]) == ("P000000L000A", [])
    assert (embedded["options"]["has_option"], embedded["options"]["options"]) == ("F", [])
    assert demo.get("/products/11/variants")["variants"][0]["options"] is None


def test_39_a_hundred_variants_are_embedded_and_the_rest_is_behind_its_own_path(bare: Caller) -> None:
    number = bare.mall.add_product(
        "사이즈 많은 상품", options={"색상": [f"색{n}" for n in range(11)], "사이즈": [str(n) for n in range(10)]}
    )
    embedded = bare.get("/products", product_no=number, embed="variants")["products"][0]["variants"]
    assert len(embedded) == 100
    assert len(bare.get(f"/products/{number}/variants")["variants"]) == 110


def test_sold_out_follows_the_variants(demo: Caller) -> None:
    assert demo.get("/products/22")["product"]["sold_out"] == "T"
    assert demo.get("/products/28")["product"]["sold_out"] == "F"
    demo.mall.set_stock("P000000W000A", 1)
    assert demo.get("/products/22")["product"]["sold_out"] == "F"


def test_newer_versions_show_what_came_later(demo: Caller) -> None:
    demo.version = "2026-03-01"
    row = demo.get("/products/13/variants")["variants"][1]
    assert (row["supply_price"], row["display_order"]) == ("0.00", 2)


# ---------------------------------------------------------------------- writing


def new(caller: Caller, **other: object) -> Any:
    request = {"product_name": "새 셔츠", "supply_price": "8000", "price": 15000, **other}
    reply = caller.post("/products", {name: value for name, value in request.items() if value is not None})
    assert reply.status == 201, reply.raw
    return reply.json["product"]


def test_a_new_product_is_not_displayed_costs_what_was_said_and_answers_86_keys(demo: Caller) -> None:
    row = new(demo, custom_product_code="SD-NEW", description="<p>면</p>")
    assert set(row) == fields.AFTER_POST
    assert len(row) == 86
    assert (row["product_no"], row["product_code"]) == (32, "P00000BG")
    assert (row["display"], row["selling"], row["product_condition"]) == ("F", "F", "N")
    assert (row["price"], row["price_excluding_tax"], row["supply_price"]) == ("15000.00", "13636.00", "8000.00")
    assert "updated_date" not in row
    detail = demo.get("/products/32", embed="variants")["product"]
    assert [(v["variant_code"], v["quantity"]) for v in detail["variants"]] == [("P00000BG000A", 0)]


def test_options_of_a_new_product_become_cartesian_variants_in_order(demo: Caller) -> None:
    options = [{"name": "색상", "value": ["블랙", "아이보리"]}, {"name": "사이즈", "value": ["M", "L"]}]
    number = new(demo, has_option="T", options=options)["product_no"]
    rows = demo.get(f"/products/{number}/variants")["variants"]
    assert [(row["variant_code"][-4:], [o["value"] for o in row["options"]]) for row in rows] == [
        ("000A", ["블랙", "M"]),
        ("000B", ["블랙", "L"]),
        ("000C", ["아이보리", "M"]),
        ("000D", ["아이보리", "L"]),
    ]


@pytest.mark.parametrize(
    ("request_", "parameter"),
    [
        ({"supply_price": "1", "price": "1"}, "product_name"),
        ({"product_name": "x", "price": "1"}, "supply_price"),
        ({"product_name": "x", "supply_price": "1"}, "price"),
        ({"product_name": "x" * 251, "supply_price": "1", "price": "1"}, "product_name"),
        ({"product_name": "x", "supply_price": "1", "price": "-1"}, "price"),
        ({"product_name": "x", "supply_price": "1", "price": "2147483648"}, "price"),
        ({"product_name": "x", "supply_price": "1", "price": "free"}, "price"),
        ({"product_name": "x", "supply_price": "1", "price": "1", "display": "Y"}, "display"),
        ({"product_name": "x", "supply_price": "1", "price": "1", "quantity": 5}, "quantity"),
        ({"product_name": "x", "supply_price": "1", "price": "1", "brand_code": "B000ZZZZ"}, "brand_code"),
        ({"product_name": "x", "supply_price": "1", "price": "1", "has_option": "T"}, "options"),
        (
            {"product_name": "x", "supply_price": "1", "price": "1", "add_category_no": [{"category_no": 999}]},
            "add_category_no",
        ),
        ({"product_name": "x", "supply_price": "1", "price": "1", "detail_image": "no base64!"}, "detail_image"),
    ],
)
def test_a_product_that_cannot_be_is_refused_by_its_parameter_and_not_made(
    demo: Caller, request_: dict[str, object], parameter: str
) -> None:
    status, message = demo.post("/products", request_).error
    assert status == 422
    assert message.endswith(f" (parameter.{parameter})")
    assert demo.get("/products/count") == {"count": 21}


def test_a_mall_that_calculates_from_the_price_before_tax_asks_for_that_one(demo: Caller) -> None:
    demo.mall.settings.calculate_price_based_on = "B"
    assert demo.get("/products/setting")["product"]["calculate_price_based_on"] == "B"
    status, message = demo.post("/products", {"product_name": "x", "supply_price": "1", "price": "1"}).error
    assert (status, message) == (422, "This field is required. (parameter.price_excluding_tax)")
    assert new(demo, price=None, price_excluding_tax="10000")["price"] == "11000.00"


def test_changing_a_product_answers_86_keys_moves_its_date_and_tells_the_app(demo: Caller) -> None:
    heard: list[tuple[int, dict[str, object]]] = []
    demo.mall.hearers.append(lambda number, resource: heard.append((number, resource)))
    before = demo.get("/products/11")["product"]["updated_date"]
    demo.mall.clock.move(seconds=90)
    row = demo.put("/products/11", {"price": "14500.00", "selling": "F"}).json["product"]
    assert set(row) == fields.AFTER_PUT
    assert (row["price"], row["selling"], row["price_excluding_tax"]) == ("14500.00", "F", "13182.00")
    assert row["updated_date"] > before
    assert "created_date" not in row
    assert [(number, resource["product_no"], resource["price"]) for number, resource in heard] == [
        (90002, 11, "14500.00")
    ]
    assert set(heard[0][1]) >= {"mall_id", "event_shop_no", "product_code", "updated_date", "display", "brand_code"}


@pytest.mark.parametrize("name", ["stock", "has_option", "options", "quantity", "product_code", "sold_out"])
def test_59_a_field_that_cannot_be_written_is_refused_by_name_and_nothing_else_is_written(
    demo: Caller, name: str
) -> None:
    assert demo.put("/products/11", {"price": "5", name: "T"}).error == (
        422,
        f"This parameter is not supported. (parameter.{name})",
    )
    assert demo.mall.products[11].price() == "130000.00"


def test_categories_are_added_and_taken_away_by_their_numbers(demo: Caller) -> None:
    demo.put("/products/11", {"add_category_no": [{"category_no": 36, "new": "T"}], "delete_category_no": [25]})
    assert demo.get("/products/11")["product"]["category"] == [{"category_no": 36, "recommend": "F", "new": "T"}]


def test_a_deleted_product_is_gone_and_its_number_never_comes_back(demo: Caller) -> None:
    assert demo.delete("/products/31").json == {"product": {"product_no": 31}}
    assert demo.call("GET", "/products/31").error[0] == 404
    assert demo.call("GET", "/products/31/variants").error[0] == 404
    assert new(demo)["product_no"] == 32


# ---------------------------------------------------------------------- pictures


def test_one_picture_becomes_all_four_of_a_product(demo: Caller) -> None:
    reply = demo.post("/products/11/images", {"detail_image": PNG, "image_upload_type": "A"})
    assert reply.status == 201
    image = reply.json["image"]
    assert set(image) == {"shop_no", "product_no", "detail_image", "list_image", "tiny_image", "small_image"}
    names = {name: image[name].split("/web/product/")[1].split("/")[0] for name in image if name.endswith("_image")}
    assert names == {"detail_image": "big", "list_image": "medium", "tiny_image": "tiny", "small_image": "small"}
    assert demo.get("/products/11")["product"]["list_image"] == image["list_image"]
    assert demo.delete("/products/11/images").json == {"image": {"shop_no": 1, "product_no": 11}}
    assert demo.get("/products/11")["product"]["detail_image"] is None


def test_additional_pictures_are_added_replaced_and_dropped(demo: Caller) -> None:
    path = "/products/11/additionalimages"
    first = demo.post(path, {"additional_image": [PNG, PNG]})
    assert first.status == 201
    assert list(first.json["additionalimage"]) == ["shop_no", "additional_image"]
    assert len(first.json["additionalimage"]["additional_image"]) == 3
    replaced = demo.put(path, {"additional_image": [PNG]}).json["additionalimage"]["additional_image"]
    assert [set(row) for row in replaced] == [{"big", "medium", "small"}]
    assert demo.put(path, {"additional_image": [PNG] * 21}).error[0] == 422
    assert demo.delete(path).json["additionalimage"] == {"shop_no": 1, "product_no": 11}


def test_26_twenty_pictures_are_uploaded_at_once_and_not_one_more(demo: Caller) -> None:
    body = {"requests": [{"image": PNG}] * 20}
    reply = demo.call("POST", "/products/images", body)
    assert reply.status == 201
    assert len(reply.json["images"]) == 20
    assert reply.json["images"][0]["path"].startswith(f"{demo.server.url}/web/upload/NNEditor/")
    assert demo.call("POST", "/products/images", {"requests": [{"image": PNG}] * 21}).error[0] == 422


def test_a_picture_that_was_uploaded_can_be_named_by_its_path(demo: Caller) -> None:
    path = demo.call("POST", "/products/images", {"requests": [{"image": PNG}]}).json["images"][0]["path"]
    row = new(demo, detail_image=path, image_upload_type="A")
    assert row["detail_image"].rpartition("/")[2] == path.rpartition("/")[2]
