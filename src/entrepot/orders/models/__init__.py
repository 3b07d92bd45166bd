"""Orders as Entrepot carries them: lines, totals, and everything that happened to them."""

from entrepot.orders.models.bulk import Bulk, BulkFile, BulkItem
from entrepot.orders.models.orders import (
    Facets,
    Order,
    OrderClaim,
    OrderCount,
    OrderEvent,
    OrderLine,
    OrderNote,
    OrderTotal,
    PackGroup,
    SalesChannel,
    Status,
)

__all__ = [
    "Bulk",
    "BulkFile",
    "BulkItem",
    "Facets",
    "Order",
    "OrderClaim",
    "OrderCount",
    "OrderEvent",
    "OrderLine",
    "OrderNote",
    "OrderTotal",
    "PackGroup",
    "SalesChannel",
    "Status",
]
