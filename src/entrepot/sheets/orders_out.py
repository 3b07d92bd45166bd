"""Orders as a workbook or csv, one row for each line or for each order, written batch by batch.

Ids, phones, SKUs and tracking numbers are text cells, so no spreadsheet makes figures of them; nothing that begins like
a formula is one.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import xlsxwriter
from django.db.models import Prefetch
from django.utils.translation import override

from entrepot.channels.live import announce
from entrepot.channels.services.bulk.asker import Asker
from entrepot.channels.services.bulk.deeds import DEEDS
from entrepot.fulfilment.models import Shipment
from entrepot.kernel import money
from entrepot.kernel.errors import Forbidden
from entrepot.kernel.money import Money
from entrepot.orders.models import Bulk, BulkItem, Order, OrderLine, OrderNote, OrderTotal, Status
from entrepot.orders.services.bulk import begin_anew, keep_file, mark_done, mark_item, waiting_items
from entrepot.sheets import tables
from entrepot.sheets.orders_columns import COLUMNS, USUAL, Column, heading

AT_ONCE: Final = 500
SHEET_ROWS: Final = 1_000_000
"""A sheet holds 1,048,576 rows; what is more goes on the next one."""
EXACT_DIGITS: Final = 15
"""A spreadsheet's figures have no more; longer amounts are written as text."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: Final = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "cp949": "text/csv; charset=cp949"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export looks like: its columns, a row for each line or each order, and the reader's clock."""

    columns: Sequence[Column]
    per_line: bool
    form: str
    language: str
    zone: ZoneInfo


def wanted_of(facts: Mapping[str, Any]) -> Wanted:
    """What was asked for; unknown words are passed over."""
    keys = [key for key in facts.get("columns", ()) if key in COLUMNS] or list(USUAL)
    per_line = facts.get("per") != "order"
    columns = [column for key, column in COLUMNS.items() if key in keys and (per_line or not column.of_line)]
    form = str(facts.get("form", "xlsx"))
    return Wanted(
        columns,
        per_line,
        form if form in FORMS else "xlsx",
        "ko" if facts.get("language") == "ko" else "en",
        ZoneInfo(str(facts.get("zone") or "UTC")),
    )


def make_export(bulk: Bulk, asker: Asker) -> None:
    """Write a deed's orders into one file. A worker that died has left none, so it is begun again."""
    begin_anew(bulk=bulk)
    wanted = wanted_of(bulk.facts)
    with override(wanted.language), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders"
        with _writer(path, wanted) as write:
            while items := waiting_items(bulk, limit=AT_ONCE):
                _batch(bulk, asker, items, wanted, write)
        bulk.refresh_from_db(fields=["state"])
        if bulk.state == Bulk.State.RUNNING:
            name = f"orders-{bulk.pk}.{'xlsx' if wanted.form == 'xlsx' else 'csv'}"
            keep_file(bulk=bulk, name=name, kind=FORMS[wanted.form], content=path.read_bytes())


def _batch(bulk: Bulk, asker: Asker, items: Sequence[BulkItem], wanted: Wanted, write: "Write") -> None:
    ids = [item.order_id for item in items]
    fine = asker.allowed(DEEDS["export"].action, seller_id=bulk.seller_id, order_ids=ids)
    for row in rows_of(seller_id=bulk.seller_id, order_ids=[one for one in ids if one in fine], wanted=wanted):
        write(row)
    for item in items:
        if item.order_id not in fine:
            mark_item(item=item, state=BulkItem.State.REFUSED, error=Forbidden())
    mark_done(items=items)
    announce(bulk.seller_id, f"bulk:{bulk.pk}")


# --------------------------------------------------------------------------- rows

Value = str | int | Money | datetime | None


def rows_of(*, seller_id: int, order_ids: Sequence[int], wanted: Wanted) -> Iterator[list[Value]]:
    """The rows of these orders, in the order of the ids, at the cost of a few questions."""
    keys = {column.key for column in wanted.columns}
    rows = Order.objects.filter(seller_id=seller_id, pk__in=order_ids).select_related("sales_channel")
    orders = rows.prefetch_related(*_beside(keys, per_line=wanted.per_line)).in_bulk()
    parcels: dict[int, list[Shipment]] = {}
    sent = Shipment.objects.filter(seller_id=seller_id, order_id__in=order_ids).exclude(state=Shipment.State.VOID)
    for parcel in sent.order_by("id") if keys & {"carrier", "tracking"} else ():
        parcels.setdefault(parcel.order_id, []).append(parcel)
    for order in (orders[order_id] for order_id in order_ids if order_id in orders):
        head = _of_order(order, parcels.get(order.pk, []), keys)
        for line in order.lines.all() if wanted.per_line else [None]:
            values = head | (_of_line(line, order.base_currency) if line else {})
            yield [_local(values.get(column.key), wanted.zone) for column in wanted.columns]


def _local(value: Value, zone: ZoneInfo) -> Value:
    return value.astimezone(zone).replace(tzinfo=None, microsecond=0) if isinstance(value, datetime) else value


def _beside(keys: set[str], *, per_line: bool) -> Iterator["Prefetch[str]"]:
    """What is read beside the orders: only what a chosen column shows."""
    if per_line:
        yield Prefetch("lines", queryset=OrderLine.objects.select_related("item").order_by("position"))
    if "shipping_cost" in keys:
        yield Prefetch("totals", queryset=OrderTotal.objects.order_by("position"))
    if "note" in keys:
        yield Prefetch("notes", queryset=OrderNote.objects.order_by("id"))


def _of_order(order: Order, parcels: Sequence[Shipment], keys: set[str]) -> dict[str, Value]:
    to = {key: str(value or "") for key, value in (order.shipping or {}).items()}
    carriers = [parcel.carrier_name or parcel.carrier for parcel in parcels]
    return {
        "number": order.number,
        "store": order.sales_channel.name,
        "origin": order.origin,
        "status": str(_STATUSES[order.status]),
        "hold": order.hold_code,
        "placed_at": order.placed_at,
        "buyer_name": order.buyer_name,
        "buyer_email": order.buyer_email,
        "buyer_phone": order.buyer_phone,
        "receiver": to.get("name", ""),
        "receiver_phone": to.get("phone", ""),
        "country": to.get("country_code", ""),
        **{name: to.get(name, "") for name in ("postcode", "region", "city", "line1", "line2")},
        "payment_method": order.payment_method,
        "shipping_method": order.shipping_method,
        "shipping_cost": _shipping_cost(order) if "shipping_cost" in keys else None,
        "comment": order.comment,
        "tags": ", ".join(order.tags),
        "note": "\n".join(note.text for note in order.notes.all()) if "note" in keys else None,
        "currency": order.base_currency,
        "total": Money(order.total, order.base_currency),
        "carrier": ", ".join(dict.fromkeys(name for name in carriers if name)),
        "tracking": ", ".join(parcel.tracking_number for parcel in parcels if parcel.tracking_number),
    }


_STATUSES: Final = dict(Status.choices)


def _shipping_cost(order: Order) -> Money:
    parts = (row.amount for row in order.totals.all() if row.code == "shipping")
    return Money(sum(parts, Decimal(0)), order.base_currency)


def _of_line(line: OrderLine, currency: str) -> dict[str, Value]:
    return {
        "sku": line.item.sku if line.item else line.sku,
        "name": line.name,
        "options": ", ".join(_choice(option) for option in line.options),
        "quantity": line.quantity,
        "canceled": line.canceled,
        "shipped": line.shipped,
        "unit_price": Money(line.unit_price, currency),
        "unit_tax": Money(line.unit_tax, currency),
        "line_total": Money(line.line_total, currency),
    }


def _choice(option: object) -> str:
    if isinstance(option, dict):
        return f"{option.get('name', '')}: {option.get('value', '')}"
    return ": ".join(str(part) for part in option) if isinstance(option, list | tuple) else str(option)


# --------------------------------------------------------------------------- files


class Write(Protocol):
    """Writes one row."""

    def __call__(self, row: Sequence[Value], /) -> None: ...


@contextmanager
def _writer(path: Path, wanted: Wanted) -> Iterator[Write]:
    with (_xlsx if wanted.form == "xlsx" else _csv)(path, wanted) as write:
        yield write


@contextmanager
def _csv(path: Path, wanted: Wanted) -> Iterator[Write]:
    encoding = "cp949" if wanted.form == "cp949" else "utf-8-sig"
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([heading(column) for column in wanted.columns])
        yield lambda row: writer.writerow([tables.harmless(text_of(value)) for value in row])


def text_of(value: Value) -> str:
    """A value as a cell of text; amounts exactly as they are kept, without zeros behind."""
    match value:
        case None:
            return ""
        case Money():
            return money.plain(value.amount)
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case _:
            return str(value)


@contextmanager
def _xlsx(path: Path, wanted: Wanted) -> Iterator[Write]:
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
               "strings_to_urls": False, "tmpdir": str(path.parent)}  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "whole": book.add_format({"num_format": "0"}),
            "amount": book.add_format({"num_format": "#,##0.00##"}),
            "coins": book.add_format({"num_format": "#,##0"}),
            "thousandths": book.add_format({"num_format": "#,##0.000#"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        put = [_put_into(column, formats) for column in wanted.columns]
        place = SHEET_ROWS
        sheet: Any = None

        def write(row: Sequence[Value]) -> None:
            nonlocal place, sheet
            if place >= SHEET_ROWS:
                sheet, place = _sheet(book, wanted), 0
            place += 1
            for column, value in enumerate(row):
                if value is not None and value != "":
                    put[column](sheet, place, column, value)

        yield write
        if sheet is None:
            _sheet(book, wanted)


def _sheet(book: Any, wanted: Wanted) -> Any:  # noqa: ANN401 - XlsxWriter has no types
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "num_format": "@"})
    for place, column in enumerate(wanted.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, heading(column), bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _put_into(column: Column, formats: Mapping[str, Any]) -> Callable[[Any, int, int, Value], None]:
    form, text = formats[column.kind], formats["text"]
    by_places = {0: formats["coins"], 3: formats["thousandths"]}

    def put(sheet: Any, row: int, place: int, value: Value) -> None:  # noqa: ANN401 - XlsxWriter has no types
        match value:
            case datetime():
                sheet.write_datetime(row, place, value, form)
            case Money(amount, currency) if len(amount.normalize().as_tuple().digits) <= EXACT_DIGITS:
                places = -int(money.coin_of(currency).as_tuple().exponent)
                sheet.write_number(row, place, float(amount), by_places.get(places, form))
            case int():
                sheet.write_number(row, place, value, form)
            case _:
                sheet.write_string(row, place, text_of(value)[:32_000], text)

    return put
