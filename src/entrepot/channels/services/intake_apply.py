"""What a store's status does to an order we have: moves it along the flow, or names why it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from entrepot.channels.models import StatusMapping
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Refused
from entrepot.kernel.flow import MoveRefused
from entrepot.orders import services as orders
from entrepot.orders.claims import asked_to_cancel, outstanding
from entrepot.orders.drafts import OrderDraft
from entrepot.orders.flow import CANCELED_FOR_GOOD, CANCELING, LEFT, packed
from entrepot.orders.holds import AWAITING_PAYMENT, CANCEL_AFTER_PACKING, CANCELED_AFTER_PACKING, HELD_IN_STORE
from entrepot.orders.models import Order, OrderClaim, Status

Meaning = StatusMapping.Meaning

PROGRESS: Mapping[str, int] = {
    Meaning.UNPAID: 0,
    Meaning.NEW: 0,
    Meaning.HELD: 0,
    Meaning.PROCESSED: 1,
    Meaning.IN_TRANSIT: 2,
    Meaning.COMPLETE: 3,
}
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
    Meaning.IN_TRANSIT: fulfilment.hand_over,
    Meaning.COMPLETE: fulfilment.deliver,
}
"""What a store tells by these; `orders` lets a store leave out the steps that its owner left out."""

UNMAPPED_STATUS = "unmapped_status"
UNMAPPED_SKU = "unmapped_sku"
CANCEL_ASKED = "cancel_asked"
CANCEL_TOO_LATE = "canceled_too_late"
EDITED_LATE = "edited_too_late"
SHIPPED_SHORT = "shipped_without_stock"
ILLEGAL = "illegal_move"
RETURN_TO_COUNT = "return_to_count"

FOLLOWING = (
    UNMAPPED_STATUS,
    CANCEL_ASKED,
    CANCEL_AFTER_PACKING,
    CANCELED_AFTER_PACKING,
    CANCEL_TOO_LATE,
    SHIPPED_SHORT,
    ILLEGAL,
    RETURN_TO_COUNT,
)
"""Problems about following the store's status; all end when the order has followed it."""
_ENDED_BY_STORE = (
    UNMAPPED_STATUS,
    AWAITING_PAYMENT,
    HELD_IN_STORE,
    CANCEL_AFTER_PACKING,
    CANCELED_AFTER_PACKING,
)
"""What holds an order until its store lets it go on."""
_A_PERSONS = "person"


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
        case Meaning.UNPAID | Meaning.HELD:
            code = AWAITING_PAYMENT if meaning == Meaning.UNPAID else HELD_IN_STORE
            return _hold_back(order, code, before, status_name, actor)
        case Meaning.CANCEL_ASKED | Meaning.CANCELED | Meaning.UNPAID_CANCELED:
            return _ask_cancel(order, actor) if meaning == Meaning.CANCEL_ASKED else _cancel(order, meaning, actor)
        case Meaning.RETURN_ASKED | Meaning.RETURNED:
            return _take_back(order, meaning, status_name, actor)
        case _:
            return None if meaning == Meaning.IGNORE else _go_on(order, meaning, before, status_name, actor)


def take_edit(*, order: Order, draft: OrderDraft, actor: Actor) -> Trouble | None:
    """Take an edit made in the store in, or say that the order is packed already."""
    if order.status in CANCELED_FOR_GOOD | CANCELING:
        return None
    deed = partial(orders.amend_order, seller_id=order.seller_id, order_id=order.pk, draft=draft, actor=actor)
    return None if done(deed, order) else Trouble(EDITED_LATE, {"number": order.number})


def done(deed: Callable[[], object], order: Order) -> bool:  # house: verb-signature a step of following
    """Do it whole or not at all, and look at the order again; False when a rule refused."""
    try:
        with transaction.atomic():
            deed()
    except (Refused, MoveRefused):
        return False
    order.refresh_from_db(fields=["status", "hold_code", "held_from", "version"])
    return True


def who(order: Order, actor: Actor) -> dict[str, Any]:  # house: verb-signature arguments of verbs
    """The arguments that every verb of an order takes."""
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": actor}


def hold_or_stop(order: Order, code: str, actor: Actor) -> bool:  # house: verb-signature a step of following
    """Hold the order where it stands, packed or not; False where nothing can be held any more."""
    verb = orders.stop if packed(order) else orders.hold
    return done(partial(verb, code=code, **who(order, actor)), order)


def _ask_person(order: Order, status_name: str, actor: Actor) -> Trouble:
    if order.status in {Status.NEW, Status.PARTIAL, Status.RFP}:
        done(partial(orders.hold, code=UNMAPPED_STATUS, **who(order, actor)), order)
    return Trouble(UNMAPPED_STATUS, {"number": order.number, "status": status_name})


def _hold_back(order: Order, code: str, before: str | None, status_name: str, actor: Actor) -> Trouble | None:
    """Not paid yet, or held in the store. A person's own hold stands; what has left is beyond holding."""
    if not _alive_again(order, actor):
        return _illegal(order, status_name)
    if order.status in LEFT:
        return _illegal(order, status_name) if PROGRESS.get(before or "", 0) > 0 else None
    if order.status == Status.ON_HOLD and order.hold_code == _A_PERSONS:
        return None
    return None if hold_or_stop(order, code, actor) else _illegal(order, status_name)


def _ask_cancel(order: Order, actor: Actor) -> Trouble | None:
    facts: dict[str, object] = {"number": order.number}
    if order.status in CANCELED_FOR_GOOD | {Status.SELLER_CANCEL_IN_PROCESS}:
        return None
    if order.status in LEFT:
        return Trouble(CANCEL_TOO_LATE, facts)
    if packed(order):
        hold_or_stop(order, CANCEL_AFTER_PACKING, actor)
        return Trouble(CANCEL_AFTER_PACKING, facts)
    done(partial(orders.ask_cancel, **who(order, actor)), order)
    decided = order.claims.filter(order__seller_id=order.seller_id, kind=OrderClaim.Kind.CANCEL).exists()
    return None if decided and not asked_to_cancel(order) else Trouble(CANCEL_ASKED, facts)


def _cancel(order: Order, meaning: str, actor: Actor) -> Trouble | None:
    facts: dict[str, object] = {"number": order.number}
    if order.status in CANCELED_FOR_GOOD:
        return None
    if packed(order):
        hold_or_stop(order, CANCELED_AFTER_PACKING, actor)
        return Trouble(CANCELED_AFTER_PACKING, facts)
    if meaning == Meaning.UNPAID_CANCELED and done(partial(orders.cancel_unpaid, **who(order, actor)), order):
        return None
    return (
        None if done(partial(orders.cancel_by_buyer, **who(order, actor)), order) else Trouble(CANCEL_TOO_LATE, facts)
    )


def _take_back(order: Order, meaning: str, status_name: str, actor: Actor) -> Trouble | None:
    """The buyer sends it back, so it had left. It is over once people here have counted what came."""
    if order.status not in LEFT and (trouble := _go_on(order, Meaning.COMPLETE, None, status_name, actor)):
        return trouble
    lines = list(order.lines.filter(order__seller_id=order.seller_id))
    named = order.claims.filter(order__seller_id=order.seller_id).exclude(kind=OrderClaim.Kind.CANCEL).exists()
    coming = outstanding(order, lines) or not (named or any(line.returned for line in lines))
    if coming and order.status in {Status.IN_TRANSIT, Status.COMPLETE}:
        done(partial(orders.ask_return, **who(order, actor)), order)
    if meaning == Meaning.RETURNED and coming and order.status == Status.RETURN_IN_PROCESS:
        return Trouble(RETURN_TO_COUNT, {"number": order.number})
    return None


def _go_on(order: Order, meaning: str, before: str | None, status_name: str, actor: Actor) -> Trouble | None:
    if not _alive_again(order, actor):
        return _illegal(order, status_name)
    over = partial(orders.hold_is_over, codes=_ENDED_BY_STORE, **who(order, actor))
    if order.status == Status.ON_HOLD and order.hold_code in _ENDED_BY_STORE:
        done(over, order)
    wanted = PROGRESS[meaning]
    if wanted > 1 and order.status == Status.ON_HOLD and packed(order):
        done(partial(orders.go_on, **who(order, actor)), order)
    reached = 1 if packed(order) else REACHED.get(order.status)
    if reached is None:
        return _illegal(order, status_name)
    if reached >= wanted:
        went_back = before is not None and PROGRESS.get(before, -1) > wanted
        return _illegal(order, status_name) if went_back and reached > wanted else None
    if meaning == Meaning.PROCESSED and _unpacked_here(order):
        return None
    if order.status == Status.PARTIAL:
        return Trouble(SHIPPED_SHORT, {"number": order.number, "status": status_name})
    return None if done(partial(_VERBS[meaning], **who(order, actor)), order) else _illegal(order, status_name)


def _unpacked_here(order: Order) -> bool:
    """A store that was told of a parcel goes on showing it when it was unpacked here; that packs nothing."""
    return Shipment.objects.filter(order=order, seller_id=order.seller_id, state=Shipment.State.VOID).exists()


def _alive_again(order: Order, actor: Actor) -> bool:
    """The store works on it: a cancellation is undone, a wish to cancel over; False where that cannot be."""
    if order.status in CANCELED_FOR_GOOD:
        return done(partial(orders.reopen, **who(order, actor)), order)
    if order.status == Status.CANCEL_IN_PROCESS:
        return done(partial(orders.keep, **who(order, actor)), order)
    return True


def _illegal(order: Order, status_name: str) -> Trouble:
    fields: dict[str, object] = {
        "number": order.number,
        "status": status_name,
        "from_status": Status(order.status).label,
    }
    return Trouble(ILLEGAL, fields)
