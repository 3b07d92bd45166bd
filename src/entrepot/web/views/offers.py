"""What stores are to list: prices, visibility, new products; and what their owners changed themselves."""

from collections.abc import Mapping
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.models import Difference
from entrepot.channels.queries import listings as listing_queries
from entrepot.channels.queries import offers as queries
from entrepot.channels.queries.following import store_pricing
from entrepot.channels.services import offers, plans
from entrepot.channels.services.differences_settled import decide
from entrepot.kernel.errors import NotFound
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.offers import PriceForm, price_start
from entrepot.web.holding.sitting import Sitting
from entrepot.web.way.saved import with_views

DEEDS = ("show", "hide", "delete")


@desk("catalog.edit")
def listing_price(request: DeskRequest, listing_id: int) -> HttpResponse:
    """What a listing costs. A price that falls far is asked about once more."""
    here = request.desk
    found = listing_queries.listing(seller_id=here.seller_id, listing_id=listing_id, store_ids=here.store_ids)
    who: dict[str, Any] = {"seller_id": here.seller_id, "listing_id": listing_id}
    waiting = queries.waiting_price(**who)
    form = PriceForm(request.POST if request.method == "POST" else None, initial=price_start(found, waiting))

    def look() -> Mapping[str, Any]:
        return price_start(listing_queries.listing(store_ids=here.store_ids, **who), queries.waiting_price(**who))

    def ask() -> None:
        offers.ask_price(seller_id=here.seller_id, listing_ids=[found.pk], actor=here.actor, **form.cleaned_data)

    sitting = Sitting(request, form, seat="listing", pk=found.pk, look=look, apart=["approved"])
    if form.is_bound and sitting.kept(ask):
        done(request, _("Asked for. The store is told at once."))
        return redirect("web:listing", listing_id)
    pricing = store_pricing(seller_id=here.seller_id, store_id=found.store_id) if found.item_id else None
    facts = {"listing": found, "form": form, "pricing": pricing, "sitting": sitting}
    return show(request, "web/listings/price.html", facts, status=sitting.status)


@require_POST
@desk("catalog.edit")
def listings_deed(request: DeskRequest) -> HttpResponse:
    """Show, hide or delete the products of the chosen listings in their stores."""
    here = request.desk
    deed = request.POST.get("deed", "")
    if deed not in DEEDS:
        raise NotFound
    ids = [number for text in request.POST.getlist("listing") if (number := number_of(text))]
    owned = listing_queries.owned_ids(seller_id=here.seller_id, listing_ids=ids, store_ids=here.store_ids)
    chosen = [listing_id for some in owned.values() for listing_id in some]
    if not chosen:
        raise NothingChosen(field="listing", reason="")
    if len(chosen) > 1 and deed != "show":  # many at once are looked at first
        verb: Literal["hide", "delete"] = "hide" if deed == "hide" else "delete"
        made = plans.plan_deed(seller_id=here.seller_id, listing_ids=chosen, deed=verb, actor=here.actor)
        return redirect("web:plan", made.pk)
    if deed == "delete":
        asked = offers.ask_delete(seller_id=here.seller_id, listing_ids=chosen, approved=True, actor=here.actor)
    else:
        asked = offers.ask_active(seller_id=here.seller_id, listing_ids=chosen, active=deed == "show", actor=here.actor)
    n = len(asked)
    done(request, ngettext("%(n)s product: its store is told.", "%(n)s products: their stores are told.", n) % {"n": n})
    return back(request, "web:listings")


@require_POST
@desk("catalog.edit")
def listing_change(request: DeskRequest, change_id: int, deed: str) -> HttpResponse:
    """Try a refused change again, or give it up."""
    here = request.desk
    found = queries.change(seller_id=here.seller_id, change_id=change_id, store_ids=here.store_ids)
    if deed == "again":
        offers.ask_again(seller_id=here.seller_id, change_id=found.pk, actor=here.actor)
        done(request, _("It is tried again."))
    else:
        offers.cancel_change(seller_id=here.seller_id, change_id=found.pk, actor=here.actor)
        done(request, _("Given up. The store stays as it is."))
    return back(request, "web:listing_changes")


@desk("catalog.view")
@require_safe
@with_views("listing_changes")
def listing_changes(request: DeskRequest) -> HttpResponse:
    """Everything stores were asked to change, newest first."""
    here = request.desk
    state = request.GET.get("state", "")
    page = queries.changes(
        seller_id=here.seller_id, store_ids=here.store_ids, state=state, after=request.GET.get("after", "")
    )
    return show(request, "web/listings/changes.html", {"page": page, "state": state})


@desk("catalog.view")
@require_safe
def differences(request: DeskRequest) -> HttpResponse:
    """What was changed in the stores' own admins and waits for a decision."""
    here = request.desk
    page = queries.differences(seller_id=here.seller_id, store_ids=here.store_ids, after=request.GET.get("after", ""))
    names = queries.names_in(seller_id=here.seller_id, differences=page.rows)
    return show(request, "web/listings/differences.html", {"page": page, "names": names})


@require_POST
@desk("catalog.edit")
def difference_decide(request: DeskRequest, difference_id: int, decision: str) -> HttpResponse:
    """Take the store's, or tell it ours again."""
    here = request.desk
    if decision not in {Difference.Decision.THEIRS, Difference.Decision.OURS}:
        raise NotFound
    found = queries.difference(seller_id=here.seller_id, difference_id=difference_id, store_ids=here.store_ids)
    decide(seller_id=here.seller_id, difference_id=found.pk, decision=decision, actor=here.actor)
    done(
        request,
        _("The store's was taken.") if decision == Difference.Decision.THEIRS else _("The store is told ours again."),
    )
    return back(request, "web:differences")
