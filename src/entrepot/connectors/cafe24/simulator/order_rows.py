"""The rows of an order as the mall keeps them: typed where the mall acts on them. How they are written: order_wire."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.order_states import REFUSED

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def money(amount: Decimal) -> str:
    """Two decimals, as nearly every amount is written (reference §2)."""
    return str(amount.quantize(CENT))


@dataclass(slots=True)
class OrderSwitches:
    """What is not confirmed, or differs from mall to mall; settable at any time, also by /_control/order_switches."""

    split_partial_claims: bool = True
    """A claim over part of a quantity makes a new item (case 19, §11.6); off: the item itself carries it."""
    refused_shows: bool = True
    """A refused wish reads C11, R11 or E11 until the next move (case 30); off: it goes back at once."""
    request_has_claim_code: bool = False
    """A wish not yet decided (C00, R00, E00) has a claim code already."""
    prefilled_carrier: bool = True
    """shipping_company_* stand on an item before any parcel exists (case 24)."""
    unsent_shipments_listed: bool = False
    """GET shipments also lists shipping codes that have no tracking number yet."""
    trailing_blank: bool = False
    """Item states in GET shipments end in a blank (case 23)."""
    receiver_per_parcel: bool = False
    """A parcel split off by POST shipments gets a receiver row of its own, same address."""
    whole_order_moves_what_can: bool = True
    """PUT orders without item codes moves the items that can; off: one that cannot refuses the call."""
    empty_date: str | None = None
    """What stands for no date: null, "", "0000-00-00" or "1970-01-01T00:00:00+09:00" (case 35)."""
    empty_text: str | None = None
    """What stands for no text in keys that are null in the documented answers (case 35)."""
    item_dates_with_zone: bool = True
    """Off: item dates as `2026-03-02 14:05:09`, as older documents print them."""
    plain_numbers: bool = False
    """Item prices as JSON numbers instead of text (case 33)."""
    bare_phones: bool = False
    """Phone numbers without hyphens (case 43)."""
    virtual_phones: bool = False
    """Receivers have a 0500 number instead of their own (case 43)."""
    no_custom_variant_code: bool = False
    """custom_variant_code is null on every item (case 36)."""
    blank_transaction_type: bool = False
    """supplier_transaction_type is one blank (§5.4)."""
    guest_member_id: str | None = ""
    """member_id of a guest's order: "" or null (case 48)."""
    unknown_keys: bool = False
    """Every object carries a key nobody has heard of (case 57)."""
    fulfillments_allowed: bool = False
    """This app is one of those that may POST /fulfillments (§5.7)."""
    refund_pending: bool = False
    """Finished claims wait for their refund: C41 and R41 instead of C40 and R40."""


@dataclass(slots=True)
class OrderItem:
    """One item line. `goods` holds the keys copied from the product when it was ordered."""

    code: str
    number: int
    variant_code: str
    goods: Row
    quantity: int
    price: Decimal
    option_price: Decimal
    status: str
    shipping_code: str
    carrier_code: str = ""
    tracking_no: str | None = None
    tracking_at: datetime | None = None
    coupon: Decimal = ZERO
    discount: Decimal = ZERO
    supply_price: Decimal = ZERO
    gift: bool = False
    bundle: list[Row] | None = None
    before_claim: str | None = None
    before_hold: str | None = None
    claim_code: str | None = None
    reason_type: str | None = None
    reason: str | None = None
    claim_quantity: int = 0
    request_undone: str | None = None
    status_code: str = "N1"
    status_note: str | None = None
    original_numbers: list[int] = field(default_factory=list)
    dates: dict[str, datetime] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    stock_taken: bool = False
    multi_invoice: list[Row] | None = None
    market_item_no: str | None = None
    market_cancel_request: str | None = None
    naver_pay_claim_status: str | None = None

    @property
    def acts_as(self) -> str:
        """The code that decides what may happen: after a refused wish, the one before it (case 30)."""
        return self.before_claim if self.status in REFUSED and self.before_claim else self.status

    @property
    def payment(self) -> Decimal:
        """What the buyer pays for the line."""
        return (self.price + self.option_price) * self.quantity - self.coupon - self.discount

    @property
    def amount(self) -> Decimal:
        """The line's price before discounts."""
        return (self.price + self.option_price) * self.quantity


@dataclass(slots=True)
class Parcel:
    """One parcel as it was issued. Kept for counting; what is true now stands on the items."""

    shipping_code: str
    tracking_no: str
    carrier_code: str
    item_codes: list[str]
    at: datetime


@dataclass(slots=True)
class Order:
    """One order. It has no state of its own: each item has (reference §5.3)."""

    order_id: str
    shop_no: int
    currency: str
    placed_at: datetime
    items: list[OrderItem]
    receivers: list[Row]
    buyer: Row
    shipping_fee: Decimal = ZERO
    paid_at: datetime | None = None
    guest: bool = False
    method: str = "card"
    market: str = "self"
    place_id: str = "cafe24"
    place_name: str = ""
    market_order_no: str | None = None
    pickup: bool = False
    subscription: bool = False
    exchange_rate: str = "1.0000"
    message: str = ""
    canceled_at: datetime | None = None
    returned_at: datetime | None = None
    columns: Row = field(default_factory=dict)
    memos: list[Row] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    claim_codes: list[str] = field(default_factory=list)
    buyer_history: list[Row] = field(default_factory=list)
    receiver_history: list[Row] = field(default_factory=list)
    next_item: int = 1
    next_parcel: int = 0

    @property
    def several_addresses(self) -> bool:
        """Whether it goes to more than one address."""
        return len({(row["name"], row["address1"], row["address2"]) for row in self.receivers}) > 1

    def item(self, code: str) -> OrderItem | None:
        """The item of this code."""
        return next((item for item in self.items if item.code == code), None)

    def new_item_code(self) -> str:
        """The next `{order_id}-NN`."""
        code = f"{self.order_id}-{self.next_item:02d}"
        self.next_item += 1
        return code

    def new_shipping_code(self) -> str:
        """The next `D-{order_id}-NN`."""
        code = f"D-{self.order_id}-{self.next_parcel:02d}"
        self.next_parcel += 1
        return code


Kind = Literal["cancellation", "return", "exchange"]


@dataclass(slots=True)
class Claim:
    """A cancellation, return or exchange that has a code. `item_codes` are the items that carry it."""

    claim_code: str
    kind: Kind
    order_id: str
    shop_no: int
    at: datetime
    item_codes: list[str]
    reason_type: str | None = None
    reason: str | None = None
    replacement_codes: list[str] = field(default_factory=list)
    pickup: Row | None = None
    return_invoice_no: str | None = None
    carrier_name: str | None = None
    refund_amount: Decimal = ZERO
    refund_status: str = "F"
    refund_at: datetime | None = None
    undone: Row = field(default_factory=dict)
    request_no: int = 0
