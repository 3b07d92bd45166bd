"""What another warehouse system reports about its warehouse: each message is applied once, as ours would be."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip
from entrepot.fulfilment import port
from entrepot.inventory.errors import WarehouseNotFound
from entrepot.inventory.models import Reservation, Warehouse
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import READY, RFP
from entrepot.orders.life import locked, locked_one
from entrepot.orders.models import Order
from entrepot.warehouse.done import finish_work
from entrepot.warehouse.messages import Message
from entrepot.warehouse.models import WorkLine, WorkOrder
from entrepot.warehouse.services.packing import close_parcel
from entrepot.warehouse.services.release import follow
from entrepot.warehouse.work import State, lines_of, living, step
from entrepot.warehouse.work_errors import (
    KeyInvalid,
    KeyReused,
    NotExternal,
    ParcelNotPacked,
    WorkClosed,
    WorkNotFound,
    WorkRecalled,
)

LONGEST = 80


@transaction.atomic
def take_report(
    *,
    seller_id: int,
    warehouse_id: int,
    key: str,
    message: port.Incoming,
    actor: Actor,
    now: datetime | None = None,
) -> bool:
    """Apply a message of a warehouse of mode `external`; False when this key was applied before, and nothing is done.

    Picked means everything that was not reported short. A refused message leaves its key free, so that it can be sent
    again once what was wrong is settled.

    Raises:
        KeyInvalid: No key, or one longer than 80 characters.
        KeyReused: The key was another message's.
        NotExternal: The warehouse is worked in with our own screens.
        WarehouseNotFound: There is no such warehouse of this seller.
        WorkNotFound: The order is not with this warehouse.
        WorkRecalled: The order was recalled.
        WorkClosed, ParcelNotPacked: The step does not start where the work stands.
        Refused: As `fulfilment.port.apply` does.
    """
    at = now or timezone.now()
    if not 0 < len(key) <= LONGEST:
        raise KeyInvalid(field="Idempotency-Key", reason="")
    place = Warehouse.objects.filter(seller_id=seller_id, pk=warehouse_id, active=True).first()
    if place is None:
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    if place.mode != Warehouse.Mode.EXTERNAL:
        raise NotExternal(warehouse=place.name)
    body = {"warehouse_id": warehouse_id, **asdict(message)}
    kind = type(message).__name__
    digest = hashlib.sha256(json.dumps([kind, body], sort_keys=True).encode()).hexdigest()
    words = {"digest": digest, "kind": kind, "body": body, "actor_label": clip(actor.label, 120), "at": at}
    row, new = Message.objects.get_or_create(seller_id=seller_id, key=key, defaults=words)
    if not new:
        if row.digest != digest:
            raise KeyReused(key=key)
        return False
    _apply(seller_id, warehouse_id, message, actor, at)
    return True


def _apply(seller_id: int, warehouse_id: int, message: port.Incoming, actor: Actor, at: datetime) -> None:
    match message:
        case port.Picked():
            order, work = _work(seller_id, warehouse_id, message.order_id)
            for line in lines_of(work):
                line.picked = line.quantity - line.short
                line.save(update_fields=["picked"])
            if work.state not in {State.RELEASED, State.PICKING}:
                raise WorkClosed(number=work.number, state=State(work.state).label)
            finish_work(work, order, actor=actor, now=at)
        case port.Short():
            order, work = _work(seller_id, warehouse_id, message.order_id)
            port.apply(seller_id=seller_id, message=message, actor=actor, now=at)
            _note_short(work, message)
            follow(seller_id=seller_id, order_id=order.pk, actor=actor, now=at)
        case port.Packed():
            _, work = _work(seller_id, warehouse_id, message.order_id)
            for line in lines_of(work):
                line.packed = line.picked
                line.save(update_fields=["packed"])
            close_parcel(
                seller_id=seller_id,
                work_id=work.pk,
                box=message.box,
                weight_grams=message.weight_grams,
                actor=actor,
                now=at,
            )
        case port.HandedOver():
            _leave(seller_id, warehouse_id, message, actor, at)
        case _:
            port.apply(seller_id=seller_id, message=message, actor=actor, now=at)


def _work(seller_id: int, warehouse_id: int, order_id: int) -> tuple[Order, WorkOrder]:
    """The order, locked, and its work in this warehouse, which goes on."""
    order = locked_one(seller_id, order_id)
    rows = WorkOrder.objects.filter(seller_id=seller_id, order=order, warehouse_id=warehouse_id)
    work = rows.order_by("-pk").first()
    if work is None:
        raise WorkNotFound(order_id=order_id)
    if work.state == State.RECALLED or order.status not in {RFP, READY}:
        raise WorkRecalled(number=order.number, status=order.get_status_display())
    return order, work


def _note_short(work: WorkOrder, message: port.Short) -> None:
    """What is missing, and what the order took of this warehouse's other stock instead."""
    rows = WorkLine.objects.filter(work__seller_id=work.seller_id, work=work, item_id=message.item_id)
    line = rows.get(order_line_id=message.line_id)
    held = Reservation.objects.filter(
        seller_id=work.seller_id,
        reference=f"line:{message.line_id}",
        warehouse_id=work.warehouse_id,
        item_id=message.item_id,
    )
    line.short += message.quantity
    line.quantity = line.short + (held.values_list("quantity", flat=True).first() or 0)
    line.save(update_fields=["short", "quantity"])


def _leave(seller_id: int, warehouse_id: int, message: port.HandedOver, actor: Actor, at: datetime) -> None:
    locked(seller_id, message.order_ids)
    found = [_work(seller_id, warehouse_id, order_id) for order_id in sorted(set(message.order_ids))]
    if open_ := next((order for order, _ in found for one in living(order) if one.state != State.PACKED), None):
        raise ParcelNotPacked(number=open_.number)
    port.apply(seller_id=seller_id, message=message, actor=actor, now=at)
    for order, _ in found:
        order.refresh_from_db(fields=["status", "version"])
        for work in living(order):
            step(work, order, "hand_over", actor=actor, now=at)
