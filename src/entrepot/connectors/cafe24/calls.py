"""What each address of the mall's interface is asked for (`/api/v2/admin/…`, reference cafe24.md)."""

from typing import Final

from entrepot.connectors import call_words as words

_PRODUCT: Final = r"/products/\d+"
_ORDER: Final = r"/orders/[\w-]+"
_END: Final = r"(\?|$)"

CALLS: Final[words.CallTable] = (
    ("POST", rf"/oauth/token{_END}", words.SIGN_IN),
    ("GET", rf"/(store|shops|orders/setting){_END}", words.READ_SHOP),
    ("GET", rf"/carriers{_END}", words.READ_CARRIERS),
    ("GET", rf"/webhooks/logs{_END}", words.READ_NEWS),
    ("GET", rf"/(categories|brands)(/|{_END})", words.READ_CATEGORIES),
    ("GET", rf"{_PRODUCT}/variants{_END}", words.READ_STOCK),
    ("GET", r"/products\b", words.READ_PRODUCTS),
    ("POST", rf"(/products/images|{_PRODUCT}/additionalimages){_END}", words.SEND_PICTURE),
    ("POST", rf"/products{_END}", words.MAKE_PRODUCT),
    ("PUT", rf"{_PRODUCT}/variants/\w+/inventories{_END}", words.TELL_STOCK),
    ("PUT", rf"{_PRODUCT}/variants\b", words.TELL_STOCK_OR_PRICES),
    ("DELETE", rf"/admin{_PRODUCT}{_END}", words.DELETE_PRODUCT),
    ("PUT POST DELETE", rf"({_PRODUCT}|/brands)\b", words.CHANGE_PRODUCT),
    ("GET", rf"{_ORDER}/shipments{_END}", words.READ_PARCELS),
    ("GET", r"/orders\b", words.READ_ORDERS),
    ("PUT POST", rf"{_ORDER}/shipments\b", words.TELL_PARCEL),
    ("PUT POST", rf"({_ORDER}/(cancellation|return|exchange)|/\w+requests)\b", words.TELL_CLAIM),
    ("PUT", rf"{_ORDER}{_END}", words.TELL_STATUS),
)
