"""Labels and papers as files: of one parcel, of chosen orders, of a carrier's visit."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.models import Seller
from entrepot.fulfilment import carrier_queries, prints
from entrepot.fulfilment.documents import Language, pdf, preview, zpl
from entrepot.fulfilment.errors import NothingToPrint
from entrepot.fulfilment.made_up import sample_label
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.errors import NotFound
from entrepot.orders.models import Order
from entrepot.web.desk import DeskRequest, desk, number_of, warn
from entrepot.web.errors import NothingChosen

MOST_AT_ONCE: Final = 1000
PDF, ZPL, PNG = "application/pdf", "text/plain; charset=utf-8", "image/png"
KINDS: Final = {"pdf": PDF, "zpl": ZPL, "png": PNG}


def as_file(content: bytes | str, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    """A file to keep, or, `shown`, to look at in the browser."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def language_of(request: DeskRequest) -> Language:
    """The language of a paper's fixed words."""
    return "ko" if request.desk.language.startswith("ko") else "en"


@desk("orders.pack")
@require_safe
def order_label(request: DeskRequest, order_id: int, shipment_id: int, form: str) -> HttpResponse:
    """The label of one parcel: as PDF, as ZPL, or as a picture; one that was bought as its carrier sent it."""
    here = request.desk
    rows = prints.parcels_of(seller_id=here.seller_id, order_ids=[order_id], channel_ids=here.store_ids)
    found = [row for row in rows if row.pk == shipment_id]
    if not found or form not in {"pdf", "zpl", "png"}:
        raise NotFound
    if bought := carrier_queries.bought_label(seller_id=here.seller_id, shipment_id=shipment_id):
        return as_file(bytes(bought.label or b""), KINDS[bought.form], f"label-{shipment_id}.{bought.form}", shown=True)
    facts = prints.labels(seller=here.seller, parcels=found)
    if form == "zpl":
        return as_file(zpl(facts, language=language_of(request)), ZPL, f"label-{shipment_id}.zpl")
    if form == "png":
        return as_file(preview(facts[0], language=language_of(request)), PNG, f"label-{shipment_id}.png", shown=True)
    return as_file(pdf(facts, language=language_of(request)), PDF, f"label-{shipment_id}.pdf", shown=True)


@desk("settings.edit")
@require_safe
def carrier_sample(request: DeskRequest, carrier_id: int) -> HttpResponse:
    """How this carrier's labels look, with made-up data."""
    found = carrier_queries.carrier(seller_id=request.desk.seller_id, carrier_id=carrier_id)
    language = language_of(request)
    facts = sample_label(seller=request.desk.seller, carrier=found, language=language)
    return as_file(preview(facts, language=language), PNG, f"sample-{carrier_id}.png", shown=True)


@require_POST
@desk("orders.view")
def orders_print(request: DeskRequest) -> HttpResponse:
    """One kind of paper for the chosen orders, in their order, as one file. Orders without one are left out."""
    here = request.desk
    paper = PAPERS.get(request.POST.get("paper", ""))
    if paper is None:
        raise NotFound
    here.must(paper.action)
    ids = [number for text in request.POST.getlist("order")[:MOST_AT_ONCE] if (number := number_of(text))]
    if not ids:
        raise NothingChosen(field="order", reason="")
    facts = paper.facts(request, list(dict.fromkeys(ids)))
    if not facts:
        raise NothingToPrint
    if paper.kind == ZPL:
        return as_file(zpl(cast("Any", facts), language=language_of(request)), ZPL, paper.name)
    return as_file(pdf(cast("Any", facts), language=language_of(request)), PDF, paper.name, shown=True)


def _parcels(request: DeskRequest, ids: Sequence[int]) -> tuple[Seller, Sequence[Shipment]]:
    here = request.desk
    return here.seller, prints.parcels_of(seller_id=here.seller_id, order_ids=ids, channel_ids=here.store_ids)


def _labels(request: DeskRequest, ids: Sequence[int]) -> Sequence[object]:
    seller, parcels = _parcels(request, ids)
    return prints.labels(seller=seller, parcels=parcels)


def _slips(request: DeskRequest, ids: Sequence[int]) -> Sequence[object]:
    seller, parcels = _parcels(request, ids)
    return prints.slips(seller=seller, parcels=parcels)


def _orders(request: DeskRequest, ids: Sequence[int]) -> list[Order]:
    here = request.desk
    return prints.orders_of(seller_id=here.seller_id, order_ids=ids, channel_ids=here.store_ids)


def _invoices(request: DeskRequest, ids: Sequence[int]) -> Sequence[object]:
    now = timezone.now()
    return [prints.invoice(seller=request.desk.seller, order=order, now=now) for order in _orders(request, ids)]


def _picking(request: DeskRequest, ids: Sequence[int]) -> Sequence[object]:
    now = timezone.now()
    number = f"{timezone.localtime(now):%Y%m%d-%H%M}"
    listed = prints.pick_list(seller=request.desk.seller, orders=_orders(request, ids), number=number, now=now)
    return [listed] if listed.lines else []


class Paper:
    """A kind of paper: which action it needs, how its facts are asked, and its file."""

    def __init__(self, action: str, facts: Callable[..., Sequence[object]], name: str, kind: str = PDF) -> None:
        self.action, self.facts, self.name, self.kind = action, facts, name, kind


PAPERS: Final[Mapping[str, Paper]] = {
    "labels": Paper("orders.pack", _labels, "labels.pdf"),
    "zpl": Paper("orders.pack", _labels, "labels.zpl", ZPL),
    "slips": Paper("orders.pack", _slips, "packing-slips.pdf"),
    "invoices": Paper("orders.export", _invoices, "invoices.pdf"),
    "picking": Paper("orders.pack", _picking, "picking-list.pdf"),
}


@desk("orders.pack")
@require_safe
def carrier_manifest(request: DeskRequest, carrier_id: int) -> HttpResponse:
    """What the carrier takes along today, to be signed for."""
    here = request.desk
    now = timezone.now()
    found = carrier_queries.carrier(seller_id=here.seller_id, carrier_id=carrier_id)
    rows = carrier_queries.on_the_manifest(seller=here.seller, carrier=found, now=now, channel_ids=here.store_ids)
    if not rows:
        warn(request, _("No parcel of today is for this carrier."))
        return redirect("web:carriers")
    number = f"{timezone.localtime(now):%Y%m%d}-{carrier_id}"
    facts = prints.manifest(seller=here.seller, carrier=found, parcels=rows, number=number, now=now)
    return as_file(pdf([facts], language=language_of(request)), PDF, f"manifest-{number}.pdf", shown=True)
