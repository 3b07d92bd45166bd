"""Plans: changes of stores that are looked at first, field by field, then applied, and taken back with one click."""

from collections.abc import Callable, Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.models import Plan
from entrepot.channels.queries import plans as queries
from entrepot.channels.queries.listings import ListingFilter
from entrepot.channels.queries.stores import stores
from entrepot.channels.services import plans as services
from entrepot.channels.services import rails
from entrepot.channels.services.plans import PriceRule
from entrepot.channels.services.plans_apply import apply_plan, plan_undo, stop_plan
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.kernel.money import coin_of
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.filters import ListingFilters
from entrepot.web.forms.look import with_all
from entrepot.web.forms.offers import PriceForm
from entrepot.web.forms.plans import STEPS, PlanForm
from entrepot.web.wording import plans as words

DEEDS = ("show", "hide", "delete")
STATES = ("waiting", "done", "failed", "overtaken", "canceled", "left_out")


@desk("catalog.view")
@require_safe
def plans(request: DeskRequest) -> HttpResponse:
    """All of them, newest first."""
    here = request.desk
    page = queries.plans(seller_id=here.seller_id, store_ids=here.store_ids, after=request.GET.get("after", ""))
    rows = [(row, words.title_of(row), _names(request, row)) for row in page.rows]
    return show(request, "web/plans/list.html", {"page": page, "rows": rows})


def _names(request: DeskRequest, plan: Plan) -> list[str]:
    known = _store_names(request)
    return [known[store_id] for store_id in plan.store_ids if store_id in known]


def _store_names(request: DeskRequest) -> Mapping[int, str]:
    here = request.desk
    if not hasattr(request, "plan_store_names"):
        rows = stores(seller_id=here.seller_id, store_ids=here.store_ids)
        request.plan_store_names = {row.pk: row.sales_channel.name for row in rows}  # type: ignore[attr-defined]
    return request.plan_store_names  # type: ignore[attr-defined, no-any-return]


# --------------------------------------------------------------------------- making one


@desk("catalog.edit")
def plan_new(request: DeskRequest) -> HttpResponse:
    """Choose what is to happen to the chosen listings, or to all that a filter finds, and look at it first."""
    here = request.desk
    facts = request.POST if request.method == "POST" else request.GET
    chosen, whole = _chosen(request), "whole" in facts
    if not chosen:
        raise NothingChosen(field="listing", reason="")
    currency = queries.currency_of(seller_id=here.seller_id, listing_ids=chosen[:1])
    form = PlanForm(request.POST if "figure" in request.POST else None, initial={"step": _step(currency)})
    deed = request.POST.get("deed", "")
    if deed in DEEDS:
        made = services.plan_deed(
            seller_id=here.seller_id,
            listing_ids=chosen,
            deed=deed,  # type: ignore[arg-type]
            title=request.POST.get("title", ""),
            actor=here.actor,
        )
        return redirect("web:plan", made.pk)
    if deed == "price" and (planned := _one_price(request, chosen)):
        return redirect("web:plan", planned.pk)
    if form.is_bound and form.is_valid():
        try:
            made = services.plan_prices(
                seller_id=here.seller_id,
                listing_ids=chosen,
                rule=form.rule(),
                title=form.cleaned_data["title"],
                actor=here.actor,
            )
        except EntrepotError as error:
            form.refuse(error)
        else:
            return redirect("web:plan", made.pk)
    kept = [(name, facts.get(name, "")) for name in ("q", "store", "state", "show")] if whole else []
    context = {"form": form, "count": len(chosen), "chosen": [] if whole else chosen, "kept": kept, "whole": whole}
    return show(request, "web/plans/new.html", context, status=422 if form.errors else 200)


def _step(currency: str) -> str:
    """A step that suits the currency: ten won, a cent."""
    return "10" if coin_of(currency) == 1 else STEPS[0]


def _one_price(request: DeskRequest, chosen: Sequence[int]) -> Plan | None:
    """A price as the form of one listing has it."""
    form = PriceForm(request.POST)
    if not form.is_valid():
        return None
    retail = form.cleaned_data["retail_price"]
    return services.plan_prices(
        seller_id=request.desk.seller_id,
        listing_ids=chosen,
        rule=PriceRule(price=form.cleaned_data["price"], retail="none" if retail is None else retail),
        actor=request.desk.actor,
    )


def _chosen(request: DeskRequest) -> Sequence[int]:
    """The listings meant: those ticked, or with `whole` all that the filter of the list finds."""
    here = request.desk
    facts = request.POST if request.method == "POST" else request.GET
    if "whole" not in facts:
        ids = [number for text in facts.getlist("listing") if (number := number_of(text))]
        by = ListingFilter(store_ids=here.store_ids)
        return queries.listing_ids(seller_id=here.seller_id, by=by, among=ids)
    filters = ListingFilters(facts)
    filters.fields["store"].choices = with_all("", list(_store_names(request).items()))  # type: ignore[attr-defined]
    by = ListingFilter(
        search=filters.value("q").strip(),
        store_id=filters.value("store"),
        state=filters.value("state"),
        show=facts.get("show", ""),
        store_ids=here.store_ids,
    )
    return queries.listing_ids(seller_id=here.seller_id, by=by)


# --------------------------------------------------------------------------- looking at one, and deciding


@desk("catalog.view")
@require_safe
def plan(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Every change before and after, the worst first; once it is applied, what became of it."""
    here = request.desk
    found = queries.plan(seller_id=here.seller_id, plan_id=plan_id, store_ids=here.store_ids)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    kinds = words.kinds_of(found)
    page = queries.lines(
        seller_id=here.seller_id,
        plan=found,
        kind=kind if kind in {one[0] for one in kinds} else "",
        state=state if state in STATES else "",
        after=request.GET.get("after", ""),
    )
    said = words.said(found, _store_names(request))
    facts = {
        "plan": found,
        "stamp": queries.stamp_of(seller_id=here.seller_id, plan=found),
        "title": words.title_of(found),
        "stores": _names(request, found),
        "page": page,
        "rows": words.shown(page.rows, queries.category_names(seller_id=here.seller_id, lines=page.rows)),
        "kinds": kinds,
        "kind": kind,
        "state": state,
        "stops": [one.sentence for one in said if one.stops],
        "notes": [one.sentence for one in said if not one.stops],
        "back": queries.way_back(seller_id=here.seller_id, plan=found),
    }
    if found.state == Plan.State.APPLIED:
        facts["progress"] = queries.progress(seller_id=here.seller_id, plan=found)
        facts["can_go_back"] = queries.has_way_back(seller_id=here.seller_id, plan=found)
    return show(request, "web/plans/page.html", facts)


@require_POST
@desk("catalog.edit")
def plan_do(request: DeskRequest, plan_id: int, deed: str) -> HttpResponse:
    """Apply it, throw it away, give up what waits, or plan the way back."""
    here = request.desk
    found = queries.plan(seller_id=here.seller_id, plan_id=plan_id, store_ids=here.store_ids)
    deeds: Mapping[str, Callable[[DeskRequest, Plan], int]] = {
        "apply": _apply,
        "discard": _discard,
        "stop": _stop,
        "undo": _undo,
    }
    if deed not in deeds:
        raise NotFound
    return redirect("web:plan", deeds[deed](request, found))


def _apply(request: DeskRequest, plan: Plan) -> int:
    here, seen = request.desk, request.POST.get("seen", "")
    if request.POST.get("approved") and rails.stopped(plan.rails):
        services.approve_plan(seller_id=here.seller_id, plan_id=plan.pk, seen=seen, actor=here.actor)
    apply_plan(seller_id=here.seller_id, plan_id=plan.pk, seen=seen, actor=here.actor)
    done(request, _("Applied. The stores are told now; this page shows how far they are."))
    return plan.pk


def _discard(request: DeskRequest, plan: Plan) -> int:
    services.discard_plan(seller_id=request.desk.seller_id, plan_id=plan.pk, actor=request.desk.actor)
    done(request, _("Thrown away. No store was told anything."))
    return plan.pk


def _stop(request: DeskRequest, plan: Plan) -> int:
    n = stop_plan(seller_id=request.desk.seller_id, plan_id=plan.pk, actor=request.desk.actor)
    done(request, ngettext("%(n)s change was given up.", "%(n)s changes were given up.", n) % {"n": n})
    return plan.pk


def _undo(request: DeskRequest, plan: Plan) -> int:
    made = plan_undo(seller_id=request.desk.seller_id, plan_id=plan.pk, actor=request.desk.actor)
    done(request, _("This is the way back. Look at it, then apply it."))
    return made.pk
