"""Products and their items, each with its listings side by side."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from entrepot.catalog import queries
from entrepot.channels.queries.listings import listings_of_items
from entrepot.channels.queries.stores import stores as stores_of
from entrepot.inventory import queries as stock_queries
from entrepot.web.desk import DeskRequest, desk, show
from entrepot.web.forms.filters import ProductFilters
from entrepot.web.forms.look import with_all
from entrepot.web.lists.product_rows import Rows
from entrepot.web.way.saved import with_views


@desk("catalog.view")
@require_safe
@with_views("products")
def products(request: DeskRequest) -> HttpResponse:
    """All products, newest first."""
    seller_id = request.desk.seller_id
    filters = ProductFilters(request.GET)
    brands = [(brand.pk, brand.name) for brand in queries.brands(seller_id=seller_id)]
    filters.fields["brand"].choices = with_all(_("All brands"), brands)  # type: ignore[attr-defined]
    page = queries.products(
        seller_id=seller_id,
        search=filters.value("q").strip(),
        brand_id=filters.value("brand"),
        kind=filters.value("kind"),
        after=request.GET.get("after", ""),
    )
    return show(request, "web/products/list.html", {"page": page, "rows": Rows(page.rows), "filters": filters})


@desk("catalog.view")
@require_safe
def product(request: DeskRequest, product_id: int) -> HttpResponse:
    """One product: its items, their stock, and how each store shows them."""
    seller_id = request.desk.seller_id
    found = queries.product(seller_id=seller_id, product_id=product_id)
    items = found.ordered_items  # type: ignore[attr-defined] # put there by the query
    ids = [item.pk for item in items]
    listed = listings_of_items(seller_id=seller_id, item_ids=ids)
    stock = stock_queries.figures(seller_id=seller_id, item_ids=ids)
    stores = [
        store
        for store in stores_of(seller_id=seller_id, store_ids=request.desk.store_ids)
        if any(row.store_id == store.pk for rows in listed.values() for row in rows)
    ]
    also = queries.other_skus(seller_id=seller_id, item_ids=ids)
    for item in items:
        item.also = sorted(also.get(item.pk, ()))
    rows = [
        (
            item,
            stock.get(item.pk),
            [(store, [row for row in listed[item.pk] if row.store_id == store.pk]) for store in stores],
        )
        for item in items
    ]
    facts = {"product": found, "rows": rows, "stores": stores}
    return show(request, "web/products/page.html", facts)
