"""Packing: what was picked goes into a parcel, and the order waits for its carrier."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip
from entrepot.fulfilment import parcels
from entrepot.fulfilment.errors import NothingToPack, ShipmentClosed, TooMuchPacked
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.queries import left_to_pack, shipment
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order, OrderLine


@transaction.atomic
def pack(
    *,
    seller_id: int,
    order_id: int,
    carrier: str = "",
    carrier_name: str = "",
    tracking_number: str = "",
    tracking_url: str = "",
    line_quantities: Mapping[int, int] | None = None,
    actor: Actor,
    now: datetime | None = None,
) -> Shipment:
    """Put what is open of an order into a parcel, or only `{line id: quantity}`; the order is Ready to Ship with it.

    The number may come later (`set_tracking`). A parcel for what is left over is packed while the order is Ready to
    Ship. Pressed twice, the first parcel is answered; a number given then is taken.

    Raises:
        MoveNotPossible: The order is not with the warehouse.
        NothingToPack: Everything is in parcels, and there are several.
        TooMuchPacked: More of a line than is left to be packed.
        TrackingInvalid: The number cannot be one.
        OrderNotFound: There is no such order of this seller.
    """
    at = now or timezone.now()
    number = parcels.checked_number(tracking_number)
    order = locked_one(seller_id, order_id)
    orders.mark_ready(seller_id=seller_id, order_id=order_id, actor=actor, now=at)
    order.refresh_from_db(fields=["status", "version"])
    words = {
        "carrier": carrier.strip(),
        "carrier_name": carrier_name.strip(),
        "tracking_number": number,
        "tracking_url": tracking_url.strip(),
    }
    left = left_to_pack(seller_id=seller_id, order_id=order_id)
    if not left:
        return _packed_before(order, words, actor, at)
    quantities = left if line_quantities is None else _checked(seller_id, line_quantities, left)
    words["remote_id"] = _inherit(order)
    return parcels.make(order, quantities, words, actor=actor, now=at)


def _checked(seller_id: int, wanted: Mapping[int, int], left: Mapping[int, int]) -> dict[int, int]:
    for line_id, quantity in wanted.items():
        if not 0 <= quantity <= left.get(line_id, 0):
            line = OrderLine.objects.filter(order__seller_id=seller_id, pk=line_id).first()
            sku = line.sku if line else f"line {line_id}"
            raise TooMuchPacked(field="quantity", reason="", quantity=quantity, sku=sku, left=left.get(line_id, 0))
    some = {line_id: quantity for line_id, quantity in wanted.items() if quantity}
    if not some:
        raise TooMuchPacked(field="quantity", reason="", quantity=0, sku="", left=sum(left.values()))
    return some


def _packed_before(order: Order, words: Mapping[str, str], actor: Actor, at: datetime) -> Shipment:
    standing = parcels.living(order)
    if len(standing) != 1:
        raise NothingToPack(number=order.number)
    only = standing[0]
    if words["tracking_number"]:
        _take_number(order, only, words, actor, at)
    return only


def _inherit(order: Order) -> str:
    """The store's own id of a parcel that was unpacked here: there it lives on, and gets the new number."""
    gone = Shipment.objects.filter(seller_id=order.seller_id, order=order, state=Shipment.State.VOID)
    before = gone.exclude(remote_id="").order_by("-id").first()
    if before is None:
        return ""
    remote_id, before.remote_id = before.remote_id, ""
    before.save(update_fields=["remote_id", "updated_at"])
    return remote_id


@transaction.atomic
def set_tracking(
    *,
    seller_id: int,
    shipment_id: int,
    carrier: str,
    carrier_name: str,
    tracking_number: str,
    tracking_url: str = "",
    actor: Actor,
    now: datetime | None = None,
) -> Shipment:
    """Write carrier and number on a parcel, or correct them; its store is told. The same words again change nothing.

    Raises:
        ShipmentClosed: The parcel is void.
        TrackingInvalid: The number cannot be one.
        ShipmentNotFound: There is no such parcel of this seller.
    """
    number = parcels.checked_number(tracking_number)
    order = locked_one(seller_id, shipment(seller_id=seller_id, shipment_id=shipment_id).order_id)
    found = shipment(seller_id=seller_id, shipment_id=shipment_id)
    if found.state == Shipment.State.VOID:
        raise ShipmentClosed(state=Shipment.State(found.state).label)
    words = {
        "carrier": carrier.strip(),
        "carrier_name": carrier_name.strip(),
        "tracking_number": number,
        "tracking_url": tracking_url.strip(),
    }
    _take_number(order, found, words, actor, now or timezone.now())
    return found


def _take_number(order: Order, found: Shipment, words: Mapping[str, str], actor: Actor, at: datetime) -> None:
    sizes = {"carrier": 80, "carrier_name": 120, "tracking_number": 60, "tracking_url": 500}
    fresh = {name: clip(words[name], size) for name, size in sizes.items()}
    before = found.tracking_number
    if all(getattr(found, name) == value for name, value in fresh.items()):
        return
    for name, value in fresh.items():
        setattr(found, name, value)
    parcels.keep(found, *fresh, known=False)
    parcels.tell(order, "parcel.tracking", found, actor=actor, now=at, before=before)
