"""Reading a mall's catalogue over HTTP, and what it costs in calls. Case numbers are those of the reference, §9."""

import time
from collections.abc import Iterator

import pytest

from entrepot.connectors.cafe24 import errors
from entrepot.connectors.cafe24.scopes import PERMISSIONS
from entrepot.connectors.cafe24.simulator import Mall, Shop, SimulatorServer
from entrepot.connectors.contract import BadItem, ListingDraft
from tests.connectors.cafe24.scripted import error, good, refused
from tests.connectors.cafe24.stand import calls


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(Mall.demo(orders=0)) as running:
        running.bucket.enforced = False
        yield running


def everything(connector, cursor=None):
    return [product for page in connector.products.pages(cursor) for product in page.products]


# --------------------------------------------------------------------------- who the mall is


def test_the_connection_test_tells_mall_and_shop(server, opened):
    info = opened(server).shop.info()
    assert (info.identity, info.name, info.url) == ("sodammall/1", "소담상점", "https://sodammall.cafe24.com/")
    assert (info.currency, info.timezone, info.clock_offset_seconds, info.language) == (
        "KRW",
        "Asia/Seoul",
        32400,
        "ko_KR",
    )
    assert (info.version, info.counts, info.notes) == ("2025-03-01", {"products": 21}, ())
    assert sum(calls(server).values()) == 4


def test_permissions_that_were_not_granted_are_named(server, opened):
    granted = [name for name in PERMISSIONS if name != "mall.read_shipping"]
    [note] = opened(server, scopes=granted).shop.info().notes
    assert note.startswith("The app has not all the permissions that are needed; missing: mall.read_shipping. Add them")


def test_every_status_has_its_meaning_and_both_names(server, opened):
    statuses = {status.remote_id: status for status in opened(server).shop.info().statuses}
    assert all(status.fixed and status.suggested for status in statuses.values())
    assert statuses["N20"].names == {"en": "Preparing for shipment", "ko": "배송준비중"}
    meanings = {code: status.suggested for code, status in statuses.items()}
    assert meanings["N00"] == "unpaid"
    assert {meanings[code] for code in ("N10", "N20")} == {"new"}
    assert (meanings["N21"], meanings["N22"], meanings["N30"]) == ("processed", "held", "in_transit")
    assert {meanings[code] for code in ("N40", "N50")} == {"complete"}
    assert {meanings[code] for code in ("C00", "C10", "C34", "C35", "C36")} == {"cancel_asked"}
    assert {meanings[code] for code in ("C40", "C41", "C42", "C43")} == {"canceled"}
    assert {meanings[code] for code in ("C47", "C48", "C49")} == {"unpaid_canceled"}
    returning = ("R00", "R10", "R12", "R13", "R20", "R30", "R31", "R34", "R36")
    assert {meanings[code] for code in returning} == {"return_asked"}
    assert {meanings[code] for code in ("R40", "R41", "R42", "R43")} == {"returned"}
    assert not any(code.startswith("E") for code in statuses)
    assert {code for code, status in statuses.items() if not status.takes_stock} == {
        *("C40", "C41", "C42", "C43", "C47", "C48", "C49", "R40", "R41", "R42", "R43")
    }


# case 58
def test_the_second_shop_of_a_mall_is_a_store_of_its_own(opened):
    shops = (Shop(1, "소담상점", default="T"), Shop(2, "Sodam Global", "USD", "en_US", "US"))
    with SimulatorServer(Mall.demo(orders=0, shops=shops)) as server:
        info = opened(server, "2").shop.info()
        assert (info.identity, info.name, info.currency) == ("sodammall/2", "Sodam Global", "USD")
        assert info.notes[0].startswith("The mall has several shops.")
        assert {product.currency for product in everything(opened(server, "2"))} == {"USD"}
        said = refused(opened(server, "7").shop.info, errors.ShopUnknown)
        assert said == "The mall sodammall has no shop with the number 7. Enter one of these: 1, 2."


def test_a_mall_id_that_nobody_has_is_said_as_such(mall):
    refused(mall.connector().shop.info, errors.MallUnknown)


def test_a_mall_that_calls_itself_otherwise_is_not_taken_for_ours(mall):
    mall.on("GET", "shops", SHOPS)
    mall.on("GET", "store", good({"store": {"mall_id": "othermall"}}))
    refused(mall.connector().shop.info, errors.MallUnknown)


# --------------------------------------------------------------------------- products


def test_the_whole_catalogue_costs_one_call_a_page_and_one_a_category(server, opened):
    connector = opened(server)
    connector.shop.info()
    categories = [row.remote_id for row in connector.products.categories()]
    found = everything(connector)
    assert len(found) == 21
    assert calls(server) == {
        "GET /store": 1,
        "GET /shops": 1,
        "GET /orders/setting": 1,
        "GET /products/count": 1,
        "GET /categories": 1,
        "GET /categories/{category_no}/products": len(categories),
        "GET /products": 1,
    }
    assert {product.remote_id: product.category_ids for product in found}["24"] == ("32",)


# case 41
def test_pages_ascend_go_on_from_any_cursor_and_miss_nothing_that_is_edited_meanwhile(opened):
    with SimulatorServer(Mall.generated("250x2")) as server:
        server.bucket.enforced = False
        connector = opened(server)
        seen = []
        for page in connector.products.pages():
            seen.append(page)
            server.mall.edit_product(int(page.products[0].remote_id), price="777.00")
        ids = [product.remote_id for page in seen for product in page.products]
        assert [len(page.products) for page in seen] == [100, 100, 50]
        assert ids == sorted(set(ids), key=int)
        assert [page.next for page in seen] == [seen[0].products[-1].remote_id, seen[1].products[-1].remote_id, None]
        assert [product.remote_id for product in everything(connector, seen[0].next)] == ids[100:]


def test_a_smaller_page_may_be_chosen_and_never_a_larger_one(server, opened):
    assert [len(page.products) for page in opened(server, settings={"page_size": 9}).products.pages()] == [9, 9, 3]
    assert [len(page.products) for page in opened(server, settings={"page_size": 500}).products.pages()] == [21]


# case 39
def test_a_product_with_more_than_a_hundred_variants_is_read_whole(server, opened):
    sizes = {"색상": [f"색{n}" for n in range(13)], "사이즈": [f"S{n}" for n in range(8)]}
    added = server.mall.add_product("많은 셔츠", "49000", options=sizes, quantity=5)
    number = str(getattr(added, "product_no", added))
    connector = opened(server)
    [product] = [one for one in everything(connector) if one.remote_id == number]
    assert (len(product.variations), {one.quantity for one in product.variations}) == (104, {5})
    assert calls(server)["GET /products/{product_no}/variants"] == 1
    assert len(list(connector.stock.seen([number]))) == 104
    assert len(connector.products.fetch([number]).products[0].variations) == 104


def test_ten_thousand_variations_are_read_within_ten_seconds(opened):
    with SimulatorServer(Mall.generated("2500x4")) as server:
        server.bucket.enforced = False
        connector = opened(server)
        began = time.monotonic()
        assert sum(len(product.variations) for product in everything(connector)) == 10_000
        assert time.monotonic() - began < 10
        assert calls(server)["GET /products"] == 26


def test_products_by_number_are_those_of_the_pages_and_others_are_absent(server, opened):
    connector = opened(server)
    shown = {product.remote_id: product for product in everything(connector)}
    few = connector.products.fetch(["26", "987654", "x", "24", "26"]).products
    assert [product.remote_id for product in few] == ["26", "24"]
    many = connector.products.fetch(list(shown)).products
    assert {product.remote_id: product for product in [*few, *many]} == shown


def test_a_product_asked_for_alone_tells_its_categories_without_another_call(server, opened):
    [product] = opened(server).products.fetch(["24"]).products
    assert product.category_ids == ("32",)
    asked = calls(server)
    asked.pop("GET /shops")
    assert asked == {"GET /products/{product_no}": 1}


def test_the_fields_every_product_has_are_its_attributes(server, opened):
    assert [(one.remote_id, one.name) for one in opened(server).products.attributes()] == [
        ("product_material", "소재"),
        ("summary_description", "상품요약설명"),
        ("hscode", "HS코드"),
    ]


def test_a_product_read_by_itself_tells_its_words_and_in_a_page_all_but_its_description(server, opened):
    products = opened(server).products
    [alone] = products.fetch(["13"]).products
    listed = next(row for page in products.pages() for row in page.products if row.remote_id == "13")
    assert alone.description == f"<p>{alone.name}</p>"
    assert listed.description is None
    assert [image.rpartition("/")[2] for image in alone.images] == [
        alone.image_url.rpartition("/")[2],
        alone.image_url.rpartition("/")[2].replace(".jpg", "-2.jpg"),
    ]
    assert (listed.images, listed.attributes) == (alone.images, alone.attributes)


def test_brands_are_all_but_the_one_that_means_none(server, opened):
    codes = [brand.remote_id for brand in opened(server).products.brands()]
    assert len(codes) == len(set(codes)) > 3
    assert "B0000000" not in codes


# --------------------------------------------------------------------------- malls that answer oddly

SHOPS = good({"shops": [{"shop_no": 1, "currency_code": "KRW", "active": "T"}]})


def row(number, **changes):
    variant = {"variant_code": f"P{number:07}000A", "custom_variant_code": f"SKU-{number}", "quantity": 1}
    return {"product_no": number, "product_name": "컵", "price": "5.00", "variants": [variant]} | changes


def test_a_bad_row_is_reported_and_the_pages_go_on_behind_it(mall):
    first = [row(number) for number in range(1, 100)] + [row(100, variants=[{"quantity": 1}])]
    mall.on("GET", "shops", SHOPS)
    mall.on("GET", "categories", good({"categories": []}))
    mall.on("GET", "products", good({"products": first}), good({"products": [row(101)]}))
    pages = list(mall.connector().products.pages())
    assert [(len(page.products), page.next) for page in pages] == [(99, "100"), (1, None)]
    [bad] = pages[0].bad
    assert isinstance(bad, BadItem)
    assert (bad.remote_id, bad.code) == ("100", "bad_row")
    assert "since_product_no=100" in mall.calls("GET", "products?")[1]


def test_a_mall_whose_pages_do_not_move_on_is_not_asked_for_ever(mall):
    mall.on("GET", "shops", SHOPS)
    mall.on("GET", "categories", good({"categories": []}))
    mall.on("GET", "products", good({"products": [row(1)] * 100}))
    refused(lambda: list(mall.connector().products.pages()), errors.WrongShape)
    assert len(mall.calls("GET", "products?")) == 2


def test_what_is_deleted_while_it_is_read_is_left_out(mall):
    mall.on("GET", "shops", SHOPS)
    mall.on("GET", "categories", good({"categories": [{"category_no": 5, "category_name": "컵"}]}))
    mall.on("GET", "categories/5/products", error(404, "No API found."))
    mall.on("GET", "products", good({"products": [row(1, variants=None), row(2)]}))
    mall.on("GET", "products/1/variants", error(404, "No API found."))
    [page] = mall.connector().products.pages()
    assert [product.remote_id for product in page.products] == ["2"]


def test_variants_that_do_not_come_with_the_product_are_asked_for(mall):
    mall.on("GET", "shops", SHOPS)
    mall.on("GET", "categories", good({"categories": []}))
    mall.on("GET", "products", good({"products": [row(1, variants="")]}))
    mall.on("GET", "products/1/variants", good({"variants": row(1)["variants"]}))
    [page] = mall.connector().products.pages()
    assert [(product.sku, product.quantity) for product in page.products] == [("SKU-1", 1)]


def test_one_odd_product_stops_neither_its_page_nor_the_store(mall):
    mall.on("GET", "shops", SHOPS)
    mall.on("GET", "categories", good({"categories": []}))
    mall.on("GET", "products", good({"products": [row(1, variants=[])]}))
    mall.on("GET", "products/1/variants", good({"variants": [{"quantity": 3}, {"variant_code": "P1000A"}]}))
    mall.on("GET", "products/2", good({"product": {"product_no": 2, "variants": [{"quantity": 3}]}}))
    connector = mall.connector()
    [page] = connector.products.pages()
    assert [product.model for product in page.products] == ["P1000A"]
    draft = ListingDraft(key="k", name="a")
    said = refused(lambda: connector.listings.update("2", draft), errors.RefusedByMall)
    assert said == "The mall refused product 2. What the mall shows of it cannot be read. Correct it and try again."


def test_more_than_a_page_of_categories_is_read_on(mall):
    rows = [{"category_no": number, "category_name": f"c{number}"} for number in range(2, 105)]
    mall.on("GET", "categories", good({"categories": rows[:100]}), good({"categories": rows[100:]}))
    assert len(list(mall.connector().products.categories())) == 103
    assert mall.calls() == ["GET categories?limit=100&offset=0", "GET categories?limit=100&offset=100"]


# case 14
def test_a_list_is_not_asked_for_beyond_what_the_mall_gives(mall):
    mall.on("GET", "brands", good({"brands": [{"brand_code": "B000000A", "brand_name": "b"}] * 100}))
    assert len(list(mall.connector().products.brands())) == 8100
    assert mall.calls()[-1] == "GET brands?limit=100&offset=8000"


# case 9
def test_a_missing_permission_for_one_list_is_named_and_stops_only_that_list(mall):
    mall.on("GET", "brands", error(403, "insufficient_scope"))
    mall.on("GET", "categories", good({"categories": []}))
    connector = mall.connector()
    assert "mall.read_collection" in refused(lambda: list(connector.products.brands()), errors.ScopeMissing)
    assert list(connector.products.categories()) == []
