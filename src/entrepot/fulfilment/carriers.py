"""Carriers as facts: what they are called, where a parcel is followed, what their numbers look like.

A number is only ever warned about: carriers change their numbers, and a parcel must leave all the same.
Only check digits that are published as a standard are computed (UPU S10); of others the format is looked at.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _

NUMBER_PLACE: Final = "{number}"
"""Where a carrier's address takes the tracking number."""
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCarrier:
    """A carrier of the table. `also` = what stores call it beside its name; `lengths` = digits its numbers have."""

    code: str
    name: str
    name_en: str
    tracking_url: str
    lengths: Sequence[int]
    also: Sequence[str] = ()
    s10: bool = False


KNOWN: Final[Mapping[str, KnownCarrier]] = {
    row.code: row
    for row in (
        KnownCarrier(
            code="cj",
            name="CJ대한통운",
            name_en="CJ Logistics",
            tracking_url="https://trace.cjlogistics.com/next/tracking.html?wblNo={number}",
            lengths=(10, 12),
            also=("대한통운", "CJ택배", "CJ GLS", "Korea Express"),
        ),
        KnownCarrier(
            code="hanjin",
            name="한진택배",
            name_en="Hanjin",
            tracking_url=(
                "https://www.hanjin.com/kor/CMS/DeliveryMgr/WaybillResult.do?mCode=MN038&schLang=KR&wblnum={number}"
            ),
            lengths=(10, 12, 14),
            also=("한진",),
        ),
        KnownCarrier(
            code="lotte",
            name="롯데택배",
            name_en="Lotte Global Logistics",
            tracking_url="https://www.lotteglogis.com/home/reservation/tracking/linkView?InvNo={number}",
            lengths=(10, 12, 13),
            also=("롯데", "롯데글로벌로지스", "현대택배", "Lotte"),
        ),
        KnownCarrier(
            code="epost",
            name="우체국택배",
            name_en="Korea Post",
            tracking_url=(
                "https://service.epost.go.kr/trace.RetrieveDomRigiTraceList.comm?sid1={number}&displayHeader=N"
            ),
            lengths=(13,),
            also=("우체국", "우정사업본부", "ePOST"),
            s10=True,
        ),
        KnownCarrier(
            code="logen",
            name="로젠택배",
            name_en="Logen",
            tracking_url="https://www.ilogen.com/web/personal/trace/{number}",
            lengths=(10, 11),
            also=("로젠",),
        ),
    )
}
"""The Korean carriers. Any other one is entered by hand."""
UNUSUAL_LENGTH: Final = _("{carrier} numbers usually have {lengths} digits; {number} has {count}.")
NOT_DIGITS: Final = _("{carrier} numbers are digits; {number} is not.")
CHECK_DIGIT: Final = _("The check digit of {number} does not fit: one of its digits is probably wrong.")


@dataclass(frozen=True, slots=True)
class Warned:
    """What looks wrong about a number: an English sentence with {fields}, and the words for them."""

    sentence: str
    fields: Mapping[str, str]


def looked_at(kind: str, number: str) -> Warned | None:
    """What is unusual about a number of a carrier of the table; None = nothing, or nothing is known of the carrier."""
    known = KNOWN.get(kind)
    plain = number.replace("-", "").replace(" ", "").upper()
    if known is None or not plain:
        return None
    if known.s10 and (parts := _S10.fullmatch(plain)):
        return None if s10_digit(parts[1]) == int(parts[2]) else Warned(CHECK_DIGIT, {"number": number})
    if not (plain.isascii() and plain.isdigit()):
        return Warned(NOT_DIGITS, {"carrier": known.name, "number": number})
    if len(plain) not in known.lengths:
        lengths = ", ".join(str(length) for length in known.lengths)
        words = {"carrier": known.name, "lengths": lengths, "number": number, "count": str(len(plain))}
        return Warned(UNUSUAL_LENGTH, words)
    return None


def s10_digit(serial: str) -> int:
    """The check digit of the eight digits of an international parcel number (UPU S10).

    >>> s10_digit("47312482")
    9
    """
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def mod7_number(serial: str) -> str:
    """A serial with its remainder by 7 as a last digit."""
    return f"{serial}{int(serial) % 7}"


def tracking_address(pattern: str, number: str) -> str:
    """Where a parcel can be followed; "" where the carrier's address is not known."""
    return pattern.replace(NUMBER_PLACE, number) if number and NUMBER_PLACE in pattern else ""


def kind_of(name: str) -> str:
    """Which carrier of the table a name means; "" = none of it."""
    return next((code for code, known in KNOWN.items() if name and same_carrier(code, known.name, name)), "")


def same_carrier(kind: str, name: str, theirs: str) -> bool:
    """Whether a store's word for a carrier means ours: its name without blanks and case, or a known other name."""
    known = KNOWN.get(kind)
    ours = {name, *((known.name, known.name_en, *known.also) if known else ())}
    return _bare(theirs) in {_bare(word) for word in ours if word}


def _bare(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())
