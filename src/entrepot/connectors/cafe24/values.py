"""Single values of Cafe24's JSON → plain values. A fact comes in several dresses; a missing one equals null. Pure."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

Entry = TypeVar("Entry")

Amount = str | int | float | None
"""Money as the mall writes it: "15000.00", "27000", 15000, null."""
Flag = str | bool | int | None
"""A switch as the mall writes it: "T" and "F", a JSON boolean in a few places."""
Text = str | int | float | None


def money(stated: Amount) -> Decimal | None:
    """An amount exactly; None for null and "".

    Raises:
        ValueError: It is no finite number.
    """
    if stated is None or stated == "":
        return None
    if isinstance(stated, bool) or (isinstance(stated, str) and "_" in stated):
        raise ValueError(f"not an amount: {stated!r}")
    try:
        amount = Decimal(str(stated).strip().replace(",", ""))  # a float's shortest text is what the mall wrote
    except InvalidOperation:
        raise ValueError(f"not an amount: {stated!r}") from None
    if not amount.is_finite():
        raise ValueError(f"not a finite amount: {stated!r}")
    return amount


def truth(stated: Flag) -> bool:
    """Whether a switch is on."""
    return (
        stated is True or stated == 1 or (isinstance(stated, str) and stated.strip().upper() in {"T", "TRUE", "1", "Y"})
    )


def switch(on: bool) -> str:  # noqa: FBT001 - one value, one letter
    """A switch as the mall takes it."""
    return "T" if on else "F"


def text(stated: Text) -> str:
    """Text without blanks around it; "" for null."""
    return "" if stated is None else str(stated).strip()


def whole(stated: Text) -> int | None:
    """A whole number, also one written as text; None for null, "" and what is none."""
    try:
        return int(str(stated).strip())
    except ValueError:
        return None


def won(amount: Decimal) -> str:
    """An amount as the mall takes it: two places, as it writes them itself."""
    return f"{amount:.2f}"


def each(stated: Sequence[Entry] | str | None) -> Sequence[Entry]:
    """The entries of a list; the mall writes an empty one also as null or ""."""
    return () if stated is None or isinstance(stated, str) else stated
