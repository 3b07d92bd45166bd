"""The warehouse's work follows its orders: it begins when they are released, and ends where they turn back.

The warehouse asks where an order stands; nobody has to remember to tell it. What becomes of work whose order is not to
be sent any more is decided here, once: not picked yet: it vanishes; picked or packed: it is to be put back; stopped in
its parcel (On hold, packed): it waits and cannot be handed over; handed over: it is too late.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip, fetch
from entrepot.fulfilment.port import Release, releases
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.flow import LEFT, RFP, packed
from entrepot.orders.life import Event, locked_one, write_events
from entrepot.orders.models import Order
from entrepot.warehouse.models import WorkLine, WorkOrder
from entrepot.warehouse.recalling import recall
from entrepot.warehouse.work import State, fits, living, step

OWED = """
SELECT o.seller_id, o.id FROM orders_order o
WHERE o.status = 'rfp' AND NOT EXISTS (
    SELECT 1 FROM warehouse_workorder k
    WHERE k.order_id = o.id AND k.state NOT IN ('recalled', 'handed_over', 'packed'))
  AND EXISTS (
    SELECT 1 FROM orders_orderline l
    JOIN inventory_reservation r ON r.reference = 'line:' || l.id AND r.seller_id = o.seller_id
    JOIN inventory_warehouse w ON w.id = r.warehouse_id AND w.mode <> 'oms_only' WHERE l.order_id = o.id)
UNION
SELECT o.seller_id, o.id FROM warehouse_workorder k JOIN orders_order o ON o.id = k.order_id
WHERE k.state NOT IN ('recalled', 'handed_over') AND o.status NOT IN ('rfp', 'ready_to_ship')
  AND NOT (o.status = 'on_hold' AND o.held_from = 'ready_to_ship')
UNION
SELECT o.seller_id, o.id FROM orders_order o
WHERE o.status = 'rfp' AND EXISTS (
    SELECT 1 FROM warehouse_workorder k WHERE k.order_id = o.id AND k.state NOT IN ('recalled', 'handed_over'))
  AND EXISTS (
    SELECT 1 FROM (
        SELECT k.warehouse_id, w.order_line_id, w.item_id, w.quantity - w.short AS quantity
        FROM warehouse_workorder k JOIN warehouse_workline w ON w.work_id = k.id
        WHERE k.order_id = o.id AND k.state NOT IN ('recalled', 'handed_over') AND w.quantity > w.short) asked
    FULL JOIN (
        SELECT r.warehouse_id, l.id AS order_line_id, r.item_id, r.quantity FROM orders_orderline l
        JOIN inventory_reservation r ON r.reference = 'line:' || l.id AND r.seller_id = o.seller_id
        JOIN inventory_warehouse p ON p.id = r.warehouse_id AND p.mode <> 'oms_only'
        WHERE l.order_id = o.id) held USING (warehouse_id, order_line_id, item_id)
    WHERE asked.quantity IS DISTINCT FROM held.quantity)
ORDER BY 1, 2 LIMIT %s
"""


@transaction.atomic
def release(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> list[WorkOrder]:
    """Hand a New order to its warehouses at once; tells their work (none where people at the desk pick).

    Raises:
        MoveNotPossible: It is not New.
        OrderNotFound: There is no such order of this seller.
    """
    orders.release_to_warehouse(seller_id=seller_id, order_id=order_id, actor=actor, now=now)
    return follow(seller_id=seller_id, order_id=order_id, actor=actor, now=now)


@transaction.atomic
def follow(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> list[WorkOrder]:
    """Bring the warehouses' work in line with where an order stands; tells what of it goes on. A repeat does nothing.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    order = locked_one(seller_id, order_id)
    standing = living(order)
    if order.status == RFP:
        _take_in(order, standing, actor, at)
    elif order.status in LEFT:
        for work in standing:
            if work.state == State.PACKED:
                step(work, order, "hand_over", actor=actor, now=at)
            else:
                recall(work, order, actor=actor, now=at, reason="left")
    elif not packed(order):
        for work in standing:
            recall(work, order, actor=actor, now=at, reason=order.status)
    return living(order)


def follow_all(*, actor: Actor, limit: int = 500) -> dict[int, int]:
    """The engine's tick: follow every order whose work is not where it should be; tells how many of each seller."""
    followed: dict[int, int] = {}
    for seller_id, order_id in fetch(OWED, [limit]):
        follow(seller_id=seller_id, order_id=order_id, actor=actor)
        followed[seller_id] = followed.get(seller_id, 0) + 1
    return followed


def _take_in(order: Order, standing: Sequence[WorkOrder], actor: Actor, at: datetime) -> None:
    """Work for each warehouse that holds something for the order; work that asks for other goods begins anew."""
    asked = {message.warehouse_id: message for message in releases(order)}
    for work in standing:
        message = asked.get(work.warehouse_id)
        if message is not None and fits(work, message):
            del asked[work.warehouse_id]
            if work.state == State.PACKED:  # it was unpacked at the desk, and lies on the packing table again
                WorkLine.objects.filter(work__seller_id=order.seller_id, work=work).update(packed=0)
                step(work, order, "unpack", actor=actor, now=at)
        else:
            recall(work, order, actor=actor, now=at, reason="changed")
    for message in asked.values():
        _begin(order, message, actor, at)


def _begin(order: Order, message: Release, actor: Actor, at: datetime) -> WorkOrder:
    work = WorkOrder.objects.create(
        seller_id=order.seller_id,
        warehouse_id=message.warehouse_id,
        order=order,
        number=clip(message.number, 80),
        ship_to=dict(message.ship_to),
        carrier=message.carrier,
        due=message.due,
        released_at=at,
    )
    WorkLine.objects.bulk_create(
        WorkLine(work=work, order_line_id=line.line_id, item_id=line.item_id, quantity=line.quantity)
        for line in message.lines
    )
    told = {"warehouse": work.warehouse_id, "pieces": sum(line.quantity for line in message.lines)}
    write_events([Event(order.pk, "work.released", order.status, order.status, told)], actor=actor, now=at)
    return work
