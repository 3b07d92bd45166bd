"""An order becomes two and one again; orders of one buyer share a parcel."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.services.cancel_parts import cancel_whole
from entrepot.channels.services.partial import send_ahead
from entrepot.inventory import queries as stock_queries
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import groups, plans, queries, services
from entrepot.orders.lines import open_quantity
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.parts import family, root_of
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.holding.after import orders_moved
from entrepot.web.views.order import must_there, the_order, unchanged
from entrepot.web.wording import words


@desk("orders.edit")
def order_split(request: DeskRequest, order_id: int) -> HttpResponse:
    """Say what goes into a part: by warehouse, what is missing, or line by line."""
    found = the_order(request, order_id)
    if request.method != "POST":
        return _page(request, found)
    must_there(request, "orders.edit", order_id)
    try:
        made = _split(request, found)
    except EntrepotError as refusal:
        return _page(request, found, refusal=refusal)
    orders_moved(request.desk, [found, *made])
    numbers = ", ".join(one.number for one in made)
    done(request, ngettext("New part: %(numbers)s.", "New parts: %(numbers)s.", len(made)) % {"numbers": numbers})
    return redirect("web:order", order_id)


def _split(request: DeskRequest, found: Order) -> list[Order]:
    here: dict[str, Any] = {"seller_id": found.seller_id, "order_id": found.pk, "actor": request.desk.actor}
    match request.POST.get("deed", ""):
        case "warehouse":
            return services.split_by_warehouse(**here)
        case "missing":
            return [send_ahead(**here)]
        case _:
            wanted = {
                line.pk: number_of(request.POST.get(f"line-{line.pk}", "").strip()) or 0 for line in found.lines.all()
            }
            return [services.split_order(lines=wanted, **here)]


def _page(request: DeskRequest, found: Order, *, refusal: EntrepotError | None = None) -> HttpResponse:
    lines = list(found.lines.all())
    kept = stock_queries.set_aside(seller_id=found.seller_id, references=[line.reference for line in lines])
    rows = [
        (line, open_quantity(line), kept.get(line.reference, 0), request.POST.get(f"line-{line.pk}", "0"))
        for line in lines
        if open_quantity(line) > 0
    ]
    facts = {
        "order": found,
        "rows": rows,
        "houses": _by_warehouse(found, lines),
        "missing": _missing(found, lines),
        "refusal": refusal,
    }
    return show(request, "web/orders/split.html", facts, status=409 if refusal else 200)


def _by_warehouse(found: Order, lines: list[OrderLine]) -> dict[str, Any]:
    """A preview: what each warehouse would send; or why it cannot be split so."""
    try:
        shares = plans.by_warehouse(found, lines)
    except EntrepotError as refusal:
        return {"why": words.sentence(refusal), "shares": []}
    names = {row.pk: row.name for row in stock_queries.warehouses(seller_id=found.seller_id)}
    return {"why": "", "shares": [(names.get(one.warehouse_id or 0, ""), _goods(lines, one)) for one in shares]}


def _missing(found: Order, lines: list[OrderLine]) -> list[tuple[OrderLine, int]]:
    try:
        return _goods(lines, plans.missing(found, lines))
    except EntrepotError:
        return []


def _goods(lines: list[OrderLine], share: plans.Share) -> list[tuple[OrderLine, int]]:
    return [(line, share.lines[line.pk]) for line in lines if line.pk in share.lines]


def _family(found: Order) -> list[int]:
    """The order, what it is a part of, and all other parts."""
    return [one.pk for one in family(found.seller_id, root_of(found))]


@require_POST
@desk("orders.edit")
def order_join(request: DeskRequest, order_id: int) -> HttpResponse:
    """Put a part back into the order it came from."""
    here = request.desk
    found = the_order(request, order_id)
    must_there(request, "orders.edit", *_family(found))
    root = services.join_order(seller_id=here.seller_id, order_id=order_id, actor=here.actor)
    root = queries.order_head(seller_id=here.seller_id, order_id=root.pk)
    orders_moved(here, [found, root])
    done(request, _("%(part)s is part of %(number)s again.") % {"part": found.number, "number": root.number})
    return redirect("web:order", root.pk)


@require_POST
@desk("orders.cancel")
def order_cancel_all(request: DeskRequest, order_id: int) -> HttpResponse:
    """Cancel an order with all its parts."""
    here = request.desk
    found = the_order(request, order_id)
    must_there(request, "orders.cancel", *_family(found))
    unchanged(request, order_id)
    reason = request.POST.get("reason", "").strip()[:300]
    cancel_whole(seller_id=here.seller_id, order_id=order_id, actor=here.actor, reason=reason)
    orders_moved(here, [found])
    done(request, _("All parts are being canceled; the store is told."))
    return redirect("web:order", order_id)


@require_POST
@desk("orders.edit")
def order_merge(request: DeskRequest, order_id: int) -> HttpResponse:
    """Let the order share its parcel with those chosen, or leave the parcel (`deed` leave)."""
    here = request.desk
    found = the_order(request, order_id)
    if request.POST.get("deed") == "leave":
        must_there(request, "orders.edit", order_id)
        services.leave_group(seller_id=here.seller_id, order_id=order_id, actor=here.actor)
        done(request, _("Order %(number)s travels on its own again.") % {"number": found.number})
    else:
        chosen = [number_of(text) or 0 for text in request.POST.getlist("order")]
        for other in chosen:
            queries.order_head(seller_id=here.seller_id, order_id=other, channel_ids=here.store_ids)
        must_there(request, "orders.edit", order_id, *chosen)
        services.merge_orders(seller_id=here.seller_id, order_ids=[order_id, *chosen], actor=here.actor)
        done(request, _("They leave in one parcel."))
    orders_moved(here, [found])
    if request.POST.get("back") == "suggestions":
        return redirect("web:merge_suggestions")
    return redirect("web:order", order_id)


@desk("orders.view")
@require_safe
def merge_suggestions(request: DeskRequest) -> HttpResponse:
    """Open orders of one buyer to one address that could share a parcel."""
    here = request.desk
    page = groups.suggestions(seller_id=here.seller_id, channel_ids=here.store_ids, after=request.GET.get("after", ""))
    return show(request, "web/orders/suggestions.html", {"page": page})
