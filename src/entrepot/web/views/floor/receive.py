"""Goods come in by scan: on a paper that announced them, or without one."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from entrepot.catalog.models import Item
from entrepot.catalog.services.barcodes import name_barcode
from entrepot.inventory.models import Warehouse
from entrepot.warehouse import services
from entrepot.warehouse.models import Receipt, ReceiptLine
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.queries import papers
from entrepot.warehouse.queries.scans import scanned
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.floor import (
    CodeUnknown,
    Outcome,
    answer_to,
    code_of,
    item_of,
    place_of,
    quantity_of,
    screen,
)
from entrepot.web.views.floor.put import bin_of


@desk("stock.count")
def floor_receive(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """The papers on which goods are expected: scan one, or begin without one."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _open_paper, "blind": _begin})
    rows = papers.receipts(
        seller_id=request.desk.seller_id,
        state=Receipt.State.OPEN,
        warehouse_ids=[place.pk],
        limit=questions.MOST,
    ).rows
    return screen(request, place, "web/floor/receive.html", answer, {"receipts": rows})


def _open_paper(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    """By its number or reference; an item leads to the one open paper that expects it."""
    code = code_of(request)
    found = scanned(seller_id=request.desk.seller_id, warehouse_id=place.pk, code=code)
    known: Sequence[Receipt] = [row for row in found.receipts if row.state == Receipt.State.OPEN]
    if not known and found.items:
        item_ids = [item.pk for item in found.items]
        known = questions.expecting(seller_id=request.desk.seller_id, warehouse_id=place.pk, item_ids=item_ids)
        if not known:
            words = _("No open paper expects %(sku)s. Receive it without a paper.")
            return Outcome("warn", words % {"sku": found.items[0].sku})
    if not known:
        raise CodeUnknown(scanned=code[:80])
    return Outcome("good", "", go=reverse("web:floor_receipt", args=[place.pk, known[0].pk]))


def _begin(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    made = services.begin_receipt(
        seller_id=request.desk.seller_id,
        warehouse_id=place.pk,
        supplier=request.POST.get("supplier", ""),
        reference=request.POST.get("reference", ""),
        actor=request.desk.actor,
    )
    return Outcome("good", "", go=reverse("web:floor_receipt", args=[place.pk, made.pk]))


@desk("stock.count")
def floor_receipt(request: DeskRequest, warehouse_id: int, receipt_id: int) -> HttpResponse:
    """One paper: each scan is a piece, or as many as were typed; the end says what is missing and what is too much."""
    place = place_of(request, warehouse_id)
    seller_id = request.desk.seller_id
    words: dict[str, Any] = {"seller_id": seller_id, "receipt_id": receipt_id}
    papers.receipt(warehouse_ids=[place.pk], **words)

    def scan(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _receive(request, place, keep, receipt_id)

    def close(request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
        services.close_receipt(reason=request.POST.get("reason", ""), actor=request.desk.actor, **words)
        return Outcome("done", _("The paper is closed. What lies in no bin waits to be put away."), moved=True)

    answer = answer_to(request, place, {"scan": scan, "close": close, "attach": _attach, "clear": _clear})
    found = papers.receipt(warehouse_ids=[place.pk], **words)
    lines = papers.receipt_lines(**words)
    last = next((line for line in lines if line.item.sku == answer.keep.get("sku")), None)
    into = bin_of(request, place, answer.keep.get("into", ""))
    return screen(
        request,
        place,
        "web/floor/receipt.html",
        answer,
        {
            "receipt": found,
            "lines": lines,
            "last": last,
            "left": max(last.expected - last.received, 0) if last else 0,
            "into": into,
            **_totals(lines),
        },
    )


def _totals(lines: Any) -> dict[str, object]:  # noqa: ANN401 - annotated rows
    return {
        "expected": sum(line.expected for line in lines),
        "came": sum(line.received for line in lines),
        "missing": [line for line in lines if line.received < line.expected],
        "too_many": [line for line in lines if line.received > line.expected and line.expected],
        "strange": [line for line in lines if not line.expected],
    }


def _receive(request: DeskRequest, place: Warehouse, keep: dict[str, str], receipt_id: int) -> Outcome:
    here, code = request.desk, code_of(request)
    into = bin_of(request, place, code)
    if into is not None:
        words = _("What you scan now goes into %(bin)s.") % {"bin": into.code}
        return Outcome("good", words, {**keep, "into": into.code})
    item, many = item_of(request), quantity_of(request)
    bin_now = bin_of(request, place, keep.get("into", ""))
    line = services.receive_item(
        seller_id=here.seller_id,
        receipt_id=receipt_id,
        item_id=item.pk,
        quantity=many,
        bin_id=bin_now.pk if bin_now else None,
        actor=here.actor,
    )
    kept = {"sku": item.sku} | ({"into": bin_now.code} if bin_now else {})
    blind = papers.receipt(seller_id=here.seller_id, receipt_id=receipt_id).kind == Receipt.Kind.BLIND
    return _came(item, line, many, kept, blind=blind)


def _came(item: Item, line: ReceiptLine, many: int, kept: dict[str, str], *, blind: bool) -> Outcome:
    facts = {"n": many, "sku": item.sku, "came": line.received, "due": line.expected}
    if blind:
        return Outcome("good", _("%(n)s × %(sku)s received, %(came)s in all.") % facts, kept, moved=True)
    if not line.expected:
        words = _("%(n)s × %(sku)s received, but nobody expected it on this paper. It is noted.")
        return Outcome("warn", words % facts, kept, moved=True)
    if line.received > line.expected:
        facts["over"] = line.received - line.expected
        words = _("%(n)s × %(sku)s received: %(over)s more than the %(due)s expected. It is noted.")
        return Outcome("warn", words % facts, kept, moved=True)
    return Outcome("good", _("%(n)s × %(sku)s received: %(came)s of %(due)s.") % facts, kept, moved=True)


def _attach(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
    """An unknown barcode is this item's from now on; for those who may change items."""
    here = request.desk
    here.must("catalog.edit")
    item = item_of(request, request.POST.get("sku", "").strip() or "–")
    code = request.POST.get("code", "").strip()
    name_barcode(seller_id=here.seller_id, item_id=item.pk, barcode=code, actor=here.actor)
    words = _("“%(code)s” is the barcode of %(sku)s now. Scan it again to receive it.")
    return Outcome("good", words % {"code": code, "sku": item.sku}, keep)


def _clear(_request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
    kept = {name: text for name, text in keep.items() if name != "into"}
    return Outcome("good", _("What you scan now has no bin; put it away afterwards."), kept)
