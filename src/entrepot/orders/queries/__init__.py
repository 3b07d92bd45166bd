"""Questions about orders."""

from entrepot.orders.queries.called import called
from entrepot.orders.queries.choices import Choices, choices, tags_in_use
from entrepot.orders.queries.listed import Counts, Listed, desk_list, fitting, orders, status_counts
from entrepot.orders.queries.narrow import OrderFilter
from entrepot.orders.queries.one import (
    WAITING,
    lines_by_reference,
    offline_channels,
    order,
    order_head,
    order_line,
    parts_of,
    sales_channels,
    version_for_update,
)

__all__ = [
    "WAITING",
    "Choices",
    "Counts",
    "Listed",
    "OrderFilter",
    "called",
    "choices",
    "desk_list",
    "fitting",
    "lines_by_reference",
    "offline_channels",
    "order",
    "order_head",
    "order_line",
    "orders",
    "parts_of",
    "sales_channels",
    "status_counts",
    "tags_in_use",
    "version_for_update",
]
