"""Tags about the payload journal."""

from django import template
from django.utils.translation import gettext

from entrepot.channels.models import JournalEntry
from entrepot.channels.words import call_purpose
from entrepot.web.wording import words

register = template.Library()


@register.filter
def call_words(entry: JournalEntry) -> str:
    """What a call was for; "" where its kind of store does not say."""
    return call_purpose(entry)


@register.filter
def call_trouble(entry: JournalEntry) -> str:
    """Why a call failed; "" where it did not, or where only its status tells."""
    return words.code_sentence(entry.error_code, entry.error_reason) if entry.error_code else ""


@register.filter
def first_sentence(text: str) -> str:
    """What a list has room for; the dots of addresses end no sentence."""
    first, dot, _rest = text.partition(". ")
    return first + dot.rstrip()


@register.filter
def about_words(about: str) -> str:
    """A thing in a store that a call was about, kept as `order:12` or `product:40`."""
    kind, _, number = about.partition(":")
    match kind:
        case "order":
            return gettext("Order %(number)s") % {"number": number}
        case "product":
            return gettext("Product %(number)s") % {"number": number}
    return about
