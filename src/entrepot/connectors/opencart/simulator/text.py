"""Text and numbers as OpenCart's database holds them (reference §6, cases 4, 30, 40)."""

import html
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

ZERO_DATE = "0000-00-00"
LOCAL_STAMP = "%Y-%m-%d %H:%M:%S"
_LEADING_INTEGER = re.compile(r"\s*[-+]?\d+")


def escape(text: str) -> str:
    """Escape as the shop's request does: `& < > "` and never the apostrophe."""
    return html.escape(text, quote=False).replace('"', "&quot;")


def unescape(text: str | None) -> str:
    """Read stored text as a person would."""
    return html.unescape(text or "")


def fit(text: str, width: int) -> str:
    """Cut over-long text as the shop's non-strict SQL does, without a word."""
    return text[:width]


def decimal(amount: object) -> Decimal:
    """Read an amount written as text or number; floats by their shortest form.

    Raises:
        ValueError: It is no finite number.
    """
    try:
        number = Decimal(str(amount).strip())
    except InvalidOperation:
        raise ValueError(f"not a number: {amount!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a finite number: {amount!r}")
    return number


def stored(amount: Decimal | str, places: int = 4) -> str:
    """Write an amount as a DECIMAL column gives it back: fixed places, half away from zero."""
    rounded = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)
