"""What lies where: searched by bin or item, staging, and what waits to be put away."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.inventory.errors import QuantityInvalid
from entrepot.warehouse import services
from entrepot.warehouse.queries import places
from entrepot.web.desk import DeskRequest, back, desk, done, number_of
from entrepot.web.forms.warehouse import PlaceFilters
from entrepot.web.wms import bin_there, place_of, show_there

KINDS = ("", "staging")


@desk("stock.view")
@require_safe
def wms_stock(request: DeskRequest) -> HttpResponse:
    """What lies in which bin, in walking order."""
    here, place = request.desk, place_of(request)
    filters = PlaceFilters(request.GET)
    kind = request.GET.get("kind", "")
    page = places.lying(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        search=filters.value("q"),
        zone_kind=kind if kind in KINDS else "",
        after=request.GET.get("after", ""),
    )
    return show_there(request, place, "stock.html", {"page": page, "filters": filters, "kind": kind})


@desk("stock.view")
@require_safe
def wms_put_away(request: DeskRequest) -> HttpResponse:
    """What lies in no bin, each with the bin it should go into."""
    here, place = request.desk, place_of(request)
    filters = PlaceFilters(request.GET)
    page = places.unlocated(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        search=filters.value("q"),
        after=request.GET.get("after", ""),
    )
    item_ids = [row.item.pk for row in page.rows]
    bins = places.suggested_bins(seller_id=here.seller_id, warehouse_id=place.pk, item_ids=item_ids)
    return show_there(request, place, "put_away.html", {"page": page, "filters": filters, "bins": bins})


@require_POST
@desk("stock.count")
def wms_put_away_do(request: DeskRequest) -> HttpResponse:
    """Some of an item is in its bin now."""
    here, place = request.desk, place_of(request)
    quantity = number_of(request.POST.get("quantity", ""))
    if not quantity:
        raise QuantityInvalid(quantity=request.POST.get("quantity", "")[:20])
    services.put_away(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        item_id=number_of(request.POST.get("item", "")) or 0,
        quantity=quantity,
        bin_id=bin_there(request, place, request.POST.get("bin", "")).pk,
        actor=here.actor,
    )
    said = ngettext("%(n)s piece is put away.", "%(n)s pieces are put away.", quantity)
    done(request, said % {"n": quantity})
    if request.POST.get("back"):
        return back(request, "web:wms_put_away")
    return redirect("web:wms_put_away")
