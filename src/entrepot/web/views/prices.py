"""Price lists: how they make prices, what they say, and the stores that follow them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.models import PriceList, Store
from entrepot.channels.queries import following
from entrepot.channels.queries import price_lists as queries
from entrepot.channels.queries.stores import stores
from entrepot.channels.services import price_following, price_lists
from entrepot.channels.services.price_lists import Written
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.forms.prices import PriceFilters, PriceListForm, WriteForm, initial
from entrepot.web.holding.sitting import Sitting
from entrepot.web.views.stores import find, frame
from entrepot.web.wms import tried
from entrepot.web.wording.price_steps import STEPS

SHOWS = ("", "written", "low", "missing")


@desk("catalog.view")
@require_safe
def price_lists_page(request: DeskRequest) -> HttpResponse:
    """All lists, newest first."""
    page = queries.price_lists(seller_id=request.desk.seller_id, after=request.GET.get("after", ""))
    return show(request, "web/prices/list.html", {"page": page})


@desk("catalog.edit")
def price_list_new(request: DeskRequest) -> HttpResponse:
    """A new list."""
    return _edit(request, None)


@desk("catalog.edit")
def price_list_edit(request: DeskRequest, price_list_id: int) -> HttpResponse:
    """How it makes its prices."""
    return _edit(request, queries.price_list(seller_id=request.desk.seller_id, price_list_id=price_list_id))


def _edit(request: DeskRequest, found: PriceList | None) -> HttpResponse:
    here = request.desk
    started = initial(found) if found else {"currency": _usual_currency(request), "kind": PriceList.Kind.FIXED}
    form = PriceListForm(request.POST if request.method == "POST" else None, initial=started)
    known = queries.all_price_lists(seller_id=here.seller_id)
    form.offer(known, found.pk if found else None)
    sitting, kept_id = _sitting(request, found.pk, form) if found else None, list[int]()

    def save() -> None:
        said: dict[str, Any] = {"seller_id": here.seller_id, "facts": form.facts(), "actor": here.actor}
        if found is None:
            kept_id.append(price_lists.make_price_list(**said).pk)
        else:
            price_lists.change_price_list(price_list_id=found.pk, store_ids=here.store_ids, **said)
            kept_id.append(found.pk)

    if form.is_bound and (sitting.kept(save) if sitting else tried(form, save)):
        done(request, _("Saved. Stores that follow it are told within seconds."))
        return redirect("web:price_list", kept_id[0])
    status = sitting.status if sitting else 422 if form.errors else 200
    facts = {"form": form, "price_list": found, "sitting": sitting}
    return show(request, "web/prices/edit.html", facts, status=status)


def _sitting(request: DeskRequest, price_list_id: int, form: PriceListForm) -> Sitting:
    def look() -> dict[str, Any]:
        return initial(queries.price_list(seller_id=request.desk.seller_id, price_list_id=price_list_id))

    return Sitting(request, form, seat="price_list", pk=price_list_id, look=look)


def _usual_currency(request: DeskRequest) -> str:
    known = stores(seller_id=request.desk.seller_id, store_ids=request.desk.store_ids)
    return known[0].sales_channel.currency if known else "KRW"


@desk("catalog.view")
def price_list(request: DeskRequest, price_list_id: int) -> HttpResponse:
    """What items cost in it, with their margins; a price is written down on the same page."""
    here = request.desk
    found = queries.price_list(seller_id=here.seller_id, price_list_id=price_list_id)
    form = WriteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        here.must("catalog.edit")
        if form.is_valid() and _write(request, found, form):
            return redirect(request.get_full_path())
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWS else ""
    filters = PriceFilters(request.GET)
    page = queries.prices(
        seller_id=here.seller_id,
        price_list=found,
        search=filters.value("q") or "",
        show=shown or ("written" if found.kind == PriceList.Kind.FIXED and not request.GET else ""),
        after=request.GET.get("after", ""),
    )
    facts = {
        "price_list": found,
        "page": page,
        "shown": shown,
        "filters": filters,
        "form": form,
        "stores": queries.stores_of(seller_id=here.seller_id, price_list=found, store_ids=here.store_ids),
    }
    return show(request, "web/prices/page.html", facts, status=422 if form.errors else 200)


def _write(request: DeskRequest, found: PriceList, form: WriteForm) -> bool:
    here, given = request.desk, form.cleaned_data
    sku = given["sku"].strip()
    try:
        ids = queries.ids_of_skus(seller_id=here.seller_id, skus=[sku])
        price_lists.write_prices(
            seller_id=here.seller_id,
            price_list_id=found.pk,
            prices={ids[sku]: Written(given["price"], given["retail_price"])},
            actor=here.actor,
            store_ids=here.store_ids,
        )
    except EntrepotError as error:
        form.refuse(error)
        return False
    done(request, _("%(sku)s: the price is written down.") % {"sku": sku})
    return True


@require_POST
@desk("catalog.edit")
def price_take_out(request: DeskRequest, price_list_id: int, item_id: int) -> HttpResponse:
    """Take the price written down for an item out."""
    here = request.desk
    price_lists.write_prices(
        seller_id=here.seller_id,
        price_list_id=price_list_id,
        prices={item_id: None},
        actor=here.actor,
        store_ids=here.store_ids,
    )
    done(request, _("Taken out of the list."))
    return redirect("web:price_list", price_list_id)


@require_POST
@desk("catalog.edit")
def price_list_delete(request: DeskRequest, price_list_id: int) -> HttpResponse:
    """Take a list away that nothing uses."""
    here = request.desk
    price_lists.delete_price_list(seller_id=here.seller_id, price_list_id=price_list_id, actor=here.actor)
    done(request, _("The price list is deleted."))
    return redirect("web:price_lists")


# --------------------------------------------------------------------------- a store that follows one


ASKED = frozenset({"list", "step", "after", "compare"})
"""With any of these in the address a person wants to see every listing beside the list, however long that takes."""


@desk("catalog.view")
@require_safe
def store_prices(request: DeskRequest, store_id: int) -> HttpResponse:
    """Which list a store follows and what that means for each listing; another list can be looked at first."""
    found, here = find(request, store_id), request.desk
    pricing = following.store_pricing(seller_id=here.seller_id, store_id=store_id)
    currency = found.sales_channel.currency
    known = [row for row in queries.all_price_lists(seller_id=here.seller_id) if row.currency == currency]
    wanted = number_of(request.GET.get("list", ""))
    chosen = next((row for row in known if row.pk == wanted), pricing.price_list if pricing else None)
    facts = frame(found, "prices") | {"pricing": pricing, "lists": known, "chosen": chosen}
    facts["trying"] = chosen is not None and (pricing is None or chosen.pk != pricing.price_list_id)
    if chosen is not None and (
        ASKED.intersection(request.GET) or following.soon_compared(seller_id=here.seller_id, store=found)
    ):
        facts |= _beside(request, found, chosen)
    return show(request, "web/stores/prices.html", facts)


def _beside(request: DeskRequest, found: Store, chosen: PriceList) -> dict[str, Any]:
    step = request.GET.get("step", "")
    said: dict[str, Any] = {"seller_id": found.seller_id, "store": found, "price_list": chosen}
    counts = following.counts(**said)
    page = following.followed_page(step=step if step in STEPS else "", after=request.GET.get("after", ""), **said)
    return {
        "counts": counts,
        "total": sum(count for name, count in counts.items() if name != "low"),
        "tabs": [(name, STEPS[name].word, count) for name, count in counts.items()],
        "step": step,
        "page": page,
    }


@require_POST
@desk("catalog.edit")
def store_prices_do(request: DeskRequest, store_id: int, deed: str) -> HttpResponse:
    """Follow a list, tell what waits, or follow none any more."""
    found, here = find(request, store_id), request.desk
    said: dict[str, Any] = {"seller_id": here.seller_id, "store_id": found.pk, "actor": here.actor}
    match deed:
        case "follow":
            list_id = number_of(request.POST.get("list", "")) or 0
            approved = request.POST.get("approved") == "1"
            _told(request, price_following.follow(price_list_id=list_id, approved=approved, **said))
        case "approve":
            _told(request, price_following.tell_prices(approved=True, **said))
        case "again":
            _told(request, price_following.tell_prices(again=True, **said))
        case "stop":
            price_following.stop_following(**said)
            done(request, _("This store follows no price list any more. Its prices stay as they are."))
        case _:
            raise NotFound
    return redirect("web:store_prices", found.pk)


def _told(request: DeskRequest, count: int) -> None:
    words = ngettext("%(n)s price is told to the store.", "%(n)s prices are told to the store.", count)
    done(request, words % {"n": count})
