"""The rows of any table file, one after another, as the file holds them: text, or what a spreadsheet made of it.

Row and column numbers are those a person sees in the spreadsheet, whatever stands above or beside the table.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from entrepot.sheets.errors import SheetBroken, SheetEmpty, SheetEncoding, SheetHidden, SheetTooWide
from entrepot.sheets.guard import MOST_ROWS, Looked, look

Values = Sequence[Any]
HEAD_ROWS: Final = 20
"""So many rows are looked through for the headings."""
PIECE: Final = 1 << 20
SEPARATORS: Final = (",", "\t", ";", "|")
LONGEST_CELL: Final = 200_000


@dataclass(slots=True)
class Table:
    """A table in a file. `rows()` = (row number, values) from the first row on; blank rows are left out.

    `merged` = (first row, last row, first column) of merged cells, `wrong` = addresses of cells that hold an error.
    `others` = further sheets that are shown and not read.
    """

    form: str
    sheet: str = ""
    encoding: str = ""
    total: int = 0
    others: list[str] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    source: "CalamineSheet | Path | None" = None
    separator: str = ","

    def rows(self) -> Iterator[tuple[int, Values]]:
        """Every row that holds something."""
        lines = self._csv() if isinstance(self.source, Path) else self._sheet()
        for number, values in lines:
            if any(value not in {"", None} for value in values):
                yield number, values

    def head(self) -> list[tuple[int, Values]]:
        """The first rows."""
        return list(islice(self.rows(), HEAD_ROWS))

    def _sheet(self) -> Iterator[tuple[int, Values]]:
        if isinstance(self.source, CalamineSheet):
            yield from enumerate(self.source.iter_rows(), 1)

    def _csv(self) -> Iterator[tuple[int, Values]]:
        if not isinstance(self.source, Path):
            return
        csv.field_size_limit(LONGEST_CELL)
        with self.source.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.separator)
            last = 0
            try:
                for values in reader:
                    yield last + 1, values
                    last = reader.line_num
                    if last > MOST_ROWS * 2:
                        raise SheetTooWide(field="file", reason="", rows=last, columns=len(values), most=MOST_ROWS)
            except csv.Error as error:
                raise SheetBroken(str(error), field="file", reason="") from error


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """The table of a file: of a workbook its first shown sheet that holds something.

    Raises:
        SheetTooBig, SheetEmpty, SheetBomb, SheetTooWide, SheetHasMacros, SheetEncrypted, SheetIsPage, SheetBroken,
        SheetEncoding, SheetHidden: It is not taken.
    """
    looked = look(path)
    if looked.form == "csv":
        yield _text(path)
        return
    try:
        book = CalamineWorkbook.from_path(str(path))
        table = _first(book, looked)
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise SheetBroken(str(error), field="file", reason="") from error
    try:
        yield table
    finally:
        table.source = None
        book.close()


def _first(book: CalamineWorkbook, looked: Looked) -> Table:
    shown = [(place, one.name) for place, one in enumerate(book.sheets_metadata) if _visible(one.visible)]
    if not shown:
        raise SheetHidden(field="file", reason="")
    for place, name in shown:
        sheet = book.get_sheet_by_index(place)
        if sheet.end is None:
            continue
        table = Table(looked.form, sheet=name, total=sheet.end[0] + 1, source=sheet)
        table.others = [other for _place, other in shown if other != name]
        table.wrong = looked.wrong.get(f"xl/worksheets/sheet{place + 1}.xml", set())
        for first, last in sheet.merged_cell_ranges or []:
            table.merged.append((first[0] + 1, last[0] + 1, first[1]))
        return table
    raise SheetEmpty(field="file", reason="")


def _visible(state: SheetVisibleEnum) -> bool:
    return bool(state == SheetVisibleEnum.Visible)


# --------------------------------------------------------------------------- text files


def _text(path: Path) -> Table:
    encoding, lines = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = next((line for line in file if line.strip()), "")
    return Table("csv", encoding=encoding, total=lines, source=path, separator=_separator(first))


def _encoding(path: Path) -> tuple[str, int]:
    """How the file's text is written, read through once to be sure; and how many lines it has."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        tries = ["utf-8-sig"]
    elif head.count(0) * 4 > len(head):
        tries = ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]
    else:
        tries = ["utf-8", "cp949"]
    for name in tries:
        try:
            return name, _lines(path, name)
        except UnicodeError:
            continue
    raise SheetEncoding(field="file", reason="")


def _lines(path: Path, encoding: str) -> int:
    lines = 0
    with path.open(encoding=encoding, newline="") as file:
        while piece := file.read(PIECE):
            if "\x00" in piece:
                raise UnicodeError("binary")
            lines += piece.count("\n") or piece.count("\r")
    return lines + 1


def _separator(line: str) -> str:
    """The sign that divides the first line most often, outside of quotes."""
    bare = "".join(part for place, part in enumerate(line.split('"')) if place % 2 == 0)
    return max(SEPARATORS, key=lambda sign: (bare.count(sign), -SEPARATORS.index(sign)))
