"""The seller's own categories: a tree that is tended here and mapped to each store on its shelves."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from entrepot.catalog import queries
from entrepot.catalog import services as catalog
from entrepot.channels.queries.stores import stores
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, desk, done, show
from entrepot.web.forms.categories import CategoryFilters, CategoryForm, NewCategoryForm
from entrepot.web.holding.sitting import Sitting

CHOICES = 2000
"""So many places are offered to move a category to."""


def _places(seller_id: int) -> list[queries.CategoryRow]:
    return list(queries.categories(seller_id=seller_id, limit=CHOICES).rows)


@desk("catalog.view")
def categories(request: DeskRequest) -> HttpResponse:
    """The tree, and a form for one more."""
    here = request.desk
    form = NewCategoryForm(
        request.POST if request.method == "POST" else None, initial={"parent": request.GET.get("in")}
    )
    form.offer(_places(here.seller_id))
    if form.is_bound:
        here.must("catalog.edit")
        if form.is_valid():
            facts = form.cleaned_data
            try:
                made = catalog.make_category(
                    seller_id=here.seller_id, name=facts["name"], parent_id=facts["parent"], actor=here.actor
                )
            except EntrepotError as error:
                form.refuse(error)
            else:
                done(request, _("“%(name)s” is there.") % {"name": made.name})
                return redirect("web:categories")
    filters = CategoryFilters(request.GET)
    page = queries.categories(
        seller_id=here.seller_id, search=filters.value("q") or "", after=request.GET.get("after", "")
    )
    facts = {
        "page": page,
        "form": form,
        "filters": filters,
        "stores": stores(seller_id=here.seller_id, store_ids=here.store_ids, with_disconnected=False),
    }
    return show(request, "web/categories/list.html", facts, status=422 if form.errors else 200)


@desk("catalog.edit")
def category(request: DeskRequest, category_id: int) -> HttpResponse:
    """One category: its name and its place."""
    here = request.desk
    found = queries.category(seller_id=here.seller_id, category_id=category_id)
    form = CategoryForm(request.POST if request.method == "POST" else None, initial=_now(request, found.pk))
    form.offer([row for row in _places(here.seller_id) if row.path[: len(found.path)] != found.path])
    sitting = _sitting(request, found.pk, form)

    def save() -> None:
        facts = form.cleaned_data
        said: dict[str, Any] = {"name": facts["name"], "parent_id": facts["parent"], "actor": here.actor}
        catalog.change_category(seller_id=here.seller_id, category_id=found.pk, **said)

    if form.is_bound and sitting.kept(save):
        done(request, _("Saved."))
        return redirect("web:categories")
    facts = {"category": found, "form": form, "sitting": sitting}
    return show(request, "web/categories/page.html", facts, status=sitting.status)


def _now(request: DeskRequest, category_id: int) -> dict[str, Any]:
    found = queries.category(seller_id=request.desk.seller_id, category_id=category_id)
    return {"name": found.name, "parent": found.parent_id or ""}


def _sitting(request: DeskRequest, category_id: int, form: CategoryForm) -> Sitting:
    return Sitting(request, form, seat="category", pk=category_id, look=partial(_now, request, category_id))


@require_POST
@desk("catalog.edit")
def category_delete(request: DeskRequest, category_id: int) -> HttpResponse:
    """Take it away; its products come to lie one level up."""
    here, counts = request.desk, list[int]()

    def delete() -> None:
        counts.append(catalog.delete_category(seller_id=here.seller_id, category_id=category_id, actor=here.actor))

    _sitting(request, category_id, CategoryForm()).still(delete)
    (n,) = counts
    done(
        request,
        ngettext("Deleted. %(n)s product lay in it.", "Deleted. %(n)s products lay in it.", n) % {"n": n}
        if n
        else _("Deleted."),
    )
    return redirect("web:categories")
