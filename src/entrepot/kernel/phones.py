"""Telephone numbers as people read them. What is stored stays as the store wrote it; only what is shown changes here.

A number of Korea is grouped as it is said there; any other is shown as it was given, its `00` as a `+`. What is not
plainly a number (two of them, an extension, a remark) is left alone.
"""

import re
from typing import Final

_PLAIN: Final = re.compile(r"\+?[\d\s().\-\N{EN DASH}\N{NO-BREAK SPACE}]+", re.ASCII)
_NOT_DIGITS: Final = re.compile(r"\D", re.ASCII)
_SEOUL: Final = re.compile(r"(02)(\d{3,4})(\d{4})", re.ASCII)
_STANDS_FOR_ANOTHER: Final = re.compile(r"(050\d)(\d{3,4})(\d{4})", re.ASCII)
_REGION_OR_MOBILE: Final = re.compile(r"(0[1-9]\d)(\d{3,4})(\d{4})", re.ASCII)
_COMPANY: Final = re.compile(r"(1[568]\d\d)(\d{4})", re.ASCII)
_SHAPES: Final = (_SEOUL, _STANDS_FOR_ANOTHER, _REGION_OR_MOBILE, _COMPANY)
_ABROAD: Final = re.compile(r"00[1-9]\d{8,}", re.ASCII)


def digits_of(stored: str) -> str:
    """The number as it is dialled, for a `tel:` link: a `+` at its start is kept. Empty where it is no plain number."""
    text = stored.strip()
    if not _PLAIN.fullmatch(text):
        return ""
    return ("+" if text.startswith("+") else "") + _NOT_DIGITS.sub("", text)


def shown(stored: str, *, country: str = "", home: str = "KR") -> str:
    """`01012345678` of Korea as 010-1234-5678, in Korea; elsewhere as +82 10-1234-5678.

    `country`: where the number belongs when it does not say so itself; `home`: where its reader is.
    """
    dialled = digits_of(stored)
    if not dialled:
        return stored.strip()
    abroad = _ABROAD.fullmatch(dialled) is not None
    if abroad:
        dialled = "+" + dialled[2:]
    inland = _inland(dialled, country.upper())
    found = next((match for shape in _SHAPES if (match := shape.fullmatch(inland))), None)
    if found is None:
        return dialled if abroad else stored.strip()
    grouped = "-".join(found.groups())
    return grouped if home.upper() in {"", "KR"} else "+82 " + grouped.removeprefix("0")


def _inland(dialled: str, country: str) -> str:
    """A Korean number as it is dialled in Korea; empty for every other."""
    if dialled.startswith("+82"):
        rest = dialled[3:].removeprefix("0")
        return rest if re.fullmatch(r"1[568]\d{6}", rest) else "0" + rest
    if country != "KR" or dialled.startswith("+"):
        return ""
    if re.fullmatch(r"82\d{8,11}", dialled, re.ASCII):
        return _inland("+" + dialled, country)
    if re.fullmatch(r"10\d{8}", dialled, re.ASCII):  # a sheet took the first 0 for nothing
        return "0" + dialled
    return dialled
