"""Changes of listings and differences as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from entrepot.channels.models import Difference, ListingChange

Kind = ListingChange.Kind
Amount = Callable[[str], str]
"""Writes an amount that was kept as text, with its currency."""


def change_words(change: ListingChange, amount: Amount) -> str:
    """What was asked for, with the figures before and after."""
    facts: Mapping[str, Any] = change.fields
    match change.kind:
        case Kind.PRICE:
            before = change.before.get("price")
            said = _("Price: %(before)s → %(after)s") % {
                "before": amount(before) if before else "–",
                "after": amount(facts["price"]),
            }
            retail = facts.get("retail_price")
            return said + (" · " + _("retail %(price)s") % {"price": amount(retail)} if retail else "")
        case Kind.CREATE:
            return _("List it for %(price)s") % {"price": amount(facts["price"])}
        case Kind.UPDATE:
            return _("Change: %(fields)s") % {"fields": ", ".join(field_word(name) for name in facts)}
        case _:
            return str(Kind(change.kind).label)


def difference_words(difference: Difference, amount: Amount) -> str:
    """What the store shows, and what was agreed."""
    facts = {
        "field": field_word(difference.field),
        "ours": _value(difference.field, difference.ours, amount),
        "theirs": _value(difference.field, difference.theirs, amount),
    }
    return _("%(field)s: the store shows %(theirs)s, here it was %(ours)s") % facts


def field_word(name: str) -> str:
    """A field's name as a merchant says it."""
    words = {
        "price": _("Selling price"),
        "retail_price": _("Retail price (MRP)"),
        "title": _("Name"),
        "name": _("Name"),
        "active": _("Visibility"),
        "description": _("Description"),
        "brand": _("Brand"),
        "category_ids": _("Categories"),
        "images": _("Images"),
        "attributes": _("Attributes"),
    }
    return words.get(name, name)


def _value(field: str, value: object, amount: Amount) -> str:
    if field == "active":
        return _("visible") if value else _("hidden")
    if value is None:
        return "–"
    return amount(str(value)) if field in {"price", "retail_price"} else str(value)
