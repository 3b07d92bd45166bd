"""The door: parcels are scanned onto a manifest, and leave when it is closed."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from entrepot.fulfilment import prints
from entrepot.fulfilment.documents import Language, pdf
from entrepot.inventory.models import Warehouse
from entrepot.orders.models import Status
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.queries.leaving import manifest_lines
from entrepot.warehouse.services import hand_over
from entrepot.web.desk import DeskRequest, desk, number_of
from entrepot.web.floor import CodeUnknown, Outcome, answer_to, code_of, place_of, screen
from entrepot.web.views.papers import PDF, as_file

LATEST = 12


@desk("orders.pack")
def floor_hand_over(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """What waits at the door, by carrier, and the manifests that are open."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _open_paper, "open": _open})
    here: dict[str, Any] = {"seller_id": request.desk.seller_id, "warehouse_id": place.pk}
    rows = {"piles": questions.piles(**here), "manifests": questions.open_manifests(**here)}
    return screen(request, place, "web/floor/hand_over.html", answer, rows)


def _open_paper(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    code = code_of(request)
    rows = questions.open_manifests(seller_id=request.desk.seller_id, warehouse_id=place.pk)
    found = next((row for row in rows if row.number == code.upper()), None)
    if found is None:
        raise CodeUnknown(scanned=code[:80])
    return Outcome("good", "", go=reverse("web:floor_manifest", args=[place.pk, found.pk]))


def _open(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    here = request.desk
    made = hand_over.open_manifest(
        seller_id=here.seller_id, warehouse_id=place.pk, carrier=request.POST.get("carrier", ""), actor=here.actor
    )
    return Outcome("good", "", go=reverse("web:floor_manifest", args=[place.pk, made.pk]))


@desk("orders.pack")
def floor_manifest(request: DeskRequest, warehouse_id: int, manifest_id: int) -> HttpResponse:
    """One manifest: scan each parcel; close it, and the carrier has them."""
    place = place_of(request, warehouse_id)
    here: dict[str, Any] = {
        "seller_id": request.desk.seller_id,
        "warehouse_id": place.pk,
        "manifest_id": manifest_id,
    }
    questions.manifest_here(**here)
    words: dict[str, Any] = {"seller_id": request.desk.seller_id, "manifest_id": manifest_id}

    def scan(request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
        return _scan(request, manifest_id)

    def off(request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
        parcel = number_of(request.POST.get("parcel", "")) or 0
        hand_over.unscan_parcel(shipment_id=parcel, actor=request.desk.actor, **words)
        return Outcome("warn", _("Taken off the manifest."))

    def close(request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
        return _close(request, manifest_id)

    answer = answer_to(request, place, {"scan": scan, "off": off, "close": close})
    rows = questions.on_manifest(limit=LATEST, **words)
    return screen(
        request,
        place,
        "web/floor/manifest.html",
        answer,
        {"manifest": questions.manifest_here(**here), "rows": rows},
    )


def _scan(request: DeskRequest, manifest_id: int) -> Outcome:
    now = timezone.now()
    line = hand_over.scan_parcel(
        seller_id=request.desk.seller_id,
        manifest_id=manifest_id,
        tracking_number=code_of(request),
        actor=request.desk.actor,
        now=now,
    )
    facts = {"code": line.scanned}
    if line.scanned_at != now:
        return Outcome("warn", _("%(code)s is on this manifest already. It counts once.") % facts)
    return Outcome("good", _("%(code)s goes along.") % facts)


def _close(request: DeskRequest, manifest_id: int) -> Outcome:
    gone = hand_over.close_manifest(seller_id=request.desk.seller_id, manifest_id=manifest_id, actor=request.desk.actor)
    words = ngettext("%(n)s order is handed over.", "%(n)s orders are handed over.", gone.left) % {"n": gone.left}
    if not gone.stayed:
        return Outcome("done", words, moved=True)
    names = ", ".join(f"{number} ({Status(status).label})" for number, status in gone.stayed)
    stayed = _("These stay here; put their parcels aside: %(orders)s.") % {"orders": names}
    return Outcome("warn", f"{words} {stayed}", moved=True)


@desk("orders.pack")
@require_safe
def floor_manifest_pdf(request: DeskRequest, warehouse_id: int, manifest_id: int) -> HttpResponse:
    """The manifest for the carrier to sign."""
    place = place_of(request, warehouse_id)
    here = request.desk
    found = questions.manifest_here(seller_id=here.seller_id, warehouse_id=place.pk, manifest_id=manifest_id)
    lines = manifest_lines(seller_id=here.seller_id, manifest_id=manifest_id)
    parcels = [line.shipment for line in lines]
    language: Language = "ko" if here.language.startswith("ko") else "en"
    facts = prints.manifest(
        seller=here.seller,
        carrier=found.carrier or ", ".join(sorted({one.carrier_name or one.carrier for one in parcels})),
        parcels=parcels,
        number=found.number,
        now=found.closed_at or timezone.now(),
    )
    return as_file(pdf([facts], language=language), PDF, f"manifest-{found.number}.pdf", shown=True)
