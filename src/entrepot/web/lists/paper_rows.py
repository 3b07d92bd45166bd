"""The rows of a wave's pick lists, of a receipt and of a warehouse's totes as HTML. There are hundreds of them, so each
is one function and not a template, which takes three times as long (`benchmarks/screens.py`).
"""  # noqa: D205 - the reason is one sentence

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from entrepot.warehouse.models import ReceiptLine, Tote
from entrepot.warehouse.queries.walks import Stop
from entrepot.web.templatetags.desk import number, signed


def pick_rows(stops: Iterable[Stop]) -> SafeString:
    """What is walked to, in walking order, with the order each is for."""
    item, picked, order = map(escape, (_("Item"), _("Picked"), _("Order")))
    address = reverse("web:order", args=[0])
    rows = []
    for stop in stops:
        short = f' <span class="negative">{escape(_("%(n)s short") % {"n": stop.short})}</span>' if stop.short else ""
        tote = f' <span class="mono sub">{escape(stop.tote)}</span>' if stop.tote else ""
        href = address.replace("/0/", f"/{stop.order_id}/")
        rows.append(
            f'<tr><td class="mono">{escape(stop.bin or "–")}</td>'
            f'<td class="mono" data-label="SKU">{escape(stop.sku)}</td>'
            f'<td data-label="{item}"><span class="clip">{escape(stop.name)}</span></td>'
            f'<td class="num" data-label="{picked}">{number(stop.picked)} / {number(stop.quantity)}{short}</td>'
            f'<td data-label="{order}"><span><a href="{href}">{escape(stop.number)}</a>{tote}</span></td></tr>'
        )
    return mark_safe("".join(rows))  # noqa: S308 - every cell is escaped


def who_options(names: Sequence[str], chosen: str) -> SafeString:
    """Who may be chosen to walk a list."""
    shown = (f"<option{' selected' if name == chosen else ''}>{escape(name)}</option>" for name in names)
    return mark_safe("".join(shown))  # noqa: S308 - every name is escaped


def receipt_rows(lines: Iterable[ReceiptLine], *, is_open: bool) -> SafeString:
    """What was due and what came, with what is apart."""
    item, due, came, apart = map(escape, (_("Item"), _("Due"), _("Came"), _("Difference")))
    address = reverse("web:stock_item", args=[0])
    rows = []
    for line in lines:
        href = address.replace("/0/", f"/{line.item_id}/")
        rows.append(
            f'<tr><td class="mono"><a class="row-title" href="{href}">{escape(line.item.sku)}</a></td>'
            f'<td data-label="{item}"><span class="clip">{escape(line.item.name)}</span></td>'
            f'<td class="num" data-label="{due}">{number(line.expected)}</td>'
            f'<td class="num" data-label="{came}">{number(line.received)}</td>'
            f'<td class="num" data-label="{apart}">{_apart(line.received - line.expected, is_open=is_open)}</td></tr>'
        )
    return mark_safe("".join(rows))  # noqa: S308 - every cell is escaped


def _apart(difference: int, *, is_open: bool) -> str:
    """What has not come is only late while the receipt is open."""
    if not difference:
        return "0"
    tone = "negative" if difference < 0 and not is_open else "scarce"
    return f'<strong class="{tone}">{escape(signed(difference))}</strong>'


def tote_lines(totes: Iterable[Tote], *, form: str) -> SafeString:
    """Each tote and what lies in it. `form`: how the form begins that takes a tote out of use, "" = may not."""
    free, unused, out, back = map(escape, (_("free"), _("not in use"), _("Out of use"), _("Use again")))
    lines = []
    for tote in totes:
        said = escape(tote.work.number) if tote.work else free if tote.active else unused
        deed = ""
        if form and not tote.work:
            again = "" if tote.active else '<input type="hidden" name="active" value="1">'
            deed = (
                f'{form}<input type="hidden" name="tote" value="{tote.pk}">{again}'
                f'<button class="btn btn-sm btn-plain">{out if tote.active else back}'
                f'<span class="visually-hidden"> {escape(tote.code)}</span></button></form>'
            )
        quiet = "" if tote.active else " row-quiet"
        code = f'<span class="mono">{escape(tote.code)}</span>'
        lines.append(f'<li class="tote-line{quiet}">{code} <span class="sub">{said}</span>{deed}</li>')
    return mark_safe("".join(lines))  # noqa: S308 - every word is escaped
