"""QR codes (ISO/IEC 18004) of error level M, versions 1 to 10, drawn by segno."""

from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4
"""Modules that stay white on each side."""
DIGITS = (34, 63, 101, 149, 202, 255, 293, 365, 432, 513)
LETTERS = (20, 38, 61, 90, 122, 154, 178, 221, 262, 311)
BYTES = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213)
"""How much each version holds at level M: digits; digits, capitals and ` $%*+-./:`; bytes of UTF-8."""
LETTER_SET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@dataclass(frozen=True, slots=True)
class Qr:
    """A code not drawn yet: its size is known from its text, and that is all a label's layout and a printer need."""

    text: str
    version: int

    @property
    def modules(self) -> int:
        """How many modules a side has, without the quiet zone."""
        return 17 + 4 * self.version

    def rows(self) -> tuple[str, ...]:
        """One text of `0` and `1` for each row of modules, without the quiet zone."""
        return _drawn(self.text, self.version)


@lru_cache(maxsize=4096)
def qr(text: str) -> Qr | None:
    """The smallest code that says `text`; None where there is nothing to say, or too much (over 213 bytes)."""
    if not text:
        return None
    length, holds = len(text), DIGITS
    if not (text.isascii() and text.isdigit()):
        holds = LETTERS if LETTER_SET.issuperset(text) else BYTES
        length = length if holds is LETTERS else len(text.encode())
    version = next((number for number, room in enumerate(holds, 1) if length <= room), None)
    return None if version is None else Qr(text, version)


@lru_cache(maxsize=4096)
def _drawn(text: str, version: int) -> tuple[str, ...]:
    encoding = None if text.isascii() else "utf-8"
    made = segno.make_qr(text, error="m", version=version, encoding=encoding, boost_error=False)
    return tuple("".join("1" if module else "0" for module in row) for row in made.matrix)
