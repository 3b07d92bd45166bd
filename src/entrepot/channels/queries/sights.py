"""What the tour of the demo shows: a shop, an order of it, and the item somebody bought."""

from dataclasses import dataclass
from functools import cached_property

from entrepot.channels.models import Listing, Store
from entrepot.channels.registry import OFFLINE
from entrepot.orders.models import Order, OrderLine


@dataclass(frozen=True, kw_only=True)
class Sights:
    """Each asked only where somebody goes there; None where there is nothing to see yet."""

    seller_id: int

    @cached_property
    def shop(self) -> Store | None:
        """The shop that was connected first."""
        rows = Store.objects.filter(seller_id=self.seller_id, state=Store.State.LIVE).exclude(connector=OFFLINE)
        return rows.order_by("connected_at", "pk").first()

    @cached_property
    def order(self) -> Order | None:
        """The newest order."""
        return Order.objects.filter(seller_id=self.seller_id).order_by("-placed_at", "-id").first()

    @cached_property
    def listing(self) -> Listing | None:
        """A listing of what was bought in it, else of anything."""
        bought = OrderLine.objects.filter(order=self.order, item__isnull=False).order_by("position")
        item_id = bought.values_list("item_id", flat=True).first()
        rows = Listing.objects.filter(seller_id=self.seller_id, item__isnull=False).select_related("item")
        return (rows.filter(item_id=item_id).first() if item_id else None) or rows.order_by("id").first()
