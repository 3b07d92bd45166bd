"""The lives of a warehouse's papers as tables."""

from typing import Final

from entrepot.kernel.flow import Flow, move
from entrepot.warehouse.models import Count, Receipt, Return, WorkOrder

RECEIPT_FLOW: Final = Flow(
    initial=[Receipt.State.OPEN],
    final=frozenset({Receipt.State.CLOSED, Receipt.State.CANCELED}),
    moves=[
        move("close", Receipt.State.OPEN, to=Receipt.State.CLOSED),
        move("cancel", Receipt.State.OPEN, to=Receipt.State.CANCELED),
    ],
)

COUNT_FLOW: Final = Flow(
    initial=[Count.State.COUNTING],
    final=frozenset({Count.State.DONE, Count.State.CANCELED}),
    moves=[
        move("finish", Count.State.COUNTING, to=Count.State.TO_APPROVE),
        move("agree", Count.State.COUNTING, Count.State.TO_APPROVE, to=Count.State.DONE),
        move("recount", Count.State.TO_APPROVE, to=Count.State.COUNTING),
        move("cancel", Count.State.COUNTING, Count.State.TO_APPROVE, to=Count.State.CANCELED),
    ],
)

WORK_FLOW: Final = Flow(
    initial=[WorkOrder.State.RELEASED],
    final=frozenset({WorkOrder.State.HANDED_OVER, WorkOrder.State.RECALLED}),
    moves=[
        move("start", WorkOrder.State.RELEASED, to=WorkOrder.State.PICKING),
        move("drop", WorkOrder.State.PICKING, to=WorkOrder.State.RELEASED),
        move("pick", WorkOrder.State.RELEASED, WorkOrder.State.PICKING, to=WorkOrder.State.PICKED),
        move("pack", WorkOrder.State.PICKED, to=WorkOrder.State.PACKED),
        move("unpack", WorkOrder.State.PACKED, to=WorkOrder.State.PICKED),
        move("hand_over", WorkOrder.State.PACKED, to=WorkOrder.State.HANDED_OVER),
        move(
            "recall",
            WorkOrder.State.RELEASED,
            WorkOrder.State.PICKING,
            WorkOrder.State.PICKED,
            WorkOrder.State.PACKED,
            to=WorkOrder.State.RECALLED,
        ),
    ],
)


RETURN_FLOW: Final = Flow(
    initial=[Return.State.EXPECTED, Return.State.RECEIVED],
    final=frozenset({Return.State.DONE, Return.State.CANCELED}),
    moves=[
        move("receive", Return.State.EXPECTED, to=Return.State.RECEIVED),
        move("grade", Return.State.RECEIVED, to=Return.State.DONE),
        move("cancel", Return.State.EXPECTED, Return.State.RECEIVED, to=Return.State.CANCELED),
    ],
)
