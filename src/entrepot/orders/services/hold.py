"""On hold: a person must look first. The order keeps what it holds."""

from datetime import datetime

from django.db import transaction

from entrepot.kernel.actor import Actor
from entrepot.orders import turns
from entrepot.orders.errors import HoldReasonMissing, LinesUnmatched
from entrepot.orders.flow import ON_HOLD
from entrepot.orders.life import Event, Turn, locked_one, take, write_events
from entrepot.orders.lines import Covered, cover
from entrepot.orders.models import Order


@transaction.atomic
def hold(
    *, seller_id: int, order_id: int, code: str, actor: Actor, reason: str = "", now: datetime | None = None
) -> bool:
    """Hold an order that is not packed, naming why (`unmapped_status`, `person`, …); False when held for that already.

    An order on hold for something else is now held for this.

    Raises:
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
    if order.hold_code == code:
        return False
    _rename(order, code, actor, reason, now)
    return True


@transaction.atomic
def unhold(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> str:
    """Let an order go on: to the warehouse if it came from there, else New or Partial as its stock stands.

    Raises:
        LinesUnmatched: Lines without an item are left; match them first.
        MoveNotPossible: It is not on hold.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    stands = cover(seller_id, [order], actor=actor, reason=reason)[order.pk] if order.status == ON_HOLD else None
    if stands and stands.unmatched:
        raise LinesUnmatched(order_id=order_id, count=stands.unmatched)
    take([turns.unhold(order, stands or Covered(0, ()))], actor=actor, reason=reason, now=now)
    return order.status


def _rename(order: Order, code: str, actor: Actor, reason: str, now: datetime | None) -> None:
    from_code, order.hold_code = order.hold_code, code
    order.version += 1
    order.save(update_fields=["hold_code", "version", "updated_at"])
    told = {"code": code, "before": from_code, "reason": reason}
    event = Event(order.pk, "order.hold_renamed", ON_HOLD.value, ON_HOLD.value, told)
    write_events([event], actor=actor, now=now or order.updated_at)
