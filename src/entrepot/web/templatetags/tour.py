"""The card of the tour, and whether there is a tour at all."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import Context

from entrepot.web.way import tour as tour_of_demo

register = template.Library()


@register.simple_tag
def tour_is_here() -> bool:
    """Whether this installation is the demo, which has a tour."""
    return tour_of_demo.here_is_one()


@register.simple_tag(takes_context=True)
def tour_is_new(context: Context) -> bool:
    """Whether this person has not begun the tour yet."""
    return tour_of_demo.here_is_one() and tour_of_demo.MARK not in context["request"].session


@register.inclusion_tag("web/tour/card.html", takes_context=True)
def tour_card(context: Context) -> Mapping[str, Any]:
    """The stop one is at, on whatever page; nothing for who is not on the tour. Asks the books nothing."""
    here = context.get("desk")
    if here is None or not tour_of_demo.here_is_one():
        return {}
    request = context["request"]
    now = request.session.get(tour_of_demo.MARK)
    if not isinstance(now, dict):
        return {}
    walk = tour_of_demo.stops(here)
    at = min(int(now["at"]), len(walk) - 1)
    there = request.path == now["address"]
    return {
        "stop": walk[at],
        "at": at + 1,
        "total": len(walk),
        "there": there,
        "csrf_token": context.get("csrf_token"),
    }
