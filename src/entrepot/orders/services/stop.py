"""A parcel is stopped before it leaves: nobody hands it over until a person, or the store, has decided."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.kernel.actor import Actor
from entrepot.orders.errors import HoldReasonMissing, MoveNotPossible
from entrepot.orders.flow import ON_HOLD, READY, RFP, packed
from entrepot.orders.holds import CANCEL_AFTER_PACKING, CANCELED_AFTER_PACKING
from entrepot.orders.life import Event, Turn, locked_one, take, write_events
from entrepot.orders.models import Order
from entrepot.orders.services.cancel import end
from entrepot.orders.services.hold import rename


@transaction.atomic
def stop(
    *, seller_id: int, order_id: int, code: str, actor: Actor, reason: str = "", now: datetime | None = None
) -> bool:
    """Stop a packed order, naming why; False when it is stopped for that already. It keeps parcel and stock.

    Raises:
        HoldReasonMissing: No code was given.
        MoveNotPossible: It is not packed, or has left.
        OrderNotFound: There is no such order of this seller.
    """
    if not code.strip():
        raise HoldReasonMissing(field="code", reason="")
    order = locked_one(seller_id, order_id)
    if order.status != ON_HOLD:
        take([Turn(order, "stop", {"code": code}, code, READY.value)], actor=actor, reason=reason, now=now)
        return True
    _require_packed(order, "stop")
    return rename(order, code=code, actor=actor, reason=reason, now=now)


@transaction.atomic
def go_on(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> bool:
    """What stopped a packed order is over: it is Ready to Ship again; False when it was not stopped.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status != ON_HOLD or not packed(order):
        return False
    take([Turn(order, "unhold_packed")], actor=actor, reason=reason, now=now)
    return True


@transaction.atomic
def unpack(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> str:
    """Take a packed order apart again; tells its status. `fulfilment.services.unpack` voids its parcels first.

    One stopped for its buyer's wish to cancel is in process of that, one that its store has canceled is canceled; one
    stopped for another reason stays on hold, not packed any more. Otherwise it is with the warehouse again.

    Raises:
        MoveNotPossible: It is not packed.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    _require_packed(order, "unpack")
    if order.status == ON_HOLD and order.hold_code not in {CANCEL_AFTER_PACKING, CANCELED_AFTER_PACKING}:
        _stay_on_hold(order, actor, reason, now or timezone.now())
        return order.status
    code = order.hold_code
    take([Turn(order, "unpack")], actor=actor, reason=reason, now=now)
    if code == CANCEL_AFTER_PACKING:
        take([Turn(order, "ask_cancel")], actor=actor, reason=reason, now=now)
    elif code == CANCELED_AFTER_PACKING:
        end(order, move="cancel", actor=actor, reason=reason, now=now)
    return order.status


def _stay_on_hold(order: Order, actor: Actor, reason: str, at: datetime) -> None:
    order.held_from = RFP.value
    order.version += 1
    order.save(update_fields=["held_from", "version", "updated_at"])
    told = {"code": order.hold_code, "reason": reason}
    write_events([Event(order.pk, "order.unpacked", ON_HOLD.value, ON_HOLD.value, told)], actor=actor, now=at)


def _require_packed(order: Order, move: str) -> None:
    if not packed(order):
        raise MoveNotPossible(move=move, status=order.get_status_display(), order_id=order.pk)
