"""The tour of the demo: where it stops, what there is to see, and which element of the page is meant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.channels.queries.sights import Sights
from entrepot.web.desk import Desk

MARK: Final = "tour"
"""In the session: the stop one is at and its address; nothing for those who have not begun, "" for those who ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop. `to` is "" where there is nothing to see yet; `shows` is the element meant, as a selector."""

    key: str
    title: str | Promise
    text: str | Promise
    needs: str
    shows: str
    to: Callable[[Sights], str]


def _at(name: str, thing: object) -> str:
    pk = getattr(thing, "pk", None)
    return reverse(f"web:{name}", args=[pk]) if pk else ""


STOPS: Final[Sequence[Stop]] = (
    Stop(
        key="dashboard",
        title=_("The morning begins here"),
        text=_("How many orders stand where, what needs a person, which store is behind. Each figure opens its list."),
        needs="orders.view",
        shows="#dash-orders",
        to=lambda _sights: reverse("web:dashboard"),
    ),
    Stop(
        key="store",
        title=_("A connected store"),
        text=_("Its products and orders came in by themselves. It is live: what changes here is told to it at once."),
        needs="stores.view",
        shows="#store-news",
        to=lambda sights: _at("store", sights.shop),
    ),
    Stop(
        key="findings",
        title=_("The SKU doctor"),
        text=_("What could not be taken as it is stands here with what to do, and a button that does it."),
        needs="stores.view",
        shows="main .sheet",
        to=lambda sights: _at("store_findings", sights.shop),
    ),
    Stop(
        key="buy",
        title=_("Buy something"),
        text=_("Open the shop at this address in another tab and buy something there, as a customer. Then come back."),
        needs="stores.view",
        shows=".page-head-words a[target=_blank]",
        to=lambda sights: _at("store", sights.shop),
    ),
    Stop(
        key="orders",
        title=_("The order desk"),
        text=_("Your order stands on top within seconds. Search, filter and act on many; Ctrl-K finds anything."),
        needs="orders.view",
        shows="#order-table",
        to=lambda _sights: reverse("web:orders"),
    ),
    Stop(
        key="order",
        title=_("One order"),
        text=_("Its lines, what is reserved for them, and who did what. The buttons above are its next moves."),
        needs="orders.view",
        shows="#order-lines",
        to=lambda sights: _at("order", sights.order),
    ),
    Stop(
        key="stock",
        title=_("Why is it that many?"),
        text=_("One figure for all stores. Every step to it has a cause: a sale, a count, a parcel that left."),
        needs="stock.view",
        shows="main .figures",
        to=lambda sights: reverse("web:stock_why", args=[sights.listing.item_id]) if sights.listing else "",
    ),
    Stop(
        key="listings",
        title=_("The same thing in every store"),
        text=_("Where a product is sold, at what price, and whether the store shows what it should."),
        needs="catalog.view",
        shows="main .sheet",
        to=lambda sights: (
            reverse("web:product_stores", args=[sights.listing.item.product_id])
            if sights.listing and sights.listing.item
            else ""
        ),
    ),
    Stop(
        key="plans",
        title=_("Change many prices without fear"),
        text=_("A plan shows every change before a store hears of it, stops at what looks wrong, and can go back."),
        needs="catalog.view",
        shows="#plan-table",
        to=lambda _sights: reverse("web:plans"),
    ),
    Stop(
        key="floor",
        title=_("The warehouse"),
        text=_(
            "What waits to be received, picked, packed, handed over. “Floor” in the menu is for scanners and phones."
        ),
        needs="stock.view",
        shows="#wms-steps",
        to=lambda _sights: reverse("web:wms"),
    ),
    Stop(
        key="problems",
        title=_("What needs a person"),
        text=_("Whatever goes wrong stands here in plain words, with what to do and a button to try again."),
        needs="problems.view",
        shows="#problem-list",
        to=lambda _sights: reverse("web:problems"),
    ),
    Stop(
        key="journal",
        title=_("Every word with the stores"),
        text=_("Each question to a store and its answer, with secrets hidden. That was the tour: now try it yourself."),
        needs="journal.view",
        shows="main .sheet",
        to=lambda _sights: reverse("web:journal"),
    ),
)


def stops(here: Desk) -> list[Stop]:
    """Those that this person may see."""
    return [stop for stop in STOPS if here.may(stop.needs)]


def here_is_one() -> bool:
    """Whether this installation is the demo."""
    return bool(settings.DEMO)


def go(request: HttpRequest, here: Desk, *, to: int, by: int) -> str:
    """Go to a stop, past those where there is nothing to see yet; the address of the page, or "" past the last."""
    sights, walk = Sights(seller_id=here.seller_id), stops(here)
    while 0 <= to < len(walk):
        address = walk[to].to(sights)
        if address:
            request.session[MARK] = {"at": to, "address": address}
            return address
        to += by
    return ""


def end(request: HttpRequest) -> None:
    """No more tour until somebody asks for it."""
    request.session[MARK] = ""
