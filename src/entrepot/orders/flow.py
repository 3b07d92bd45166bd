"""The life of an order as one table (spec §4.3). What is not here does not happen.

Where a move may end in three ways, its name says which: `…` stock is set aside for every line, `…_short` some line
lacks stock, `…_on_hold` a person must look first.
"""

from typing import Final

from entrepot.kernel.flow import Flow, move
from entrepot.orders.models import Order, Status

NEW, PARTIAL, RFP, READY, ON_HOLD = Status.NEW, Status.PARTIAL, Status.RFP, Status.READY_TO_SHIP, Status.ON_HOLD
IN_TRANSIT, COMPLETE = Status.IN_TRANSIT, Status.COMPLETE
CANCEL_IN_PROCESS, CANCELED = Status.CANCEL_IN_PROCESS, Status.CANCELED
SELLER_CANCEL_IN_PROCESS, SELLER_CANCELED = Status.SELLER_CANCEL_IN_PROCESS, Status.SELLER_CANCELED
RETURN_IN_PROCESS, RETURNED = Status.RETURN_IN_PROCESS, Status.RETURNED
UNPAID_CANCELED = Status.UNPAID_CANCELED

BEFORE_PACKED: Final = frozenset({NEW, PARTIAL, RFP, ON_HOLD})
CANCELING: Final = frozenset({CANCEL_IN_PROCESS, SELLER_CANCEL_IN_PROCESS})
CANCELED_FOR_GOOD: Final = frozenset({CANCELED, SELLER_CANCELED, UNPAID_CANCELED})
HOLDS_STOCK: Final = BEFORE_PACKED | CANCELING | {READY}
LEFT: Final = frozenset({IN_TRANSIT, COMPLETE, RETURN_IN_PROCESS, RETURNED})
ENTERED_AS: Final = LEFT | CANCELED_FOR_GOOD
"""How an order that was over in the store before we came may be entered."""

ORDER_FLOW = Flow(
    initial=[NEW, PARTIAL, ON_HOLD],
    final=frozenset({COMPLETE, CANCELED, SELLER_CANCELED, UNPAID_CANCELED, RETURNED}),
    moves=[
        # stock
        move("run_short", NEW, RFP, to=PARTIAL),
        move("stock_arrived", PARTIAL, to=NEW),
        # hold
        move("hold", NEW, PARTIAL, RFP, to=ON_HOLD),
        move("unhold", ON_HOLD, to=NEW),
        move("unhold_short", ON_HOLD, to=PARTIAL),
        move("unhold_released", ON_HOLD, to=RFP),
        # a cancellation meets a packed parcel: it stops until a person has decided
        move("stop", READY, to=ON_HOLD),
        move("unhold_packed", ON_HOLD, to=READY),
        move("unpack", READY, ON_HOLD, to=RFP),
        # the warehouse
        move("release", NEW, to=RFP),
        move("recall", RFP, to=NEW),
        move("pack", RFP, to=READY),
        move("hand_over", READY, to=IN_TRANSIT),
        move("complete", IN_TRANSIT, to=COMPLETE),
        # the same, told by the store: its owner worked there and left out our steps between
        move("packed_in_store", NEW, RFP, to=READY),
        move("shipped_in_store", NEW, RFP, READY, to=IN_TRANSIT),
        move("completed_in_store", NEW, RFP, READY, IN_TRANSIT, to=COMPLETE),
        # the buyer cancels, before it is packed
        move("ask_cancel", NEW, PARTIAL, RFP, ON_HOLD, to=CANCEL_IN_PROCESS),
        move("cancel", NEW, PARTIAL, RFP, ON_HOLD, CANCEL_IN_PROCESS, to=CANCELED),
        # the seller cancels, before it is packed; the store confirms
        move("cancel_by_seller", NEW, PARTIAL, RFP, ON_HOLD, to=SELLER_CANCEL_IN_PROCESS),
        move("confirm_seller_cancel", SELLER_CANCEL_IN_PROCESS, to=SELLER_CANCELED),
        # a cancellation is withdrawn, or refused by the store
        move("keep", CANCEL_IN_PROCESS, SELLER_CANCEL_IN_PROCESS, to=NEW),
        move("keep_short", CANCEL_IN_PROCESS, SELLER_CANCEL_IN_PROCESS, to=PARTIAL),
        move("keep_on_hold", CANCEL_IN_PROCESS, SELLER_CANCEL_IN_PROCESS, to=ON_HOLD),
        # a part that was split off goes back into the order it came from; nothing is left in it
        move("join", NEW, PARTIAL, RFP, ON_HOLD, to=CANCELED),
        # never paid
        move("cancel_unpaid", NEW, PARTIAL, ON_HOLD, to=UNPAID_CANCELED),
        # the store puts a canceled order back to work
        move("reopen", CANCELED, SELLER_CANCELED, UNPAID_CANCELED, to=NEW),
        move("reopen_short", CANCELED, SELLER_CANCELED, UNPAID_CANCELED, to=PARTIAL),
        move("reopen_on_hold", CANCELED, SELLER_CANCELED, UNPAID_CANCELED, to=ON_HOLD),
        # what comes back
        move("ask_return", IN_TRANSIT, COMPLETE, to=RETURN_IN_PROCESS),
        move("take_return", RETURN_IN_PROCESS, to=RETURNED),
        move("take_part_return", RETURN_IN_PROCESS, to=COMPLETE),
        move("withdraw_return", RETURN_IN_PROCESS, to=COMPLETE),
    ],
)


def packed(order: Order) -> bool:
    """Whether an order lies in a parcel that has not left, be it stopped or not."""
    return order.status == READY or (order.status == ON_HOLD and order.held_from == READY)


def open_to_change(order: Order) -> bool:
    """Whether an order may still be changed or canceled: before it is packed."""
    return order.status in BEFORE_PACKED and not packed(order)
