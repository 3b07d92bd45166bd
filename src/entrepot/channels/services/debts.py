"""What we owe a store to be told about its orders, asked of the rows: no verb of the desk has to remember it.

A store is told by a row for each thing, with a key that makes a repeat harmless: `status` and `cancel` through the
store's statuses, `parcel` where a parcel is what moves the order (or carries the number), `claim` for answers to
buyers' wishes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from entrepot.channels.models import Problem, RemoteCarrier, StatusDebt, StatusMapping, Store
from entrepot.channels.opening import setting
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.intake_parts import FIRST
from entrepot.channels.services.shipping import make_labels, number_parcels
from entrepot.connectors.contract import Connector
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.actor import SYSTEM
from entrepot.orders.models import Order, Status

STATUS, CANCEL, PARCEL, CLAIM = "status", "cancel", "parcel", "claim"
OVERTAKEN: Final = "overtaken"
STOPPED: Final = "stopped"
TRACKING_MISSING: Final = "tracking_missing"
PARCELS_AT_ONCE = 500
ASK_AGAIN = timedelta(days=1)
"""A parcel without a number waits for a person; it is looked at again now and then all the same."""
MOVING = (Status.READY_TO_SHIP, Status.IN_TRANSIT, Status.COMPLETE)
"""Statuses in which a parcel may be told."""
Meaning = StatusMapping.Meaning

_BEHIND = """
FROM orders_order o
JOIN (VALUES ('ready_to_ship', 'processed', 1, 'packed'), ('in_transit', 'in_transit', 2, 'handed_over'),
             ('complete', 'complete', 3, 'delivered'))
     AS told (status, meaning, progress, parcel) ON told.status = o.status
LEFT JOIN channels_statusmapping shown ON shown.store_id = o.sales_channel_id AND shown.remote_id = o.remote_status_id
WHERE o.seller_id = %(seller)s AND o.sales_channel_id = %(store)s AND o.placed_at > %(now)s - interval '120 days'
  AND CASE shown.meaning WHEN 'new' THEN 0 WHEN 'processed' THEN 1 WHEN 'in_transit' THEN 2 WHEN 'complete' THEN 3
                         ELSE 9 END < told.progress
"""
"""Orders that are further here than their store shows."""
_LAGGING = (
    """
INSERT INTO channels_statusdebt (seller_id, store_id, order_id, kind, key, payload, created_at, attempts,
                                 error_code, error_reason)
SELECT o.seller_id, o.sales_channel_id, o.id, 'status', 'order:' || o.id || ':' || o.status,
       jsonb_build_object('meaning', told.meaning), %(now)s, 0, '', ''
"""
    + _BEHIND
    + """  AND o.split_from_id IS NULL AND NOT EXISTS (SELECT FROM orders_order part WHERE part.split_from_id = o.id)
ON CONFLICT (key) DO NOTHING
"""
)
_SPLIT_LAGGING = """
INSERT INTO channels_statusdebt (seller_id, store_id, order_id, kind, key, payload, created_at, attempts,
                                 error_code, error_reason)
WITH root AS (
    SELECT DISTINCT o.split_from_id AS id FROM orders_order o
    WHERE o.seller_id = %(seller)s AND o.sales_channel_id = %(store)s AND o.split_from_id IS NOT NULL
      AND o.placed_at > %(now)s - interval '120 days'
), part AS (
    SELECT root.id AS root_id, CASE o.status WHEN 'ready_to_ship' THEN 1 WHEN 'in_transit' THEN 2
        WHEN 'complete' THEN 3 WHEN 'return_in_process' THEN 3 WHEN 'returned' THEN 3 ELSE 0 END AS reached
    FROM root JOIN orders_order o ON o.id = root.id OR o.split_from_id = root.id
    WHERE o.status NOT IN ('canceled', 'seller_canceled', 'unpaid_canceled')
), whole AS (
    SELECT root_id,
           CASE WHEN %(first)s THEN LEAST(max(reached), GREATEST(min(reached), 2)) ELSE min(reached) END AS reached
    FROM part GROUP BY root_id
)
SELECT o.seller_id, o.sales_channel_id, o.id, 'status', 'order:' || o.id || ':' || told.status,
       jsonb_build_object('meaning', told.meaning), %(now)s, 0, '', ''
FROM whole JOIN orders_order o ON o.id = whole.root_id
JOIN (VALUES ('ready_to_ship', 'processed', 1), ('in_transit', 'in_transit', 2), ('complete', 'complete', 3))
     AS told (status, meaning, reached) ON told.reached = whole.reached
LEFT JOIN channels_statusmapping shown ON shown.store_id = o.sales_channel_id AND shown.remote_id = o.remote_status_id
WHERE CASE shown.meaning WHEN 'new' THEN 0 WHEN 'processed' THEN 1 WHEN 'in_transit' THEN 2 WHEN 'complete' THEN 3
                         ELSE 9 END < told.reached
ON CONFLICT (key) DO NOTHING
"""
"""An order that was split here has one status in its store: it is told when the last part gets there (or the first)."""
_WITHOUT_PARCEL = (
    "SELECT o.id"  # noqa: S608 - put together from constants
    + _BEHIND
    + """  AND NOT EXISTS (
      SELECT FROM fulfilment_shipment parcel WHERE parcel.order_id = o.id AND parcel.state = told.parcel)
ORDER BY o.id LIMIT 500
"""
)
_STATES = {Shipment.State.PACKED: "ready", Shipment.State.HANDED_OVER: "handed_over"}
MEANT = {"ready": Meaning.PROCESSED, "handed_over": Meaning.IN_TRANSIT, "delivered": Meaning.COMPLETE}
"""What an order is when its parcel is so."""


def owes_statuses(*, store_id: int, now: datetime | None = None) -> bool:
    """Whether the store is to be told something whose time has come."""
    return due_debts(now=now or timezone.now()).filter(store_id=store_id).exists()


def due_debts(*, now: datetime) -> QuerySet[StatusDebt]:
    """Debts whose time has come, of any store."""
    rows = StatusDebt.objects.filter(sent_at=None)  # house: seller the engine asks for all stores
    return rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=now))


def owe(store: Store, *, connector: Connector) -> int:
    """Write down what the store does not show yet; how much is new. A store that is not live is owed nothing.

    Where parcels move orders, a packed order is a parcel to be told; elsewhere it is a status, and the parcel's number
    beside it.
    """
    if not store.writable:
        return 0
    sink = connector.shipments
    make_labels(store, one_status=sink is None or not sink.moves_orders)
    if sink is not None and sink.moves_orders:
        return _owe_parcels(store, needs_tracking=sink.needs_tracking)
    numbers = _owe_numbers(store) if sink is not None else 0
    return numbers + (_owe_lagging(store) if connector.statuses is not None else 0)


def close(debt: StatusDebt, *, why: str = OVERTAKEN) -> None:  # house: verb-signature a row of the engine's
    """There is nothing to tell any more."""
    debt.sent_at, debt.next_try_at, debt.error_code = timezone.now(), None, why
    debt.save(update_fields=["sent_at", "next_try_at", "error_code"])


def _owe_lagging(store: Store) -> int:
    facts = {"seller": store.seller_id, "store": store.pk, "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_LAGGING, facts)
        count = int(cursor.rowcount)
        cursor.execute(_SPLIT_LAGGING, facts | {"first": setting(store, "split_tell") == FIRST})
        return count + int(cursor.rowcount)


# --------------------------------------------------------------------------- parcels


def _owe_parcels(store: Store, *, needs_tracking: bool) -> int:
    facts = {"seller": store.seller_id, "store": store.pk, "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_PARCEL, facts)
        behind = [row[0] for row in cursor.fetchall()]
    for order_id in behind:
        fulfilment.catch_up(seller_id=store.seller_id, order_id=order_id, actor=SYSTEM)
    parcels = _untold(store)
    if needs_tracking and number_parcels(store, parcels=parcels):
        parcels = _untold(store)
    missing = {parcel.pk for parcel in parcels if needs_tracking and not has_number(store, parcel=parcel)}
    made = _write(store, parcels, missing)
    _drop_older(store, parcels)
    _go_on_after_stop(store)
    _tell_person(store, parcels, missing)
    return made


def has_number(store: Store, *, parcel: Shipment) -> bool:
    """Whether a store that needs carrier and number can be told of a parcel; goods that are picked up have neither."""
    return parcel.order.pickup or bool(parcel.tracking_number and carrier_of(store, parcel=parcel))


def carrier_of(store: Store, *, parcel: Shipment) -> str:
    """The parcel's carrier as its store calls it; else the store's default one."""
    if parcel.carrier:
        return parcel.carrier
    rows = RemoteCarrier.objects.filter(store=store, store__seller_id=store.seller_id, is_default=True)
    default = rows.order_by("pk").first()
    return default.remote_id if default else ""


def _untold(store: Store) -> list[Shipment]:
    rows = Shipment.objects.filter(seller_id=store.seller_id, version__gt=F("told_version"))
    rows = rows.filter(order__sales_channel_id=store.pk, order__status__in=MOVING)
    rows = rows.exclude(state=Shipment.State.VOID)
    return list(rows.select_related("order__sales_channel").order_by("id")[:PARCELS_AT_ONCE])


def key_of(parcel: Shipment) -> str:
    """The name under which this version of a parcel is told, once."""
    return f"parcel:{parcel.pk}:{parcel.version}"


def number_key(parcel: Shipment) -> str:
    """The name under which a parcel's number is told beside the status, once."""
    words = f"{parcel.carrier or parcel.carrier_name}/{parcel.tracking_number}"
    return f"track:{parcel.pk}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _write(store: Store, parcels: Sequence[Shipment], missing: set[int]) -> int:
    now = timezone.now()
    keys = {key_of(parcel): parcel for parcel in parcels}
    known = set(StatusDebt.objects.filter(store=store, seller_id=store.seller_id, key__in=keys).values_list("key"))
    fresh = [
        _parcel_debt(store, parcel, key, now, missing=parcel.pk in missing)
        for key, parcel in keys.items()
        if (key,) not in known
    ]
    StatusDebt.objects.bulk_create(fresh, ignore_conflicts=True)
    return len([debt for debt in fresh if debt.next_try_at is None])


def _parcel_debt(store: Store, parcel: Shipment, key: str, now: datetime, *, missing: bool) -> StatusDebt:
    state = _STATES.get(Shipment.State(parcel.state), "delivered")
    return StatusDebt(
        seller_id=store.seller_id,
        store=store,
        order_id=parcel.order_id,
        kind=PARCEL,
        key=key,
        payload={"parcel": parcel.pk, "version": parcel.version, "state": state, "meaning": MEANT[state]},
        created_at=now,
        next_try_at=now + ASK_AGAIN if missing else None,
        error_code=TRACKING_MISSING if missing else "",
    )


def _drop_older(store: Store, parcels: Iterable[Shipment]) -> None:
    """A parcel has changed since: only what it is now is told."""
    versions = {parcel.pk: parcel.version for parcel in parcels}
    orders = {parcel.order_id for parcel in parcels}
    rows = StatusDebt.objects.filter(store=store, seller_id=store.seller_id, order_id__in=orders, kind=PARCEL)
    for debt in rows.filter(sent_at=None):
        if debt.payload["version"] < versions.get(debt.payload["parcel"], 0):
            close(debt)


def _go_on_after_stop(store: Store) -> None:
    """Parcels that waited while their order was stopped are due as soon as it goes on."""
    rows = StatusDebt.objects.filter(store=store, seller_id=store.seller_id, sent_at=None, error_code=STOPPED)
    ids = list(rows.filter(order__status__in=MOVING).values_list("pk", flat=True))
    StatusDebt.objects.filter(pk__in=ids, seller_id=store.seller_id).update(next_try_at=None, error_code="")


def _tell_person(store: Store, parcels: Iterable[Shipment], missing: set[int]) -> None:
    """A parcel that cannot be told for want of a number is a problem, until it has one."""
    waiting: dict[int, Order] = {parcel.order_id: parcel.order for parcel in parcels if parcel.pk in missing}
    standing = Problem.objects.filter(
        store=store, seller_id=store.seller_id, code=TRACKING_MISSING, object_type="order", resolved_at=None
    )
    open_ids = {int(text) for text in standing.values_list("object_id", flat=True)}
    for order_id in sorted(open_ids - waiting.keys()):
        resolve_problems(
            seller_id=store.seller_id,
            object_type="order",
            object_id=order_id,
            codes=[TRACKING_MISSING],
            actor=SYSTEM,
        )
    for order_id in sorted(waiting.keys() - open_ids):
        open_problem(
            seller_id=store.seller_id,
            store_id=store.pk,
            code=TRACKING_MISSING,
            object_type="order",
            object_id=order_id,
            fields={"number": waiting[order_id].number},
        )


# --------------------------------------------------------------------------- numbers, where statuses move orders


def _owe_numbers(store: Store) -> int:
    """Tracking numbers for stores that take them beside the status; each number of a parcel is told once."""
    now = timezone.now()
    parcels = [parcel for parcel in _untold(store) if parcel.tracking_number]
    fresh = [_parcel_debt(store, parcel, number_key(parcel), now, missing=False) for parcel in parcels]
    keys = [debt.key for debt in fresh]
    known = set(StatusDebt.objects.filter(seller_id=store.seller_id, key__in=keys).values_list("key", flat=True))
    StatusDebt.objects.bulk_create([debt for debt in fresh if debt.key not in known], ignore_conflicts=True)
    return len(keys) - len(known)
