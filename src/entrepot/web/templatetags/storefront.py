"""Marks of a product in a store, and of one field of it there."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from entrepot.channels.queries.storefront import State, Way
from entrepot.web.templatetags.desk import icon
from entrepot.web.wording import marks

register = template.Library()

STATES = {
    State.UNLISTED: marks.Mark("quiet", icon="circle-off", word=_("Not listed")),
    State.DRAFT: marks.Mark("wait", icon="pencil", word=_("Draft")),
    State.SENDING: marks.Mark("busy", icon="hourglass", word=_("On its way")),
    State.ACTIVE: marks.Mark("good", icon="circle-check", word=_("Active")),
    State.INACTIVE: marks.Mark("quiet", icon="eye-off", word=_("Inactive")),
    State.OUT_OF_STOCK: marks.Mark("wait", icon="box", word=_("Out of stock")),
    State.FAILED: marks.Mark("bad", icon="alert-triangle", word=_("Refused by the store")),
    State.UNLINKED: marks.Mark("bad", icon="unlink", word=_("Not matched")),
    State.MISSING: marks.Mark("bad", icon="alert-triangle", word=_("Missing in the store")),
    State.DELETED: marks.Mark("quiet", icon="trash", word=_("Deleted in the store")),
}
WAYS = {
    Way.SENDING: marks.Mark("busy", icon="hourglass", word=_("On its way")),
    Way.REFUSED: marks.Mark("bad", icon="alert-triangle", word=_("Refused by the store")),
    Way.UNSENT: marks.Mark("wait", icon="upload", word=_("To be sent")),
    Way.THERE: marks.Mark("good", icon="check", word=_("As we sent it")),
    Way.CHANGED: marks.Mark("wait", icon="arrows-diff", word=_("Changed in the store")),
}


@register.simple_tag
def place_mark(state: State) -> SafeString:
    """Where a product stands in a store."""
    return _badge(STATES[state])


@register.simple_tag
def way_mark(way: Way) -> SafeString:
    """Where one field stands; nothing where nothing was wished of it."""
    return _badge(WAYS[way]) if way in WAYS else SafeString("")


def _badge(found: marks.Mark) -> SafeString:
    return format_html('<span class="mark mark-{}">{}{}</span>', found.tone, icon(found.icon), found.word)
