"""The whole status map, as the specification has it (§4.3), and nothing beside it."""

import pytest

from entrepot.kernel.flow import MoveRefused
from entrepot.orders.flow import BEFORE_PACKED, ENTERED_AS, HOLDS_STOCK, ORDER_FLOW
from entrepot.orders.models import Status

MAP = {
    "new": {
        "run_short": "partial",
        "hold": "on_hold",
        "release": "rfp",
        "packed_in_store": "ready_to_ship",
        "shipped_in_store": "in_transit",
        "completed_in_store": "complete",
        "ask_cancel": "cancel_in_process",
        "cancel": "canceled",
        "join": "canceled",
        "cancel_by_seller": "seller_cancel_in_process",
        "cancel_unpaid": "unpaid_canceled",
    },
    "partial": {
        "stock_arrived": "new",
        "hold": "on_hold",
        "ask_cancel": "cancel_in_process",
        "cancel": "canceled",
        "join": "canceled",
        "cancel_by_seller": "seller_cancel_in_process",
        "cancel_unpaid": "unpaid_canceled",
    },
    "rfp": {
        "run_short": "partial",
        "hold": "on_hold",
        "recall": "new",
        "pack": "ready_to_ship",
        "packed_in_store": "ready_to_ship",
        "shipped_in_store": "in_transit",
        "completed_in_store": "complete",
        "ask_cancel": "cancel_in_process",
        "cancel": "canceled",
        "join": "canceled",
        "cancel_by_seller": "seller_cancel_in_process",
    },
    "ready_to_ship": {
        "stop": "on_hold",
        "unpack": "rfp",
        "hand_over": "in_transit",
        "shipped_in_store": "in_transit",
        "completed_in_store": "complete",
    },
    "in_transit": {"complete": "complete", "completed_in_store": "complete", "ask_return": "return_in_process"},
    "complete": {"ask_return": "return_in_process"},
    "cancel_in_process": {
        "cancel": "canceled",
        "keep": "new",
        "keep_short": "partial",
        "keep_on_hold": "on_hold",
    },
    "seller_cancel_in_process": {
        "confirm_seller_cancel": "seller_canceled",
        "keep": "new",
        "keep_short": "partial",
        "keep_on_hold": "on_hold",
    },
    "canceled": {"reopen": "new", "reopen_short": "partial", "reopen_on_hold": "on_hold"},
    "seller_canceled": {"reopen": "new", "reopen_short": "partial", "reopen_on_hold": "on_hold"},
    "unpaid_canceled": {"reopen": "new", "reopen_short": "partial", "reopen_on_hold": "on_hold"},
    "return_in_process": {"take_return": "returned", "take_part_return": "complete", "withdraw_return": "complete"},
    "returned": {},
    "on_hold": {
        "unhold": "new",
        "unhold_short": "partial",
        "unhold_released": "rfp",
        "unhold_packed": "ready_to_ship",
        "unpack": "rfp",
        "ask_cancel": "cancel_in_process",
        "cancel": "canceled",
        "join": "canceled",
        "cancel_by_seller": "seller_cancel_in_process",
        "cancel_unpaid": "unpaid_canceled",
    },
}
MOVES = sorted({move for moves in MAP.values() for move in moves})


def test_every_status_of_the_desk_is_in_the_table_and_no_other():
    assert ORDER_FLOW.statuses == set(Status.values) == MAP.keys()


@pytest.mark.parametrize("status", Status.values)
def test_exactly_the_moves_of_the_map_start_at_a_status(status):
    open_moves = ORDER_FLOW.open_moves(status)
    assert {move: str(ORDER_FLOW.target(move, status)) for move in open_moves} == MAP[status]
    for move in set(MOVES) - set(open_moves):
        with pytest.raises(MoveRefused):
            ORDER_FLOW.target(move, status)


def test_nothing_can_be_canceled_or_held_once_it_is_packed():
    packed = ["ready_to_ship", "in_transit", "complete", "return_in_process", "returned"]
    assert BEFORE_PACKED.isdisjoint(packed)
    for status in packed:
        assert not {"cancel", "ask_cancel", "cancel_by_seller", "cancel_unpaid", "hold"} & set(
            ORDER_FLOW.open_moves(status)
        )


def test_an_order_holds_stock_exactly_until_it_leaves_or_is_canceled():
    assert set(Status.values) == HOLDS_STOCK | ENTERED_AS
    assert HOLDS_STOCK.isdisjoint(ENTERED_AS)
