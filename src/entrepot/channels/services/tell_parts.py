"""What a store is told of an order that was split here: it knows the whole, and one parcel for each of its lines.

A line that was cut in two is told with the parcel that was packed last, once all parts that have some of it have got as
far; until then a parcel waits if it has nothing else to tell, or speaks of its other lines only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F, Max

from entrepot.channels.models import StatusDebt, StatusMapping
from entrepot.channels.services.intake_apply import PROGRESS
from entrepot.channels.services.intake_parts import reached
from entrepot.channels.services.shipping import WAITS_FOR_PART
from entrepot.fulfilment.models import Shipment, ShipmentLine
from entrepot.orders.flow import CANCELED_FOR_GOOD
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.parts import family, root_of

READY = PROGRESS[StatusMapping.Meaning.PROCESSED]


@dataclass(frozen=True, slots=True)
class Said:
    """The lines that a parcel is told with; whether it waits for another part; whether another one speaks for it."""

    line_ids: Collection[str]
    waits: bool = False
    over: bool = False


def parts_of(order: Order) -> list[Order]:  # house: verb-signature a question about one order
    """The other parts of an order that go on."""
    members = family(order.seller_id, root_of(order))
    return [one for one in members if one.pk != order.pk and one.status not in CANCELED_FOR_GOOD]


def lines_told(parcel: Shipment, *, progress: int) -> Said:
    """With which of its lines a parcel is told that it has got so far."""
    mine = list(dict.fromkeys(row.order_line.remote_id for row in parcel.lines.select_related("order_line")))
    others = {order.pk: order for order in parts_of(parcel.order)}
    shared = _shared(parcel.seller_id, others, mine)
    if not shared:
        return Said(mine)
    spoken = _packed_by(parcel.seller_id, others, mine)
    told: list[str] = []
    later = behind = False
    for remote_id in mine:
        holders = shared.get(remote_id, set())
        packed = {order_id: spoken[order_id, remote_id] for order_id in holders if (order_id, remote_id) in spoken}
        if holders - packed.keys():
            later = True
        elif all(parcel_id < parcel.pk for parcel_id in packed.values()):
            told.append(remote_id)
            behind = behind or any(reached(others[order_id]) < max(progress, READY) for order_id in holders)
    return Said(told, waits=behind or (later and not told), over=not (told or later))


def _shared(seller_id: int, others: Mapping[int, Order], mine: Collection[str]) -> dict[str, set[int]]:
    """Which of these lines other parts have some of too."""
    rows = OrderLine.objects.filter(order__seller_id=seller_id, order_id__in=others, remote_id__in=mine)
    found: dict[str, set[int]] = {}
    for remote_id, order_id in rows.filter(quantity__gt=F("canceled")).values_list("remote_id", "order_id"):
        found.setdefault(remote_id, set()).add(order_id)
    return found


def _packed_by(seller_id: int, others: Mapping[int, Order], mine: Collection[str]) -> dict[tuple[int, str], int]:
    """The latest parcel of each of these parts that holds a line."""
    rows = ShipmentLine.objects.filter(
        shipment__seller_id=seller_id, shipment__order_id__in=others, order_line__remote_id__in=mine
    ).exclude(shipment__state=Shipment.State.VOID)
    counted = rows.values("shipment__order_id", "order_line__remote_id").annotate(latest=Max("shipment_id"))
    return {(row["shipment__order_id"], row["order_line__remote_id"]): row["latest"] for row in counted.order_by()}


def wake_parts(order: Order) -> None:  # house: verb-signature the engine's
    """Parcels of other parts that waited for this one are looked at again."""
    rows = StatusDebt.objects.filter(seller_id=order.seller_id, order__in=parts_of(order), sent_at=None)
    rows.filter(error_code=WAITS_FOR_PART).update(next_try_at=None)
