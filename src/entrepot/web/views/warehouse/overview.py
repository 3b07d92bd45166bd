"""What waits in a warehouse, who has done what today, and whether everything adds up."""

from datetime import datetime, time

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from entrepot.warehouse.queries import agreement, today
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.wms import place_of, show_there

STEPS: dict[str, tuple[str | Promise, str, str]] = {
    "receipts": (_("Receipts to come in"), "wms_receipts", "?state=open"),
    "put_away": (_("Items to put away"), "wms_put_away", ""),
    "released": (_("Orders to pick"), "wms_work", "?state=released"),
    "picking": (_("Being picked"), "wms_work", "?state=picking"),
    "picked": (_("To pack"), "wms_work", "?state=picked"),
    "packed": (_("Waits for its carrier"), "wms_work", "?state=packed"),
    "manifests": (_("Open manifests"), "wms_manifests", "?state=open"),
    "put_back": (_("To put back"), "wms_put_backs", ""),
    "returns": (_("Returns to look into"), "wms_returns", ""),
    "counting": (_("Counts going on"), "wms_counts", "?state=counting"),
    "to_approve": (_("Counts to approve"), "wms_counts", "?state=to_approve"),
}
"""Each step in words, and the page where what waits is listed."""
CHECKS = {
    "ledger": _("On hand is not the sum of the ledger"),
    "ledger_reserved": _("Reserved is not the sum of the ledger"),
    "set_aside": _("Reserved is not what is set aside for orders"),
    "bins": _("In bins is not the sum of the bins"),
    "bin_history": _("A bin is not the sum of what went in and out"),
    "incoming": _("Incoming is not what open receipts wait for"),
    "picked": _("More is picked than the order holds"),
}


@desk("stock.view")
@require_safe
def wms(request: DeskRequest) -> HttpResponse:
    """A warehouse at a glance."""
    here, place = request.desk, place_of(request)
    now = timezone.now()
    began = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    who = {"seller_id": here.seller_id, "warehouse_id": place.pk}
    waits = today.waiting(**who, channel_ids=here.store_ids)
    facts = {
        "steps": [
            (row, STEPS[row.step][0], reverse(f"web:{STEPS[row.step][1]}") + STEPS[row.step][2]) for row in waits
        ],
        "people": today.done_today(**who, since=began),
        "overdue": today.overdue(**who, now=now, channel_ids=here.store_ids),
        "short": today.short_since(**who, since=began),
    }
    return show_there(request, place, "overview.html", facts)


@desk("stock.view")
@require_safe
def wms_agreement(request: DeskRequest) -> HttpResponse:
    """Ledger, running figures, bins, papers and staging, added up: a long ledger only when it is asked for."""
    here, place = request.desk, place_of(request)
    if "now" not in request.GET and not agreement.soon_added_up(seller_id=here.seller_id):
        return show_there(request, place, "agreement.html", {"long": True})
    rows = agreement.differences(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids)
    facts = {"rows": [(row, CHECKS[row.check]) for row in rows], "checks": CHECKS.values(), "now": timezone.now()}
    return show_there(request, place, "agreement.html", facts)
