"""The manifest: parcels scanned at the door, and gone when it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.rows import clip
from entrepot.fulfilment import port
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.together import parcels_beside
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import READY
from entrepot.orders.groups import together
from entrepot.orders.life import locked
from entrepot.orders.models import Order
from entrepot.warehouse.models import Manifest, ManifestLine, WorkOrder
from entrepot.warehouse.numbers import MANIFEST, next_number
from entrepot.warehouse.work import State, living, step
from entrepot.warehouse.work_errors import (
    ListClosed,
    ManifestEmpty,
    ManifestNotFound,
    OtherCarrier,
    ParcelNotPacked,
    ParcelOnManifest,
    ParcelStopped,
    ParcelUnknown,
)


@dataclass(frozen=True, slots=True)
class Gone:
    """How many orders left with a manifest, and what stayed: `(order's number, its status)`."""

    left: int
    stayed: Sequence[tuple[str, str]]


@transaction.atomic
def open_manifest(
    *, seller_id: int, warehouse_id: int, actor: Actor, carrier: str = "", now: datetime | None = None
) -> Manifest:
    """Begin a manifest, for one carrier where it is named.

    Raises:
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    made = Manifest.objects.create(
        seller_id=seller_id,
        warehouse_id=place,
        number=next_number(seller_id, MANIFEST),
        carrier=clip(carrier.strip(), 80),
        created_at=now or timezone.now(),
    )
    _story(made, "warehouse.open_manifest", actor, carrier=made.carrier)
    return made


@transaction.atomic
def scan_parcel(
    *, seller_id: int, manifest_id: int, tracking_number: str, actor: Actor, now: datetime | None = None
) -> ManifestLine:
    """Scan a parcel onto a manifest, with all orders in it. The same parcel again on the same manifest changes nothing.

    Raises:
        ParcelUnknown: No packed parcel has this number.
        ParcelStopped: Its order may not leave.
        ParcelNotPacked: It is not closed at the packing table.
        ParcelOnManifest: It is on another manifest.
        OtherCarrier: It goes with another carrier.
        ListClosed: The manifest is over.
        ManifestNotFound: There is no such manifest of this seller.
    """
    scanned = tracking_number.strip()
    manifest = _open(seller_id, manifest_id, lock=False)
    rows = Shipment.objects.filter(seller_id=seller_id, tracking_number=scanned)
    found = rows.exclude(state=Shipment.State.VOID).order_by("-pk").first() if scanned else None
    if found is None:
        raise ParcelUnknown(scanned=scanned[:60])
    beside = [one for one in parcels_beside(found) if one.tracking_number == scanned]
    held = {order.pk: order for order in locked(seller_id, [found.order_id, *(one.order_id for one in beside)])}
    order = held[found.order_id]
    _open(seller_id, manifest_id, lock=True)
    before = ManifestLine.objects.filter(shipment__in=[found, *beside]).select_related("manifest").order_by("pk")
    if other := next((one for one in before if one.manifest_id != manifest_id), None):
        raise ParcelOnManifest(scanned=scanned, manifest=other.manifest.number)
    if len(before) == 1 + len(beside):
        return before[0]
    found.refresh_from_db()
    _refuse(order, found, manifest)
    for one in beside:
        _refuse(held[one.order_id], one, manifest)
    _story(manifest, "warehouse.scan_parcel", actor, order=order.number, tracking_number=clip(scanned, 80))
    words = {"scanned": clip(scanned, 80), "scanned_at": now or timezone.now(), "scanned_by": clip(actor.label, 120)}
    there = {one.shipment_id for one in before}
    parts = [one for one in (found, *beside) if one.pk not in there]
    made = [ManifestLine.objects.create(manifest=manifest, shipment=one, **words) for one in parts]
    return made[0]


def _refuse(order: Order, parcel: Shipment, manifest: Manifest) -> None:
    if order.status != READY or parcel.state != Shipment.State.PACKED:
        raise ParcelStopped(number=order.number, status=order.get_status_display())
    here = WorkOrder.objects.filter(seller_id=order.seller_id, order=order, warehouse_id=manifest.warehouse_id)
    standing = living(order)
    if standing and not here.exists():
        raise ParcelUnknown(scanned=parcel.tracking_number)
    if any(work.warehouse_id == manifest.warehouse_id and work.state != State.PACKED for work in standing):
        raise ParcelNotPacked(number=order.number)
    names = {parcel.carrier.casefold(), parcel.carrier_name.casefold()}
    if manifest.carrier and manifest.carrier.casefold() not in names:
        carrier = parcel.carrier_name or parcel.carrier or "–"
        raise OtherCarrier(scanned=parcel.tracking_number, carrier=carrier, manifest_carrier=manifest.carrier)


@transaction.atomic
def unscan_parcel(*, seller_id: int, manifest_id: int, shipment_id: int, actor: Actor) -> bool:
    """Take a parcel off a manifest that is open, with all orders in it; False when it is not on it.

    Raises:
        ListClosed: The manifest is over.
        ManifestNotFound: There is no such manifest of this seller.
    """
    manifest = _open(seller_id, manifest_id, lock=True)
    rows = ManifestLine.objects.filter(manifest_id=manifest_id, manifest__seller_id=seller_id)
    line = rows.filter(shipment_id=shipment_id).select_related("shipment__order").first()
    same = [one.pk for one in parcels_beside(line.shipment)] if line else []
    number = line.shipment.tracking_number if line else ""
    mine = rows.filter(shipment_id=shipment_id) | rows.filter(shipment__in=same, shipment__tracking_number=number)
    taken = mine.delete()[0]
    if taken:
        _story(manifest, "warehouse.unscan_parcel", actor, shipment=shipment_id)
    return bool(taken)


@transaction.atomic
def close_manifest(*, seller_id: int, manifest_id: int, actor: Actor, now: datetime | None = None) -> Gone:
    """The carrier signs: the orders on the manifest leave. What was stopped since its scan comes off, and is named.

    An order of several parcels leaves when the last of them is on a manifest; its parcels go together. Where another
    warehouse has one of them, what is here goes, and the order leaves with the manifest of the last.

    Raises:
        ManifestEmpty: Nothing on it can leave; it stays open.
        ListClosed: The manifest is over.
        ManifestNotFound: There is no such manifest of this seller.
    """
    at = now or timezone.now()
    _open(seller_id, manifest_id, lock=False)
    lines = ManifestLine.objects.filter(manifest_id=manifest_id, manifest__seller_id=seller_id)
    orders = locked(seller_id, lines.values_list("shipment__order_id", flat=True))
    manifest = _open(seller_id, manifest_id, lock=True)
    going = [order for order in orders if _complete(order, manifest)]
    waiting = [order for order in orders if order not in going and _waits_elsewhere(order, manifest)]
    stayed = [order for order in orders if order not in going and order not in waiting]
    if not going and not waiting:
        raise ManifestEmpty(number=manifest.number)
    lines.filter(shipment__order__in=stayed).delete()
    gone = port.HandedOver(order_ids=[order.pk for order in going])
    if going:
        port.apply(seller_id=seller_id, message=gone, actor=actor, now=at)
    for order in going:
        order.refresh_from_db(fields=["status", "version"])
        for work in living(order):
            step(work, order, "hand_over", actor=actor, now=at, facts={"manifest": manifest.number})
    manifest.state, manifest.closed_at, manifest.closed_by = Manifest.State.CLOSED, at, clip(actor.label, 120)
    manifest.save(update_fields=["state", "closed_at", "closed_by"])
    _story(manifest, "warehouse.close_manifest", actor, left=len(going), stayed=len(stayed))
    return Gone(len(going), [(order.number, order.status) for order in stayed])


def _complete(order: Order, manifest: Manifest) -> bool:
    """Whether an order may leave with this manifest: it and all in its parcel ready, packed, and on it as a whole."""
    members = _members(order)
    if any(one.status != READY for one in members):
        return False
    if any(work.state != State.PACKED for one in members for work in living(one)):
        return False
    return not _missing(members, manifest).exists()


def _waits_elsewhere(order: Order, manifest: Manifest) -> bool:
    """Whether all that this warehouse has of an order goes along, and another one's parcel is not gone yet."""
    members = _members(order)
    if any(one.status != READY for one in members):
        return False
    works = [work for one in members for work in living(one)]
    if all(work.warehouse_id == manifest.warehouse_id for work in works):
        return False
    if any(work.state != State.PACKED for work in works if work.warehouse_id == manifest.warehouse_id):
        return False
    return not _missing(members, manifest).filter(pack__work__warehouse_id=manifest.warehouse_id).exists()


def _members(order: Order) -> list[Order]:
    found = list(together(seller_id=order.seller_id, order_id=order.pk)) if order.pack_group_id else []
    return found or [order]


def _missing(members: Sequence[Order], manifest: Manifest) -> QuerySet[Shipment]:
    """Packed parcels that neither go with this manifest nor went with one before."""
    rows = Shipment.objects.filter(seller_id=manifest.seller_id, order__in=members, state=Shipment.State.PACKED)
    return rows.exclude(manifest_line__manifest=manifest).exclude(manifest_line__manifest__state=Manifest.State.CLOSED)


@transaction.atomic
def cancel_manifest(*, seller_id: int, manifest_id: int, actor: Actor, now: datetime | None = None) -> None:
    """Give a manifest up: nothing on it leaves, and its parcels can be scanned onto another one.

    Raises:
        ListClosed: The manifest is over.
        ManifestNotFound: There is no such manifest of this seller.
    """
    manifest = _open(seller_id, manifest_id, lock=True)
    freed = ManifestLine.objects.filter(manifest=manifest).delete()[0]
    manifest.state, manifest.closed_at = Manifest.State.CANCELED, now or timezone.now()
    manifest.closed_by = clip(actor.label, 120)
    manifest.save(update_fields=["state", "closed_at", "closed_by"])
    _story(manifest, "warehouse.cancel_manifest", actor, parcels=freed)


def _story(manifest: Manifest, verb: str, actor: Actor, **facts: object) -> None:
    audit(
        seller_id=manifest.seller_id,
        actor=actor,
        verb=verb,
        object_type="manifest",
        object_id=manifest.pk,
        facts={"number": manifest.number, **facts},
    )


def _open(seller_id: int, manifest_id: int, *, lock: bool) -> Manifest:
    """An open manifest; locked after its orders, as stock and orders come before papers."""
    rows = Manifest.objects.filter(seller_id=seller_id, pk=manifest_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise ManifestNotFound(manifest_id=manifest_id)
    if found.state != Manifest.State.OPEN:
        raise ListClosed(number=found.number, state=Manifest.State(found.state).label)
    return found
