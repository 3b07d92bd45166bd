"""Changes of listings and differences as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepot.channels.models import Difference, ListingChange

Kind = ListingChange.Kind
Amount = Callable[[str], str]
"""Writes an amount that was kept as text, with its currency."""
Names = Mapping[tuple[int, str], str]
"""The stores' categories by store and id."""
LONGEST = 160


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


def difference_words(difference: Difference, amount: Amount, names: Names) -> str:
    """What the store shows, and what was agreed."""
    facts = {
        "field": field_word(difference.field),
        "ours": _value(difference, difference.ours, amount, names),
        "theirs": _value(difference, difference.theirs, amount, names),
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


def said(store_id: int, name: str, value: Any, names: Names) -> str:  # noqa: ANN401 - a field as the store tells it
    """A value of a field as a person reads it."""
    if not value:
        return ""
    match name:
        case "category_ids":
            return " · ".join(names.get((store_id, str(one)), f"#{one}") for one in value)
        case "attributes":
            return " · ".join(f"{pair[0]}: {pair[1]}" for pair in value if len(pair) == 2)
        case "description":
            text = " ".join(strip_tags(str(value)).split())
            return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        case _:
            return str(value)


def _value(difference: Difference, value: Any, amount: Amount, names: Names) -> str:  # noqa: ANN401 - likewise
    match difference.field:
        case "active":
            return _("visible") if value else _("hidden")
        case "price" | "retail_price":
            return "–" if value is None else amount(str(value))
        case "images":
            count = len(value or ())
            return ngettext("%(count)s picture", "%(count)s pictures", count) % {"count": count}
        case name:
            return said(difference.listing.store_id, name, value, names) or "–"
