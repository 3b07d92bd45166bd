"""What a store knows of parcels: ids it gave, parcels made in its own admin, lines it took apart."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip
from entrepot.fulfilment import parcels
from entrepot.fulfilment.drafts import ParcelDraft
from entrepot.fulfilment.models import Shipment, ShipmentLine
from entrepot.fulfilment.queries import left_to_pack
from entrepot.kernel.actor import Actor
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order, OrderLine

State = Shipment.State
_PROGRESS = {State.PACKED: 0, State.HANDED_OVER: 1, State.DELIVERED: 2}
_STATES = {"ready": State.PACKED, "handed_over": State.HANDED_OVER, "delivered": State.DELIVERED}
_STEPS = {State.HANDED_OVER: "hand_over", State.DELIVERED: "deliver"}


@transaction.atomic
def note_remote(
    *,
    seller_id: int,
    order_id: int,
    parcels_seen: Sequence[ParcelDraft],
    actor: Actor,
    ours: Collection[int] = (),
    now: datetime | None = None,
) -> list[Shipment]:
    """Take in the parcels a store shows: found by its id, else by the number; else made here. Tells them, in order.

    A parcel never goes back, and one that was unpacked here stays so until the store ships it all the same. `ours`:
    parcels that the store has still to be told about; their number stays as it is. The same parcels again change
    nothing.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    order = locked_one(seller_id, order_id)
    standing = parcels.living(order)
    seen = [draft for draft in parcels_seen if not _unpacked(order, draft)]
    return [_take_in(order, standing, draft, ours, actor=actor, at=at) for draft in seen]


def _unpacked(order: Order, draft: ParcelDraft) -> bool:
    """Whether it is a parcel that was unpacked here; one that has left there is none."""
    void = Shipment.objects.filter(seller_id=order.seller_id, order=order, state=State.VOID)
    same = void.filter(remote_id=draft.remote_id) if draft.remote_id else void.none()
    if draft.state != "ready":
        same.update(remote_id="")
        return False
    return same.exists()


def _take_in(
    order: Order,
    standing: list[Shipment],
    draft: ParcelDraft,
    ours: Collection[int],
    *,
    actor: Actor,
    at: datetime,
) -> Shipment:
    found = _same(standing, draft)
    if found is not None and any(one.remote_id == draft.remote_id for one in standing if one is not found):
        draft = replace(draft, remote_id="")  # another parcel of ours has the store's id
    if found is None:
        words = {
            "carrier": draft.carrier,
            "tracking_number": draft.tracking_number,
            "remote_id": draft.remote_id,
        }
        found = parcels.make(order, _content(order, draft), words, actor=actor, now=at)
        found.told_version = found.version
        found.save(update_fields=["told_version"])
        standing.append(found)
    elif found.pk not in ours:
        _follow(order, found, draft, actor, at)
    else:
        _recognise(found, draft)
    target = _STATES[draft.state]
    if _PROGRESS[State(found.state)] < _PROGRESS[target]:
        parcels.move([found], order, _STEPS[target], actor=actor, now=at)
    return found


def _same(standing: Sequence[Shipment], draft: ParcelDraft) -> Shipment | None:
    """The parcel a store means. One that keeps a single parcel for a line shows the number of the last of several."""
    numbered = [one for one in standing if one.tracking_number and one.tracking_number == draft.tracking_number]
    for one in standing:
        if one.remote_id and one.remote_id == draft.remote_id:
            others = [other for other in numbered if not other.remote_id]
            return others[0] if others and one not in numbered else one
    unnamed = [one for one in standing if not one.remote_id]
    for one in unnamed:
        if one.tracking_number and one.tracking_number == draft.tracking_number:
            return one
    return unnamed[0] if len(unnamed) == 1 and not unnamed[0].tracking_number else None


def _follow(order: Order, found: Shipment, draft: ParcelDraft, actor: Actor, at: datetime) -> None:
    """The store's words about a parcel we owe it nothing about."""
    before = found.tracking_number
    fresh = {
        "remote_id": clip(draft.remote_id, 80),
        "carrier": clip(draft.carrier, 80) or found.carrier,
        "tracking_number": clip(draft.tracking_number, 60) or before,
    }
    if all(getattr(found, name) == value for name, value in fresh.items()):
        return
    if fresh["carrier"] != found.carrier:
        found.carrier_name = ""
    for name, value in fresh.items():
        setattr(found, name, value)
    parcels.keep(found, *fresh, "carrier_name", known=True)
    if before != found.tracking_number:
        parcels.tell(order, "parcel.tracking", found, actor=actor, now=at, before=before)


def _recognise(found: Shipment, draft: ParcelDraft) -> None:
    """A parcel on its way to the store is there: its answer was lost, or comes later than this."""
    found.remote_id = found.remote_id or clip(draft.remote_id, 80)
    same = found.tracking_number == draft.tracking_number and _STATES[draft.state] == found.state
    found.told_version = found.version if same else found.told_version
    found.save(update_fields=["remote_id", "told_version", "updated_at"])


def _content(order: Order, draft: ParcelDraft) -> dict[int, int]:
    """What lies in a parcel made in the store: its lines, as far as they are in no parcel of ours."""
    lines = OrderLine.objects.filter(order__seller_id=order.seller_id, order=order).order_by("position")
    if draft.line_ids:
        lines = lines.filter(remote_id__in=draft.line_ids)
    left = left_to_pack(seller_id=order.seller_id, order_id=order.pk)
    packed = set(
        ShipmentLine.objects.filter(order_line__in=lines)
        .exclude(shipment__state=State.VOID)
        .values_list("order_line_id", flat=True)
    )
    whole = {line.pk: line.quantity - line.canceled for line in lines if line.pk not in packed}
    some = {line.pk: left[line.pk] for line in lines if line.pk in packed and line.pk in left}
    return {line_id: quantity for line_id, quantity in (whole | some).items() if quantity > 0}


@transaction.atomic
def note_told(*, seller_id: int, shipment_id: int, version: int, remote_id: str, actor: Actor) -> None:  # noqa: ARG001 - every verb names its actor
    """The store has taken this version of a parcel, and calls it `remote_id`."""
    found = Shipment.objects.select_for_update().filter(seller_id=seller_id, pk=shipment_id).first()
    if found is None:
        return
    found.told_version = max(found.told_version, version)
    if remote_id and not found.remote_id and found.state != State.VOID:
        taken = Shipment.objects.filter(seller_id=seller_id, order_id=found.order_id, remote_id=remote_id)
        found.remote_id = "" if taken.exists() else clip(remote_id, 80)
    found.save(update_fields=["told_version", "remote_id", "updated_at"])


@transaction.atomic
def split(*, seller_id: int, order_id: int, parts: Sequence[tuple[int, int, int]], actor: Actor) -> None:  # noqa: ARG001 - every verb names its actor
    """A store took lines apart, `(line, new line, quantity)`: what is in parcels is counted under the new lines.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    locked_one(seller_id, order_id)
    for from_id, to_id, quantity in parts:
        rows = ShipmentLine.objects.filter(order_line_id=from_id, shipment__seller_id=seller_id)
        row = rows.filter(quantity__gte=quantity).order_by("-shipment_id").first()
        if row is None:
            continue
        ShipmentLine.objects.create(shipment_id=row.shipment_id, order_line_id=to_id, quantity=quantity)
        if row.quantity == quantity:
            row.delete()
        else:
            row.quantity -= quantity
            row.save(update_fields=["quantity"])
