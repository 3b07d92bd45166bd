"""What an empty list must know: whether it is its filters that leave nothing."""

from typing import Final

from django import template
from django.template.context import Context

register = template.Library()
PLACES: Final = {"w", "what", "after"}
"""Parameters of a list that say where one is, not what of it is wanted."""


@register.simple_tag(takes_context=True)
def without_filters(context: Context) -> str:
    """The address of this list without its filters; "" where none is set."""
    query = context["request"].GET.copy()
    if not any(query.get(name) for name in set(query) - PLACES):
        return ""
    for name in set(query) - (PLACES - {"after"}):
        del query[name]
    return f"?{query.urlencode()}"
