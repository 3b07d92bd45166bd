"""Cycle counts: made, counted, decided line by line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.inventory.errors import StockIsReserved
from entrepot.warehouse import services
from entrepot.warehouse.labels import label, walking_path
from entrepot.warehouse.models import Count, CountLine
from entrepot.warehouse.queries import papers, places, to_count
from entrepot.web.desk import DeskRequest, desk, done, number_of, warn
from entrepot.web.forms.warehouse import CountFilters, CountForm
from entrepot.web.wms import ids, known_deed, moved, pasted_quantities, place_of, show_there, tried
from entrepot.web.wording import words

SOLD_DAYS: Final = 90


@desk("stock.view")
@require_safe
def wms_counts(request: DeskRequest) -> HttpResponse:
    """Counts of this warehouse, newest first, and how far each has come."""
    here, place = request.desk, place_of(request)
    filters = CountFilters(request.GET)
    page = papers.counts(
        seller_id=here.seller_id,
        warehouse_ids=[place.pk],
        state=filters.value("state"),
        after=request.GET.get("after", ""),
    )
    far = to_count.progress(seller_id=here.seller_id, count_ids=[row.pk for row in page.rows])
    return show_there(request, place, "counts.html", {"page": page, "filters": filters, "far": far})


@desk("stock.count")
def wms_count_new(request: DeskRequest) -> HttpResponse:
    """Ask for bins or items to be counted."""
    here, place = request.desk, place_of(request)
    form = CountForm(request.POST if request.method == "POST" else None)
    zones = places.zones(seller_id=here.seller_id, warehouse_id=place.pk)
    form.offer([(zone.pk, f"{zone.code} {zone.name}".strip()) for zone in zones])
    made: list[Count] = []

    def start() -> None:
        chosen = _chosen(request, place.pk, form.cleaned_data)
        made.append(
            services.start_count(
                seller_id=here.seller_id,
                warehouse_id=place.pk,
                note=form.cleaned_data["note"],
                actor=here.actor,
                **chosen,
            )
        )

    if form.is_bound and tried(form, start):
        done(request, _("%(number)s is to be counted.") % {"number": made[0].number})
        return redirect("web:wms_count", made[0].pk)
    return show_there(request, place, "count_new.html", {"form": form}, status=422 if form.errors else 200)


def _chosen(request: DeskRequest, warehouse_id: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What of a warehouse is to be counted, as `start_count` takes it."""
    who: dict[str, Any] = {"seller_id": request.desk.seller_id, "warehouse_id": warehouse_id}
    match asked["by"]:
        case "zone":
            return {"bin_ids": to_count.bins_of_zone(zone_id=asked["zone"] or 0, **who)}
        case "range":
            first, last = (walking_path(label(asked[name])) for name in ("first", "last"))
            return {"bin_ids": to_count.bins_between(first=first, last=last, **who)}
        case "stale":
            return {"bin_ids": to_count.bins_longest_uncounted(limit=asked["limit"], **who)}
        case "items":
            return {"item_ids": sorted(pasted_quantities(request, asked["pasted"]))}
        case "best":
            since = timezone.now() - timedelta(days=SOLD_DAYS)
            return {"item_ids": to_count.items_most_sold(since=since, limit=asked["limit"], **who)}
        case _:
            return {"item_ids": to_count.items_never_counted(limit=asked["limit"], **who)}


def the_count(request: DeskRequest, count_id: int) -> Count:
    """One count, if the person may see its warehouse."""
    here = request.desk
    return papers.count_of(seller_id=here.seller_id, count_id=count_id, warehouse_ids=here.warehouse_ids)


@desk("stock.view")
@require_safe
def wms_count(request: DeskRequest, count_id: int) -> HttpResponse:
    """One count: what is left to count, the differences with their value, what was decided."""
    found = the_count(request, count_id)
    seller_id = request.desk.seller_id
    blind = found.state == Count.State.COUNTING
    apart = [] if blind else papers.differences(seller_id=seller_id, count_id=found.pk)
    rows = to_count.valued(apart)
    facts = {
        "count": found,
        "far": to_count.progress(seller_id=seller_id, count_ids=[found.pk])[found.pk],
        "left": papers.to_count(seller_id=seller_id, count_id=found.pk) if blind else [],
        "rows": rows,
        "worth": to_count.worth(rows),
        "waiting": CountLine.State.COUNTED,
    }
    return show_there(request, found.warehouse, "count.html", facts)


@require_POST
@desk("stock.count")
def wms_count_deed(request: DeskRequest, count_id: int, deed: str) -> HttpResponse:
    """Enter what was counted, finish, approve, recount, drop, cancel."""
    found = the_count(request, count_id)
    verb = known_deed(DEEDS, deed)
    if deed in DECISIONS:
        request.desk.must("stock.approve", warehouse_ids=[found.warehouse_id])
    verb(request, found)
    return redirect("web:wms_count", found.pk)


def _lines(request: DeskRequest) -> Sequence[int] | None:
    """The lines chosen; None = all that wait."""
    return ids(request, "line", 2000) or None


def _enter(request: DeskRequest, found: Count) -> None:
    """A place as a person typed it: lines of what lies there; nothing = it is empty."""
    item_id = number_of(request.POST.get("item", ""))
    counted = (
        {item_id: number_of(request.POST.get("counted", "")) or 0}
        if item_id
        else pasted_quantities(request, request.POST.get("pasted", ""))
    )
    services.enter_count(
        seller_id=found.seller_id,
        count_id=found.pk,
        bin_id=number_of(request.POST.get("bin", "")),
        found=counted,
        actor=request.desk.actor,
    )
    done(request, _("Written down."))


def _finish(request: DeskRequest, found: Count) -> None:
    after = services.finish_count(seller_id=found.seller_id, count_id=found.pk, actor=request.desk.actor)
    agrees = after.state == Count.State.DONE
    done(request, _("Everything agrees; the count is done.") if agrees else _("Counted. The differences wait."))


def _approve(request: DeskRequest, found: Count) -> None:
    who: dict[str, Any] = {"seller_id": found.seller_id, "count_id": found.pk, "actor": request.desk.actor}
    reason = request.POST.get("reason", "")
    chosen = _lines(request)
    try:
        services.approve_count(line_ids=chosen, reason=reason, **who)
    except StockIsReserved as refusal:
        if not (request.POST.get("take_back") and chosen and len(chosen) == 1):
            warn(request, words.sentence(refusal))
            warn(request, _("Choose this one line alone and tick that orders may give it back, to approve it."))
            return
        services.approve_taking_back(line_id=chosen[0], reason=reason, **who)
    moved(request, orders=True)
    done(request, _("Approved; the books say what was counted."))


def _recount(request: DeskRequest, found: Count) -> None:
    services.recount(
        seller_id=found.seller_id,
        count_id=found.pk,
        line_ids=_lines(request),
        reason=request.POST.get("reason", ""),
        actor=request.desk.actor,
    )
    done(request, _("These places are to be counted again."))


def _drop(request: DeskRequest, found: Count) -> None:
    services.drop_differences(
        seller_id=found.seller_id,
        count_id=found.pk,
        line_ids=_lines(request),
        reason=request.POST.get("reason", ""),
        actor=request.desk.actor,
    )
    done(request, _("The books stay as they were."))


def _cancel(request: DeskRequest, found: Count) -> None:
    reason = request.POST.get("reason", "")
    services.cancel_count(seller_id=found.seller_id, count_id=found.pk, reason=reason, actor=request.desk.actor)
    done(request, _("%(number)s is canceled.") % {"number": found.number})


DECISIONS: Final = frozenset({"approve", "recount", "drop"})
DEEDS: Final[Mapping[str, Callable[[DeskRequest, Count], None]]] = {
    "enter": _enter,
    "finish": _finish,
    "approve": _approve,
    "recount": _recount,
    "drop": _drop,
    "cancel": _cancel,
}
