"""The order desk: the list."""

from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.kernel.errors import EntrepotError
from entrepot.orders import queries, services
from entrepot.orders.models import Order, Status
from entrepot.web import marks, words
from entrepot.web.after import orders_moved
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show, warn
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.filters import OrderFilters
from entrepot.web.forms.look import with_all
from entrepot.web.moves import BUTTONS, BY_MOVE

ALWAYS = (
    Status.NEW,
    Status.PARTIAL,
    Status.ON_HOLD,
    Status.RFP,
    Status.READY_TO_SHIP,
    Status.IN_TRANSIT,
    Status.COMPLETE,
)
MOST_AT_ONCE = 200


@desk("orders.view")
@require_safe
def orders(request: DeskRequest) -> HttpResponse:
    """Orders by status, searched and filtered, newest first."""
    here = request.desk
    filters = OrderFilters(request.GET)
    channels = queries.sales_channels(seller_id=here.seller_id, channel_ids=here.store_ids)
    tags = queries.tags_in_use(seller_id=here.seller_id)
    filters.fields["channel"].choices = with_all(_("All stores"), [(row.pk, row.name) for row in channels])  # type: ignore[attr-defined]
    filters.fields["tag"].choices = with_all(_("Any tag"), [(tag, tag) for tag in tags])  # type: ignore[attr-defined]
    status = request.GET.get("status", "")
    by = _narrowing(request, filters, status if status in Status.values else "")
    counts = queries.status_counts(seller_id=here.seller_id, by=by)
    facts = {
        "page": queries.orders(seller_id=here.seller_id, by=by, after=request.GET.get("after", "")),
        "filters": filters,
        "status": by.status,
        "tabs": _tabs(counts, by.status),
        "total": sum(counts.values()),
        "bulk": [button for button in BUTTONS if button.bulk and here.may(button.action)],
    }
    return show(request, "web/orders/list.html", facts)


def _narrowing(request: DeskRequest, filters: OrderFilters, status: str) -> queries.OrderFilter:
    until = filters.value("until")
    return queries.OrderFilter(
        search=filters.value("q"),
        status=status,
        hold_code=request.GET.get("hold", "")[:40],
        channel_id=filters.value("channel"),
        tag=filters.value("tag"),
        placed_from=_midnight(filters.value("since")),
        placed_before=_midnight(until + timedelta(days=1)) if until else None,
        channel_ids=request.desk.store_ids,
    )


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a day by the viewer's clock."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _tabs(counts: dict[str, int] | object, chosen: str) -> list[tuple[Status, marks.Mark, int]]:
    table = counts if isinstance(counts, dict) else {}
    shown = [status for status in Status if status in ALWAYS or table.get(status) or status == chosen]
    return [(status, marks.mark_of("order", status), table.get(status, 0)) for status in shown]


@require_POST
@desk("orders.view")
def orders_bulk(request: DeskRequest) -> HttpResponse:
    """One move, or one tag, for many orders. Each stands for itself: what cannot is said, the others go on."""
    here = request.desk
    ids = [number for text in request.POST.getlist("order")[:MOST_AT_ONCE] if (number := number_of(text))]
    if not ids:
        raise NothingChosen(field="order", reason="")
    deed = request.POST.get("deed", "")
    if deed == "tag":
        here.must("orders.edit")
        changed = services.tag(
            seller_id=here.seller_id, order_ids=ids, add=[request.POST.get("tag", "")], actor=here.actor
        )
        done(request, ngettext("%(n)s order tagged.", "%(n)s orders tagged.", changed) % {"n": changed})
        return back(request, "web:orders")
    button = BY_MOVE.get(deed)
    if button is None or not button.bulk:
        return redirect("web:orders")
    here.must(button.action)
    refusals: dict[str, int] = {}
    moved: list[Order] = []
    for order_id in ids:
        try:
            head = queries.order_head(seller_id=here.seller_id, order_id=order_id, channel_ids=here.store_ids)
            button.verb(seller_id=here.seller_id, order_id=order_id, actor=here.actor)
            moved.append(head)
        except EntrepotError as error:
            refusals[words.sentence(error)] = refusals.get(words.sentence(error), 0) + 1
    if moved:
        orders_moved(here, moved)
        sentence = ngettext("%(n)s order: %(deed)s.", "%(n)s orders: %(deed)s.", len(moved))
        done(request, sentence % {"n": len(moved), "deed": button.word})
    for refusal, count in refusals.items():
        warn(request, f"{count} × {refusal}")
    return back(request, "web:orders")
