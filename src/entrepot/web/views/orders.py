"""The order desk: the list."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.models import SavedView
from entrepot.accounts.queries import screen_choice, views_of
from entrepot.accounts.services import choose_columns
from entrepot.orders import queries
from entrepot.web.bulk import bar
from entrepot.web.desk import DeskRequest, back, desk, number_of, show
from entrepot.web.narrowing import filters_of, narrowing
from entrepot.web.order_list import (
    COLUMNS,
    FIRST_FIELDS,
    SCREEN,
    SIZES,
    chips_of,
    exact,
    fill_choices,
    fill_stores,
    kept_query,
    rows_of,
    tabs,
)
from entrepot.web.views.saved_views import address_of


@desk("orders.view")
@require_safe
def orders(request: DeskRequest) -> HttpResponse:
    """Orders by status, searched and filtered; without any words, as the person begins."""
    here = request.desk
    said: dict[str, Any] = {"seller_id": here.seller_id, "user_id": here.user.pk, "screen": SCREEN}
    choice = screen_choice(**said)
    if not request.GET and choice.first_view:
        return redirect(address_of(choice.first_view))
    views = views_of(**said)
    view = _chosen(views, request.GET)
    by = narrowing(here, request.GET)
    size = choice.page_size if choice.page_size in SIZES else None
    listed = queries.desk_list(
        seller_id=here.seller_id, by=by, after=request.GET.get("after", ""), **({"limit": size} if size else {})
    )
    form = filters_of(request.GET)
    fill_stores(form, here)
    more = bool(request.GET.get("more"))
    fill_choices(form, here, shown=more)
    query = kept_query(request.GET)
    facts = {
        "page": listed.page,
        "counts": listed.counts,
        "filters": form,
        "more_fields": [form[name] for name in form.fields if name not in {*FIRST_FIELDS, "sort"}] if more else [],
        "chips": chips_of(form),
        "status": by.status,
        "tabs": tabs(listed.counts.by_status, by.status),
        "views": views,
        "view": view,
        "view_changed": view is not None and query != kept_query(QueryDict(view.query)),
        "choice": choice,
        "query": query,
        "hit": exact(listed.page.rows, by),
        "rows": rows_of(here, choice, view, listed.page.rows),
        "all_columns": COLUMNS.items(),
        "sizes": SIZES,
        "bar": bar(here),
    }
    return show(request, "web/orders/list.html", facts)


def _chosen(views: object, words: QueryDict) -> SavedView | None:
    wanted = number_of(words.get("view", ""))
    return next((row for row in views if row.pk == wanted), None) if isinstance(views, list) else None


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
