"""What a call to a store was for, in the few words that all kinds of store share."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

CallTable = Sequence[tuple[str, str, str]]
"""(methods, pattern looked for in the target, words), the most particular first."""


def N(words: str) -> str:  # noqa: N802 - the name by which the catalogue of translations finds msgids
    """A msgid."""
    return words


SIGN_IN: Final = N("Renew the access to the store")
READ_SHOP: Final = N("Read facts of the store")
READ_CATEGORIES: Final = N("Read categories and brands")
READ_PRODUCTS: Final = N("Read products")
READ_STOCK: Final = N("Look which stock the store shows")
READ_CARRIERS: Final = N("Read the store's carriers")
READ_NEWS: Final = N("Ask what the store announced")
ASK_NEWEST: Final = N("Ask for the newest order")
READ_ORDERS: Final = N("Read orders")
READ_STATES: Final = N("Compare states of orders")
READ_PARCELS: Final = N("Read an order's parcels")
WANT_NEWS: Final = N("Ask the store to announce changes")
TELL_STOCK: Final = N("Tell stock")
TELL_STOCK_OR_PRICES: Final = N("Tell stock or prices of variations")
TELL_PRICES: Final = N("Tell prices")
MAKE_PRODUCT: Final = N("Make products")
CHANGE_PRODUCT: Final = N("Change a product")
DELETE_PRODUCT: Final = N("Delete a product")
SHOW_PRODUCT: Final = N("Show or hide products")
SEND_PICTURE: Final = N("Send a picture")
TELL_STATUS: Final = N("Tell an order's status")
TELL_PARCEL: Final = N("Tell a parcel and its tracking number")
TELL_ORDERS: Final = N("Tell statuses and parcels of several orders")
TELL_CLAIM: Final = N("Cancel, return or exchange in the store")
ANNOUNCED: Final = N("The store announces a change")


def purpose(table: CallTable, *, method: str, target: str) -> str:
    """What a call was for, as an English msgid; "" where the table does not know it. `target`: path and query."""
    for methods, pattern, words in table:
        if method in methods and _compiled(pattern).search(target):
            return words
    return ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
