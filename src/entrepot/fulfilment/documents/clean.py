"""People's text made fit for paper: what cannot be shown is replaced where everybody sees it, never dropped silently.

Control and format characters (also those that turn the direction of writing round) go; spaces of every kind become
one space; what the typefaces lack becomes `□`.
"""

import unicodedata
from dataclasses import fields, is_dataclass

from entrepot.fulfilment.documents.typeface import KOREAN, LATIN, Weight, advances

UNKNOWN = "□"
LONGEST = 4000
"""Characters of one text that are looked at. The rest is cut, and `…` says so."""
UNFIT = frozenset("〱〲Ѽ")
"""Higher than a line."""


class _Table(dict[int, str]):
    """For `str.translate`: each character is judged once."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _shown(chr(code))
        return found


def _shown(char: str) -> str:
    kind = unicodedata.category(char)
    if char.isspace() or kind in {"Zs", "Zl", "Zp"}:
        return " "
    if kind in {"Cc", "Cf"} or "\ufe00" <= char <= "\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return ""
    known = char in advances(KOREAN, Weight.REGULAR) or char in advances(LATIN, Weight.REGULAR)
    joined = kind[0] == "M" or "\u1100" <= char <= "\u11ff" or char in UNFIT
    return char if known and not joined else UNKNOWN


_TABLE = _Table()


def clean(text: str) -> str:
    """One line of text as it can be set."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text).translate(_TABLE).split())


def clean_lines(text: str) -> str:
    """The same, with the line breaks a person made."""
    return "\n".join(line for line in map(clean, text[:LONGEST].splitlines()) if line)


def clean_code(text: str) -> str:
    """What a barcode says: no control characters, nothing around it, else as it is."""
    if text.isascii() and text.isprintable():
        return text[:LONGEST].strip()
    kept = (char for char in text[:LONGEST] if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    return "".join(kept).strip()


def cleaned(value: object) -> object:
    """Texts, sequences and dataclasses with every text in them cleaned, as JSON can carry them."""
    if isinstance(value, str):
        return clean_lines(value)
    if isinstance(value, bool | int | None):
        return value
    if isinstance(value, list | tuple):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {key: cleaned(one) for key, one in value.items()}
    if is_dataclass(value):
        return {each.name: cleaned(getattr(value, each.name)) for each in fields(value)}
    return clean(str(value))
