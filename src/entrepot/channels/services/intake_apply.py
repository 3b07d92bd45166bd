"""What a change in the store does to an order we have: moves it along the flow, or names why it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from entrepot.channels.models import StatusMapping
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Refused
from entrepot.kernel.flow import MoveRefused
from entrepot.orders import services as orders
from entrepot.orders.drafts import OrderDraft
from entrepot.orders.flow import CANCELED_FOR_GOOD, CANCELING
from entrepot.orders.models import Order, Status

Meaning = StatusMapping.Meaning

PROGRESS: Mapping[str, int] = {Meaning.NEW: 0, Meaning.PROCESSED: 1, Meaning.IN_TRANSIT: 2, Meaning.COMPLETE: 3}
"""How far along a meaning is. Orders and stores are compared by it: whoever is further was told by the other."""

REACHED: Mapping[str, int] = {
    Status.PARTIAL: 0,
    Status.NEW: 0,
    Status.RFP: 0,
    Status.ON_HOLD: 0,
    Status.SELLER_CANCEL_IN_PROCESS: 0,
    Status.READY_TO_SHIP: 1,
    Status.IN_TRANSIT: 2,
    Status.COMPLETE: 3,
    Status.RETURN_IN_PROCESS: 3,
    Status.RETURNED: 3,
}
_VERBS: Mapping[str, Callable[..., object]] = {
    Meaning.PROCESSED: orders.mark_ready,
    Meaning.IN_TRANSIT: orders.hand_over,
    Meaning.COMPLETE: orders.complete,
}
"""What a store tells by these; `orders` lets a store leave out the steps that its owner left out."""

UNMAPPED_STATUS = "unmapped_status"
UNMAPPED_SKU = "unmapped_sku"
CANCEL_TOO_LATE = "canceled_too_late"
EDITED_LATE = "edited_too_late"
SHIPPED_SHORT = "shipped_without_stock"
ILLEGAL = "illegal_move"

FOLLOWING = (UNMAPPED_STATUS, CANCEL_TOO_LATE, SHIPPED_SHORT, ILLEGAL)
"""Problems about following the store's status; all end when the order has followed it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an order could not follow the store: a problem's code and the facts of its sentence."""

    code: str
    fields: dict[str, object]


def follow_status(
    *, order: Order, meaning: str | None, before: str | None, status_name: str, actor: Actor
) -> Trouble | None:
    """Move the order to what the store's status means, or say why not; the order then stays as it is.

    `before`: what the status it had before meant. A store that merely lags behind us changes nothing.
    """
    match meaning:
        case None | Meaning.PROBLEM:
            return _ask_person(order, status_name, actor)
        case Meaning.IGNORE:
            return None
        case Meaning.CANCELED:
            return _cancel(order, actor)
        case _:
            return _go_on(order, meaning, before, status_name, actor)


def take_edit(*, order: Order, draft: OrderDraft, actor: Actor) -> Trouble | None:
    """Take an edit made in the store in, or say that the order is packed already."""
    if order.status in CANCELED_FOR_GOOD | CANCELING:
        return None
    deed = partial(orders.amend_order, seller_id=order.seller_id, order_id=order.pk, draft=draft, actor=actor)
    return None if _done(deed, order) else Trouble(EDITED_LATE, {"number": order.number})


def _done(deed: Callable[[], object], order: Order) -> bool:
    """Do it whole or not at all, and look at the order again; False when a rule refused."""
    try:
        with transaction.atomic():
            deed()
    except (Refused, MoveRefused):
        return False
    order.refresh_from_db(fields=["status", "hold_code", "held_from"])
    return True


def _ask_person(order: Order, status_name: str, actor: Actor) -> Trouble:
    if order.status in {Status.NEW, Status.PARTIAL, Status.RFP}:
        verb = partial(orders.hold, seller_id=order.seller_id, order_id=order.pk, code=UNMAPPED_STATUS, actor=actor)
        _done(verb, order)
    return Trouble(UNMAPPED_STATUS, {"number": order.number, "status": status_name})


def _cancel(order: Order, actor: Actor) -> Trouble | None:
    if order.status in CANCELED_FOR_GOOD:
        return None
    done = _done(partial(orders.cancel_by_buyer, **_who(order, actor)), order)
    return None if done else Trouble(CANCEL_TOO_LATE, {"number": order.number})


def _go_on(order: Order, meaning: str, before: str | None, status_name: str, actor: Actor) -> Trouble | None:
    illegal = Trouble(
        ILLEGAL, {"number": order.number, "status": status_name, "from_status": Status(order.status).label}
    )
    if order.status in CANCELED_FOR_GOOD and not _done(partial(orders.reopen, **_who(order, actor)), order):
        return illegal
    if order.status == Status.CANCEL_IN_PROCESS:
        _done(partial(orders.keep, **_who(order, actor)), order)
    if order.status == Status.ON_HOLD and order.hold_code == UNMAPPED_STATUS:
        _done(partial(orders.unhold, **_who(order, actor)), order)
    wanted, reached = PROGRESS[meaning], REACHED.get(order.status)
    if reached is None:
        return illegal
    if reached >= wanted:
        went_back = before is not None and PROGRESS.get(before, -1) > wanted
        return illegal if went_back and reached > wanted else None
    if order.status == Status.PARTIAL:
        return Trouble(SHIPPED_SHORT, {"number": order.number, "status": status_name})
    return None if _done(partial(_VERBS[meaning], **_who(order, actor)), order) else illegal


def _who(order: Order, actor: Actor) -> dict[str, Any]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": actor}
