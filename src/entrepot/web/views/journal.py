"""The payload journal: every call between Entrepot and a store, masked."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from entrepot.channels.queries import desk as queries
from entrepot.channels.queries.stores import stores
from entrepot.web.desk import DeskRequest, desk, show
from entrepot.web.forms.filters import JournalFilters
from entrepot.web.forms.look import with_all


@desk("journal.view")
@require_safe
def journal(request: DeskRequest) -> HttpResponse:
    """Calls, newest first."""
    here = request.desk
    filters = JournalFilters(request.GET)
    choices = [(row.pk, row.sales_channel.name) for row in stores(seller_id=here.seller_id, store_ids=here.store_ids)]
    filters.fields["store"].choices = with_all(_("All stores"), choices)  # type: ignore[attr-defined]
    page = queries.journal(
        seller_id=here.seller_id,
        store_id=filters.value("store"),
        about=filters.value("about").strip(),
        outcome=filters.value("outcome"),
        direction=filters.value("direction"),
        store_ids=here.store_ids,
        after=request.GET.get("after", ""),
    )
    return show(request, "web/journal/list.html", {"page": page, "filters": filters})


@desk("journal.view")
@require_safe
def journal_entry(request: DeskRequest, entry_id: int) -> HttpResponse:
    """One call with its bodies."""
    here = request.desk
    entry = queries.journal_entry(seller_id=here.seller_id, entry_id=entry_id, store_ids=here.store_ids)
    return show(request, "web/journal/entry.html", {"entry": entry})
