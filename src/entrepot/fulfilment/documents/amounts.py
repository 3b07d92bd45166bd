"""Amounts, weights and rates as they are printed: never rounded, never a float."""

from decimal import Decimal

from entrepot.fulfilment.documents.words import Language
from entrepot.kernel.money import ZERO_DECIMAL_CURRENCIES, Money, plain


def amount_text(amount: Decimal, currency: str) -> str:
    """`45,000` won, `1,234.50` euro; more places only where the amount has them."""
    places = 0 if currency in ZERO_DECIMAL_CURRENCIES else 2
    digits = plain(amount)
    needed = len(digits.partition(".")[2])
    return f"{amount:,.{max(places, needed)}f}" if amount else f"{Decimal(0):.{places}f}"


def money_text(money: Money, language: Language) -> str:
    """An amount with its currency: `KRW 45,000`, in Korean `45,000원`."""
    amount = amount_text(money.amount, money.currency)
    if language == "ko" and money.currency == "KRW":
        return f"{amount}원"
    return f"{money.currency} {amount}"


def weight_text(grams: int) -> str:
    """`850 g`, `1.25 kg`."""
    return f"{grams} g" if grams < 1000 else f"{plain(Decimal(grams) / 1000)} kg"


def rate_text(rate: Decimal) -> str:
    """`10 %`, `5.5 %`."""
    return f"{plain(rate)} %"
