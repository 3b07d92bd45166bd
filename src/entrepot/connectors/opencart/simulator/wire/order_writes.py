"""Writing to orders and the webhook's address (§5): once per key, through the shop's own order rules."""

from collections.abc import Callable
from urllib.parse import urlsplit

from entrepot.connectors.opencart.simulator import checkout
from entrepot.connectors.opencart.simulator.rows import Order, Row, Told
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import escape
from entrepot.connectors.opencart.simulator.wire.answers import Answer, Call, WireError, encode, integer
from entrepot.connectors.opencart.simulator.wire.reading import webhook_state


def once(shop: Shop, resource: str, body: Row, act: Callable[[], Row]) -> Answer:
    """Do a write once per key; a repeat answers what the first one did.

    Raises:
        WireError: No key, or the key was used with another body.
    """
    key = body.get("key")
    if not isinstance(key, str) or not 1 <= len(key) <= 128:
        raise WireError(400, "bad_request", "key must be a text of 1 to 128 characters.", field="key")
    wanted = encode(dict(sorted(body.items()))).decode()
    told = shop.tables.told.get(f"{resource}:{key}")
    if told is not None:
        if told.body != wanted:
            raise WireError(409, "conflict", "This key was used with another body.", field="key", reason="key_reused")
        return Answer(encode({**told.answer, "repeated": True}))
    answer = act()
    shop.tables.told[f"{resource}:{key}"] = Told(body=wanted, answer=answer)
    return Answer(encode({**answer, "repeated": False}))


def add_history(shop: Shop, call: Call) -> Answer:
    """Write a status that exists, when the order has the expected one."""

    def act() -> Row:
        order = _order(shop, call.body)
        status = _status(shop, call.body)
        expected = call.body.get("expect_status")
        if expected is not None and integer(call.body, "expect_status") != order.status:
            raise WireError(
                409, "conflict", "The order has another status.", reason="status", order_status_id=order.status
            )
        history_id = checkout.add_history(
            shop,
            int(order.row["order_id"]),
            status,
            escape(str(call.body.get("comment") or "")),
            notify=bool(call.body.get("notify")),
            origin="oms",
        )
        return {"order_history_id": history_id, "order_status_id": status}

    return once(shop, "order_history", call.body, act)


def add_shipment(shop: Shop, call: Call) -> Answer:
    """Keep a parcel's number in the bridge's own table and tell the buyer by a history comment."""

    def act() -> Row:
        body = call.body
        order = _order(shop, body)
        number, carrier = str(body.get("tracking_number") or ""), str(body.get("carrier") or "")
        if not number or not carrier:
            name = "tracking_number" if carrier else "carrier"
            raise WireError(422, "invalid", f"{name} is missing.", field=name, reason="missing")
        status = order.status if body.get("order_status_id") is None else _status(shop, body)
        shipment_id = shop.tables.next_id("shipment")
        url = str(body.get("tracking_url") or "")
        order.shipments.append(
            {
                "shipment_id": str(shipment_id),
                "carrier": escape(carrier),
                "tracking_number": escape(number),
                "tracking_url": escape(url),
                "date_added": shop.clock.stamp(),
            }
        )
        comment = str(body.get("comment") or f"{carrier}: {number}" + (f" {url}" if url else ""))
        history_id = checkout.add_history(
            shop,
            int(order.row["order_id"]),
            status,
            escape(comment),
            notify=bool(body.get("notify")),
            origin="oms",
        )
        return {"shipment_id": shipment_id, "order_history_id": history_id}

    return once(shop, "shipment", call.body, act)


def _order(shop: Shop, body: Row) -> Order:
    order = shop.tables.orders.get(integer(body, "order_id"))
    if order is None:
        raise WireError(404, "not_found", "The shop has no such order.", field="order_id")
    return order


def _status(shop: Shop, body: Row) -> int:
    status = integer(body, "order_status_id")
    if all(row.order_status_id != status for row in shop.tables.statuses):
        raise WireError(422, "invalid", "The shop has no such order status.", field="order_status_id", reason="unknown")
    return status


def set_webhook(shop: Shop, call: Call) -> Answer:
    """Set or remove the address events are pushed to; only what happens from now on is pushed."""
    url = call.body.get("url")
    if url is not None and (not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}):
        raise WireError(422, "invalid", "url must be an http(s) address.", field="url", reason="not_an_address")
    webhook = shop.tables.webhook
    webhook.url, webhook.last_error = url, None
    webhook.delivered = shop.tables.last_ids.get("event", 0)
    return Answer(encode(webhook_state(shop)))
