"""An order in the words of our desk, before it is one: what the verbs take and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """`item_id` None = the line is not matched to our catalogue. Amounts in the order's base currency.

    `state` of all of it in its store: open, shipped, delivered, canceled or returned.
    """

    remote_id: str
    item_id: int | None
    product_remote_id: str
    variation_key: str
    sku: str
    name: str
    model: str
    options: Sequence[dict[str, Any]]
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    unit_tax: Decimal
    state: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalDraft:
    code: str
    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order to be placed.

    `entered_as`: a status of `flow.ENTERED_AS`, for an order that was over (or on its way) in the store before we
    came; nothing is reserved for it. `taken_before`: the store had already taken its units off the figure that our
    stock was opened with, so they are put on hand and set aside at once; save the items `opened_elsewhere`, whose stock
    another store brought: of those, what is there is set aside. `left_before`: lines that have left in the store left
    before our stock was opened. `hold`: on hold from the start, for this reason; its stock is set aside all the same.
    """

    remote_id: str
    number: str
    remote_status_id: str
    remote_version: int
    placed_at: datetime
    base_currency: str
    currency: str
    rate: Decimal
    total: Decimal
    buyer_name: str
    buyer_email: str
    buyer_phone: str
    shipping: dict[str, Any] | None
    billing: dict[str, Any] | None
    payment_method: str
    shipping_method: str
    comment: str
    lines: Sequence[LineDraft]
    totals: Sequence[TotalDraft]
    entered_as: str = ""
    taken_before: bool = False
    opened_elsewhere: frozenset[int] = frozenset()
    left_before: bool = False
    hold: str = ""
    follows: str = ""
    origin: str = ""
    pickup: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """The answer to one draft: the order it became, or the one it was already (`created` False).

    `unmatched`: how many open lines of a new order have no item.
    """

    remote_id: str
    order_id: int
    created: bool
    status: str
    unmatched: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """A wish to cancel, send back or exchange lines, as its store has it; `lines` = (line's remote id, quantity)."""

    remote_id: str
    kind: str
    state: str
    lines: Sequence[tuple[str, int]]
    reason: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualLine:
    """A line of an order typed in by a person."""

    item_id: int
    quantity: int
    unit_price: Decimal
    unit_tax: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualOrder:
    """An order typed in by a person. `key` (a form's own) makes a repeated submit harmless.

    `number` is the person's own; without one it gets the next of ours. `note` is for the seller's own people.
    """

    key: str
    currency: str
    lines: Sequence[ManualLine]
    buyer_name: str = ""
    buyer_email: str = ""
    buyer_phone: str = ""
    shipping: dict[str, Any] | None = None
    billing: dict[str, Any] | None = None
    payment_method: str = ""
    shipping_method: str = ""
    shipping_cost: Decimal = Decimal(0)
    comment: str = ""
    placed_at: datetime | None = None
    number: str = ""
    tags: Sequence[str] = ()
    note: str = ""
