"""What a store's statuses mean, said by people; and the seller's cancellation of an order, which its store is told."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.errors import StoreNotFound, StoreStateForbids
from entrepot.channels.models import IncomingOrder, StatusDebt, StatusMapping, Store
from entrepot.channels.registry import OFFLINE
from entrepot.channels.services.cancel_parts import check_part
from entrepot.channels.services.debts import CANCEL, owes_statuses
from entrepot.channels.services.intake_apply import UNMAPPED_STATUS
from entrepot.channels.services.intake_keep import NOT_IMPORTED
from entrepot.channels.services.tell import TellReport, push_statuses
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.errors import OrderNotFound
from entrepot.orders.models import Order

__all__ = [
    "TellReport",
    "cancel_in_store",
    "confirm_meanings",
    "owes_statuses",
    "push_statuses",
    "set_meaning",
    "wake_statuses",
]

Meaning = StatusMapping.Meaning


# --------------------------------------------------------------------------- the wizard


@transaction.atomic
def set_meaning(*, seller_id: int, store_id: int, remote_id: str, meaning: str, actor: Actor) -> StatusMapping:
    """Say what a store's status means here. Orders that waited for it, or were left out by it, are looked at again.

    Raises:
        StoreNotFound: The store is not this seller's.
        ValueError: There is no such meaning.
    """
    store = Store.objects.filter(pk=store_id, seller_id=seller_id).first()
    if store is None:
        raise StoreNotFound(store_id=store_id)
    mapping, _ = StatusMapping.objects.update_or_create(
        store=store,
        remote_id=remote_id,
        defaults={"meaning": Meaning(meaning), "confirmed": True},
        create_defaults={"meaning": Meaning(meaning), "confirmed": True, "name": remote_id},
    )
    concerned = Q(order__hold_code=UNMAPPED_STATUS, order__remote_status_id=remote_id) | Q(
        state=IncomingOrder.State.IGNORED, error_code=NOT_IMPORTED, raw__order__status_id=remote_id
    )
    rows = IncomingOrder.objects.filter(concerned, store=store, seller_id=seller_id)
    again = IncomingOrder.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    looked = again.update(state=IncomingOrder.State.WAITING, error_code="")
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="stores.set_meaning",
        object_type="store",
        object_id=store_id,
        facts={"status": remote_id, "meaning": str(meaning), "orders": looked},
    )
    if looked:
        Store.objects.filter(pk=store_id, seller_id=seller_id).update(orders_due_at=timezone.now())
        engine.wake("pull_orders", store_id)
    return mapping


@transaction.atomic
def confirm_meanings(*, seller_id: int, store_id: int, meanings: Mapping[str, str], actor: Actor) -> int:
    """Confirm the wizard's page: `{status id: meaning}`; how many."""
    for remote_id, meaning in meanings.items():
        set_meaning(seller_id=seller_id, store_id=store_id, remote_id=remote_id, meaning=meaning, actor=actor)
    return len(meanings)


# --------------------------------------------------------------------------- canceling, and waking


@transaction.atomic
def cancel_in_store(*, seller_id: int, order_id: int, actor: Actor, reason: str = "") -> Order:
    """The seller cancels: the order is in process until its store has been told; its stock is free after that.

    An order of a store without an API is canceled at once.

    Raises:
        OrderNotFound: There is no such order of this seller.
        StoreStateForbids: The store may not be written to now.
        NoSuchPart: The channel cannot cancel.
        TooLateToCancel: It is packed or has left.
        PartUntold, PartSharesLine: It is a part of an order, and its store cannot be told that this part is canceled.
        MoveNotPossible: Its buyer has asked for that; accept it (`claims.accept_cancel`).
    """
    order = Order.objects.filter(pk=order_id, seller_id=seller_id).first()
    if order is None:
        raise OrderNotFound(order_id=order_id)
    store = Store.objects.filter(pk=order.sales_channel_id, seller_id=seller_id).first()
    told_by_hand = store is None or store.connector == OFFLINE
    if store is not None and not told_by_hand and not store.writable:
        raise StoreStateForbids(state=Store.State(store.state).label)
    if store is not None and not told_by_hand:
        check_part(store, order=order)
    began = orders.cancel_by_seller(seller_id=seller_id, order_id=order_id, actor=actor, reason=reason)
    if told_by_hand:
        orders.confirm_seller_cancel(seller_id=seller_id, order_id=order_id, actor=actor, reason=reason)
    elif began and store is not None:
        order.refresh_from_db()
        StatusDebt.objects.create(
            seller_id=seller_id,
            store=store,
            order=order,
            kind=CANCEL,
            key=f"cancel:{order.pk}:{order.version}",
            payload={"meaning": Meaning.CANCELED, "comment": reason[:1000], "expected": order.remote_status_id},
            created_at=timezone.now(),
        )
        engine.wake("push_statuses", store.pk)
    order.refresh_from_db()
    return order


def wake_statuses(*, seller_id: int, order_ids: Sequence[int]) -> None:
    """Make telling the stores of these orders due now. For screens that moved an order along."""
    stores = Order.objects.filter(seller_id=seller_id, pk__in=order_ids).values_list("sales_channel_id", flat=True)
    for store_id in stores.order_by("sales_channel_id").distinct():
        engine.wake("push_statuses", store_id)
