"""Where parcels change: each change counts the version up and writes its line of the order's story."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from entrepot.catalog.rows import clip
from entrepot.fulfilment.errors import ShipmentClosed, TrackingInvalid
from entrepot.fulfilment.flow import SHIPMENT_FLOW
from entrepot.fulfilment.models import Shipment, ShipmentLine
from entrepot.kernel.actor import Actor
from entrepot.kernel.flow import MoveRefused
from entrepot.orders.life import Event, write_events
from entrepot.orders.models import Order

NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
_MOMENT = {Shipment.State.HANDED_OVER: "handed_over_at", Shipment.State.DELIVERED: "delivered_at"}


def checked_number(text: str) -> str:
    """A tracking number as a person typed it, without the blanks around it; "" = none yet. It stays text.

    Raises:
        TrackingInvalid: It has other characters than letters, digits and hyphens, or too many.
    """
    number = text.strip()
    if number and not NUMBER.fullmatch(number):
        raise TrackingInvalid(field="tracking_number", reason="", number=number[:60])
    return number


def living(order: Order) -> list[Shipment]:
    """An order's parcels that are not void. The order is locked, so nobody else changes them."""
    rows = Shipment.objects.filter(seller_id=order.seller_id, order=order).exclude(state=Shipment.State.VOID)
    return list(rows.order_by("id"))


def make(
    order: Order, quantities: Mapping[int, int], words: Mapping[str, str], *, actor: Actor, now: datetime
) -> Shipment:
    """Write a packed parcel with `{line id: quantity}` in it."""
    shipment = Shipment.objects.create(
        seller_id=order.seller_id,
        order=order,
        carrier=clip(words.get("carrier", ""), 80),
        carrier_name=clip(words.get("carrier_name", ""), 120),
        tracking_number=clip(words.get("tracking_number", ""), 60),
        tracking_url=clip(words.get("tracking_url", ""), 500),
        remote_id=clip(words.get("remote_id", ""), 80),
        packed_at=now,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line_id=line_id, quantity=quantity)
        for line_id, quantity in quantities.items()
    )
    tell(order, "parcel.packed", shipment, actor=actor, now=now, pieces=sum(quantities.values()))
    return shipment


def move(
    shipments: Iterable[Shipment], order: Order, name: str, *, actor: Actor, now: datetime, reason: str = ""
) -> list[Shipment]:
    """Take the parcels that are not there yet one step along their flow; those that moved.

    Raises:
        ShipmentClosed: The step does not start where a parcel stands.
    """
    moved = []
    for shipment in shipments:
        if any(row.name == name and row.target == shipment.state for row in SHIPMENT_FLOW.moves):
            continue
        try:
            shipment.state = SHIPMENT_FLOW.target(name, shipment.state)
        except MoveRefused as refused:
            raise ShipmentClosed(str(refused), state=Shipment.State(shipment.state).label) from refused
        if moment := _MOMENT.get(Shipment.State(shipment.state)):
            setattr(shipment, moment, now)
        keep(shipment, "state", "handed_over_at", "delivered_at", known=actor.kind == "store")
        tell(order, f"parcel.{name}", shipment, actor=actor, now=now, **({"reason": reason} if reason else {}))
        moved.append(shipment)
    return moved


def keep(shipment: Shipment, *names: str, known: bool) -> None:
    """Write these columns and count the version up; `known`: the store told us, so it need not be told."""
    shipment.version += 1
    if known or shipment.state == Shipment.State.VOID:
        shipment.told_version = shipment.version
    shipment.save(update_fields=[*names, "version", "told_version", "updated_at"])


def tell(order: Order, kind: str, shipment: Shipment, *, actor: Actor, now: datetime, **facts: object) -> None:
    """Write a line of the order's story about a parcel."""
    told = {
        "parcel": shipment.pk,
        "carrier": shipment.carrier_name or shipment.carrier,
        "tracking_number": shipment.tracking_number,
        **facts,
    }
    write_events([Event(order.pk, kind, order.status, order.status, told)], actor=actor, now=now)


def lines_in(shipments: Sequence[Shipment]) -> dict[int, dict[int, int]]:
    """What lies in these parcels: `{parcel id: {line id: quantity}}`."""
    found: dict[int, dict[int, int]] = {shipment.pk: {} for shipment in shipments}
    for row in ShipmentLine.objects.filter(shipment__in=shipments).order_by("order_line__position"):
        found[row.shipment_id][row.order_line_id] = row.quantity
    return found
