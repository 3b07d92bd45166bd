"""The packing table by scan: whose turn, every piece, box and weight, the label; and what is to be put back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from entrepot.fulfilment import carrier_queries, prints
from entrepot.fulfilment.documents import Language, pdf, pictures, zpl
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.port_errors import WeightInvalid
from entrepot.inventory.models import Warehouse
from entrepot.kernel.errors import NotFound
from entrepot.warehouse.models import WorkLine, WorkOrder
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.services import packing
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.floor import Outcome, answer_to, code_of, place_of, quantity_of, screen
from entrepot.web.views.papers import PDF, PNG, ZPL, as_file

State = WorkOrder.State


@desk("orders.pack")
def floor_pack(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """What waits at the packing table, and what turned back while it was picked."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _whose_turn})
    here: dict[str, Any] = {"seller_id": request.desk.seller_id, "warehouse_id": place.pk}
    stores = request.desk.store_ids
    rows = {"waiting": questions.to_pack(**here, channel_ids=stores), "turned": questions.turned_back(**here)}
    return screen(request, place, "web/floor/pack.html", answer, rows)


def _whose_turn(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    here = request.desk
    work = packing.to_the_table(
        seller_id=here.seller_id, warehouse_id=place.pk, scanned=code_of(request), actor=here.actor
    )
    _work(request, place, work.pk)
    return Outcome("good", "", go=reverse("web:floor_pack_work", args=[place.pk, work.pk]))


@desk("orders.pack")
def floor_pack_work(request: DeskRequest, warehouse_id: int, work_id: int) -> HttpResponse:
    """One order on the table: its pieces, then box and weight, then its label."""
    place = place_of(request, warehouse_id)
    seller_id = request.desk.seller_id
    found = _work(request, place, work_id)
    over = found.state != State.PICKED

    def scan(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _whose_turn(request, place, keep) if over else _scan(request, work_id)

    def close(request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
        return _close(request, work_id)

    answer = answer_to(request, place, {"scan": scan, "close": close})
    found = _work(request, place, work_id)
    lines = questions.work_lines(seller_id=seller_id, work_id=work_id)
    left = sum(line.picked - line.packed for line in lines)
    parcel = _parcel(request, found)
    return screen(
        request,
        place,
        "web/floor/pack_work.html",
        answer,
        {
            "work": found,
            "order": found.order,
            "lines": lines,
            "left": left,
            "scanned": sum(line.packed for line in lines),
            "boxes": carrier_queries.boxes(seller_id=seller_id, active_only=True),
            "weighs": _weight(lines),
            "parcel": parcel,
            "labelled": bool(parcel and (parcel.label_made_at or parcel.tracking_number)),
        },
    )


def _work(request: DeskRequest, place: Warehouse, work_id: int) -> WorkOrder:
    """One order's work, if the person works for its store."""
    here = request.desk
    return questions.work_here(
        seller_id=here.seller_id, warehouse_id=place.pk, work_id=work_id, channel_ids=here.store_ids
    )


def _scan(request: DeskRequest, work_id: int) -> Outcome:
    here, code = request.desk, code_of(request)
    many = quantity_of(request)
    left = packing.scan_item(seller_id=here.seller_id, work_id=work_id, item_code=code, quantity=many, actor=here.actor)
    if not left:
        return Outcome("done", _("All pieces are in. Weigh the parcel and close it."))
    words = ngettext("%(n)s piece is still to be scanned.", "%(n)s pieces are still to be scanned.", left)
    return Outcome("good", words % {"n": left})


def _close(request: DeskRequest, work_id: int) -> Outcome:
    weight = request.POST.get("weight", "").strip().replace(",", "")
    if weight and not (weight.isascii() and weight.isdigit() and len(weight) < 9):
        raise WeightInvalid(field="weight", reason="", grams=weight[:20])
    packing.close_parcel(
        seller_id=request.desk.seller_id,
        work_id=work_id,
        box=request.POST.get("box", ""),
        weight_grams=int(weight) if weight else None,
        actor=request.desk.actor,
    )
    words = _("The parcel is closed. Stick its label on, then scan the next tote or order.")
    return Outcome("done", words, moved=True)


def _weight(lines: Sequence[WorkLine]) -> Decimal | None:
    """What the goods weigh by the catalogue, where it knows all of them."""
    weights = [line.item.weight_grams * line.picked for line in lines if line.item.weight_grams is not None]
    return sum(weights, Decimal(0)) if lines and len(weights) == len(lines) else None


def _parcel(request: DeskRequest, work: WorkOrder) -> Shipment | None:
    return questions.parcel_on_the_table(seller_id=request.desk.seller_id, work=work)


@desk("orders.pack")
@require_safe
def floor_label(request: DeskRequest, warehouse_id: int, work_id: int, form: str) -> HttpResponse:
    """The label of this order's parcel as a picture, PDF or ZPL; and its packing slip."""
    place = place_of(request, warehouse_id)
    here = request.desk
    work = _work(request, place, work_id)
    parcel = _parcel(request, work)
    rows = prints.parcels_of(seller_id=here.seller_id, order_ids=[parcel.order_id]) if parcel else []
    mine: list[Any] = [row for row in rows if parcel and row.pk == parcel.pk]
    if not mine:
        raise NotFound
    language: Language = "ko" if here.language.startswith("ko") else "en"
    if form == "slip":
        slips = prints.slips(seller=here.seller, parcels=mine)
        return as_file(pdf(slips, language=language), PDF, f"packing-slip-{work_id}.pdf", shown=True)
    facts = prints.labels(seller=here.seller, parcels=mine)
    if form == "zpl":
        return as_file(zpl(facts, language=language), ZPL, f"label-{work_id}.zpl")
    if form == "png":
        return as_file(pictures(facts, language=language)[0], PNG, f"label-{work_id}.png", shown=True)
    return as_file(pdf(facts, language=language), PDF, f"label-{work_id}.pdf", shown=True)
