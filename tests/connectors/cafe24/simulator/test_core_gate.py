"""What stands before every call: token, version, scope, URL, body; numbers in names are behaviours of reference §9."""

import json
import socket
from urllib.parse import quote

import pytest

from entrepot.connectors.cafe24.simulator import versions
from entrepot.connectors.cafe24.simulator.oauth import OMS_SCOPES
from tests.connectors.cafe24.simulator.core_rig import ADMIN, Caller


def bearer(caller: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}", "Content-Type": "application/json"}


def test_1_an_ended_version_is_refused_with_the_apps_own_version_in_the_text(demo: Caller) -> None:
    versions.end(demo.mall.settings, "2025-03-01", "2026-03-01")
    assert demo.call("GET", "/store").error == (
        400,
        "2025-03-01 version you requested is not available. The default value for the app version is 2026-03-01.",
    )
    demo.version = "2026-03-01"
    assert demo.call("GET", "/store").status == 200


def test_2_without_a_version_header_the_apps_own_version_applies(demo: Caller) -> None:
    versions.end(demo.mall.settings, "2025-03-01", "2026-03-01")
    demo.version = None
    assert demo.call("GET", "/store").status == 200
    assert demo.get("/apps")["app"]["version"] == "2026-03-01"


def test_no_token_at_all_is_a_401_in_the_nested_shape(demo: Caller) -> None:
    demo.token = None
    status, _ = demo.call("GET", "/store").error
    assert status == 401


def test_header_names_may_be_written_in_any_case(demo: Caller) -> None:
    headers = {"authorization": f"bearer {demo.token}", "x-cafe24-api-version": "2019-01-01"}
    assert demo.send("GET", f"{ADMIN}/store", headers=headers).error[1].startswith("2019-01-01 version")


def test_9_a_missing_scope_is_a_403_that_says_so_and_the_other_scopes_go_on(demo: Caller) -> None:
    scopes = [scope for scope in OMS_SCOPES if scope != "mall.read_collection"]
    demo.token = demo.server.grant(scopes)["access_token"]
    status, message = demo.call("GET", "/brands").error
    assert status == 403
    assert "insufficient_scope" in message
    assert demo.call("GET", "/products").status == 200


def test_a_write_needs_the_write_scope(demo: Caller) -> None:
    demo.token = demo.server.grant(["mall.read_product"])["access_token"]
    before = demo.mall.products[11].price()
    assert demo.put("/products/11", {"price": "1.00"}).status == 403
    assert demo.mall.products[11].price() == before


def test_a_path_nobody_knows_is_a_404_in_the_nested_shape(demo: Caller) -> None:
    assert demo.call("GET", "/productz").error == (404, "No API found.")
    assert demo.call("DELETE", "/products").error == (404, "No API found.")


@pytest.mark.parametrize("body", [{"shop_no": 1}, {}, {"request": None}, {"request": []}])
def test_a_write_without_request_is_refused_in_the_known_words(demo: Caller, body: dict[str, object]) -> None:
    assert demo.call("PUT", "/products/11", body).error == (400, "Please enter the Request parameter.")


def test_a_bulk_write_without_requests_is_refused_in_the_known_words(demo: Caller) -> None:
    assert demo.call("PUT", "/products/11/variants", {"shop_no": 1}).error == (
        400,
        "Please enter the Request parameter.",
    )


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"text"', b"product_name=x"])
def test_a_body_that_is_no_json_object_is_a_400(demo: Caller, content: bytes) -> None:
    assert demo.send("PUT", f"{ADMIN}/products/11", content, bearer(demo)).error[0] == 400


def test_a_body_must_say_that_it_is_json(demo: Caller) -> None:
    headers = bearer(demo) | {"Content-Type": "text/plain"}
    content = json.dumps({"request": {"price": "1.00"}}).encode()
    assert demo.send("PUT", f"{ADMIN}/products/11", content, headers).error[0] == 400


def test_55_an_unencoded_korean_url_is_a_400_and_the_encoded_one_is_understood(demo: Caller) -> None:
    host, _, port = demo.server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        asked = f"GET {ADMIN}/products/count?product_name=린넨 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        line.sendall(f"{asked}Authorization: Bearer {demo.token}\r\n\r\n".encode())
        assert line.makefile("rb").readline() == b"HTTP/1.1 400 Bad Request\r\n"
    assert demo.get("/products/count", product_name="린넨") == {"count": 1}


def test_55_a_blank_in_a_query_is_percent_twenty_and_a_plus_is_a_plus(demo: Caller) -> None:
    demo.mall.add_product("A+B", "1000")
    path = f"{ADMIN}/products/count?product_name="
    assert demo.send("GET", path + "MAC%20BOOK", headers=bearer(demo)).json == {"count": 0}
    assert demo.send("GET", path + quote("캔버스 에코백"), headers=bearer(demo)).json == {"count": 1}
    assert demo.send("GET", path + "A+B", headers=bearer(demo)).json == {"count": 1}


def test_fields_cut_the_rows_of_a_list_and_keep_what_is_embedded(demo: Caller) -> None:
    rows = demo.get("/products", fields="product_no,price", embed="variants", since_product_no=0, limit=1)
    assert [set(row) for row in rows["products"]] == [{"product_no", "price", "variants"}]


def test_fields_in_a_body_cut_the_answer(demo: Caller) -> None:
    reply = demo.call("PUT", "/products/11", {"request": {"price": "5000"}, "fields": "product_no,price"})
    assert reply.json == {"product": {"product_no": 11, "price": "5000.00"}}


def test_path_parameters_repeated_in_the_request_are_harmless(demo: Caller) -> None:
    assert demo.put("/products/11", {"product_no": 11, "shop_no": 1, "price": "5000"}).status == 200


def test_a_shop_that_is_not_there_is_refused_by_its_parameter(demo: Caller) -> None:
    assert demo.call("GET", "/products", shop_no=7).error == (422, "There is no such shop. (parameter.shop_no)")


def test_58_two_shops_share_numbers_and_stock_and_differ_in_currency_name_and_price(two_shops: Caller) -> None:
    first, second = (two_shops.get("/products/11", shop_no=shop_no, embed="variants")["product"] for shop_no in (1, 2))
    assert (first["product_name"], first["price"], first["shop_no"]) == ("HTC 터치 HD 스마트폰", "130000.00", 1)
    assert (second["product_name"], second["price"], second["shop_no"]) == ("HTC Touch HD", "100.00", 2)
    assert first["product_code"] == second["product_code"]
    assert second["variants"][0]["quantity"] == first["variants"][0]["quantity"] == 20
    currencies = [(row["shop_no"], row["default"], row["currency_code"]) for row in two_shops.get("/shops")["shops"]]
    assert currencies == [(1, "T", "KRW"), (2, "F", "USD")]


def test_58_a_price_written_for_the_second_shop_leaves_the_first_as_it_is(two_shops: Caller) -> None:
    reply = two_shops.call("PUT", "/products/11", {"shop_no": 2, "request": {"price": "88.5"}})
    assert reply.json["product"]["price"] == "88.50"
    assert two_shops.get("/products/11")["product"]["price"] == "130000.00"
    assert two_shops.get("/products/11", shop_no=2)["product"]["price"] == "88.50"


def test_33_amounts_may_come_as_numbers(demo: Caller) -> None:
    demo.mall.settings.plain_numbers = True
    product = demo.get("/products/11")["product"]
    assert (product["price"], product["retail_price"], product["product_weight"]) == (130000, 0, 1)
    assert product["tax_rate"] == 10


@pytest.mark.parametrize(("nothing", "code", "content"), [("null", None, None), ("text", "", ""), ("", "", None)])
def test_35_nothing_comes_as_null_or_as_an_empty_text(
    demo: Caller, nothing: str, code: object, content: object
) -> None:
    demo.mall.settings.nothing_is = nothing
    product = demo.get("/products/25")["product"]
    assert (product["custom_product_code"], product["price_content"]) == (code, content)


def test_57_every_object_may_carry_a_key_nobody_knows(demo: Caller) -> None:
    demo.mall.settings.unknown_keys = True
    row = demo.get("/products", product_no=13, embed="variants")["products"][0]
    assert "added_by_a_newer_version" in row
    assert "added_by_a_newer_version" in row["variants"][0]["options"][0]
    assert row["price"] == "136500.00"
