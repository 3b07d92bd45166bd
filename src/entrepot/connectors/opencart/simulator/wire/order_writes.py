"""Writing to orders and the webhook's address (§5): once per key, through the shop's own order rules."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from entrepot.connectors.opencart.simulator import checkout
from entrepot.connectors.opencart.simulator.rows import Order, Row, Told
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import escape
from entrepot.connectors.opencart.simulator.wire.answers import (
    Answer,
    Call,
    WireError,
    each,
    encode,
    integer,
    invalid,
)
from entrepot.connectors.opencart.simulator.wire.reading import webhook_state

_KEY = re.compile(r"[\x21-\x7e]{1,128}")


def once(shop: Shop, resource: str, body: Row, act: Callable[[], Row]) -> Row:
    """Do a write once per key; a repeat answers what the first one did.

    Raises:
        WireError: No key, or the key was used with another body.
    """
    key = key_of(body)
    wanted = encode(dict(sorted(body.items()))).decode()
    told = shop.tables.told.get(f"{resource}:{key}")
    if told is not None:
        if told.body != wanted:
            raise WireError(409, "conflict", "The key was used before with another body.", key=key)
        return {**told.answer, "repeated": True}
    answer = act()
    shop.tables.told[f"{resource}:{key}"] = Told(body=wanted, answer=answer)
    return {**answer, "repeated": False}


def key_of(body: Row) -> str:
    """The idempotency key of a write.

    Raises:
        WireError: There is none.
    """
    key = body.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise invalid("key", "malformed", "The key must be 1 to 128 printable characters.")
    return key


def add_history(shop: Shop, call: Call) -> Answer:
    """Write a status that exists, when the order has the expected one."""
    return Answer(encode(_history(shop, call.body)))


def add_shipment(shop: Shop, call: Call) -> Answer:
    """Keep a parcel's number in the bridge's own table and tell the buyer by a history comment."""
    return Answer(encode(_shipment(shop, call.body)))


def write_many(shop: Shop, call: Call) -> Answer:
    """Both of these for many orders: each item is a call of its own, with a key of its own.

    Raises:
        WireError: The shop's bridge is older than this.
    """
    if not shop.order_writes_at_once:
        raise WireError(404, "unknown_resource", "There is no resource 'order_writes'.", resource="order_writes")

    def write(item: Row) -> Row:
        act = {"order_history": _history, "shipment": _shipment}.get(str(item.get("write")))
        if act is None:
            raise invalid("write", "unknown", "The field write must be order_history or shipment.")
        return act(shop, {name: value for name, value in item.items() if name not in {"ref", "write"}})

    return Answer(encode(each(call, write, most=shop.order_writes_at_once)))


def _history(shop: Shop, body: Row) -> Row:
    def act() -> Row:
        status = _status(shop, body)
        order = _order(shop, body)
        expected = body.get("expect_status")
        if expected is not None and integer(body, "expect_status") != order.status:
            raise WireError(409, "conflict", "The order has another status.", order_status_id=order.status)
        history_id = checkout.add_history(
            shop,
            int(order.row["order_id"]),
            status,
            escape(str(body.get("comment") or "")),
            notify=bool(body.get("notify")),
            origin="oms",
        )
        return {"order_history_id": history_id, "order_status_id": status}

    return once(shop, "order_history", body, act)


def _shipment(shop: Shop, body: Row) -> Row:
    def act() -> Row:
        order = _order(shop, body)
        number, carrier = str(body.get("tracking_number") or ""), str(body.get("carrier") or "")
        if not number or not carrier:
            name = "tracking_number" if carrier else "carrier"
            raise invalid(name, "missing", f"The field {name} must be text.")
        told = body.get("order_status_id") is not None
        if not told and not order.status:
            raise invalid("order_id", "not_confirmed", "The order has not been confirmed by its buyer.")
        status = _status(shop, body) if told else order.status
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
        comment = str(body.get("comment") or f"{carrier} {number}" + (f"\n{url}" if url else ""))
        history_id = checkout.add_history(
            shop,
            int(order.row["order_id"]),
            status,
            escape(comment),
            notify=bool(body.get("notify")),
            origin="oms",
        )
        return {"shipment_id": shipment_id, "order_history_id": history_id}

    return once(shop, "shipment", body, act)


def _order(shop: Shop, body: Row) -> Order:
    order_id = integer(body, "order_id", least=1)
    order = shop.tables.orders.get(order_id)
    if order is None:
        raise WireError(404, "not_found", "There is no such order.", order_id=order_id)
    if order_id in shop.dies_at:
        raise WireError(500, "internal", "The shop could not answer.", reference="simulated")
    return order


def _status(shop: Shop, body: Row) -> int:
    status = integer(body, "order_status_id")
    if all(row.order_status_id != status for row in shop.tables.statuses):
        raise invalid("order_status_id", "unknown", "The shop has no such order status.")
    return status


def set_webhook(shop: Shop, call: Call) -> Answer:
    """Set or remove the address events are pushed to; only what happens from now on is pushed."""
    url = call.body.get("url")
    if url is not None and (not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}):
        raise invalid("url", "address", "The address must begin with https:// or http:// and hold no spaces.")
    webhook = shop.tables.webhook
    webhook.url, webhook.last_error = url, None
    webhook.delivered = shop.tables.last_ids.get("event", 0)
    return Answer(encode(webhook_state(shop)))
