"""Bins: listed, looked into, moved, corrected, merged, closed; labels of bins and totes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.fulfilment.documents import PlaceLabelFacts, places_pdf, places_zpl
from entrepot.inventory.models import Bin
from entrepot.kernel.errors import NotFound
from entrepot.orders.services import adjust_stock
from entrepot.warehouse import services
from entrepot.warehouse.queries import places, to_count, walks
from entrepot.warehouse.services.put_away import merge_bin
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.forms.look import DeskForm, with_all
from entrepot.web.forms.warehouse import BinFilters, BinForm, CorrectForm, MoveForm
from entrepot.web.holding.sitting import Sitting
from entrepot.web.views.papers import PDF, ZPL, as_file
from entrepot.web.wms import bin_there, item_named, known_deed, moved, place_of, show_there, the_house, tried

LEVELS = ("", "filled", "empty", "closed")
MOST_LABELS: Final = 2000


@desk("stock.view")
@require_safe
def wms_bins(request: DeskRequest) -> HttpResponse:
    """The bins of a warehouse in walking order."""
    here, place = request.desk, place_of(request)
    filters = BinFilters(request.GET)
    zones = places.zones(seller_id=here.seller_id, warehouse_id=place.pk)
    filters.fields["zone"].choices = with_all(_("All zones"), [(zone.pk, zone.code) for zone in zones])  # type: ignore[attr-defined]
    level = request.GET.get("level", "")
    page = places.bins(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        search=filters.value("q"),
        zone_id=filters.value("zone"),
        level=level if level in LEVELS else "",
        after=request.GET.get("after", ""),
    )
    facts = {"page": page, "filters": filters, "level": level, "zones": zones}
    return show_there(request, place, "bins.html", facts)


def the_bin(request: DeskRequest, bin_id: int) -> Bin:
    """One bin, if the person may see its warehouse."""
    here = request.desk
    return places.bin_of(seller_id=here.seller_id, bin_id=bin_id, warehouse_ids=here.warehouse_ids)


@desk("stock.view")
@require_safe
def wms_bin(request: DeskRequest, bin_id: int) -> HttpResponse:
    """What lies in a bin, what went in and out, and what can be done with it."""
    return _page(request, the_bin(request, bin_id))


def _page(request: DeskRequest, found: Bin, wrong: Mapping[str, DeskForm] | None = None) -> HttpResponse:
    seller_id = request.desk.seller_id
    facts = {
        "bin": found,
        "rows": places.contents(seller_id=seller_id, bin_id=found.pk),
        "page": places.bin_history(seller_id=seller_id, bin_id=found.pk, after=request.GET.get("after", "")),
        "counts": to_count.last_counts(seller_id=seller_id, bin_id=found.pk),
        "sitting": _labeled(request, found),
        "forms": {"move": MoveForm(), "correct": CorrectForm(), **(wrong or {})},
    }
    return show_there(request, found.warehouse, "bin.html", facts, status=422 if wrong else 200)


@require_POST
@desk("stock.view")
def wms_bin_deed(request: DeskRequest, bin_id: int, deed: str) -> HttpResponse:
    """Move goods, correct what lies there, give it another label, merge it into another, close or open it."""
    found = the_bin(request, bin_id)
    action, verb = DEEDS.get(deed, ("stock.view", None))
    request.desk.must(action)
    wrong = known_deed({deed: verb} if verb else {}, deed)(request, found)
    return _page(request, found, wrong) if wrong else redirect("web:wms_bin", found.pk)


def _move(request: DeskRequest, found: Bin) -> Mapping[str, DeskForm]:
    form = MoveForm(request.POST)

    def go() -> None:
        facts = form.cleaned_data
        target = bin_there(request, found.warehouse, facts["to"]).pk if facts["to"] else None
        services.move(
            seller_id=found.seller_id,
            warehouse_id=found.warehouse_id,
            item_id=item_named(request, facts["sku"]).pk,
            quantity=facts["quantity"],
            from_bin_id=found.pk,
            to_bin_id=target,
            actor=request.desk.actor,
        )

    if not tried(form, go):
        return {"move": form}
    done(request, _("Moved."))
    return {}


def _correct(request: DeskRequest, found: Bin) -> Mapping[str, DeskForm]:
    form = CorrectForm(request.POST)

    def change() -> None:
        facts = form.cleaned_data
        item = item_named(request, facts["sku"])
        adjust_stock(
            seller_id=found.seller_id,
            item_id=item.pk,
            delta=facts["quantity"] * (-1 if facts["how"] == "remove" else 1),
            reason=facts["reason"],
            actor=request.desk.actor,
            warehouse_id=found.warehouse_id,
            bin_id=found.pk,
        )
        moved(request, [item.pk])

    if not tried(form, change):
        return {"correct": form}
    done(request, _("Corrected; the ledger keeps the reason."))
    return {}


def _labeled(request: DeskRequest, found: Bin) -> Sitting:
    form = BinForm(initial={"code": found.code})
    return Sitting(request, form, seat="bin", pk=found.pk, look=lambda: {"code": the_bin(request, found.pk).code})


def _rename(request: DeskRequest, found: Bin) -> None:
    code = request.POST.get("code", "")
    said: dict[str, Any] = {"seller_id": found.seller_id, "bin_id": found.pk, "actor": request.desk.actor}
    _labeled(request, found).still(lambda: services.rename_bin(code=code, **said))
    done(request, _("Saved. Print its new label."))


def _merge(request: DeskRequest, found: Bin) -> None:
    into = bin_there(request, found.warehouse, request.POST.get("into", ""))
    who: dict[str, Any] = {"seller_id": found.seller_id, "actor": request.desk.actor}
    pieces = merge_bin(bin_id=found.pk, into_bin_id=into.pk, **who)
    said = ngettext("%(n)s piece lies in %(bin)s now.", "%(n)s pieces lie in %(bin)s now.", pieces)
    done(request, said % {"n": pieces, "bin": into.code})


def _close(request: DeskRequest, found: Bin) -> None:
    services.close_bin(seller_id=found.seller_id, bin_id=found.pk, actor=request.desk.actor)
    done(request, _("The bin is closed."))


def _open(request: DeskRequest, found: Bin) -> None:
    services.open_bin(seller_id=found.seller_id, bin_id=found.pk, actor=request.desk.actor)
    done(request, _("The bin is open."))


DEEDS: Final[Mapping[str, tuple[str, Callable[[DeskRequest, Bin], Mapping[str, DeskForm] | None]]]] = {
    "move": ("stock.count", _move),
    "correct": ("stock.adjust", _correct),
    "rename": ("settings.edit", _rename),
    "merge": ("stock.adjust", _merge),
    "close": ("stock.adjust", _close),
    "open": ("stock.adjust", _open),
}


@desk("stock.view")
@require_safe
def wms_bin_labels(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """Labels of a warehouse's bins: of a zone, of those a search finds, or of one."""
    house = the_house(request, warehouse_id)
    rows = places.bins(
        seller_id=request.desk.seller_id,
        warehouse_id=house.pk,
        search=request.GET.get("q", ""),
        zone_id=number_of(request.GET.get("zone", "")),
        limit=MOST_LABELS,
    ).rows
    if one := number_of(request.GET.get("bin", "")):
        rows = [row for row in [the_bin(request, one)] if row.warehouse_id == house.pk]
    facts = [PlaceLabelFacts(code=row.code, detail=f"{house.name} · {row.zone.code}") for row in rows]
    return _labels(request, facts, f"bins-{house.code}")


@desk("stock.view")
@require_safe
def wms_tote_labels(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """Labels of a warehouse's totes."""
    house = the_house(request, warehouse_id)
    rows = walks.totes(seller_id=request.desk.seller_id, warehouse_id=house.pk)
    facts = [PlaceLabelFacts(code=row.code, detail=house.name) for row in rows if row.active]
    return _labels(request, facts, f"totes-{house.code}")


def _labels(request: DeskRequest, facts: list[PlaceLabelFacts], name: str) -> HttpResponse:
    if not facts:
        return show(request, "web/errors/not_found.html", {"error": NotFound()}, status=404)
    safe = "".join(sign if sign.isalnum() else "-" for sign in name if sign.isascii())
    if request.GET.get("form") == "zpl":
        return as_file(places_zpl(facts), ZPL, f"{safe}.zpl")
    return as_file(places_pdf(facts), PDF, f"{safe}.pdf", shown=True)
