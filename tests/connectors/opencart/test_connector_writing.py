"""Stock, prices, listings, statuses and shipments, written over real HTTP."""

import json
from decimal import Decimal

import pytest

from entrepot.connectors.contract import (
    LevelAnswer,
    ListingDraft,
    PriceLevel,
    SeenLevel,
    ShipmentWrite,
    StatusWrite,
    StockLevel,
    WriteAnswer,
)
from entrepot.connectors.opencart import errors
from tests.connectors.opencart.scripted import good, refusal, refused
from tests.connectors.opencart.test_connector_reading import DemoShop


class WritableShop(DemoShop):
    """The demo shop, with an answer to each write that the test gives."""

    def __init__(self, line="4.1.0.4"):
        super().__init__(line)
        self.replies = {}

    def __call__(self, asked):
        if asked.method == "POST":
            reply = self.replies[asked.resource]
            return reply(asked.json) if callable(reply) else reply
        return super().__call__(asked)


@pytest.fixture
def demo(shop):
    shop.script = WritableShop()
    return shop


def written(shop, resource):
    return [asked.json for asked in shop.asked if asked.method == "POST" and asked.resource == resource]


def all_fine(body):
    return good(
        [{"ref": item["ref"], "ok": True, "quantity": item["quantity"], "previous": 9} for item in body["items"]]
    )


def level(remote_id, quantity, key="", **more):
    return StockLevel(remote_id=remote_id, variation_key=key, quantity=quantity, **more)


def test_levels_reach_the_counter_they_mean(demo):
    demo.script.replies["stock"] = all_fine
    levels = [
        level("30", 3, "o:5=39", expected=2),
        level("28", 5, expected=0),
        level("50", 4, parent_id="30"),
    ]
    answers = demo.connector().stock.push(levels)
    assert [(a.remote_id, a.variation_key, a.outcome, a.seen) for a in answers] == [
        ("30", "o:5=39", "accepted", 3),
        ("28", "", "accepted", 5),
        ("50", "", "accepted", 4),
    ]
    assert written(demo, "stock") == [
        {
            "items": [
                {"ref": "1", "kind": "product", "product_id": 28, "quantity": 5, "expected": 0},
                {"ref": "2", "kind": "variant", "product_id": 50, "quantity": 4},
                {
                    "ref": "0",
                    "kind": "option_value",
                    "product_id": 30,
                    "option_id": 5,
                    "option_value_id": 39,
                    "quantity": 3,
                    "expected": 2,
                },
            ]
        }
    ]


# case 36
def test_each_level_has_its_own_fate(demo):
    def answer(body):
        refs = [item["ref"] for item in body["items"]]
        faults = [
            {"code": "changed", "message": "Another figure.", "detail": {"quantity": "7"}},
            {"code": "not_found", "message": "No such product."},
            {"code": "invalid", "message": "No.", "detail": {"field": "quantity", "reason": "too big"}},
        ]
        fine = [{"ref": refs[0], "ok": True, "quantity": "3"}]
        return good(fine + [{"ref": ref, "ok": False, "error": e} for ref, e in zip(refs[1:], faults, strict=True)])

    demo.script.replies["stock"] = answer
    levels = [level("28", 3), level("29", 3, expected=1), level("99", 3), level("31", 3)]
    levels += [level("42", 3, "o:1=43;o:5=39"), level("x", 3), level("28", -1), level("28", 1, "junk")]
    answers = demo.connector().stock.push(levels)
    assert [(a.outcome, a.seen, a.code) for a in answers] == [
        ("accepted", 3, ""),
        ("changed", 7, "opencart_changed"),
        ("missing", None, "opencart_not_found"),
        ("refused", None, "opencart_invalid"),
        ("refused", None, "opencart_no_own_counter"),
        ("refused", None, "opencart_bad_id"),
        ("refused", None, "opencart_below_zero"),
        ("refused", None, "opencart_bad_id"),
    ]
    assert answers[3].reason == "It said: “No.”"


def test_a_thousand_levels_are_one_call(demo):
    demo.script.replies["stock"] = all_fine
    answers = demo.connector().stock.push([level(str(number), number) for number in range(1, 1502)])
    assert [a.seen for a in answers] == list(range(1, 1502))
    assert [len(body["items"]) for body in written(demo, "stock")] == [1000, 501]


# case 30
def test_what_the_shop_made_of_a_figure_is_what_was_seen(demo):
    demo.script.replies["stock"] = good([{"ref": "0", "ok": True, "quantity": 127, "previous": 5}])
    (answer,) = demo.connector().stock.push([level("28", 500)])
    assert (answer.outcome, answer.seen) == ("accepted", 127)


def test_nothing_to_push_is_no_call(demo):
    assert demo.connector().stock.push([]) == []
    assert demo.asked == []


def test_an_answer_that_forgets_a_level_is_not_believed(demo):
    demo.script.replies["stock"] = good([])
    refused(lambda: demo.connector().stock.push([level("28", 3)]), errors.WrongShape)


def test_a_shop_that_is_down_says_nothing_about_any_level(demo):
    demo.script.replies["stock"] = refusal(500, "internal", reference="r")
    refused(lambda: demo.connector().stock.push([level("28", 3)]), errors.ShopFailed)
    assert len(written(demo, "stock")) == 1


# cases 18, 21 and 22
def test_what_the_shop_shows_is_keyed_as_in_the_catalogue(demo):
    demo.script.products[0]["quantity"] = "-1"
    connector = demo.connector()
    shown = {(one.remote_id, one.variation_key): one.quantity for one in connector.stock.seen(["28", "30", "42", "47"])}
    assert shown == {
        ("28", ""): -1,
        ("30", ""): 7,
        ("30", "o:5=39"): 2,
        ("30", "o:5=40"): 5,
        ("42", ""): 990,
        ("47", ""): 1000,
    }
    listed = [p for page in connector.products.pages() for p in page.products]
    keys = {(p.remote_id, v.key): v.quantity for p in listed for v in p.variations}
    everything = {(one.remote_id, one.variation_key): one.quantity for one in connector.stock.seen()}
    assert keys.items() <= everything.items()
    assert {p.remote_id for p in listed} == {remote_id for remote_id, _ in everything}


def test_combinations_kept_apart_are_shown_without_a_figure(demo):
    connector = demo.connector(settings={"combination_stock": "separate"})
    shown = list(connector.stock.seen(["42"]))
    assert len(shown) == 13
    assert shown[1] == SeenLevel(
        remote_id="42", variation_key="o:1=32;o:5=41", quantity=None, active=True, updated_at=shown[0].updated_at
    )


# --------------------------------------------------------------------------- prices


def price(remote_id, amount, key="", **more):
    return PriceLevel(remote_id=remote_id, variation_key=key, price=Decimal(amount), **more)


def as_written(body):
    return good(
        [{"ref": i["ref"], "ok": True, "price": i["price"], "special": i.get("special")} for i in body["items"]]
    )


def test_a_lower_selling_price_is_a_special_below_the_retail_price(demo):
    demo.script.replies["prices"] = as_written
    levels = [price("28", "80", retail_price=Decimal(100)), price("29", "80"), price("50", "9.99999", parent_id="30")]
    answers = demo.connector().prices.push(levels)
    assert [answer.seen_price for answer in answers] == [Decimal("80.0000"), Decimal("80.0000"), Decimal("10.0000")]
    reduced = {"price": "80.0000", "date_start": None, "date_end": None, "customer_group_id": 1}
    (body,) = written(demo, "prices")
    assert [(item["kind"], item["price"], item["special"]) for item in body["items"]] == [
        ("product", "100.0000", reduced),
        ("product", "80.0000", None),
        ("variant", "10.0000", None),
    ]


def test_a_retail_price_below_the_selling_price_is_no_special(demo):
    demo.script.replies["prices"] = as_written
    demo.connector().prices.push([price("28", "80", retail_price=Decimal(70))])
    (item,) = written(demo, "prices")[0]["items"]
    assert (item["price"], item["special"]) == ("80.0000", None)


def test_the_price_of_an_option_value_is_what_the_buyer_pays_though_the_product_has_a_special(shop):
    shop.script = WritableShop("3.0.5.1")  # product 30 costs 80 by a special, regularly 100
    shop.script.replies["prices"] = as_written
    (answer,) = shop.connector().prices.push([price("30", "85", "o:5=39")])
    (item,) = written(shop, "prices")[0]["items"]
    assert (item["price"], "special" in item) == ("105.0000", False)
    assert answer.seen_price == Decimal("85.0000")


def test_product_and_values_priced_together_agree(shop):
    shop.script = WritableShop("3.0.5.1")
    shop.script.replies["prices"] = as_written
    levels = [price("30", "95", "o:5=39"), price("30", "90", retail_price=Decimal(120))]
    answers = shop.connector().prices.push(levels)
    items = written(shop, "prices")[0]["items"]
    assert [(item["kind"], item["price"]) for item in items] == [("product", "120.0000"), ("option_value", "125.0000")]
    assert [answer.seen_price for answer in answers] == [Decimal("95.0000"), Decimal("90.0000")]


# --------------------------------------------------------------------------- listings


def test_a_product_is_made_and_shown(demo):
    demo.script.replies["product_create"] = good({"product_id": 30, "repeated": False})
    draft = ListingDraft(
        key="draft-1",
        name="Café & Co",
        model="M-1",
        price=Decimal(20),
        quantity=4,
        active=True,
        brand="Canon",
        category_ids=["20"],
        images=["http://127.0.0.1:8084/image/catalog/a.jpg", "catalog/b.jpg"],
        options=[("Size", [("Small", 3, Decimal(20)), ("Large", 1, Decimal(25))])],
    )
    product = demo.connector().listings.create(draft)
    assert product.remote_id == "30"
    (body,) = written(demo, "product_create")
    assert body["key"] == "draft-1"
    assert body["product"] == {
        "model": "M-1",
        "names": {"en-gb": "Café & Co"},
        "price": "20.0000",
        "quantity": 4,
        "status": 1,
        "manufacturer": "Canon",
        "category_ids": [20],
        "image": "catalog/a.jpg",
        "images": ["catalog/b.jpg"],
        "options": [
            {
                "name": "Size",
                "type": "select",
                "required": 1,
                "values": [
                    {"name": "Small", "quantity": 3, "price": "20.0000", "subtract": 1},
                    {"name": "Large", "quantity": 1, "price": "25.0000", "subtract": 1},
                ],
            }
        ],
    }


def test_only_what_changes_is_sent(demo):
    demo.script.replies["product_update"] = good({})
    shown = demo.connector().listings.update("28", ListingDraft(key="k", sku="NEW", active=False))
    assert shown.remote_id == "28"
    assert written(demo, "product_update") == [{"product_id": 28, "product": {"sku": "NEW", "status": 0}}]


@pytest.mark.parametrize("image", ["/etc/passwd", "catalog/../../a.jpg", "ftp://elsewhere.example.com/a.jpg"])
def test_what_is_neither_in_the_shop_nor_an_address_is_refused(demo, image):
    draft = ListingDraft(key="k", images=[image])
    assert refused(lambda: demo.connector().listings.update("28", draft), errors.ImageUnusable) == (
        f"The image {image} cannot be used. It is no address of an image (https://…). Choose another image."
    )
    assert written(demo, "product_update") == []


def test_products_are_hidden_and_removed_one_by_one(demo):
    def answer(body):
        gone = {"code": "not_found", "message": "No such product."}
        return good([{"ref": "0", "ok": True}, {"ref": "1", "ok": False, "error": gone}])

    demo.script.replies |= {"product_status": answer, "product_delete": answer}
    listings = demo.connector().listings
    outcomes = [
        LevelAnswer(remote_id="28", variation_key="", outcome="accepted"),
        LevelAnswer(
            remote_id="99",
            variation_key="",
            outcome="missing",
            code="opencart_not_found",
            reason="It said: “No such product.”",
        ),
        LevelAnswer(
            remote_id="x",
            variation_key="",
            outcome="refused",
            code="opencart_bad_id",
            reason="This is not the number of an OpenCart product.",
        ),
    ]
    assert listings.set_active(["28", "99", "x"], active=False) == outcomes
    assert listings.delete(["28", "99", "x"]) == outcomes
    assert written(demo, "product_status")[0]["items"][0] == {"ref": "0", "product_id": 28, "status": 0}
    assert written(demo, "product_delete")[0]["items"][1] == {"ref": "1", "product_id": 99}


# --------------------------------------------------------------------------- orders


def test_a_status_is_written_once_under_its_key(demo):
    demo.script.replies["order_history"] = good({"order_history_id": 12, "order_status_id": 3, "repeated": True})
    write = StatusWrite(
        key="k1", order_id="3", status_id="3", comment="On its way", notify=True, expected_status_id="2"
    )
    assert demo.connector().statuses.tell(write) == WriteAnswer(remote_id="12", repeated=True)
    assert written(demo, "order_history") == [
        {
            "key": "k1",
            "order_id": 3,
            "order_status_id": 3,
            "comment": "On its way",
            "notify": True,
            "expect_status": 2,
        }
    ]


# case 12
def test_a_status_the_shop_does_not_have_is_never_sent(demo):
    write = StatusWrite(key="k1", order_id="3", status_id="99")
    assert refused(lambda: demo.connector().statuses.tell(write), errors.UnknownStatus) == (
        "The shop has no order status 99. Choose another one in the store's status map."
    )
    assert written(demo, "order_history") == []


def test_an_order_in_another_status_than_expected_is_a_conflict(demo):
    demo.script.replies["order_history"] = refusal(409, "conflict", "The order is in status 5.")
    write = StatusWrite(key="k1", order_id="3", status_id="3", expected_status_id="2")
    refused(lambda: demo.connector().statuses.tell(write), errors.Conflict)


@pytest.mark.parametrize(("settings", "status"), [({}, 7), ({"canceled_status_id": "9"}, 9)])
def test_a_cancellation_has_the_status_of_the_settings(demo, settings, status):
    demo.script.replies["order_history"] = good({"order_history_id": 13, "repeated": False})
    demo.connector(settings=settings).cancellations.cancel(StatusWrite(key="c", order_id="3", status_id=""))
    assert written(demo, "order_history")[0]["order_status_id"] == status


def test_a_parcel_is_told_with_its_number(demo):
    demo.script.replies["shipment"] = good({"shipment_id": 5, "order_history_id": 14, "repeated": False})
    write = ShipmentWrite(key="s", order_id="3", carrier="DHL", tracking_number="JD01", status_id="3")
    assert demo.connector().shipments.ship(write) == WriteAnswer(remote_id="5", repeated=False)
    assert written(demo, "shipment") == [
        {
            "key": "s",
            "order_id": 3,
            "carrier": "DHL",
            "tracking_number": "JD01",
            "tracking_url": None,
            "order_status_id": 3,
            "comment": None,
            "notify": False,
        }
    ]


def test_an_order_id_that_is_none_is_gone(demo):
    refused(
        lambda: demo.connector().statuses.tell(StatusWrite(key="k", order_id="x", status_id="3")), errors.GoneFromShop
    )


def test_our_address_is_registered_and_taken_back(demo):
    demo.script.replies["webhook"] = good(None)
    events = demo.connector().events
    events.register("https://oms.example.com/hooks/1")
    events.register(None)
    assert [json.dumps(body) for body in written(demo, "webhook")] == [
        '{"url": "https://oms.example.com/hooks/1"}',
        '{"url": null}',
    ]
