"""The words of the list's address as a filter: for the list, and for deeds that are done to all that fit it."""

from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone

from entrepot.orders import queries
from entrepot.orders.models import Status
from entrepot.web.desk import Desk
from entrepot.web.forms.filters import OrderFilters
from entrepot.web.forms.look import with_all


def narrowing(here: Desk, words: QueryDict) -> queries.OrderFilter:
    """What the list is narrowed by; words that make no sense are passed over."""
    filters = OrderFilters(words)
    channels = queries.sales_channels(seller_id=here.seller_id, channel_ids=here.store_ids)
    filters.fields["channel"].choices = with_all("", [(row.pk, row.name) for row in channels])  # type: ignore[attr-defined]
    tag = words.get("tag", "")
    filters.fields["tag"].choices = with_all("", [(tag, tag)])  # type: ignore[attr-defined]
    status, until = words.get("status", ""), filters.value("until")
    return queries.OrderFilter(
        search=filters.value("q"),
        status=status if status in Status.values else "",
        hold_code=words.get("hold", "")[:40],
        channel_id=filters.value("channel"),
        tag=filters.value("tag"),
        placed_from=_midnight(filters.value("since")),
        placed_before=_midnight(until + timedelta(days=1)) if until else None,
        channel_ids=here.store_ids,
    )


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a day by the viewer's clock."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
