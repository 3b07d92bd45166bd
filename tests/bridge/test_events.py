"""The outbox and the webhook that empties it."""
# ruff: noqa: S608 - a test's own SQL on its own database

from __future__ import annotations

import json
import time

import pytest

from tests.bridge.client import SECRET, sign
from tests.bridge.hooks import Listener
from tests.bridge.shops import Shop, wait_for

pytestmark = pytest.mark.php


def fire(shop: Shop, event: str, args: list[object], output: object = None) -> None:
    assert shop.page("harness/event", event=event, args=json.dumps(args), output=json.dumps(output)).raw == b"page"


def facts(shop: Shop, after: int = 0) -> list[tuple[object, ...]]:
    return [(e["kind"], e["object_id"], e["detail"], e["origin"]) for e in shop.client.get("events", after=after).data]


def pending(shop: Shop) -> int:
    return shop.client.get("info").data["webhook"]["pending"]


def test_a_status_set_in_the_shop_is_in_the_outbox(shop: Shop) -> None:
    shop.page("harness/status", order_id=1, status=7)
    event = shop.client.get("events").data[0]
    created = event.pop("created_at")
    assert event == {
        "event_id": 1,
        "kind": "order.history",
        "object_id": 1,
        "detail": {"order_status_id": 7, "order_history_id": 5},
        "origin": "shop",
    }
    assert created.endswith("Z")
    assert abs(time.mktime(time.strptime(created, "%Y-%m-%dT%H:%M:%SZ")) - time.mktime(time.gmtime())) < 10


def test_a_status_set_by_entrepot_is_marked_oms(shop: Shop) -> None:
    shop.client.post("order_history", {"key": "k", "order_id": 1, "order_status_id": 7})
    shop.page("harness/status", order_id=1, status=2)
    assert [(f[2], f[3]) for f in facts(shop)] == [
        ({"order_status_id": 7, "order_history_id": 5}, "oms"),
        ({"order_status_id": 2, "order_history_id": 6}, "shop"),
    ]


def test_orders_and_products_of_the_shop_are_told(shop: Shop) -> None:
    dot = "." if shop.generation.version == "4.1.0.4" else "/"
    fire(shop, f"catalog/model/checkout/order{dot}addOrder/after", [{"firstname": "Kim"}], 12)
    fire(shop, f"catalog/model/checkout/order{dot}deleteOrder/after", [3])
    expected = [("order.added", 12, {}, "shop"), ("order.deleted", 3, {}, "shop")]
    if shop.generation.line == "oc4":
        fire(shop, f"admin/model/catalog/product{dot}addProduct/after", [{"model": "x"}], 61)
        fire(shop, f"admin/model/catalog/product{dot}editProduct/after", [30, {}])
        fire(shop, f"admin/model/catalog/product{dot}deleteProduct/after", [31])
        fire(shop, f"admin/model/sale/order{dot}deleteOrder/after", [4])
        expected += [
            ("product.saved", 61, {}, "shop"),
            ("product.saved", 30, {}, "shop"),
            ("product.deleted", 31, {}, "shop"),
            ("order.deleted", 4, {}, "shop"),
        ]
    assert facts(shop) == expected


def test_events_are_paged_by_cursor(shop41: Shop) -> None:
    for order_id in range(1, 6):
        fire(shop41, "catalog/model/checkout/order.deleteOrder/after", [order_id])
    first = shop41.client.get("events", after=0, limit=3)
    assert ([e["object_id"] for e in first.data], first.json["next"]) == ([1, 2, 3], 3)
    last = shop41.client.get("events", after=3, limit=3)
    assert ([e["object_id"] for e in last.data], last.json["next"]) == ([4, 5], None)


def test_a_visitor_cannot_make_events(shop: Shop) -> None:
    assert shop.page("extension/oms_bridge/event").raw == b"page"
    assert facts(shop) == []


def test_a_broken_outbox_never_reaches_the_buyer(shop: Shop) -> None:
    shop.sql("DROP TABLE #oms_bridge_event")
    reply = shop.page("harness/status", order_id=1, status=7)
    assert (reply.status, reply.raw) == (200, b'{"success": "done"}')
    assert shop.one("SELECT order_status_id FROM #order WHERE order_id=1") == "7"


def test_a_bridge_that_is_off_writes_no_events(shop41: Shop) -> None:
    shop41.setting("enabled", "0")
    shop41.page("harness/status", order_id=1, status=7)
    assert shop41.one("SELECT COUNT(*) FROM #oms_bridge_event") == "0"


def test_an_event_is_pushed_signed_after_the_page(shop: Shop, listener: Listener) -> None:
    assert shop.client.post("webhook", {"url": listener.url}).data == {
        "url": listener.url,
        "enabled": True,
        "pending": 0,
        "last_error": None,
    }
    shop.page("harness/status", order_id=1, status=7)
    wait_for(lambda: len(listener.deliveries) == 1)
    delivery = listener.deliveries[0]
    headers = delivery.headers
    assert delivery.target == "/hooks/opencart?store=7"
    assert headers["Content-Type"] == "application/json"
    assert abs(int(headers["X-Oms-Timestamp"]) - time.time()) < 10
    assert headers["X-Oms-Signature"] == sign(
        SECRET, "POST", delivery.target, headers["X-Oms-Timestamp"], headers["X-Oms-Nonce"], delivery.body
    )
    assert delivery.json["shop"] == shop.one("SELECT value FROM #oms_bridge_setting WHERE name='identity'")
    assert delivery.json["events"] == shop.client.get("events").data
    wait_for(lambda: pending(shop) == 0)


def test_a_new_listener_is_not_sent_the_past(shop41: Shop, listener: Listener) -> None:
    shop41.page("harness/status", order_id=1, status=7)
    shop41.client.post("webhook", {"url": listener.url})
    shop41.page("harness/status", order_id=1, status=2)
    wait_for(lambda: len(listener.deliveries) == 1)
    assert [e["detail"]["order_status_id"] for e in listener.deliveries[0].json["events"]] == [2]


def test_our_own_writes_are_pushed_too_marked_oms(shop41: Shop, listener: Listener) -> None:
    shop41.client.post("webhook", {"url": listener.url})
    shop41.client.post("order_history", {"key": "k", "order_id": 1, "order_status_id": 7})
    wait_for(lambda: len(listener.deliveries) == 1)
    assert [e["origin"] for e in listener.deliveries[0].json["events"]] == ["oms"]


def test_a_failing_receiver_is_left_alone_longer_and_longer_and_nothing_is_lost(shop: Shop, listener: Listener) -> None:
    listener.status = 500
    shop.client.post("webhook", {"url": listener.url})
    for failure, pause in enumerate((5, 10, 20), start=1):
        shop.setting("webhook_retry_at", "0")
        shop.page("harness/status", order_id=1, status=7)
        wait_for(
            lambda failure=failure: (
                shop.one("SELECT value FROM #oms_bridge_setting WHERE name='webhook_failures'") == str(failure)
            )
        )
        wait = int(
            shop.one("SELECT value - UNIX_TIMESTAMP() FROM #oms_bridge_setting WHERE name='webhook_retry_at'") or 0
        )
        assert pause - 3 <= wait <= pause
        shop.page("harness/status", order_id=1, status=2)
        shop.client.get("order_cursor")
        time.sleep(0.1)
        assert len(listener.deliveries) == failure
    state = shop.client.get("info").data["webhook"]
    assert (state["pending"], state["last_error"]) == (6, "The address answered HTTP 500.")
    listener.status = 204
    shop.setting("webhook_retry_at", "0")
    shop.client.get("order_cursor")
    wait_for(lambda: pending(shop) == 0)
    assert [e["event_id"] for e in listener.deliveries[-1].json["events"]] == [1, 2, 3, 4, 5, 6]
    assert shop.client.get("info").data["webhook"]["last_error"] is None


def test_the_pause_ends_at_an_hour(shop41: Shop, listener: Listener) -> None:
    listener.status = 500
    shop41.client.post("webhook", {"url": listener.url})
    shop41.setting("webhook_failures", "30")
    shop41.page("harness/status", order_id=1, status=7)
    wait_for(lambda: shop41.one("SELECT value FROM #oms_bridge_setting WHERE name='webhook_failures'") == "31")
    wait_for(
        lambda: (
            3590
            <= int(
                shop41.one("SELECT value - UNIX_TIMESTAMP() FROM #oms_bridge_setting WHERE name='webhook_retry_at'")
                or 0
            )
            <= 3600
        )
    )


def test_a_hanging_receiver_does_not_hold_up_the_buyer(shop: Shop, listener: Listener) -> None:
    listener.hangs = True
    shop.client.post("webhook", {"url": listener.url})
    reply = shop.page("harness/status", order_id=1, status=7)
    assert reply.raw == b'{"success": "done"}'
    assert reply.took < 0.8
    wait_for(
        lambda: (
            shop.one("SELECT COUNT(*) FROM #oms_bridge_setting WHERE name='webhook_error' AND value LIKE '%timed out%'")
            == "1"
        ),
        5,
    )


def test_a_hanging_receiver_does_not_hold_up_entrepot(shop41: Shop, listener: Listener) -> None:
    shop41.client.post("webhook", {"url": listener.url})
    listener.hangs = True
    shop41.setting("webhook_retry_at", "9999999999")
    shop41.page("harness/status", order_id=1, status=7)
    shop41.setting("webhook_retry_at", "0")
    assert shop41.client.get("order_cursor").took < 0.8


def test_a_ping_tells_status_or_error(shop: Shop, listener: Listener) -> None:
    assert shop.client.post("webhook_test", {}).data == {"error": "No webhook address is set."}
    shop.client.post("webhook", {"url": listener.url})
    answer = shop.client.post("webhook_test", {}).data
    assert (answer["status"], listener.kinds) == (200, ["ping"])
    assert 0 <= answer["took_ms"] <= 1000
    shop.client.post("webhook", {"url": "http://127.0.0.1:9/none"})
    assert set(shop.client.post("webhook_test", {}).data) == {"error"}
    listener.hangs = True
    shop.client.post("webhook", {"url": listener.url})
    slow = shop.client.post("webhook_test", {})
    assert "timed out" in slow.data["error"]
    assert slow.took < 2


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/y",
        "javascript:alert(1)",
        "https://",
        "http://x y/",
        7,
        "file:///etc/passwd",
        "https://user@host/",
        "https://x/#a",
    ],
)
def test_an_address_that_is_none_is_refused(shop41: Shop, url: object) -> None:
    reply = shop41.client.post("webhook", {"url": url})
    assert (reply.code, reply.error["detail"]["field"]) == ((422, "invalid"), "url")
    assert shop41.client.get("info").data["webhook"]["url"] is None


def test_the_address_is_removed_by_null(shop41: Shop, listener: Listener) -> None:
    shop41.client.post("webhook", {"url": listener.url})
    assert shop41.client.post("webhook", {"url": None}).data["enabled"] is False
    shop41.page("harness/status", order_id=1, status=7)
    time.sleep(0.2)
    assert listener.deliveries == []


def test_old_events_are_forgotten_after_thirty_days(shop41: Shop) -> None:
    for days in (29, 31):
        shop41.sql(
            f"INSERT INTO #oms_bridge_event (kind, object_id, detail, origin, created_at, delivered)"
            f" VALUES ('order.added', {days}, '{{}}', 'shop', UTC_TIMESTAMP() - INTERVAL {days} DAY, 1)"
        )

    def pruned() -> bool:
        shop41.sql("DELETE FROM #oms_bridge_nonce")
        for _ in range(50):
            shop41.client.get("order_cursor")
        return shop41.sql("SELECT object_id FROM #oms_bridge_event") == [["29"]]

    wait_for(pruned, 60)
