"""Workbooks about orders for people to fill: wrong rows with their reasons, and the template."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.channels.words import filled
from entrepot.sheets.orders_columns import COLUMNS, EXAMPLES, TAKEN, heading
from entrepot.sheets.orders_in import Line
from entrepot.sheets.orders_out import text_of

REASON: Final = _("What is wrong")
EXAMPLE: Final[Mapping[str, str]] = {
    "buyer_name": _("Hong Gildong"), "buyer_phone": "010-1234-5678", "postcode": "03172", "country": "KR",
    "city": _("Seoul"), "line1": _("1 Sejong-daero"), "quantity": "2", "unit_price": "12900", "sku": "SKU-1",
    "shipping_cost": "3000", "placed_at": "2026-11-22 14:30",
}  # fmt: skip
COUNTRIES: Final = ("KR", "US", "JP", "CN", "TW", "HK", "SG", "GB", "DE", "FR", "CA", "AU")
CURRENCIES: Final = ("KRW", "USD", "JPY", "CNY", "EUR", "GBP", "TWD", "HKD", "SGD")
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
FILLED_ROWS: Final = 2000


def wrong_rows(*, headings: Sequence[str], lines: Sequence[Line]) -> bytes:
    """The rows as they came, with one column more: what is wrong with each."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "#b42318", "text_wrap": True})
        reason = gettext(REASON)
        kept = [(place, word) for place, word in enumerate(headings) if word != reason]
        for column, (_place, word) in enumerate(kept):
            sheet.set_column(column, column, max(len(word) * 1.6, 12), text)
            sheet.write_string(0, column, word, bold)
        sheet.set_column(len(kept), len(kept), 70)
        sheet.write_string(0, len(kept), reason, bold)
        sheet.freeze_panes(1, 0)
        for row, line in enumerate(lines, 1):
            for column, (place, _word) in enumerate(kept):
                if place < len(line.cells) and (value := line.cells[place]) not in {"", None}:
                    _put(sheet, row, column, value, text)
            sheet.write_string(row, len(kept), "\n".join(said(one) for one in line.wrong), red)
    return out.getvalue()


def _put(sheet: Any, row: int, column: int, value: object, text: Any) -> None:  # noqa: ANN401 - XlsxWriter has no types
    """A cell as it came: a figure stays one, so that the reason given for it still fits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, text_of(value) if hasattr(value, "strftime") else str(value), text)  # type: ignore[arg-type] # a cell's value


def said(one: Sequence[Any]) -> str:
    """One reason in the reader's language."""
    sentence, words = one
    return filled(sentence, words)


def template(*, stores: Sequence[str], skus: Sequence[str]) -> bytes:
    """An empty workbook: required columns marked, drop-downs, one example that is passed over, and a sheet of help."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet(gettext("Orders"))
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "needed": book.add_format({"bold": True, "bg_color": "#d8f3dc", "num_format": "@"}),
            "head": book.add_format({"bold": True, "bg_color": "#eef1f5", "num_format": "@"}),
            "example": book.add_format({"italic": True, "font_color": "#667085", "num_format": "@"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        lists = {"store": stores, "country": COUNTRIES, "currency": CURRENCIES}
        example = {**EXAMPLE, "store": stores[0] if stores else "", "sku": skus[0] if skus else EXAMPLE["sku"]}
        example["number"] = EXAMPLES[1] if gettext("Help") != "Help" else EXAMPLES[0]
        for place, column in enumerate(TAKEN):
            sheet.set_column(place, place, column.width, formats["text"])
            mark, look = (" *", "needed") if column.needed else ("", "head")
            sheet.write_string(0, place, heading(column) + mark, formats[look])
            if value := example.get(column.key, ""):
                sheet.write_string(1, place, gettext(value), formats["example"])
            if options := lists.get(column.key):
                rule = {"validate": "list", "source": list(options)[:20], "error_type": "warning"}
                sheet.data_validation(1, place, FILLED_ROWS, place, rule)
        sheet.freeze_panes(1, 0)
        _help(book, formats)
    return out.getvalue()


def _help(book: Any, formats: Mapping[str, Any]) -> None:  # noqa: ANN401 - XlsxWriter has no types
    sheet = book.add_worksheet(gettext("Help"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 90)
    rows = [
        (gettext("How it works"), "", gettext(
            "Fill the first sheet, one row for each line of an order. Several lines of one order have the same order"
            " number. The order of the columns does not matter, and columns you do not need may be deleted. Upload the"
            " file and look at what would become of it; nothing is taken in before you say so."
        )),
        (gettext("Column"), gettext("Needed"), gettext("What to write")),
    ]  # fmt: skip
    rows += [
        (heading(column), gettext("yes") if column.needed else "", gettext(column.hint) if column.hint else "")
        for column in COLUMNS.values()
        if column.taken
    ]
    for row, words in enumerate(rows):
        for place, word in enumerate(words):
            sheet.write_string(row, place, word, formats["head"] if row == 1 else formats["wrap"])
