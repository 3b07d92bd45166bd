"""What is printed, as plain facts: whoever calls has asked the books; nothing here knows them.

Texts are data, never markup. Dates are the warehouse's own days. Amounts are exact and shown as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from entrepot.kernel import phones, postal
from entrepot.kernel.money import ZERO_DECIMAL_CURRENCIES, Money


class Freight(StrEnum):
    """Who pays the carrier, where it must be said."""

    UNSAID = ""
    PREPAID = "prepaid"
    COLLECT = "collect"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """`address` in the order in which its country writes it, without the postcode. `code`: its country, ISO 3166.

    `country` is its name as it is printed: empty inside the sender's own country. `block`: the address with its
    postcode, where it is known line by line; else the postcode is put where the country has it.
    """

    name: str
    address: Sequence[str]
    postcode: str = ""
    phone: str = ""
    company: str = ""
    country: str = ""
    code: str = ""
    block: Sequence[str] = ()

    @property
    def land(self) -> str:
        """The country whose customs its address and telephone follow."""
        return postal.country_of(self.code, self.address)

    @property
    def telephone(self) -> str:
        """The number as it is read where the parcel is sent from."""
        return phones.shown(self.phone, country=self.land, home="-" if self.country and self.code else "KR")

    def lines(self) -> Sequence[str]:
        """The address with its postcode."""
        return self.block or postal.with_postcode(self.address, self.postcode, self.land)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedLine:
    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFacts:
    """One parcel. Its barcode says the tracking number, or the order's number while there is none.

    The QR code says `qr`, or else the order's number. A text Code 128 cannot hold, or not in this width, is left to
    the QR code and the printed line. `weight`: grams.
    """

    sender: Party
    receiver: Party
    order_number: str
    carrier: str = ""
    service: str = ""
    tracking_number: str = ""
    lines: Sequence[PackedLine] = ()
    weight: int | None = None
    piece: int = 1
    pieces: int = 1
    routing_code: str = ""
    message: str = ""
    freight: Freight = Freight.UNSAID
    cash_on_delivery: Money | None = None
    shipped_on: date | None = None
    qr: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.piece <= self.pieces:
            raise ValueError(f"parcel {self.piece} of {self.pieces}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PickLine:
    """`place`: where to go, as it is written on the shelf; `orders`: for whom (order numbers, totes)."""

    place: str
    sku: str
    name: str
    quantity: int
    zone: str = ""
    barcode: str = ""
    orders: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PickListFacts:
    """Lines are walked by zone and place, numbers in them counted as numbers (A-2 before A-10)."""

    number: str
    made_on: date
    warehouse: str
    lines: Sequence[PickLine]
    picker: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """`ordered` units, of which `packed` lie in this parcel and `to_follow` come later."""

    sku: str
    name: str
    ordered: int
    packed: int
    to_follow: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingSlipFacts:
    """What lies in a parcel, without prices: it may be a present."""

    order_number: str
    ordered_on: date
    store: str
    sender: Party
    receiver: Party
    lines: Sequence[SlipLine]
    carrier: str = ""
    tracking_number: str = ""
    piece: int = 1
    pieces: int = 1
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A party as an invoice names it."""

    party: Party
    tax_id: str = ""
    representative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """Goods, shipping or a discount of the whole order. `net` and `tax` are exact to the currency's smallest coin.

    `tax_rate` in percent, None where no rate is known. `unit_price` and `discount` are shown as the store states them.
    """

    name: str
    net: Decimal
    tax: Decimal = Decimal(0)
    tax_rate: Decimal | None = None
    sku: str = ""
    quantity: int | None = None
    unit_price: Decimal | None = None
    discount: Decimal = Decimal(0)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """All totals are sums of the lines, so that a total nobody can add up cannot be printed.

    Raises:
        ValueError: An amount is finer than the currency's smallest coin, so the sums could not be paid.
    """

    number: str
    issued_on: date
    order_number: str
    seller: Business
    buyer: Business
    currency: str
    lines: Sequence[InvoiceLine]
    paid: Decimal = Decimal(0)
    payment_method: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        places = 0 if self.currency in ZERO_DECIMAL_CURRENCIES else 3 if self.currency in THREE_PLACES else 2
        for amount in [self.paid, *(part for line in self.lines for part in (line.net, line.tax))]:
            if amount != round(amount, places):
                raise ValueError(f"{amount} is finer than the smallest coin of {self.currency}")

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    @property
    def due(self) -> Decimal:
        return self.total - self.paid

    def taxes(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """`(rate, net, tax)` of each known rate, lowest first."""
        found: dict[Decimal, tuple[Decimal, Decimal]] = {}
        for line in self.lines:
            if line.tax_rate is not None:
                net, tax = found.get(line.tax_rate, (Decimal(0), Decimal(0)))
                found[line.tax_rate] = (net + line.net, tax + line.tax)
        return [(rate, net, tax) for rate, (net, tax) in sorted(found.items())]


THREE_PLACES = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies with a thousandth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRow:
    """A parcel. `weight`: grams."""

    tracking_number: str
    order_number: str
    receiver: str
    destination: str = ""
    weight: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFacts:
    """What one carrier takes along in one visit, to be signed for."""

    number: str
    handed_over_on: date
    carrier: str
    sender: Party
    rows: Sequence[ManifestRow]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLabelFacts:
    """A bin or a tote: its code, as the scanner reads it, and where it belongs."""

    code: str
    detail: str = ""
