"""The verbs of the packing table."""

from entrepot.fulfilment.services.leave import catch_up, deliver, hand_over
from entrepot.fulfilment.services.pack import pack, set_tracking
from entrepot.fulfilment.services.remote import note_remote, note_told, split
from entrepot.fulfilment.services.unpack import unpack, void

__all__ = [
    "catch_up",
    "deliver",
    "hand_over",
    "note_remote",
    "note_told",
    "pack",
    "set_tracking",
    "split",
    "unpack",
    "void",
]
