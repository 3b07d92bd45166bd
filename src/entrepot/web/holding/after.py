"""What follows a person's deed: stores are told as soon as it is committed, and open pages ask again."""

from collections.abc import Sequence

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.services.wakes import wake_pushes
from entrepot.orders.models import Order
from entrepot.warehouse.services.desk import follow_these
from entrepot.web.desk import Desk
from entrepot.web.order_page.moves import OFFLINE


def stock_moved(desk: Desk, item_ids: Sequence[int]) -> None:
    """An item's figure changed by hand."""
    wake_pushes(desk.seller_id)
    for item_id in item_ids:
        announce(desk.seller_id, f"stock:{item_id}")


def orders_moved(desk: Desk, orders: Sequence[Order]) -> None:
    """Orders moved: their warehouses begin or end work, what they held may be free, their stores are told."""
    follow_these(seller_id=desk.seller_id, order_ids=[order.pk for order in orders], actor=desk.actor)
    wake_pushes(desk.seller_id)
    for store_id in sorted({order.sales_channel_id for order in orders if order.sales_channel.kind != OFFLINE}):
        engine.wake("push_statuses", store_id)
    announce(desk.seller_id, "orders")
