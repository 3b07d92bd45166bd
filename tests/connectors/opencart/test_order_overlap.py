"""A history row that shows itself late, with a lower id than the cursor, is not missed; nothing else gets dearer."""

import msgspec
import pytest

from entrepot.connectors.contract import Surroundings
from entrepot.connectors.http import AnswerTooLarge
from entrepot.connectors.opencart.simulator import Item, Shop, SimulatorServer
from entrepot.connectors.opencart.sources import ORDER_OVERLAP
from entrepot.connectors.opencart.type import OPENCART
from tests.connectors.opencart.scripted import Journal


class Reader:
    """A connector on a simulated shop, and what it asked."""

    def __init__(self, server, journal):
        self.server, self.shop, self.journal = server, server.shop, journal
        self.settings = {}
        around = Surroundings(journal=journal, settings=self.settings)
        self.connector = OPENCART.open({"domain_url": server.url, "secret_key": server.secret}, around)
        self.orders = self.connector.orders

    def read(self, cursor):
        """Order ids and cursor of each page, and how the last one ended."""
        pages = list(self.orders.pages(cursor))
        assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]
        return [([int(order.remote_id) for order in page.orders], page.cursor) for page in pages]

    def bytes_of_orders(self):
        return [len(call.response_body) for call in self.journal.calls if "resource=orders" in call.url]


@pytest.fixture(params=["4.1", "4.0", "3.0"])
def reader(request):
    with SimulatorServer(Shop.demo(line=request.param), secret="a-secret-of-the-tests") as server:
        reader = Reader(server, Journal())
        yield reader
        reader.connector.close()


@pytest.fixture
def end(reader):
    """The cursor behind all there is."""
    return reader.read("0")[-1][1]


def test_a_row_that_appears_late_with_a_lower_id_than_the_cursor_is_not_missed(reader, end):
    cart = reader.shop.place_order([Item(28, 1)], confirm=False)
    allotted = reader.shop.allot_history_id()
    quick = reader.shop.place_order([Item(40, 1)])
    [(first, cursor)] = reader.read(end)
    reader.shop.confirm_order(cart, history_id=allotted)
    [(second, after)] = reader.read(cursor)

    assert (first, int(cursor) > allotted) == ([quick], True)
    assert second == [cart, quick]
    assert after == cursor


def test_a_row_late_by_as_many_ids_as_the_overlap_is_not_missed(reader, end):
    """The last id that is looked at again; one further back would be lost."""
    carts = [reader.shop.place_order([Item(28, 1)], confirm=False) for _ in range(2)]
    too_late, just_in_time = (reader.shop.allot_history_id() for _ in range(2))
    for _ in range(ORDER_OVERLAP - 1):
        reader.shop.place_order([Item(43, 1)])
    cursor = reader.read(end)[-1][1]
    reader.shop.confirm_order(carts[0], history_id=too_late)
    reader.shop.confirm_order(carts[1], history_id=just_in_time)
    [(told, after)] = reader.read(cursor)

    assert (int(cursor) - just_in_time, after) == (ORDER_OVERLAP - 1, cursor)
    assert (carts[0] in told, carts[1] in told) == (False, True)
    assert len(told) == ORDER_OVERLAP


def test_a_row_that_appears_between_two_pages_is_not_missed(reader, end):
    reader.settings["order_page_size"] = 2
    cart = reader.shop.place_order([Item(28, 1)], confirm=False)
    allotted = reader.shop.allot_history_id()
    for _ in range(3):
        reader.shop.place_order([Item(43, 1)])
    pages = reader.orders.pages(end)
    first = next(pages)
    reader.shop.confirm_order(cart, history_id=allotted)
    rest = [order.remote_id for page in pages for order in page.orders]

    assert str(cart) not in [order.remote_id for order in first.orders]
    assert str(cart) in rest


def test_the_cursor_never_goes_back_and_small_pages_come_to_an_end(reader, end):
    reader.settings["order_page_size"] = 1
    placed = [reader.shop.place_order([Item(28, 1)]) for _ in range(3)]
    start = int(end)

    assert [cursor for _, cursor in reader.read(end)] == [str(start + step) for step in (1, 2, 3)]
    assert reader.read(str(start + 3)) == [(placed, str(start + 3))]
    assert reader.read(str(start + 2)) == [(placed, str(start + 3))]


def test_a_quiet_shop_repeats_nothing(reader, end):
    reader.shop.clock.skew = -2 * 3600 - 5
    placed = reader.shop.place_order([Item(28, 1)])
    reader.shop.clock.skew = 0
    [(told, cursor)] = reader.read(end)
    reader.journal.calls.clear()

    assert (told, reader.read(cursor)) == ([placed], [([], cursor)])
    assert len(reader.bytes_of_orders()) == 1
    assert max(reader.bytes_of_orders()) < 300


def test_repeats_of_a_busy_shop_stay_small(reader, end):
    for _ in range(40):
        reader.shop.place_order([Item(28, 1), Item(40, 1)])
    cursor = reader.read(end)[-1][1]
    reader.journal.calls.clear()
    [(told, after)] = reader.read(cursor)

    assert (len(told), after) == (ORDER_OVERLAP, cursor)
    assert len(reader.bytes_of_orders()) == 1
    assert sum(reader.bytes_of_orders()) < 100_000


def test_an_order_told_again_is_word_for_word_the_same(reader, end):
    reader.shop.place_order([Item(28, 1)])
    (first,) = reader.orders.pages(end)
    (second,) = reader.orders.pages(first.cursor)

    assert msgspec.json.encode(first.orders) == msgspec.json.encode(second.orders)


def test_an_overlap_above_the_size_cap_is_halved_with_the_page(reader, end, monkeypatch):
    reader.settings["order_page_size"] = 4
    orders, asked = reader.orders, []
    real = orders._session.client.get

    def capped(resource, **parameters):
        if resource == "orders":
            asked.append((parameters["limit"], parameters["overlap"]))
            if parameters["limit"] + parameters["overlap"] > 1:
                raise AnswerTooLarge(host="h", megabytes=32)
        return real(resource, **parameters)

    monkeypatch.setattr(orders._session.client, "get", capped)
    (page,) = orders.pages(end)

    assert asked == [(4, 25), (2, 12), (1, 6), (1, 3), (1, 1), (1, 0)]
    assert page.cursor == end
