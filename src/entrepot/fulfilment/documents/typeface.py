"""What the vendored typefaces can show and how wide it is, read from the font files themselves.

Noto Sans KR sets Hangul, hanja, kana and Western letters; Noto Sans the Latin, Greek and Cyrillic letters it lacks
(ł, ş, ő, ж). Widths are in thousandths of the size. The pens set text without kerning and ligatures, so a line is as
wide as the sum of its characters, on paper as in these tables.
"""

import struct
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
KOREAN, LATIN = "Noto Sans KR", "Noto Sans"
ASCENT, DESCENT = 1010, 290
TALL_ASCENT = 1140
"""Thousandths of the size above and below the base line that no glyph leaves; the tall ones carry two marks (Ẫ)."""


class Weight(StrEnum):
    REGULAR = "Regular"
    BOLD = "Bold"


class Advances(dict[str, int]):
    """Character → width. `own` of the family are set in it; others in the other family."""

    def of(self, text: str) -> int:
        """How wide a line is, in thousandths of its size."""
        return sum(map(self.__getitem__, text))


def path_of(family: str, weight: Weight) -> Path:
    """The file of a typeface."""
    return FONTS / f"{family.replace(' ', '')}-{weight}.ttf"


@lru_cache(maxsize=8)
def advances(family: str, weight: Weight) -> Mapping[str, int]:
    """Every character a family has of its own, with its width."""
    data = path_of(family, weight).read_bytes()
    tables = {}
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        tables[tag] = offset
    widths = _widths(data, tables)
    units = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    return {
        chr(code): widths[min(glyph, len(widths) - 1)] * 1000 // units
        for code, glyph in _characters(data, tables[b"cmap"])
        if glyph and (family == KOREAN or _western(code))
    }


def _widths(data: bytes, tables: Mapping[bytes, int]) -> tuple[int, ...]:
    count = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    return struct.unpack_from(">" + "Hh" * count, data, tables[b"hmtx"])[::2]


def _characters(data: bytes, cmap: int) -> list[tuple[int, int]]:
    """`(code point, glyph)` of the table's Unicode part, format 12 or 4."""
    parts = {}
    for number in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * number)
        if platform == 3:
            parts[encoding] = cmap + offset
    return _format_12(data, parts[10]) if 10 in parts else _format_4(data, parts[1])


def _format_12(data: bytes, at: int) -> list[tuple[int, int]]:
    count = struct.unpack_from(">I", data, at + 12)[0]
    groups = struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * count])
    return [(code, glyph + code - first) for first, last, glyph in groups for code in range(first, last + 1)]


def _format_4(data: bytes, at: int) -> list[tuple[int, int]]:
    double = struct.unpack_from(">H", data, at + 6)[0]
    form = f">{double // 2}H"
    ends = struct.unpack_from(form, data, at + 14)
    starts = struct.unpack_from(form, data, at + 16 + double)
    deltas = struct.unpack_from(form, data, at + 16 + 2 * double)
    place = at + 16 + 3 * double
    found = []
    for number, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        back = struct.unpack_from(">H", data, place + 2 * number)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if back:
                glyph = struct.unpack_from(">H", data, place + 2 * number + back + 2 * (code - first))[0]
            found.append((code, (glyph + delta) & 0xFFFF if glyph or not back else 0))
    return found


def _western(code: int) -> bool:
    """Letters that stand alone: nothing that must be joined or stacked to be read."""
    return (code < 0x530 or 0x1E00 <= code < 0x2100) and unicodedata.category(chr(code))[0] != "M"


@lru_cache(maxsize=4)
def face(weight: Weight, family: str = KOREAN) -> Advances:
    """Widths of every character that can be set, the family's own first.

    Of a letter with a mark that only the other family has, typst may set letter and mark apart in its own: the wider
    of both counts.
    """
    own, other = advances(family, weight), advances(LATIN if family == KOREAN else KOREAN, weight)
    lent = {char: max(width, own.get(unicodedata.normalize("NFD", char)[0], 0)) for char, width in other.items()}
    return Advances({**lent, **own})


@lru_cache(maxsize=65536)
def family_of(text: str) -> str:
    """The family to set a whole line in: Noto Sans when it has letters that only Noto Sans has, and no others."""
    korean = advances(KOREAN, Weight.REGULAR)
    if text.isascii() or all(char in korean for char in text):
        return KOREAN
    latin = advances(LATIN, Weight.REGULAR)
    return LATIN if all(char in latin for char in text) else KOREAN


@lru_cache(maxsize=4096)
def is_tall(char: str) -> bool:
    """Whether a character stands higher than a line usually is: a capital with two marks."""
    return len(unicodedata.normalize("NFD", char)) > 2 and not "가" <= char <= "힣"
