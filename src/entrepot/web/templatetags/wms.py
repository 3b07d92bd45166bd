"""How the warehouse's papers look: the state of each as an icon, a word and a tone."""

from typing import Final

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from entrepot.warehouse.models import Count, CountLine, Manifest, PickList, Receipt, Return, Wave, WorkOrder
from entrepot.web.templatetags.desk import badge

register = template.Library()
Paper = Receipt | Count | CountLine | WorkOrder | Wave | PickList | Manifest | Return
LOOKS: Final[dict[str, tuple[str, str]]] = {
    "open": ("fresh", "inbox"),
    "closed": ("good", "circle-check"),
    "canceled": ("quiet", "circle-x"),
    "counting": ("busy", "list-check"),
    "to_approve": ("wait", "hourglass"),
    "done": ("good", "circle-check"),
    "released": ("fresh", "inbox"),
    "picking": ("busy", "shopping-cart"),
    "picked": ("busy", "package"),
    "packed": ("busy", "package-export"),
    "handed_over": ("good", "truck-delivery"),
    "recalled": ("quiet", "arrow-back-up"),
    "expected": ("wait", "hourglass"),
    "received": ("busy", "package"),
    "counted": ("wait", "hourglass"),
    "approved": ("good", "circle-check"),
    "dropped": ("quiet", "circle-x"),
}
"""Tone and icon of each state; one word means the same on every paper."""


@register.simple_tag
def stage(paper: Paper) -> SafeString:
    """The state of a receipt, count, order in the warehouse, wave, pick list, manifest or return."""
    tone, icon = LOOKS[paper.state]
    return badge(tone, icon, paper.get_state_display())


@register.filter
def because(why: str) -> str:
    """Why a bin is suggested."""
    match why:
        case "lies_there":
            return gettext("it lies there already")
        case "empty_in_its_zone":
            return gettext("empty, in the zone it lay in last")
        case _:
            return gettext("empty")


@register.filter
def pieces(count: int) -> str:
    """`3 pieces`."""
    return ngettext("%(n)s piece", "%(n)s pieces", count) % {"n": f"{count:,}"}


@register.filter
def share(part: int, whole: int) -> int:
    """How many hundredths of the whole that is."""
    return round(part * 100 / whole) if whole else 0
