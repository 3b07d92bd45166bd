"""The words of the list's address as a filter: for the list, and for deeds that are done to all that fit it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone

from entrepot.fulfilment.finding import with_parcels
from entrepot.orders import queries
from entrepot.orders.models import Status
from entrepot.web.desk import Desk
from entrepot.web.forms.filters import OrderFilters

OPEN = ("channel", "hold", "tag", "country", "payment", "origin", "carrier", "warehouse")
"""Fields whose choices depend on what the seller has. Any word may be asked for; what nobody has, finds nothing."""


def filters_of(words: QueryDict) -> OrderFilters:
    """The form of the filters, bound to an address."""
    form = OrderFilters(words)
    for name in OPEN:
        field, word = form.fields[name], words.get(name, "")[:200].replace("\x00", "")
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", ""), (word, word)]
    return form


def narrowing(here: Desk, words: QueryDict) -> queries.OrderFilter:
    """What the list is narrowed by; words that make no sense are passed over."""
    form = filters_of(words)
    word: Callable[[str], str] = lambda name: form.value(name) or ""  # noqa: E731 - a choice nobody knows is none
    status, until = words.get("status", ""), form.value("until")
    by = queries.OrderFilter(
        search=word("q"),
        status=status if status in Status.values else "",
        hold_code=word("hold")[:40],
        channel_id=form.value("channel"),
        tag=word("tag"),
        placed_from=_midnight(form.value("since")),
        placed_before=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
        country=word("country"),
        payment=word("payment"),
        origin=word("origin"),
        pickup=bool(form.value("pickup")),
        note=word("note"),
        total_from=form.value("total_from"),
        total_to=form.value("total_to"),
        warehouse_id=form.value("warehouse"),
        channel_ids=here.store_ids,
        oldest_first=form.value("sort") == "oldest",
    )
    return with_parcels(
        seller_id=here.seller_id,
        by=by,
        carrier_id=form.value("carrier"),
        label=word("label"),
        number=word("number"),
    )


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a day by the viewer's clock."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
