"""Bin labels: what they may be, the order people walk them in, and whole rows of them. Pure."""

import re
from itertools import product

from entrepot.warehouse.errors import BinCodeInvalid, LayoutInvalid, LayoutTooLarge

LONGEST = 40
MOST = 5000
_LABEL = re.compile(r"[A-Z0-9][A-Z0-9./-]*")
_PARTS = re.compile(r"\d+|[^\d]+")
_TOKENS = re.compile(r"\d+|[A-Z]+|[./-]")


def label(text: str) -> str:
    """A label as it is kept: capitals, no blanks around it.

    Raises:
        BinCodeInvalid: It has other characters than letters, digits, `-`, `.` and `/`, or too many.
    """
    code = text.strip().upper()
    if len(code) > LONGEST or not _LABEL.fullmatch(code):
        raise BinCodeInvalid(field="code", reason="", bin=text[:60], longest=LONGEST)
    return code


def walking_path(code: str) -> str:
    """The key that sorts labels as people walk: A-2-1 before A-10-1."""
    return "".join(part.zfill(8) if part.isdigit() else part for part in _PARTS.findall(code))[:120]


def row_of_labels(first: str, last: str) -> list[str]:
    """Every label from `first` to `last`, part by part: A-01-01 to B-02-02 are eight. Widths are kept.

    Raises:
        LayoutInvalid: The two have not the same parts, or a part of `last` comes before that of `first`.
        LayoutTooLarge: They would be more than 5,000.
        BinCodeInvalid: One of them is no label.
    """
    begin, end = label(first), label(last)
    left, right = _TOKENS.findall(begin), _TOKENS.findall(end)
    if len(left) != len(right):
        raise LayoutInvalid(field="last", reason="", first=begin, last=end)
    spans = [_span(*pair) for pair in zip(left, right, strict=True)]
    if not all(spans):
        raise LayoutInvalid(field="last", reason="", first=begin, last=end)
    total = 1
    for span in spans:
        total *= len(span)
    if total > MOST:
        raise LayoutTooLarge(field="last", reason="", bins=total, most=MOST)
    return ["".join(parts) for parts in product(*spans)]


def _span(first: str, last: str) -> list[str]:
    """The parts from one to another, both among them; empty = there is no way."""
    if first.isdigit() and last.isdigit():
        if len(last) < len(first):
            return []
        numbers = range(int(first), min(int(last), int(first) + MOST) + 1)
        return [str(number).zfill(len(first)) for number in numbers]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [first] if first == last else []
