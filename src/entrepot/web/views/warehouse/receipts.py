"""Goods come in, or travel between warehouses: expected, received, closed short, with their differences."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.inventory import queries as stock_queries
from entrepot.warehouse import services
from entrepot.warehouse.models import Receipt
from entrepot.warehouse.queries import papers
from entrepot.warehouse.services import Departure
from entrepot.web.desk import DeskRequest, desk, done
from entrepot.web.forms.look import DeskForm
from entrepot.web.forms.warehouse import ReceiptFilters, ReceiptForm, TakeForm, TransferForm
from entrepot.web.lists.paper_rows import receipt_rows
from entrepot.web.wms import (
    bin_there,
    item_named,
    known_deed,
    moved,
    pasted_quantities,
    place_of,
    show_there,
    tried,
)


@desk("stock.view")
@require_safe
def wms_receipts(request: DeskRequest) -> HttpResponse:
    """Receipts and transfers into this warehouse, newest first."""
    here, place = request.desk, place_of(request)
    filters = ReceiptFilters(request.GET)
    kind = request.GET.get("kind", "")
    page = papers.receipts(
        seller_id=here.seller_id,
        warehouse_ids=[place.pk],
        state=filters.value("state"),
        kind=kind if kind in Receipt.Kind.values else "",
        search=filters.value("q"),
        with_sent=True,
        after=request.GET.get("after", ""),
    )
    facts = {"page": page, "filters": filters, "kind": kind, "kinds": Receipt.Kind.choices}
    return show_there(request, place, "receipts.html", facts)


@desk("stock.count")
def wms_receipt_new(request: DeskRequest) -> HttpResponse:
    """Announce what will come, by pasted lines, or begin to receive what nobody announced."""
    here, place = request.desk, place_of(request)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    made: list[Receipt] = []

    def begin() -> None:
        facts: dict[str, Any] = {name: form.cleaned_data[name] for name in ("supplier", "reference", "note")}
        who: dict[str, Any] = {"seller_id": here.seller_id, "warehouse_id": place.pk, "actor": here.actor}
        wanted = pasted_quantities(request, form.cleaned_data["pasted"])
        if wanted:
            here.must("stock.adjust")
            made.append(
                services.expect(quantities=wanted, expected_on=form.cleaned_data["expected_on"], **facts, **who)
            )
        else:
            made.append(services.begin_receipt(**facts, **who))

    if form.is_bound and tried(form, begin):
        done(request, _("%(number)s is open.") % {"number": made[0].number})
        return redirect("web:wms_receipt", made[0].pk)
    return show_there(request, place, "receipt_new.html", {"form": form}, status=422 if form.errors else 200)


@desk("stock.adjust")
def wms_transfer_new(request: DeskRequest) -> HttpResponse:
    """Send goods from this warehouse to another one."""
    here, place = request.desk, place_of(request)
    form = TransferForm(request.POST if request.method == "POST" else None)
    others = [row for row in stock_queries.warehouses(seller_id=here.seller_id) if row.pk != place.pk]
    form.offer([(row.pk, row.name) for row in others])
    made: list[Receipt] = []

    def go() -> None:
        facts = form.cleaned_data
        wanted = pasted_quantities(request, facts["pasted"])
        made.append(
            services.send(
                seller_id=here.seller_id,
                from_warehouse_id=place.pk,
                to_warehouse_id=facts["to"],
                departures=[Departure(item_id, quantity) for item_id, quantity in wanted.items()],
                reference=facts["reference"],
                note=facts["note"],
                actor=here.actor,
            )
        )
        moved(request, sorted(wanted))

    if form.is_bound and tried(form, go):
        done(request, _("%(number)s is on its way.") % {"number": made[0].number})
        return redirect("web:wms_receipt", made[0].pk)
    facts = {"form": form, "others": others}
    return show_there(request, place, "transfer_new.html", facts, status=422 if form.errors else 200)


def the_receipt(request: DeskRequest, receipt_id: int) -> Receipt:
    """One receipt; a transfer may be seen by who works at either end."""
    here = request.desk
    return papers.receipt(
        seller_id=here.seller_id, receipt_id=receipt_id, warehouse_ids=here.warehouse_ids, with_sent=True
    )


@desk("stock.view")
@require_safe
def wms_receipt(request: DeskRequest, receipt_id: int) -> HttpResponse:
    """One receipt: what is expected, what has come, what is apart."""
    return _page(request, the_receipt(request, receipt_id))


def _page(request: DeskRequest, found: Receipt, wrong: Mapping[str, DeskForm] | None = None) -> HttpResponse:
    here = request.desk
    lines = papers.receipt_lines(seller_id=here.seller_id, receipt_id=found.pk)
    facts = {
        "receipt": found,
        "lines": lines,
        "rows": receipt_rows(lines, is_open=found.state == Receipt.State.OPEN),
        "due": sum(line.expected for line in lines),
        "came": sum(line.received for line in lines),
        "missing": sum(max(line.expected - line.received, 0) for line in lines),
        "works_here": here.may("stock.count", warehouse_id=found.warehouse_id),
        "forms": {"take": TakeForm(), **(wrong or {})},
    }
    return show_there(request, found.warehouse, "receipt.html", facts, status=422 if wrong else 200)


@require_POST
@desk("stock.count")
def wms_receipt_deed(request: DeskRequest, receipt_id: int, deed: str) -> HttpResponse:
    """Receive a line, all that is due, close or cancel."""
    found = the_receipt(request, receipt_id)
    verb = known_deed(DEEDS, deed)
    ends = [found.warehouse_id]
    if deed == "cancel" and found.from_warehouse_id:
        ends = [found.from_warehouse_id]
    request.desk.must("stock.count", warehouse_ids=ends)
    wrong = verb(request, found)
    return _page(request, found, wrong) if wrong else redirect("web:wms_receipt", found.pk)


def _take(request: DeskRequest, found: Receipt) -> Mapping[str, DeskForm]:
    form = TakeForm(request.POST)

    def receive() -> None:
        facts = form.cleaned_data
        item = item_named(request, facts["sku"])
        target = bin_there(request, found.warehouse, facts["bin"]).pk if facts["bin"] else None
        services.receive_item(
            seller_id=found.seller_id,
            receipt_id=found.pk,
            item_id=item.pk,
            quantity=facts["quantity"],
            bin_id=target,
            actor=request.desk.actor,
        )
        moved(request, [item.pk], orders=True)

    if not tried(form, receive):
        return {"take": form}
    done(request, _("Received."))
    return {}


def _take_all(request: DeskRequest, found: Receipt) -> None:
    lines = papers.receipt_lines(seller_id=found.seller_id, receipt_id=found.pk)
    due = {line.item_id: line.expected - line.received for line in lines if line.expected > line.received}
    for item_id, quantity in sorted(due.items()):
        services.receive_item(
            seller_id=found.seller_id,
            receipt_id=found.pk,
            item_id=item_id,
            quantity=quantity,
            actor=request.desk.actor,
        )
    moved(request, sorted(due), orders=True)
    done(request, _("Everything that was due is received."))


def _close(request: DeskRequest, found: Receipt) -> None:
    reason = request.POST.get("reason", "")
    services.close_receipt(seller_id=found.seller_id, receipt_id=found.pk, reason=reason, actor=request.desk.actor)
    done(request, _("%(number)s is closed.") % {"number": found.number})


def _cancel(request: DeskRequest, found: Receipt) -> None:
    reason = request.POST.get("reason", "")
    services.cancel_receipt(seller_id=found.seller_id, receipt_id=found.pk, reason=reason, actor=request.desk.actor)
    moved(request, orders=True)
    done(request, _("%(number)s is canceled.") % {"number": found.number})


DEEDS: Final[Mapping[str, Callable[[DeskRequest, Receipt], Mapping[str, DeskForm] | None]]] = {
    "take": _take,
    "take-all": _take_all,
    "close": _close,
    "cancel": _cancel,
}
