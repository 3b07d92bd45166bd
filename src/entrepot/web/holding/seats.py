"""What people sit on: the kinds of objects that have a form filled with kept values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Model

from entrepot.accounts.models import Seller, User
from entrepot.catalog.models import Category, Item, Product
from entrepot.channels.models import Listing, PriceList, Store
from entrepot.fulfilment.models import Carrier, CarrierRule
from entrepot.inventory.models import Bin, Warehouse, Zone
from entrepot.outgoing.models import Endpoint


@dataclass(frozen=True, slots=True)
class Seat:
    """`row` is locked while what was seen is compared; `all_rows`: with all others of the seller, as its verbs do.

    `audited`: what the audit log calls the object. `history`: what the catalogue's history calls it. `topics`: more
    that open forms listen to.
    """

    name: str
    row: type[Model]
    all_rows: bool = False
    audited: str = ""
    history: str = ""
    topics: Sequence[str] = ()


_SEATS: Final = (
    Seat("product", Product, history="product"),
    Seat("item", Item, history="item"),
    Seat("category", Category, all_rows=True, audited="category"),
    Seat("store", Store, audited="store"),
    Seat("carrier_codes", Store, all_rows=True, audited="store", topics=("store",)),
    Seat("shipping", Store, all_rows=True, audited="store", topics=("store",)),
    Seat("listing", Listing, audited="listing", topics=("listings",)),
    Seat("price_list", PriceList, all_rows=True, audited="price_list", topics=("prices",)),
    Seat("seller", Seller, audited="seller"),
    Seat("user", User, audited="user"),
    Seat("member", Seller, audited="user"),
    Seat("carrier", Carrier, audited="carrier"),
    Seat("carrier_rule", CarrierRule, audited="carrier_rule"),
    Seat("ship_from", Seller, audited="ship_from"),
    Seat("warehouse", Warehouse, all_rows=True, audited="warehouse"),
    Seat("mode", Seller, audited="warehouse"),
    Seat("zone", Zone, audited="zone"),
    Seat("bin", Bin, audited="bin"),
    Seat("endpoint", Endpoint, audited="endpoint"),
)
SEATS: Final = {seat.name: seat for seat in _SEATS}
