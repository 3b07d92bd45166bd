"""What checks work on: the connector, the stage where there is one, and things looked up once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

from entrepot.connectors.conformance.model import NotApplicable, expect, expect_equal
from entrepot.connectors.conformance.stage import Stage
from entrepot.connectors.contract import (
    ChannelOrder,
    ChannelProduct,
    ClaimSink,
    Connector,
    EventPort,
    LevelAnswer,
    ListingSink,
    ManySink,
    OrderPage,
    OrderSource,
    OrderStatusSink,
    PriceSink,
    ProductPage,
    ProductSource,
    ShipmentSink,
    ShopInfo,
    StatusWrite,
    StockLevel,
    StockSink,
)
from entrepot.kernel.errors import ChannelRejected

Part = TypeVar("Part")
MOST_SAMPLES = 20


def _trial(order_id: str, status_id: str) -> StatusWrite:
    return StatusWrite(key=f"conformance-{uuid4()}", order_id=order_id, status_id=status_id)


def there(part: Part | None) -> Part:
    """A part that is there.

    Raises:
        NotApplicable: The connector lacks it.
    """
    if part is None:
        raise NotApplicable("the connector lacks this part")
    return part


@dataclass
class Bench:
    """One run's connector and stage. Reading checks share one reading of the shop."""

    connector: Connector
    stage_or_none: Stage | None = None
    _info: ShopInfo | None = None
    _product_pages: list[ProductPage] = field(default_factory=list)
    _order_pages: list[OrderPage] = field(default_factory=list)

    # ------------------------------------------------------------------ parts

    @property
    def stage(self) -> Stage:
        """The stage; the runner skips checks that need one where there is none."""
        return there(self.stage_or_none)

    @property
    def products(self) -> ProductSource:
        """The part of this name."""
        return there(self.connector.products)

    @property
    def orders(self) -> OrderSource:
        """The part of this name."""
        return there(self.connector.orders)

    @property
    def stock(self) -> StockSink:
        """The part of this name."""
        return there(self.connector.stock)

    @property
    def prices(self) -> PriceSink:
        """The part of this name."""
        return there(self.connector.prices)

    @property
    def listings(self) -> ListingSink:
        """The part of this name."""
        return there(self.connector.listings)

    @property
    def statuses(self) -> OrderStatusSink:
        """The part of this name."""
        return there(self.connector.statuses)

    @property
    def shipments(self) -> ShipmentSink:
        """The part of this name."""
        return there(self.connector.shipments)

    @property
    def many(self) -> ManySink:
        """The part of this name."""
        return there(self.connector.many)

    @property
    def claims(self) -> ClaimSink:
        """The part of this name."""
        return there(self.connector.claims)

    @property
    def events(self) -> EventPort:
        """The part of this name."""
        return there(self.connector.events)

    # ------------------------------------------------------------------ looked up once

    @property
    def info(self) -> ShopInfo:
        """Who the shop is."""
        if self._info is None:
            self._info = self.connector.shop.info()
        return self._info

    @property
    def product_pages(self) -> Sequence[ProductPage]:
        """The whole catalogue as it was when first asked for."""
        if not self._product_pages:
            self._product_pages = list(self.products.pages())
        return self._product_pages

    @property
    def all_products(self) -> list[ChannelProduct]:
        """Its products."""
        return [product for page in self.product_pages for product in page.products]

    @property
    def order_pages(self) -> Sequence[OrderPage]:
        """The orders of some 400 days as they were when first asked for."""
        if not self._order_pages:
            self._order_pages = list(self.orders.pages(self.orders.start(400)))
        return self._order_pages

    @property
    def all_orders(self) -> list[ChannelOrder]:
        """Its orders, repeats included."""
        return [order for page in self.order_pages for order in page.orders]

    @property
    def confirmed_orders(self) -> list[ChannelOrder]:
        """Its confirmed orders, each once in its newest state.

        Raises:
            NotApplicable: The shop has none.
        """
        newest = {order.remote_id: order for order in self.all_orders if order.confirmed}
        if not newest:
            raise NotApplicable("the shop has no order to look at")
        return list(newest.values())

    def end_cursor(self) -> str:
        """Where reading orders would go on now."""
        cursor = self.order_pages[-1].cursor
        for page in self.orders.pages(cursor):
            cursor = page.cursor
        return cursor

    # ------------------------------------------------------------------ something to write on

    def tellable(self) -> str:
        """A status that a new order can be told: found out on an order of its own.

        Raises:
            NotApplicable: There is none.
        """
        for status in self.info.statuses:
            order_id = self.stage.place_order()
            is_other = status.takes_stock and status.remote_id != self.order(order_id).status_id
            try:
                if is_other and not self.statuses.tell(_trial(order_id, status.remote_id)).repeated:
                    return status.remote_id
            except ChannelRejected:
                continue
        raise NotApplicable("the store can be told no status")

    def carrier(self) -> str:
        """A carrier that may be named: the store's usual one, or any name where it lists none."""
        carriers = self.shipments.carriers()
        usual = [carrier for carrier in carriers if carrier.default]
        return next((carrier.remote_id for carrier in [*usual, *carriers]), "CJ")

    def single(self) -> ChannelProduct:
        """A product that is counted and sold as it is, read anew.

        Raises:
            NotApplicable: The shop has none.
        """
        for product in self.all_products:
            plain = not product.variations and not product.is_parent and product.parent_id is None
            if plain and not product.shared_stock and product.quantity is not None and product.quantity >= 0:
                return self.product(product.remote_id)
        raise NotApplicable("the shop has no single product whose stock is counted")

    def product(self, remote_id: str) -> ChannelProduct:
        """One product as the store shows it now."""
        page = self.products.fetch([remote_id])
        expect_equal([product.remote_id for product in page.products], [remote_id], f"fetch of product {remote_id}")
        return page.products[0]

    def order(self, remote_id: str) -> ChannelOrder:
        """One order as the store has it now."""
        page = self.orders.fetch([remote_id])
        expect_equal([order.remote_id for order in page.orders], [remote_id], f"fetch of order {remote_id}")
        return page.orders[0]

    def push(self, *levels: StockLevel) -> Sequence[LevelAnswer]:
        """Push levels; one answer per level, in order."""
        answers = self.stock.push(levels)
        asked = [(level.remote_id, level.variation_key) for level in levels]
        expect_equal([(row.remote_id, row.variation_key) for row in answers], asked, "answers of push, in order")
        return answers

    def shown(self, remote_id: str) -> Mapping[str, int | None]:
        """What the store shows of one product now, by variation key."""
        return {level.variation_key: level.quantity for level in self.stock.seen([remote_id])}

    @contextmanager
    def put_back(self, *levels: StockLevel) -> Iterator[None]:
        """Show these figures again in the end, whatever happened."""
        try:
            yield
        finally:
            answers = self.stock.push(levels)
            expect(
                all(answer.outcome == "accepted" for answer in answers),
                f"the figures could not be put back: {answers!r}",
            )
