"""Settings › Carriers: carriers, their numbers, the rules that choose, senders, boxes, and the carrier's visit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from entrepot.channels.queries import stores as store_queries
from entrepot.channels.services.shipping import wake_shipping, watch_numbers
from entrepot.fulfilment import carrier_queries as queries
from entrepot.fulfilment import carriers_port
from entrepot.fulfilment.models import CarrierRule, ShipFrom
from entrepot.fulfilment.rules import conditions_of
from entrepot.fulfilment.services.buying import connect_carrier
from entrepot.fulfilment.services.carrier_rules import delete_rule, keep_rule, move_rule
from entrepot.fulfilment.services.carriers import (
    add_carrier,
    change_carrier,
    drop_ship_from,
    keep_box,
    set_ship_from,
)
from entrepot.fulfilment.services.waybills import add_range, close_range
from entrepot.inventory.models import Warehouse
from entrepot.inventory.queries import warehouses as warehouses_of
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.warehouse.services import desk as warehouses
from entrepot.web.desk import DeskRequest, desk, done, number_of, show, warn
from entrepot.web.forms.carriers import (
    BoxForm,
    CarrierForm,
    NewCarrierForm,
    PluginForm,
    RangeForm,
    RuleForm,
    SenderForm,
    of_rule,
)
from entrepot.web.holding.after import orders_moved
from entrepot.web.holding.sitting import Sitting
from entrepot.web.views import carrier_stores
from entrepot.web.wms import tried
from entrepot.web.wording import words


@desk("orders.pack")
def carriers(request: DeskRequest) -> HttpResponse:
    """The seller's carriers with what waits for them, and how each store's parcels are sent."""
    here = request.desk
    form = NewCarrierForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        here.must("settings.edit")
        if form.is_valid():
            try:
                made = add_carrier(seller_id=here.seller_id, actor=here.actor, **form.cleaned_data)
            except EntrepotError as error:
                form.refuse(error)
            else:
                done(request, _("Added. Enter the numbers it has given you."))
                return redirect("web:carrier", made.pk)
    return _carriers_page(request, form)


def _carriers_page(
    request: DeskRequest, form: NewCarrierForm | None = None, sending: Sitting | None = None
) -> HttpResponse:
    form = form or NewCarrierForm()
    facts = {
        "carriers": queries.carriers(seller_id=request.desk.seller_id),
        "sending": sending or carrier_stores.shipping(request),
        "form": form,
    }
    status = sending.status if sending else 200
    return show(request, "web/carriers/list.html", facts, status=422 if form.errors else status)


@desk("settings.edit")
def carrier(request: DeskRequest, carrier_id: int) -> HttpResponse:
    """One carrier: its facts, its ranges of numbers, and what each store calls it."""
    here = request.desk
    form = CarrierForm(request.POST if request.method == "POST" else None, initial=_facts(request, carrier_id))
    sitting = _carrier_sitting(request, carrier_id, form)

    def save() -> None:
        change_carrier(seller_id=here.seller_id, carrier_id=carrier_id, actor=here.actor, **form.cleaned_data)

    if form.is_bound and sitting.kept(save):
        return _saved(request, carrier_id)
    return _carrier_page(request, carrier_id, sitting=sitting)


def _facts(request: DeskRequest, carrier_id: int) -> dict[str, Any]:
    found = queries.carrier(seller_id=request.desk.seller_id, carrier_id=carrier_id)
    return {name: getattr(found, name) for name in CarrierForm.base_fields}


def _carrier_sitting(request: DeskRequest, carrier_id: int, form: CarrierForm | None = None) -> Sitting:
    look = partial(_facts, request, carrier_id)
    return Sitting(request, form or CarrierForm(initial=look()), seat="carrier", pk=carrier_id, look=look)


def _carrier_page(
    request: DeskRequest,
    carrier_id: int,
    *,
    sitting: Sitting | None = None,
    numbers: RangeForm | None = None,
    connection: PluginForm | None = None,
    codes: Sitting | None = None,
) -> HttpResponse:
    here = request.desk
    found = queries.carrier(seller_id=here.seller_id, carrier_id=carrier_id)
    sitting = sitting or _carrier_sitting(request, carrier_id)
    facts = {
        "carrier": found,
        "form": sitting.form,
        "sitting": sitting,
        "numbers": numbers or RangeForm(auto_id="range_%s"),
        "ranges": queries.ranges_of(seller_id=here.seller_id, carrier_id=carrier_id),
        "codes": codes or carrier_stores.codes(request, carrier_id),
    }
    if plugins := carriers_port.installed().sellers:
        facts["connection"] = connection or _plugin_form(found.plugin)
        facts["plugins"] = plugins
    wrong = bool((connection and connection.errors) or (numbers and numbers.errors))
    return show(request, "web/carriers/page.html", facts, status=422 if wrong else (codes or sitting).status)


def _saved(request: DeskRequest, carrier_id: int) -> HttpResponse:
    watch_numbers(seller_id=request.desk.seller_id, carrier_id=carrier_id, actor=request.desk.actor)
    wake_shipping(seller_id=request.desk.seller_id)
    done(request, _("Saved."))
    return redirect("web:carrier", carrier_id)


@require_POST
@desk("settings.edit")
def carrier_range(request: DeskRequest, carrier_id: int) -> HttpResponse:
    """Take in a range of numbers, or close one."""
    here = request.desk
    queries.carrier(seller_id=here.seller_id, carrier_id=carrier_id)
    if closing := number_of(request.POST.get("close", "")):
        close_range(seller_id=here.seller_id, range_id=closing, actor=here.actor)
        return _saved(request, carrier_id)
    form = RangeForm(request.POST, auto_id="range_%s")
    if form.is_valid():
        try:
            add_range(seller_id=here.seller_id, carrier_id=carrier_id, actor=here.actor, **form.cleaned_data)
        except EntrepotError as error:
            form.refuse(error)
        else:
            return _saved(request, carrier_id)
    return _carrier_page(request, carrier_id, numbers=form)


def _plugin_form(chosen: str, posted: Mapping[str, str] | None = None) -> PluginForm:
    form = PluginForm(posted, initial={"plugin": chosen}, auto_id="plugin_%s")
    form.offer(carriers_port.installed(), chosen)
    return form


@require_POST
@desk("settings.edit")
def carrier_plugin(request: DeskRequest, carrier_id: int) -> HttpResponse:
    """Which plug-in buys this carrier's labels. One that was just chosen shows what its account consists of."""
    here = request.desk
    found = queries.carrier(seller_id=here.seller_id, carrier_id=carrier_id)
    wished = request.POST.get("plugin", "")
    form = _plugin_form(wished, request.POST)
    asked = any(name.startswith("account-") for name in request.POST)
    if wished and not asked and wished != found.plugin:
        return _carrier_page(request, carrier_id, connection=_plugin_form(wished))
    if form.is_valid():
        try:
            connect_carrier(
                seller_id=here.seller_id,
                carrier_id=carrier_id,
                plugin=wished,
                account=form.account(),
                actor=here.actor,
            )
        except EntrepotError as error:
            form.refuse(error)
        else:
            return _saved(request, carrier_id)
    return _carrier_page(request, carrier_id, connection=form)


@require_POST
@desk("settings.edit")
def carrier_codes(request: DeskRequest, carrier_id: int) -> HttpResponse:
    """What each store calls the carrier; empty = the one of the same name."""
    codes = carrier_stores.codes(request, carrier_id, sent=True)
    if codes and not codes.kept(lambda: carrier_stores.keep_codes(request, carrier_id, codes)):
        return _carrier_page(request, carrier_id, codes=codes)
    return _saved(request, carrier_id)


@require_POST
@desk("settings.edit")
def shipping_modes(request: DeskRequest) -> HttpResponse:
    """How each store's parcels are sent: by the store's own carrier, by the seller's rules, or as a person says."""
    sending = carrier_stores.shipping(request, sent=True)
    if sending and not sending.kept(lambda: carrier_stores.keep_shipping(request, sending)):
        return _carriers_page(request, sending=sending)
    wake_shipping(seller_id=request.desk.seller_id)
    done(request, _("Saved."))
    return redirect("web:carriers")


# --------------------------------------------------------------------------- the carrier's visit


@require_POST
@desk("orders.pack")
def carrier_visit(request: DeskRequest, carrier_id: int) -> HttpResponse:
    """The carrier has taken everything along that waits for it."""
    here = request.desk
    visit = warehouses.carrier_visit(
        seller_id=here.seller_id, carrier_id=carrier_id, actor=here.actor, channel_ids=here.store_ids
    )
    if visit.left:
        orders_moved(here, visit.left)
        left = len(visit.left)
        done(request, ngettext("%(n)s order handed over.", "%(n)s orders handed over.", left) % {"n": left})
    for order, refusal in visit.stayed:
        warn(request, f"{order.number}: {words.sentence(refusal)}")
    if not (visit.left or visit.stayed):
        warn(request, _("No parcel waits for this carrier."))
    return redirect("web:carriers")


# --------------------------------------------------------------------------- rules


@desk("settings.edit")
def carrier_rules(request: DeskRequest) -> HttpResponse:
    """The rules in the order they are asked, and a form for another one."""
    form = _rule_form(request)
    if form.is_bound and tried(form, partial(_keep_rule, request, form, None)):
        return _rule_saved(request)
    said = [
        (rule, [words.filled(sentence, facts) for sentence, facts in conditions_of(rule)], _rule_sitting(request, rule))
        for rule in queries.rules(seller_id=request.desk.seller_id)
    ]
    facts = {"rules": said, "form": form, "now": timezone.now()}
    return show(request, "web/carriers/rules.html", facts, status=422 if form.errors else 200)


@desk("settings.edit")
def carrier_rule(request: DeskRequest, rule_id: int) -> HttpResponse:
    """One rule, to be changed."""
    found = queries.rule(seller_id=request.desk.seller_id, rule_id=rule_id)
    form = _rule_form(request, found)
    sitting = _rule_sitting(request, found, form)
    if form.is_bound and sitting.kept(partial(_keep_rule, request, form, rule_id)):
        return _rule_saved(request)
    facts = {"rule": found, "form": form, "sitting": sitting}
    return show(request, "web/carriers/rule.html", facts, status=sitting.status)


@require_POST
@desk("settings.edit")
def carrier_rule_deed(request: DeskRequest, rule_id: int, deed: str) -> HttpResponse:
    """Ask a rule earlier or later, or no more."""
    here = request.desk
    found = queries.rule(seller_id=here.seller_id, rule_id=rule_id)
    if deed == "delete":
        _rule_sitting(request, found).still(
            lambda: delete_rule(seller_id=here.seller_id, rule_id=rule_id, actor=here.actor)
        )
        done(request, _("The rule is deleted."))
    elif deed in {"up", "down"}:
        move_rule(seller_id=here.seller_id, rule_id=rule_id, up=deed == "up", actor=here.actor)
    else:
        raise NotFound
    wake_shipping(seller_id=here.seller_id)
    return redirect("web:carrier_rules")


def _rule_form(request: DeskRequest, rule: CarrierRule | None = None) -> RuleForm:
    here = request.desk
    form = RuleForm(request.POST if request.method == "POST" else None, initial=of_rule(rule) if rule else None)
    stores = store_queries.stores(seller_id=here.seller_id, with_disconnected=False)
    form.offer(
        queries.carriers(seller_id=here.seller_id, active_only=True),
        [(store.pk, store.sales_channel.name) for store in stores],
    )
    return form


def _rule_sitting(request: DeskRequest, rule: CarrierRule, form: RuleForm | None = None) -> Sitting:
    def look() -> dict[str, Any]:
        return of_rule(queries.rule(seller_id=request.desk.seller_id, rule_id=rule.pk))

    return Sitting(request, form or RuleForm(initial=of_rule(rule)), seat="carrier_rule", pk=rule.pk, look=look)


def _keep_rule(request: DeskRequest, form: RuleForm, rule_id: int | None) -> None:
    here = request.desk
    keep_rule(seller_id=here.seller_id, rule_id=rule_id, actor=here.actor, **form.conditions())


def _rule_saved(request: DeskRequest) -> HttpResponse:
    wake_shipping(seller_id=request.desk.seller_id)
    done(request, _("Saved."))
    return redirect("web:carrier_rules")


# --------------------------------------------------------------------------- senders and boxes


@desk("settings.edit")
def senders(request: DeskRequest) -> HttpResponse:
    """Who stands on labels as the sender, and the boxes of the packing table."""
    here = request.desk
    what = request.POST.get("what", "")
    form, rows = _senders(request, bound=what == "sender")
    sitting = _sender_sitting(request, form)
    box = BoxForm(request.POST if what == "box" else None, auto_id="box_%s")
    try:
        if what == "general" and (place := number_of(request.POST.get("warehouse", ""))):
            drop_ship_from(seller_id=here.seller_id, warehouse_id=place, actor=here.actor)
            done(request, _("Saved."))
            return redirect("web:senders")
        if form.is_bound and sitting.kept(partial(_keep_sender, request, form)):
            done(request, _("Saved."))
            return redirect("web:senders")
        if box.is_bound and box.is_valid():
            keep_box(seller_id=here.seller_id, actor=here.actor, **box.cleaned_data)
            done(request, _("Saved."))
            return redirect("web:senders")
    except EntrepotError as error:
        (form if what == "sender" else box).refuse(error)
    facts = {"form": form, "rows": rows, "box": box, "sitting": sitting}
    facts["boxes"] = queries.boxes(seller_id=here.seller_id)
    return show(request, "web/carriers/senders.html", facts, status=422 if box.errors else sitting.status)


def _keep_sender(request: DeskRequest, form: SenderForm) -> None:
    set_ship_from(seller_id=request.desk.seller_id, actor=request.desk.actor, **form.cleaned_data)


def _sender_sitting(request: DeskRequest, form: SenderForm) -> Sitting:
    """What was seen is that of the warehouse that was looked at (`from`), whichever it is kept for."""
    wanted = number_of(request.GET.get("from", ""))
    known = {row.warehouse_id: row.pk for row in queries.senders(seller_id=request.desk.seller_id)}
    row_id = known.get(wanted) or known.get(None)
    look = partial(_sender_facts, request, wanted)
    return Sitting(request, form, seat="ship_from", pk=wanted or 0, look=look, told_of=row_id)


def _sender_facts(request: DeskRequest, wanted: int | None) -> dict[str, Any]:
    here = request.desk
    known = {row.warehouse_id: row for row in queries.senders(seller_id=here.seller_id)}
    looked = known.get(wanted) or known.get(None)
    started = {name: getattr(looked, name) for name in SenderForm.base_fields} if looked else {"name": here.seller.name}
    return {**started, "warehouse_id": wanted or ""}


def _senders(request: DeskRequest, *, bound: bool) -> tuple[SenderForm, list[tuple[Warehouse, ShipFrom | None]]]:
    """The form of the sender that is looked at, and who sends from each warehouse (None = the general one)."""
    here = request.desk
    known = {row.warehouse_id: row for row in queries.senders(seller_id=here.seller_id)}
    places = list(warehouses_of(seller_id=here.seller_id))
    wanted = number_of(request.GET.get("from", ""))
    form = SenderForm(request.POST if bound else None, initial=_sender_facts(request, wanted))
    form.offer([(place.pk, place.name) for place in places])
    return form, [(place, known.get(place.pk)) for place in places]


@require_POST
@desk("settings.edit")
def box_use(request: DeskRequest, box_id: int) -> HttpResponse:
    """Use a box no longer, or again."""
    here = request.desk
    found = queries.box(seller_id=here.seller_id, box_id=box_id)
    keep_box(seller_id=here.seller_id, box_id=box_id, active=not found.active, actor=here.actor)
    done(request, _("Saved."))
    return redirect("web:senders")
