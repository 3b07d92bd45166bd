"""What makes a parcel ready for its carrier: carrier and number by our own rules and ranges, and its label."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.fulfilment import parcels
from entrepot.fulfilment.carriers import tracking_address
from entrepot.fulfilment.errors import ShipmentClosed
from entrepot.fulfilment.models import Shipment, WaybillRange
from entrepot.fulfilment.queries import shipment
from entrepot.fulfilment.rules import Choice
from entrepot.fulfilment.services.pack import set_tracking
from entrepot.fulfilment.services.waybills import allot
from entrepot.fulfilment.together import locked_group, shared_number
from entrepot.kernel.actor import Actor
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order


@transaction.atomic
def give_number(
    *, seller_id: int, shipment_id: int, choice: Choice, actor: Actor, now: datetime | None = None
) -> Shipment:
    """Write the chosen carrier on a packed parcel, and the next number of its ranges; a number that is there stays.

    Orders that share a parcel share its number. A carrier without any range gets no number here: it comes by hand, or
    from the carrier's file. `choice.remote` is what the order's store calls the carrier.

    Raises:
        WaybillsEmpty: The carrier's ranges are used up; nothing is changed.
        ShipmentClosed: The parcel has left, or is void.
        ShipmentNotFound: There is no such parcel of this seller.
    """
    at = now or timezone.now()
    _order, found = _locked(seller_id, shipment_id)
    ours = choice.carrier
    if ours is None:
        return found
    twin = shared_number(found)
    number = found.tracking_number
    if not number and twin is not None and twin.carrier_ref_id == ours.pk:
        number = twin.tracking_number
    if not number and WaybillRange.objects.filter(seller_id=seller_id, carrier=ours).exists():
        number = allot(seller_id=seller_id, carrier_id=ours.pk, shipment_id=found.pk, actor=actor, now=at)
    changed = set_tracking(
        seller_id=seller_id,
        shipment_id=found.pk,
        carrier=choice.remote or found.carrier or ours.name,
        carrier_name=ours.name,
        tracking_number=number,
        tracking_url=tracking_address(ours.tracking_url, number) or found.tracking_url,
        actor=actor,
        now=at,
    )
    changed.carrier_ref, changed.chosen_because = ours, choice.kept()
    changed.save(update_fields=["carrier_ref", "chosen_because"])
    return changed


@transaction.atomic
def make_label(*, seller_id: int, shipment_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """Say that a parcel's label may be printed: its store knows of it. False when that was said.

    The label itself is drawn whenever it is asked for, from what stands on the parcel then.

    Raises:
        ShipmentClosed: The parcel has left, or is void.
        ShipmentNotFound: There is no such parcel of this seller.
    """
    at = now or timezone.now()
    order, found = _locked(seller_id, shipment_id)
    if found.label_made_at is not None:
        return False
    found.label_made_at = at
    found.save(update_fields=["label_made_at"])
    parcels.tell(order, "parcel.label", found, actor=actor, now=at)
    return True


def _locked(seller_id: int, shipment_id: int) -> tuple[Order, Shipment]:
    order_id = shipment(seller_id=seller_id, shipment_id=shipment_id).order_id
    locked_group(seller_id, order_id)
    order = locked_one(seller_id, order_id)
    found = shipment(seller_id=seller_id, shipment_id=shipment_id)
    if found.state != Shipment.State.PACKED:
        raise ShipmentClosed(state=Shipment.State(found.state).label)
    return order, found
