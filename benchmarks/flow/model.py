"""What ought to be true, written down once more and without looking at the product's own tables.

`LEGAL` is the life of an order; `DEEDS` says what a deed makes of an order in each status: where a status is missing,
the deed must change nothing. Goods and money are counted by hand.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

WAITING = {"new", "partial"}
"""New when all of it is set aside, else Partial: which of the two, the books are asked."""
PACKED_HOLD = "on_hold/packed"
CANCELED = {"canceled", "seller_canceled", "unpaid_canceled"}
OVER = CANCELED | {"complete", "returned"}
LEFT = {"in_transit", "complete", "return_in_process", "returned"}
KEEPS_GOODS = {"new", "partial", "rfp", "on_hold", "ready_to_ship", "cancel_in_process", "seller_cancel_in_process"}
BEFORE = ("new", "partial", "rfp", "on_hold")

LEGAL = {
    "new": {
        "partial",
        "rfp",
        "on_hold",
        "cancel_in_process",
        "canceled",
        "seller_cancel_in_process",
        "unpaid_canceled",
    },
    "partial": {"new", "on_hold", "cancel_in_process", "canceled", "seller_cancel_in_process", "unpaid_canceled"},
    "rfp": {"new", "partial", "on_hold", "ready_to_ship", "cancel_in_process", "canceled", "seller_cancel_in_process"},
    "on_hold": {
        *("new", "partial", "rfp", "ready_to_ship", "cancel_in_process", "canceled"),
        *("seller_cancel_in_process", "unpaid_canceled"),
    },
    "ready_to_ship": {"on_hold", "rfp", "in_transit"},
    "in_transit": {"complete", "return_in_process"},
    "complete": {"return_in_process"},
    "return_in_process": {"returned", "complete"},
    "cancel_in_process": {"canceled", "new", "partial", "on_hold"},
    "seller_cancel_in_process": {"seller_canceled", "new", "partial", "on_hold"},
    "canceled": {"new", "partial", "on_hold"},
    "seller_canceled": {"new", "partial", "on_hold"},
    "unpaid_canceled": {"new", "partial", "on_hold"},
    "returned": set(),
}

DEEDS: dict[str, dict[str, set[str]]] = {
    "release": {"new": {"rfp"}},
    "recall": {"rfp": {"new"}},
    "hold": {"new": {"on_hold"}, "partial": {"on_hold"}, "rfp": {"on_hold"}},
    "unhold": {"on_hold": WAITING | {"rfp"}},
    "stop": {"ready_to_ship": {PACKED_HOLD}},
    "go_on": {PACKED_HOLD: {"ready_to_ship"}},
    "pack": {"rfp": {"ready_to_ship"}},
    "unpack": {"ready_to_ship": {"rfp"}, PACKED_HOLD: {"cancel_in_process"}},
    "hand_over": {"ready_to_ship": {"in_transit"}},
    "deliver": {"in_transit": {"complete"}},
    "cancel_by_buyer": {
        **{status: {"canceled"} for status in (*BEFORE, "cancel_in_process")},
        "seller_cancel_in_process": {"seller_canceled"},
    },
    "ask_cancel": {status: {"cancel_in_process"} for status in BEFORE},
    "cancel_by_seller": {status: {"seller_cancel_in_process"} for status in BEFORE},
    "confirm_seller_cancel": {"seller_cancel_in_process": {"seller_canceled"}},
    "cancel_unpaid": {status: {"unpaid_canceled"} for status in ("new", "partial", "on_hold")},
    "keep": {"cancel_in_process": WAITING, "seller_cancel_in_process": WAITING},
    "reopen": dict.fromkeys(CANCELED, WAITING),
    "ask_return": {"in_transit": {"return_in_process"}, "complete": {"return_in_process"}},
    "withdraw_return": {"return_in_process": {"complete"}},
    "receive_return": {"return_in_process": {"returned", "complete"}},
}
"""A part that was joined again is canceled and empty: it is left out of `reopen` by the walk."""

REVIVES = {"keep", "reopen"}
"""What held an order before it was to be canceled holds it again when it lives on."""
BY_THEMSELVES = {("partial", "new"), ("new", "partial"), ("rfp", "partial")}
"""What happens to orders that nobody touched: goods come, or are missing."""
ON_THE_FLOOR = BY_THEMSELVES | {("rfp", "ready_to_ship"), ("ready_to_ship", "in_transit")}
"""In a warehouse also: all is picked, the carrier took it."""


@dataclass(slots=True)
class Seen:
    """An order as it was after the last step."""

    status: str
    held_from: str
    hold_code: str
    root: int

    @property
    def standing(self) -> str:
        """Its status; one that is stopped in its parcel is told apart."""
        packed = self.status == "on_hold" and self.held_from == "ready_to_ship"
        return PACKED_HOLD if packed else self.status


@dataclass(slots=True)
class Whole:
    """An order as it was bought, for as long as its parts live: its pieces by line, and its money by row."""

    pieces: Counter[str]
    total: Decimal
    rows: dict[str, Decimal]


@dataclass
class Book:
    """The model: orders as last seen, what each was bought as, and how many pieces of each item there are."""

    orders: dict[int, Seen] = field(default_factory=dict)
    wholes: dict[int, Whole] = field(default_factory=dict)
    on_hand: Counter[int] = field(default_factory=Counter)
    joined: set[int] = field(default_factory=set)

    def among(self, *standings: str) -> list[int]:
        """Orders that stand so, oldest first."""
        return [order_id for order_id, seen in self.orders.items() if seen.standing in standings]


class Broken(AssertionError):
    """Something that must always be true is not."""
