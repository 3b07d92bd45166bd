"""The kinds of file there are, in the order people are shown them."""

from collections.abc import Mapping
from typing import Final

from entrepot.sheets.errors import KindUnknown
from entrepot.sheets.kinds.kind import Kind
from entrepot.sheets.kinds.kits import KITS
from entrepot.sheets.kinds.list_prices import LIST_PRICES
from entrepot.sheets.kinds.listings import LISTINGS
from entrepot.sheets.kinds.prices import PRICES
from entrepot.sheets.kinds.products_change import PRODUCTS
from entrepot.sheets.kinds.products_new import PRODUCTS_NEW
from entrepot.sheets.kinds.stock import STOCK

KINDS: Final[Mapping[str, Kind]] = {
    kind.code: kind for kind in (PRODUCTS_NEW, PRODUCTS, KITS, LISTINGS, PRICES, LIST_PRICES, STOCK)
}


def kind_of(code: str) -> Kind:
    """The kind of this code.

    Raises:
        KindUnknown: There is none.
    """
    found = KINDS.get(code)
    if found is None:
        raise KindUnknown(kind=code)
    return found
