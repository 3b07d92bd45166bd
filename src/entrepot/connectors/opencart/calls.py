"""What each resource of the bridge is asked for."""

from typing import Final

from entrepot.connectors import call_words as words

_READ: Final = {
    "info": words.READ_SHOP,
    "attributes": words.READ_SHOP,
    "options": words.READ_SHOP,
    "categories": words.READ_CATEGORIES,
    "manufacturers": words.READ_CATEGORIES,
    "products": words.READ_PRODUCTS,
    "stock": words.READ_STOCK,
    "order_cursor": words.ASK_NEWEST,
    "orders": words.READ_ORDERS,
    "order": words.READ_ORDERS,
    "order_states": words.READ_STATES,
    "events": words.READ_NEWS,
}
_WRITE: Final = {
    "stock": words.TELL_STOCK,
    "prices": words.TELL_PRICES,
    "product_create": words.MAKE_PRODUCT,
    "products_create": words.MAKE_PRODUCT,
    "product_update": words.CHANGE_PRODUCT,
    "product_status": words.SHOW_PRODUCT,
    "product_delete": words.DELETE_PRODUCT,
    "image": words.SEND_PICTURE,
    "order_history": words.TELL_STATUS,
    "shipment": words.TELL_PARCEL,
    "order_writes": words.TELL_ORDERS,
    "webhook": words.WANT_NEWS,
}


def _of(method: str, table: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(method, rf"[?&]resource={name}(&|$)", meaning) for name, meaning in table.items()]


CALLS: Final[words.CallTable] = (*_of("GET", _READ), *_of("POST", _WRITE))
