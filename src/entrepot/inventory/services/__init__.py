"""The verbs of the stock ledger."""

from entrepot.inventory.services.carry import (
    Arrival,
    Carry,
    Correction,
    Departure,
    announce,
    arrive,
    carry,
    correct,
    depart,
)
from entrepot.inventory.services.change import adjust, open_stock, receive, restock, set_on_hand, transfer
from entrepot.inventory.services.figures import Availability, available, figures, versions
from entrepot.inventory.services.hand_on import Held, Pass, granted, hand_on, held_by
from entrepot.inventory.services.kits import change_kit, compose_kit
from entrepot.inventory.services.leave import give_back, release, ship
from entrepot.inventory.services.merge import pour, raise_kits
from entrepot.inventory.services.reserve import reserve, reserve_taken_before, reserve_up_to, settle
from entrepot.inventory.services.warehouses import (
    add_warehouse,
    close_warehouse,
    default_warehouse,
    make_default,
    open_warehouse,
    rename_warehouse,
    set_mode,
)
from entrepot.inventory.wants import Take, Want

__all__ = [
    "Arrival",
    "Availability",
    "Carry",
    "Correction",
    "Departure",
    "Held",
    "Pass",
    "Take",
    "Want",
    "add_warehouse",
    "adjust",
    "announce",
    "arrive",
    "available",
    "carry",
    "change_kit",
    "close_warehouse",
    "compose_kit",
    "correct",
    "default_warehouse",
    "depart",
    "figures",
    "give_back",
    "granted",
    "hand_on",
    "held_by",
    "make_default",
    "open_stock",
    "open_warehouse",
    "pour",
    "raise_kits",
    "receive",
    "release",
    "rename_warehouse",
    "reserve",
    "reserve_taken_before",
    "reserve_up_to",
    "restock",
    "set_mode",
    "set_on_hand",
    "settle",
    "ship",
    "transfer",
    "versions",
]
