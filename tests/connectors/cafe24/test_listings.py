"""Making, changing, showing, hiding and removing products in a mall. Case numbers are those of the reference, §9."""

import base64
import dataclasses
from collections.abc import Iterator
from decimal import Decimal

import pytest

from entrepot.connectors.cafe24 import errors
from entrepot.connectors.cafe24.scopes import PERMISSIONS
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.connectors.contract import ListingDraft, StockLevel, VariationDraft
from tests.connectors.cafe24.scripted import Journal, Reply, error, good, page, refused
from tests.connectors.cafe24.stand import calls

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DATA = "data:image/png;base64," + base64.b64encode(PIXEL).decode()


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(Mall.demo(orders=0)) as running:
        running.bucket.enforced = False
        yield running


def cup(**changes):
    given = {
        "key": "key-of-the-cup",
        "name": "물결 컵",
        "model": "CUP-WAVE",
        "sku": "CUP-WAVE",
        "description": "<p>손으로 빚은 컵</p>",
        "price": Decimal(12000),
        "retail_price": Decimal(15000),
        "quantity": 7,
        "active": True,
        "brand": "소담",
        "category_ids": ["35"],
    }
    return ListingDraft(**(given | changes))


def variation(colour, size, sku, amount, quantity):
    return VariationDraft(
        options=[("색상", colour), ("사이즈", size)], sku=sku, price=Decimal(amount), quantity=quantity
    )


def shirt(**changes):
    given = {
        "key": "key-of-the-shirt",
        "name": "들꽃 셔츠",
        "model": "SH-FLOWER",
        "price": Decimal(30000),
        "active": True,
        "variations": [variation("빨강", "M", "SH-R-M", 30000, 3), variation("파랑", "L", "SH-B-L", 32000, 4)],
    }
    return ListingDraft(**(given | changes))


# --------------------------------------------------------------------------- a new product


def test_a_single_product_is_made_whole_and_shown_only_when_its_stock_is_set(server, opened):
    connector = opened(server)
    made = connector.listings.create(cup())
    assert (made.name, made.sku, made.price, made.retail_price) == (
        "물결 컵",
        "CUP-WAVE",
        Decimal(12000),
        Decimal(15000),
    )
    assert (made.quantity, made.active, made.category_ids, made.brand_id) == (7, True, ("35",), "B000000A")
    assert made.findings == ()
    assert calls(server) == {
        "GET /products": 1,
        "GET /brands": 1,
        "POST /products": 1,
        "PUT /products/{product_no}/variants/{variant_code}": 1,
        "PUT /products/{product_no}": 1,
        "GET /products/{product_no}": 1,
        "GET /shops": 1,
    }


def test_a_product_with_options_carries_each_variation_and_shuts_what_nobody_asked_for(server, opened):
    connector = opened(server)
    made = connector.listings.create(shirt())
    assert [(one.options, one.sku, one.price, one.quantity) for one in made.variations] == [
        ((("색상", "빨강"), ("사이즈", "M")), "SH-R-M", Decimal(30000), 3),
        ((("색상", "파랑"), ("사이즈", "L")), "SH-B-L", Decimal(32000), 4),
    ]
    assert made.active
    variants = server.mall.products[int(made.remote_id)].variants
    shut = [one for one in variants if one.custom_variant_code not in {"SH-R-M", "SH-B-L"}]
    assert [(one.display, one.selling, one.use_inventory, one.quantity) for one in shut] == [("F", "F", "T", 0)] * 2
    assert {row.variation_key for row in connector.stock.seen([made.remote_id])} == {one.key for one in made.variations}


def test_choices_of_one_axis_after_the_other_make_every_combination(server, opened):
    colours = ("흰색", 5, Decimal(12000)), ("검정", 2, Decimal(12500))
    axes = [("색상", colours), ("각인", (("없음", 9, Decimal(12000)),))]
    made = opened(server).listings.create(cup(sku=None, quantity=None, retail_price=None, options=axes))
    assert [(dict(one.options)["색상"], one.price, one.quantity) for one in made.variations] == [
        ("흰색", Decimal(12000), 5),
        ("검정", Decimal(12500), 2),
    ]


def test_what_we_made_is_sold_out_at_zero_and_what_was_there_stays_as_it_is(server, opened):
    journal = Journal()
    connector = opened(server, journal=journal)
    for draft in (cup(), shirt()):
        made = connector.listings.create(draft)
        told = [call.request_body for call in journal.calls if call.method == "PUT" and "/variants" in call.url]
        assert [b'"display_soldout":"T"' in body for body in told] == [True]
        journal.calls.clear()
        connector.listings.update(made.remote_id, dataclasses.replace(draft, quantity=draft.quantity and 1))
        assert not any(b"display_soldout" in call.request_body for call in journal.calls)
        journal.calls.clear()


def test_a_repeat_answers_the_first_product_and_makes_no_second(server, opened):
    connector = opened(server)
    for draft in (cup(), shirt()):
        first = connector.listings.create(draft)
        count = len(server.mall.products)
        again = connector.listings.create(draft)
        assert again == first
        assert len(server.mall.products) == count


def test_after_a_lost_answer_the_repeat_finishes_the_product_that_was_begun(server, opened):
    for draft in (cup(), shirt()):
        connector = opened(server)
        count = len(server.mall.products)
        server.faults.add("late", resource="POST /products")
        refused(lambda connector=connector, draft=draft: connector.listings.create(draft), errors.MallTooSlow)
        assert len(server.mall.products) == count + 1
        made = connector.listings.create(draft)
        assert len(server.mall.products) == count + 1
        assert made.active
        assert made.quantity == draft.quantity
        if draft.variations:
            assert [(one.sku, one.quantity) for one in made.variations] == [("SH-R-M", 3), ("SH-B-L", 4)]


def test_a_product_that_stops_halfway_is_hidden(server, opened):
    connector = opened(server)
    server.faults.add("late", resource="PUT variants")
    refused(lambda: connector.listings.create(cup()), errors.MallTooSlow)
    [made] = [one for one in server.mall.products.values() if one.row["custom_product_code"] == "CUP-WAVE"]
    assert (made.row["display"], made.row["selling"]) == ("F", "F")


def test_a_draft_without_any_code_is_found_again_by_its_key(server, opened):
    connector = opened(server)
    draft = cup(sku=None, model=None)
    assert connector.listings.create(draft).remote_id == connector.listings.create(draft).remote_id
    assert connector.listings.create(draft).sku == "key-of-the-cup"


def test_another_products_longer_code_is_not_taken_for_ours(mall):
    mall.on("GET", "products", good({"products": [{"product_no": 4, "custom_product_code": "CUP-WAVE-2"}]}))
    mall.on("POST", "products", error(422, "Enough for this test."))
    refused(lambda: mall.connector().listings.create(cup(brand=None)), errors.RefusedByMall)
    assert mall.calls("GET") == ["GET products?custom_product_code=CUP-WAVE&limit=100"]


def test_a_hidden_product_stays_hidden(server, opened):
    made = opened(server).listings.create(cup(active=False))
    assert (made.active, made.quantity) == (False, 7)


def test_a_brand_that_the_mall_does_not_have_is_left_out_and_noted(server, opened):
    made = opened(server, scopes=PERMISSIONS).listings.create(cup(brand="들판"))
    assert (made.brand_id, made.findings) == (None, ("brand_unknown",))
    assert "POST /brands" not in calls(server)


def test_a_brand_is_made_where_we_may_make_one(server, opened):
    connector = opened(server)
    made = [connector.listings.create(cup(sku=sku, brand="들판")) for sku in ("A-1", "A-2")]
    brands = {brand.remote_id: brand.name for brand in connector.products.brands()}
    assert [(brands[one.brand_id], one.findings) for one in made] == [("들판", ())] * 2
    assert calls(server)["POST /brands"] == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "The mall refused the name. A product needs a name."),
        ({"price": None}, "The mall refused the price. A product needs a price."),
        ({"sku": "S" * 41}, f"The mall refused SKU. “{'S' * 41}” is longer than the 40 characters that fit there."),
        ({"variations": [variation("흰색", "M", "V" * 41, 1, 1)]}, f"The mall refused SKU. “{'V' * 41}” is longer"),
        ({"category_ids": ["tea"]}, "The mall refused the category. “tea” is not the number of a category."),
    ],
)
def test_a_draft_that_cannot_be_a_product_is_refused_before_it_is_sent(server, opened, changes, words):
    connector = opened(server)
    assert refused(lambda: connector.listings.create(cup(**changes)), errors.RefusedByMall).startswith(words)
    assert len(server.mall.products) == 21


# case 59
def test_a_field_the_mall_refuses_is_named(server, opened):
    connector = opened(server)
    said = refused(lambda: connector.listings.create(cup(name="가" * 300)), errors.RefusedByMall)
    assert "product_name" in said
    assert len(server.mall.products) == 21


# --------------------------------------------------------------------------- changing one


def test_only_what_differs_is_written(server, opened):
    connector = opened(server)
    made = connector.listings.create(cup())
    calls(server)
    same = connector.listings.update(made.remote_id, cup(key="k"))
    assert same == made
    assert calls(server) == {"GET /products/{product_no}": 2}
    renamed = connector.listings.update(made.remote_id, ListingDraft(key="k", name="새 컵", quantity=2))
    assert (renamed.name, renamed.quantity, renamed.price) == ("새 컵", 2, Decimal(12000))
    assert calls(server) == {
        "GET /products/{product_no}": 2,
        "PUT /products/{product_no}": 1,
        "PUT /products/{product_no}/variants/{variant_code}": 1,
    }


def test_categories_are_joined_and_left(server, opened):
    connector = opened(server)
    made = connector.listings.create(cup(category_ids=["33", "35"]))
    moved = connector.listings.update(made.remote_id, ListingDraft(key="k", category_ids=["35", "34"]))
    assert set(moved.category_ids) == {"34", "35"}


def test_a_price_without_its_regular_price_takes_that_away(server, opened):
    connector = opened(server)
    made = connector.listings.create(cup())
    changed = connector.listings.update(made.remote_id, ListingDraft(key="k", price=Decimal(9000)))
    assert (changed.price, changed.retail_price) == (Decimal(9000), None)


# case 60
def test_other_options_bring_new_variants_whose_codes_are_read_anew(server, opened):
    connector = opened(server)
    made = connector.listings.create(shirt())
    wanted = [VariationDraft(options=[("색상", "초록")], sku="SH-G", price=Decimal(31000), quantity=9)]
    changed = connector.listings.update(made.remote_id, ListingDraft(key="k", variations=wanted))
    assert [(one.sku, one.price, one.quantity) for one in changed.variations] == [("SH-G", Decimal(31000), 9)]
    assert changed.active
    assert not {one.key for one in changed.variations} & {one.key for one in made.variations}
    [answer] = connector.stock.push(
        [StockLevel(remote_id=made.remote_id, variation_key=changed.variations[0].key, quantity=1)]
    )
    assert (answer.outcome, answer.seen) == ("accepted", 1)


# case 60
def test_a_single_product_that_gets_options_is_no_longer_pushed_as_a_single_one(server, opened):
    connector = opened(server)
    made = connector.listings.create(cup())
    wanted = [VariationDraft(options=[("색상", "초록")], sku="CUP-G", price=Decimal(12000), quantity=9)]
    connector.listings.update(made.remote_id, ListingDraft(key="k", variations=wanted))
    [answer] = connector.stock.push([StockLevel(remote_id=made.remote_id, variation_key="", quantity=1)])
    assert (answer.outcome, answer.code) == ("refused", "cafe24_has_options")


def test_a_product_that_is_gone_cannot_be_changed(server, opened):
    connector = opened(server)
    for remote_id in ("987654", "x"):
        said = refused(
            lambda remote_id=remote_id: connector.listings.update(remote_id, ListingDraft(key="k", name="a")),
            errors.GoneFromMall,
        )
        assert f"product {remote_id}" in said


def test_products_are_shown_hidden_and_removed_one_by_one(server, opened):
    connector = opened(server)
    hidden = connector.listings.set_active(["11", "987654", "x", "12"], active=False)
    assert [answer.outcome for answer in hidden] == ["accepted", "missing", "missing", "accepted"]
    assert [row.active for row in connector.products.fetch(["11", "12", "13"]).products] == [False, False, True]
    connector.listings.set_active(["11"], active=True)
    assert connector.products.fetch(["11"]).products[0].active
    assert [answer.outcome for answer in connector.listings.delete(["12", "12", "x"])] == [
        "accepted",
        "missing",
        "missing",
    ]
    assert connector.products.fetch(["12"]).products == []


def test_what_the_mall_says_to_hiding_is_told(mall):
    mall.on("PUT", "products/5", error(422, "It is sold in a market. (parameter.display)"), error(409, "Same"))
    connector = mall.connector()
    [answer] = connector.listings.set_active(["5"], active=False)
    assert (answer.outcome, answer.code, answer.reason) == (
        "refused",
        "cafe24_refused",
        "It said: “It is sold in a market.”",
    )
    [answer] = connector.listings.set_active(["5"], active=False)
    assert answer.outcome == "accepted"


# --------------------------------------------------------------------------- images


def test_the_first_image_is_the_main_one_and_the_others_stand_beside(server, opened, mall):
    mall.on("GET", "/a.png", Reply(200, PIXEL, content_type="image/png"))
    connector = opened(server)
    made = connector.listings.create(cup(images=[f"{mall.base}/a.png", DATA, DATA]))
    assert "/web/product/big/" in made.image_url
    assert len(server.mall.products[int(made.remote_id)].additional_images) == 2
    [asked] = mall.asked
    assert "Authorization" not in asked.headers
    fewer = connector.listings.update(made.remote_id, ListingDraft(key="k", images=[made.image_url]))
    assert fewer.image_url == made.image_url
    assert server.mall.products[int(made.remote_id)].additional_images == []


def test_an_image_of_the_mall_itself_is_not_sent_again(mall):
    from_mall = "https://hanbitmall.cafe24.com/web/product/big/202601/a.jpg"
    mall.on("GET", "shops", good({"shops": []}))
    mall.on("GET", "products/5", good({"product": {"product_no": 5, "variants": [{"variant_code": "P5000A"}]}}))
    mall.on("PUT", "products/5", good({"product": {"product_no": 5}}))
    mall.connector().listings.update("5", ListingDraft(key="k", images=[from_mall]))
    [body] = mall.bodies("PUT")
    assert body["request"] == {"detail_image": "/web/product/big/202601/a.jpg", "image_upload_type": "A"}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (page(200, "<html>no picture</html>"), "It is no image."),
        (Reply(404), "Its host does not give it out (answer 404)."),
        (Reply(302, headers={"Location": "/elsewhere.png"}), "Its host does not give it out (answer 404)."),
    ],
)
def test_an_image_that_is_none_is_refused_before_anything_is_made(server, opened, mall, reply, words):
    mall.on("GET", "/a.png", reply)
    connector = opened(server)
    image = f"{mall.base}/a.png"
    said = refused(lambda: connector.listings.create(cup(images=[image])), errors.ImageUnusable)
    assert said == f"The image {image} cannot be used. {words} Choose another image."
    assert len(server.mall.products) == 21


def test_an_image_nobody_gives_out_is_not_the_malls_trouble(server, opened):
    connector = opened(server)
    for image in ("http://127.0.0.1:9/a.png", "ftp://example.com/a.png", "data:image/png;base64,§", "a.png"):
        refused(
            lambda image=image: connector.listings.create(cup(images=[image])),
            errors.ImageUnusable,
        )
    assert len(server.mall.products) == 21


# case 26
def test_of_more_images_than_cafe24_keeps_the_first_twenty_stand_beside(server, opened):
    made = opened(server).listings.create(cup(images=[DATA] * 25))
    assert len(server.mall.products[int(made.remote_id)].additional_images) == 20


@pytest.mark.parametrize(("places", "megabytes", "words"), [(0, 11, "10 MB"), (1, 6, "5 MB")])
def test_an_image_that_is_too_large_is_refused(mall, places, megabytes, words):
    large = "data:image/png;base64," + base64.b64encode(PIXEL + bytes(megabytes * 1024 * 1024)).decode()
    mall.on("GET", "products", good({"products": []}))
    draft = cup(brand=None, images=[*[DATA] * places, large])
    said = refused(lambda: mall.connector().listings.create(draft), errors.ImageUnusable)
    assert f"It is larger than {words}." in said
    assert [call.split("?")[0] for call in mall.calls()] == ["GET products"]
