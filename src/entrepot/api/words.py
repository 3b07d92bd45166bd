"""What the API answers and takes, as shapes. Amounts are decimal texts, times are ISO 8601 with their zone."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from ninja import Field, Schema

from entrepot.api.parcel_words import ClaimOut, ParcelOut
from entrepot.channels.models import Finding, JournalEntry
from entrepot.channels.services.fixes import fixes_of
from entrepot.channels.words import call_purpose, problem_remedy, problem_sentence, spoken

Row = TypeVar("Row")


class Trouble(Schema):
    """A refusal: `code` never changes, `message` is in the caller's language (Accept-Language: en, ko)."""

    code: str
    message: str
    fields: dict[str, Any] = {}


class Refusal(Schema):
    error: Trouble


REFUSALS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Refusal)
AS_READ: dict[int, Any] = {**REFUSALS, 412: Refusal}
"""Of what takes `If-Match`."""


class Listed(Schema, Generic[Row]):
    """One page: give `next` back as `after` for the following one."""

    rows: list[Row]
    next: str | None = None


class StoreOut(Schema):
    id: int
    name: str = Field(alias="sales_channel.name")
    channel: str = Field(alias="connector")
    state: str
    state_reason: str
    url: str
    country: str = Field(alias="sales_channel.country")
    currency: str = Field(alias="sales_channel.currency")
    remote_name: str
    remote_version: str
    orders_seen_at: datetime | None
    connected_at: datetime
    permission_ends_at: datetime | None = Field(default=None, alias="grant_ends_at")

    @staticmethod
    def resolve_id(row: Any) -> int:  # noqa: ANN401 - ninja hands the row over
        """A store has its sales channel's id."""
        return int(row.pk)


class ShopOut(Schema):
    """What a connection test learned."""

    identity: str
    name: str
    url: str
    version: str
    currency: str
    timezone: str
    clock_offset_seconds: int
    counts: dict[str, int]
    notes: list[str]


class ConnectIn(Schema):
    """`credentials` as the connect form asks: OpenCart `domain_url` and `secret_key`. Cafe24 begins at `/consents`."""

    channel: str
    name: str = Field(min_length=1, max_length=80)
    country: str = Field(min_length=2, max_length=2, pattern="^[A-Z]{2}$")
    currency: str = Field(min_length=3, max_length=3, pattern="^[A-Z]{3}$")
    credentials: dict[str, str]


class ConsentIn(Schema):
    """As the connect form asks: Cafe24 `mall_id`, `client_id`, `client_secret`; `webhook_key`, `shop_no` may follow."""

    channel: str
    name: str = Field(min_length=1, max_length=80)
    country: str = Field(min_length=2, max_length=2, pattern="^[A-Z]{2}$")
    credentials: dict[str, str]


class ConsentOut(Schema):
    """Open `address` in a browser that is signed in to Entrepot, within the hour."""

    address: str


class CarrierOut(Schema):
    """A carrier as the store lists it; `code` is what a parcel names."""

    code: str = Field(alias="remote_id")
    name: str
    is_default: bool


class TestIn(Schema):
    """Which kind of channel, and what its connect form asks."""

    channel: str
    credentials: dict[str, str]


class CredentialsIn(Schema):
    credentials: dict[str, str]


class RunOut(Schema):
    id: int
    store_id: int
    kind: str
    state: str
    phase: str
    done: int
    total: int | None
    counts: dict[str, Any]
    error_code: str
    started_at: datetime
    progressed_at: datetime | None
    finished_at: datetime | None


class FindingOut(Schema):
    id: int
    code: str
    remote_id: str
    variation_key: str
    sku: str
    title: str
    facts: dict[str, Any]
    blocking: bool
    found_at: datetime
    fixes: list[str]

    @staticmethod
    def resolve_fixes(finding: Finding) -> list[str]:
        """The ways to put it right from here."""
        return [fix.key for fix in fixes_of(finding)]


class FixIn(Schema):
    """One of a finding's `fixes`. `sku`: for a thing of its own; empty = one is made up."""

    fix: str = Field(max_length=20)
    sku: str = Field(default="", max_length=255)


class ItemOut(Schema):
    id: int
    sku: str
    name: str
    kind: str
    options: list[Any]
    barcode: str
    image_url: str
    product_id: int


class ProductOut(Schema):
    id: int
    name: str
    brand: str | None = None
    is_group: bool
    image_url: str
    images: list[str]
    description: str
    attributes: list[tuple[str, str]]
    items: list[ItemOut] = []

    @staticmethod
    def resolve_brand(row: Any) -> str | None:  # noqa: ANN401 - likewise
        """The brand's name."""
        return row.brand.name if row.brand else None

    @staticmethod
    def resolve_items(row: Any) -> list[Any]:  # noqa: ANN401 - likewise
        """Its items, where they were asked for."""
        return list(getattr(row, "ordered_items", []))


class ListedProductOut(Schema):
    """A product as the list shows it."""

    id: int = Field(alias="pk")
    name: str
    brand: str | None
    is_group: bool
    image_url: str
    item_count: int
    first_sku: str


class ListingOut(Schema):
    id: int
    store_id: int
    item_id: int | None
    remote_id: str
    variation_key: str
    remote_sku: str
    title: str
    price: Decimal | None
    retail_price: Decimal | None
    currency: str
    state: str
    buffer: int | None
    maximum: int | None
    share_percent: int | None
    sent_quantity: int | None
    sent_at: datetime | None
    seen_quantity: int | None
    seen_at: datetime | None
    attempts: int
    error_code: str
    error_reason: str


class MapIn(Schema):
    """Give the listing an existing item, or make one with a new SKU (neither: with the listing's own SKU)."""

    item_id: int | None = None
    sku: str | None = Field(default=None, max_length=255)


class StockOut(Schema):
    item_id: int = Field(alias="pk")
    sku: str
    name: str
    on_hand: int
    reserved: int
    available: int
    incoming: int


class AdjustIn(Schema):
    delta: int = Field(ge=-1_000_000, le=1_000_000)
    reason: str = Field(min_length=1, max_length=300)
    warehouse_id: int | None = None


class MovementOut(Schema):
    id: int
    kind: str
    warehouse: str = Field(alias="warehouse.code")
    on_hand_delta: int
    reserved_delta: int
    on_hand_after: int
    reserved_after: int
    reference: str
    reason: str
    actor: str = Field(alias="actor_label")
    at: datetime


class OrderLineOut(Schema):
    id: int
    position: int
    item_id: int | None
    sku: str
    name: str
    options: list[Any]
    quantity: int
    canceled: int
    shipped: int
    returned: int
    unit_price: Decimal
    line_total: Decimal
    unit_tax: Decimal


class OrderTotalOut(Schema):
    code: str
    title: str
    amount: Decimal


class OrderEventOut(Schema):
    at: datetime
    actor: str = Field(alias="actor_label")
    kind: str
    from_status: str
    to_status: str
    facts: dict[str, Any]


class OrderOut(Schema):
    id: int
    store_id: int = Field(alias="sales_channel_id")
    number: str
    remote_id: str
    status: str
    hold_code: str
    placed_at: datetime
    base_currency: str
    currency: str
    rate: Decimal
    total: Decimal
    buyer_name: str
    follows: str
    origin: str
    pickup: bool
    tags: list[str]
    version: int


class OrderDetailOut(OrderOut):
    """An order with everything on its page. `moves` = what may be done next."""

    buyer_email: str
    buyer_phone: str
    shipping: dict[str, Any] | None
    billing: dict[str, Any] | None
    payment_method: str
    shipping_method: str
    comment: str
    lines: list[OrderLineOut]
    totals: list[OrderTotalOut]
    events: list[OrderEventOut]
    claims: list[ClaimOut]
    parcels: list[ParcelOut] = []
    moves: list[str] = []


class NoteIn(Schema):
    text: str = Field(min_length=1, max_length=4000)


class ReasonIn(Schema):
    reason: str = Field(default="", max_length=300)


class ProblemOut(Schema):
    id: int
    code: str
    store_id: int | None
    object_type: str
    object_id: str
    sentence: str = ""
    remedy: str = ""
    occurrences: int
    first_at: datetime
    last_at: datetime
    resolved_at: datetime | None

    @staticmethod
    def resolve_sentence(row: Any) -> str:  # noqa: ANN401 - likewise
        """What happened, in the caller's language."""
        return problem_sentence(row.code, row.fields)

    @staticmethod
    def resolve_remedy(row: Any) -> str:  # noqa: ANN401 - likewise
        """What to do about it."""
        return problem_remedy(row.code, row.fields)


class JournalOut(Schema):
    id: int
    store_id: int
    at: datetime
    incoming: bool
    method: str
    target: str
    purpose: str
    status: int | None
    milliseconds: int
    error_code: str
    error_reason: str
    about: list[str]

    @staticmethod
    def resolve_purpose(row: JournalEntry) -> str:
        return call_purpose(row)

    @staticmethod
    def resolve_error_reason(row: JournalEntry) -> str:
        return spoken(row.error_reason)


class JournalDetailOut(JournalOut):
    request: str
    answer: str
