"""What the packing table adds to a parcel: its box and its weight."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.fulfilment import parcels
from entrepot.fulfilment.errors import ShipmentClosed, ShipmentNotFound
from entrepot.fulfilment.models import Box, Shipment
from entrepot.fulfilment.port_errors import WeightInvalid
from entrepot.kernel.actor import Actor
from entrepot.orders.life import locked_one

MOST = 1_000_000


@transaction.atomic
def weigh(
    *,
    seller_id: int,
    order_id: int,
    actor: Actor,
    box: str = "",
    weight_grams: int | None = None,
    shipment_id: int | None = None,
    now: datetime | None = None,
) -> Shipment:
    """Write box (by its name, where the seller has it) and weight on an order's last parcel, or on the one named.

    No store is told of them. The same words again change nothing.

    Raises:
        WeightInvalid: The weight is not between 1 g and 1,000 kg.
        ShipmentNotFound: The order has no such parcel.
        ShipmentClosed: It is void or has left.
        OrderNotFound: There is no such order of this seller.
    """
    if weight_grams is not None and not 0 < weight_grams <= MOST:
        raise WeightInvalid(field="weight_grams", reason="", grams=weight_grams)
    order = locked_one(seller_id, order_id)
    found = next((one for one in reversed(parcels.living(order)) if shipment_id in {None, one.pk}), None)
    if found is None:
        raise ShipmentNotFound(order_id=order_id, shipment_id=shipment_id)
    if found.state != Shipment.State.PACKED:
        raise ShipmentClosed(state=Shipment.State(found.state).label)
    known = Box.objects.filter(seller_id=seller_id, name=box.strip()).first() if box.strip() else None
    fresh = (known.pk if known else found.box_id, weight_grams or found.weight_grams)
    if fresh == (found.box_id, found.weight_grams):
        return found
    found.box_id, found.weight_grams = fresh
    found.save(update_fields=["box", "weight_grams", "updated_at"])
    facts = {"box": box.strip(), "weight_grams": weight_grams}
    parcels.tell(order, "parcel.weighed", found, actor=actor, now=now or timezone.now(), **facts)
    return found
