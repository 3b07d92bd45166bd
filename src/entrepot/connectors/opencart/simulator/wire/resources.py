"""Every resource of the protocol with its verb, as one table."""

from urllib.parse import parse_qsl

import msgspec

from entrepot.connectors.opencart.simulator.rows import Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.wire import (
    order_reading,
    order_writes,
    price_writes,
    product_writes,
    reading,
)
from entrepot.connectors.opencart.simulator.wire.answers import Answer, Call, Resource, WireError
from entrepot.connectors.opencart.simulator.wire.stock_writes import write_stock

ROUTE = "extension/oms_bridge/api"

READS: dict[str, Resource] = {
    "info": reading.info,
    "categories": reading.categories,
    "manufacturers": reading.manufacturers,
    "attributes": reading.attributes,
    "options": reading.options,
    "products": reading.products,
    "stock": reading.stock,
    "order_cursor": order_reading.order_cursor,
    "orders": order_reading.orders,
    "order": order_reading.order,
    "order_states": order_reading.order_states,
    "events": order_reading.events,
}

WRITES: dict[str, Resource] = {
    "stock": write_stock,
    "prices": price_writes.write_prices,
    "product_create": product_writes.create,
    "products_create": product_writes.create_many,
    "product_update": product_writes.update,
    "product_status": product_writes.set_status,
    "product_delete": product_writes.delete,
    "image": product_writes.store_image,
    "order_history": order_writes.add_history,
    "shipment": order_writes.add_shipment,
    "order_writes": order_writes.write_many,
    "webhook": order_writes.set_webhook,
}


def parameters(target: str) -> dict[str, str]:
    """The query of a request target."""
    return dict(parse_qsl(target.partition("?")[2], keep_blank_values=True))


def dispatch(shop: Shop, method: str, call: Call) -> Answer:
    """Answer a request that came through the gate.

    Raises:
        WireError: With the refusal of §3.
    """
    name = call.params.get("resource", "")
    if name not in READS and name not in WRITES:
        raise WireError(404, "unknown_resource", f"There is no resource {name!r}.", resource=name)
    resource = (READS if method == "GET" else WRITES).get(name)
    if resource is None:
        raise WireError(405, "method_not_allowed", f"{method} does not fit {name}.")
    with shop.lock:
        answer = resource(shop, call)
        if method == "POST":
            shop.changes += 1
    shop.wake()
    return answer


def read_body(method: str, body: bytes) -> Row:
    """The JSON object of a write.

    Raises:
        WireError: It is none.
    """
    if method != "POST":
        return {}
    try:
        return msgspec.json.decode(body, type=dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise WireError(400, "bad_request", "The body must be a JSON object.", field="body") from None
