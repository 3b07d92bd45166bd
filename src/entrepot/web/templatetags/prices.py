"""Tags about price lists."""

from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.safestring import SafeString

from entrepot.web.templatetags.desk import badge
from entrepot.web.wording.price_steps import STEPS

register = template.Library()


@register.simple_tag
def step_mark(step: str) -> SafeString:
    """Where a listing stands beside its price list."""
    mark = STEPS[step]
    return badge(mark.tone, mark.icon, mark.word)


@register.filter
def bare(amount: Decimal) -> str:
    """An amount without zeros at its end: 100, 0.05."""
    exponent = amount.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return str(formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True))
