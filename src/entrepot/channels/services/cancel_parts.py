"""Canceling an order that was split here: its store is told what it can express, the rest is refused, saying why."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.errors import PartSharesLine, PartUntold, StoreStateForbids
from entrepot.channels.models import StatusDebt, StatusMapping, Store
from entrepot.channels.opening import opened
from entrepot.channels.problems import resolve_problems
from entrepot.channels.registry import OFFLINE
from entrepot.channels.services.debts import CANCEL, close
from entrepot.channels.services.tell_parts import parts_of
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.orders import services as orders
from entrepot.orders.errors import OrderNotFound
from entrepot.orders.flow import CANCELED_FOR_GOOD, SELLER_CANCEL_IN_PROCESS
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.parts import locked_family, locked_with_goods, root_of


def tells_lines(store: Store) -> bool:  # house: verb-signature a question about the store's connector
    """Whether the store keeps a state for each line, so that some lines of an order can be canceled in it."""
    with opened(store) as connector:
        return connector.shipments is not None and connector.shipments.moves_orders


def check_part(store: Store, *, order: Order) -> None:
    """Refuse to cancel one part where the store could not be told so.

    Raises:
        PartUntold: The store has one status for the whole order, of which other parts go on.
        PartSharesLine: A line was cut in two, and another part has the rest of it.
    """
    others = parts_of(order)
    if not others:
        return
    if not tells_lines(store):
        numbers = ", ".join(one.number for one in others)
        raise PartUntold(number=order.number, store=store.sales_channel.name, others=numbers)
    mine = order.lines.filter(order__seller_id=order.seller_id).values("remote_id")
    theirs = OrderLine.objects.filter(order__seller_id=order.seller_id, order__in=others, remote_id__in=mine)
    shared = theirs.filter(quantity__gt=F("canceled")).select_related("order").order_by("pk").first()
    if shared is not None:
        raise PartSharesLine(number=order.number, sku=shared.sku, other=shared.order.number)


@transaction.atomic
def cancel_whole(*, seller_id: int, order_id: int, actor: Actor, reason: str = "") -> list[Order]:
    """The seller cancels an order with all its parts; tells them. Each is in process until the store has been told.

    Raises:
        OrderNotFound: There is no such order of this seller.
        StoreStateForbids: The store may not be written to now.
        TooLateToCancel: A part is packed or has left; nothing is canceled.
        MoveNotPossible: Its buyer has asked for that; accept it.
    """
    found = Order.objects.filter(pk=order_id, seller_id=seller_id).first()
    if found is None:
        raise OrderNotFound(order_id=order_id)
    store = Store.objects.filter(pk=found.sales_channel_id, seller_id=seller_id).first()
    told_by_hand = store is None or store.connector == OFFLINE
    if store is not None and not told_by_hand and not store.writable:
        raise StoreStateForbids(state=Store.State(store.state).label)
    members, lines = locked_family(seller_id, root_of(found))
    going = [one for one in members if one.status not in CANCELED_FOR_GOOD and lines[one.pk]]
    for one in going:
        orders.cancel_by_seller(seller_id=seller_id, order_id=one.pk, actor=actor, reason=reason)
        if told_by_hand:
            orders.confirm_seller_cancel(seller_id=seller_id, order_id=one.pk, actor=actor, reason=reason)
        one.refresh_from_db()
    if store is not None and not told_by_hand and going:
        _owe(store, going, reason)
    return going


def _owe(store: Store, going: list[Order], reason: str) -> None:
    """One telling for the whole; for each part, where the store cancels by lines."""
    groups = [[one] for one in going] if tells_lines(store) else [going]
    for group in groups:
        first = group[0]
        StatusDebt.objects.get_or_create(
            key=f"cancel:{first.pk}:{first.version}",
            defaults={
                "seller_id": store.seller_id,
                "store": store,
                "order": first,
                "kind": CANCEL,
                "payload": {
                    "meaning": StatusMapping.Meaning.CANCELED,
                    "comment": reason[:1000],
                    "expected": first.remote_status_id,
                    "orders": [one.pk for one in group],
                },
                "created_at": timezone.now(),
            },
        )
    engine.wake("push_statuses", store.pk)


# --------------------------------------------------------------------------- told, or not any more


@transaction.atomic
def cancel_is_over(debt: StatusDebt) -> bool:  # house: verb-signature a row of the engine's
    """Whether there is nothing to cancel any more: all of it is over here, or somebody keeps an order of it.

    One telling cancels all its orders in the store, so whoever keeps one of them keeps the others too.
    """
    living = [one for one in locked_with_goods(debt.seller_id, _told_of(debt)) if one.status not in CANCELED_FOR_GOOD]
    waiting = [one for one in living if one.status == SELLER_CANCEL_IN_PROCESS]
    if waiting and len(waiting) == len(living):
        return False
    for one in waiting:
        orders.keep(seller_id=debt.seller_id, order_id=one.pk, actor=SYSTEM)
    close(debt)
    resolve_problems(
        seller_id=debt.seller_id, object_type="order", object_id=debt.order_id, codes=["status_refused"], actor=SYSTEM
    )
    return True


@transaction.atomic
def note_canceled(debt: StatusDebt) -> None:  # house: verb-signature the engine's, as SYSTEM
    """The store has canceled: so is every order of the telling that still waits for that."""
    for one in locked_with_goods(debt.seller_id, _told_of(debt)):
        if one.status == SELLER_CANCEL_IN_PROCESS:
            orders.confirm_seller_cancel(seller_id=debt.seller_id, order_id=one.pk, actor=SYSTEM)


def _told_of(debt: StatusDebt) -> list[int]:
    return list(debt.payload.get("orders", [debt.order_id]))
