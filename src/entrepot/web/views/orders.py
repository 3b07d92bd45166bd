"""The order desk: the list."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.services import choose_columns
from entrepot.orders import queries
from entrepot.web.desk import DeskRequest, back, desk, number_of, show
from entrepot.web.lists.narrowing import filters_of, narrowing
from entrepot.web.lists.orders import (
    COLUMNS,
    FIRST_FIELDS,
    SCREEN,
    SIZES,
    chips_of,
    exact,
    fill_choices,
    fill_stores,
    rows_of,
    tabs,
)
from entrepot.web.way.saved import Saved, with_views
from entrepot.web.wording.bulk import bar


@desk("orders.view")
@require_safe
@with_views(SCREEN)
def orders(request: DeskRequest) -> HttpResponse:
    """Orders by status, searched and filtered; without any words, as the person begins."""
    here = request.desk
    saved: Saved = request.saved  # type: ignore[attr-defined] # put there by `with_views`
    choice, view = saved.choice, saved.view
    by = narrowing(here, request.GET)
    size = choice.page_size if choice.page_size in SIZES else None
    listed = queries.desk_list(
        seller_id=here.seller_id, by=by, after=request.GET.get("after", ""), **({"limit": size} if size else {})
    )
    form = filters_of(request.GET)
    fill_stores(form, here)
    more = bool(request.GET.get("more"))
    fill_choices(form, here, shown=more)
    facts = {
        "page": listed.page,
        "counts": listed.counts,
        "filters": form,
        "more_fields": [form[name] for name in form.fields if name not in {*FIRST_FIELDS, "sort"}] if more else [],
        "chips": chips_of(form),
        "status": by.status,
        "tabs": tabs(listed.counts.by_status, by.status),
        "view": view,
        "choice": choice,
        "query": saved.query,
        "hit": exact(listed.page.rows, by),
        "rows": rows_of(here, choice, view, listed.page.rows),
        "all_columns": COLUMNS.items(),
        "sizes": SIZES,
        "bar": bar(here),
    }
    return show(request, "web/orders/list.html", facts)


@require_POST
@desk("orders.view")
def orders_columns(request: DeskRequest) -> HttpResponse:
    """Which columns this person sees, and how many rows."""
    here = request.desk
    size = number_of(request.POST.get("size", ""))
    choose_columns(
        seller_id=here.seller_id,
        user_id=here.user.pk,
        screen=SCREEN,
        columns=[name for name in COLUMNS if name in request.POST.getlist("column")],
        page_size=size if size in SIZES else None,
        actor=here.actor,
    )
    return back(request, "web:orders")
