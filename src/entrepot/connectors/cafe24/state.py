"""Where an order stands: what its items make of the order, of each line and of each claim, said in this one place.

A Cafe24 order has no state of its own, each of its items has. Pure; reference §5.6 and §10.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from entrepot.connectors.contract import LineState

ClaimKind = Literal["cancel", "return", "exchange"]
ClaimState = Literal["asked", "accepted", "received", "done", "refused", "withdrawn"]

AWAITING_PAYMENT = ("N00", "N02", "N03")
BEFORE_PARCEL = ("N01", "N10", "N20", "N22")
PACKED = "N21"
SHIPPED = "N30"
DELIVERED = ("N40", "N50")
_GRANTED = frozenset({"C10", "C34", "C35", "C36"})
_LIVING = (*AWAITING_PAYMENT, *BEFORE_PARCEL, PACKED, SHIPPED, *DELIVERED)
"""Least advanced first. N22 (on hold) stands above N20: an order whose other items may go is not held as a whole."""

CANCELED = ("C41", "C42", "C43", "C40")
CANCELED_UNPAID = ("C47", "C48", "C49")
RETURNED = ("R41", "R42", "R43", "R40")
_ASKED = ("C00", "C10", "C34", "C36", "C35", "R00", "R12", "R10", "R30", "R13", "R20", "R31", "R34", "R36")
_OVER = (*RETURNED, *CANCELED, *CANCELED_UNPAID, "E40", "E50", "E51")
_BACK = frozenset({"C11", "R11", "E11", "E41"})
"""Refused or withdrawn: the item is again what it was."""
_SHOWN_AS: Mapping[str, str] = {"N01": "N10", "N03": "N02", "E40": "N40", "E50": "C40", "E51": "C40"}
"""Codes of exchanges in the words of orders: a replacement is prepared, paid for or withdrawn like any other order."""

_RANKS: tuple[Mapping[str, int], ...] = tuple(
    {code: rank for rank, code in enumerate(codes)} for codes in (_LIVING, _ASKED, _OVER)
)
"""What counts before what: items on their way, then open claims, then what is over."""

_CLAIM_STATES: Mapping[ClaimState, tuple[str, ...]] = {
    "asked": ("C00", "R00", "E00"),
    "accepted": ("C10", "C34", "C35", "C36", "R10", "R12", "R30", "E10", "E12", "E30", "E32", "E33"),
    "received": ("R13", "R20", "R31", "R34", "R36", "E13", "E20", "E31", "E34", "E35", "E36"),
    "done": (*CANCELED, *RETURNED, "E40"),
    "refused": ("C11", "R11", "E11"),
    "withdrawn": ("E41", "E50", "E51"),
}
_CLAIM_STATE: Mapping[str, ClaimState] = {code: state for state, codes in _CLAIM_STATES.items() for code in codes}
_CLAIM_KINDS: Mapping[str, ClaimKind] = {"C": "cancel", "R": "return", "E": "exchange"}
_CLAIM_ORDER: tuple[ClaimState, ...] = ("asked", "accepted", "received", "done", "refused", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """What an item says of itself. `before`: its code before the claim; `replacement`: sent in an exchange's place."""

    code: str
    before: str = ""
    quantity: int = 1
    claim_quantity: int = 0
    replacement: bool = False

    @property
    def is_partly_claimed(self) -> bool:
        """The wish is for some of the units only, and the mall has not split the item (yet)."""
        return 0 < self.claim_quantity < self.quantity and claim_kind(self.code) is not None


def apart(item: ItemState) -> list[ItemState]:
    """The item; or, where a claim over some of its units is done and the mall has not split it, the rest and those."""
    if not (item.is_partly_claimed and claim_state(item.code) == "done"):
        return [item]
    rest = replace(item, code=item.before or item.code, quantity=item.quantity - item.claim_quantity, claim_quantity=0)
    return [rest, replace(item, quantity=item.claim_quantity)]


def lives_by(item: ItemState) -> str:
    """The code that counts for the order: a refused, withdrawn or partial wish leaves the item what it was.

    Exchanges never make the order's code: the replacement travels as an order of its own.
    """
    exchanged = item.code in _CLAIM_STATE and item.code.startswith("E") and not item.replacement
    if item.before and (item.code in _BACK or exchanged or item.is_partly_claimed):
        return item.before
    return item.code


def order_code(items: Iterable[ItemState]) -> str:
    """The order's code: the least advanced item that goes on its way; where none does, the claim that is least far.

    A code nobody knows is answered as it is, so that it is seen. "" = there are no items.
    """
    codes = [lives_by(item) for item in items]
    for code in codes:
        if not any(code in ranks for ranks in _RANKS):
            return code
    for ranks in _RANKS:
        found = [code for code in codes if code in ranks]
        if found:
            first = min(found, key=ranks.__getitem__)
            return _SHOWN_AS.get(first, first)
    return ""


def line_state(item: ItemState) -> LineState:
    """Where the goods of an item are. While a claim is open they are where they were before it."""
    code = lives_by(item)
    if code in _OVER and code != "E40":
        return "returned" if code in RETURNED else "canceled"
    where = item.before if claim_kind(code) and item.before else code
    if where in DELIVERED or claim_kind(where) in {"return", "exchange"}:
        return "delivered"
    return "shipped" if where == SHIPPED else "open"


def line_states(items: Sequence[ItemState]) -> list[LineState]:
    """Where the goods of an order's items are. While others go on their way, what a cancellation was granted for stays.

    Such a cancellation ends when its refund does, in days: nobody waits for that with the rest of the order.
    """
    goes_on = any(lives_by(item) in _RANKS[0] for item in items)
    return ["canceled" if goes_on and lives_by(item) in _GRANTED else line_state(item) for item in items]


def has_left(item: ItemState) -> bool:
    """Its parcel is with the carrier or beyond."""
    return line_state(item) in {"shipped", "delivered", "returned"}


def parcel_code(item: ItemState) -> str:
    """How far the item's parcel is: N21, N30, N40; "" = there is none (a carrier may be filled in all the same)."""
    code = lives_by(item)
    where = item.before if claim_kind(code) and item.before else code
    if where in DELIVERED:
        return "N40"
    return where if where in {PACKED, SHIPPED} else ""


def claim_kind(code: str) -> ClaimKind | None:
    """What a claim's code is about; None for codes of no claim."""
    return _CLAIM_KINDS.get(code[:1]) if code in _CLAIM_STATE else None


def claim_state(code: str) -> ClaimState | None:
    """How far a claim of this code is; None for codes of no claim (C47–C49: nothing was ever paid)."""
    return _CLAIM_STATE.get(code)


def least_far(states: Iterable[ClaimState]) -> ClaimState:
    """The state of a claim over several items."""
    return min(states, key=_CLAIM_ORDER.index)
