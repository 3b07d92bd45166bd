"""Back out of the parcel: before it was handed over, it can be void."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.fulfilment import parcels
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.queries import shipment
from entrepot.fulfilment.together import locked_group
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.flow import packed
from entrepot.orders.life import locked_one


@transaction.atomic
def void(*, seller_id: int, shipment_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> Shipment:
    """Void one parcel that has not left; what was in it can be packed anew. The order stays where it is.

    Raises:
        ShipmentClosed: It has left.
        ShipmentNotFound: There is no such parcel of this seller.
    """
    order = locked_one(seller_id, shipment(seller_id=seller_id, shipment_id=shipment_id).order_id)
    found = shipment(seller_id=seller_id, shipment_id=shipment_id)
    parcels.move([found], order, "void", actor=actor, now=now or timezone.now(), reason=reason)
    return found


@transaction.atomic
def unpack(*, seller_id: int, order_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> str:
    """Void all parcels of a packed order and give it back to the warehouse; tells its status.

    An order that stopped because its buyer wants to cancel goes to Cancel in process, one that its store has canceled
    is Canceled, one that waits for a decision about some of its lines goes on waiting, unpacked. Orders in the same
    parcel are unpacked with it.

    Raises:
        MoveNotPossible: It is not packed.
        ShipmentClosed: A parcel has left.
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    others = [one.pk for one in locked_group(seller_id, order_id) if packed(one) and one.pk != order_id]
    stands = ""
    for one_id in [*others, order_id]:
        order = locked_one(seller_id, one_id)
        parcels.move(parcels.living(order), order, "void", actor=actor, now=at, reason=reason)
        stands = orders.unpack(seller_id=seller_id, order_id=one_id, actor=actor, reason=reason, now=at)
    return stands
