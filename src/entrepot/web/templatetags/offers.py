"""Tags about changes of listings."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import Difference, Finding, Listing, ListingChange
from entrepot.channels.queries.shelves import Place, Shelves
from entrepot.channels.services.fixes import Fix
from entrepot.web.templatetags.desk import icon
from entrepot.web.wording import marks, words
from entrepot.web.wording.amounts import amount_text
from entrepot.web.wording.offers import Amount, Names, change_words, difference_words

register = template.Library()

STATES = {
    ListingChange.State.WAITING: marks.Mark("busy", icon="hourglass"),
    ListingChange.State.DONE: marks.Mark("good", icon="circle-check"),
    ListingChange.State.FAILED: marks.Mark("bad", icon="alert-triangle"),
    ListingChange.State.OVERTAKEN: marks.Mark("quiet", icon="arrow-back-up"),
    ListingChange.State.CANCELED: marks.Mark("quiet", icon="circle-x"),
}


@register.filter
def change_sentence(change: ListingChange, listing: Listing | None) -> str:
    """What was asked for."""
    return change_words(change, _in(listing.currency if listing else change.store.sales_channel.currency))


@register.simple_tag
def difference_sentence(difference: Difference, listing: Listing, names: Names) -> str:
    """What the store shows, and what was agreed. `names`: of the stores' categories."""
    return difference_words(difference, _in(listing.currency), names)


WHY: dict[str, Promise] = {
    "sku": _("same SKU"),
    "barcode": _("same barcode"),
    "name": _("same name"),
    "alike": _("a name like it"),
    "path": _("same path"),
}


@register.filter
def why_words(why: str) -> str:
    """Why an item is suggested for a listing."""
    return str(WHY[why])


@register.filter
def fix_label(finding: Finding, fix: Fix) -> str:
    """What the button of a fix says at its finding."""
    return words.fix_words(finding, fix.label)


FOR_MANY: dict[str, Promise] = {
    "same": _("They are the same things"),
    "own": _("They are things of their own"),
    "take": _("Call them so here too"),
    "other": _("They are other things"),
}


@register.filter
def fix_many(fix: Fix) -> str:
    """What the button of a fix says for many findings at once."""
    return str(FOR_MANY[fix.key])


@register.filter
def gone_ones(places: Sequence[Place]) -> bool:
    """Whether the store has one of these places no more."""
    return any(place.gone for place in places)


@register.filter
def shelf_label(place: Place, there: Shelves) -> str:
    """A place of a store as a person writes it."""
    return there.label(place)


@register.simple_tag
def change_mark(change: ListingChange) -> SafeString:
    """Where a change stands: icon, word and tone."""
    found = STATES[ListingChange.State(change.state)]
    word = change.get_state_display()
    return format_html('<span class="mark mark-{}">{}{}</span>', found.tone, icon(found.icon), word)


def _in(currency: str) -> Amount:
    def written(text: str) -> str:
        return f"{amount_text(Decimal(text), currency)} {currency}"

    return written
