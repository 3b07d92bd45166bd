"""Orders that will not be sent. What they held is free for others as soon as the cancellation is certain."""

from datetime import datetime

from django.db import transaction

from entrepot.inventory.services import release
from entrepot.kernel.actor import Actor
from entrepot.orders.errors import TooLateToCancel
from entrepot.orders.flow import (
    BEFORE_PACKED,
    CANCEL_IN_PROCESS,
    CANCELED_FOR_GOOD,
    CANCELING,
    SELLER_CANCEL_IN_PROCESS,
    packed,
)
from entrepot.orders.life import Turn, locked_one, take
from entrepot.orders.lines import cover, references
from entrepot.orders.models import Order
from entrepot.orders.services.fill import fill_after_commit
from entrepot.orders.turns import revive


@transaction.atomic
def cancel_by_buyer(
    *, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None
) -> bool:
    """Cancel an order that is not packed yet and release what it held; False when it was canceled already.

    While a cancellation by the seller is in process, the store's word confirms that one.

    Raises:
        TooLateToCancel: It is packed or has left.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status in CANCELED_FOR_GOOD:
        return False
    confirmed = order.status == SELLER_CANCEL_IN_PROCESS
    end(order, move="confirm_seller_cancel" if confirmed else "cancel", actor=actor, reason=reason, now=now)
    return True


@transaction.atomic
def ask_cancel(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> bool:
    """The buyer asks to cancel and the store has not decided: the order waits, keeping what it holds.

    Raises:
        TooLateToCancel: It is packed or has left.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status in CANCELED_FOR_GOOD | {CANCEL_IN_PROCESS}:
        return False
    _refuse_packed(order)
    take([Turn(order, "ask_cancel")], actor=actor, reason=reason, now=now)
    return True


@transaction.atomic
def cancel_by_seller(
    *, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None
) -> bool:
    """The seller cancels: in process until the store confirms, keeping what it holds; False when it was so already.

    Raises:
        TooLateToCancel: It is packed or has left.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status in CANCELED_FOR_GOOD | {SELLER_CANCEL_IN_PROCESS}:
        return False
    _refuse_packed(order)
    take([Turn(order, "cancel_by_seller")], actor=actor, reason=reason, now=now)
    return True


@transaction.atomic
def confirm_seller_cancel(
    *, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None
) -> bool:
    """The store has canceled what the seller canceled: release what it held; False when it was canceled already.

    Raises:
        MoveNotPossible: The seller did not cancel it.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status in CANCELED_FOR_GOOD:
        return False
    end(order, move="confirm_seller_cancel", actor=actor, reason=reason, now=now)
    return True


@transaction.atomic
def cancel_unpaid(
    *, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None
) -> bool:
    """The buyer never paid: release what it held; False when it was canceled already.

    Raises:
        MoveNotPossible: It has gone too far.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status in CANCELED_FOR_GOOD:
        return False
    end(order, move="cancel_unpaid", actor=actor, reason=reason, now=now)
    return True


@transaction.atomic
def keep(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> str:
    """A cancellation was withdrawn or refused: the order lives on; tells its status.

    Raises:
        MoveNotPossible: No cancellation is in process.
        OrderNotFound: There is no such order of this seller.
    """
    return _revive(locked_one(seller_id, order_id), "keep", actor, reason, now)


@transaction.atomic
def reopen(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> str:
    """The store put a canceled order back to work: set stock aside again; tells its status.

    Raises:
        MoveNotPossible: It is not canceled.
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    if order.status in CANCELED_FOR_GOOD:  # one entered as canceled has all its lines canceled
        order.lines.filter(order__seller_id=seller_id).update(canceled=0)
    return _revive(order, "reopen", actor, reason, now)


def _refuse_packed(order: Order) -> None:
    if packed(order) or order.status not in BEFORE_PACKED | CANCELING | CANCELED_FOR_GOOD:
        raise TooLateToCancel(order_id=order.pk, status=order.get_status_display())


def end(order: Order, *, move: str, actor: Actor, reason: str, now: datetime | None) -> None:
    """Make the move of a locked order that ends it, and release what it held."""
    _refuse_packed(order)
    names = references(order.seller_id, [order.pk])
    take([Turn(order, move)], actor=actor, reason=reason, now=now)
    freed = release(seller_id=order.seller_id, references=names, actor=actor, reason=reason or move)
    fill_after_commit(seller_id=order.seller_id, item_ids=freed, actor=actor)


def _revive(order: Order, move: str, actor: Actor, reason: str, now: datetime | None) -> str:
    stands = cover(order.seller_id, [order], actor=actor, reason=reason)[order.pk]
    take([revive(order, stands, move)], actor=actor, reason=reason, now=now)
    return order.status
