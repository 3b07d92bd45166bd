"""Workbooks written row by row, in seconds and without memory. Every text is a text, never a formula.

XlsxWriter needs 13 s for 100,000 rows × 20 columns; this writes the same in 4, for it knows one kind of table only:
a heading, rows of texts and figures, widths, a frozen heading, drop-downs and hidden lists.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Final

TEXT, FIGURE, HEAD, NEEDED, WRONG, REASON, EXAMPLE, SHOWN, TITLE, WRAP, GOOD = range(1, 12)
"""The looks a cell may have: places in the style table below."""
LONGEST: Final = 32_767
"""Characters in a cell; a spreadsheet takes no more."""
LAST_ROW: Final = 1_048_576
BATCH: Final = 500

Value = str | int | float | Decimal | None
Cell = Value | tuple[Value, int]
"""A value, or a value and its look."""

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class DropDown:
    """Possible values of a column (from row 2 on): a list of the hidden sheet. `only` = no other value is taken."""

    column: int
    values: str
    only: bool
    title: str = ""
    text: str = ""


@dataclass(slots=True)
class Sheet:
    """One sheet. `looks` = the look of each column where a cell says none."""

    name: str
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    looks: Sequence[int] = ()
    drops: Sequence[DropDown] = ()
    frozen: bool = True
    filtered: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Book:
    """A workbook in the making; `lists` are kept on a hidden sheet for the drop-downs."""

    sheets: list[Sheet] = field(default_factory=list)
    lists: dict[str, Sequence[str]] = field(default_factory=dict)

    def range_of(self, name: str) -> str:
        """Where a list stands, as a drop-down names it."""
        place = list(self.lists).index(name)
        letter = column_letter(place)
        return f"Lists!${letter}$1:${letter}${max(len(self.lists[name]), 1)}"

    def write(self, target: Path | IO[bytes]) -> None:
        """Write it all."""
        sheets = list(self.sheets)
        if self.lists:
            columns = [list(values) for values in self.lists.values()]
            longest = max(map(len, columns))
            rows = ([column[place] if place < len(column) else None for column in columns] for place in range(longest))
            sheets.append(Sheet("Lists", rows, frozen=False, hidden=True))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
            for name, content in _frame(sheets).items():
                book.writestr(name, content)
            for number, sheet in enumerate(sheets, 1):
                with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                    for piece in _sheet(sheet):
                        part.write(piece.encode())


def column_letter(place: int) -> str:
    """A, B … Z, AA: the name of the column at this place (from 0)."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def escaped(text: str) -> str:
    """Text as XML holds it."""
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def _attribute(text: str) -> str:
    return escaped(text).replace('"', "&quot;").replace("\n", " ")


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{_MAIN}"><sheetViews>'
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if sheet.frozen else ""
    yield f'<sheetView workbookViewId="0">{pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    if sheet.widths:
        yield "<cols>"
        for place, width in enumerate(sheet.widths, 1):
            look = sheet.looks[place - 1] if place <= len(sheet.looks) else TEXT
            yield f'<col min="{place}" max="{place}" width="{width}" style="{look}" customWidth="1"/>'
        yield "</cols>"
    yield "<sheetData>"
    count = width = 0
    batch: list[str] = []
    looks = [*sheet.looks, *([TEXT] * 256)]
    for row in sheet.rows:
        count += 1
        width = max(width, len(row))
        batch.append(_row(row, looks))
        if len(batch) == BATCH:
            yield "".join(batch)
            batch.clear()
    yield "".join(batch) + "</sheetData>"
    if sheet.filtered and count > 1:
        yield f'<autoFilter ref="A1:{column_letter(width - 1)}{count}"/>'
    if sheet.drops:
        yield f'<dataValidations count="{len(sheet.drops)}">'
        yield "".join(_drop(drop) for drop in sheet.drops) + "</dataValidations>"
    yield "</worksheet>"


def _row(row: Sequence[Cell], looks: Sequence[int]) -> str:
    parts = ["<row>"]
    for place, cell in enumerate(row):
        value, look = cell if type(cell) is tuple else (cell, looks[place])
        if value is None or value == "":
            parts.append(f'<c s="{look}"/>')
        elif type(value) is str:
            text = value if value.isalnum() else escaped(value[:LONGEST])
            parts.append(f'<c s="{look}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
        else:
            parts.append(f'<c s="{look}"><v>{value}</v></c>')
    parts.append("</row>")
    return "".join(parts)


def _drop(drop: DropDown) -> str:
    letter = column_letter(drop.column)
    kind = 'type="list" ' if drop.values else ""
    stop = 'showErrorMessage="1" ' if drop.only and drop.values else ""
    prompt = ""
    if drop.text:
        prompt = (
            f'showInputMessage="1" promptTitle="{_attribute(drop.title[:32])}" prompt="{_attribute(drop.text[:250])}" '
        )
    formula = f"<formula1>{escaped(drop.values)}</formula1>" if drop.values else ""
    return (
        f'<dataValidation {kind}allowBlank="1" {stop}{prompt}sqref="{letter}2:{letter}{LAST_ROW}">'
        f"{formula}</dataValidation>"
    )


# --------------------------------------------------------------------------- the frame

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_HIDDEN: Final = ' state="hidden"'
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _frame(sheets: Sequence[Sheet]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{_attribute(sheet.name[:31])}" sheetId="{n}"{_HIDDEN if sheet.hidden else ""} r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>' for n in numbers
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    last = len(sheets) + 1
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{parts}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type='
        f'"{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{related}<Relationship '
        f'Id="rId{last}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }


def _look(*, number: int = 0, font: int = 0, fill: int = 0, wrap: bool = False) -> str:
    lay = '<alignment vertical="top" wrapText="1"/>' if wrap else '<alignment vertical="top"/>'
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1" '
        f'applyFont="1" applyFill="1" applyAlignment="1">{lay}</xf>'
    )


def _font(size: float = 11, *, bold: bool = False, italic: bool = False, colour: str = "FF1D2530") -> str:
    looks = ("<b/>" if bold else "") + ("<i/>" if italic else "")
    return f'<font>{looks}<sz val="{size}"/><color rgb="{colour}"/><name val="Calibri"/></font>'


def _fill(colour: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
    )


_FONTS: Final = (
    _font(), _font(bold=True), _font(bold=True, colour="FFFFFFFF"), _font(italic=True, colour="FF6B7280"),
    _font(colour="FFB42318"), _font(14, bold=True), _font(colour="FF1B6B2F"),
)  # fmt: skip
_FILLS: Final = (
    '<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>',
    _fill("FFE5E9EE"), _fill("FF0F766E"), _fill("FFFDE2DF"), _fill("FFF4F6F8"),
)  # fmt: skip
_LOOKS: Final = (
    _look(),
    _look(number=49),
    _look(),
    _look(number=49, font=1, fill=2, wrap=True),
    _look(number=49, font=2, fill=3, wrap=True),
    _look(number=49, font=4, fill=4),
    _look(number=49, font=4, wrap=True),
    _look(number=49, font=3),
    _look(number=49, font=3, fill=5),
    _look(number=49, font=5),
    _look(number=49, wrap=True),
    _look(number=49, font=6),
)
_STYLES: Final = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="{len(_FONTS)}">{"".join(_FONTS)}</fonts><fills count='
    f'"{len(_FILLS)}">{"".join(_FILLS)}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
    f'</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_LOOKS)}">{"".join(_LOOKS)}</cellXfs></styleSheet>'
)
