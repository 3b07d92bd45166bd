"""From a cell to a value, or to a sentence that says what is wrong with it and what to do. Nothing is guessed.

A spreadsheet turns what it takes for figures into figures of its own: 880123456789 becomes 8.8E+11, 00123 becomes 123,
the size 1-2 becomes the second of January. Such a cell is refused with the remedy, never repaired.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from entrepot.catalog.pictures import is_image_address

TOO_LONG: Final = _("Longer than {most} characters. Shorten it.")
FORMULA: Final = _("A formula is not taken. Write the value itself.")
ERROR_CELL: Final = _("The cell holds an error ({text}) instead of a value.")
EXPONENT: Final = _(
    "“{text}” is what the spreadsheet made of a long number; digits are lost. Format the column as text and write the"
    " number again."
)
DATE: Final = _(
    "The spreadsheet turned this into a date ({text}). Format the column as text and write it again, such as 1-2."
)
ZEROS: Final = _("Zeros in front are lost: “{known}” is known, “{text}” is not. Format the column as text.")
NOT_NUMBER: Final = _("“{text}” is not a number. Write digits only, such as 12900 or 12.90.")
NOT_WHOLE: Final = _("“{text}” is not a whole number.")
TOO_SMALL: Final = _("It must be {least} or more.")
NOT_ABOVE: Final = _("It must be above zero.")
TOO_LARGE: Final = _("“{text}” is larger than can be kept.")
PLACES: Final = _("“{text}” has more than {places} digits behind the point.")
NOT_ONE_OF: Final = _("“{text}” is none of the possible values: {known}.")
NOT_ADDRESS: Final = _("“{text}” is not an address that begins with http:// or https://.")
NOT_CURRENCY: Final = _("“{text}” is not a currency. Write three letters, such as KRW or USD.")
CONTROL: Final = _("It holds a character that cannot be kept.")
GTIN: Final = _("“{text}” is a figure of {digits} digits; a barcode has 8, 12, 13 or 14. Zeros in front may be lost.")

CLEAR: Final = frozenset({"[clear]", "[비움]", "[비우기]"})
"""What is written in a cell that is to become empty; a cell left blank changes nothing."""
LARGEST: Final = Decimal(10) ** 15
ROUND_FROM: Final = 10**15
ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"})
_EXPONENT: Final = re.compile(r"[+-]?\d+([.,]\d+)?[eE]\+\d+")
_MADE_DATE: Final = re.compile(
    r"\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(-\d{2,4})?"
    r"|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2,4}|\d{1,2}월 ?\d{1,2}일",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+")
_CURRENCY_SIGNS: Final = "₩￦$€£¥원"

Read = Callable[[Any], Any]


class CellWrong(Exception):
    """What is wrong with a cell: a sentence (msgid) and its fields."""

    def __init__(self, sentence: str, **fields: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields


def plain(raw: object) -> str:
    """A cell as text, where a figure is as good as a text.

    Raises:
        CellWrong: It holds a formula, an error, a date, or a character that cannot be kept.
    """
    if type(raw) is str:
        text = raw.strip()
        if text[:1] in {"=", "#", "'"}:
            text = _marked(text)
        if _CONTROL.search(text):
            raise CellWrong(CONTROL)
        return text
    if type(raw) is float or type(raw) is int:
        return figure(raw)
    if type(raw) is bool:
        return str(raw).upper()
    if isinstance(raw, date | datetime | time | timedelta):
        raise CellWrong(DATE, text=_told(raw))
    return "" if raw is None else str(raw).strip()


def _marked(text: str) -> str:
    """Text that begins with a sign spreadsheets give a meaning to."""
    if text.startswith('="') and text.endswith('"') and '"' not in text[2:-1]:
        return text[2:-1].strip()  # how a csv keeps a number as text
    if text[0] == "=":
        raise CellWrong(FORMULA)
    if text in ERRORS:
        raise CellWrong(ERROR_CELL, text=text)
    if text[0] == "'" and text[1:2] in {"=", "+", "-", "@"}:
        return text[1:]  # how our own csv keeps such a text harmless
    return text


def figure(raw: float) -> str:
    """A number as a person would write it; from 10^15 on its last digits are gone.

    Raises:
        CellWrong: Digits are lost.
    """
    if type(raw) is int:
        return str(raw)
    if raw != raw or raw in {float("inf"), float("-inf")}:  # noqa: PLR0124 - not a number is not itself
        raise CellWrong(ERROR_CELL, text="#NUM!")
    if abs(raw) >= ROUND_FROM:
        raise CellWrong(EXPONENT, text=f"{raw:.5G}")
    return str(int(raw)) if float(raw).is_integer() else f"{Decimal(repr(raw)):f}"


def _told(raw: date | time | timedelta) -> str:
    if isinstance(raw, datetime) and (raw.hour, raw.minute, raw.second) == (0, 0, 0):
        return raw.date().isoformat()
    return raw.isoformat(sep=" ") if isinstance(raw, datetime) else str(raw)


# --------------------------------------------------------------------------- readers


def text_of(most: int) -> Read:
    """Words, at most so many characters."""

    def read(raw: object) -> str:
        text = plain(raw)
        if len(text) > most:
            raise CellWrong(TOO_LONG, most=most)
        return text

    return read


def code_of(most: int) -> Read:
    """A SKU, a barcode, a choice: text that a spreadsheet may have taken for a number or a date."""

    def read(raw: object) -> str:
        text = plain(raw)
        if len(text) > most:
            raise CellWrong(TOO_LONG, most=most)
        if text and not text.isalpha():
            if "E" in text.upper() and _EXPONENT.fullmatch(text):
                raise CellWrong(EXPONENT, text=text)
            if len(text) < 12 and _MADE_DATE.fullmatch(text):
                raise CellWrong(DATE, text=text)
        return text

    return read


def barcode(raw: object) -> str:
    """A barcode. As a figure it must have a length that barcodes have."""
    text = str(_BARCODE(raw))
    if type(raw) in {float, int} and len(text) not in {8, 12, 13, 14}:
        raise CellWrong(GTIN, text=text, digits=len(text))
    return text


_BARCODE: Final = code_of(64)


def amount(*, least: Decimal | None = Decimal(0), places: int = 4, above: bool = False) -> Read:
    """A number with at most so many places behind the point. Thousands may be divided by commas; ₩ and 원 go."""

    def read(raw: object) -> Decimal:
        if type(raw) is int or (type(raw) is float and raw.is_integer() and abs(raw) < ROUND_FROM):
            number = Decimal(int(raw))
        else:
            number = _number(plain(raw))
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            number = _rounded(number, raw, places)
        if least is not None and (number < least or (above and number == least)):
            raise CellWrong(NOT_ABOVE if above else TOO_SMALL, least=str(least))
        if abs(number) >= LARGEST:
            raise CellWrong(TOO_LARGE, text=str(number))
        return number

    return read


def _number(text: str) -> Decimal:
    bare = text.strip(_CURRENCY_SIGNS + " \u00a0")
    if not _NUMBER.fullmatch(bare):
        raise CellWrong(EXPONENT if _EXPONENT.fullmatch(text) else NOT_NUMBER, text=text)
    try:
        return Decimal(bare.replace(",", ""))
    except InvalidOperation:
        raise CellWrong(NOT_NUMBER, text=text) from None


def _rounded(number: Decimal, raw: object, places: int) -> Decimal:
    """A figure like 12.900000000000002 is what a spreadsheet computed; a person's own five digits are refused."""
    near = round(number, places)
    if type(raw) is float and abs(near - number) < Decimal("1e-9") * max(Decimal(1), abs(number)):
        return near
    raise CellWrong(PLACES, text=str(raw), places=places)


def whole(*, least: int | None = 0, most: int = 2_000_000_000) -> Read:
    """A whole number."""

    def read(raw: object) -> int:
        number = _number(plain(raw)) if type(raw) is not int else Decimal(raw)
        if number != number.to_integral_value():
            raise CellWrong(NOT_WHOLE, text=str(raw).strip())
        if least is not None and number < least:
            raise CellWrong(TOO_SMALL, least=least)
        if abs(number) > most:
            raise CellWrong(TOO_LARGE, text=str(raw).strip())
        return int(number)

    return read


def address(raw: object) -> str:
    """The address of a picture."""
    text = str(_ADDRESS(raw))
    if not is_image_address(text):
        raise CellWrong(NOT_ADDRESS, text=text[:80])
    return text


_ADDRESS: Final = text_of(1000)


def currency(raw: object) -> str:
    """A currency's three letters."""
    text = plain(raw).upper()
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise CellWrong(NOT_CURRENCY, text=text[:20])
    return text


def paths(raw: object) -> str:
    """Categories from the root, `Clothes > Socks`, several divided by |. Kept with " > " and " | " between names."""
    text = str(_PATH(raw))
    for sign in ("›", "»"):
        text = text.replace(sign, ">")
    several = (" > ".join(name for part in one.split(">") if (name := part.strip())) for one in text.split("|"))
    return " | ".join(one for one in several if one)


_PATH: Final = text_of(900)
