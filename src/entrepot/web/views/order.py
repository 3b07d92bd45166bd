"""One order: looked at, moved, noted, tagged, its lines matched; and orders typed in by hand."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.catalog import queries as catalog_queries
from entrepot.channels.models import Problem
from entrepot.channels.queries import desk as channel_queries
from entrepot.channels.queries import told as told_queries
from entrepot.channels.services.mapping import match_order_line
from entrepot.inventory import queries as stock_queries
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.orders import queries, services
from entrepot.orders.models import Order, Status
from entrepot.warehouse.queries.waiting import houses_of
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.errors import StalePage
from entrepot.web.forms.parcels import ParcelForm
from entrepot.web.holding.after import orders_moved
from entrepot.web.order_page import panels, together
from entrepot.web.order_page.moves import BY_MOVE, buttons_for
from entrepot.web.wording import story, words


def the_order(request: DeskRequest, order_id: int) -> Order:
    """The order with everything on its page, if this person may see it."""
    here = request.desk
    return queries.order(seller_id=here.seller_id, order_id=order_id, channel_ids=here.store_ids)


@desk("orders.view")
@require_safe
def order(request: DeskRequest, order_id: int) -> HttpResponse:
    """Everything about one order."""
    return order_page(request, the_order(request, order_id))


def order_page(
    request: DeskRequest,
    found: Order,
    *,
    packing: ParcelForm | None = None,
    receipt_error: EntrepotError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an order; with a form that came back, as it was filled in."""
    here = request.desk
    lines = list(found.lines.all())
    kept = stock_queries.set_aside(seller_id=here.seller_id, references=[line.reference for line in lines])
    told = told_queries.told_of(seller_id=here.seller_id, order_id=found.pk)
    shown = panels.of(here, found, told=told, packing=packing, posted=request.POST, receipt_error=receipt_error)
    facts = {
        "order": found,
        "lines": [(line, kept.get(line.reference, 0), shown["packed"].get(line.pk, 0)) for line in lines],
        "foreign": found.currency != found.base_currency,
        "story": story.of_order(list(found.events.all()), told, _carriers(found)),
        "buttons": buttons_for(here, found, needs_number=bool(shown.get("needs_number")), elsewhere=shown["elsewhere"]),
        "problems": _problems(request, found),
        "hold": _hold_words(found),
        "parts": queries.parts_of(seller_id=here.seller_id, order=found),
        "zone": channel_queries.zone_of(seller_id=here.seller_id, channel_id=found.sales_channel_id),
        "raw": channel_queries.raw_order(seller_id=here.seller_id, order_id=found.pk)
        if here.may("journal.view")
        else None,
        **shown,
        **together.panel(here, found, lines),
    }
    return show(request, "web/orders/page.html", facts, status=status)


def _carriers(found: Order) -> dict[str, str]:
    """What the carriers that the order's store lists are called, by its codes."""
    listed = told_queries.carriers(seller_id=found.seller_id, store_id=found.sales_channel_id)
    return {row.remote_id: row.name for row in listed}


def _problems(request: DeskRequest, found: Order) -> list[Problem]:
    """What stands open on the order, but for what its hold says already, in the same place."""
    rows = channel_queries.problems_on(seller_id=request.desk.seller_id, object_type="order", object_id=str(found.pk))
    return [row for row in rows if found.status != Status.ON_HOLD or row.code != found.hold_code]


def _hold_words(found: Order) -> tuple[str, str] | None:
    if found.status != Status.ON_HOLD:
        return None
    return words.hold_title(found.hold_code), words.hold_remedy(found.hold_code)


def unchanged(request: DeskRequest, order_id: int) -> None:
    """Refuse when the order changed after the page was opened. Inside a transaction: the row stays as it is."""
    seen = number_of(request.POST.get("version", "")) or 0
    if queries.version_for_update(seller_id=request.desk.seller_id, order_id=order_id) != seen:
        raise StalePage


@require_POST
@desk("orders.view")
def order_move(request: DeskRequest, order_id: int, move: str) -> HttpResponse:
    """Make one move of the flow."""
    here = request.desk
    found = the_order(request, order_id)
    button = BY_MOVE.get(move)
    if button is None:
        raise NotFound
    here.must(button.action)
    must_there(request, button.action, order_id)
    with transaction.atomic():
        unchanged(request, order_id)
        reason = {"reason": request.POST.get("reason", "").strip()[:300]} if button.asks else {}
        button.verb(seller_id=here.seller_id, order_id=found.pk, actor=here.actor, **reason)
        orders_moved(here, [found])
    done(request, _("Done: %(deed)s.") % {"deed": button.word})
    return redirect("web:order", order_id)


def must_there(request: DeskRequest, action: str, *order_ids: int) -> None:
    """Who works in some warehouses only moves orders whose goods are set aside in those; as `bulk` has it."""
    here = request.desk
    for order_id in order_ids if here.warehouse_ids is not None else ():
        here.must(action, warehouse_ids=houses_of(seller_id=here.seller_id, order_id=order_id))


@require_POST
@desk("orders.edit")
def order_note(request: DeskRequest, order_id: int) -> HttpResponse:
    """Put a note on the order."""
    the_order(request, order_id)
    services.note(
        seller_id=request.desk.seller_id,
        order_id=order_id,
        text=request.POST.get("text", ""),
        actor=request.desk.actor,
    )
    done(request, _("Note saved."))
    return redirect("web:order", order_id)


@require_POST
@desk("orders.edit")
def order_tags(request: DeskRequest, order_id: int) -> HttpResponse:
    """Put tags on, take tags off."""
    the_order(request, order_id)
    with transaction.atomic():
        unchanged(request, order_id)
        services.tag(
            seller_id=request.desk.seller_id,
            order_ids=[order_id],
            add=request.POST.get("add", "").split(","),
            remove=request.POST.getlist("remove"),
            actor=request.desk.actor,
        )
    return redirect("web:order", order_id)


@desk("orders.edit")
def order_line(request: DeskRequest, order_id: int, line_id: int) -> HttpResponse:
    """Choose the item of a line that belongs to none yet."""
    here = request.desk
    found = the_order(request, order_id)
    line = next((row for row in found.lines.all() if row.pk == line_id), None)
    if line is None:
        raise NotFound
    if request.method == "POST":
        item = catalog_queries.item(seller_id=here.seller_id, item_id=number_of(request.POST.get("item", "")) or 0)
        match_order_line(seller_id=here.seller_id, line_id=line.pk, item_id=item.pk, actor=here.actor)
        orders_moved(here, [found])
        done(request, _("The line now belongs to %(sku)s.") % {"sku": item.sku})
        return redirect("web:order", order_id)
    text = request.GET.get("q", "").strip()
    items = (
        catalog_queries.find_items(seller_id=here.seller_id, text=text)
        if text
        else catalog_queries.suggest_items(seller_id=here.seller_id, sku=line.sku or line.model, title=line.name)
    )
    facts = {"order": found, "line": line, "items": items, "q": text}
    return show(request, "web/orders/match.html", facts)


@desk("journal.view")
@require_safe
def order_raw(request: DeskRequest, order_id: int) -> HttpResponse:
    """The order word for word as the store sent it."""
    found = the_order(request, order_id)
    raw = channel_queries.raw_order(seller_id=request.desk.seller_id, order_id=order_id)
    if raw is None:
        raise NotFound
    return show(request, "web/orders/raw.html", {"order": found, "raw": raw})
