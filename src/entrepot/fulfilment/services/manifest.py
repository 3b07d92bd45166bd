"""A carrier's visit: everything that waits for it is handed over in one go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from entrepot.fulfilment.carrier_queries import carrier as carrier_of
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.services.leave import hand_over
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.orders.models import Order


@dataclass(slots=True)
class Visit:
    """Orders that left with the carrier, and those that stayed, each with why."""

    left: list[Order] = field(default_factory=list)
    stayed: list[tuple[Order, EntrepotError]] = field(default_factory=list)


def hand_over_to(
    *,
    seller_id: int,
    carrier_id: int,
    actor: Actor,
    channel_ids: Sequence[int] | None = None,
    leave: Callable[..., object] = hand_over,
) -> Visit:
    """Hand over every order with a packed parcel of this carrier. One that cannot leave stays; the others go.

    `leave` is the verb by which one order leaves.

    Raises:
        CarrierNotFound: There is no such carrier of this seller.
    """
    carrier_of(seller_id=seller_id, carrier_id=carrier_id)
    waiting = Shipment.objects.filter(seller_id=seller_id, carrier_ref_id=carrier_id, state=Shipment.State.PACKED)
    rows = Order.objects.filter(seller_id=seller_id, status="ready_to_ship", pk__in=waiting.values("order_id"))
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    visit = Visit()
    for order in rows.select_related("sales_channel").order_by("pk"):
        try:
            leave(seller_id=seller_id, order_id=order.pk, actor=actor)
        except EntrepotError as refusal:
            visit.stayed.append((order, refusal))
        else:
            visit.left.append(order)
    return visit
