"""The simulator as a stage of the conformance suite. The connector under test comes from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from entrepot.connectors.cafe24.simulator.clock import KST
from entrepot.connectors.cafe24.simulator.server import SimulatorServer
from entrepot.connectors.conformance.model import NotApplicable
from entrepot.connectors.contract import Connector, ConnectorType, Grant, HeldGrant, Surroundings

_KINDS = {"throttled": "quota"}
PLENTY = 50
MANY_TOKENS = 100_000


@dataclass
class SimulatorStage:
    """`kind` opens connectors to `simulator`; the first product without options and with plenty of stock is sold.

    The bucket is not enforced and tokens are not counted: nothing here waits, and every check renews what it needs.
    All connectors share one vault, as all workers of a store do.
    """

    simulator: SimulatorServer
    kind: ConnectorType
    settings: Mapping[str, Any] = field(default_factory=dict)
    throttle_seconds: int = 7
    vault: HeldGrant = field(default_factory=HeldGrant)

    def __post_init__(self) -> None:
        """Let nothing but the connector be slow, and the app be allowed in."""
        self.simulator.bucket.enforced = False
        self.simulator.quota.enforced = False
        self.simulator.oauth.most_token_requests = MANY_TOKENS
        if self.vault.kept is None:
            self.vault.kept = granted(self.simulator)

    def credentials(self, **other: str) -> dict[str, str]:
        """What the connect form would hold."""
        oauth = self.simulator.oauth
        return {
            "mall_id": self.simulator.mall.mall_id,
            "client_id": oauth.client_id,
            "client_secret": oauth.client_secret,
            "webhook_key": self.simulator.webhooks.key,
            "shop_no": "1",
        } | other

    def open(self, *, timeout_seconds: float = 30.0, settings: Mapping[str, Any] | None = None) -> Connector:
        """Another connector to the same mall."""
        chosen = self.settings if settings is None else settings
        surroundings = Surroundings(timeout_seconds=timeout_seconds, settings=chosen, vault=self.vault)
        return self.kind.open(self.credentials(), surroundings)

    def open_stranger(self) -> Connector:
        """A connector with tokens and a secret nobody gave out."""
        now = self.simulator.mall.clock.now()
        forged = Grant(
            access_token="forged-access-token",  # noqa: S106 - opens nothing
            access_ends_at=now + timedelta(hours=1),
            refresh_token="forged-refresh-token",  # noqa: S106 - opens nothing
        )
        surroundings = Surroundings(settings=self.settings, vault=HeldGrant(forged))
        return self.kind.open(self.credentials(client_secret="f" * 22), surroundings)

    # ------------------------------------------------------------------ the mall

    def goods(self) -> str:
        """A product without options and with plenty of stock."""
        return str(self._sold()[0])

    def _sold(self) -> tuple[int, str]:
        for number, product in sorted(self.simulator.mall.products.items()):
            variant = product.variants[0]
            if len(product.variants) == 1 and not product.bundle and variant.quantity > PLENTY:
                return number, variant.variant_code
        raise LookupError("this mall has no product without options and with plenty of stock")

    def place_order(self, quantity: int = 1, *, confirm: bool = True) -> str:
        """Buy; unconfirmed = the money has not come."""
        method = "card" if confirm else "cash"
        items = [(self._sold()[1], quantity)]
        return self.simulator.mall.place_order(items, paid=confirm, method=method, check=False)

    def confirm_order(self, order_id: str) -> None:
        """The money comes."""
        self.simulator.mall.pay(order_id)

    def set_status(self, order_id: str, status_id: str) -> None:
        """The owner moves every item on."""
        self.simulator.mall.set_item_state(order_id.partition(":")[0], status_id)

    def edit_order(self, order_id: str, quantity: int, *, finish: bool = True) -> None:
        """Cafe24 knows no change of a quantity: the owner cancels what is too much.

        Raises:
            NotApplicable: An order is never seen in the middle of an edit.
        """
        if not finish:
            raise NotApplicable("a Cafe24 order is never seen in the middle of an edit")
        mall = self.simulator.mall
        first = mall.orders.find(order_id).items[0]
        mall.accept_cancel(order_id, [(first.code, first.quantity - quantity)])

    def delete_order(self, order_id: str) -> None:
        """The owner deletes the order form."""
        self.simulator.mall.delete_order(order_id)

    def ask(self, order_id: str, kind: str) -> None:
        """C00; or R00 of an order that was shipped and delivered."""
        mall = self.simulator.mall
        if kind == "cancel":
            mall.request_cancel(order_id)
            return
        mall.ship_in_admin(order_id)
        mall.deliver(order_id)
        mall.request_return(order_id)

    def push_to(self, url: str | None) -> None:
        """The owner enters the address in the Developer Center."""
        self.simulator.webhooks.address = url

    def trouble(self, kind: str, *, times: int = 1, writes: bool = False) -> None:
        """The next requests meet this."""
        seconds = float(self.throttle_seconds) if kind == "throttled" else 2.0
        resource = "write" if writes else None
        self.simulator.faults.add(_KINDS.get(kind, kind), resource=resource, times=times, seconds=seconds)

    def heal(self) -> None:
        """No more trouble; a lock that a fault left behind is opened."""
        self.simulator.faults.clear()
        self.simulator.quota.empty()


def granted(simulator: SimulatorServer) -> Grant:
    """What the operator's consent would have left in the vault."""
    row = simulator.grant()
    return Grant(
        access_token=row["access_token"],
        access_ends_at=_moment(row["expires_at"]),
        refresh_token=row["refresh_token"],
        refresh_ends_at=_moment(row["refresh_token_expires_at"]),
        scopes=tuple(row["scopes"]),
        facts={"mall_id": row["mall_id"]},
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KST)
