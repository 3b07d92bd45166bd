"""Released work, waves and pick lists; what was short, and what goes back on the shelf."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts import queries as people
from entrepot.fulfilment.documents import PickLine as PaperLine
from entrepot.fulfilment.documents import PickListFacts, pdf
from entrepot.kernel.errors import NotFound
from entrepot.warehouse.models import PickList, Wave, WorkOrder
from entrepot.warehouse.queries import walks
from entrepot.warehouse.services.houses import set_due
from entrepot.warehouse.services.put_back import put_back
from entrepot.warehouse.services.waves import assign_list, cancel_wave, make_wave
from entrepot.web.desk import DeskRequest, desk, done, number_of
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.warehouse import DueForm, WaveForm, WorkFilters
from entrepot.web.lists.paper_rows import pick_rows, who_options
from entrepot.web.views.papers import PDF, as_file, language_of
from entrepot.web.wms import ids, known_deed, moved, place_of, show_there, tried


@desk("orders.view")
@require_safe
def wms_work(request: DeskRequest) -> HttpResponse:
    """Orders released to this warehouse, soonest due first."""
    here, place = request.desk, place_of(request)
    filters = WorkFilters(request.GET)
    state = request.GET.get("state", "")
    who: dict[str, Any] = {"seller_id": here.seller_id, "warehouse_id": place.pk}
    by = walks.WorkFilter(
        state=state if state in WorkOrder.State.values else "",
        search=filters.value("q"),
        kind=filters.value("kind"),
        carrier=filters.value("carrier"),
        due_before=_due_before(filters.value("due")),
        channel_ids=here.store_ids,
    )
    counts = walks.work_counts(**who, channel_ids=here.store_ids)
    facts = {
        "page": walks.work_list(**who, by=by, after=request.GET.get("after", "")),
        "filters": filters,
        "state": by.state,
        "tabs": [(one, counts.get(one, 0)) for one in list(WorkOrder.State)[:4]],
        "total": sum(counts.values()),
        "over": list(WorkOrder.State)[4:],
        "now": timezone.now(),
        "due": DueForm(),
    }
    return show_there(request, place, "work.html", facts)


def _due_before(asked: str) -> datetime | None:
    if asked == "now":
        return timezone.now()
    if asked == "today":
        tomorrow = timezone.localdate() + timedelta(days=1)
        return timezone.make_aware(datetime.combine(tomorrow, time.min))
    return None


@require_POST
@desk("orders.pack")
def wms_work_do(request: DeskRequest) -> HttpResponse:
    """Say by when chosen work should leave, or put it into a wave of a kind."""
    here, place = request.desk, place_of(request)
    chosen = ids(request, "work")
    if not chosen:
        raise NothingChosen(field="work", reason="")
    mine = walks.mine_of(
        seller_id=here.seller_id, work_ids=chosen, warehouse_ids=[place.pk], channel_ids=here.store_ids
    )
    deed = request.POST.get("deed", "")
    if deed == "due":
        return _due(request, mine)
    if deed not in Wave.Kind.values:
        raise NotFound
    return _wave_of(request, mine, deed)


def _due(request: DeskRequest, work_ids: list[int]) -> HttpResponse:
    request.desk.must("orders.edit")
    form = DueForm(request.POST)
    if form.is_valid():
        due = form.cleaned_data["due"]
        count = set_due(seller_id=request.desk.seller_id, work_ids=work_ids, due=due, actor=request.desk.actor)
        done(request, ngettext("%(n)s order changed.", "%(n)s orders changed.", count) % {"n": count})
    return redirect("web:wms_work")


def _wave_of(request: DeskRequest, work_ids: list[int], kind: str) -> HttpResponse:
    made = make_wave(
        seller_id=request.desk.seller_id,
        warehouse_id=place_of(request).pk,
        kind=kind,
        work_ids=work_ids,
        limit=len(work_ids),
        actor=request.desk.actor,
    )
    moved(request, orders=True)
    done(request, _("%(number)s is made. Print its lists, or pick with the scanner.") % {"number": made.number})
    return redirect("web:wms_wave", made.pk)


# --------------------------------------------------------------------------- waves


@desk("orders.view")
@require_safe
def wms_waves(request: DeskRequest) -> HttpResponse:
    """Waves, newest first, and how far each has come."""
    here, place = request.desk, place_of(request)
    state = request.GET.get("state", "")
    page = walks.waves(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        state=state if state in Wave.State.values else "",
        after=request.GET.get("after", ""),
    )
    facts = {"page": page, "state": state, "states": Wave.State.choices}
    return show_there(request, place, "waves.html", facts)


@desk("orders.pack")
def wms_wave_new(request: DeskRequest) -> HttpResponse:
    """What a wave of each kind would take now, and making one."""
    here, place = request.desk, place_of(request)
    limit = number_of(request.GET.get("limit", "")) or 50
    form = WaveForm(request.POST if request.method == "POST" else None, initial={"limit": limit})
    who: dict[str, Any] = {"seller_id": here.seller_id, "warehouse_id": place.pk}
    made: list[Wave] = []

    def make() -> None:
        facts = dict(form.cleaned_data)
        if here.store_ids is not None:
            by = walks.WorkFilter(state=WorkOrder.State.RELEASED, channel_ids=here.store_ids)
            page = walks.work_list(**who, by=by, limit=facts["limit"])
            facts["work_ids"] = [work.pk for work in page.rows]
        made.append(make_wave(**who, **facts, actor=here.actor))

    if form.is_bound and tried(form, make):
        moved(request, orders=True)
        done(request, _("%(number)s is made. Print its lists, or pick with the scanner.") % {"number": made[0].number})
        return redirect("web:wms_wave", made[0].pk)
    facts = {"form": form, "fits": walks.fits(**who, limit=min(limit, 500), channel_ids=here.store_ids), "limit": limit}
    return show_there(request, place, "wave_new.html", facts, status=422 if form.errors else 200)


def the_wave(request: DeskRequest, wave_id: int) -> Wave:
    """One wave, if the person may see its warehouse."""
    here = request.desk
    return walks.wave_of(seller_id=here.seller_id, wave_id=wave_id, warehouse_ids=here.warehouse_ids)


@desk("orders.view")
@require_safe
def wms_wave(request: DeskRequest, wave_id: int) -> HttpResponse:
    """One wave: its lists, who walks them, how far they are."""
    found = the_wave(request, wave_id)
    seller_id = request.desk.seller_id
    lists = walks.pick_lists_of(seller_id=seller_id, wave_id=found.pk)
    stops = walks.stops(
        seller_id=seller_id, pick_list_ids=[row.pk for row in lists], channel_ids=request.desk.store_ids
    )
    pickers = _pickers(request, found.warehouse_id)
    facts = {
        "wave": found,
        "lists": [(row, pick_rows(stops[row.pk]), who_options(pickers, row.picker)) for row in lists],
        "open_states": [PickList.State.OPEN, PickList.State.PICKING],
        "is_open": found.state in {Wave.State.OPEN, Wave.State.PICKING},
    }
    return show_there(request, found.warehouse, "wave.html", facts)


def _pickers(request: DeskRequest, warehouse_id: int) -> list[str]:
    """Who may pick in a warehouse."""
    rows = people.people(seller_id=request.desk.seller_id)
    mine = [row for row in rows if row.role != "read_only" and warehouse_id in (row.warehouse_ids or [warehouse_id])]
    return sorted(row.user.name or row.user.email for row in mine)


@require_POST
@desk("orders.pack")
def wms_wave_deed(request: DeskRequest, wave_id: int, deed: str) -> HttpResponse:
    """Give a wave up, or say who walks one of its lists."""
    found = the_wave(request, wave_id)
    known_deed(WAVE_DEEDS, deed)(request, found)
    return redirect("web:wms_wave", found.pk)


def _cancel(request: DeskRequest, found: Wave) -> None:
    cancel_wave(seller_id=found.seller_id, wave_id=found.pk, actor=request.desk.actor)
    moved(request, orders=True)
    done(request, _("The wave is given up. What was begun stays on its list."))


def _assign(request: DeskRequest, found: Wave) -> None:
    list_id = number_of(request.POST.get("list", "")) or 0
    known = {row.pk for row in walks.pick_lists_of(seller_id=found.seller_id, wave_id=found.pk)}
    assign_list(
        seller_id=found.seller_id,
        pick_list_id=list_id if list_id in known else 0,
        picker=request.POST.get("picker", ""),
        actor=request.desk.actor,
    )
    done(request, _("Saved."))


WAVE_DEEDS: Final[Mapping[str, Callable[[DeskRequest, Wave], None]]] = {"cancel": _cancel, "assign": _assign}


@desk("orders.view")
@require_safe
def wms_wave_lists(request: DeskRequest, wave_id: int) -> HttpResponse:
    """The pick lists of a wave as one file, in walking order; `list` = only that one."""
    found = the_wave(request, wave_id)
    seller_id = request.desk.seller_id
    lists = walks.pick_lists_of(seller_id=seller_id, wave_id=found.pk)
    only = number_of(request.GET.get("list", ""))
    chosen = [row for row in lists if only in {None, row.pk}]
    lines = walks.pick_lines(
        seller_id=seller_id, pick_list_ids=[row.pk for row in chosen], channel_ids=request.desk.store_ids
    )
    facts = [
        PickListFacts(
            number=row.number,
            made_on=timezone.localdate(found.created_at),
            warehouse=found.warehouse.name,
            picker=row.picker,
            lines=[_paper(line) for line in lines if line.pick_list_id == row.pk],
        )
        for row in chosen
    ]
    return as_file(pdf(facts, language=language_of(request)), PDF, f"{found.number}.pdf", shown=True)


def _paper(line: Any) -> PaperLine:  # noqa: ANN401 - a pick line with what it joins
    order = line.work_line.work.number
    return PaperLine(
        zone=line.bin.zone.code if line.bin else "",
        place=line.bin.code if line.bin else "",
        sku=line.item.sku,
        name=line.item.name,
        barcode=line.item.barcode,
        quantity=line.quantity,
        orders=[f"{order} · {line.tote.code}" if line.tote else order],
    )


# --------------------------------------------------------------------------- short, and back


@desk("orders.view")
@require_safe
def wms_shorts(request: DeskRequest) -> HttpResponse:
    """What pickers did not find where the books said."""
    here, place = request.desk, place_of(request)
    page = walks.shorts(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        channel_ids=here.store_ids,
        after=request.GET.get("after", ""),
    )
    return show_there(request, place, "shorts.html", {"page": page})


@desk("orders.view")
@require_safe
def wms_put_backs(request: DeskRequest) -> HttpResponse:
    """What was picked for orders that turned back."""
    here, place = request.desk, place_of(request)
    page = walks.put_backs(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        channel_ids=here.store_ids,
        after=request.GET.get("after", ""),
    )
    return show_there(request, place, "put_backs.html", {"page": page})


@require_POST
@desk("orders.pack")
def wms_put_back_do(request: DeskRequest) -> HttpResponse:
    """Some of it lies on the shelf again."""
    here, place = request.desk, place_of(request)
    work_id = number_of(request.POST.get("work", "")) or 0
    mine = walks.mine_of(
        seller_id=here.seller_id, work_ids=[work_id], warehouse_ids=[place.pk], channel_ids=here.store_ids
    )
    put_back(
        seller_id=here.seller_id,
        work_id=mine[0] if mine else 0,
        item_code=request.POST.get("sku", ""),
        bin_code=request.POST.get("bin", ""),
        quantity=number_of(request.POST.get("quantity", "")) or 0,
        actor=here.actor,
    )
    done(request, _("Put back."))
    return redirect("web:wms_put_backs")
