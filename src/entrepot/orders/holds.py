"""Why orders are on hold: the codes that verbs and stores use. Their sentences are in `channels.problems`."""

from typing import Final

UNMATCHED: Final = "unmapped_sku"
AWAITING_PAYMENT: Final = "awaiting_payment"
HELD_IN_STORE: Final = "held_in_store"
CANCEL_ASKED_PARTLY: Final = "cancel_asked_partly"
CANCEL_AFTER_PACKING: Final = "cancel_after_packing"
CANCELED_AFTER_PACKING: Final = "canceled_after_packing"
LINES_CANCELED_AFTER_PACKING: Final = "lines_canceled_after_packing"

CANCELLATIONS: Final = frozenset(
    {CANCEL_ASKED_PARTLY, CANCEL_AFTER_PACKING, CANCELED_AFTER_PACKING, LINES_CANCELED_AFTER_PACKING}
)
"""A wish to cancel stands behind these: a person decides about it, nobody just lets the order go on."""
