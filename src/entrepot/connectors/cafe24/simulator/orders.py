"""The mall's orders. Agreed with the core: `OrderBooks(mall)` hangs at `mall.orders`; ROUTES answers /orders…."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall


class OrderBooks:
    """Every order of the mall."""

    def __init__(self, mall: "Mall") -> None:
        self.mall = mall


ROUTES: Sequence[Route] = ()
