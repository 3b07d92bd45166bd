"""Numbers by file: parcels out to a carrier's program, tracking numbers in; looked at before anything is written."""

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.services.statuses import wake_statuses
from entrepot.fulfilment import carrier_queries
from entrepot.kernel.errors import EntrepotError
from entrepot.sheets.waybills import Answer, looked_through, parcels_file, write_numbers
from entrepot.web.desk import DeskRequest, desk, done, show, warn
from entrepot.web.forms.waybills import WaybillsInForm, WaybillsOutForm
from entrepot.web.wording import words

SALT = "waybills"
KEPT_SECONDS = 3600
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "cp949": "text/csv; charset=cp949",
}


@desk("orders.pack")
def waybill_files(request: DeskRequest) -> HttpResponse:
    """A form for each direction; a file that came in is shown row by row, with what it would do."""
    here = request.desk
    form = WaybillsInForm(request.POST, request.FILES) if request.method == "POST" else WaybillsInForm()
    facts: dict[str, object] = {"form": form, "out": WaybillsOutForm(auto_id="out_%s")}
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = looked_through(
                seller_id=here.seller_id, content=file.read(), name=file.name, channel_ids=here.store_ids
            )
        except EntrepotError as error:
            form.refuse(error)
        else:
            good = [(one.shipment_id, one.order, one.number, one.carrier) for one in taken.good if not one.same]
            facts["answers"] = [(one, _said(one.error), _said(one.warning)) for one in taken.answers]
            facts["good"] = len(good)
            facts["rows"] = signing.dumps(good, salt=f"{SALT}:{here.seller_id}", compress=True)
    return show(request, "web/carriers/files.html", facts, status=422 if form.errors else 200)


def _said(words_of: tuple[str, dict[str, object]] | None) -> str:
    return words.filled(*words_of) if words_of else ""


@desk("orders.pack")
@require_safe
def waybill_file(request: DeskRequest) -> HttpResponse:
    """Packed parcels in a carrier's columns."""
    here = request.desk
    form = WaybillsOutForm(request.GET)
    if not form.is_valid():
        return redirect("web:waybill_files")
    parcels = carrier_queries.waiting_parcels(
        seller_id=here.seller_id, without_number=form.cleaned_data["which"] == "without", channel_ids=here.store_ids
    )
    if not parcels:
        warn(request, _("No packed parcel waits for a number."))
        return redirect("web:waybill_files")
    kind = form.cleaned_data["form"]
    content, name = parcels_file(parcels=parcels, layout=form.cleaned_data["layout"], form=kind)
    answer = HttpResponse(content, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@desk("orders.pack")
def waybills_take(request: DeskRequest) -> HttpResponse:
    """Write what was looked at; what has become impossible meanwhile is said."""
    here = request.desk
    try:
        kept = signing.loads(request.POST.get("rows", ""), salt=f"{SALT}:{here.seller_id}", max_age=KEPT_SECONDS)
    except signing.BadSignature:
        warn(request, _("The file was looked at too long ago. Choose it once more."))
        return redirect("web:waybill_files")
    answers = [
        Answer(0, order, number, carrier=carrier, shipment_id=shipment_id)
        for shipment_id, order, number, carrier in kept
    ]
    taken = write_numbers(seller_id=here.seller_id, answers=answers, actor=here.actor)
    wake_statuses(seller_id=here.seller_id, order_ids=carrier_queries.orders_in(
        seller_id=here.seller_id, shipment_ids=[one.shipment_id or 0 for one in taken.good]))  # fmt: skip
    done(request, ngettext("%(n)s number written.", "%(n)s numbers written.", taken.done) % {"n": taken.done})
    for one in taken.answers:
        if one.error:
            warn(request, f"{one.order}: {_said(one.error)}")
    return redirect("web:waybill_files")
