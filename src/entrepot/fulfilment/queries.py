"""Questions about parcels."""

from collections.abc import Mapping, Sequence

from django.db.models import F, Q, Sum

from entrepot.fulfilment.errors import ShipmentNotFound
from entrepot.fulfilment.models import Shipment
from entrepot.orders.models import OrderLine


def shipments_of(*, seller_id: int, order_id: int) -> Sequence[Shipment]:
    """The parcels of one order in the order they were packed, with their lines and what lies in them."""
    rows = Shipment.objects.filter(seller_id=seller_id, order_id=order_id).select_related("carrier_ref", "box")
    return list(rows.prefetch_related("lines__order_line__item").order_by("id"))


def shipment(*, seller_id: int, shipment_id: int, channel_ids: Sequence[int] | None = None) -> Shipment:
    """One parcel with its order.

    Raises:
        ShipmentNotFound: There is none, it is another seller's, or the person may not see its channel.
    """
    rows = Shipment.objects.filter(seller_id=seller_id, pk=shipment_id).select_related("order__sales_channel")
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    found = rows.first()
    if found is None:
        raise ShipmentNotFound(shipment_id=shipment_id)
    return found


def left_to_pack(*, seller_id: int, order_id: int) -> Mapping[int, int]:
    """How much of each line waits to leave and is in no parcel, `{line id: quantity}`; lines with nothing left out."""
    lines = OrderLine.objects.filter(order__seller_id=seller_id, order_id=order_id)
    packed = Q(parcels__shipment__state=Shipment.State.PACKED)
    rows = lines.annotate(packed=Sum("parcels__quantity", filter=packed)).order_by("position")
    waiting = rows.annotate(waiting=F("quantity") - F("canceled") - F("shipped"))
    left = {pk: open_ - (packed or 0) for pk, open_, packed in waiting.values_list("pk", "waiting", "packed")}
    return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
