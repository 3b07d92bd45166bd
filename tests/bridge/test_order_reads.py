"""Orders by history cursor and by id, whole and with a fixed number of queries."""

from __future__ import annotations

import pytest

from tests.bridge.shops import Shop

pytestmark = pytest.mark.php


def test_orders_by_history_cursor_name_each_order_once_in_the_order_of_its_newest_row(shop: Shop) -> None:
    reply = shop.client.get("orders", after_history_id=0)
    assert [row["order"]["order_id"] for row in reply.data] == ["1", "3"]
    assert reply.json["next"] is None
    assert (reply.json["meta"]["cursor"], reply.json["meta"]["gone"]) == (4, [4])
    first = shop.client.get("orders", after_history_id=0, limit=2)
    assert [row["order"]["order_id"] for row in first.data] == ["1", "3"]
    assert (first.json["next"], first.json["meta"]["cursor"]) == (2, 2)
    second = shop.client.get("orders", after_history_id=2, limit=2)
    assert [row["order"]["order_id"] for row in second.data] == ["3"]
    assert (second.json["next"], second.json["meta"]["cursor"], second.json["meta"]["gone"]) == (None, 4, [4])
    nothing = shop.client.get("orders", after_history_id=4)
    assert (nothing.data, nothing.json["next"], nothing.json["meta"]["cursor"]) == ([], None, 4)


def test_an_order_is_reported_whole(shop: Shop) -> None:
    g = shop.generation
    order = shop.client.get("order", ids="1").data[0]
    assert order["order"]["lastname"] == "O'Brien &amp; Søns"
    assert set(order["order"]) & {"ip", "forwarded_ip", "user_agent", "accept_language"} == set()
    lines = order["order_product"]
    assert [
        (line["order_product_id"], line["product_id"], line["quantity"], line["price"], line["tax"]) for line in lines
    ] == [
        ("1", "30", "2", "95.0000", "9.5000"),
        ("2", "28", "1", "50.0000", "0.0000"),
    ]
    assert ("master_id" in lines[0]) is g.variants
    chosen, free, gone = lines[0]["options"]
    assert chosen == {
        "order_option_id": "1",
        "product_option_id": "226",
        "product_option_value_id": "16",
        "name": "Colour",
        "value": "Blue",
        "type": "select",
        "option_id": "5",
        "option_value_id": "40",
    }
    assert (free["value"], free["option_id"], free["option_value_id"]) == ("noon", None, None)
    assert (gone["value"], gone["option_id"], gone["option_value_id"]) == ("Green", None, None)
    assert lines[1]["options"] == []
    assert [total["code"] for total in order["order_total"]] == ["sub_total", "total"]
    assert order["order_history"] == [
        {
            "order_history_id": "1",
            "order_status_id": "1",
            "notify": "0",
            "comment": "",
            "date_added": "2026-01-05 10:00:00",
        }
    ]
    assert (order["order_voucher"], order["shipments"]) == ([], [])


def test_an_orders_addresses_carry_the_codes_of_their_countries(shop: Shop) -> None:
    """Order 1 has no payment address, order 2 a country without codes, order 3 one that was deleted."""
    names = [f"{side}_iso_code_{digits}" for side in ("payment", "shipping") for digits in (2, 3)]
    orders = shop.client.get("order", ids="1,2,3").data
    assert [[row["order"][name] for name in names] for row in orders] == [
        [None, None, "KR", "KOR"],
        [None, None, None, None],
        ["GB", "GBR", None, None],
    ]
    assert [row["order"]["shipping_country_id"] for row in orders] == ["113", "0", "999"]


def test_rows_just_before_the_cursor_are_told_again_while_they_are_new(shop: Shop) -> None:
    """Rows 1 to 4 are of order 1, 3, 4 (gone) and 3; only the last two are younger than two hours."""
    now = shop.client.get("order_cursor").json["meta"]["clock"]["shop"]
    for minutes, which in ((121, "< 3"), (119, ">= 3")):
        shop.sql(
            "UPDATE #order_history"  # noqa: S608 - a test's own SQL on its own database
            f" SET date_added = '{now}' - INTERVAL {minutes} MINUTE WHERE order_history_id {which}"
        )

    def told(**asked: int) -> object:
        reply = shop.client.get("orders", **asked)
        ids = [int(row["order"]["order_id"]) for row in reply.data]
        return ids, reply.json["meta"]["gone"], reply.json["meta"]["cursor"], reply.json["next"]

    assert told(after_history_id=4) == ([], [], 4, None)
    assert told(after_history_id=4, overlap=1) == ([3], [], 4, None)
    assert told(after_history_id=4, overlap=25) == ([3], [4], 4, None)
    assert told(after_history_id=3, overlap=25, limit=1) == ([3], [4], 4, None)
    assert told(after_history_id=2, overlap=25, limit=1) == ([], [4], 3, 3)
    assert told(after_history_id=9, overlap=5) == ([], [], 9, None)
    assert told(after_history_id=9, overlap=6) == ([3], [], 9, None)
    assert shop.client.get("orders", after_history_id=4, overlap=501).code == (400, "bad_request")


def test_an_order_of_status_zero_is_told_and_a_missing_one_is_gone(shop: Shop) -> None:
    reply = shop.client.get("order", ids="2,77")
    assert [row["order"]["order_status_id"] for row in reply.data] == ["0"]
    assert reply.json["meta"]["gone"] == [77]


def test_order_states_by_id_and_by_page(shop: Shop) -> None:
    reply = shop.client.get("order_states", ids="3,2,99")
    assert reply.data == [
        {"order_id": "2", "order_status_id": "0", "last_history_id": "0"},
        {"order_id": "3", "order_status_id": "2", "last_history_id": "4"},
    ]
    assert reply.json["meta"]["gone"] == [99]
    page = shop.client.get("order_states", limit=2)
    assert ([row["order_id"] for row in page.data], page.json["next"]) == (["1", "2"], 2)


def test_the_cursor_of_ninety_days_ago(shop: Shop) -> None:
    shop.sql(
        "UPDATE #order_history SET date_added = NOW() - INTERVAL 10 DAY WHERE order_history_id > 2;"
        " UPDATE #order_history SET date_added = NOW() - INTERVAL 91 DAY WHERE order_history_id <= 2"
    )
    assert shop.client.get("order_cursor").data == {"after_history_id": 2}
    assert shop.client.get("order_cursor", days=92).data == {"after_history_id": 0}
    assert shop.client.get("order_cursor", days=5).data == {"after_history_id": 4}


def test_orders_cost_the_same_queries_for_one_and_for_many(shop41: Shop) -> None:
    log = shop41.count_queries()
    shop41.client.get("orders", after_history_id=3, overlap=1)
    one = sum("oms_bridge" not in line for line in log.read_text().splitlines())
    log.write_text("")
    shop41.client.get("orders", after_history_id=0, overlap=1)
    assert sum("oms_bridge" not in line for line in log.read_text().splitlines()) == one
