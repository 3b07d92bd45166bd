"""The simulator as a stage of the conformance suite. The connector under test comes from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entrepot.connectors.conformance.model import NotApplicable
from entrepot.connectors.contract import Connector, ConnectorType, Surroundings
from entrepot.connectors.opencart.simulator.rows import Item
from entrepot.connectors.opencart.simulator.server import SimulatorServer

_KINDS = {"throttled": "throttle"}


@dataclass
class SimulatorStage:
    """`kind` opens connectors to `simulator`; product 40 of the demo catalogue, or the first single one, is sold."""

    simulator: SimulatorServer
    kind: ConnectorType
    settings: Mapping[str, Any] = field(default_factory=lambda: {"page_size": 5, "order_page_size": 3})
    throttle_seconds: int = 7

    def open(self, *, timeout_seconds: float = 30.0, settings: Mapping[str, Any] | None = None) -> Connector:
        """Another connector to the same shop."""
        return self._open(self.simulator.secret, timeout_seconds, self.settings if settings is None else settings)

    def open_stranger(self) -> Connector:
        """A connector with a wrong key."""
        return self._open("f" * 64, 30.0, self.settings)

    def _open(self, secret: str, timeout_seconds: float, settings: Mapping[str, Any]) -> Connector:
        surroundings = Surroundings(timeout_seconds=timeout_seconds, settings=settings)
        return self.kind.open({"domain_url": self.simulator.url, "secret_key": secret}, surroundings)

    def goods(self) -> str:
        """A single product with plenty of stock."""
        products = self.simulator.shop.tables.products
        if 40 in products:
            return "40"
        return str(next(key for key, row in products.items() if not row.options and row.subtract and row.quantity > 50))

    def place_order(self, quantity: int = 1, *, confirm: bool = True) -> str:
        """Buy."""
        items = [Item(int(self.goods()), quantity)]
        return str(self.simulator.shop.place_order(items, confirm=confirm, check=False))

    def confirm_order(self, order_id: str) -> None:
        """The payment for a cart comes in."""
        self.simulator.shop.confirm_order(int(order_id))

    def set_status(self, order_id: str, status_id: str) -> None:
        """The owner moves the order on."""
        self.simulator.shop.set_status(int(order_id), int(status_id))

    def edit_order(self, order_id: str, quantity: int, *, finish: bool = True) -> None:
        """The owner changes the order's quantity."""
        items = [Item(int(self.goods()), quantity)]
        self.simulator.shop.edit_order(int(order_id), items, finish=finish)

    def delete_order(self, order_id: str) -> None:
        """The owner deletes the order."""
        self.simulator.shop.delete_order(int(order_id))

    def ask(self, order_id: str, kind: str) -> None:
        """Buyers of an OpenCart shop write to the seller; the shop knows no wish.

        Raises:
            NotApplicable: Always.
        """
        raise NotApplicable(f"OpenCart knows no wish to {kind} order {order_id}")

    def push_to(self, url: str | None) -> None:
        """The connector registers the address by itself.

        Raises:
            NotApplicable: Always.
        """
        raise NotApplicable(f"nobody enters {url} by hand")

    def trouble(self, kind: str, *, times: int = 1, writes: bool = False) -> None:
        """The next requests meet this; a write is one request here, so `writes` makes no difference."""
        del writes
        self.simulator.faults.add(_KINDS.get(kind, kind), times=times, seconds=2.0, retry_after=self.throttle_seconds)

    def heal(self) -> None:
        """No more trouble."""
        self.simulator.faults.clear()
