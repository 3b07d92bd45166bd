"""Answering what a buyer asks for."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from entrepot.kernel.errors import Refused
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.views.order import the_order


@require_POST
@desk("orders.view")
def order_claim(request: DeskRequest, order_id: int, claim_id: int, deed: str) -> HttpResponse:  # noqa: ARG001 - read below once there are claims
    """Accept or refuse a buyer's wish."""
    the_order(request, order_id)
    raise Refused
