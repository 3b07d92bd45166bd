"""Where the floor begins: which warehouse, what waits there, and what a code is."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from entrepot.inventory import queries as inventory
from entrepot.inventory.models import Warehouse
from entrepot.warehouse.models import PickList
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.queries import places
from entrepot.warehouse.queries.scans import Scanned, scanned
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.floor import Answer, CodeUnknown, Outcome, answer_to, code_of, place_of, screen


@desk("orders.pack")
@require_safe
def floor(request: DeskRequest) -> HttpResponse:
    """The warehouses one may work in; straight on where there is one."""
    here = request.desk
    found = inventory.warehouses(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids)
    mine = [place for place in found if place.mode != Warehouse.Mode.EXTERNAL]
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("web:floor_home", args=[mine[0].pk]))
    waits = questions.waiting(seller_id=here.seller_id, warehouse_ids=[place.pk for place in mine])
    rows = [(place, waits[place.pk]) for place in mine]
    return screen(request, None, "web/floor/choose.html", Answer(None), {"rows": rows})


@desk("orders.pack")
def floor_home(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """What waits in this warehouse, with one field that takes any code."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _go_to_it})
    waits = questions.waiting(seller_id=request.desk.seller_id, warehouse_ids=[place.pk])[place.pk]
    return screen(request, place, "web/floor/home.html", answer, {"waits": waits})


@desk("orders.pack")
def floor_look(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """What is this? An item and where it lies, a bin and what lies in it, an order, a parcel, a paper."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _look})
    code = answer.keep.get("code", "")
    found = _read(request, place, code) if code else None
    return screen(request, place, "web/floor/look.html", answer, {"found": found, **_facts(request, place, found)})


def _read(request: DeskRequest, place: Warehouse, code: str) -> Scanned:
    return scanned(seller_id=request.desk.seller_id, warehouse_id=place.pk, code=code)


def _facts(request: DeskRequest, place: Warehouse, found: Scanned | None) -> dict[str, object]:
    """Where the items lie, and what lies in the bin."""
    if found is None:
        return {}
    seller_id = request.desk.seller_id
    lying = [
        (item, places.places_of(seller_id=seller_id, item_id=item.pk, warehouse_id=place.pk))
        for item in found.items[:5]
    ]
    inside = places.contents(seller_id=seller_id, bin_id=found.bin.pk) if found.bin else []
    return {"lying": lying, "inside": inside}


def _look(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    code = code_of(request)
    if not _read(request, place, code).known:
        raise CodeUnknown(scanned=code[:80])
    return Outcome("good", _("This is “%(code)s”.") % {"code": code}, {"code": code})


def _go_to_it(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    """A paper opens its screen; everything else is looked at."""
    code = code_of(request)
    found = _read(request, place, code)
    if not found.known:
        raise CodeUnknown(scanned=code[:80])
    look = reverse("web:floor_look", args=[place.pk]) + "?" + urlencode({"code": code})
    return Outcome("good", "", go=_screen_of(place, found) or look)


def _screen_of(place: Warehouse, found: Scanned) -> str:
    walk, work = found.pick_list, found.tote.work if found.tote else None
    papers = {
        "web:floor_pick_list": walk if walk and walk.state in {PickList.State.OPEN, PickList.State.PICKING} else None,
        "web:floor_manifest": found.manifest,
        "web:floor_count": found.count,
        "web:floor_receipt": found.receipts[0] if found.receipts else None,
        "web:floor_return": found.returns[0] if found.returns else None,
        "web:floor_pack_work": work if work and work.state == work.State.PICKED else None,
    }
    return next((reverse(name, args=[place.pk, paper.pk]) for name, paper in papers.items() if paper), "")
