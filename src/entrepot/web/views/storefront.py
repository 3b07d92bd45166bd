"""One product in all its stores: shown side by side, listed in one or many, changed there, read again."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.queries import last_deed
from entrepot.accounts.services.holding import holding
from entrepot.catalog import queries as catalog_queries
from entrepot.catalog.models import Item, Product
from entrepot.channels.errors import PriceNeedsApproval
from entrepot.channels.models import Store
from entrepot.channels.queries import listings as listing_queries
from entrepot.channels.queries import offers as offer_queries
from entrepot.channels.queries import shelves, storefront
from entrepot.channels.queries.storefront import Place
from entrepot.channels.services import offers, plans
from entrepot.channels.services import storefront as services
from entrepot.channels.services.differences_settled import settle_words
from entrepot.channels.services.plan_lines import Change
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.kernel.money import plain
from entrepot.kernel.seen import mark
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.storefront import OfferForm, ThereForm, words_start
from entrepot.web.lists.storefront import item_rows, word_rows
from entrepot.web.pictures import posted
from entrepot.web.wording.words import sentence


def _items(product: Product) -> Sequence[Item]:
    return product.ordered_items  # type: ignore[attr-defined, no-any-return] # put there by the query


def _places(request: DeskRequest, product: Product) -> Sequence[Place]:
    return storefront.places(
        seller_id=request.desk.seller_id,
        product_id=product.pk,
        item_ids=[item.pk for item in _items(product)],
        store_ids=request.desk.store_ids,
    )


@desk("catalog.view")
@require_safe
def product_stores(request: DeskRequest, product_id: int) -> HttpResponse:
    """A product in every store side by side."""
    here = request.desk
    product = catalog_queries.product(seller_id=here.seller_id, product_id=product_id)
    places = _places(request, product)
    names = storefront.category_names(seller_id=here.seller_id, found=places)
    facts = {
        "product": product,
        "places": places,
        "free": [place for place in places if not place.here],
        "words": word_rows(places, names),
        "items": item_rows(places, _items(product)),
    }
    return show(request, "web/products/stores.html", facts)


@require_POST
@desk("catalog.edit")
def product_stores_do(request: DeskRequest, product_id: int) -> HttpResponse:
    """Do something in the chosen stores: read, list drafts, throw them away, show, hide, delete; or settle a field."""
    here = request.desk
    product = catalog_queries.product(seller_id=here.seller_id, product_id=product_id)
    places = {place.key: place for place in _places(request, product)}
    if "settle" in request.POST:
        return _settle(request, product_id, places)
    chosen = [places[key] for key in request.POST.getlist("place") if key in places]
    if not chosen:
        raise NothingChosen(field="place", reason="")
    said: dict[str, Any] = {"seller_id": here.seller_id, "actor": here.actor}
    stores = sorted({place.store.pk for place in chosen})
    match request.POST.get("deed", ""):
        case "list":
            query = urlencode({"store": [place.store.pk for place in chosen if not place.here]}, doseq=True)
            return redirect(reverse("web:product_list", args=[product_id]) + "?" + query)
        case "pull":
            here.must("stores.sync")
            n = len(services.pull(product_id=product_id, store_ids=stores, **said))
            done(request, ngettext("It is read from %(n)s store.", "It is read from %(n)s stores.", n) % {"n": n})
        case "discard":
            services.discard_drafts(product_id=product_id, store_ids=stores, **said)
            done(request, _("The draft is gone."))
        case "delete":
            return _plan_deletion(request, product, chosen)
        case "show" | "hide" as deed:
            _whole(request, deed, chosen)
        case _:
            raise NotFound
    return back(request, "web:product_stores", product_id)


def _settle(request: DeskRequest, product_id: int, places: dict[str, Place]) -> HttpResponse:
    """`ours|name|5:12`: whose word counts, of which field, where."""
    whose, _sign, rest = request.POST["settle"].partition("|")
    name, _sign, key = rest.partition("|")
    if key not in places or whose not in {"ours", "theirs"}:
        raise NotFound
    place = places[key]
    settle_words(
        seller_id=request.desk.seller_id,
        store_id=place.store.pk,
        remote_id=place.remote_id,
        names=[name],
        theirs=whose == "theirs",
        actor=request.desk.actor,
    )
    done(request, _("The store's was taken.") if whose == "theirs" else _("The store is told ours again."))
    return back(request, "web:product_stores", product_id)


def _listed(chosen: Sequence[Place]) -> list[int]:
    ids = [listing.pk for place in chosen for listing in place.here]
    if not ids:
        raise NothingChosen(field="place", reason="")
    return ids


def _whole(request: DeskRequest, deed: str, chosen: Sequence[Place]) -> None:
    said: dict[str, Any] = {"seller_id": request.desk.seller_id, "actor": request.desk.actor}
    n = len(offers.ask_active(listing_ids=_listed(chosen), active=deed == "show", **said))
    done(request, ngettext("%(n)s product: its store is told.", "%(n)s products: their stores are told.", n) % {"n": n})


def _plan_deletion(request: DeskRequest, product: Product, chosen: Sequence[Place]) -> HttpResponse:
    """What cannot be undone is looked at first."""
    said: dict[str, Any] = {"seller_id": request.desk.seller_id, "actor": request.desk.actor}
    plan = plans.plan_deed(listing_ids=_listed(chosen), deed="delete", title=product.name, **said)
    return redirect("web:plan", plan.pk)


# --------------------------------------------------------------------------- listing it


@desk("catalog.edit")
def product_list(request: DeskRequest, product_id: int) -> HttpResponse:
    """How a product is to be listed in one store or in several; kept as drafts, or told at once."""
    if request.method != "POST":
        return _list_in(request, product_id)
    with holding(Product, seller_id=request.desk.seller_id, pk=product_id):
        return _list_in(request, product_id)


def _list_in(request: DeskRequest, product_id: int) -> HttpResponse:
    here = request.desk
    product = catalog_queries.product(seller_id=here.seller_id, product_id=product_id)
    places = _places(request, product)
    bound = request.POST if request.method == "POST" else None
    wanted = {number_of(text) for text in (bound or request.GET).getlist("store")}
    free = [place for place in places if not place.here]
    chosen = [place for place in free if place.store.pk in wanted]
    if not chosen and not wanted:
        chosen = [place for place in free if place.store.writable] or free
    if wanted - {place.store.pk for place in chosen}:
        raise NotFound
    as_draft = bound is not None and bound.get("deed") == "draft"
    forms = [(place, _offer_form(request, product, places, place, as_draft=as_draft)) for place in chosen]
    refusal = ""
    fine = [form.is_valid() for _place, form in forms]  # all of them, so that each says what is wrong with it
    if forms and all(fine) and all(_still_that_draft(request, place, form) for place, form in forms):
        try:
            if bound is not None and bound.get("deed") == "plan":
                return _looked_at_first(request, product, forms)
            _keep(request, product_id, forms, as_draft=as_draft)
        except EntrepotError as error:
            refusal = sentence(error)
        else:
            return redirect("web:product_stores", product_id)
    can_list = all(place.store.writable for place in chosen)
    facts = {"product": product, "forms": forms, "refusal": refusal, "can_list": can_list}
    return show(request, "web/products/list_in.html", facts, status=422 if bound is not None else 200)


def _still_that_draft(request: DeskRequest, place: Place, form: OfferForm) -> bool:
    """Whether the draft is the one that the page showed; else the form says what it is now, and is to be sent again."""
    draft = _draft_of(place)
    if form.saw == (now := _draft_mark(draft)):
        return True
    form.saw = now
    deed = last_deed(seller_id=request.desk.seller_id, object_type="store", object_id=place.store.pk)
    who = deed.actor_label if deed and deed.verb.startswith("listings.draft") else _("Somebody")
    if not draft:
        form.add_error(None, _("The draft was thrown away since you opened this page. Save again to keep yours."))
        return False
    said = _("%(who)s saved another draft since you opened this page: %(what)s. Save again to have yours instead.")
    form.add_error(None, said % {"who": who, "what": "; ".join(form.unlike(draft))})
    return False


def _draft_of(place: Place) -> Mapping[str, Any]:
    """How the product is to be listed in a store that does not have it yet; empty where nothing is kept."""
    return place.row.wanted if place.row is not None and not place.remote_id else {}


def _draft_mark(draft: Mapping[str, Any]) -> str:
    return mark(json.dumps(draft, sort_keys=True))


def _looked_at_first(request: DeskRequest, product: Product, forms: Sequence[tuple[Place, OfferForm]]) -> HttpResponse:
    """As a plan; what was filled in stays as drafts meanwhile."""
    who: dict[str, Any] = {"seller_id": request.desk.seller_id, "actor": request.desk.actor}
    wanted = {(product.pk, place.store.pk): form.offer() for place, form in forms}
    made = plans.plan_creations(offers=wanted, title=product.name, **who)
    for place, form in forms:
        services.save_draft(product_id=product.pk, store_id=place.store.pk, fields=form.drafted(), **who)
    return redirect("web:plan", made.pk)


def _keep(request: DeskRequest, product_id: int, forms: Sequence[tuple[Place, OfferForm]], *, as_draft: bool) -> None:
    said: dict[str, Any] = {"seller_id": request.desk.seller_id, "product_id": product_id, "actor": request.desk.actor}
    if as_draft:
        for place, form in forms:
            services.save_draft(store_id=place.store.pk, fields=form.drafted(), **said)
        done(request, _("Saved. No store is told yet."))
        return
    services.list_in(offers={place.store.pk: form.offer() for place, form in forms}, **said)
    done(request, _("Asked for. The stores get the product now; this page shows it once it is there."))


def _offer_form(
    request: DeskRequest, product: Product, places: Sequence[Place], place: Place, *, as_draft: bool
) -> OfferForm:
    store = place.store
    bound, refused = posted(request, prefix=f"s{store.pk}")
    form = OfferForm(
        bound,
        prefix=f"s{store.pk}",
        refused=refused,
        initial=_offer_start(request, product, places, place),
        items=_items(product),
        as_draft=as_draft,
    )
    form.saw = request.POST.get(form.add_prefix("saw"), _draft_mark(_draft_of(place)))
    _offer_choices(request, form, store, has_attributes=bool(product.attributes))
    form.lean_on(product)
    return form


def _offer_choices(
    request: DeskRequest, form: OfferForm | ThereForm, store: Store, *, has_attributes: bool = False
) -> None:
    seller_id = request.desk.seller_id
    form.offer_choices(
        offer_queries.categories_of(seller_id=seller_id, store=store),
        offer_queries.brands_of(seller_id=seller_id, store=store),
        has_attributes=has_attributes
        or bool(form.initial.get("attributes"))
        or offer_queries.has_attributes(seller_id=seller_id, store=store),
    )


def _offer_start(request: DeskRequest, product: Product, places: Sequence[Place], place: Place) -> dict[str, Any]:
    """The draft; else what the product itself says, the mapping of its shelves, and what it costs elsewhere."""
    draft = _draft_of(place)
    found = shelves.shelves_of(seller_id=request.desk.seller_id, store_id=place.store.pk, product_ids=[product.pk])[
        product.pk
    ]
    itself = {
        "name": product.name,
        "brand": found.brand or (product.brand.name if product.brand else ""),
        "category_ids": list(found.category_ids),
    }
    brands = offer_queries.brands_of(seller_id=request.desk.seller_id, store=place.store)
    if itself["brand"] not in brands:
        itself["brand"] = ""
    start = words_start(itself if not draft else {**itself, **draft})
    start["price"] = draft.get("price") or _price_elsewhere(places, place.store.sales_channel.currency)
    for item_id, price in draft.get("prices", {}).items():
        start[f"item_{item_id}"] = price
    return {"active": True, **{key: value for key, value in start.items() if value not in (None, "")}}


def _price_elsewhere(places: Sequence[Place], currency: str) -> str:
    """What it costs in the first store of the same currency."""
    prices: list[Decimal] = [
        one.listing.price
        for place in places
        for one in place.prices
        if one.listing.currency == currency and one.listing.price
    ]
    return f"{prices[0].normalize():f}" if prices else ""


# --------------------------------------------------------------------------- changing it there


@desk("catalog.edit")
def product_store(request: DeskRequest, product_id: int, store_id: int) -> HttpResponse:
    """What one store has of its own of a product: its words and prices there. Only what was changed is told."""
    here = request.desk
    product = catalog_queries.product(seller_id=here.seller_id, product_id=product_id)
    place = storefront.place(
        seller_id=here.seller_id,
        product_id=product_id,
        item_ids=[item.pk for item in _items(product)],
        store_id=store_id,
        remote_id=request.GET.get("at", ""),
        store_ids=here.store_ids,
    )
    if not place.here:
        return redirect(reverse("web:product_list", args=[product_id]) + f"?store={store_id}")
    bound, refused = posted(request)
    form = ThereForm(bound, place=place, refused=refused)
    _offer_choices(request, form, place.store)
    if form.is_bound and form.is_valid():
        if request.POST.get("deed") == "plan" and (planned := _change_planned(request, place, form)):
            return redirect("web:plan", planned)
        if not form.errors and _change_there(request, place, form):
            return redirect("web:product_stores", product_id)
    facts = {"product": product, "place": place, "form": form}
    return show(request, "web/products/there.html", facts, status=422 if form.errors else 200)


def _change_planned(request: DeskRequest, place: Place, form: ThereForm) -> int | None:
    """The plan of what was changed, or None where the form now says why there is none."""
    words = form.changed_words()
    listing_id = place.here[0].pk
    changes = [Change(kind="update", fields=words, listing_id=listing_id, remote_id=place.remote_id)] if words else []
    for one in form.changed_prices():
        retail = None if one.retail_price is None else plain(one.retail_price)
        fields = {"price": plain(one.price), "retail_price": retail}
        changes.append(Change(kind="price", fields=fields, listing_id=one.listing_id))
    try:
        return plans.make_plan(seller_id=request.desk.seller_id, changes=changes, actor=request.desk.actor).pk
    except EntrepotError as error:
        form.refuse(error)
        return None


def _change_there(request: DeskRequest, place: Place, form: ThereForm) -> bool:
    words, prices = form.changed_words(), form.changed_prices()
    if not words and not prices:
        done(request, _("Nothing was changed, so the store is told nothing."))
        return True
    try:
        services.change_there(
            seller_id=request.desk.seller_id,
            store_id=place.store.pk,
            remote_id=place.remote_id,
            words=words,
            prices=prices,
            approved=form.cleaned_data["approved"],
            actor=request.desk.actor,
        )
    except EntrepotError as error:
        if isinstance(error, PriceNeedsApproval):
            form.ask_twice()
        form.refuse(error)
        return False
    done(request, _("Asked for. The store is told at once."))
    return True


# --------------------------------------------------------------------------- reading again


@require_POST
@desk("stores.sync")
def listings_pull(request: DeskRequest) -> HttpResponse:
    """Read the products of the chosen listings from their stores, with all their variations."""
    here = request.desk
    ids = [number for text in request.POST.getlist("listing") if (number := number_of(text))]
    owned = listing_queries.owned_ids(seller_id=here.seller_id, listing_ids=ids, store_ids=here.store_ids)
    chosen = [listing_id for some in owned.values() for listing_id in some]
    if not chosen:
        raise NothingChosen(field="listing", reason="")
    n = len(services.pull(seller_id=here.seller_id, listing_ids=chosen, actor=here.actor))
    done(request, ngettext("Read again from %(n)s store.", "Read again from %(n)s stores.", n) % {"n": n})
    return back(request, "web:listings")
