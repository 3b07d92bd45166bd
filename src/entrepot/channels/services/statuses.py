"""What a store's statuses mean, and what we owe a store to be told about an order's status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.errors import NoSuchPart, StoreNotFound, StoreStateForbids
from entrepot.channels.live import announce
from entrepot.channels.models import IncomingOrder, StatusDebt, StatusMapping, Store
from entrepot.channels.opening import lent_or_opened
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.registry import OFFLINE
from entrepot.channels.services.intake_apply import PROGRESS, REACHED, UNMAPPED_STATUS
from entrepot.channels.services.intake_keep import NOT_IMPORTED
from entrepot.channels.services.push_answers import back_off
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import Connector, StatusWrite
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import ChannelRejected, Refused
from entrepot.orders import services as orders
from entrepot.orders.errors import OrderNotFound
from entrepot.orders.models import Order, Status

log = structlog.get_logger(__name__)

STATUS_REFUSED = "status_refused"
OVERTAKEN = "overtaken"
STATUS, CANCEL = "status", "cancel"
Meaning = StatusMapping.Meaning

_LAGGING = """
INSERT INTO channels_statusdebt (seller_id, store_id, order_id, kind, key, payload, created_at, attempts,
                                 error_code, error_reason)
SELECT o.seller_id, o.sales_channel_id, o.id, 'status', 'order:' || o.id || ':' || o.status,
       jsonb_build_object('meaning', told.meaning), %(now)s, 0, '', ''
FROM orders_order o
JOIN (VALUES ('ready_to_ship', 'processed', 1), ('in_transit', 'in_transit', 2), ('complete', 'complete', 3))
     AS told (status, meaning, progress) ON told.status = o.status
LEFT JOIN channels_statusmapping shown ON shown.store_id = o.sales_channel_id AND shown.remote_id = o.remote_status_id
WHERE o.seller_id = %(seller)s AND o.sales_channel_id = %(store)s AND o.placed_at > %(now)s - interval '120 days'
  AND CASE shown.meaning WHEN 'new' THEN 0 WHEN 'processed' THEN 1 WHEN 'in_transit' THEN 2 WHEN 'complete' THEN 3
                         ELSE 9 END < told.progress
ON CONFLICT (key) DO NOTHING
"""


@dataclass(slots=True)
class TellReport:
    """What a store was told of its orders, counted."""

    told: int = 0
    refused: int = 0


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


# --------------------------------------------------------------------------- what we owe


@transaction.atomic
def cancel_in_store(*, seller_id: int, order_id: int, actor: Actor, reason: str = "") -> Order:
    """The seller cancels: the order is in process until its store has been told; its stock is free after that.

    An order of a store without an API is canceled at once.

    Raises:
        OrderNotFound: There is no such order of this seller.
        StoreStateForbids: The store may not be written to now.
        NoSuchPart: The channel cannot cancel.
        TooLateToCancel: It is packed or has left.
    """
    order = Order.objects.filter(pk=order_id, seller_id=seller_id).first()
    if order is None:
        raise OrderNotFound(order_id=order_id)
    store = Store.objects.filter(pk=order.sales_channel_id, seller_id=seller_id).first()
    told_by_hand = store is None or store.connector == OFFLINE
    if store is not None and not told_by_hand and not store.writable:
        raise StoreStateForbids(state=Store.State(store.state).label)
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


def owes_statuses(*, store_id: int, now: datetime | None = None) -> bool:
    """Whether the store is to be told something whose time has come."""
    moment = now or timezone.now()
    due = StatusDebt.objects.filter(store_id=store_id, sent_at=None)  # house: seller the engine asks for a store
    return due.filter(Q(next_try_at=None) | Q(next_try_at__lte=moment)).exists()


def push_statuses(store: Store, *, connector: Connector | None = None) -> TellReport:
    """Tell the store what became of its orders, oldest first; each write has a key, so a repeat is harmless.

    An order that is further here than its store shows is owed by itself. A store that is not live is told nothing.

    Raises:
        ChannelError: The store cannot be talked to; what was told before stays written down.
    """
    report = TellReport()
    store.refresh_from_db(fields=["state", "settings"])
    if not store.writable:
        return report
    owe_lagging(store)
    debts = _due(store)
    if debts:
        with lent_or_opened(store, connector, lane="statuses") as open_connector:
            for debt in debts:
                if not _overtaken(debt):
                    _tell(store, open_connector, debt, report)
        announce(store.seller_id, "orders")
    return report


def owe_lagging(store: Store) -> int:
    """Write down what the store does not show yet of orders that are further here; how many are new.

    Asked of the rows by every push of statuses and every pull of orders, so no verb of the desk has to remember it.
    """
    if not store.writable:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_LAGGING, {"seller": store.seller_id, "store": store.pk, "now": timezone.now()})
        return int(cursor.rowcount)


def wake_statuses(*, seller_id: int, order_ids: Sequence[int]) -> None:
    """Make telling the stores of these orders due now. For screens that moved an order along."""
    stores = Order.objects.filter(seller_id=seller_id, pk__in=order_ids).values_list("sales_channel_id", flat=True)
    for store_id in stores.order_by("sales_channel_id").distinct():
        engine.wake("push_statuses", store_id)


def _due(store: Store) -> Sequence[StatusDebt]:
    now = timezone.now()
    rows = StatusDebt.objects.filter(store=store, seller_id=store.seller_id, sent_at=None)
    due = rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=now)).select_related("order")
    return list(due.order_by("id")[:500])


def _overtaken(debt: StatusDebt) -> bool:
    """Close a debt whose order has gone on since: told late, it would turn the store back behind what it shows."""
    debt.order.refresh_from_db(fields=["status"])
    reached = REACHED.get(debt.order.status)
    if debt.kind != STATUS or reached is None or reached <= PROGRESS[str(debt.payload["meaning"])]:
        return False
    newer = StatusDebt.objects.filter(order_id=debt.order_id, seller_id=debt.seller_id, kind=STATUS, pk__gt=debt.pk)
    if not newer.exists():
        return False
    debt.sent_at, debt.next_try_at, debt.error_code = timezone.now(), None, OVERTAKEN
    debt.save(update_fields=["sent_at", "next_try_at", "error_code"])
    return True


def _tell(store: Store, connector: Connector, debt: StatusDebt, report: TellReport) -> None:
    try:
        write = _status_write(store, debt)
        if debt.kind == CANCEL:
            if connector.cancellations is None:
                raise NoSuchPart(part="cancellations")
            connector.cancellations.cancel(write)
        elif connector.statuses is not None:
            connector.statuses.tell(write)
    except (ChannelRejected, Refused) as refusal:
        _note_refusal(store, debt, refusal)
        report.refused += 1
    else:
        _note_told(debt)
        report.told += 1


def _status_write(store: Store, debt: StatusDebt) -> StatusWrite:
    facts: Mapping[str, Any] = debt.payload
    status_id = _status_for(store, str(facts["meaning"])) or debt.order.remote_status_id
    return StatusWrite(
        key=debt.key,
        order_id=debt.order.remote_id,
        status_id=status_id,
        comment=str(facts.get("comment", "")),
        notify=False,
        expected_status_id=facts.get("expected") or None,
    )


def _status_for(store: Store, meaning: str) -> str:
    """Which of the store's statuses says this: the seller's choice, else the one that keeps its stock counted.

    Ready to Ship has none of its own unless the seller chose one: the present status is repeated as a line of history.
    """
    chosen = store.settings.get("status_out", {}).get(meaning)
    if chosen or meaning == Meaning.PROCESSED:
        return str(chosen or "")
    rows = StatusMapping.objects.filter(store=store, meaning=meaning)
    ranked = sorted(rows, key=lambda row: (not row.takes_stock, not row.confirmed, row.remote_id.zfill(12)))
    return ranked[0].remote_id if ranked else ""


def _note_told(debt: StatusDebt) -> None:
    now = timezone.now()
    with transaction.atomic():
        debt.sent_at, debt.error_code, debt.error_reason, debt.next_try_at = now, "", "", None
        debt.save(update_fields=["sent_at", "error_code", "error_reason", "next_try_at"])
        if debt.kind == CANCEL and debt.order.status == Status.SELLER_CANCEL_IN_PROCESS:
            orders.confirm_seller_cancel(seller_id=debt.seller_id, order_id=debt.order_id, actor=SYSTEM)
        resolve_problems(
            seller_id=debt.seller_id,
            object_type="order",
            object_id=debt.order_id,
            codes=[STATUS_REFUSED],
            actor=SYSTEM,
            now=now,
        )


def _note_refusal(store: Store, debt: StatusDebt, refusal: ChannelRejected | Refused) -> None:
    """The store will not have it: keep trying, rarely, tell a person, and look at what the order has become there."""
    now = timezone.now()
    words = words_of(refusal)
    debt.next_try_at = now + back_off(debt.attempts)
    debt.attempts += 1
    debt.error_code, debt.error_reason = refusal.code[:40], str(words["reason"])[:500]
    debt.save(update_fields=["next_try_at", "attempts", "error_code", "error_reason"])
    open_problem(
        seller_id=debt.seller_id,
        store_id=store.pk,
        code=STATUS_REFUSED,
        object_type="order",
        object_id=debt.order_id,
        fields={"number": debt.order.number} | words,
        detail=refusal.detail,
        now=now,
    )
    engine.wake("pull_orders", store.pk)
