"""Two shops of one shape, so that one table speaks of both: an OpenCart shop and a Cafe24 mall with five RED socks."""

from collections.abc import Callable

from entrepot.channels.models import Store
from entrepot.channels.services.statuses import push_statuses
from entrepot.connectors.opencart.simulator import Item
from entrepot.fulfilment import services as fulfilment
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.roads import mall
from tests.roads.rig import CANCELED, MINA, Road, small_shop


class OpenCartWorld:
    """The shop's status ids are text here."""

    name = "opencart"

    def __init__(self, road: Road) -> None:
        self.place = road.connect(small_shop(RED=5))

    def buy(self, quantity: int = 2) -> Order:
        order_id = self.place.shop.place_order([Item(1, quantity)], check=False)
        self.place.pull()
        return self.place.order(order_id)

    def shows(self, order: Order) -> str:
        return str(self.place.shop.tables.orders[int(order.remote_id)].status)

    def history(self, order: Order) -> int:
        """Lines of the order's history in the shop."""
        return len(self.place.shop.history_of(int(order.remote_id)))

    def read(self, _order: Order) -> None:
        self.place.pull()

    def tell(self) -> None:
        push_statuses(Store.objects.get(pk=self.place.store.pk))

    def cancel_there(self, order: Order) -> None:
        """The buyer, or the shop's owner, cancels: an OpenCart shop tells no difference."""
        self.place.shop.set_status(int(order.remote_id), CANCELED)

    def problems(self) -> list[str]:
        return self.place.problems()


class MallWorld:
    """An order's items share one state here."""

    name = "cafe24"

    def __init__(self, road: Road) -> None:
        self.place = mall.connect_mall(road, mall.mall_with(RED=5))

    def buy(self, quantity: int = 2) -> Order:
        if quantity > 5:  # the mall would not sell it; somebody takes it from our shelf meanwhile
            self.place.mall.set_stock(self.place.code("RED"), 100)
        order_id = self.place.buy(("RED", quantity))
        self.place.read(order_id)
        return self.place.order(order_id)

    def shows(self, order: Order) -> str:
        [state] = set(self.place.states(order.remote_id))
        return state

    def history(self, _order: Order) -> int:
        """A mall keeps no history."""
        return 0

    def read(self, order: Order) -> None:
        self.place.read(order.remote_id)

    def tell(self) -> None:
        self.place.tell()

    def cancel_there(self, order: Order) -> None:
        """The mall's owner cancels."""
        self.place.mall.accept_cancel(order.remote_id)

    def ask_there(self, order: Order) -> None:
        """The buyer asks to cancel."""
        self.place.mall.request_cancel(order.remote_id)

    def problems(self) -> list[str]:
        return self.place.problems()


World = OpenCartWorld | MallWorld
WORLDS: dict[str, Callable[[Road], World]] = {"opencart": OpenCartWorld, "cafe24": MallWorld}


def who(order: Order) -> dict[str, object]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}


def release(order: Order) -> None:
    orders.release_to_warehouse(**who(order))


def pack(order: Order) -> None:
    release(order)
    fulfilment.pack(carrier=mall.CJ, carrier_name="CJ", tracking_number=f"601-{order.pk}", **who(order))


def hand_over(order: Order) -> None:
    pack(order)
    fulfilment.hand_over(**who(order))


def deliver(order: Order) -> None:
    hand_over(order)
    fulfilment.deliver(**who(order))
