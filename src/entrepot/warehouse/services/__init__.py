"""The verbs of the warehouse."""

from entrepot.inventory.services import Departure
from entrepot.warehouse.services.approval import approve_count, approve_taking_back, drop_differences
from entrepot.warehouse.services.bins import (
    add_bin,
    add_zone,
    close_bin,
    lay_out,
    open_bin,
    rename_bin,
    rename_zone,
    staging_bin,
)
from entrepot.warehouse.services.counts import cancel_count, enter_count, finish_count, recount, start_count
from entrepot.warehouse.services.put_away import empty_bin, move, put_away
from entrepot.warehouse.services.receiving import begin_receipt, cancel_receipt, close_receipt, expect, receive_item
from entrepot.warehouse.services.transfers import send

__all__ = [
    "Departure",
    "add_bin",
    "add_zone",
    "approve_count",
    "approve_taking_back",
    "begin_receipt",
    "cancel_count",
    "cancel_receipt",
    "close_bin",
    "close_receipt",
    "drop_differences",
    "empty_bin",
    "enter_count",
    "expect",
    "finish_count",
    "lay_out",
    "move",
    "open_bin",
    "put_away",
    "receive_item",
    "recount",
    "rename_bin",
    "rename_zone",
    "send",
    "staging_bin",
    "start_count",
]
