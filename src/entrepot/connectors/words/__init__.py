"""The words Entrepot and its connectors exchange: frozen values, nothing of either side's books.

Text is plain (never HTML-escaped), times are aware, amounts are exact `Decimal`s without tax in the store's base
currency unless a docstring says otherwise. Remote ids are text, opaque to Entrepot.
"""

from entrepot.connectors.words.catalogue import (
    BadItem,
    ChannelAttribute,
    ChannelBrand,
    ChannelCategory,
    ChannelProduct,
    ChannelVariation,
    ProductPage,
)
from entrepot.connectors.words.events import (
    ChannelEvent,
)
from entrepot.connectors.words.orders import (
    ChannelAddress,
    ChannelClaim,
    ChannelLineOption,
    ChannelOrder,
    ChannelOrderLine,
    ChannelParcel,
    ChannelStatusChange,
    ChannelTotal,
    LineState,
    OrderPage,
    OrderState,
)
from entrepot.connectors.words.shop import (
    RemoteStatus,
    ShopInfo,
)
from entrepot.connectors.words.writing import (
    ChannelCarrier,
    ClaimWrite,
    Created,
    LevelAnswer,
    ListingDraft,
    Making,
    PriceLevel,
    SeenLevel,
    ShipmentWrite,
    StatusWrite,
    StockLevel,
    VariationDraft,
    WriteAnswer,
)

__all__ = [
    "BadItem",
    "ChannelAddress",
    "ChannelAttribute",
    "ChannelBrand",
    "ChannelCarrier",
    "ChannelCategory",
    "ChannelClaim",
    "ChannelEvent",
    "ChannelLineOption",
    "ChannelOrder",
    "ChannelOrderLine",
    "ChannelParcel",
    "ChannelProduct",
    "ChannelStatusChange",
    "ChannelTotal",
    "ChannelVariation",
    "ClaimWrite",
    "Created",
    "LevelAnswer",
    "LineState",
    "ListingDraft",
    "Making",
    "OrderPage",
    "OrderState",
    "PriceLevel",
    "ProductPage",
    "RemoteStatus",
    "SeenLevel",
    "ShipmentWrite",
    "ShopInfo",
    "StatusWrite",
    "StockLevel",
    "VariationDraft",
    "WriteAnswer",
]
