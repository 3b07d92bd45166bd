"""The control API: `POST /_control/<verb>` with a JSON body, for tests, demos and benchmarks on loopback."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from entrepot.connectors.opencart.simulator.rows import CartRefused, Customer, Item, Row
from entrepot.connectors.opencart.simulator.wire.answers import encode
from entrepot.connectors.opencart.simulator.wire.order_reading import order_row
from entrepot.connectors.opencart.simulator.wire.reading import product_row

if TYPE_CHECKING:
    from entrepot.connectors.opencart.simulator.server import SimulatorServer

Verb = Callable[["SimulatorServer", Row], object]
_SETTINGS = ("maintenance", "enabled", "installed", "stock_checkout", "requests_per_minute", "name")
_JSON = "application/json; charset=utf-8"


def answer(simulator: "SimulatorServer", verb: str, body: bytes) -> tuple[int, str, bytes]:
    """Run a verb and answer what came of it; 404 for an unknown verb, 422 for a refusal."""
    act = VERBS.get(verb)
    if act is None:
        return 404, _JSON, encode({"error": f"no verb {verb!r}", "verbs": sorted(VERBS)})
    try:
        asked = msgspec.json.decode(body, type=dict) if body else {}
        return 200, _JSON, encode({"result": act(simulator, asked)})
    except CartRefused as refusal:
        return 422, _JSON, encode({"error": "cart_refused", "message": str(refusal)})
    except (TypeError, ValueError, KeyError, msgspec.MsgspecError) as problem:
        return 422, _JSON, encode({"error": type(problem).__name__, "message": str(problem)})


def _items(asked: Row) -> list[Item]:
    return [
        Item(
            int(row["product_id"]),
            int(row.get("quantity", 1)),
            {int(key): value for key, value in (row.get("options") or {}).items()},
            tuple(row.get("values") or ()),
        )
        for row in asked.pop("items")
    ]


def _place_order(simulator: "SimulatorServer", asked: Row) -> int:
    items = _items(asked)
    customer = Customer(**asked.pop("customer", {}))
    return simulator.shop.place_order(items, customer=customer, **asked)


def _edit_order(simulator: "SimulatorServer", asked: Row) -> int:
    items = _items(asked) if asked.get("items") is not None else None
    asked.pop("items", None)
    return simulator.shop.edit_order(asked.pop("order_id"), items, **asked)


def _shop_verb(name: str) -> Verb:
    def act(simulator: "SimulatorServer", asked: Row) -> object:
        return getattr(simulator.shop, name)(**asked)

    return act


def _settings(simulator: "SimulatorServer", asked: Row) -> Row:
    shop = simulator.shop
    for name in _SETTINGS:
        if name in asked:
            setattr(shop, name, asked[name])
    if "skew" in asked:
        shop.clock.skew = float(asked["skew"])
    if "stopped" in asked:
        shop.clock.stopped = None if asked["stopped"] is None else datetime.fromisoformat(asked["stopped"])
    if "secret" in asked:
        simulator.rotate_secret(asked["secret"])
    return {**{name: getattr(shop, name) for name in _SETTINGS}, "skew": shop.clock.skew}


def _fault(simulator: "SimulatorServer", asked: Row) -> int:
    simulator.faults.add(asked.pop("kind"), **asked)
    return len(simulator.faults.waiting)


def _clear_faults(simulator: "SimulatorServer", _asked: Row) -> int:
    simulator.faults.clear()
    return 0


def _counters(simulator: "SimulatorServer", asked: Row) -> Row:
    figures = simulator.counters.snapshot(since=int(asked.get("since", 0)))
    if asked.get("reset"):
        simulator.counters.reset()
    return figures


def _order(simulator: "SimulatorServer", asked: Row) -> Row | None:
    shop = simulator.shop
    with shop.lock:
        return order_row(shop, asked["order_id"]) if asked["order_id"] in shop.tables.orders else None


def _product(simulator: "SimulatorServer", asked: Row) -> Row | None:
    shop = simulator.shop
    with shop.lock:
        product = shop.tables.products.get(asked["product_id"])
        return product_row(shop, product) if product else None


def _webhook(simulator: "SimulatorServer", asked: Row) -> Row:
    if "first_pause" in asked:
        simulator.webhook.first_pause = float(asked["first_pause"])
    return {"sent": simulator.webhook.sent, "failures": simulator.webhook.failures}


VERBS: dict[str, Verb] = {
    "place_order": _place_order,
    "edit_order": _edit_order,
    **{
        name: _shop_verb(name)
        for name in [
            "confirm_order",
            "allot_history_id",
            "set_status",
            "delete_order",
            "set_quantity",
            "set_option_quantity",
            "open_product_form",
            "save_product",
            "rotate_option_ids",
            "copy_product",
            "add_product",
            "add_variant",
            "delete_product",
        ]
    },
    "settings": _settings,
    "fault": _fault,
    "clear_faults": _clear_faults,
    "counters": _counters,
    "order": _order,
    "product": _product,
    "webhook": _webhook,
}
