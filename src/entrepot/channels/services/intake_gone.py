"""Orders that a store has deleted. Some stores give the stock back when they do, OpenCart 4.1 does not; we do."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from entrepot.channels.live import announce
from entrepot.channels.models import IncomingOrder, Store
from entrepot.channels.problems import open_problem
from entrepot.channels.services.intake_keep import DELETED
from entrepot.channels.services.wakes import doubt_figures
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Refused
from entrepot.orders import services as orders
from entrepot.orders.flow import CANCELED_FOR_GOOD
from entrepot.orders.models import Order
from entrepot.orders.parts import locked_family


def release_deleted(*, store: Store, remote_ids: Sequence[str], actor: Actor, now: datetime) -> int:
    """Cancel what the store no longer knows, where it is not packed yet, and tell a person of each; how many are new.

    A repeat finds the mark on the kept row and does nothing.
    """
    fresh = 0
    for remote_id in sorted(set(remote_ids)):
        with transaction.atomic():
            fresh += _release_one(store, remote_id, actor, now)
    if fresh:
        announce(store.seller_id, "orders")
    return fresh


def _release_one(store: Store, remote_id: str, actor: Actor, now: datetime) -> bool:
    rows = IncomingOrder.objects.select_for_update().filter(store=store, seller_id=store.seller_id, remote_id=remote_id)
    kept = rows.first()
    if kept is None or kept.error_code == DELETED:
        return False
    order = Order.objects.filter(seller_id=store.seller_id, sales_channel_id=store.pk, remote_id=remote_id).first()
    kept.state = IncomingOrder.State.ENTERED if order else IncomingOrder.State.IGNORED
    kept.error_code = DELETED
    kept.save(update_fields=["state", "error_code"])
    if order is None:
        return False
    members, _ = locked_family(store.seller_id, order.pk)
    released = [_release_part(store, one, actor, now) for one in members]
    return any(released)


def _release_part(store: Store, order: Order, actor: Actor, now: datetime) -> bool:
    if order.status in CANCELED_FOR_GOOD:
        return False
    doubt_figures(store=store, product_ids=order.lines.values_list("product_remote_id", flat=True))
    try:
        with transaction.atomic():
            orders.cancel_by_buyer(seller_id=order.seller_id, order_id=order.pk, actor=actor, reason="deleted_in_store")
    except Refused:
        pass
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code=DELETED,
        object_type="order",
        object_id=order.pk,
        fields={"number": order.number},
        now=now,
    )
    return True
