"""Showing stock and prices, and what it costs in calls. Case numbers are those of the Cafe24 reference, §9."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

import pytest

from entrepot.connectors.cafe24 import errors
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.connectors.cafe24.variants import SingleCodes
from entrepot.connectors.contract import PriceLevel, SeenLevel, StockLevel
from entrepot.connectors.http import ConnectionCut
from tests.connectors.cafe24.scripted import Reply, error, good, page, refused
from tests.connectors.cafe24.stand import calls

SINGLE, OTHER, CAMERA, SHIRT, VOUCHER, MUG = "11", "12", "13", "24", "27", "28"
RED, BLUE = "P000000N000A", "P000000N000B"
PUT_ONE = "PUT /products/{product_no}/variants/{variant_code}"
PUT_INVENTORY = f"{PUT_ONE}/inventories"
PUT_SEVERAL = "PUT /products/{product_no}/variants"
GET_VARIANTS = "GET /products/{product_no}/variants"


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(Mall.demo(orders=0)) as running:
        running.bucket.enforced = False
        yield running


def level(remote_id, quantity, key=""):
    return StockLevel(remote_id=remote_id, variation_key=key, quantity=quantity)


def fates(answers):
    return [(answer.outcome, answer.seen, answer.code) for answer in answers]


# --------------------------------------------------------------------------- the cheap road


def test_one_variation_is_one_call(server, opened):
    assert fates(opened(server).stock.push([level(CAMERA, 3, RED)])) == [("accepted", 3, "")]
    assert calls(server) == {PUT_INVENTORY: 1}
    assert (server.mall.stock(RED), server.mall.stock(BLUE)) == (3, 5)


def test_several_variations_of_a_product_are_one_call(server, opened):
    answers = opened(server).stock.push(
        [level(CAMERA, 3, RED), level(SHIRT, 1, "P000000Y000A"), level(CAMERA, 4, BLUE)]
    )
    assert fates(answers) == [("accepted", 3, ""), ("accepted", 1, ""), ("accepted", 4, "")]
    assert calls(server) == {PUT_SEVERAL: 1, PUT_INVENTORY: 1}


def test_single_products_cost_one_look_together_and_a_call_each_and_later_only_that(server, opened):
    connector = opened(server)
    assert fates(connector.stock.push([level(SINGLE, 5), level(OTHER, 6)])) == [
        ("accepted", 5, ""),
        ("accepted", 6, ""),
    ]
    assert calls(server) == {"GET /products": 1, PUT_ONE: 2}
    assert fates(connector.stock.push([level(SINGLE, 4), level(OTHER, 5)])) == [
        ("accepted", 4, ""),
        ("accepted", 5, ""),
    ]
    assert calls(server) == {PUT_ONE: 2}


def test_who_has_read_the_catalogue_needs_no_look(server, opened):
    connector = opened(server)
    list(connector.products.pages())
    calls(server)
    connector.stock.push([level(SINGLE, 5)])
    assert calls(server) == {PUT_ONE: 1}


# case 38
def test_what_the_mall_was_just_seen_to_show_is_not_written(server, opened):
    shown = server.mall.stock("P000000L000A")
    assert fates(opened(server).stock.push([level(SINGLE, shown)])) == [("accepted", shown, "")]
    assert calls(server) == {"GET /products": 1}


# case 38
def test_a_refusal_because_it_stands_there_already_is_as_good_as_written(server, opened):
    connector = opened(server)
    for _ in range(2):
        answers = connector.stock.push([level(CAMERA, 3, RED), level(CAMERA, 4, BLUE), level(SINGLE, 9)])
        assert fates(answers) == [("accepted", 3, ""), ("accepted", 4, ""), ("accepted", 9, "")]


def test_a_hundred_and_one_variations_are_a_hundred_and_one(server, opened):
    sizes = {"색상": [f"색{n}" for n in range(13)], "사이즈": [f"S{n}" for n in range(8)]}
    added = server.mall.add_product("많은 셔츠", "49000", options=sizes, quantity=5)
    number = str(getattr(added, "product_no", added))
    connector = opened(server)
    keys = [variation.key for variation in connector.products.fetch([number]).products[0].variations][:101]
    calls(server)
    answers = connector.stock.push([level(number, 8, key) for key in keys])
    assert set(fates(answers)) == {("accepted", 8, "")}
    assert calls(server) == {PUT_SEVERAL: 1, PUT_INVENTORY: 1}


def test_nothing_to_push_is_no_call(server, opened):
    connector = opened(server)
    assert (list(connector.stock.push([])), list(connector.prices.push([])), calls(server)) == ([], [], {})


# --------------------------------------------------------------------------- what may be wrong with a level


# case 37
def test_counting_is_switched_on_where_a_figure_is_shown(server, opened):
    connector = opened(server)
    assert [row.quantity for row in connector.stock.seen([VOUCHER])] == [None]
    assert fates(connector.stock.push([level(VOUCHER, 9)])) == [("accepted", 9, "")]
    assert [row.quantity for row in connector.stock.seen([VOUCHER])] == [9]


# case 37
def test_whether_the_mall_sells_below_zero_is_the_merchants_own_unless_the_store_is_set_otherwise(server, opened):
    sold_ahead = StockLevel(remote_id=MUG, variation_key="", quantity=0)
    opened(server).stock.push([sold_ahead])
    mug = server.mall.products[int(MUG)].variants[0]
    assert (mug.quantity, mug.display_soldout) == (0, "F")
    opened(server, settings={"sold_out_at_zero": True}).stock.push([level(MUG, 1)])
    assert (mug.quantity, mug.display_soldout) == (1, "T")


def test_each_level_has_its_own_fate_and_a_bad_one_sinks_nobody(server, opened):
    levels = [level("987654", 1), level(SINGLE, 7), level(SINGLE, -1), level("x", 1)]
    levels += [level(CAMERA, 3, RED), level(CAMERA, 4, "P000000N000Z"), level(CAMERA, 6, BLUE), level(CAMERA, 1)]
    assert fates(opened(server).stock.push(levels)) == [
        ("missing", None, "cafe24_gone"),
        ("accepted", 7, ""),
        ("refused", None, "cafe24_below_zero"),
        ("refused", None, "cafe24_bad_id"),
        ("accepted", 3, ""),
        ("missing", None, "cafe24_gone"),
        ("accepted", 6, ""),
        ("refused", None, "cafe24_has_options"),
    ]
    assert (server.mall.stock(RED), server.mall.stock(BLUE)) == (3, 6)


def test_the_same_variation_twice_ends_at_the_later_figure(server, opened):
    answers = opened(server).stock.push([level(CAMERA, 3, RED), level(CAMERA, 8, RED)])
    assert fates(answers) == [("accepted", 3, ""), ("accepted", 8, "")]
    assert server.mall.stock(RED) == 8


def test_a_remembered_product_that_has_gone_is_missing(server, opened):
    connector = opened(server)
    connector.stock.push([level(SINGLE, 5)])
    server.mall.delete_product(int(SINGLE))
    assert fates(connector.stock.push([level(SINGLE, 4)])) == [("missing", None, "cafe24_gone")]
    assert fates(connector.stock.push([level(CAMERA, 4, "P000000L000A")])) == [("missing", None, "cafe24_gone")]


# case 60
def test_a_single_product_that_got_options_meanwhile_is_not_taken_for_one_of_them(mall):
    first = {"variant_code": "P1000A", "options": None, "use_inventory": "T", "quantity": 1}
    now = {"variant_code": "P1000A", "options": [{"name": "색상", "value": "블랙"}], "inventories": {"quantity": 4}}
    mall.on("GET", "products", good({"products": [{"product_no": 1, "variants": [first]}]}))
    mall.on("PUT", "products/1/variants/P1000A", good({"variant": first | {"quantity": 5}}), good({"variant": now}))
    connector = mall.connector()
    assert fates(connector.stock.push([level("1", 5)])) == [("accepted", 5, "")]
    assert fates(connector.stock.push([level("1", 4)])) == [("refused", None, "cafe24_has_options")]
    assert len(mall.calls("GET")) == 1
    connector.stock.push([level("1", 3)])
    assert len(mall.calls("GET")) == 2


def test_a_remembered_code_that_is_gone_is_read_anew_before_the_product_is_given_up(mall):
    rows = [{"product_no": 1, "variants": [{"variant_code": code, "quantity": 1}]} for code in ("P1000A", "P1000C")]
    mall.on("GET", "products", *(good({"products": [row]}) for row in rows))
    mall.on("PUT", "products/1/variants/P1000A", Reply(204), error(404, "No API found."))
    mall.on("PUT", "products/1/variants/P1000C", good({"variant": {"variant_code": "P1000C", "quantity": 7}}))
    connector = mall.connector()
    assert fates(connector.stock.push([level("1", 6)])) == [("accepted", None, "")]
    assert fates(connector.stock.push([level("1", 7)])) == [("accepted", 7, "")]


def test_codes_are_forgotten_in_time_and_never_without_end():
    now = [0.0]
    codes = SingleCodes(lambda: now[0])
    codes.put("a", "1", "P1")
    assert (codes.get("a", "1"), codes.get("b", "1")) == ("P1", None)
    now[0] = 601.0
    assert codes.get("a", "1") is None
    codes.put("a", "1", "P2")
    codes.drop("a", "1")
    assert codes.get("a", "1") is None


# --------------------------------------------------------------------------- lost and odd answers

PATH = "products/13/variants"
SHOWN = {"variants": [{"variant_code": RED, "quantity": 3}, {"variant_code": BLUE, "quantity": 5}]}
LOST = [error(500, "no"), page(504, "<html>"), Reply(200, b'{"var'), Reply(200, b'{"variants": []}', cut=True)]


# case 28
@pytest.mark.parametrize("reply", LOST)
def test_after_a_lost_answer_the_mall_is_read_before_anything_is_said(mall, reply):
    mall.on("PUT", f"{PATH}/{RED}/inventories", reply)
    mall.on("GET", PATH, good(SHOWN))
    assert fates(mall.connector().stock.push([level(CAMERA, 3, RED)])) == [("accepted", 3, "")]
    assert [call.split()[0] for call in mall.calls()] == ["PUT", "GET"]


# case 28
def test_a_write_that_was_lost_before_the_mall_did_it_is_the_trouble_it_was(mall):
    mall.on("PUT", f"{PATH}/{RED}/inventories", page(504, "<html>"))
    mall.on("GET", PATH, good(SHOWN))
    refused(lambda: mall.connector().stock.push([level(CAMERA, 9, RED)]), errors.MallTooSlow)
    assert len(mall.calls("PUT")) == 1


@pytest.mark.parametrize("kind", ["lost", "late"])
def test_on_a_mall_that_did_the_work_and_lost_the_answer_the_figure_is_accepted(server, opened, kind):
    connector = opened(server)
    server.faults.add(kind, resource="write variants")
    assert fates(connector.stock.push([level(CAMERA, 3, RED), level(CAMERA, 9, BLUE)])) == [
        ("accepted", 3, ""),
        ("accepted", 9, ""),
    ]
    assert calls(server) == {PUT_SEVERAL: 1, GET_VARIANTS: 1}


def test_a_mall_that_is_down_says_nothing_about_any_level(server, opened):
    connector = opened(server)
    server.faults.add("unavailable", times=9)
    refused(lambda: connector.stock.push([level(CAMERA, 3, RED)]), errors.MallClosed)
    assert sum(calls(server).values()) == 1
    server.faults.clear()
    server.faults.add("refuse", times=9)
    refused(lambda: connector.stock.push([level(CAMERA, 3, RED)]), ConnectionCut)


# case 27
def test_of_a_mixed_bulk_answer_only_the_failed_entry_is_sent_again(mall):
    mixed = [{"variant_code": RED, "inventories": {"use_inventory": "T", "quantity": 8}}, {"error": {"code": 422}}]
    mall.on("PUT", PATH, good({"variants": mixed}, 207))
    mall.on("GET", PATH, good(SHOWN))
    mall.on("PUT", f"{PATH}/{BLUE}/inventories", error(422, "Too many. (parameter.quantity)"))
    answers = mall.connector().stock.push([level(CAMERA, 8, RED), level(CAMERA, 9, BLUE)])
    assert fates(answers) == [("accepted", 8, ""), ("refused", None, "cafe24_refused")]
    assert answers[1].reason == "It said: “Too many.”"
    assert [len(body.get("requests", [1])) for body in mall.bodies("PUT")] == [2, 1]


@pytest.mark.parametrize("reply", [Reply(202), Reply(204)])
def test_an_answer_that_says_nothing_is_a_yes(mall, reply):
    mall.on("PUT", f"{PATH}/{RED}/inventories", reply)
    mall.on("PUT", PATH, reply)
    connector = mall.connector()
    assert fates(connector.stock.push([level(CAMERA, 3, RED)])) == [("accepted", None, "")]
    both = [level(CAMERA, 3, RED), level(CAMERA, 4, BLUE)]
    assert fates(connector.stock.push(both)) == [("accepted", None, "")] * 2


def test_said_to_be_the_same_and_yet_another_figure_is_told_as_it_is(mall):
    mall.on("PUT", f"{PATH}/{RED}/inventories", error(409, "Conflict"))
    mall.on("GET", PATH, good(SHOWN))
    assert fates(mall.connector().stock.push([level(CAMERA, 6, RED)])) == [("changed", 3, "cafe24_changed")]


# --------------------------------------------------------------------------- reading back


def test_what_the_mall_shows_costs_a_call_for_a_hundred_products(server, opened):
    rows = list(opened(server).stock.seen())
    assert calls(server) == {"GET /products": 1}
    shown = {(row.remote_id, row.variation_key): row.quantity for row in rows}
    assert shown[SINGLE, ""] == server.mall.stock("P000000L000A")
    assert shown[CAMERA, RED] == server.mall.stock(RED)
    assert (shown[MUG, ""], shown[VOUCHER, ""]) == (-3, None)
    assert len({row.remote_id for row in rows}) == 21


def test_some_products_are_read_back_alone(server, opened):
    rows = list(opened(server).stock.seen([CAMERA, "x", "987654", CAMERA]))
    assert [(row.remote_id, row.variation_key, row.active) for row in rows] == [
        (CAMERA, RED, True),
        (CAMERA, BLUE, True),
    ]
    assert all(isinstance(row, SeenLevel) and row.updated_at for row in rows)
    assert calls(server) == {"GET /products": 1}


# --------------------------------------------------------------------------- prices


def price(remote_id, amount, retail=None, key=""):
    regular = None if retail is None else Decimal(retail)
    return PriceLevel(remote_id=remote_id, variation_key=key, price=Decimal(amount), retail_price=regular)


def shown(opened_mall, number):
    return opened_mall.products.fetch([number]).products[0]


def test_selling_price_and_regular_price_have_each_their_field(server, opened):
    connector = opened(server)
    [answer] = connector.prices.push([price(SINGLE, 99000, 120000)])
    assert (answer.outcome, answer.seen_price) == ("accepted", Decimal(99000))
    assert calls(server) == {"PUT /products/{product_no}": 1}
    assert (shown(connector, SINGLE).price, shown(connector, SINGLE).retail_price) == (Decimal(99000), Decimal(120000))
    connector.prices.push([price(SINGLE, 120000)])
    assert (shown(connector, SINGLE).price, shown(connector, SINGLE).retail_price) == (Decimal(120000), None)


def test_a_variation_costs_what_it_is_told_and_the_others_what_they_did(server, opened):
    connector = opened(server)
    before = shown(connector, CAMERA)
    [answer] = connector.prices.push([price(CAMERA, 140000, None, RED)])
    assert (answer.outcome, answer.seen_price) == ("accepted", Decimal(140000))
    after = shown(connector, CAMERA)
    assert (after.price, after.retail_price) == (before.price, before.retail_price)
    assert [one.price for one in after.variations] == [Decimal(140000), before.variations[1].price]


def test_with_a_price_for_every_variation_the_lowest_becomes_the_products_own(server, opened):
    connector = opened(server)
    calls(server)
    answers = connector.prices.push([price(CAMERA, 150000, 160000, BLUE), price(CAMERA, 140000, None, RED)])
    assert [answer.seen_price for answer in answers] == [Decimal(150000), Decimal(140000)]
    assert calls(server) == {"GET /products": 1, "PUT /products/{product_no}": 1, PUT_SEVERAL: 1}
    product = shown(connector, CAMERA)
    assert (product.price, product.retail_price) == (Decimal(140000), Decimal(150000))
    assert [one.price for one in product.variations] == [Decimal(140000), Decimal(150000)]


@pytest.mark.parametrize("stopped", ["write products", "write variants"])
@pytest.mark.parametrize(("red", "blue"), [(50000, 150000), (170000, 180000), (160000, 90000)])
def test_nothing_is_ever_sold_for_less_while_prices_change(server, opened, stopped, red, blue):
    connector = opened(server)
    connector.prices.push([price(CAMERA, 150000, None, BLUE), price(CAMERA, 140000, None, RED)])
    server.faults.add("unavailable", resource=stopped)
    with suppress(errors.MallClosed):
        connector.prices.push([price(CAMERA, blue, None, BLUE), price(CAMERA, red, None, RED)])
    now = {one.key: one.price for one in shown(connector, CAMERA).variations}
    assert now[RED] >= min(140000, red)
    assert now[BLUE] >= min(150000, blue)


def test_prices_that_stand_already_cost_only_the_look(server, opened):
    connector = opened(server)
    variations = shown(connector, CAMERA).variations
    calls(server)
    answers = connector.prices.push([price(CAMERA, one.price, None, one.key) for one in variations])
    assert [answer.outcome for answer in answers] == ["accepted", "accepted"]
    assert calls(server) == {"GET /products": 1}


def test_each_price_has_its_own_fate(server, opened):
    levels = [price("987654", 1), price(SINGLE, -1), price("x", 1), price(SINGLE, 5), price("987654", 5, None, "P9")]
    levels += [price(CAMERA, 7, None, "P000000N000Z"), price(CAMERA, 9, None, RED)]
    answers = opened(server).prices.push(levels)
    assert [(answer.outcome, answer.code) for answer in answers] == [
        ("missing", "cafe24_gone"),
        ("refused", "cafe24_below_zero"),
        ("refused", "cafe24_bad_id"),
        ("accepted", ""),
        ("missing", "cafe24_gone"),
        ("missing", "cafe24_gone"),
        ("accepted", ""),
    ]


def test_a_price_the_mall_has_already_is_read_back(mall):
    mall.on("PUT", "products/5", error(409, "Same"))
    mall.on("GET", "products/5", good({"product": {"product_no": 5, "price": "700.00"}}))
    [answer] = mall.connector().prices.push([price("5", 700)])
    assert (answer.outcome, answer.seen_price) == ("accepted", Decimal("700.00"))


def test_a_price_the_mall_refuses_says_why(mall):
    mall.on("PUT", "products/5", error(422, "Out of range. (parameter.price)"))
    [answer] = mall.connector().prices.push([price("5", 700)])
    assert (answer.outcome, answer.reason) == ("refused", "It said: “Out of range.”")
