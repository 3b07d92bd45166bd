"""One Cafe24 mall: its shops, its goods, its orders, and every verb by which things happen in it.

For the files of orders, claims, shipments and webhooks:

    with mall.deed(): …                     the lock (re-entrant) for a verb; listeners are woken when it is over
    mall.clock.now() / mall.clock.stamp()   Korean time; `clock.stamp(moment)` writes one
    mall.settings.use_product_prepare_status, .stock_recover, .shipments_from_n10, …
    mall.shops[shop_no].currency_code
    product, variant = mall.find_variant(variant_code)        KeyError when unknown
    product.name(shop_no), product.price(shop_no), product.row[…], variant.option_value, variant.additional_amount
    mall.take_stock(variant_code, quantity, check=True)       SoldOut, or the quantity left; honours use_inventory,
                                                              display_soldout (F: below zero)
    mall.give_stock(variant_code, quantity)
    variant.inventory_control_type                            "A" take when ordered, "B" when paid
    mall.carrier_by_code(code)                                the carrier row or None
    mall.next_number("claim")                                 1, 2, 3 … per name, never twice
    mall.tell(event_no, resource)                             a webhook event; senders are in `mall.hearers`
    mall.orders                                               orders.OrderBooks(mall)
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Self, TypedDict, Unpack

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.clock import MallClock
from entrepot.connectors.cafe24.simulator.goods import Product, Variant
from entrepot.connectors.cafe24.simulator.orders import OrderBooks
from entrepot.connectors.cafe24.simulator.settings import MallSettings, Shop


class SoldOut(Exception):
    """The shop does not sell that many of it."""


class MallOptions(TypedDict, total=False):
    """How a mall is made."""

    mall_id: str
    name: str
    shops: tuple[Shop, ...]


class Mall:
    """A mall's state and Cafe24's own rules. All verbs may be called from any thread."""

    def __init__(self, *, mall_id: str = "sodammall", name: str = "소담상점", shops: tuple[Shop, ...] = ()) -> None:
        self.mall_id, self.name = mall_id, name
        self.url = f"https://{mall_id}.cafe24.com"
        self.clock = MallClock()
        self.settings = MallSettings()
        self.shops = {shop.shop_no: shop for shop in shops or (Shop(1, name, default="T"),)}
        self.lock = threading.RLock()
        self.listeners: list[Callable[[], None]] = []
        self.hearers: list[Callable[[int, Row], None]] = []
        self.changes = 0
        self.numbers: dict[str, int] = {}
        self.products: dict[int, Product] = {}
        self.categories: dict[int, Row] = {}
        self.carriers: dict[int, Row] = {}
        self._variants: dict[str, tuple[Product, Variant]] = {}
        self.orders = OrderBooks(self)

    # ------------------------------------------------------------------ making one

    @classmethod
    def empty(cls, **options: Unpack[MallOptions]) -> Self:
        """A mall with carriers and settings, and nothing to sell."""
        return cls(**options)

    # ------------------------------------------------------------------ keeping order

    @contextlib.contextmanager
    def deed(self) -> Iterator[None]:
        """Hold the mall for one verb; the listeners (webhook sender, saver) are woken afterwards."""
        with self.lock:
            try:
                yield
            finally:
                self.changes += 1
                for listener in self.listeners:
                    listener()

    def next_number(self, name: str) -> int:
        """The next number of a kind; never given twice."""
        self.numbers[name] = self.numbers.get(name, 0) + 1
        return self.numbers[name]

    def tell(self, event_no: int, resource: Row) -> None:
        """Something a webhook speaks of has happened; `mall_id` is put in front."""
        for hearer in self.hearers:
            hearer(event_no, {"mall_id": self.mall_id, **resource})

    # ------------------------------------------------------------------ looking things up

    def find_variant(self, variant_code: str) -> tuple[Product, Variant]:
        """A variant and its product.

        Raises:
            KeyError: No such variant.
        """
        return self._variants[variant_code]

    def carrier_by_code(self, code: str) -> Row | None:
        """The carrier registered in this mall under a shipping_carrier_code."""
        return next((row for row in self.carriers.values() if row["shipping_carrier_code"] == code), None)

    # ------------------------------------------------------------------ stock

    def take_stock(self, variant_code: str, quantity: int, *, check: bool = True) -> int:
        """Sell so many; answers what is left. Stock that is not managed stays as it is (case 37).

        Raises:
            SoldOut: `check`, and the shop shows it as sold out before so many are had.
        """
        with self.deed():
            _, variant = self.find_variant(variant_code)
            if variant.use_inventory == "T":
                if check and variant.display_soldout == "T" and variant.quantity < quantity:
                    raise SoldOut(variant_code)
                variant.quantity -= quantity
            return variant.quantity

    def give_stock(self, variant_code: str, quantity: int) -> int:
        """Put so many back; answers what is there then."""
        return self.take_stock(variant_code, -quantity, check=False)
