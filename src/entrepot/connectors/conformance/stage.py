"""What a simulator can do that a real shop cannot: let things happen in the store, and fail on order."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from entrepot.connectors.contract import Connector

Trouble = Literal["error", "timeout", "throttled", "unauthorized", "html", "cut", "truncated", "shape", "lost"]
"""The store answers 500; not at all; 429; 401; with a web page; half and then cuts the line; with JSON cut short; with
JSON of another shape; does the work and then cuts the line."""

THROTTLE_SECONDS = 7
"""How long a throttling store asks to wait, so that a check can tell whether it was heard."""


class Stage(Protocol):
    """A store on which things can be made to happen. Ids are the store's own, as the connector shows them.

    What a kind of store does not know raises `model.NotApplicable`, and the check is skipped.
    """

    def open(self, *, timeout_seconds: float = 30.0, settings: Mapping[str, Any] | None = None) -> Connector:
        """Another connector to the same store."""

    def open_stranger(self) -> Connector:
        """A connector with a wrong key."""

    def place_order(self, quantity: int = 1, *, confirm: bool = True) -> str:
        """Buy `quantity` of `goods()`; unconfirmed it stays a cart, or unpaid. Answers the order's id."""

    def goods(self) -> str:
        """The remote id of a single product with plenty of stock, the one that `place_order` sells."""

    def confirm_order(self, order_id: str) -> None:
        """The payment for a cart or an unpaid order comes in."""

    def set_status(self, order_id: str, status_id: str) -> None:
        """The shop's owner moves the order on. A code nobody knows is taken as well."""

    def edit_order(self, order_id: str, quantity: int, *, finish: bool = True) -> None:
        """The owner changes the order to `quantity`; `finish` False stops in the middle, where the store allows."""

    def delete_order(self, order_id: str) -> None:
        """The owner deletes the order."""

    def ask(self, order_id: str, kind: Literal["cancel", "return"]) -> None:
        """The buyer asks to cancel the order; or to send it back, for which it is delivered first."""

    def push_to(self, url: str | None) -> None:
        """The owner enters the address for pushed events by hand (`EventPort.set_by_hand`); None takes it away."""

    def trouble(self, kind: Trouble, *, times: int = 1, writes: bool = False) -> None:
        """The next `times` requests meet this; `writes`: the next that write."""

    def heal(self) -> None:
        """No more trouble."""
