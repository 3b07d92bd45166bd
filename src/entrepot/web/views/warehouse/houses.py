"""Warehouses: added, named, closed, who works there; their zones, rows of bins and totes."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from entrepot.accounts import queries as people
from entrepot.channels.queries import stores as store_queries
from entrepot.fulfilment.carrier_queries import senders
from entrepot.inventory import queries
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Warehouse, Zone
from entrepot.kernel.errors import Forbidden, NotFound
from entrepot.warehouse import services
from entrepot.warehouse.models import WorkOrder
from entrepot.warehouse.queries import places, walks
from entrepot.warehouse.services import houses as house_services
from entrepot.warehouse.services.waves import add_totes
from entrepot.web.desk import DeskRequest, desk, done, number_of
from entrepot.web.forms.look import DeskForm
from entrepot.web.forms.warehouse import HouseForm, ModeForm, RowForm, TotesForm, ZoneForm
from entrepot.web.holding.sitting import Sitting
from entrepot.web.lists.paper_rows import tote_lines
from entrepot.web.wms import known_deed, moved, place_of, show_there, the_house, tried

SOURCES = "source_warehouses"


@desk("stock.view")
def wms_houses(request: DeskRequest) -> HttpResponse:
    """Every warehouse with who works there; and a form for another one."""
    here = request.desk
    form = HouseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        here.must("settings.edit")
        if here.warehouse_ids is not None:
            raise Forbidden  # who works in some warehouses would not even see the new one
        if tried(
            form, lambda: inventory.add_warehouse(seller_id=here.seller_id, actor=here.actor, **form.cleaned_data)
        ):
            done(request, _("The warehouse is open."))
            return redirect("web:wms_houses")
    rows = queries.warehouses(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids, closed=True)
    facts = {"rows": rows, "form": form, "may_add": here.may("settings.edit") and here.warehouse_ids is None}
    return show_there(request, place_of(request), "houses.html", facts, status=422 if form.errors else 200)


@desk("stock.view")
def wms_house(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """One warehouse: its name, who works there, its zones and totes, from where stores sell."""
    return _page(request, the_house(request, warehouse_id))


def _page(request: DeskRequest, house: Warehouse, wrong: Mapping[str, DeskForm] | None = None) -> HttpResponse:
    here = request.desk
    zones = places.zones(seller_id=here.seller_id, warehouse_id=house.pk)
    row = RowForm()
    row.offer([(zone.pk, f"{zone.code} {zone.name}".strip()) for zone in zones])
    named = HouseForm(initial={"code": house.code, "name": house.name, "country": house.country})
    mode = ModeForm(initial={"mode": house.mode})
    forms: dict[str, DeskForm] = {
        "rename": _naming(request, house, named).form,
        "mode": _moding(request, house, mode).form,
        "zone": ZoneForm(),
        "row": row,
        "totes": TotesForm(),
    }
    sender = next((one for one in senders(seller_id=here.seller_id) if one.warehouse_id in {house.pk, None}), None)
    stores = store_queries.stores(seller_id=here.seller_id, store_ids=here.store_ids, with_disconnected=False)
    totes = walks.totes(seller_id=here.seller_id, warehouse_id=house.pk)
    facts = {
        "house": house,
        "zones": [(zone, _zoning(request, house.pk, zone.pk, zone)) for zone in zones],
        "totes": totes,
        "tote_lines": tote_lines(totes, form=_tote_form(request, house) if here.may("settings.edit") else ""),
        "waiting": _waiting(here.seller_id, house),
        "sender": sender,
        "stores": [(store, not store.settings.get(SOURCES) or house.pk in store.settings[SOURCES]) for store in stores],
        "people": [row for row in people.people(seller_id=here.seller_id) if _works_in(row.warehouse_ids, house.pk)],
        "forms": {**forms, **(wrong or {})},
    }
    torn = any(form.sitting and form.sitting.torn for form in (wrong or {}).values())
    return show_there(request, house, "house.html", facts, status=409 if torn else 422 if wrong else 200)


def _tote_form(request: DeskRequest, house: Warehouse) -> str:
    """How the form of each tote begins."""
    key = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    return format_html(
        '<form method="post" action="{}">{}', reverse("web:wms_house_deed", args=[house.pk, "tote"]), key
    )


def _named(request: DeskRequest, warehouse_id: int) -> dict[str, Any]:
    house = the_house(request, warehouse_id)
    return {"code": house.code, "name": house.name, "country": house.country}


def _naming(request: DeskRequest, house: Warehouse, form: HouseForm) -> Sitting:
    look = partial(_named, request, house.pk)
    return Sitting(request, form, seat="warehouse", pk=house.pk, look=look, apart=["code"])


def _moding(request: DeskRequest, house: Warehouse, form: ModeForm) -> Sitting:
    return Sitting(request, form, seat="mode", pk=house.pk, look=lambda: {"mode": the_house(request, house.pk).mode})


def _waiting(seller_id: int, house: Warehouse) -> list[tuple[object, int]]:
    counts = walks.work_counts(seller_id=seller_id, warehouse_id=house.pk)
    return [(state.label, counts[state]) for state in WorkOrder.State if state in counts]


def _works_in(scope: list[int], warehouse_id: int) -> bool:
    return not scope or warehouse_id in scope


@require_POST
@desk("settings.edit")
def wms_house_deed(request: DeskRequest, warehouse_id: int, deed: str) -> HttpResponse:
    """Rename, change who works there, make it the default, close or open it; add a zone, bins, totes."""
    house = the_house(request, warehouse_id)
    wrong = known_deed(DEEDS, deed)(request, house)
    if wrong:
        return _page(request, house, wrong)
    return redirect("web:wms_house", house.pk)


def _rename(request: DeskRequest, house: Warehouse) -> Mapping[str, DeskForm]:
    form = HouseForm({**request.POST.dict(), "code": house.code})

    def keep() -> None:
        words = {name: form.cleaned_data[name] for name in ("name", "country")}
        inventory.rename_warehouse(
            seller_id=request.desk.seller_id, warehouse_id=house.pk, actor=request.desk.actor, **words
        )

    if not _naming(request, house, form).kept(keep):
        return {"rename": form}
    done(request, _("Saved."))
    return {}


def _mode(request: DeskRequest, house: Warehouse) -> Mapping[str, DeskForm]:
    form = ModeForm(request.POST)
    touched: list[int] = []

    def change() -> None:
        touched.extend(
            house_services.change_mode(
                seller_id=request.desk.seller_id,
                warehouse_id=house.pk,
                mode=form.cleaned_data["mode"],
                actor=request.desk.actor,
            )
        )

    if not _moding(request, house, form).kept(change):
        return {"mode": form}
    moved(request, orders=True)
    count = len(touched)
    said = ngettext(
        "Saved. %(n)s released order goes the new way.", "Saved. %(n)s released orders go the new way.", count
    )
    done(request, said % {"n": count} if count else _("Saved."))
    return {}


def _default(request: DeskRequest, house: Warehouse) -> None:
    inventory.make_default(seller_id=house.seller_id, warehouse_id=house.pk, actor=request.desk.actor)
    done(request, _("Stock that names no warehouse is this one's now."))


def _close(request: DeskRequest, house: Warehouse) -> None:
    house_services.close_house(seller_id=house.seller_id, warehouse_id=house.pk, actor=request.desk.actor)
    done(request, _("The warehouse is closed. What happened there stays in the ledger."))


def _open(request: DeskRequest, house: Warehouse) -> None:
    inventory.open_warehouse(seller_id=house.seller_id, warehouse_id=house.pk, actor=request.desk.actor)
    done(request, _("The warehouse is open."))


def _zone(request: DeskRequest, house: Warehouse) -> Mapping[str, DeskForm]:
    form = ZoneForm(request.POST)
    who: dict[str, Any] = {"seller_id": house.seller_id, "warehouse_id": house.pk, "actor": request.desk.actor}
    if not tried(form, lambda: services.add_zone(**who, **form.cleaned_data)):
        return {"zone": form}
    done(request, _("The zone is there. Now add its bins."))
    return {}


def _row(request: DeskRequest, house: Warehouse) -> Mapping[str, DeskForm]:
    form = RowForm(request.POST)
    zones = places.zones(seller_id=house.seller_id, warehouse_id=house.pk)
    form.offer([(zone.pk, zone.code) for zone in zones])
    new: list[int] = []

    def lay() -> None:
        facts = form.cleaned_data
        last = facts["last"] or facts["first"]
        who: dict[str, Any] = {"seller_id": house.seller_id, "zone_id": facts["zone"], "actor": request.desk.actor}
        new.append(services.lay_out(first=facts["first"], last=last, **who))

    if not tried(form, lay):
        return {"row": form}
    done(request, ngettext("%(n)s bin is new.", "%(n)s bins are new.", new[0]) % {"n": new[0]})
    return {}


def _totes(request: DeskRequest, house: Warehouse) -> Mapping[str, DeskForm]:
    form = TotesForm(request.POST)
    who: dict[str, Any] = {"seller_id": house.seller_id, "warehouse_id": house.pk, "actor": request.desk.actor}
    if not tried(form, lambda: add_totes(**who, **form.cleaned_data)):
        return {"totes": form}
    done(request, _("The totes are there. Print their labels."))
    return {}


def _tote(request: DeskRequest, house: Warehouse) -> None:
    tote_id = number_of(request.POST.get("tote", "")) or 0
    found = walks.tote_of(seller_id=house.seller_id, tote_id=tote_id, warehouse_ids=[house.pk])
    house_services.use_tote(
        seller_id=house.seller_id,
        tote_id=found.pk if found else 0,
        active=bool(request.POST.get("active")),
        actor=request.desk.actor,
    )


def _zoning(request: DeskRequest, warehouse_id: int, zone_id: int, found: Zone | None = None) -> Sitting:
    """What is seen of a zone where it is renamed."""

    def look() -> dict[str, str]:
        zones = places.zones(seller_id=request.desk.seller_id, warehouse_id=warehouse_id)
        return _zone_words(next(zone for zone in zones if zone.pk == zone_id))

    form = ZoneForm(initial=_zone_words(found) if found else look())
    return Sitting(request, form, seat="zone", pk=zone_id, look=look, apart=["kind"])


def _zone_words(zone: Zone) -> dict[str, str]:
    return {"code": zone.code, "name": zone.name}


def _zone_name(request: DeskRequest, house: Warehouse) -> None:
    known = {zone.pk for zone in places.zones(seller_id=house.seller_id, warehouse_id=house.pk)}
    zone_id = number_of(request.POST.get("zone", "")) or 0
    words = {name: request.POST.get(name, "") for name in ("code", "name")}
    said: dict[str, Any] = {"seller_id": house.seller_id, "actor": request.desk.actor, **words}
    if zone_id not in known:
        raise NotFound
    _zoning(request, house.pk, zone_id).still(lambda: services.rename_zone(zone_id=zone_id, **said))
    done(request, _("Saved."))


DEEDS: Final[Mapping[str, Callable[[DeskRequest, Warehouse], Mapping[str, DeskForm] | None]]] = {
    "rename": _rename,
    "mode": _mode,
    "default": _default,
    "close": _close,
    "open": _open,
    "zone": _zone,
    "zone-name": _zone_name,
    "row": _row,
    "totes": _totes,
    "tote": _tote,
}
