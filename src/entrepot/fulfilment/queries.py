"""Questions about parcels."""

from collections.abc import Sequence

from entrepot.fulfilment.models import Shipment
from entrepot.kernel.errors import NotFound


def shipments_of(*, seller_id: int, order_id: int) -> Sequence[Shipment]:
    """The parcels of one order in the order they were packed, with their lines and what lies in them."""
    rows = Shipment.objects.filter(seller_id=seller_id, order_id=order_id).order_by("id")
    return list(rows.prefetch_related("lines__order_line__item"))


def shipment(*, seller_id: int, shipment_id: int, channel_ids: Sequence[int] | None = None) -> Shipment:
    """One parcel with its order.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its channel.
    """
    rows = Shipment.objects.filter(seller_id=seller_id, pk=shipment_id).select_related("order__sales_channel")
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    found = rows.first()
    if found is None:
        raise NotFound
    return found
