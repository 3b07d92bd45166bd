"""Many changes by file: choose what, download the template, upload, look, apply, fetch the result."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.errors import StoreNotFound
from entrepot.channels.models import Store
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.sheets import queries, services, words
from entrepot.sheets.errors import StoreNeeded
from entrepot.sheets.kinds import KINDS, kind_of
from entrepot.sheets.kinds.kind import Kind
from entrepot.sheets.models import Upload
from entrepot.sheets.templates import made_template
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.forms.sheets import TemplateForm, UploadForm
from entrepot.web.wording import sheets as shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk("catalog.view")
@require_safe
def sheets(request: DeskRequest) -> HttpResponse:
    """What can be done by file, and every file so far."""
    here = request.desk
    page = queries.uploads(seller_id=here.seller_id, store_ids=here.store_ids, after=request.GET.get("after", ""))
    kinds = [kind for kind in KINDS.values() if here.may(kind.needs)]
    rows = [(upload, words.title(upload.kind), shown.mark_of(upload)) for upload in page.rows]
    return show(request, "web/sheets/list.html", {"page": page, "rows": rows, "kinds": kinds})


@desk("catalog.view")
def sheet_new(request: DeskRequest, kind: str) -> HttpResponse:
    """One kind: its template to download, and the form that takes the filled file."""
    here, found = request.desk, kind_of(kind)
    here.must(found.needs)
    stores = queries.stores_for(seller_id=here.seller_id, store_ids=here.store_ids)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, kind=found, stores=stores)
        if form.is_valid() and (upload := _taken(request, found, form)):
            return redirect("web:sheet", upload.pk)
    else:
        form = UploadForm(kind=found, stores=stores)
    facts = {
        "kind": found,
        "form": form,
        "template": TemplateForm(kind=found, stores=stores, auto_id="template_%s"),
        "no_store": found.needs_store and not stores,
        "needed": [column.heading for column in found.columns if column.required],
        "further": [column.heading for column in found.columns if not column.required and not column.shown],
    }
    return show(request, "web/sheets/new.html", facts, status=422 if form.errors else 200)


def _taken(request: DeskRequest, kind: Kind, form: UploadForm) -> Upload | None:
    here, file = request.desk, form.cleaned_data["file"]
    facts: dict[str, Any] = {"warehouse_ids": list(here.membership.warehouse_ids or [])}
    if here.store_ids is not None:
        facts["store_ids"] = list(here.store_ids)
    if reason := form.cleaned_data.get("reason", "").strip():
        facts["reason"] = reason
    try:
        return services.take_upload(
            seller_id=here.seller_id,
            kind=kind.code,
            name=file.name,
            content=file.read(),
            actor=here.actor,
            store_id=form.store_id,
            facts=facts,
        )
    except EntrepotError as error:
        form.refuse(error)
        return None


@desk("catalog.view")
@require_safe
def sheet_template(request: DeskRequest, kind: str) -> HttpResponse:
    """The workbook to fill: with a store's own lists, and with what stands now where that is asked."""
    here, found = request.desk, kind_of(kind)
    here.must(found.needs)
    store = _store(request, found)
    content, name = made_template(
        seller_id=here.seller_id,
        kind=found,
        store=store,
        filled=request.GET.get("filled") == "1",
        actor=here.actor,
        warehouse_ids=here.membership.warehouse_ids or None,
    )
    answer = HttpResponse(content.read(), content_type=XLSX)
    answer.headers["Content-Disposition"] = shown.attachment(name)
    content.close()
    return answer


def _store(request: DeskRequest, kind: Kind) -> Store | None:
    here, wanted = request.desk, number_of(request.GET.get("store", ""))
    if wanted is None:
        if kind.needs_store:
            raise StoreNeeded(field="store", reason="")
        return None
    stores = queries.stores_for(seller_id=here.seller_id, store_ids=here.store_ids)
    store = next((one for one in stores if one.pk == wanted), None)
    if store is None:
        raise StoreNotFound(store_id=wanted)
    return store


@desk("catalog.view")
@require_safe
def sheet(request: DeskRequest, upload_id: int) -> HttpResponse:
    """One file: how far it is, what it would change or has changed, and the rows by what became of them."""
    here = request.desk
    upload = queries.upload(seller_id=here.seller_id, upload_id=upload_id, store_ids=here.store_ids)
    kind = kind_of(upload.kind)
    tab = shown.tab_of(upload, request.GET.get("rows", ""))
    page = queries.rows(seller_id=here.seller_id, upload=upload, state=tab, after=request.GET.get("after", ""))
    worst = (
        queries.worst(seller_id=here.seller_id, upload=upload)
        if upload.state == "ready" and upload.counts.get("good", 0) > shown.FEW
        else []
    )
    facts = {
        "upload": upload,
        "kind": kind,
        "mark": shown.mark_of(upload),
        "how": queries.progress(upload),
        "trouble": words.trouble(upload),
        "tabs": shown.tabs(upload),
        "tab": tab,
        "page": page,
        "rows": [shown.row_of(kind, row) for row in page.rows],
        "worst": [shown.row_of(kind, row) for row in worst],
        "alarms": [(words.told(one["sentence"]), one) for one in upload.alarms],
        "news": upload.facts.get("news", {}),
        "files": queries.roles_of(seller_id=here.seller_id, upload=upload),
        "may": here.may(kind.needs),
        "can_undo": kind.reverse is not None and upload.counts.get("done") and upload.undoes_id is None,
        "on": upload.state in {"waiting", "checking", "applying"},
    }
    return show(request, "web/sheets/page.html", facts)


@require_POST
@desk("catalog.view")
def sheet_deed(request: DeskRequest, upload_id: int, deed: str) -> HttpResponse:
    """Apply it, cancel it, or plan its way back."""
    here = request.desk
    upload = queries.upload(seller_id=here.seller_id, upload_id=upload_id, store_ids=here.store_ids)
    here.must(kind_of(upload.kind).needs)
    facts: dict[str, Any] = {"seller_id": here.seller_id, "upload_id": upload.pk, "actor": here.actor}
    reach: dict[str, Any] = {"store_ids": here.store_ids}
    match deed:
        case "apply":
            services.apply_upload(**facts, **reach, approved=request.POST.get("approved") == "on")
        case "cancel":
            services.cancel_upload(**facts)
            done(request, _("Canceled."))
        case "back":
            upload = services.take_back(**facts, **reach)
            done(request, _("This is what taking it back would change. Look at it, then apply it."))
        case _:
            raise NotFound
    return redirect("web:sheet", upload.pk)


@desk("catalog.view")
@require_safe
def sheet_file(request: DeskRequest, upload_id: int, role: str) -> HttpResponse:
    """The file as it came, or the workbook with its results."""
    here = request.desk
    upload = queries.upload(seller_id=here.seller_id, upload_id=upload_id, store_ids=here.store_ids)
    here.must(kind_of(upload.kind).needs)
    kept = queries.file_of(seller_id=here.seller_id, upload=upload, role=role)
    answer = HttpResponse(bytes(kept.content), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = shown.attachment(kept.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
