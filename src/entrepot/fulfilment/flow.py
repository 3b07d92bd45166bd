"""The life of a parcel as one table."""

from typing import Final

from entrepot.fulfilment.models import Shipment
from entrepot.kernel.flow import Flow, move

PACKED, HANDED_OVER = Shipment.State.PACKED, Shipment.State.HANDED_OVER
DELIVERED, VOID = Shipment.State.DELIVERED, Shipment.State.VOID

SHIPMENT_FLOW: Final = Flow(
    initial=[PACKED],
    final=frozenset({DELIVERED, VOID}),
    moves=[
        move("hand_over", PACKED, to=HANDED_OVER),
        move("deliver", PACKED, HANDED_OVER, to=DELIVERED),
        move("void", PACKED, to=VOID),
    ],
)
