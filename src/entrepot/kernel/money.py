"""Amounts as stores keep them: `Decimal` with four places and a currency beside it, never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

STORED_PLACES = Decimal("0.0001")
ZERO_DECIMAL_CURRENCIES = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905 - a list to compare
)
"""Currencies of which ISO 4217 says that they have no minor unit. HUF and TWD have one, though shops seldom show it."""

THREE_DECIMAL_CURRENCIES = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies with a thousandth."""


def coin_of(currency: str) -> Decimal:
    """The smallest coin of a currency: 1 won, 1 cent, 1 fils."""
    if currency in ZERO_DECIMAL_CURRENCIES:
        return Decimal(1)
    return Decimal("0.001") if currency in THREE_DECIMAL_CURRENCIES else Decimal("0.01")


def parse_amount(text: object) -> Decimal:
    """Read a store's amount (`"19.9900"`, `12`, `"-3"`) exactly.

    Raises:
        ValueError: It is no finite number, or a float (whose last digits are already lost).
    """
    if isinstance(text, bool | float) or not isinstance(text, str | int | Decimal):
        raise ValueError(f"not an exact amount: {text!r}")  # noqa: TRY004 - one error for all bad input
    if isinstance(text, str) and "_" in text:  # Python would read it; no shop means it
        raise ValueError(f"not an amount: {text!r}")
    try:
        amount = Decimal(text.strip() if isinstance(text, str) else text)
    except InvalidOperation:
        raise ValueError(f"not an amount: {text!r}") from None
    if not amount.is_finite():
        raise ValueError(f"not a finite amount: {text!r}")
    return amount


def shown_places(amount: Decimal, currency: str) -> int:
    """How many places people are shown: none of a currency without a smaller coin, else its own and what is finer."""
    if currency in ZERO_DECIMAL_CURRENCIES:
        return 0
    exponent = amount.normalize().as_tuple().exponent
    least = -int(coin_of(currency).as_tuple().exponent)
    return max(least, -exponent) if isinstance(exponent, int) else least


def shown(amount: Decimal, currency: str) -> Decimal:
    """The amount with the places people are shown; 9,090.9091 won is 9,091 to read, and stays what it is to count."""
    return amount.quantize(Decimal(1).scaleb(-shown_places(amount, currency)), ROUND_HALF_UP)


def plain(amount: Decimal) -> str:
    """The amount without trailing zeros and never with an exponent, so that equal amounts are equal texts."""
    return f"{amount.normalize():f}"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217, upper case)."""

    amount: Decimal
    currency: str

    def rounded(self) -> "Money":
        """The amount in the smallest coin of its currency, halves away from zero."""
        return Money(self.amount.quantize(coin_of(self.currency), ROUND_HALF_UP), self.currency)
