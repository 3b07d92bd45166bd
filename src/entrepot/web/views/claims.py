"""Answering what a buyer asks for, and deciding about a parcel that a cancellation has stopped."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from entrepot.channels.errors import ClaimDecided
from entrepot.channels.services import claims
from entrepot.kernel.errors import NotFound
from entrepot.orders.models import OrderClaim
from entrepot.web.desk import DeskRequest, desk, done
from entrepot.web.holding.after import orders_moved
from entrepot.web.order_page.panels import ACTIONS, REMEDIES
from entrepot.web.views.order import must_there, the_order, unchanged

DECIDES: dict[str, Callable[..., Any]] = {
    "go_on": claims.refuse_and_go_on,
    "unpack_and_cancel": claims.unpack_and_cancel,
    "unpack": claims.unpack,
}


@require_POST
@desk("orders.view")
def order_claim(request: DeskRequest, order_id: int, claim_id: int, deed: str) -> HttpResponse:
    """Accept or refuse a buyer's wish."""
    here = request.desk
    found = the_order(request, order_id)
    claim = next((row for row in found.claims.all() if row.pk == claim_id), None)
    if claim is None or deed not in {"accept", "refuse"}:
        raise NotFound
    here.must(ACTIONS[OrderClaim.Kind(claim.kind)])
    must_there(request, ACTIONS[OrderClaim.Kind(claim.kind)], order_id)
    with transaction.atomic():
        unchanged(request, order_id)
        claims.answer_claim(
            seller_id=here.seller_id, claim_id=claim.pk, deed=deed, actor=here.actor, reason=_reason(request)
        )
        orders_moved(here, [found])
    done(request, _("The store is told. The order goes on once it has taken the answer."))
    return redirect("web:order", order_id)


@require_POST
@desk("orders.cancel")
def order_remedy(request: DeskRequest, order_id: int, deed: str) -> HttpResponse:
    """What becomes of a parcel that a cancellation has stopped."""
    here = request.desk
    found = the_order(request, order_id)
    remedy = next((one for one in REMEDIES.get(found.hold_code, ()) if one.deed == deed), None)
    if remedy is None:
        raise ClaimDecided(number=found.number)
    must_there(request, "orders.cancel", order_id)
    with transaction.atomic():
        unchanged(request, order_id)
        DECIDES[deed](seller_id=here.seller_id, order_id=order_id, actor=here.actor, reason=_reason(request))
        orders_moved(here, [found])
    done(request, _("Done: %(deed)s.") % {"deed": remedy.word})
    return redirect("web:order", order_id)


def _reason(request: DeskRequest) -> str:
    return request.POST.get("reason", "").strip()[:300]
