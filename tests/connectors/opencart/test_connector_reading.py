"""Pages, cursors and single objects, read over real HTTP."""

import json
from datetime import UTC, datetime

import pytest

from entrepot.connectors.contract import BadItem, ChannelAttribute, ChannelBrand, OrderState, capabilities
from entrepot.connectors.http import AnswerTooLarge
from entrepot.connectors.opencart import errors, session
from tests.connectors.opencart import payloads
from tests.connectors.opencart.scripted import Reply, good, refused

LISTS = {"info": "info-4.1.0.4", "options": "options", "attributes": "attributes", "categories": "categories"}
LISTS["manufacturers"] = "manufacturers"


def stored(name):
    return json.loads((payloads.FOLDER / f"{name}.json").read_text())["data"]


class DemoShop:
    """Answers from the payloads: products and orders by cursor, as the bridge pages them."""

    def __init__(self, line="4.1.0.4"):
        self.products = stored(f"products-{line}")
        self.orders = stored(f"orders-{line}")

    def __call__(self, asked):
        if asked.resource in LISTS:
            return good(stored(LISTS[asked.resource]))
        return getattr(self, asked.resource.replace("order_cursor", "cursor") + "_answer")(asked.query)

    def products_answer(self, query):
        rows = self.products
        if "ids" in query:
            return good([row for row in rows if row["product_id"] in query["ids"].split(",")])
        rest = [row for row in rows if int(row["product_id"]) > int(query["after_id"])]
        some = rest[: int(query["limit"])]
        return good(some, following=some[-1]["product_id"] if len(rest) > len(some) else None)

    def stock_answer(self, query):
        return good([as_stock(row) for row in self.products_of(query)])

    def products_of(self, query):
        wanted = query["ids"].split(",") if "ids" in query else None
        return [row for row in self.products if wanted is None or row["product_id"] in wanted]

    def cursor_answer(self, query):
        return good({"after_history_id": 2 if query["days"] == "90" else 0})

    def orders_answer(self, query):
        after, limit = int(query["after_history_id"]), int(query["limit"])
        history = sorted(
            (int(change["order_history_id"]), row["order"]["order_id"])
            for row in self.orders
            for change in row["order_history"]
        )
        looked_at = [one for one in history if one[0] > after][:limit]
        newest = {order_id: number for number, order_id in looked_at}
        named = sorted(
            (row for row in self.orders if row["order"]["order_id"] in newest),
            key=lambda row: newest[row["order"]["order_id"]],
        )
        cursor = looked_at[-1][0] if looked_at else after
        return good(named, following=cursor if cursor < history[-1][0] else None, cursor=cursor, gone=[77])

    def order_answer(self, query):
        ids = query["ids"].split(",")
        found = [row for row in self.orders if row["order"]["order_id"] in ids]
        gone = sorted(set(ids) - {row["order"]["order_id"] for row in found})
        return good(found, gone=[int(number) for number in gone])

    def order_states_answer(self, _query):
        return good([{"order_id": "3", "order_status_id": "3", "last_history_id": "9"}], gone=[99])


def as_stock(row):
    values = [
        {"product_option_id": option["product_option_id"]} | value
        for option in row["options"]
        for value in option["values"]
    ]
    kept = {name: row[name] for name in ("product_id", "quantity", "subtract", "status", "date_modified")}
    return kept | {"master_id": row.get("master_id"), "variant": row.get("variant"), "options": values}


@pytest.fixture
def demo(shop):
    shop.script = DemoShop()
    return shop


def test_the_connector_has_every_part_but_claims_and_opens_without_a_call(shop):
    """OpenCart's own returns are forms for the owner to read, nothing that could be answered."""
    parts = capabilities(shop.connector())
    assert [part for part, there in parts.items() if not there] == ["claims"]
    assert shop.asked == []


def test_a_connection_test_tells_who_the_shop_is(demo):
    info = demo.connector().shop.info()
    assert payloads.written(info) == payloads.expected("info-4.1.0.4")


# case 39
def test_statuses_are_known_by_their_ids(demo):
    statuses = {status.remote_id: status for status in demo.connector().shop.info().statuses}
    assert "4" not in statuses
    assert (statuses["15"].takes_stock, statuses["1"].takes_stock, statuses["7"].takes_stock) == (False, True, False)
    assert statuses["3"].names == {"en-gb": "Shipped"}
    assert statuses["3"].suggested == "in_transit"


def test_notes_tell_what_a_merchant_should_know(shop):
    info = stored("info-4.1.0.4")
    info["shop"] |= {"maintenance": True, "stock_checkout": "1"}
    info["stores"].append({"store_id": 1})
    info["clock"] = {"utc": "2026-11-22T02:30:00Z", "shop": "2026-11-22 05:30:00", "timezone": "UTC", "offset": 0}
    shop.answers(Reply(body=b"<b>Warning</b>: x" + good(info).body, content_type="text/html"))
    notes = shop.connector().shop.info().notes
    assert len(notes) == 5
    assert notes[0] == "The shop is in maintenance mode."


def test_products_are_read_page_by_page_from_a_cursor(demo):
    products = demo.connector(settings={"page_size": 7}).products
    pages = list(products.pages())
    assert [len(page.products) for page in pages] == [7, 7, 5]
    assert [page.next for page in pages] == ["34", "44", None]
    assert pages[0].total == 19
    ids = [int(product.remote_id) for page in pages for product in page.products]
    assert ids == sorted(ids)
    assert [page.products[0].remote_id for page in products.pages("34")] == ["35", "45"]


def test_products_arrive_whole(demo):
    found = [product for page in demo.connector().products.pages() for product in page.products]
    written = [payloads.written(product) for product in found]
    for product in written:
        product["updated_at"] = None
    wanted = payloads.expected("products-4.1.0.4")
    for product in wanted:
        product["updated_at"] = None
    assert written == wanted


def test_some_products_are_fetched_and_lost_ones_are_absent(demo):
    page = demo.connector().products.fetch(["30", "999", "not-an-id"])
    assert [product.remote_id for product in page.products] == ["30"]


def test_a_bad_product_is_reported_and_the_page_goes_on(demo):
    demo.script.products[0]["price"] = "abc"
    demo.script.products[1]["price"] = "-1.0000"
    (page,) = demo.connector().products.pages()
    assert len(page.products) == 17
    assert [(bad.remote_id, bad.code) for bad in page.bad] == [("28", "bad_price"), ("29", "bad_price")]


def test_a_variant_on_another_page_finds_its_master(demo):
    variant = demo.script.products[0] | {
        "product_id": "60",
        "master_id": "30",
        "variant": '{"226":"15"}',
        "model": "Product 3-RED",
    }
    demo.script.products.append(variant)
    pages = list(demo.connector(settings={"page_size": 19}).products.pages())
    master = next(p for p in pages[0].products if p.remote_id == "30")
    assert (master.is_parent, [v.key for v in master.variations]) == (True, ["o:5=40"])
    assert pages[1].products[0].options == (("Select", "Red"),)


def test_words_made_meanwhile_are_asked_for_again(demo):
    connector = demo.connector()
    list(connector.products.pages())
    asked = [one.resource for one in demo.asked]
    assert asked.count("options") == 1
    connector.products.fetch(["28"])
    assert [one.resource for one in demo.asked].count("options") == 1
    demo.script.products[0]["options"] = [{"product_option_id": "9", "option_id": "99", "type": "select", "values": []}]
    connector.products.fetch(["28"])
    assert [one.resource for one in demo.asked].count("options") == 2


def test_a_page_above_the_size_cap_is_asked_again_at_half_the_size(demo, monkeypatch):
    connector = demo.connector(settings={"page_size": 8, "order_page_size": 8})
    real = connector.products._session.client.get

    def capped(resource, **parameters):
        if resource in {"products", "orders"} and parameters["limit"] > 2:
            raise AnswerTooLarge(host="h", megabytes=32)
        return real(resource, **parameters)

    monkeypatch.setattr(connector.products._session.client, "get", capped)
    assert sum(len(page.products) for page in connector.products.pages()) == 19
    assert [page.cursor for page in connector.orders.pages("0")] == ["2", "4", "6", "8", "10"]


def test_a_cursor_that_does_not_move_is_no_endless_loop(shop):
    rows = good(stored("products-4.1.0.4")[:1], following=0)
    shop.script = lambda asked: rows if asked.resource == "products" else DemoShop()(asked)
    refused(lambda: list(shop.connector().products.pages()), errors.WrongShape)


def test_categories_come_parents_first_and_whole(demo):
    found = list(demo.connector().products.categories())
    assert [payloads.written(one) for one in found] == payloads.expected("categories")
    seen = set()
    for category in found:
        assert category.parent_id is None or category.parent_id in seen
        seen.add(category.remote_id)


def test_categories_in_a_circle_or_without_name_harm_nobody(shop):
    def row(number, parent, name="x"):
        return {"category_id": number, "parent_id": parent, "descriptions": [{"language_id": 1, "name": name}]}

    rows = [row(1, 2), row(2, 1), row(3, 99), row(4, 4), row(5, 0, ""), {"category_id": None}]
    shop.script = lambda asked: good(rows) if asked.resource == "categories" else DemoShop()(asked)
    found = list(shop.connector().products.categories())
    bad = [(one.remote_id, one.code) for one in found if isinstance(one, BadItem)]
    assert bad == [("", "bad_row"), ("5", "missing_name")]
    good_ones = [(one.remote_id, one.parent_id) for one in found if not isinstance(one, BadItem)]
    assert good_ones == [("2", None), ("1", "2"), ("3", None), ("4", None)]


def test_brands_and_attributes_are_read(demo):
    products = demo.connector().products
    assert next(iter(products.brands())) == ChannelBrand(remote_id="5", name="HTC")
    assert list(products.attributes())[2] == ChannelAttribute(remote_id="3", name="Clockspeed", group="Processor")


# --------------------------------------------------------------------------- orders


def test_an_order_that_changed_again_comes_behind_those_that_did_not(demo):
    page = next(iter(demo.connector(settings={"order_page_size": 5}).orders.pages("2")))
    assert [(order.remote_id, order.version) for order in page.orders] == [
        ("5", 5),
        ("7", 6),
        ("8", 7),
        ("3", 9),
        ("4", 10),
    ]


# cases 1 and 2
def test_orders_are_read_by_history_and_carts_never_come(demo):
    pages = list(demo.connector(settings={"order_page_size": 4}).orders.pages("0"))
    assert [page.cursor for page in pages] == ["4", "8", "10"]
    assert [page.more for page in pages] == [True, True, False]
    assert [[order.remote_id for order in page.orders] for page in pages] == [
        ["1", "2", "3", "4"],
        ["5", "7", "8", "3"],
        ["3", "4"],
    ]
    assert pages[0].gone == ["77"]


def test_reading_starts_ninety_days_back(demo):
    orders = demo.connector().orders
    assert orders.start(90) == "2"
    (page,) = orders.pages("2")
    assert [order.remote_id for order in page.orders] == ["5", "7", "8", "3", "4"]


def test_nothing_new_is_one_empty_page(demo):
    (page,) = demo.connector().orders.pages("10")
    assert (page.orders, page.cursor, page.more) == ([], "10", False)


# case 17
def test_deleted_orders_are_told(demo):
    orders = demo.connector().orders
    page = orders.fetch(["3", "99", "x"])
    assert [order.remote_id for order in page.orders] == ["3"]
    assert (sorted(page.gone), page.cursor) == (["99", "x"], "")
    assert orders.states(["99", "3"]) == [
        OrderState(remote_id="99", status_id=None, version=0),
        OrderState(remote_id="3", status_id="3", version=9),
    ]


def test_a_bad_order_is_reported_and_the_page_goes_on(demo):
    demo.script.orders[0]["order"]["total"] = "abc"
    (page,) = demo.connector().orders.pages("0")
    assert [(bad.kind, bad.remote_id, bad.code) for bad in page.bad] == [("order", "1", "bad_price")]
    assert page.bad[0].detail == "$.order.total: Invalid decimal string"
    assert len(page.orders) == 6


# case 27
def test_the_clock_of_the_answer_gives_times_their_zone(demo):
    order = demo.connector().orders.fetch(["1"]).orders[0]
    assert order.placed_at == datetime(2026, 11, 21, 17, 17, 44, tzinfo=UTC)


def test_an_answer_without_a_clock_is_refused(shop):
    torn = Reply(body=b'{"data": [], "meta": {"protocol": 1}}')
    shop.script = lambda asked: torn if asked.resource == "order" else DemoShop()(asked)
    refused(lambda: shop.connector().orders.fetch(["1"]), errors.WrongShape)


def test_many_ids_go_in_several_requests(demo):
    demo.connector().orders.states([str(number) for number in range(1, 1001)])
    sizes = [len(asked.query["ids"].split(",")) for asked in demo.asked if asked.resource == "order_states"]
    assert sizes == [400, 400, 200]
    assert session.IDS_AT_ONCE == 400
    assert max(len(asked.target) for asked in demo.asked) < 4000
