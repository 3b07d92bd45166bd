"""Parcels and returns of one order: packed, numbered, unpacked; received back."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from entrepot.channels.services import claims
from entrepot.channels.services.packing import bench_of, number_parcel, pack_order
from entrepot.fulfilment import queries as parcel_queries
from entrepot.fulfilment import services as parcels
from entrepot.fulfilment.carrier_queries import boxes
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.orders.models import Order
from entrepot.web.desk import DeskRequest, desk, done, number_of, warn
from entrepot.web.holding.after import orders_moved
from entrepot.web.order_page.parcels import odd_number, pack_form
from entrepot.web.views.order import must_there, order_page, the_order, unchanged


class CountUnreadable(Invalid):
    """Something else than a whole number was typed where pieces are counted."""

    code = "count_unreadable"
    message = "“{text}” is no number of pieces. Give a whole number, 0 or more."


@require_POST
@desk("orders.pack")
def order_pack(request: DeskRequest, order_id: int) -> HttpResponse:
    """Pack what is left of an order, or some of it, into a parcel."""
    here = request.desk
    found = the_order(request, order_id)
    must_there(request, "orders.pack", order_id)
    form = pack_form(bench_of(found), request.POST, boxes=boxes(seller_id=here.seller_id, active_only=True))
    if not form.is_valid():
        return order_page(request, found, packing=form, status=422)
    try:
        with transaction.atomic():
            unchanged(request, order_id)
            parcel = pack_order(
                seller_id=here.seller_id,
                order_id=order_id,
                carrier=form.cleaned_data["carrier"],
                tracking_number=form.cleaned_data["tracking_number"],
                line_quantities=_some(request, "line-"),
                box=form.cleaned_data.get("box", ""),
                weight_grams=form.cleaned_data["weight_grams"],
                actor=here.actor,
            )
            orders_moved(here, [found])
    except Invalid as error:
        form.refuse(error)
        return order_page(request, found, packing=form, status=422)
    pieces = sum(line.quantity for line in parcel.lines.all())
    done(request, ngettext("%(n)s piece packed.", "%(n)s pieces packed.", pieces) % {"n": pieces})
    _warn_of_number(request, parcel)
    return redirect("web:order", order_id)


@require_POST
@desk("orders.pack")
def order_parcel(request: DeskRequest, order_id: int, shipment_id: int, deed: str) -> HttpResponse:
    """Correct a parcel's number, or void it."""
    found = the_order(request, order_id)
    must_there(request, "orders.pack", order_id)
    parcel = parcel_queries.shipment(seller_id=request.desk.seller_id, shipment_id=shipment_id)
    if parcel.order_id != found.pk or deed not in {"number", "void"}:
        raise NotFound
    with transaction.atomic():
        unchanged(request, order_id)
        if deed == "number":
            _renumber(request, found, parcel)
        elif _is_the_only_one(found, parcel):
            claims.unpack(seller_id=found.seller_id, order_id=order_id, actor=request.desk.actor)
            done(request, _("Unpacked; the order is with the warehouse again."))
        else:
            parcels.void(seller_id=found.seller_id, shipment_id=parcel.pk, actor=request.desk.actor)
            done(request, _("The parcel is void; what was in it can be packed anew."))
        orders_moved(request.desk, [found])
    return redirect("web:order", order_id)


def _is_the_only_one(found: Order, parcel: Shipment) -> bool:
    all_of_it = parcel_queries.shipments_of(seller_id=found.seller_id, order_id=found.pk)
    return [one.pk for one in all_of_it if one.state != Shipment.State.VOID] == [parcel.pk]


def _renumber(request: DeskRequest, found: Order, parcel: Shipment) -> None:
    numbered = number_parcel(
        seller_id=found.seller_id,
        shipment_id=parcel.pk,
        carrier=request.POST.get("carrier", ""),
        tracking_number=request.POST.get("tracking_number", ""),
        actor=request.desk.actor,
    )
    done(request, _("The new number is saved; the store is told."))
    _warn_of_number(request, numbered)


def _warn_of_number(request: DeskRequest, parcel: Shipment) -> None:
    if odd := odd_number(parcel):
        warn(request, odd)


@require_POST
@desk("orders.pack")
def order_receive(request: DeskRequest, order_id: int) -> HttpResponse:
    """The goods are back: some on the shelf, some scrapped, some still with the buyer."""
    here = request.desk
    found = the_order(request, order_id)
    try:
        with transaction.atomic():
            unchanged(request, order_id)
            claims.receive_return(
                seller_id=here.seller_id,
                order_id=order_id,
                lines=_received(request),
                actor=here.actor,
                reason=request.POST.get("reason", "").strip()[:300],
            )
            orders_moved(here, [found])
    except Invalid as error:
        return order_page(request, found, receipt_error=error, status=422)
    done(request, _("The return is taken in."))
    return redirect("web:order", order_id)


def _received(request: DeskRequest) -> dict[int, tuple[int, int]]:
    """`{line id: (restocked, scrapped)}` of the return form."""
    good, bad = _some(request, "good-") or {}, _some(request, "scrap-") or {}
    return {line_id: (good.get(line_id, 0), bad.get(line_id, 0)) for line_id in good | bad}


def _some(request: DeskRequest, prefix: str) -> dict[int, int] | None:
    """`{line id: pieces}` of a form with one field for each line; None when it has no such fields.

    Raises:
        CountUnreadable: One of them holds no number.
    """
    counts: dict[int, int] = {}
    for name, text in request.POST.items():
        line_id = number_of(name.removeprefix(prefix)) if name.startswith(prefix) else None
        if line_id is None:
            continue
        typed = str(text).strip() or "0"
        if not (typed.isascii() and typed.isdigit() and len(typed) < 8):
            raise CountUnreadable(field="quantity", reason="", text=typed[:40])
        counts[line_id] = int(typed)
    return counts or None
