"""The buttons of an order: which move of the flow each makes, what it is called, and who may press it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.channels.services import claims
from entrepot.channels.services.packing import pack_order
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.fulfilment import services as parcels
from entrepot.orders import services
from entrepot.orders.flow import ORDER_FLOW, packed
from entrepot.orders.holds import CANCELLATIONS
from entrepot.orders.models import Order, Status
from entrepot.warehouse.models import WorkOrder
from entrepot.warehouse.services.desk import hand_over
from entrepot.web.desk import Desk

OFFLINE = "offline"
ENDS_BY_ITSELF = frozenset({"awaiting_payment", "held_in_store"})


@dataclass(frozen=True, slots=True)
class Button:
    """`move` of ORDER_FLOW; `asks` a reason in a dialog; `offline` only where no store decides it."""

    move: str
    word: str | Promise
    icon: str
    action: str
    verb: Callable[..., Any]
    tone: str = ""
    asks: bool = False
    warning: str | Promise = ""
    offline: bool = False


def _hold(**facts: Any) -> object:  # noqa: ANN401 - handed on to the service as they are
    return services.hold(code="person", **facts)


BUTTONS: Sequence[Button] = (
    Button(
        "release",
        _("Release to warehouse"),
        icon="package",
        action="orders.release",
        verb=services.release_to_warehouse,
        tone="primary",
    ),
    Button(
        "pack",
        _("Mark ready to ship"),
        icon="package-export",
        action="orders.pack",
        verb=pack_order,
        tone="primary",
    ),
    Button(
        "hand_over",
        _("Hand over to carrier"),
        icon="truck-delivery",
        action="orders.pack",
        verb=hand_over,
        tone="primary",
    ),
    Button("complete", _("Mark delivered"), icon="circle-check", action="orders.pack", verb=parcels.deliver),
    Button("unpack", _("Unpack"), icon="package", action="orders.pack", verb=claims.unpack, asks=True),
    Button(
        "unhold", _("Release the hold"), icon="player-play", action="orders.edit", verb=services.unhold, tone="primary"
    ),
    Button("keep", _("Keep the order after all"), icon="arrow-back-up", action="orders.cancel", verb=services.keep),
    Button(
        "recall", _("Take back from warehouse"), icon="arrow-back-up", action="orders.release", verb=services.recall
    ),
    Button(
        "confirm_seller_cancel",
        _("Confirm the cancellation"),
        icon="circle-x",
        action="orders.cancel",
        verb=services.confirm_seller_cancel,
        tone="primary",
        offline=True,
    ),
    Button(
        "ask_return",
        _("Buyer sends it back"),
        icon="truck-return",
        action="orders.edit",
        verb=services.ask_return,
        asks=True,
    ),
    Button(
        "withdraw_return",
        _("Buyer keeps it after all"),
        icon="arrow-back-up",
        action="orders.edit",
        verb=services.withdraw_return,
    ),
    Button("hold", _("Put on hold"), icon="hand-stop", action="orders.edit", verb=_hold, asks=True),
    Button(
        "cancel_by_seller",
        _("Cancel order"),
        icon="circle-x",
        action="orders.cancel",
        verb=cancel_in_store,
        tone="bad",
        asks=True,
        warning=_("The store is told, and the buyer sees it there. What the order holds is released once it confirms."),
    ),
)
BY_MOVE = {button.move: button for button in BUTTONS}


def buttons_for(
    desk: Desk, order: Order, *, needs_number: bool = False, elsewhere: Sequence[WorkOrder] = ()
) -> list[Button]:
    """The moves that are open from the order's status, as far as this person may make them.

    What a warehouse picks (`elsewhere`) is packed there, and is handed over here only once it is packed.
    With `needs_number` an order is packed where its number is typed; a hold behind which a cancellation stands ends
    where that is answered; one that ends by itself invites nobody to end it.
    """
    is_open = set(ORDER_FLOW.open_moves(order.status))
    is_open -= {"cancel_by_seller"} if packed(order) else {"unpack"}
    if needs_number:
        is_open.discard("pack")
    if elsewhere:
        is_open.discard("pack")
    if any(work.state != WorkOrder.State.PACKED for work in elsewhere):
        is_open.discard("hand_over")
    if order.status == Status.ON_HOLD and order.hold_code in CANCELLATIONS:
        is_open -= {"unhold", "unpack"}
    by_hand = order.sales_channel.kind == OFFLINE
    waits = order.status == Status.ON_HOLD and order.hold_code in ENDS_BY_ITSELF
    return [
        replace(button, tone="") if waits else button
        for button in BUTTONS
        if button.move in is_open and desk.may(button.action) and (by_hand or not button.offline)
    ]
