"""What the table beside a chart needs."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from entrepot.web.charts.charts import Cell
from entrepot.web.templatetags.desk import number
from entrepot.web.wording.amounts import DASH

register = template.Library()


@register.filter
def chart_rows(rows: Iterable[Sequence[Cell]]) -> SafeString:
    """The table's rows: what each is of, then its cells. By one function, as a chart has hundreds of rows."""
    return mark_safe("".join([f"<tr>{_head(row[0])}{''.join(map(_cell, row[1:]))}</tr>" for row in rows]))  # noqa: S308 - every cell is escaped


def _head(value: Cell) -> str:
    return f'<th scope="row">{escape(value)}</th>'


def _cell(value: Cell) -> str:
    """Numbers to the right, in the reader's way; a dash where nothing is known."""
    if value is None:
        return f'<td class="num">{DASH}</td>'
    if isinstance(value, str):
        return f"<td>{escape(value)}</td>"
    return f'<td class="num">{escape(number(value))}</td>'
