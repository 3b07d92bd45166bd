"""Two items that are one thing are made one, after a look at what that does."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entrepot.catalog import queries
from entrepot.channels.services.merging import merge_items, preview
from entrepot.kernel.errors import EntrepotError, Forbidden
from entrepot.web.desk import DeskRequest, desk, done, show
from entrepot.web.forms.merging import MergeForm, SureForm
from entrepot.web.wording import words


@desk("catalog.edit")
def merge(request: DeskRequest) -> HttpResponse:
    """Name two SKUs, look at what happens, do it.

    It reaches every store and moves stock in every warehouse, so it is for those who may work in all of them.
    """
    here = request.desk
    if here.store_ids is not None or here.warehouse_ids is not None:
        raise Forbidden
    here.must("stock.adjust")
    asked = request.POST if request.method == "POST" else request.GET
    form = MergeForm(asked if asked.get("keep") or asked.get("other") else None)
    sure = SureForm(request.POST if request.method == "POST" else None)
    facts: dict[str, object] = {"form": form, "sure": sure}
    pair = form.pair(here.seller_id) if form.is_bound and form.is_valid() else None
    if pair is None:
        facts["twins"] = queries.twins(seller_id=here.seller_id)
        return show(request, "web/products/merge.html", facts, status=422 if form.errors else 200)
    kept, merged = pair
    try:
        if sure.is_bound and sure.is_valid():
            found = merge_items(seller_id=here.seller_id, kept_id=kept.pk, merged_id=merged.pk, actor=here.actor)
            done(request, _("%(other)s is %(kept)s now. Both SKUs find it.") % {"other": merged.sku, "kept": kept.sku})
            return redirect("web:product", found.product_id)
        facts["look"] = look = preview(seller_id=here.seller_id, kept_id=kept.pk, merged_id=merged.pk)
        facts["blocks"] = [words.sentence(block) for block in look.blocks]
    except EntrepotError as error:
        form.refuse(error)
    return show(request, "web/products/merge.html", facts, status=422 if form.errors or sure.errors else 200)
