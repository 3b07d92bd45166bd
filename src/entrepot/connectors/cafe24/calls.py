"""What each address of the mall's interface is asked for (`/api/v2/admin/…`, reference cafe24.md)."""

from typing import Final

from entrepot.connectors import call_words as words

_PRODUCT: Final = r"/products/\d+"
_ORDER: Final = r"/orders/[\w-]+"
_END: Final = r"(\?|$)"

CALLS: Final[words.CallTable] = (
    (rf"/oauth/token{_END}", words.SIGN_IN),
    (rf"^GET .*/(store|shops|orders/setting){_END}", words.READ_SHOP),
    (rf"^GET .*/carriers{_END}", words.READ_CARRIERS),
    (rf"^GET .*/webhooks/logs{_END}", words.READ_NEWS),
    (rf"^GET .*/(categories|brands)(/|{_END})", words.READ_CATEGORIES),
    (rf"^GET .*{_PRODUCT}/variants{_END}", words.READ_STOCK),
    (r"^GET .*/products\b", words.READ_PRODUCTS),
    (rf"^POST .*(/products/images|{_PRODUCT}/additionalimages){_END}", words.SEND_PICTURE),
    (rf"^POST .*/products{_END}", words.MAKE_PRODUCT),
    (rf"^PUT .*{_PRODUCT}/variants/\w+/inventories{_END}", words.TELL_STOCK),
    (rf"^PUT .*{_PRODUCT}/variants\b", words.TELL_STOCK_OR_PRICES),
    (rf"^DELETE .*{_PRODUCT}{_END}", words.DELETE_PRODUCT),
    (rf"^(PUT|POST|DELETE) .*({_PRODUCT}|/brands)\b", words.CHANGE_PRODUCT),
    (rf"^GET .*{_ORDER}/shipments{_END}", words.READ_PARCELS),
    (r"^GET .*/orders\b", words.READ_ORDERS),
    (rf"^(PUT|POST) .*{_ORDER}/shipments\b", words.TELL_PARCEL),
    (rf"^(PUT|POST) .*({_ORDER}/(cancellation|return|exchange)|/\w+requests)\b", words.TELL_CLAIM),
    (rf"^PUT .*{_ORDER}{_END}", words.TELL_STATUS),
)
