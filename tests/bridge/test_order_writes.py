"""Statuses and shipments of many orders in one call: each as if it had come alone."""

from __future__ import annotations

import pytest

from tests.bridge.client import Reply
from tests.bridge.shops import Shop

pytestmark = pytest.mark.php


def status(order_id: int, status_id: int, **fields: object) -> dict[str, object]:
    body = {"order_id": order_id, "order_status_id": status_id, "comment": "", "notify": False, "expect_status": None}
    return {"ref": f"h{order_id}", "write": "order_history", "key": f"h{order_id}", **body, **fields}


def parcel(order_id: int, **fields: object) -> dict[str, object]:
    body = {"order_id": order_id, "carrier": "CJ & Co", "tracking_number": f"{order_id}23-4"}
    return {"ref": f"s{order_id}", "write": "shipment", "key": f"s{order_id}", **body, **fields}


def send(shop: Shop, *items: dict[str, object]) -> Reply:
    return shop.client.post("order_writes", {"items": list(items)})


def told(reply: Reply) -> list[tuple[object, ...]]:
    return [
        (row["ref"], row["repeated"]) if row["ok"] else (row["ref"], row["error"]["code"], row["error"]["detail"])
        for row in reply.data
    ]


def rows(shop: Shop) -> list[list[str | None]]:
    return shop.sql(
        "SELECT order_id, order_status_id, notify, comment FROM #order_history"
        " WHERE order_history_id > 4 ORDER BY order_history_id"
    )


def quantity(shop: Shop) -> str | None:
    return shop.one("SELECT quantity FROM #product WHERE product_id=28")


def test_statuses_and_parcels_of_several_orders_are_written_in_the_order_given(shop: Shop) -> None:
    reply = send(shop, status(1, 7, comment="<김>", notify=True), parcel(3), status(3, 3))
    assert reply.data == [
        {"ref": "h1", "ok": True, "repeated": False, "order_history_id": 5, "order_status_id": 7},
        {"ref": "s3", "ok": True, "repeated": False, "shipment_id": 1, "order_history_id": 6},
        {"ref": "h3", "ok": True, "repeated": False, "order_history_id": 7, "order_status_id": 3},
    ]
    present = "2"
    assert rows(shop) == [["1", "7", "1", "&lt;김&gt;"], ["3", present, "0", "CJ &amp; Co 323-4"], ["3", "3", "0", ""]]
    assert quantity(shop) == "6"
    events = shop.sql("SELECT kind, object_id, origin FROM #oms_bridge_event ORDER BY event_id")
    assert events[-3:] == [["order.history", order_id, "oms"] for order_id in ("1", "3", "3")]


def test_a_repeated_list_does_what_is_missing_and_nothing_twice(shop: Shop) -> None:
    first = send(shop, status(1, 7), parcel(3)).data
    again = send(shop, status(1, 7), parcel(3), status(3, 3)).data
    assert again[:2] == [row | {"repeated": True} for row in first]
    assert again[2]["repeated"] is False
    assert (len(rows(shop)), quantity(shop)) == (3, "6")


def test_a_key_is_the_same_whether_its_write_came_alone_or_in_a_list(shop: Shop) -> None:
    alone = {name: value for name, value in status(1, 7).items() if name not in {"ref", "write"}}
    first = shop.client.post("order_history", alone).data
    [repeated] = send(shop, status(1, 7)).data
    assert repeated == {"ref": "h1", "ok": True, **first, "repeated": True}
    assert (len(rows(shop)), quantity(shop)) == (1, "6")


def test_a_bad_item_is_refused_and_the_good_ones_are_written(shop: Shop) -> None:
    reply = send(
        shop,
        status(1, 99),
        status(77, 7),
        parcel(3, carrier=" "),
        status(3, 3, key="conflict", expect_status=14),
        {"ref": "w", "write": "nonsense", "key": "w"},
        status(3, 3),
    )
    assert told(reply) == [
        ("h1", "invalid", {"field": "order_status_id", "reason": "unknown"}),
        ("h77", "not_found", {"order_id": 77}),
        ("s3", "invalid", {"field": "carrier", "reason": "missing"}),
        ("h3", "conflict", {"order_status_id": 2}),
        ("w", "invalid", {"field": "write", "reason": "unknown"}),
        ("h3", False),
    ]
    assert [row[:2] for row in rows(shop)] == [["3", "3"]]
    assert (quantity(shop), shop.one("SELECT COUNT(*) FROM #oms_bridge_shipment")) == ("5", "0")


def test_an_order_the_shop_throws_at_stops_no_other(shop: Shop) -> None:
    shop.wart("model_throws:1")
    reply = send(shop, status(1, 7), status(3, 3))
    assert [row["ok"] for row in reply.data] == [False, True]
    error = reply.data[0]["error"]
    assert error["code"] == "internal"
    assert error["detail"]["reference"] in (shop.notes / "log").read_text()
    assert ([row[:2] for row in rows(shop)], quantity(shop)) == ([["3", "3"]], "5")
    shop.wart("")
    assert told(send(shop, status(1, 7), status(3, 3))) == [("h1", False), ("h3", True)]
    assert quantity(shop) == "6"


def test_a_request_that_ends_in_the_middle_keeps_what_was_done_and_does_the_rest_when_repeated(shop: Shop) -> None:
    shop.wart("model_exits:1")
    assert send(shop, status(3, 3), status(1, 7)).code == (500, "internal")
    assert ([row[:2] for row in rows(shop)], quantity(shop)) == ([["3", "3"]], "5")
    shop.wart("")
    assert told(send(shop, status(3, 3), status(1, 7))) == [("h3", True), ("h1", False)]
    assert ([row[:2] for row in rows(shop)], quantity(shop)) == ([["3", "3"], ["1", "7"]], "6")


def test_a_request_that_dies_after_a_write_does_not_write_it_twice(shop: Shop) -> None:
    shop.wart("model_dies_after")
    assert send(shop, status(1, 7, comment="once"), status(3, 3)).code == (500, "internal")
    assert (len(rows(shop)), quantity(shop)) == (1, "6")
    shop.wart("")
    assert told(send(shop, status(1, 7, comment="once"), status(3, 3))) == [("h1", False), ("h3", False)]
    assert ([row[:2] for row in rows(shop)], quantity(shop)) == ([["1", "7"], ["3", "3"]], "6")


def test_a_slow_shop_leaves_the_rest_for_another_call(shop41: Shop) -> None:
    shop41.wart("model_is_slow")
    reply = send(shop41, status(1, 7), status(3, 3), status(3, 5, key="late", ref="late"))
    assert told(reply) == [("h1", False), ("h3", False), ("late", "not_reached", {})]
    assert [row[:2] for row in rows(shop41)] == [["1", "7"], ["3", "3"]]
    shop41.wart("")
    assert told(send(shop41, status(3, 5, key="late", ref="late"))) == [("late", False)]


def test_a_hundred_items_are_the_most_and_the_shop_says_so(shop41: Shop) -> None:
    assert shop41.client.get("info").data["limits"]["max_order_writes"] == 100
    reply = send(shop41, *(status(1, 1, key=f"k{number}") for number in range(101)))
    assert (reply.code, reply.error["detail"]) == ((400, "bad_request"), {"field": "items"})
    assert rows(shop41) == []
