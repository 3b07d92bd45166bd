"""Tables as files: xls, xlsx and csv in, xlsx and csv out. Every cell is text; nothing is guessed.

A spreadsheet turns long numbers into figures of its own (1.23E+11) and drops zeros in front; what reads as a figure is
told as such (`Cell.figure`), so that a tracking number can be refused instead of repaired.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from entrepot.kernel.errors import Invalid

ENCODINGS: Final = ("utf-8-sig", "cp949")
"""CSV files of Korean programs are one or the other; UTF-8 is tried first, for it cannot be mistaken."""
_PHONE: Final = re.compile(r"[+-]?[\d\s()-]+")
MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 20_000_000
ROUND_FROM: Final = 10**15
"""From here on a spreadsheet's figures have lost their last digits."""


class SheetUnreadable(Invalid):
    """The file is no table of a known kind."""

    code = "sheet_unreadable"
    message = (
        "This file cannot be read as a table. Use xlsx, xls or csv (UTF-8 or CP949) with one heading for each column."
    )


class SheetTooLong(Invalid):
    """More rows than are taken at once."""

    code = "sheet_too_long"
    message = "The file has more than {most} rows. Divide it into several files."


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text. `figure` = the file holds a number there, so zeros in front and digits behind may be lost."""

    text: str
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the file (the heading is row 1)."""

    number: int
    cells: Mapping[str, Cell]

    def get(self, heading: str) -> Cell:
        """The cell under a heading; an empty one where there is none."""
        return self.cells.get(heading, Cell(""))


def read(content: bytes, *, name: str) -> list[Row]:  # house: verb-signature reads a file, writes nothing
    """The rows under the first row with more than one heading; empty rows are left out.

    Raises:
        SheetUnreadable: It is no table.
        SheetTooLong: It has too many rows.
    """
    if len(content) > MOST_BYTES:
        raise SheetTooLong(field="file", most=MOST_ROWS)
    table = _csv(content) if name.lower().endswith((".csv", ".txt")) else _workbook(content)
    start = next((place for place, row in enumerate(table) if sum(bool(cell.text) for cell in row) > 1), None)
    if start is None:
        raise SheetUnreadable(field="file")
    headings = [cell.text for cell in table[start]]
    rows = [
        Row(number, dict(zip(headings, row, strict=False)))
        for number, row in enumerate(table[start + 1 :], start + 2)
        if any(cell.text for cell in row)
    ]
    if len(rows) > MOST_ROWS:
        raise SheetTooLong(field="file", most=MOST_ROWS)
    return rows


def _workbook(content: bytes) -> list[list[Cell]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python()
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise SheetUnreadable(field="file") from error
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> Cell:
    match value:
        case bool():
            return Cell(str(value))
        case int():
            return Cell(str(value), figure=True)
        case float():
            whole = value.is_integer() and abs(value) < ROUND_FROM
            return Cell(str(int(value)) if whole else f"{value:.6G}", figure=True)
        case _:
            return Cell(str(value).strip())


def _csv(content: bytes) -> list[list[Cell]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        divider = "\t" if "\t" in text.split("\n", 1)[0] else ","
        try:
            return [[Cell(_bare(cell)) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=divider)]
        except csv.Error as error:
            raise SheetUnreadable(field="file") from error
    raise SheetUnreadable(field="file")


def _bare(cell: str) -> str:
    """Without blanks, and without the ="…" by which a csv keeps a number as text."""
    text = cell.strip()
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def xlsx(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook whose every cell is text, so that no spreadsheet turns a number into a figure or a formula."""
    file = io.BytesIO()
    words = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, words) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
            sheet.set_column(column, column, max(len(heading) * 2, 12), text)
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                sheet.write_string(place, column, value, text)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def csv_file(headings: Sequence[str], rows: Sequence[Sequence[str]], *, encoding: str = "utf-8-sig") -> bytes:
    """A csv file; what `encoding` cannot write becomes "?". A cell that a spreadsheet would compute is kept as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([[harmless(value) for value in row] for row in rows])
    return out.getvalue().encode(encoding, errors="replace")


def harmless(value: str) -> str:
    """A text that no spreadsheet computes: what begins like a formula, and is no phone number, begins with '."""
    computed = value[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _PHONE.fullmatch(value)
    return f"'{value}" if computed else value
