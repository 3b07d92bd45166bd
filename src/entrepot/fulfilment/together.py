"""Orders that share a parcel: one number for all of them, packed, unpacked and handed over together."""

from collections.abc import Sequence

from entrepot.fulfilment.models import Shipment
from entrepot.orders.flow import READY
from entrepot.orders.groups import together
from entrepot.orders.merge_errors import GroupNotReady
from entrepot.orders.models import Order
from entrepot.orders.parts import locked_with_goods


def locked_group(seller_id: int, order_id: int) -> list[Order]:
    """Lock an order and those it shares a parcel with, and their goods; itself first. Empty: there is no such order."""
    members = [one.pk for one in together(seller_id=seller_id, order_id=order_id)]
    held = locked_with_goods(seller_id, members) if len(members) > 1 else []
    return sorted(held, key=lambda one: (one.pk != order_id, one.pk))


def check_ready(members: list[Order]) -> None:
    """Refuse to let a parcel go of which somebody's goods are not packed.

    Raises:
        GroupNotReady: One of the orders is not Ready to Ship.
    """
    for one in members:
        if one.status != READY:
            raise GroupNotReady(number=members[0].number, other=one.number, status=one.get_status_display())


def parcels_beside(parcel: Shipment) -> list[Shipment]:
    """The packed parcels, on paper, of the orders in the same box."""
    if parcel.order.pack_group_id is None:
        return []
    others = [one.pk for one in together(seller_id=parcel.seller_id, order_id=parcel.order_id)]
    rows = Shipment.objects.filter(seller_id=parcel.seller_id, order_id__in=others, state=Shipment.State.PACKED)
    rows = rows.exclude(order_id=parcel.order_id).select_related("order", "carrier_ref")
    return list(rows.order_by("pk"))


def shared_number(parcel: Shipment) -> Shipment | None:
    """The parcel in the same box that has its number already."""
    return next((one for one in parcels_beside(parcel) if one.tracking_number), None)


def boxes(parcels: Sequence[Shipment]) -> list[tuple[Shipment, list[Shipment]]]:
    """Each box once: the first of its parcels on paper, and the others in it, whether they were asked for or not."""
    found: list[tuple[Shipment, list[Shipment]]] = []
    done: set[int] = set()
    for parcel in parcels:
        if parcel.pk in done:
            continue
        others = [one for one in parcels_beside(parcel) if one.tracking_number == parcel.tracking_number]
        done |= {parcel.pk, *(one.pk for one in others)}
        found.append((parcel, others))
    return found
