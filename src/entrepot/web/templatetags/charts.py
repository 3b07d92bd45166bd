"""What the table beside a chart needs."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from entrepot.web.charts.charts import Cell
from entrepot.web.templatetags.desk import number
from entrepot.web.wording.amounts import DASH

register = template.Library()


@register.filter
def cell(value: Cell) -> SafeString:
    """A cell of the table: numbers to the right, in the reader's way; a dash where nothing is known."""
    if value is None:
        return format_html('<td class="num">{}</td>', DASH)
    if isinstance(value, str):
        return format_html("<td>{}</td>", value)
    shown = number(value)
    return format_html('<td class="num">{}</td>', shown)
