"""Amounts as a screen shows them: exact, grouped, with their currency; of a currency without cents in whole coins."""

from decimal import Decimal

from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from entrepot.kernel.money import Money, plain, shown, shown_places

DASH = SafeString('<span class="text-secondary" aria-hidden="true">–</span>')


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount as it is kept, at least its currency's places; of a currency without cents in whole coins."""
    places = shown_places(amount, currency)
    return formats.number_format(shown(amount, currency), decimal_pos=places, use_l10n=True, force_grouping=True)


def money(amount: Decimal | None, currency: str) -> SafeString:
    """An amount and its currency; hovering shows what whole coins leave out."""
    if amount is None:
        return DASH
    if shown(amount, currency) != amount:
        return money_short(amount, currency)
    return format_html('<span class="money">{}{}</span>', amount_text(amount, currency), _coin_word(currency))


def _coin_word(currency: str) -> SafeString:
    """The currency behind a figure: ` KRW`, and in Korean 원 without a gap."""
    if currency == "KRW" and (get_language() or "").startswith("ko"):
        return SafeString("<small>원</small>")
    return format_html(" <small>{}</small>", currency)


def money_short(amount: Decimal, currency: str) -> SafeString:
    """For lists: in the smallest coin of the currency; hovering shows the amount as it is kept."""
    coins = Money(amount, currency).rounded().amount
    return format_html(
        '<span class="money" title="{}">{}{}</span>',
        plain(amount),
        amount_text(coins, currency),
        _coin_word(currency),
    )


def converted(amount: Decimal, rate: Decimal, currency: str) -> SafeString:
    """An amount as the buyer saw it: × rate, in the smallest coin of that currency."""
    return money(Money(amount * rate, currency).rounded().amount, currency)
