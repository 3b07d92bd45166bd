"""Deeds for many orders: asked for on the list, watched on a page of their own, tried again where they were refused."""

from collections import Counter
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.services.bulk import start
from entrepot.channels.services.bulk.deeds import DEEDS, Deed, deed_of
from entrepot.fulfilment.carrier_queries import has_rules
from entrepot.kernel.errors import Forbidden
from entrepot.orders import bulk_queries, queries
from entrepot.orders.models import Bulk, BulkItem
from entrepot.orders.services.bulk import Chosen
from entrepot.sheets.orders_bulk import carry_on
from entrepot.sheets.orders_import import AT_ONCE_IN_PAGE, begin_import
from entrepot.sheets.orders_results import results_workbook
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show, warn
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.bulk import ASKED_FIRST, NEEDED, facts_of, form_of
from entrepot.web.lists.narrowing import narrowing
from entrepot.web.wording import bulk as shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --------------------------------------------------------------------------- asking for one


@require_POST
@desk("orders.view")
def orders_bulk(request: DeskRequest) -> HttpResponse:
    """A deed for the chosen orders, or for all that fit the list (`scope=filter`, `query` = the list's address).

    A few are done before the page comes back; more go on in the background, and the page shows how far they are.
    """
    here = request.desk
    deed = deed_of(request.POST.get("deed", ""))
    here.must(deed.action)
    chosen = _chosen(request)
    form = form_of(deed.kind, None, before=_before(request, deed))
    if _asks(request, deed):
        return _ask(request, deed, chosen, form)
    if not _plain(request, deed):
        form = form_of(deed.kind, request.POST)
        if not form.is_valid():
            return _ask(request, deed, chosen, form)
    facts = {**(facts_of(form) if form.is_bound else {}), "language": here.language, "zone": str(here.zone)}
    bulk = start.start_bulk(seller_id=here.seller_id, kind=deed.kind, facts=facts, chosen=chosen, actor=here.actor)
    return _begun(request, deed, bulk)


def _chosen(request: DeskRequest) -> Chosen:
    here = request.desk
    if request.POST.get("scope") == "filter":
        by = narrowing(here, QueryDict(request.POST.get("query", "").lstrip("?")))
        return Chosen(rows=queries.fitting(seller_id=here.seller_id, by=by), channel_ids=here.store_ids)
    ids = [number for text in request.POST.getlist("order") if (number := number_of(text))]
    if not ids:
        raise NothingChosen(field="order", reason="")
    return Chosen(ids, channel_ids=here.store_ids)


def _asks(request: DeskRequest, deed: Deed) -> bool:
    """Whether a person is asked first: for a word that is missing, before what cannot be undone, before very many."""
    if request.POST.get("asked"):
        return False
    if deed.kind in ASKED_FIRST or request.POST.get("scope") == "filter":
        return True
    if deed.kind in NEEDED:
        return not request.POST.get(NEEDED[deed.kind], "").strip()
    return deed.kind == "pack" and has_rules(seller_id=request.desk.seller_id)


def _plain(request: DeskRequest, deed: Deed) -> bool:
    """Begun by its button alone."""
    return not request.POST.get("asked") and deed.kind not in NEEDED


def _before(request: DeskRequest, deed: Deed) -> dict[str, Any]:
    """The columns of an export stay as they were chosen last."""
    if deed.kind != "export":
        return {}
    here = request.desk
    return bulk_queries.last_facts(seller_id=here.seller_id, kind=deed.kind, user_id=here.user.pk)


def _ask(request: DeskRequest, deed: Deed, chosen: Chosen, form: Any) -> HttpResponse:  # noqa: ANN401 - one of the deeds' forms
    here = request.desk
    facts = {
        "form": form,
        "deed": deed,
        "word": _(deed.word),
        "ids": chosen.ids,
        "count": len(set(chosen.ids)) if chosen.rows is None else chosen.rows.count(),
        "scope": request.POST.get("scope", ""),
        "query": request.POST.get("query", ""),
        "back": request.POST.get("back", ""),
        "store_told": deed.kind == "cancel_by_seller",
        "may": here.may(deed.action),
    }
    return show(request, "web/bulk/ask.html", facts, status=422 if form.is_bound else 200)


def _begun(request: DeskRequest, deed: Deed, bulk: Bulk) -> HttpResponse:
    here = request.desk
    if bulk.total > start.SMALL:
        return redirect("web:order_deed", bulk.pk)
    carry_on(bulk_id=bulk.pk)
    items = bulk_queries.items(seller_id=here.seller_id, bulk_id=bulk.pk).rows
    counted = Counter(item.state for item in items)
    refused = Counter(shown.reason_of(item) for item in items if item.state == BulkItem.State.REFUSED)
    if finished := counted[BulkItem.State.DONE]:
        sentence = ngettext("%(n)s order: %(deed)s.", "%(n)s orders: %(deed)s.", finished)
        done(request, sentence % {"n": finished, "deed": shown.word_of(bulk)})
    for reason, count in refused.items():
        warn(request, f"{count} × {reason}")
    if refused or deed.verb is None:
        return redirect("web:order_deed", bulk.pk)
    return back(request, "web:orders")


# --------------------------------------------------------------------------- watching


def _mine(request: DeskRequest) -> int | None:
    """Who may not see every store sees the deeds they asked for themselves."""
    return request.desk.user.pk if request.desk.store_ids else None


def _found(request: DeskRequest, bulk_id: int) -> Bulk:
    return bulk_queries.bulk(seller_id=request.desk.seller_id, bulk_id=bulk_id, user_id=_mine(request))


@desk("orders.view")
@require_safe
def order_deeds(request: DeskRequest) -> HttpResponse:
    """Deeds for many orders, newest first."""
    here = request.desk
    page = bulk_queries.bulks(seller_id=here.seller_id, user_id=_mine(request), after=request.GET.get("after", ""))
    far = bulk_queries.progress_of(seller_id=here.seller_id, rows=page.rows)
    rows = [shown.Shown(row, shown.word_of(row), far[row.pk]) for row in page.rows]
    return show(request, "web/bulk/list.html", {"page": page, "rows": rows})


@desk("orders.view")
@require_safe
def order_deed(request: DeskRequest, bulk_id: int) -> HttpResponse:
    """One deed: how far it is, what became of each order, its files."""
    here = request.desk
    bulk = _found(request, bulk_id)
    state = request.GET.get("state", "")
    page = bulk_queries.items(
        seller_id=here.seller_id, bulk_id=bulk_id, state=state, after=request.GET.get("after", "")
    )
    far = bulk_queries.progress_of(seller_id=here.seller_id, rows=[bulk])[bulk.pk]
    deed = DEEDS[bulk.kind]
    facts = {
        "one": shown.Shown(bulk, shown.word_of(bulk), far),
        "going": bulk.state in {Bulk.State.WAITING, Bulk.State.RUNNING},
        "may": here.may(deed.action),
        "files": bulk_queries.files(seller_id=here.seller_id, bulk_id=bulk_id) if here.may(deed.action) else [],
        "draft": bulk.state == Bulk.State.DRAFT,
        "looked": bulk.kind == "import",
        "errors": shown.wrong_rows(bulk),
        "trouble": shown.trouble_of(bulk),
        "page": page,
        "rows": shown.told(page.rows),
        "state": state,
        "tabs": [
            ("", _("All"), bulk.total),
            ("done", _("Done"), far.done),
            ("refused", _("Refused"), far.refused),
            ("skipped", _("Left out"), far.skipped),
        ],
    }
    return show(request, "web/bulk/page.html", facts)


@require_POST
@desk("orders.view")
def order_deed_do(request: DeskRequest, bulk_id: int, deed: str) -> HttpResponse:
    """Stop a deed, or try again what was refused."""
    here = request.desk
    bulk = _found(request, bulk_id)
    here.must(DEEDS[bulk.kind].action)
    if deed == "stop":
        left = start.stop_bulk(seller_id=here.seller_id, bulk_id=bulk_id, actor=here.actor)
        sentence = ngettext(
            "Stopped; %(n)s order is left as it was.", "Stopped; %(n)s orders are left as they were.", left
        )
        done(request, sentence % {"n": left})
        return redirect("web:order_deed", bulk_id)
    if deed == "confirm":
        begun = begin_import(seller_id=here.seller_id, bulk_id=bulk_id, actor=here.actor)
        return _taken_in(request, begun)
    if deed != "retry":
        raise Forbidden
    again = start.retry_refused(seller_id=here.seller_id, bulk_id=bulk_id, actor=here.actor)
    return _begun(request, DEEDS[again.kind], again)


def _taken_in(request: DeskRequest, bulk: Bulk) -> HttpResponse:
    """The orders of a small file are there when the page comes back."""
    if bulk.total <= AT_ONCE_IN_PAGE:
        carry_on(bulk_id=bulk.pk)
        bulk.refresh_from_db()
        count = bulk.facts.get("counts", {}).get("done", 0)
        sentence = ngettext("%(n)s order is on the desk.", "%(n)s orders are on the desk.", count)
        done(request, sentence % {"n": count})
    return redirect("web:order_deed", bulk.pk)


@desk("orders.view")
@require_safe
def order_deed_file(request: DeskRequest, bulk_id: int, position: int) -> HttpResponse:
    """One of its files."""
    here = request.desk
    here.must(DEEDS[_found(request, bulk_id).kind].action)
    found = bulk_queries.file(seller_id=here.seller_id, bulk_id=bulk_id, position=position)
    return _download(bytes(found.content), found.kind, found.name)


@desk("orders.view")
@require_safe
def order_deed_results(request: DeskRequest, bulk_id: int) -> HttpResponse:
    """What became of each order, as a workbook."""
    bulk = _found(request, bulk_id)
    content = results_workbook(seller_id=bulk.seller_id, bulk_id=bulk_id, reason=shown.reason_of)
    return _download(content, XLSX, f"results-{bulk_id}.xlsx")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
