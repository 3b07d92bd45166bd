"""On hold: a person must look first. The order keeps what it holds."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from entrepot.kernel.actor import Actor
from entrepot.orders import turns
from entrepot.orders.errors import CancellationUndecided, HoldReasonMissing, LinesUnmatched
from entrepot.orders.flow import ON_HOLD, packed
from entrepot.orders.holds import CANCELLATIONS, UNMATCHED
from entrepot.orders.life import Event, Turn, locked_one, take, write_events
from entrepot.orders.lines import Covered, cover
from entrepot.orders.models import Order


@transaction.atomic
def hold(
    *, seller_id: int, order_id: int, code: str, actor: Actor, reason: str = "", now: datetime | None = None
) -> bool:
    """Hold an order that is not packed, naming why (`unmapped_status`, `person`, …); False when held for that already.

    An order on hold for something else is now held for this; only its store can say so of one that waits for a decision
    about a cancellation, or that would be forgotten.

    Raises:
        CancellationUndecided: A wish to cancel stands behind the hold.
        HoldReasonMissing: No code was given.
        MoveNotPossible: It is packed, over, or being canceled.
        OrderNotFound: There is no such order of this seller.
    """
    if not code.strip():
        raise HoldReasonMissing(field="code", reason="")
    order = locked_one(seller_id, order_id)
    if order.status != ON_HOLD:
        take([Turn(order, "hold", {"code": code}, code, order.status)], actor=actor, reason=reason, now=now)
        return True
    _refuse_undecided(order, actor)
    return rename(order, code=code, actor=actor, reason=reason, now=now)


def _refuse_undecided(order: Order, actor: Actor) -> None:
    if order.status == ON_HOLD and order.hold_code in CANCELLATIONS and actor.kind != "store":
        raise CancellationUndecided(order_id=order.pk)


@transaction.atomic
def unhold(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> str:
    """Let an order go on: to where it came from, as far as its stock allows.

    Raises:
        CancellationUndecided: A wish to cancel stands behind the hold.
        LinesUnmatched: Lines without an item are left; match them first.
        MoveNotPossible: It is not on hold.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    _refuse_undecided(order, actor)
    if packed(order) and order.status == ON_HOLD:
        take([Turn(order, "unhold_packed")], actor=actor, reason=reason, now=now)
        return order.status
    stands = cover(seller_id, [order], actor=actor, reason=reason)[order.pk] if order.status == ON_HOLD else None
    if stands and stands.unmatched:
        raise LinesUnmatched(order_id=order_id, count=stands.unmatched)
    take([turns.unhold(order, stands or Covered(0, ()))], actor=actor, reason=reason, now=now)
    return order.status


@transaction.atomic
def hold_is_over(
    *,
    seller_id: int,
    order_id: int,
    codes: Collection[str],
    actor: Actor,
    reason: str = "",
    now: datetime | None = None,
) -> bool:
    """What held an order is over (it is paid, the store lets it go): it goes on; False when none of these held it.

    One with lines without an item is held for those now.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status != ON_HOLD or order.hold_code not in codes:
        return False
    if packed(order):
        take([Turn(order, "unhold_packed")], actor=actor, reason=reason, now=now)
        return True
    stands = cover(seller_id, [order], actor=actor, reason=reason)[order.pk]
    if stands.unmatched:
        return rename(order, code=UNMATCHED, actor=actor, reason=reason, now=now)
    take([turns.unhold(order, stands)], actor=actor, reason=reason, now=now)
    return True


def rename(order: Order, *, code: str, actor: Actor, reason: str, now: datetime | None) -> bool:
    """A held and locked order is now held for this; False when it is so already."""
    if order.hold_code == code:
        return False
    from_code, order.hold_code = order.hold_code, code
    order.version += 1
    order.save(update_fields=["hold_code", "version", "updated_at"])
    told = {"code": code, "before": from_code, "reason": reason}
    event = Event(order.pk, "order.hold_renamed", ON_HOLD.value, ON_HOLD.value, told)
    write_events([event], actor=actor, now=now or order.updated_at)
    return True
