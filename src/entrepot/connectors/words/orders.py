"""What buyers ordered, and what became of it in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from entrepot.connectors.words.catalogue import BadItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAddress:
    name: str
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    country_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLineOption:
    """A choice or free input of the buyer on a line. Ids are None for free text or when the store forgot them."""

    name: str
    value: str
    type: str
    option_id: str | None = None
    value_id: str | None = None


LineState = Literal["open", "shipped", "delivered", "canceled", "returned"]
"""Where a line stands in stores that keep a state for each line. All of its quantity is in this state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrderLine:
    """`unit_price` and `line_total` include options and discounts, without tax; `unit_tax` as the store states it.

    `product_id` names the product row sold; `variation_keys` the keys it may be listed under, best first ("" = the
    product itself). `state`: "open" wherever the store keeps none for each line; the order's status then says it all.
    """

    remote_id: str
    product_id: str
    variation_keys: Sequence[str]
    name: str
    model: str
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    unit_tax: Decimal
    sku: str = ""
    options: Sequence[ChannelLineOption] = ()
    state: LineState = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTotal:
    """One row of the store's totals, kept as it is: code (`sub_total`, `shipping`, `tax`, `coupon`, `total` …)."""

    code: str
    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatusChange:
    """One row of the store's own history. `settling`: a passing state of an edit that must not be acted on yet."""

    remote_id: str
    status_id: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelParcel:
    """A parcel the store knows: `carrier` is the store's own code for it, `line_ids` what lies in it."""

    remote_id: str
    carrier: str
    tracking_number: str
    line_ids: Sequence[str] = ()
    state: Literal["ready", "handed_over", "delivered"] = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClaim:
    """A wish to cancel, send back or exchange lines. `lines` = `(line's remote id, quantity)`.

    asked (the store has not decided) → accepted → received (the goods are back) → done; or refused, or withdrawn.
    """

    remote_id: str
    kind: Literal["cancel", "return", "exchange"]
    state: Literal["asked", "accepted", "received", "done", "refused", "withdrawn"]
    lines: Sequence[tuple[str, int]]
    reason: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrder:
    """An order as the store has it now. Amounts are in `base_currency`; the buyer saw amount × `rate` `currency`.

    `confirmed` False = a cart that was never finished or a passing state of an edit: never imported, never reserved.
    `version` grows with every change the store records (a history id), so a late, older copy can be told apart; 0 where
    the store records none: the copy read last then counts. `follows`: this is a part of that order which travels on its
    own (a replacement for exchanged goods, a second receiver's parcel); money stands on each part once.
    `origin` names the market or shop the buyer bought in, where it is not the store itself. `pickup`: no parcel.
    """

    remote_id: str
    number: str
    version: int
    confirmed: bool
    status_id: str
    placed_at: datetime
    changed_at: datetime
    base_currency: str
    currency: str
    rate: Decimal
    total: Decimal
    lines: Sequence[ChannelOrderLine]
    totals: Sequence[ChannelTotal]
    buyer_name: str
    buyer_email: str
    buyer_phone: str
    shipping: ChannelAddress | None
    billing: ChannelAddress | None
    payment_method: str = ""
    shipping_method: str = ""
    comment: str = ""
    history: Sequence[ChannelStatusChange] = ()
    settling: bool = False
    paid: bool = True
    parcels: Sequence[ChannelParcel] = ()
    claims: Sequence[ChannelClaim] = ()
    follows: str = ""
    origin: str = ""
    pickup: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """Orders oldest change first. `cursor` is where to go on; keep it only once the page is yours.

    `gone` = orders the store has deleted. `more` = another page is waiting.
    """

    orders: Sequence[ChannelOrder]
    cursor: str
    more: bool
    bad: Sequence[BadItem] = ()
    gone: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """The short form for the periodic check of known orders; `status_id` None = deleted in the store."""

    remote_id: str
    status_id: str | None
    version: int
