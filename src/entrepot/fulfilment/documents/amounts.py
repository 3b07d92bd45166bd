"""Amounts, weights and rates as they are printed: never a float, rounded only to a coin of a currency without cents."""

from decimal import Decimal

from entrepot.fulfilment.documents.words import Language
from entrepot.kernel.money import Money, plain, shown, shown_places


def amount_text(amount: Decimal, currency: str) -> str:
    """`45,000` won, `1,234.50` euro; more places only where the amount has them."""
    return f"{shown(amount, currency) or Decimal(0):,.{shown_places(amount, currency)}f}"


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
