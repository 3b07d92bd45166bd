"""What the templates of long lists need beyond `desk`."""

from django import template
from django.template.context import Context

from entrepot.web.templatetags.desk import same_list

register = template.Library()


@register.simple_tag(takes_context=True)
def without_filter(context: Context, name: str) -> str:
    """The address of this list without one of its filters."""
    return same_list(context, **{name: ""})
