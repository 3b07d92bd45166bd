"""Labels in ZPL II, for any printer that speaks it.

Barcodes are the printer's own (^BC, ^BQ). Text is sent as small pictures (^GFA) set in the vendored typefaces: no
printer must have a Korean font, nothing is asked of its memory, and what fits here fits there.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from entrepot.fulfilment.documents.code128 import Code128
from entrepot.fulfilment.documents.pieces import (
    DOTS_PER_MM,
    HEIGHT,
    WIDTH,
    Bars,
    Box,
    Frame,
    Line,
    Piece,
    Rule,
    Square,
)
from entrepot.fulfilment.documents.typeface import KOREAN, LATIN, Weight, advances, face, path_of

RESOLUTIONS = (8, 12, 24)
"""Dots per mm of the printers: 203, 300 and 600 dpi."""
LARGEST_QR_MODULE = 10
STRIDES = 256
"""Lines are composed in rows of so many dots, or a multiple, so that few copies of a character are kept."""
INVOKED = {30: ">0", 62: "><", 94: ">=", 95: ">1"}
"""How ^FD names the characters of set B that mean something to the printer: `>`, `^`, `~` and DEL."""
TO_C, TO_B, START_B, START_C = 99, 100, 104, 105


def zpl(pages: Iterable[Iterable[Piece]], *, dots_per_mm: int = DOTS_PER_MM, height: int = HEIGHT) -> str:
    """One ^XA … ^XZ for each page.

    Raises:
        ValueError: No printer has such a resolution.
    """
    if dots_per_mm not in RESOLUTIONS:
        raise ValueError(f"{dots_per_mm} dots per mm: one of {RESOLUTIONS}")
    return "".join(_page(pieces, dots_per_mm, height) for pieces in pages)


def _page(pieces: Iterable[Piece], dots: int, tall: int) -> str:
    width, height = (side * dots // DOTS_PER_MM for side in (WIDTH, tall))
    fields = "\n".join(field for piece in pieces for field in _fields(piece, dots))
    return f"^XA\n^CI28^PW{width}^LL{height}^LH0,0\n{fields}\n^XZ\n"


def _fields(piece: Piece, dots: int) -> Iterator[str]:
    box = Box(*(side * dots // DOTS_PER_MM for side in piece.box))
    at = f"^FO{box.x},{box.y}"
    match piece:
        case Rule():
            yield f"{at}^GB{box.width},{box.height},{min(box.width, box.height)}^FS"
        case Frame():
            yield f"{at}^GB{box.width},{box.height},{piece.thick * dots // DOTS_PER_MM}^FS"
        case Bars():
            module = piece.module * dots // DOTS_PER_MM
            x = box.x + (box.width - piece.symbol.modules * module) // 2
            yield f"^FO{x},{box.y}^BY{module}^BCN,{box.height},N,N,N^FD{code128_field(piece.symbol)}^FS"
        case Square():
            yield _qr(piece, box, dots)
        case Line():
            yield from _text(piece, box, dots)


def code128_field(symbol: Code128) -> str:
    """The ^FD of ^BC that makes exactly this symbol.

    Raises:
        ValueError: It uses set A, of which printers think differently; only control characters need it.
    """
    start, *values = symbol.values
    if start not in {START_B, START_C}:
        raise ValueError("set A")
    in_c = start == START_C
    found = [">;" if in_c else ">:"]
    for value in values:
        if value == (TO_B if in_c else TO_C):
            found.append(">6" if in_c else ">5")
            in_c = not in_c
        elif in_c and value < 100:
            found.append(f"{value:02d}")
        elif not in_c and value < 96:
            found.append(INVOKED.get(value) or chr(value + 32))
        else:
            raise ValueError("set A")
    return "".join(found)


def _qr(piece: Square, box: Box, dots: int) -> str:
    """The printer's own code for ASCII; a picture for the rest, whose encoding printers do not agree on."""
    module = min(piece.module * dots // DOTS_PER_MM, LARGEST_QR_MODULE)
    side = piece.symbol.modules * module
    x, y = box.x + (box.width - side) // 2, box.y + (box.height - side) // 2
    if not piece.symbol.text.isascii():
        return _picture(x, y, _scaled(piece.symbol.rows(), module))
    text = piece.symbol.text.replace("_", "_5F").replace("^", "_5E").replace("~", "_7E").replace("\\", "_5C")
    return f"^FO{x},{y}^BQN,2,{module}^FH_^FDMA,{text}^FS"


def _scaled(rows: Iterable[str], module: int) -> list[bytes]:
    found = []
    for row in rows:
        bits = "".join(bit * module for bit in row)
        bits += "0" * (-len(bits) % 8)
        found += [int(bits, 2).to_bytes(len(bits) // 8, "big")] * module
    return found


def _picture(x: int, y: int, rows: list[bytes]) -> str:
    return _graphic(x, y, len(rows[0]), b"".join(rows).hex().upper())


def _graphic(x: int, y: int, step: int, digits: str) -> str:
    length = len(digits) // 2
    return f"^FO{x},{y}^GFA,{length},{length},{step},{digits}^FS"


class _Type(NamedTuple):
    """How a line is set, in the printer's dots: `height` rows, the base line `ascent` below their top."""

    family: str
    weight: Weight
    size: int
    ascent: int
    height: int


def _text(line: Line, box: Box, dots: int) -> Iterator[str]:
    size, ascent = (side * dots // DOTS_PER_MM for side in (line.size, line.ascent))
    margin = size // 8 + 1
    type_ = _Type(line.family, line.weight, size, ascent, box.height)
    above, step, digits = _set(line.text, type_, box.width + 2 * margin)
    if digits:
        yield _graphic(box.x - margin, box.y + above, step, digits)


@lru_cache(maxsize=4096)
def _set(text: str, type_: _Type, width: int) -> tuple[int, int, str]:
    """`(blank rows above, bytes of a row, the rows with ink as hexadecimal digits)` of a line.

    A character is one long number, its rows `stride` dots apart, so a shift moves all of them at once.
    """
    step = -(-width // 8)
    stride = -(-(width + 2 * type_.size) // STRIDES) * STRIDES
    widths = face(type_.weight, type_.family)
    whole = 0
    at = (type_.size // 8 + 1) * 1000
    for char in text:
        if char != " ":
            whole |= _glyph(char, type_, stride) >> (at // 1000)
        at += widths[char] * type_.size
    if not whole:
        return 0, step, ""
    above = type_.height - 1 - (whole.bit_length() - 1) // stride
    below = ((whole & -whole).bit_length() - 1) // stride
    data = (whole >> (below * stride)).to_bytes((type_.height - above - below) * stride // 8, "big").hex().upper()
    jump = stride // 4
    return above, step, "".join([data[start : start + 2 * step] for start in range(0, len(data), jump)])


@lru_cache(maxsize=8192)
def _glyph(char: str, type_: _Type, stride: int) -> int:
    """A character as a number: its left edge at the left of rows of `stride` dots each."""
    wide = -(-2 * type_.size // 8)
    data = _drawn(char, type_)
    rows = [data[start : start + wide].ljust(stride // 8, b"\0") for start in range(0, len(data), wide)]
    return int.from_bytes(b"".join(rows), "big")


@lru_cache(maxsize=16384)
def _drawn(char: str, type_: _Type) -> bytes:
    """A character in black and white, twice as wide as its size."""
    other = LATIN if type_.family == KOREAN else KOREAN
    own = type_.family if char in advances(type_.family, type_.weight) else other
    picture = Image.new("1", (2 * type_.size, type_.height))
    font = _font(own, type_.weight, type_.size)
    ImageDraw.Draw(picture).text((0, type_.ascent), char, font=font, fill=1, anchor="ls")
    return picture.tobytes()


@lru_cache(maxsize=256)
def _font(family: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path_of(family, weight), size, layout_engine=ImageFont.Layout.BASIC)
