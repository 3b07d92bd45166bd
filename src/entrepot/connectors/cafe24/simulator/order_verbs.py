"""`VERBS`: what `POST /_control/<verb>` can make happen to orders and webhooks; control.py adds them to its own.

The file stage.py is left for the conformance stage: that one imports the server, so it cannot hold the verbs.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Row

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_DEEDS = (
    "pay",
    "cancel_unpaid",
    "confirm_purchase",
    "request_cancel",
    "request_return",
    "request_exchange",
    "withdraw_wish",
    "prepare",
    "hold",
    "unhold",
    "ship_in_admin",
    "deliver",
    "accept_cancel",
    "refuse_cancel",
    "refuse_return",
    "refuse_exchange",
    "accept_return",
    "move_return",
    "exchange",
    "move_exchange",
    "undo_claim",
    "set_item_state",
    "add_item",
    "change_receiver",
    "change_time",
    "delete_order",
    "order",
    "parcels",
)
_SENDER = ("address", "key", "first_pause", "most_tries", "timeout")

Verb = Callable[["Mall", Row], object]


def _deed(name: str) -> Verb:
    def act(mall: "Mall", asked: Row) -> object:
        return getattr(mall, name)(**asked)

    return act


def _place_order(mall: "Mall", asked: Row) -> str:
    """The fields of `Basket`, and `at` as text."""
    if isinstance(asked.get("at"), str):
        asked["at"] = datetime.fromisoformat(asked["at"])
    return mall.place_order(asked.pop("items", ()), **asked)


def _switches(mall: "Mall", asked: Row) -> Row:
    """Set fields of `OrderSwitches`; answers them all."""
    with mall.lock:
        for name, value in asked.items():
            if name not in asdict(mall.orders.switches):
                raise ValueError(f"there is no switch {name!r}")
            setattr(mall.orders.switches, name, value)
        return asdict(mall.orders.switches)


def _webhooks(mall: "Mall", asked: Row) -> Row:
    """Where events go: `{"address": "http://…", "key": "…", "disturb": {"kind": "duplicate", "times": 2}}`."""
    sender = mall.orders.sender
    if sender is None:
        raise ValueError("this mall has no server, so it tells nobody")
    for name in _SENDER:
        if name in asked:
            setattr(sender, name, asked[name])
    if "disturb" in asked:
        sender.disturb(**asked["disturb"])
    figures: Row = {name: getattr(sender, name) for name in _SENDER if name != "key"}
    return figures | {"sent": sender.sent, "failures": sender.failures}


VERBS: Mapping[str, Verb] = {
    **{name: _deed(name) for name in _DEEDS},
    "place_order": _place_order,
    "order_switches": _switches,
    "webhooks": _webhooks,
}
