"""Another system that is told things: an external warehouse, or a program that asked for kinds of messages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from entrepot.inventory import services as inventory
from entrepot.orders.models import Order, SalesChannel
from entrepot.outgoing.models import Endpoint, Notice
from entrepot.outgoing.services.deliver import deliver
from entrepot.outgoing.services.endpoints import add_endpoint
from entrepot.outgoing.simulator import OtherWarehouse, WarehouseServer
from entrepot.warehouse.services import release
from tests.books import MINA, draft, line, make_channel, make_items, make_seller, place_one


@dataclass
class Elsewhere:
    """10 RED and 5 BLUE in a warehouse of mode `external`, and the system that works there."""

    channel: SalesChannel
    items: Mapping[str, int]
    warehouse_id: int
    server: WarehouseServer
    endpoint: Endpoint

    @property
    def seller_id(self) -> int:
        return self.channel.seller_id

    @property
    def house(self) -> OtherWarehouse:
        return self.server.house

    def order(self, number: str, **wants: int) -> Order:
        """A released order."""
        lines = [line(self.items[sku], count, remote_id=f"{number}-{sku}", sku=sku) for sku, count in wants.items()]
        made = place_one(self.channel, draft(number, *lines))
        release.release(seller_id=self.seller_id, order_id=made.pk, actor=MINA)
        return made

    def tell(self) -> int:
        """What the engine does when it has woken the address."""
        return deliver(Endpoint.objects.get(pk=self.endpoint.pk))

    def now(self) -> int:
        """Likewise, when the time to try again has come."""
        Endpoint.objects.filter(pk=self.endpoint.pk).update(rests_until=None)
        Notice.objects.filter(endpoint=self.endpoint).update(next_try_at=None)
        return self.tell()

    def heard(self) -> list[str]:
        """The kinds of messages that came, in their order; repeats marked."""
        return [one.kind + ("*" if one.again else "") for one in self.house.inbox]


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """The seller, the other system over HTTP, and its address entered."""
    channel = make_channel(make_seller())
    items = make_items(channel.seller, RED=10, BLUE=5)
    place = inventory.default_warehouse(seller_id=channel.seller_id, actor=MINA).pk
    inventory.set_mode(seller_id=channel.seller_id, warehouse_id=place, mode="external", actor=MINA)
    with WarehouseServer(OtherWarehouse()) as server:
        made = add_endpoint(seller_id=channel.seller_id, name="3PL", url=server.url, warehouse_id=place, actor=MINA)
        server.secret = made.secret
        yield Elsewhere(channel, items, place, server, made.endpoint)
