"""Looking an order up among a million: by few letters too, and without reading all of them."""

import json

import pytest
from django.db import connection

from entrepot.orders import services as orders
from entrepot.orders.queries import OrderFilter, _narrowed
from entrepot.orders.queries import orders as listed
from tests.books import MINA, draft, line, make_items, place_one


@pytest.fixture
def order(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    home = {"name": "김민준", "city": "서울특별시", "postcode": "04524"}
    return place_one(channel, draft("7", line(red, name="Wool sock"), shipping=home, buyer_name="김 민준"))


@pytest.mark.parametrize(
    "words", ["민준", "김민", "김민준", "특별시", "별시", "서울 민준", "wo", "ool", "#7", "7", "김"]
)
def test_an_order_is_found_by(order, words):
    assert [one.pk for one in listed(seller_id=order.seller_id, by=OrderFilter(search=words)).rows] == [order.pk]


@pytest.mark.parametrize("words", ["민서", "준김", "zq", "민준 zq"])
def test_an_order_is_not_found_by(order, words):
    assert listed(seller_id=order.seller_id, by=OrderFilter(search=words)).rows == []


@pytest.mark.parametrize(
    ("by", "index"),
    [
        (OrderFilter(search="민준"), "order_search_trgm"),
        (OrderFilter(search="wool"), "order_search_trgm"),
        (OrderFilter(tag="gift"), "order_tagged"),
        (OrderFilter(hold_code="person"), "order_held"),
    ],
    ids=["two letters", "a word", "a tag", "a hold"],
)
def test_the_list_is_read_by_an_index(channel, order, by, index):
    shirt = make_items(channel.seller, TEE=50)["TEE"]
    for number in range(100, 105):
        place_one(channel, draft(f"{number}", line(shirt, name="Linen shirt"), buyer_name="이서연", shipping=None))
    orders.tag(seller_id=order.seller_id, order_ids=[order.pk], add=["gift"], actor=MINA)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'orders_order' AND indexdef NOT LIKE '%UNIQUE%'"
        )
        others = {row[0] for row in cursor.fetchall()} - {"order_search_trgm", "order_tagged", "order_held"}
        cursor.execute(f"DROP INDEX {', '.join(others)}")
    plan = json.loads(_narrowed(order.seller_id, by).order_by("-placed_at", "-id").explain(format="json", analyze=True))
    nodes = list(every_node(plan[0]["Plan"]))
    assert [node["Index Name"] for node in nodes if "Index Name" in node] == [index]
    removed = [node.get("Rows Removed by Index Recheck", 0) + node.get("Rows Removed by Filter", 0) for node in nodes]
    assert removed == [0] * len(nodes)  # a reading of the whole index would have thrown the other five away


def every_node(node):
    yield node
    for inner in node.get("Plans", ()):
        yield from every_node(inner)
