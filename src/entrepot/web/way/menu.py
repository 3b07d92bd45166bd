"""Where everything is: one table from which the menu, the breadcrumbs and the palette's "go to" are made.

A page that stands in no line of its own is within the place whose `covers` its address name begins with; the longest
beginning wins. Nothing here is text for a person but the words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page that can be gone to. `needs` is the action its view asks of a role, `key` the letter after G."""

    name: str
    word: str | Promise
    needs: str
    icon: str
    key: str = ""
    covers: Sequence[str] = ()
    within: Sequence["Place"] = ()
    live: str = ""
    """What the count beside it is of."""
    args: Sequence[str] = ()
    """What its address asks for."""
    makes: bool = False
    """Something new is made here: N leads to it from everywhere in the place it is within."""

    @property
    def address(self) -> str:
        """Where it is."""
        return reverse(f"web:{self.name}", args=self.args)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Places that belong together; `shown` in the menu or only named in breadcrumbs."""

    name: str
    word: str | Promise
    places: Sequence[Place]
    sections: Sequence["Section"] = ()
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """How a page is reached: the words of its sections, then the places down to it."""

    sections: Sequence[Section]
    places: Sequence[Place] = field(default=())


OMS_PLACES: Final = (
    Place(name="dashboard", word=_("Dashboard"), needs="orders.view", icon="layout-dashboard", key="d"),
    Place(
        name="problems", word=_("Problems"), needs="problems.view", icon="alert-triangle", key="b",
        covers=("problem",), live="problems",
    ),
    Place(
        name="orders", word=_("Orders"), needs="orders.view", icon="clipboard-list", key="o", covers=("order",),
        within=(
            Place(name="order_new", word=_("Enter an order"), needs="orders.place", icon="plus", makes=True),
            Place(name="orders_import", word=_("Orders from Excel"), needs="orders.place", icon="upload"),
            Place(
                name="order_deeds", word=_("Deeds for many orders"), needs="orders.view", icon="history",
                covers=("order_deed",),
            ),
            Place(name="merge_suggestions", word=_("Orders for one parcel"), needs="orders.view", icon="box"),
        ),
    ),
    Place(
        name="products", word=_("Products"), needs="catalog.view", icon="box", key="p",
        covers=("product", "item", "kit"),
        within=(
            Place(
                name="product_new", word=_("New product"), needs="catalog.edit", icon="plus", args=("single",),
                makes=True,
            ),
            Place(name="categories", word=_("Categories"), needs="catalog.view", icon="tags", covers=("categor",)),
            Place(name="product_merge", word=_("Merge duplicates"), needs="catalog.edit", icon="arrows-exchange"),
        ),
    ),
    Place(
        name="listings", word=_("Listings"), needs="catalog.view", icon="tags", key="l", covers=("listing",),
        within=(
            Place(name="mapping", word=_("Match listings"), needs="stores.map", icon="link", covers=("mapping",)),
            Place(
                name="differences", word=_("Changed in the stores"), needs="catalog.view", icon="arrows-exchange",
                covers=("difference",),
            ),
            Place(
                name="listing_changes", word=_("Changes to listings"), needs="catalog.view", icon="history",
                covers=("listing_change",),
            ),
            Place(name="plans", word=_("Plans"), needs="catalog.view", icon="list-check", covers=("plan",)),
        ),
    ),
    Place(
        name="price_lists", word=_("Prices"), needs="catalog.view", icon="tag", key="r", covers=("price",),
        within=(
            Place(
                name="price_list_new", word=_("New price list"), needs="catalog.edit", icon="plus", makes=True,
            ),
            Place(
                name="promotions", word=_("Promotions"), needs="catalog.view", icon="tag", covers=("promotion",),
            ),
            Place(name="promotion_new", word=_("Plan a promotion"), needs="catalog.edit", icon="plus"),
        ),
    ),
    Place(name="stock", word=_("Stock"), needs="stock.view", icon="stack-2", key="s", covers=("stock",)),
    Place(name="sheets", word=_("Excel files"), needs="catalog.view", icon="upload", key="x", covers=("sheet",)),
)  # fmt: skip
INTEGRATIONS: Final = (
    Place(
        name="stores", word=_("Ecommerce Sales Channels"), needs="stores.view", icon="building-store", key="c",
        covers=("store", "consent"),
        within=(
            Place(
                name="connect", word=_("Connect a store"), needs="stores.connect", icon="plug-connected", makes=True,
                covers=("connect",),
            ),
        ),
    ),
    Place(
        name="carriers", word=_("Carriers"), needs="orders.pack", icon="truck-delivery", key="t",
        covers=("carrier", "waybill", "shipping_modes", "box_use"),
        within=(
            Place(
                name="carrier_rules", word=_("Carrier rules"), needs="settings.edit", icon="list-check",
                covers=("carrier_rule",),
            ),
            Place(name="waybill_files", word=_("Numbers by file"), needs="orders.pack", icon="upload"),
            Place(name="senders", word=_("Sender and boxes"), needs="settings.edit", icon="box"),
        ),
    ),
    Place(
        name="endpoints", word=_("Other systems"), needs="settings.edit", icon="plug-connected", key="y",
        covers=("endpoint", "notice"),
    ),
    Place(
        name="journal", word=_("Payload journal"), needs="journal.view", icon="arrows-exchange", key="j",
        covers=("journal",),
    ),
)  # fmt: skip
WMS: Final = (
    Place(
        name="wms", word=_("Warehouse today"), needs="stock.view", icon="layout-dashboard", key="w", covers=("wms",),
        within=(
            Place(
                name="wms_agreement", word=_("Does everything add up?"), needs="stock.view", icon="list-check",
            ),
        ),
    ),
    Place(name="floor", word=_("Floor"), needs="orders.pack", icon="barcode", key="f", covers=("floor",)),
    Place(
        name="wms_work", word=_("Picking and packing"), needs="orders.view", icon="shopping-cart", key="k",
        covers=("wms_work",),
        within=(
            Place(name="wms_waves", word=_("Waves"), needs="orders.view", icon="list-check", covers=("wms_wave",)),
            Place(name="wms_wave_new", word=_("Make a wave"), needs="orders.pack", icon="plus", makes=True),
            Place(name="wms_shorts", word=_("Short picks"), needs="orders.view", icon="alert-triangle"),
            Place(
                name="wms_put_backs", word=_("To put back"), needs="orders.view", icon="arrow-back-up",
                covers=("wms_put_back",),
            ),
            Place(name="wms_packs", word=_("Packed"), needs="orders.view", icon="package"),
            Place(
                name="wms_manifests", word=_("Manifests"), needs="orders.view", icon="truck-delivery",
                covers=("wms_manifest",),
            ),
        ),
    ),
    Place(
        name="wms_receipts", word=_("Receipts and transfers"), needs="stock.view", icon="inbox", key="i",
        covers=("wms_receipt", "wms_transfer"),
        within=(
            Place(name="wms_receipt_new", word=_("Receive goods"), needs="stock.count", icon="plus", makes=True),
            Place(
                name="wms_transfer_new", word=_("Send to another warehouse"), needs="stock.adjust", icon="plus",
            ),
        ),
    ),
    Place(
        name="wms_stock", word=_("Stock by bin"), needs="stock.view", icon="stack-2", key="n",
        within=(
            Place(
                name="wms_put_away", word=_("To be put away"), needs="stock.view", icon="inbox",
                covers=("wms_put_away",),
            ),
            Place(name="wms_bins", word=_("Bins"), needs="stock.view", icon="barcode", covers=("wms_bin",)),
        ),
    ),
    Place(
        name="wms_counts", word=_("Counts"), needs="stock.view", icon="list-check", key="q", covers=("wms_count",),
        within=(Place(name="wms_count_new", word=_("Start a count"), needs="stock.count", icon="plus", makes=True),),
    ),
    Place(
        name="wms_returns", word=_("Returns"), needs="orders.view", icon="truck-return", key="e",
        covers=("wms_return",),
        within=(
            Place(name="wms_return_new", word=_("Something comes back"), needs="orders.pack", icon="plus", makes=True),
        ),
    ),
    Place(
        name="wms_houses", word=_("Warehouses"), needs="stock.view", icon="building-store", key="h",
        covers=("wms_house",),
    ),
)  # fmt: skip
ADMINISTRATION: Final = (
    Place(name="company", word=_("Company"), needs="settings.edit", icon="settings", key="m"),
    Place(
        name="people", word=_("People"), needs="users.view", icon="users", key="u", covers=("person", "invitation")
    ),
    Place(name="keys", word=_("API keys"), needs="keys.manage", icon="key", key="v", covers=("key",)),
    Place(name="audit", word=_("Audit log"), needs="audit.view", icon="history", key="z"),
)  # fmt: skip
HELP: Final = (Place(name="terms", word=_("The words of the desk"), needs="", icon="help-circle"),)
YOU: Final = (
    Place(name="me", word=_("Your settings"), needs="", icon="user-cog"),
    Place(name="start", word=_("First steps"), needs="orders.view", icon="list-check", covers=("start",)),
    Place(name="find", word=_("Find or do"), needs="", icon="search"),
)

SECTIONS: Final = (
    Section(
        name="oms",
        word="OMS",
        places=OMS_PLACES,
        sections=(Section(name="integrations", word=_("Integrations"), places=INTEGRATIONS),),
    ),
    Section(name="wms", word="WMS", places=WMS),
    Section(name="administration", word=_("Administration"), places=ADMINISTRATION),
    Section(name="help", word=_("Help"), places=HELP, shown=False),
    Section(name="you", word=_("Your account"), places=YOU, shown=False),
)

OBJECTS: Final = frozenset({
    "order", "product", "item_edit", "kit_edit", "category", "listing", "plan", "price_list", "promotion", "stock_item",
    "sheet", "order_deed", "store", "carrier", "endpoint", "wms_wave", "wms_manifest", "wms_receipt", "wms_bin",
    "wms_count", "wms_return", "wms_house",
})  # fmt: skip
"""Pages of one thing, which the palette offers again when they were opened lately."""


def _ways(sections: Sequence[Section], above: Sequence[Section] = ()) -> Iterator[Way]:
    for section in sections:
        here = (*above, section)
        for place in section.places:
            yield Way(here, (place,))
            for inner in place.within:
                yield Way(here, (place, inner))
        yield from _ways(section.sections, here)


@cache
def ways() -> Mapping[str, Way]:
    """Every place of the table and how it is reached, by the name of its address, in the order of the menu."""
    return {way.places[-1].name: way for way in _ways(SECTIONS)}


@cache
def way_to(name: str) -> Way | None:
    """How the page with this address name is reached: the place itself, or the one it is within."""
    table = ways()
    if name in table:
        return table[name]
    begun = [(len(start), way) for way in table.values() for start in way.places[-1].covers if name.startswith(start)]
    return max(begun, key=lambda found: found[0])[1] if begun else None
