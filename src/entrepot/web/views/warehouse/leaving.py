"""The packing table, manifests and returns."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.fulfilment import prints
from entrepot.fulfilment.documents import ManifestFacts, pdf
from entrepot.orders.errors import OrderNotFound
from entrepot.warehouse.models import Manifest, Return, ReturnLine
from entrepot.warehouse.queries import leaving
from entrepot.warehouse.services import hand_over
from entrepot.warehouse.services import returns as return_services
from entrepot.warehouse.services.returns import Graded
from entrepot.web.desk import DeskRequest, desk, done, number_of, warn
from entrepot.web.forms.warehouse import PackFilters, ReturnFilters, ReturnForm
from entrepot.web.views.papers import PDF, as_file, language_of
from entrepot.web.wms import known_deed, moved, place_of, show_there, tried


@desk("orders.view")
@require_safe
def wms_packs(request: DeskRequest) -> HttpResponse:
    """Parcels closed at the packing table, newest first."""
    here, place = request.desk, place_of(request)
    filters = PackFilters(request.GET)
    page = leaving.packs(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        search=filters.value("q"),
        channel_ids=here.store_ids,
        after=request.GET.get("after", ""),
    )
    return show_there(request, place, "packs.html", {"page": page, "filters": filters})


@desk("orders.view")
def wms_manifests(request: DeskRequest) -> HttpResponse:
    """Manifests, newest first; and opening one."""
    here, place = request.desk, place_of(request)
    if request.method == "POST":
        here.must("orders.pack")
        made = hand_over.open_manifest(
            seller_id=here.seller_id,
            warehouse_id=place.pk,
            carrier=request.POST.get("carrier", ""),
            actor=here.actor,
        )
        return redirect("web:wms_manifest", made.pk)
    state = request.GET.get("state", "")
    page = leaving.manifests(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        state=state if state in Manifest.State.values else "",
        after=request.GET.get("after", ""),
    )
    return show_there(
        request, place, "manifests.html", {"page": page, "state": state, "states": Manifest.State.choices}
    )


def the_manifest(request: DeskRequest, manifest_id: int) -> Manifest:
    """One manifest, if the person may see its warehouse."""
    here = request.desk
    return leaving.manifest_of(seller_id=here.seller_id, manifest_id=manifest_id, warehouse_ids=here.warehouse_ids)


@desk("orders.view")
@require_safe
def wms_manifest(request: DeskRequest, manifest_id: int) -> HttpResponse:
    """One manifest and the parcels on it."""
    found = the_manifest(request, manifest_id)
    page, parcels = leaving.manifest_page(
        seller_id=found.seller_id,
        manifest_id=found.pk,
        channel_ids=request.desk.store_ids,
        after=request.GET.get("after", ""),
    )
    facts = {"manifest": found, "page": page, "parcels": parcels, "is_open": found.state == Manifest.State.OPEN}
    return show_there(request, found.warehouse, "manifest.html", facts)


@desk("orders.view")
@require_safe
def wms_manifest_paper(request: DeskRequest, manifest_id: int) -> HttpResponse:
    """A manifest to be signed."""
    found = the_manifest(request, manifest_id)
    here = request.desk
    lines = leaving.manifest_lines(seller_id=found.seller_id, manifest_id=found.pk, channel_ids=request.desk.store_ids)
    facts = ManifestFacts(
        number=found.number,
        handed_over_on=timezone.localdate(found.closed_at or timezone.now()),
        carrier=found.carrier,
        sender=prints.sender_of(seller=here.seller, warehouse_id=found.warehouse_id),
        rows=[prints.manifest_row(line.shipment) for line in lines],
    )
    return as_file(pdf([facts], language=language_of(request)), PDF, f"{found.number}.pdf", shown=True)


@require_POST
@desk("orders.pack")
def wms_manifest_deed(request: DeskRequest, manifest_id: int, deed: str) -> HttpResponse:
    """Scan a parcel onto it, take one off, close it, give it up."""
    found = the_manifest(request, manifest_id)
    known_deed(MANIFEST_DEEDS, deed)(request, found)
    return redirect("web:wms_manifest", found.pk)


def _scan(request: DeskRequest, found: Manifest) -> None:
    number = request.POST.get("tracking_number", "")
    hand_over.scan_parcel(
        seller_id=found.seller_id, manifest_id=found.pk, tracking_number=number, actor=request.desk.actor
    )
    done(request, _("%(number)s is on the manifest.") % {"number": number.strip()})


def _unscan(request: DeskRequest, found: Manifest) -> None:
    shipment_id = number_of(request.POST.get("shipment", "")) or 0
    hand_over.unscan_parcel(
        seller_id=found.seller_id, manifest_id=found.pk, shipment_id=shipment_id, actor=request.desk.actor
    )
    done(request, _("Taken off the manifest."))


def _close(request: DeskRequest, found: Manifest) -> None:
    gone = hand_over.close_manifest(seller_id=found.seller_id, manifest_id=found.pk, actor=request.desk.actor)
    moved(request, orders=True)
    done(request, ngettext("%(n)s order handed over.", "%(n)s orders handed over.", gone.left) % {"n": gone.left})
    for number, _status in gone.stayed:
        warn(request, _("Order %(number)s stays: it may not leave, or a parcel of it is missing.") % {"number": number})


def _cancel(request: DeskRequest, found: Manifest) -> None:
    hand_over.cancel_manifest(seller_id=found.seller_id, manifest_id=found.pk, actor=request.desk.actor)
    done(request, _("The manifest is given up; its parcels can be scanned onto another one."))


MANIFEST_DEEDS: Final[Mapping[str, Callable[[DeskRequest, Manifest], None]]] = {
    "scan": _scan,
    "unscan": _unscan,
    "close": _close,
    "cancel": _cancel,
}


@desk("orders.view")
@require_safe
def wms_returns(request: DeskRequest) -> HttpResponse:
    """What comes back, newest first."""
    here, place = request.desk, place_of(request)
    filters = ReturnFilters(request.GET)
    page = leaving.returns(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        state=filters.value("state"),
        search=filters.value("q"),
        channel_ids=here.store_ids,
        after=request.GET.get("after", ""),
    )
    return show_there(request, place, "returns.html", {"page": page, "filters": filters})


@desk("orders.pack")
def wms_return_new(request: DeskRequest) -> HttpResponse:
    """Announce what comes back of an order, or write down that it is here."""
    here, place = request.desk, place_of(request)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    made: list[Return] = []

    def write() -> None:
        facts = form.cleaned_data
        rows = leaving.orders_numbered(seller_id=here.seller_id, number=facts["order"], channel_ids=here.store_ids)
        if not rows:
            raise OrderNotFound
        words = {name: facts[name] for name in ("tracking_number", "note", "received")}
        who: dict[str, Any] = {"seller_id": here.seller_id, "warehouse_id": place.pk, "actor": here.actor}
        made.append(return_services.expect_return(order_id=rows[0].pk, **words, **who))

    if form.is_bound and tried(form, write):
        return redirect("web:wms_return", made[0].pk)
    return show_there(request, place, "return_new.html", {"form": form}, status=422 if form.errors else 200)


def the_return(request: DeskRequest, return_id: int) -> Return:
    """One return, if the person may see its warehouse and its store."""
    here = request.desk
    return leaving.return_of(
        seller_id=here.seller_id,
        return_id=return_id,
        warehouse_ids=here.warehouse_ids,
        channel_ids=here.store_ids,
    )


@desk("orders.view")
@require_safe
def wms_return(request: DeskRequest, return_id: int) -> HttpResponse:
    """One return: what may be in it, and what was found."""
    found = the_return(request, return_id)
    facts = {
        "return": found,
        "graded": leaving.return_lines(seller_id=found.seller_id, return_id=found.pk),
        "lines": leaving.with_the_buyer(seller_id=found.seller_id, order_id=found.order_id),
        "grades": ReturnLine.Grade.choices,
    }
    return show_there(request, found.warehouse, "return.html", facts)


@require_POST
@desk("orders.pack")
def wms_return_deed(request: DeskRequest, return_id: int, deed: str) -> HttpResponse:
    """It is here; this is its condition; nothing comes."""
    found = the_return(request, return_id)
    known_deed(RETURN_DEEDS, deed)(request, found)
    return redirect("web:wms_return", found.pk)


def _receive(request: DeskRequest, found: Return) -> None:
    return_services.receive_return(seller_id=found.seller_id, return_id=found.pk, actor=request.desk.actor)
    done(request, _("It is here. Look at each piece and say in what condition it is."))


def _grade(request: DeskRequest, found: Return) -> None:
    graded = [
        Graded(
            line_id=line.pk,
            grade=request.POST.get(f"grade-{line.pk}", ""),
            quantity=quantity,
            bin_code=request.POST.get(f"bin-{line.pk}", ""),
            note=request.POST.get(f"note-{line.pk}", ""),
        )
        for line in leaving.with_the_buyer(seller_id=found.seller_id, order_id=found.order_id)
        if (quantity := number_of(request.POST.get(f"quantity-{line.pk}", "")) or 0)
    ]
    return_services.grade_return(seller_id=found.seller_id, return_id=found.pk, graded=graded, actor=request.desk.actor)
    moved(request, orders=True)
    done(request, _("Graded. What can be sold again is on the shelf."))


def _drop(request: DeskRequest, found: Return) -> None:
    return_services.cancel_return(seller_id=found.seller_id, return_id=found.pk, actor=request.desk.actor)
    done(request, _("Nothing comes back; the order stays as it is."))


RETURN_DEEDS: Final[Mapping[str, Callable[[DeskRequest, Return], None]]] = {
    "receive": _receive,
    "grade": _grade,
    "cancel": _drop,
}
