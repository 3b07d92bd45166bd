"""Orders of the Offline store from a file: every row is looked at before one is taken, and whole orders go or stay.

Rows with the same number are lines of one order. An order with a wrong row is left out with all of its rows.
"""

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop as _

from entrepot.catalog.queries import ids_by_sku, nearest_skus
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.orders.models import Order, SalesChannel
from entrepot.orders.queries import offline_channels
from entrepot.sheets import cells
from entrepot.sheets.cells import CellWrong
from entrepot.sheets.errors import HeadingsMissing, HeadingsUnknown
from entrepot.sheets.orders_columns import COLUMNS, EXAMPLES, TAKEN, by_heading, heading, plain
from entrepot.sheets.reading import Table, opened

Said = tuple[str, Mapping[str, object]]
"""An English sentence with {fields}, and the words for them."""
MOST_LINES: Final = 50_000
MISSING: Final = _("{column} is missing.")
COLUMN_WRONG: Final = _("{column}: {reason}")
UNKNOWN_SKU: Final = _("You have no item with the SKU “{sku}”.")
UNKNOWN_SKU_NEAR: Final = _("You have no item with the SKU “{sku}”. Did you mean {near}?")
NOT_OFFLINE: Final = _("“{store}” is none of your Offline stores: {known}.")
NOT_E_MAIL: Final = _("“{text}” is no e-mail address.")
NOT_COUNTRY: Final = _("“{text}” is no country. Write its two letters, such as KR or US.")
NOT_MOMENT: Final = _("“{text}” is no date. Write it as 2026-11-22 or 2026-11-22 14:30.")
FIGURE: Final = _(
    "It is a figure in the file, so zeros in front may be lost. Format the column as text and write it again."
)
DIFFERS: Final = _("{column} differs from row {row}, which belongs to the same order.")
OTHER_ROW: Final = _("Row {row} of the same order is wrong, so the whole order is left out.")
STORE_UNCLEAR: Final = _("Order {number} stands in several stores in this file. Name the store in each of its rows.")
TOO_MANY: Final = _("The file has more than {most} rows. Divide it into several files.")


@dataclass(slots=True)
class Line:
    """One row that was read: its values by column, and what is wrong with it."""

    row: int
    cells: Sequence[Any]
    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class Looked:
    """What a file would do. `orders` = (channel, order) to be placed, `same` = numbers that are there already."""

    headings: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    orders: list[tuple[int | None, ManualOrder]] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    bad: list[Line] = field(default_factory=list)
    rows: int = 0


def looked_through(
    *, seller_id: int, content: bytes, name: str, zone: ZoneInfo, channel_ids: Sequence[int] | None = None
) -> Looked:
    """Read a file and judge each of its rows; nothing is written.

    Raises:
        SheetBroken and its like: The file is no table that may be opened.
        HeadingsUnknown, HeadingsMissing: It has no row of headings, or lacks a column.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"orders{Path(name).suffix.lower()[:6]}"
        path.write_bytes(content)
        with opened(path) as table:
            return _judge(table, _Books(seller_id, zone, channel_ids))


def _judge(table: Table, books: "_Books") -> Looked:
    first, places = _headings(table)
    found = Looked(rows=0)
    found.headings = [str(value or "").strip() for value in first[1]]
    found.unused = [word for place, word in enumerate(found.headings) if word and place not in places]
    lines: list[Line] = []
    for line in _lines(table, first[0], places, books):
        found.rows += 1
        if found.rows > MOST_LINES:  # nothing is taken: rows of any order may follow
            line.wrong = [(TOO_MANY, {"most": MOST_LINES})]
            found.bad.append(line)
            return found
        lines.append(line)
    groups = _grouped(lines)
    books.learn(groups)
    for group in groups.values():
        _order(group, books, found)
    found.bad.sort(key=lambda line: line.row)
    return found


def _grouped(lines: Sequence[Line]) -> dict[tuple[str, str], list[Line]]:
    """The rows of each order, `{(store, number): rows}`; the store need stand in one of them only."""
    named: dict[str, set[str]] = {}
    for line in lines:
        if store := str(line.values.get("store", "")).casefold():
            named.setdefault(_number(line), set()).add(store)
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        number = _number(line)
        store = str(line.values.get("store", "")).casefold()
        others = named.get(number, set())
        if not store and len(others) > 1:
            line.wrong.append((STORE_UNCLEAR, {"number": number}))
        groups.setdefault((store or min(others, default=""), number), []).append(line)
    _leave_out(groups, named)
    return groups


def _number(line: Line) -> str:
    return str(line.values.get("number") or f"?{line.row}")


def _leave_out(groups: Mapping[tuple[str, str], Sequence[Line]], named: Mapping[str, Collection[str]]) -> None:
    """A row that may be of any of several orders is missing from each of them."""
    for number in (number for number, stores in named.items() if len(stores) > 1):
        rows = [line for store in named[number] for line in groups[store, number]]
        unclear = next((line for line in rows if not line.values.get("store")), None)
        if unclear is None:
            continue
        for line in rows:
            line.wrong = line.wrong or [(OTHER_ROW, {"row": unclear.row})]


def _headings(table: Table) -> tuple[tuple[int, Sequence[Any]], dict[int, str]]:
    """The row of headings, and which column stands where."""
    known = by_heading()
    best: tuple[int, Sequence[Any]] | None = None
    places: dict[int, str] = {}
    for number, values in table.head():
        here: dict[int, str] = {}
        for place, value in enumerate(values):
            key = known.get(plain(value)) if isinstance(value, str) else None
            if key and key not in here.values():
                here[place] = key
        if len(here) > len(places):
            best, places = (number, values), here
    needed = [heading(column) for column in TAKEN if column.needed]
    if best is None or len(places) < 2:
        raise HeadingsUnknown(field="file", reason="", wanted=", ".join(needed))
    lacking = [heading(column) for column in TAKEN if column.needed and column.key not in places.values()]
    if lacking:
        raise HeadingsMissing(field="file", reason="", wanted=", ".join(lacking))
    return best, places


def _lines(table: Table, head: int, places: Mapping[int, str], books: "_Books") -> Iterator[Line]:
    for number, values in table.rows():
        if number <= head:
            continue
        line = Line(number, values)
        for place, key in places.items():
            raw = values[place] if place < len(values) else None
            if raw is None or raw == "":
                continue
            try:
                line.values[key] = books.read(key, _kept_as_text(raw) if table.form != "csv" else raw)
            except CellWrong as wrong:
                words = {"column": COLUMNS[key].heading, "reason_msgid": wrong.sentence, **wrong.fields}
                line.wrong.append((COLUMN_WRONG, words))
        if line.values.get("number") not in EXAMPLES:
            yield line


# --------------------------------------------------------------------------- cells


def _kept_as_text(raw: object) -> object:
    """A text cell of a workbook that begins with = is a text: a formula would have come as what it computes."""
    return f"'{raw}" if isinstance(raw, str) and raw.startswith("=") and not raw.startswith('="') else raw


def _moment(raw: object, zone: ZoneInfo) -> datetime:
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=zone)
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day, tzinfo=zone)
    text = cells.plain(raw)
    plainer = text.replace("/", "-").replace(".", "-") if ":" not in text else text.replace("/", "-")
    try:
        read = datetime.fromisoformat(plainer.rstrip("-"))
    except ValueError:
        raise CellWrong(NOT_MOMENT, text=text) from None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _phone(raw: object) -> str:
    if isinstance(raw, int | float):
        raise CellWrong(FIGURE)
    return str(cells.text_of(60)(raw))


def _postcode(raw: object) -> str:
    """A figure of five digits has lost nothing; a shorter one may have."""
    text = str(cells.text_of(20)(raw))
    if isinstance(raw, int | float) and len(text) != 5:
        raise CellWrong(FIGURE)
    return text


def _e_mail(raw: object) -> str:
    text = str(cells.text_of(254)(raw))
    try:
        validate_email(text)
    except ValidationError:
        raise CellWrong(NOT_E_MAIL, text=text) from None
    return text


def _country(raw: object) -> str:
    text = cells.plain(raw).upper()
    if len(text) != 2 or not text.isascii() or not text.isalpha():
        raise CellWrong(NOT_COUNTRY, text=text[:40])
    return text


class _Books:
    """What rows are held against: the seller's Offline stores, items and the numbers that are there."""

    def __init__(self, seller_id: int, zone: ZoneInfo, channel_ids: Sequence[int] | None) -> None:
        self.seller_id, self._zone = seller_id, zone
        self.channels: list[SalesChannel] = list(offline_channels(seller_id=seller_id, channel_ids=channel_ids))
        self.items: dict[str, int] = {}
        self.near: dict[str, list[str]] = {}
        self.there: dict[int, set[str]] = {}
        self._readers: dict[str, Any] = {**_READERS, "placed_at": lambda raw: _moment(raw, zone)}

    def read(self, key: str, raw: object) -> Any:  # noqa: ANN401 - a value of the column's kind
        """A cell's value."""
        return self._readers[key](raw)

    def learn(self, groups: Mapping[tuple[str, str], Sequence[Line]]) -> None:
        """Ask for all items and numbers of the file at once."""
        lines = [line for group in groups.values() for line in group]
        skus = {line.values["sku"] for line in lines if line.values.get("sku")}
        self.items = ids_by_sku(seller_id=self.seller_id, skus=skus)
        self.near = nearest_skus(seller_id=self.seller_id, skus=sorted(skus - self.items.keys()))
        numbers = [number for _store, number in groups]
        rows = Order.objects.filter(seller_id=self.seller_id, sales_channel__in=self.channels, number__in=numbers)
        for channel_id, number in rows.values_list("sales_channel_id", "number"):
            self.there.setdefault(channel_id, set()).add(number)

    def channel(self, name: str) -> SalesChannel | None:
        """The Offline store of this name; the first one without a name.

        Raises:
            CellWrong: There is none of this name.
        """
        if not name:
            return self.channels[0] if self.channels else None
        for row in self.channels:
            if row.name.casefold() == name.casefold():
                return row
        raise CellWrong(NOT_OFFLINE, store=name, known=", ".join(row.name for row in self.channels) or "–")


_AMOUNT: Final = cells.amount(places=4)
_READERS: Final[Mapping[str, Any]] = {
    "number": cells.code_of(80),
    "store": cells.text_of(80),
    "buyer_name": cells.text_of(200),
    "buyer_email": _e_mail,
    "buyer_phone": _phone,
    "receiver": cells.text_of(200),
    "receiver_phone": _phone,
    "country": _country,
    "postcode": _postcode,
    "region": cells.text_of(120),
    "city": cells.text_of(120),
    "line1": cells.text_of(200),
    "line2": cells.text_of(200),
    "payment_method": cells.text_of(200),
    "shipping_method": cells.text_of(200),
    "shipping_cost": _AMOUNT,
    "comment": cells.text_of(5000),
    "tags": cells.text_of(500),
    "note": cells.text_of(5000),
    "currency": cells.currency,
    "sku": cells.code_of(255),
    "quantity": cells.whole(least=1, most=1_000_000),
    "unit_price": _AMOUNT,
    "unit_tax": _AMOUNT,
}


# --------------------------------------------------------------------------- orders


def _order(lines: Sequence[Line], books: _Books, found: Looked) -> None:
    """Judge the rows of one order together."""
    told = _head(lines)
    channel = None
    try:
        channel = books.channel(str(told.get("store", "")))
    except CellWrong as wrong:
        lines[0].wrong.append((wrong.sentence, wrong.fields))
    if not any(line.wrong for line in lines) and channel and told["number"] in books.there.get(channel.pk, ()):
        found.same.append(told["number"])
        return
    for line in lines:
        _check_line(line, books)
    if not told.get("buyer_name"):
        lines[0].wrong.append((MISSING, {"column": COLUMNS["buyer_name"].heading}))
    first_wrong = next((line for line in lines if line.wrong), None)
    if first_wrong is not None:
        for line in lines:
            line.wrong = line.wrong or [(OTHER_ROW, {"row": first_wrong.row})]
        found.bad += lines
        return
    currency = told.get("currency") or (channel.currency if channel else "") or "USD"
    found.orders.append((channel.pk if channel else None, _manual(lines, told, currency, books)))


def _head(lines: Sequence[Line]) -> dict[str, Any]:
    """What is said of the order itself, in whichever of its rows; two rows must not say two things."""
    told: dict[str, Any] = {}
    said_in: dict[str, int] = {}
    for line in lines:
        for key, value in line.values.items():
            if COLUMNS[key].of_line:
                continue
            if key in told and told[key] != value:
                line.wrong.append((DIFFERS, {"column": COLUMNS[key].heading, "row": said_in[key]}))
            told.setdefault(key, value)
            said_in.setdefault(key, line.row)
    return told


def _check_line(line: Line, books: _Books) -> None:
    said = {str(words.get("column")) for _sentence, words in line.wrong}
    for key in ("number", "sku", "quantity", "unit_price"):
        column = COLUMNS[key].heading
        if line.values.get(key) in {None, ""} and column not in said:
            line.wrong.append((MISSING, {"column": column}))
    sku = line.values.get("sku")
    if sku and sku not in books.items:
        near = ", ".join(books.near.get(sku, ()))
        line.wrong.append((UNKNOWN_SKU_NEAR, {"sku": sku, "near": near}) if near else (UNKNOWN_SKU, {"sku": sku}))


def _manual(lines: Sequence[Line], told: Mapping[str, Any], currency: str, books: _Books) -> ManualOrder:
    address = {key: str(told.get(key, "")) for key in ("line1", "line2", "city", "region", "postcode")}
    receiver, phone = told.get("receiver"), told.get("receiver_phone")
    shipping = None
    if any(address.values()) or receiver:
        shipping = {
            "name": receiver or told["buyer_name"], "company": "", **address, "country": "",
            "country_code": str(told.get("country", "")), "phone": phone or told.get("buyer_phone", ""),
        }  # fmt: skip
    return ManualOrder(
        key=told["number"],
        number=told["number"],
        currency=currency,
        lines=[
            ManualLine(
                item_id=books.items[line.values["sku"]],
                quantity=line.values["quantity"],
                unit_price=line.values["unit_price"],
                unit_tax=line.values.get("unit_tax", Decimal(0)),
            )
            for line in lines
        ],
        shipping=shipping,
        billing=shipping,
        shipping_cost=told.get("shipping_cost", Decimal(0)),
        placed_at=told.get("placed_at"),
        tags=[tag for word in str(told.get("tags", "")).split(",") if (tag := word.strip()[:40])],
        note=str(told.get("note", "")),
        **{name: str(told.get(name, "")) for name in _WORDS},
    )


_WORDS: Final = ("buyer_name", "buyer_email", "buyer_phone", "payment_method", "shipping_method", "comment")
