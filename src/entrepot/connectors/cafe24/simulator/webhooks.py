"""What the mall tells the app by itself: `WebhookSender` with start() and stop(), and ROUTES for /webhooks/logs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall


class WebhookSender:
    """Sends events from a thread of its own."""

    def __init__(self, mall: "Mall") -> None:
        self.mall = mall

    def start(self) -> None:
        """Begin to send."""

    def stop(self) -> None:
        """Send no more."""


ROUTES: Sequence[Route] = ()
