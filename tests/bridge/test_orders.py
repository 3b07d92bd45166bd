"""Statuses and shipments through the shop's own model, once for each key; what happens when the shop misbehaves."""

from __future__ import annotations

import pytest

from tests.bridge.client import Reply
from tests.bridge.shops import Shop

pytestmark = pytest.mark.php


def history(shop: Shop, **fields: object) -> Reply:
    return shop.client.post(
        "order_history",
        {
            "key": "h1",
            "order_id": 1,
            "order_status_id": 7,
            "comment": "",
            "notify": False,
            "expect_status": None,
            **fields,
        },
    )


def shipment(shop: Shop, **fields: object) -> Reply:
    body = {
        "key": "s1",
        "order_id": 1,
        "carrier": "CJ & Co",
        "tracking_number": "123-4",
        "tracking_url": "https://t.example/?a=1&b=2",
    }
    return shop.client.post("shipment", body | fields)


def rows(shop: Shop) -> list[list[str | None]]:
    return shop.sql(
        "SELECT order_id, order_status_id, notify, comment FROM #order_history"
        " WHERE order_history_id > 4 ORDER BY order_history_id"
    )


def quantity(shop: Shop) -> str | None:
    return shop.one("SELECT quantity FROM #product WHERE product_id=28")


def test_a_status_goes_through_the_shops_model_and_moves_stock(shop: Shop) -> None:
    reply = history(shop, comment='cancel & "restock" <김>', notify=True)
    assert reply.data == {"repeated": False, "order_history_id": 5, "order_status_id": 7}
    assert rows(shop) == [["1", "7", "1", "cancel &amp; &quot;restock&quot; &lt;김&gt;"]]
    assert quantity(shop) == "6"


def test_a_repeated_key_is_answered_and_not_done_again(shop: Shop) -> None:
    first = history(shop).data
    assert history(shop).data == first | {"repeated": True}
    assert (len(rows(shop)), quantity(shop)) == (1, "6")


def test_a_key_with_another_body_is_a_conflict(shop: Shop) -> None:
    history(shop)
    reply = history(shop, order_status_id=5)
    assert (reply.code, reply.error["detail"]) == ((409, "conflict"), {"key": "h1"})
    assert len(rows(shop)) == 1


def test_an_order_that_moved_on_is_a_conflict_that_frees_the_key(shop: Shop) -> None:
    reply = history(shop, expect_status=2)
    assert (reply.code, reply.error["detail"]) == ((409, "conflict"), {"order_status_id": 1})
    assert (rows(shop), quantity(shop)) == ([], "5")
    shop.sql("UPDATE #order SET order_status_id=2 WHERE order_id=1")
    assert history(shop, expect_status=2).data["repeated"] is False


@pytest.mark.parametrize("status", [99, 0, 4])
def test_a_status_the_shop_does_not_have_is_refused(shop: Shop, status: int) -> None:
    reply = history(shop, order_status_id=status)
    assert (reply.code, reply.error["detail"]) == ((422, "invalid"), {"field": "order_status_id", "reason": "unknown"})
    assert (rows(shop), quantity(shop)) == ([], "5")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": "a b"}, "key"),
        ({"key": "k" * 129}, "key"),
        ({"order_id": "x"}, "order_id"),
        ({"notify": "yes"}, "notify"),
        ({"comment": ["x"]}, "comment"),
        ({"comment": "x" * 65536}, "comment"),
    ],
)
def test_a_malformed_history_is_refused(shop41: Shop, fields: dict[str, object], field: str) -> None:
    reply = history(shop41, **fields)
    assert (reply.code, reply.error["detail"]["field"]) == ((422, "invalid"), field)
    assert rows(shop41) == []


def test_an_unknown_order_is_not_found(shop: Shop) -> None:
    assert history(shop, order_id=77).code == (404, "not_found")


def test_an_abandoned_order_can_be_made_real(shop: Shop) -> None:
    assert history(shop, order_id=2, order_status_id=1, expect_status=0).data["order_status_id"] == 1
    assert rows(shop) == [["2", "1", "0", ""]]


def test_a_shipment_is_kept_and_told_to_the_buyer(shop: Shop) -> None:
    reply = shipment(shop, order_status_id=3, notify=True)
    assert reply.data == {"repeated": False, "shipment_id": 1, "order_history_id": 5}
    assert rows(shop) == [["1", "3", "1", "CJ &amp; Co 123-4\\nhttps://t.example/?a=1&amp;b=2"]]
    kept = shop.client.get("order", ids=1).data[0]["shipments"]
    assert kept == [
        {
            "shipment_id": "1",
            "carrier": "CJ &amp; Co",
            "tracking_number": "123-4",
            "tracking_url": "https://t.example/?a=1&amp;b=2",
            "date_added": kept[0]["date_added"],
        }
    ]
    assert shipment(shop, order_status_id=3, notify=True).data == reply.data | {"repeated": True}
    assert len(rows(shop)) == 1
    assert shipment(shop, order_status_id=3, tracking_number="9").code == (409, "conflict")


def test_a_shipment_without_a_status_keeps_the_present_one(shop: Shop) -> None:
    assert shipment(shop, comment="on its way").data["repeated"] is False
    assert rows(shop) == [["1", "1", "0", "on its way"]]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"carrier": " "}, "carrier"),
        ({"tracking_number": None}, "tracking_number"),
        ({"tracking_number": "x" * 129}, "tracking_number"),
        ({"tracking_url": "javascript:alert(1)"}, "tracking_url"),
        ({"order_status_id": 99}, "order_status_id"),
        ({"order_id": 2}, "order_id"),
    ],
)
def test_a_malformed_shipment_is_refused(shop: Shop, fields: dict[str, object], field: str) -> None:
    reply = shipment(shop, **fields)
    assert (reply.code, reply.error["detail"]["field"]) == ((422, "invalid"), field)
    assert rows(shop) == []
    assert shop.one("SELECT COUNT(*) FROM #oms_bridge_shipment") == "0"


def test_warnings_and_prints_of_the_shop_are_swallowed_and_counted(shop: Shop) -> None:
    shop.wart("model_warns")
    reply = history(shop)
    assert reply.data["order_status_id"] == 7
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert reply.json["meta"]["warnings"] == 2
    assert "Deprecated thing" in (shop.notes / "log").read_text()


def test_warnings_of_other_extensions_before_us_are_swallowed_on_4(shop4: Shop) -> None:
    shop4.wart("warns_before")
    reply = shop4.client.get("order_cursor")
    assert (reply.status, reply.data, reply.json["meta"]["warnings"]) == (200, {"after_history_id": 4}, 1)
    assert shop4.client.get("nonsense").code == (404, "unknown_resource")


def test_a_shop_that_exits_in_the_middle_is_answered_as_internal(shop: Shop) -> None:
    shop.wart("model_exits")
    reply = history(shop)
    assert reply.code == (500, "internal")
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert reply.error["detail"]["reference"] in (shop.notes / "log").read_text()
    assert (rows(shop), quantity(shop)) == ([], "5")
    shop.wart("")
    assert history(shop).data == {"repeated": False, "order_history_id": 5, "order_status_id": 7}
    assert len(rows(shop)) == 1


def test_a_shop_that_runs_out_of_memory_is_answered_as_internal(shop: Shop) -> None:
    shop.wart("model_runs_out")
    reply = history(shop)
    assert reply.code == (500, "internal")
    assert "Allowed memory size" in (shop.notes / "log").read_text()
    assert b"Allowed memory" not in reply.raw


def test_a_shop_that_dies_after_writing_is_not_made_to_write_twice(shop: Shop) -> None:
    shop.wart("model_dies_after")
    assert history(shop, comment="once").code == (500, "internal")
    assert (len(rows(shop)), quantity(shop)) == (1, "6")
    shop.wart("")
    assert history(shop, comment="once").data == {"repeated": False, "order_history_id": 5, "order_status_id": 7}
    assert (len(rows(shop)), quantity(shop)) == (1, "6")
    assert history(shop, comment="once").data["repeated"] is True


def test_a_database_error_is_internal_and_its_sql_stays_in_the_log(shop41: Shop) -> None:
    shop41.sql("DROP TABLE #manufacturer")
    reply = shop41.client.get("manufacturers")
    assert reply.code == (500, "internal")
    assert b"SELECT" not in reply.raw
    assert b"manufacturer" not in reply.raw.replace(b"reference", b"")


def test_maintenance_lets_the_bridge_through_on_4_and_closes_3(shop: Shop) -> None:
    shop.sql("UPDATE #setting SET value='1' WHERE `key`='config_maintenance'")
    target = shop.client.target("info")
    reply = shop.client.send("GET", target, headers=shop.client.headers("GET", target, b""))
    if shop.generation.line == "oc4":
        assert reply.data["shop"]["maintenance"] is True
        assert shop.page("product/product").status == 503
    else:
        assert (reply.status, reply.raw[:6]) == (503, b"<html>")
