"""Names of people, written as their own script writes them."""

import re
from typing import Final

_HANGUL: Final = re.compile(r"[가-힣\s]+")


def full_name(first: str, last: str) -> str:
    """Given and family name in one: `Mina Kim`, and 김민아 where both are written in Hangul."""
    first, last = first.strip(), last.strip()
    if first and last and _HANGUL.fullmatch(first) and _HANGUL.fullmatch(last):
        return last if last.startswith(first) or first == last else last + first
    return " ".join(part for part in (first, last) if part)
