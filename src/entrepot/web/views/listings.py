"""Listings: what each store shows of an item, what we owe it, and which item a listing is."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.catalog import queries as catalog_queries
from entrepot.channels.models import Listing
from entrepot.channels.queries import listings as queries
from entrepot.channels.queries import offers
from entrepot.channels.queries.desk import problems_on
from entrepot.channels.queries.stores import stores
from entrepot.channels.services.doctor import give_item
from entrepot.channels.services.mapping import map_listing, unmap_listing
from entrepot.channels.services.push_rules import set_stock_rules
from entrepot.channels.services.sync import sync_stock
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.filters import ListingFilters
from entrepot.web.forms.look import with_all
from entrepot.web.forms.stores import ListingRulesForm, NewItemForm
from entrepot.web.holding.sitting import Sitting
from entrepot.web.way.saved import with_views

SHOWS = ("", "unmatched", "failed", "stale", "different")


@desk("catalog.view")
@require_safe
@with_views("listings")
def listings(request: DeskRequest) -> HttpResponse:
    """All listings, newest first."""
    here = request.desk
    filters = ListingFilters(request.GET)
    choices = [(row.pk, row.sales_channel.name) for row in stores(seller_id=here.seller_id, store_ids=here.store_ids)]
    filters.fields["store"].choices = with_all(_("All stores"), choices)  # type: ignore[attr-defined]
    show_only = request.GET.get("show", "")
    by = queries.ListingFilter(
        search=filters.value("q").strip(),
        store_id=filters.value("store"),
        state=filters.value("state"),
        show=show_only if show_only in SHOWS else "",
        store_ids=here.store_ids,
    )
    page = queries.listings(seller_id=here.seller_id, by=by, after=request.GET.get("after", ""))
    return show(request, "web/listings/list.html", {"page": page, "filters": filters, "shown": by.show})


def _listing(request: DeskRequest, listing_id: int) -> Listing:
    here = request.desk
    return queries.listing(seller_id=here.seller_id, listing_id=listing_id, store_ids=here.store_ids)


def _rules_now(found: Listing) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("buffer", "maximum", "share_percent", "stock_push")}


@desk("catalog.view")
def listing(request: DeskRequest, listing_id: int) -> HttpResponse:
    """One listing: desired, sent and seen; its rules; what the store was told."""
    here = request.desk
    found = _listing(request, listing_id)
    form = ListingRulesForm(request.POST if request.method == "POST" else None, initial=_rules_now(found))
    sitting = Sitting(
        request, form, seat="listing", pk=found.pk, look=lambda: _rules_now(_listing(request, listing_id))
    )

    def save() -> None:
        rules = form.cleaned_data
        set_stock_rules(seller_id=here.seller_id, listing_ids=[found.pk], rules=rules, actor=here.actor)

    if request.method == "POST":
        here.must("catalog.edit")
        if sitting.kept(save):
            done(request, _("Saved. The store is told the new figure."))
            return redirect("web:listing", listing_id)
    differences = offers.differences_of(seller_id=here.seller_id, listing=found)
    facts = {
        "listing": found,
        "form": form,
        "sitting": sitting,
        "told": queries.told(seller_id=here.seller_id, listing_id=listing_id),
        "changes": offers.changes_of(seller_id=here.seller_id, listing=found),
        "differences": differences,
        "difference_names": offers.names_in(seller_id=here.seller_id, differences=differences),
        "problems": problems_on(seller_id=here.seller_id, object_type="listing", object_id=str(listing_id)),
    }
    return show(request, "web/listings/page.html", facts, status=sitting.status)


@desk("stores.map")
def listing_match(request: DeskRequest, listing_id: int) -> HttpResponse:
    """Say which item a listing is, or make a new one of it."""
    here = request.desk
    found = _listing(request, listing_id)
    new = NewItemForm(request.POST if "sku" in request.POST else None, initial={"sku": found.remote_sku})
    if request.method == "POST":
        if new.is_bound:
            if new.is_valid() and _new_item(request, found, new):
                return redirect("web:listing", listing_id)
        else:
            item_id = number_of(request.POST.get("item", "")) or 0
            _matched(request, found, item_id=catalog_queries.item(seller_id=here.seller_id, item_id=item_id).pk)
            return redirect("web:listing", listing_id)
    text = request.GET.get("q", "").strip()
    items = (
        catalog_queries.find_items(seller_id=here.seller_id, text=text)
        if text
        else catalog_queries.suggest_items(seller_id=here.seller_id, sku=found.remote_sku, title=found.title)
    )
    facts = {"listing": found, "items": items, "q": text, "new": new}
    return show(request, "web/listings/match.html", facts, status=422 if new.errors else 200)


def _new_item(request: DeskRequest, found: Listing, form: NewItemForm) -> bool:
    try:
        _matched(request, found, sku=form.cleaned_data["sku"])
    except EntrepotError as error:
        form.refuse(error)
        return False
    return True


def _matched(request: DeskRequest, found: Listing, *, item_id: int | None = None, sku: str = "") -> None:
    here = request.desk
    if item_id is None:
        give_item(seller_id=here.seller_id, listing_id=found.pk, sku=sku, actor=here.actor)
    else:
        map_listing(seller_id=here.seller_id, listing_id=found.pk, item_id=item_id, actor=here.actor)
    done(request, _("Matched. Orders that waited for it go on."))


@require_POST
@desk("stores.map")
def listing_unlink(request: DeskRequest, listing_id: int) -> HttpResponse:
    """Take a listing from its item."""
    found = _listing(request, listing_id)
    unmap_listing(seller_id=request.desk.seller_id, listing_id=found.pk, actor=request.desk.actor)
    done(request, _("Unlinked. Nothing is pushed to it until it is matched again."))
    return redirect("web:listing", listing_id)


@require_POST
@desk("stores.sync")
def listings_sync(request: DeskRequest) -> HttpResponse:
    """Sync Stock for the chosen listings: each store is told their figures again."""
    here = request.desk
    ids = [number for text in request.POST.getlist("listing") if (number := number_of(text))]
    owned = queries.owned_ids(seller_id=here.seller_id, listing_ids=ids, store_ids=here.store_ids)
    if not owned:
        raise NothingChosen(field="listing", reason="")
    told = 0
    for store_id, ids_there in owned.items():
        told += sync_stock(seller_id=here.seller_id, store_id=store_id, listing_ids=ids_there, actor=here.actor)
    done(
        request,
        ngettext("%(n)s listing is being told again.", "%(n)s listings are being told again.", told) % {"n": told},
    )
    return back(request, "web:listings")
