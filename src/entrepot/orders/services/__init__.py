"""The verbs of the order desk."""

from entrepot.orders.services.amend import amend_order, amend_words
from entrepot.orders.services.cancel import (
    ask_cancel,
    cancel_by_buyer,
    cancel_by_seller,
    cancel_unpaid,
    confirm_seller_cancel,
    keep,
    reopen,
)
from entrepot.orders.services.claims import settle_claim, take_claims
from entrepot.orders.services.desk import note, seen_remote, tag
from entrepot.orders.services.fill import fill_all_waiting, fill_waiting
from entrepot.orders.services.hold import hold, hold_is_over, unhold
from entrepot.orders.services.join import join_order
from entrepot.orders.services.manual import offline_channel, place_manual, place_numbered
from entrepot.orders.services.match import match_lines
from entrepot.orders.services.merge import leave_group, merge_orders
from entrepot.orders.services.moves import complete, hand_over, mark_ready, recall, release_to_warehouse
from entrepot.orders.services.place import place_order, place_orders
from entrepot.orders.services.recount import Recounted, recount
from entrepot.orders.services.returns import (
    ask_return,
    receive_return,
    return_is_over,
    take_return,
    withdraw_return,
)
from entrepot.orders.services.settle import Settled, settle_lines, take_apart
from entrepot.orders.services.split import split_by_warehouse, split_missing, split_order
from entrepot.orders.services.stock import adjust_stock, count_stock, receive_stock
from entrepot.orders.services.stop import go_on, stop, unpack

__all__ = [
    "Recounted",
    "Settled",
    "adjust_stock",
    "amend_order",
    "amend_words",
    "ask_cancel",
    "ask_return",
    "cancel_by_buyer",
    "cancel_by_seller",
    "cancel_unpaid",
    "complete",
    "confirm_seller_cancel",
    "count_stock",
    "fill_all_waiting",
    "fill_waiting",
    "go_on",
    "hand_over",
    "hold",
    "hold_is_over",
    "join_order",
    "keep",
    "leave_group",
    "mark_ready",
    "match_lines",
    "merge_orders",
    "note",
    "offline_channel",
    "place_manual",
    "place_numbered",
    "place_order",
    "place_orders",
    "recall",
    "receive_return",
    "receive_stock",
    "recount",
    "release_to_warehouse",
    "reopen",
    "return_is_over",
    "seen_remote",
    "settle_claim",
    "settle_lines",
    "split_by_warehouse",
    "split_missing",
    "split_order",
    "stop",
    "tag",
    "take_apart",
    "take_claims",
    "take_return",
    "unhold",
    "unpack",
    "withdraw_return",
]
