"""What a file is, before anybody opens it: its kind, and whether it is safe. A parser gets only what passed here.

A workbook is a zip: it may unpack to gigabytes, or hold one cell at XFD1048576, for which a parser makes room for
17,000,000,000. So every part is unpacked once in pieces, counted, and its cells' addresses are read from the text.
"""

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from entrepot.sheets.errors import (
    SheetBomb,
    SheetBroken,
    SheetEmpty,
    SheetEncrypted,
    SheetHasMacros,
    SheetIsPage,
    SheetTooBig,
    SheetTooWide,
)

MOST_BYTES: Final = 60_000_000
MOST_UNPACKED: Final = 500_000_000
MOST_WORDS: Final = 150_000_000
"""Of the texts a workbook keeps in one place, all of which a parser holds at once."""
MOST_TIMES: Final = 400
"""A part that unpacks to more than this many times its size is no table (Excel's own come to 10 to 60)."""
SMALL: Final = 10_000_000
MOST_ROWS: Final = 200_000
MOST_CELLS: Final = 8_000_000
PIECE: Final = 1 << 20

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PAGE: Final = re.compile(rb"^\s*(<!doctype html|<html|<table|<\?xml[^>]*>\s*<\?mso)", re.IGNORECASE)
_COLUMNS: Final = re.compile(rb"""\br=["']([A-Z]{1,4})\d""")
_ROWS: Final = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d+)""")
_ERRORS: Final = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*?\br=["']([A-Z]+\d+)["']""")
_ODS: Final = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*?)(/?)>")
_ODS_COLUMNS: Final = re.compile(rb'number-columns-repeated="(\d+)"')
_ODS_ROWS: Final = re.compile(rb'number-rows-repeated="(\d+)"')


@dataclass(slots=True)
class Looked:
    """`form`: xlsx, xls, ods or csv. `wrong` = {part of the zip: cells that hold #N/A and the like}."""

    form: str
    wrong: dict[str, set[str]] = field(default_factory=dict)


def look(path: Path) -> Looked:
    """Tell what a file is.

    Raises:
        SheetTooBig, SheetEmpty, SheetBomb, SheetTooWide, SheetHasMacros, SheetEncrypted, SheetIsPage, SheetBroken:
            It is not opened.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SheetTooBig(field="file", reason="", most=MOST_BYTES // 1_000_000)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise SheetEmpty(field="file", reason="")
    if head.startswith(ZIP):
        return _zip(path)
    if head.startswith(OLE):
        return _ole(path)
    if PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise SheetIsPage(field="file", reason="")
    return Looked("csv")


def _ole(path: Path) -> Looked:
    """An old workbook, or a new one under a password (which is such a container around the encrypted zip)."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise SheetEncrypted(field="file", reason="")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise SheetHasMacros(field="file", reason="")
    return Looked("xls")


def _zip(path: Path) -> Looked:
    try:
        with zipfile.ZipFile(path) as book:
            return _book(book)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise SheetBroken(field="file", reason="") from error
    except RuntimeError as error:  # a zip that is itself under a password
        raise SheetEncrypted(field="file", reason="") from error


def _book(book: zipfile.ZipFile) -> Looked:
    names = {entry.filename for entry in book.infolist()}
    if any(name.lower().endswith(("vbaproject.bin", ".bas")) or name.startswith("Basic/") for name in names):
        raise SheetHasMacros(field="file", reason="")
    if "META-INF/manifest.xml" in names and b"encryption-data" in book.read("META-INF/manifest.xml")[:PIECE]:
        raise SheetEncrypted(field="file", reason="")
    _not_a_bomb(book)
    if "content.xml" in names:
        _ods(book)
        return Looked("ods")
    if "xl/workbook.xml" not in names:
        raise SheetBroken(field="file", reason="")
    found = Looked("xlsx")
    for name in sorted(names):
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            found.wrong[name] = _extent(book, name)
    return found


def _not_a_bomb(book: zipfile.ZipFile) -> None:
    """By what the zip says of itself; where it lies, unpacking ends at the size it says and the check sum fails."""
    if sum(entry.file_size for entry in book.infolist()) > MOST_UNPACKED:
        raise SheetBomb(field="file", reason="")
    for entry in book.infolist():
        if entry.file_size > SMALL and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
            raise SheetBomb(field="file", reason="")
        if entry.filename == "xl/sharedStrings.xml":
            if entry.file_size > MOST_WORDS:
                raise SheetBomb(field="file", reason="")
            with book.open(entry) as part:
                while part.read(PIECE):
                    pass


def _extent(book: zipfile.ZipFile, name: str) -> set[str]:
    """Refuse a sheet that reaches too far, by its cells' own addresses; the cells that hold an error."""
    columns: set[bytes] = set()
    wrong: set[str] = set()
    rows, cells, tail = 0, 0, b""
    with book.open(name) as part:
        while piece := part.read(PIECE):
            text = tail + piece
            columns.update(_COLUMNS.findall(text))
            rows = max(rows, max(map(int, _ROWS.findall(text)), default=0))
            cells += piece.count(b"</c>") + piece.count(b"<v>")  # also where cells do not say their addresses
            _bounded(1, cells // 2)
            if b'="e"' in text or b"='e'" in text:
                wrong.update(address.decode() for address in _ERRORS.findall(text))
            _bounded(rows, max((_number(column) for column in columns), default=1))
            tail = text[-200:]
    return wrong


def _bounded(rows: int, columns: int) -> None:
    if rows > MOST_ROWS + 100 or rows * columns > MOST_CELLS:
        raise SheetTooWide(field="file", reason="", rows=rows, columns=columns, most=MOST_ROWS)


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _ods(book: zipfile.ZipFile) -> None:
    """The same for an OpenDocument sheet, whose rows and cells say how often they are repeated."""
    rows = columns = there = wide = 0
    filled = False
    repeat = 1
    for found in _ODS.finditer(book.read("content.xml")):
        closing, tag, words = found[1], found[2], found[3]
        if tag == b"table" and not closing:
            rows = columns = there = 0
        elif tag == b"table-row" and not closing:
            again = _ODS_ROWS.search(words)
            repeat, filled, wide = int(again[1]) if again else 1, False, 0
            rows += repeat if found[4] else 0
        elif tag == b"table-row":
            rows += repeat
            there = rows if filled else there
            _bounded(there, max(columns, 1))
        elif not closing:
            again = _ODS_COLUMNS.search(words)
            wide += int(again[1]) if again else 1
            if b"value-type" in words:
                filled, columns = True, max(columns, wide)
