"""The malls that can be had, and the command that runs one."""

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

from entrepot.connectors.cafe24.simulator import Mall, Shop, SimulatorServer, keeping
from entrepot.connectors.cafe24.simulator.__main__ import open_mall, parser
from entrepot.connectors.cafe24.simulator.catalogue import all_routes
from entrepot.connectors.cafe24.simulator.gate import ROUTER
from tests.connectors.cafe24.simulator.core_rig import Caller

DEMO_SHOP = "entrepot.connectors.opencart.simulator.demo"


def test_half_of_the_demo_malls_products_share_their_sku_with_the_opencart_demo_shop() -> None:
    facts = json.loads(resources.files(DEMO_SHOP).joinpath("catalog.json").read_text("utf-8"))
    theirs = {row["sku"] for row in facts["products"] if row["sku"]}
    codes = {product.row["custom_product_code"] for product in Mall.demo().products.values()}
    assert len(codes & theirs) == 12
    assert len(Mall.demo().products) == 21


def test_the_demo_mall_holds_every_trap_of_the_catalogue() -> None:
    mall = Mall.demo()
    variants = [variant for product in mall.products.values() for variant in product.variants]
    codes = [variant.custom_variant_code for variant in variants if variant.custom_variant_code]
    assert len(codes) > len(set(codes))
    assert any(product.row["custom_product_code"] == "" for product in mall.products.values())
    assert any(variant.use_inventory == "F" for variant in variants)
    assert any(variant.display_soldout == "F" and variant.quantity < 0 for variant in variants)
    assert any(variant.inventory_control_type == "B" for variant in variants)
    assert any(product.bundle for product in mall.products.values())
    assert any(len(product.variants) == 9 for product in mall.products.values())
    parts = [part["variant_code"] for product in mall.products.values() for part in product.bundle]
    assert [mall.find_variant(code)[0].product_no for code in parts] == [26, 29]


def test_the_demo_mall_is_the_same_every_time() -> None:
    first, second = Mall.demo(), Mall.demo()
    assert [(p.row["product_code"], p.price()) for p in first.products.values()] == [
        (p.row["product_code"], p.price()) for p in second.products.values()
    ]


def test_a_generated_mall_of_ten_thousand_variants_is_there_in_seconds() -> None:
    began = time.perf_counter()
    mall = Mall.generated("2500x4")
    assert time.perf_counter() - began < 8
    assert len(mall.products) == 2500
    assert mall.find_variant("P0000DSE000D")[1].custom_variant_code == "GEN-002500-4"


def test_a_generated_mall_without_options_has_single_products() -> None:
    mall = Mall.generated("3x1")
    assert [(product.option, len(product.variants)) for product in mall.products.values()] == [(None, 1)] * 3


def test_an_empty_mall_has_carriers_and_default_master_data_only() -> None:
    mall = Mall.empty(mall_id="other", shops=(Shop(1, "하나", default="T"), Shop(2, "둘", "USD")))
    assert (mall.products, mall.categories, len(mall.carriers)) == ({}, {}, 5)
    assert sorted(mall.shops) == [1, 2]


def test_no_two_routes_answer_the_same_call() -> None:
    calls = [(route.method, re.sub(r"\{[^}]*\}", "{}", route.pattern)) for route in ROUTER.routes]
    assert sorted(calls) == sorted(set(calls))
    assert {route.scope.partition("_")[0] for route in all_routes.ROUTES} == {"read", "write"}
    assert all(route.scope.startswith("write" if route.write else "read") for route in ROUTER.routes)


def test_the_command_line_says_which_mall_is_opened() -> None:
    options = parser().parse_args(["--catalogue", "generated:4x2", "--mall-id", "shopa", "--second-shop"])
    mall = open_mall(options)
    assert (mall.mall_id, len(mall.products)) == ("shopa", 4)
    assert mall.shops[2].currency_code == "USD"


def test_the_command_serves_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "entrepot.connectors.cafe24.simulator", "--port", "0", "--catalogue", "empty"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
        connection.request("POST", "/_control/grant", b"{}")
        assert json.load(connection.getresponse())["result"]["mall_id"] == "sodammall"
        connection.close()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        process.stdout.close()


def test_a_mall_goes_on_from_its_file_with_its_orders_numbers_stock_and_tokens(tmp_path: Path) -> None:
    shops = (Shop(1, "하나", default="T"), Shop(2, "둘", "USD", "en_US", "US"))
    file = tmp_path / "mall.state"
    with SimulatorServer(Mall.demo(orders=60, shops=shops)) as first:
        pair = first.grant()
        first.mall.set_stock("P000000L000A", 7)
        first.mall.delete_product(31)
        first.mall.settings.use_product_prepare_status = False
        keeping.write(first, file)
    kept = keeping.read(file)
    with SimulatorServer(keeping.mall_of(kept)) as second:
        keeping.give_back(second, kept)
        assert second.mall.orders.rows == first.mall.orders.rows
        assert second.mall.orders.claims == first.mall.orders.claims
        assert second.mall.products == first.mall.products
        assert (second.mall.shops, second.mall.settings) == (first.mall.shops, first.mall.settings)
        caller = Caller(second, token=pair["access_token"])
        assert caller.get("/products/11", embed="variants")["product"]["variants"][0]["quantity"] == 7
        assert caller.refresh(pair["refresh_token"]).status == 200
        assert second.mall.add_product("다음 상품") == 32
    assert (file.stat().st_mode & 0o777) == 0o600


def test_the_command_keeps_its_mall_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mall.state"
    options = ["--port", "0", "--catalogue", "empty", "--state", str(file)]
    command = [sys.executable, "-m", "entrepot.connectors.cafe24.simulator", *options]
    for expected in (24, 25):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
            connection.request("POST", "/_control/grant", b"{}")
            token = json.load(connection.getresponse())["result"]["access_token"]
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            body = json.dumps({"request": {"category_name": "새 분류"}}).encode()
            connection.request("POST", "/api/v2/admin/categories", body, headers)
            assert json.load(connection.getresponse())["category"]["category_no"] == expected
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            process.stdout.close()
