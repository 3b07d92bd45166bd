"""Price lists: how they make prices, what they say, and the stores that follow them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.queries import last_deed
from entrepot.accounts.services.holding import holding
from entrepot.channels.models import ListPrice, PriceList, Store
from entrepot.channels.queries import following
from entrepot.channels.queries import price_lists as queries
from entrepot.channels.queries.price_figures import Figure
from entrepot.channels.queries.stores import stores
from entrepot.channels.services import price_following, price_lists
from entrepot.channels.services.price_lists import Written
from entrepot.kernel.errors import ChangedMeanwhile, EntrepotError, NotFound
from entrepot.kernel.money import plain
from entrepot.kernel.seen import mark
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.forms.prices import GoneForm, PriceFilters, PriceListForm, WriteForm, initial
from entrepot.web.holding.sitting import Sitting
from entrepot.web.views.stores import find, frame
from entrepot.web.wms import tried
from entrepot.web.wording import amounts
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
    facts = {"form": form, "price_list": found, "sitting": sitting, "gone": _gone(request, found.pk) if found else None}
    return show(request, "web/prices/edit.html", facts, status=status)


def _sitting(request: DeskRequest, price_list_id: int, form: PriceListForm) -> Sitting:
    def look() -> dict[str, Any]:
        return initial(queries.price_list(seller_id=request.desk.seller_id, price_list_id=price_list_id))

    return Sitting(request, form, seat="price_list", pk=price_list_id, look=look)


def _gone(request: DeskRequest, price_list_id: int) -> Sitting:
    """Who takes a list away takes the prices in it along: any of them counts."""

    def look() -> dict[str, Any]:
        found = queries.price_list(seller_id=request.desk.seller_id, price_list_id=price_list_id)
        return {"state": found.updated_at}

    return Sitting(request, GoneForm(initial=look()), seat="price_list", pk=price_list_id, look=look)


def _usual_currency(request: DeskRequest) -> str:
    known = stores(seller_id=request.desk.seller_id, store_ids=request.desk.store_ids)
    return known[0].sales_channel.currency if known else "KRW"


@desk("catalog.view")
def price_list(request: DeskRequest, price_list_id: int) -> HttpResponse:
    """What items cost in it, with their margins; a price is written down on the same page."""
    here = request.desk
    found = queries.price_list(seller_id=here.seller_id, price_list_id=price_list_id)
    form = WriteForm(request.POST if request.method == "POST" else None)
    saw = _marks_read(request.POST.get("saw", ""))
    if request.method == "POST":
        here.must("catalog.edit")
        if form.is_valid() and _write(request, found, form, saw):
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
        "rows": [(row, _marked(row if row.written else None)) for row in page.rows],
        "saw": json.dumps({str(row.item_id): _marked(row) for row in page.rows if row.written} | saw),
        "stores": queries.stores_of(seller_id=here.seller_id, price_list=found, store_ids=here.store_ids),
    }
    return show(request, "web/prices/page.html", facts, status=422 if form.errors else 200)


def _marked(price: ListPrice | Figure | None) -> str:
    """The mark of what is written down for an item, "" where nothing is."""
    if price is None:
        return ""
    retail = "" if price.retail_price is None else plain(price.retail_price)
    return mark(f"{plain(price.price or Decimal(0))} {retail}")


def _marks_read(text: str) -> dict[str, str]:
    """The marks of the prices that the page showed, by item."""
    try:
        return {str(item_id): str(one) for item_id, one in json.loads(text).items()}
    except (ValueError, AttributeError):
        return {}


def _write(request: DeskRequest, found: PriceList, form: WriteForm, saw: dict[str, str]) -> bool:
    """Write it down, unless another price stands there that this person did not see; then it is said."""
    here, given = request.desk, form.cleaned_data
    sku = given["sku"].strip()
    wanted = Written(given["price"], given["retail_price"])
    try:
        item_id = queries.ids_of_skus(seller_id=here.seller_id, skus=[sku])[sku]
        with holding(PriceList, seller_id=here.seller_id):
            there = _there(request, found.pk, item_id)
            if "saw" in request.POST and there and _marked(there) not in {saw.get(str(item_id)), _mark_of(wanted)}:
                saw[str(item_id)] = _marked(there)
                form.add_error("price", _stands(found, sku, there))
                return False
            _write_down(request, found.pk, {item_id: wanted})
    except EntrepotError as error:
        form.refuse(error)
        return False
    done(request, _("%(sku)s: the price is written down.") % {"sku": sku})
    return True


def _mark_of(wanted: Written) -> str:
    return mark(f"{plain(wanted.price)} {'' if wanted.retail_price is None else plain(wanted.retail_price)}")


def _stands(found: PriceList, sku: str, there: ListPrice) -> str:
    words = {
        "sku": sku,
        "now": f"{amounts.amount_text(there.price, found.currency)} {found.currency}",
        "who": _who_wrote(found),
    }
    told = _(
        "%(sku)s is in the list with %(now)s, and this page did not show that. %(who)s wrote in the list last. Write "
        "it down again to have yours instead."
    )
    return told % words


def _who_wrote(found: PriceList) -> str:
    deed = last_deed(seller_id=found.seller_id, object_type="price_list", object_id=found.pk)
    return deed.actor_label if deed else _("Somebody")


def _there(request: DeskRequest, price_list_id: int, item_id: int) -> ListPrice | None:
    here = request.desk
    rows = queries.written_prices(seller_id=here.seller_id, price_list_id=price_list_id, item_ids=[item_id])
    return rows.get(item_id)


def _write_down(request: DeskRequest, price_list_id: int, prices: Mapping[int, Written | None]) -> None:
    here = request.desk
    price_lists.write_prices(
        seller_id=here.seller_id,
        price_list_id=price_list_id,
        prices=prices,
        actor=here.actor,
        store_ids=here.store_ids,
    )


@require_POST
@desk("catalog.edit")
def price_take_out(request: DeskRequest, price_list_id: int, item_id: int) -> HttpResponse:
    """Take the price written down for an item out, unless it is another one than was looked at."""
    here = request.desk
    found = queries.price_list(seller_id=here.seller_id, price_list_id=price_list_id)
    with holding(PriceList, seller_id=here.seller_id):
        there = _there(request, price_list_id, item_id)
        if there and request.POST.get("saw", _marked(there)) != _marked(there):
            raise ChangedMeanwhile(
                who=_who_wrote(found), what=f"{amounts.amount_text(there.price, found.currency)} {found.currency}"
            )
        _write_down(request, price_list_id, {item_id: None})
    done(request, _("Taken out of the list."))
    return redirect("web:price_list", price_list_id)


@require_POST
@desk("catalog.edit")
def price_list_delete(request: DeskRequest, price_list_id: int) -> HttpResponse:
    """Take a list away that nothing uses."""
    here = request.desk
    _gone(request, price_list_id).still(
        lambda: price_lists.delete_price_list(seller_id=here.seller_id, price_list_id=price_list_id, actor=here.actor)
    )
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
