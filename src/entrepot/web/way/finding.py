"""What the palette finds: orders, products, listings, stores, pages and deeds, the exact before the like.

Only through questions that an index answers: no list is walked for a word (docs/decisions: finding one's way).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entrepot.catalog import queries as catalog
from entrepot.channels.models import Listing, Store
from entrepot.channels.queries.listings import listings_called
from entrepot.channels.queries.stores import stores
from entrepot.fulfilment.finding import with_parcels
from entrepot.orders import queries as orders
from entrepot.orders.models import Order
from entrepot.web.desk import Desk
from entrepot.web.help.search import search
from entrepot.web.way.doable import Hit, doable
from entrepot.web.way.menu import Place, ways

MOST = 6
"""Of each kind."""
PLACES_FIRST = ("orders", "products", "listings", "stock", "problems", "stores", "wms")
"""Where one may go before anything is typed."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Lines that belong together."""

    title: str
    rows: Sequence[Hit]


def found(here: Desk, *, text: str, back: str) -> Sequence[Hits]:
    """What is called so, best first; without a word, where one may go. `back` is the page one is on."""
    words = " ".join(text.split())[:100]
    mine = stores(seller_id=here.seller_id, store_ids=here.store_ids) if here.may("stores.view") else []
    places = [_place(place) for place in _places(here) if _called(words, place.word)]
    able = [deed for deed in doable(here, stores=mine, back=back) if _called(words, deed.word, deed.also)]
    if not words:
        first = [_place(way.places[-1]) for name in PLACES_FIRST if _may(here, (way := ways()[name]).places[-1])]
        return _filled(Hits(_("Go to"), first), Hits(_("Do"), [*_making(here), *able[-3:]]))
    shops = [_store(store) for store in mine if _called(words, store.sales_channel.name)]
    objects = _objects(here, words) if len(words) > 1 or not words.isascii() else []
    named = [
        Hits(_("Go to"), places[:MOST]),
        Hits(_("Ecommerce Sales Channels"), shops[:MOST]),
        Hits(_("Do"), able[:MOST]),
    ]
    named.append(Hits(_("Help"), _manual(here, words)))
    lists = Hits(_("Everything that fits"), _lists(here, words))
    digits = any(letter.isdigit() for letter in words)
    return _filled(*([*objects, *named] if digits else [*named, *objects]), lists)


def _filled(*groups: Hits) -> Sequence[Hits]:
    return [group for group in groups if group.rows]


def _may(here: Desk, place: Place) -> bool:
    return not place.needs or here.may(place.needs)


def _called(words: str, *names: object) -> bool:
    """Whether each word begins a word of the name, in the reader's language or in English."""
    with translation.override("en"):
        english = [str(name) for name in names]
    said = " ".join([*map(str, names), *english]).lower()
    parts = said.replace(":", " ").replace("-", " ").split()
    return all(any(part.startswith(word) for part in parts) for word in words.lower().split())


# --------------------------------------------------------------------------- pages and deeds


def _places(here: Desk) -> Iterable[Place]:
    return (way.places[-1] for way in ways().values() if _may(here, way.places[-1]))


def _place(place: Place) -> Hit:
    way = ways()[place.name]
    above = [*(section.word for section in way.sections), *(one.word for one in way.places[:-1])]
    keys = ("G", place.key.upper()) if place.key else ()
    return Hit(word=place.word, icon=place.icon, under=" › ".join(map(str, above)), href=place.address, keys=keys)


def _making(here: Desk) -> Sequence[Hit]:
    return [_place(place) for place in _places(here) if place.name in {"order_new", "product_new", "connect"}]


def _store(store: Store) -> Hit:
    address = reverse("web:store", args=[store.pk])
    return Hit(word=store.sales_channel.name, icon="building-store", under=store.get_state_display(), href=address)


# --------------------------------------------------------------------------- what the seller has


def _objects(here: Desk, words: str) -> Sequence[Hits]:
    """Orders and goods of this name, where the role may see them: the exact ones in a group before all others."""
    exact_orders, like_orders = _orders(here, words) if here.may("orders.view") else ([], [])
    exact_items, like_items = _goods(here, words) if here.may("catalog.view") else ([], [])
    return [
        Hits(_("Exactly this"), [*exact_orders, *exact_items]),
        Hits(_("Orders"), like_orders),
        Hits(_("Products"), like_items),
    ]


def _orders(here: Desk, words: str) -> tuple[Sequence[Hit], Sequence[Hit]]:
    seller_id, mine = here.seller_id, here.store_ids
    exact = orders.called(seller_id=seller_id, text=words, channel_ids=mine)
    by = with_parcels(seller_id=seller_id, by=orders.OrderFilter(search=words, channel_ids=mine))
    parcels = set(chain.from_iterable(by.parcels.values()))
    rows = orders.orders(seller_id=seller_id, by=by, limit=MOST).rows
    known = {order.pk for order in exact}
    numbered = [order for order in rows if order.pk in parcels and order.pk not in known]
    like = [order for order in rows if order.pk not in known and order.pk not in parcels]
    return [_order(order) for order in exact] + [_order(order, words) for order in numbered], [*map(_order, like)]


def _order(order: Order, tracking: str = "") -> Hit:
    day = formats.date_format(timezone.localtime(order.placed_at), "Y-m-d")
    facts = [order.sales_channel.name, str(order.get_status_display()), day, order.buyer_name]
    if tracking:
        facts.insert(0, _("Tracking number %(number)s") % {"number": tracking})
    return Hit(
        word=_("Order %(number)s") % {"number": order.number},
        icon="clipboard-list",
        under=" · ".join(fact for fact in facts if fact),
        href=reverse("web:order", args=[order.pk]),
    )


def _goods(here: Desk, words: str) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """Items by SKU or barcode with their listings, then products whose words hold these."""
    seller_id = here.seller_id
    items = catalog.items_called(seller_id=seller_id, code=words)
    exact: list[Hit] = []
    for item in items:
        barcode = item.barcode if item.barcode == words else ""
        under = " · ".join(part for part in (item.name, barcode) if part)
        exact.append(Hit(word=item.sku, icon="box", under=under, href=reverse("web:product", args=[item.product_id])))
        if here.may("stock.view"):
            word = _("Stock of %(sku)s") % {"sku": item.sku}
            exact.append(
                Hit(word=word, icon="stack-2", under=item.name, href=reverse("web:stock_item", args=[item.pk]))
            )
    exact += _listings(here, words, [item.pk for item in items])
    page = catalog.products(seller_id=seller_id, search=words, limit=MOST)
    known = {item.product_id for item in items}
    like = [
        Hit(word=row.name, icon="box", under=row.first_sku, href=reverse("web:product", args=[row.pk]))
        for row in page.rows
        if row.pk not in known
    ]
    return exact, like


def _listings(here: Desk, words: str, item_ids: Sequence[int]) -> Sequence[Hit]:
    mine = [store.pk for store in stores(seller_id=here.seller_id, store_ids=here.store_ids)]
    rows = listings_called(seller_id=here.seller_id, remote_id=words, item_ids=item_ids, store_ids=mine, limit=MOST)
    return [_listing(row) for row in rows]


def _listing(row: Listing) -> Hit:
    under = " · ".join([row.store.sales_channel.name, f"#{row.remote_id}", row.remote_sku or ""]).strip(" ·")
    word = _("Listing: %(title)s") % {"title": row.title}
    return Hit(word=word, icon="tags", under=under, href=reverse("web:listing", args=[row.pk]))


def _manual(here: Desk, words: str) -> Sequence[Hit]:
    """Pages of the manual, of each only the best place."""
    rows = search(words, here.language, limit=MOST) if len(words) > 2 or not words.isascii() else []
    best = {row.path: row for row in reversed(rows)}
    return [
        Hit(
            word=row.heading or row.title,
            icon="help-circle",
            under=row.title if row.heading else "",
            href=reverse("web:help_page", args=[row.language, row.path]) + (f"#{row.anchor}" if row.anchor else ""),
        )
        for row in [*reversed(best.values())][:3]
    ]


def _lists(here: Desk, words: str) -> Sequence[Hit]:
    """The lists themselves, narrowed to these words."""
    said: Sequence[tuple[str, str, Callable[[], str]]] = (
        ("orders", "clipboard-list", lambda: _("Orders with “%(words)s”")),
        ("products", "box", lambda: _("Products with “%(words)s”")),
        ("listings", "tags", lambda: _("Listings with “%(words)s”")),
        ("stock", "stack-2", lambda: _("Stock of items with “%(words)s”")),
    )
    return [
        Hit(
            word=word() % {"words": words},
            icon=icon,
            href=f"{ways()[name].places[-1].address}?{urlencode({'q': words})}",
        )
        for name, icon, word in said
        if _may(here, ways()[name].places[-1])
    ]
