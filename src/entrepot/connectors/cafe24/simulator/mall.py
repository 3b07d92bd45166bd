"""One Cafe24 mall: its shops, its goods, its orders, and every verb by which things happen in it.

For the files of orders, claims, shipments and webhooks:

    with mall.deed(): …                     the lock (re-entrant) for a verb; listeners are woken when it is over
    mall.clock.now() / mall.clock.stamp()   Korean time; `clock.stamp(moment)` writes one
    mall.settings.use_product_prepare_status, .stock_recover, .shipments_from_n10, …
    mall.shops[shop_no].currency_code
    product, variant = mall.find_variant(variant_code)        KeyError when unknown
    product.name(shop_no), product.price(shop_no), product.row[…], variant.option_value, variant.additional_amount
    product.bundle                                            [{"variant_code": …, "quantity": 2}, …] of a set product
    mall.take_stock(variant_code, quantity, check=True)       SoldOut, or the quantity left; honours use_inventory,
                                                              display_soldout (F: below zero)
    mall.give_stock(variant_code, quantity)
    variant.inventory_control_type                            "A" take when ordered, "B" when paid
    mall.carrier_by_code(code)                                the carrier row or None
    mall.next_number("claim")                                 1, 2, 3 … per name, never twice
    mall.tell(event_no, resource)                             a webhook event; senders are in `mall.hearers`
    mall.orders                                               orders.OrderBooks(mall); what buyers and the owner do with
                                                              orders (mall.place_order …) stands in order_deeds
"""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Self, TypedDict, Unpack

from entrepot.connectors.cafe24.simulator import demo, generated, webhook_bodies
from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.catalogue import shelf
from entrepot.connectors.cafe24.simulator.catalogue.fields import PER_SHOP, money, without_tax
from entrepot.connectors.cafe24.simulator.clock import MallClock
from entrepot.connectors.cafe24.simulator.goods import Product, Variant
from entrepot.connectors.cafe24.simulator.order_deeds import OrderDeeds
from entrepot.connectors.cafe24.simulator.orders import OrderBooks
from entrepot.connectors.cafe24.simulator.settings import MallSettings, Shop


class SoldOut(Exception):
    """The shop does not sell that many of it."""


class MallOptions(TypedDict, total=False):
    """How a mall is made."""

    mall_id: str
    name: str
    shops: tuple[Shop, ...]


class Mall(OrderDeeds):
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
        self.masters: dict[str, dict[str, Row]] = {}
        self._variants: dict[str, tuple[Product, Variant]] = {}
        self._coded: Counter[str] = Counter()
        self.orders = OrderBooks(self)

    # ------------------------------------------------------------------ making one

    @classmethod
    def empty(cls, **options: Unpack[MallOptions]) -> Self:
        """A mall with carriers, default master data and settings, and nothing to sell."""
        mall = cls(**options)
        demo.lay_ground(mall)
        return mall

    @classmethod
    def demo(cls, *, orders: int = 0, **options: Unpack[MallOptions]) -> Self:
        """A Korean mall that sells half of what the OpenCart demo shop sells, and `orders` made-up orders."""
        mall = cls.empty(**options)
        demo.fill(mall, orders=orders)
        return mall

    @classmethod
    def generated(cls, size: str, **options: Unpack[MallOptions]) -> Self:
        """`size` = "2500x4": that many products with one option of that many values each."""
        mall = cls.empty(**options)
        generated.fill(mall, size)
        return mall

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

    def category_line(self, category_no: int) -> list[int]:
        """A category's numbers from the top down to itself."""
        line: list[int] = []
        while category_no in self.categories:
            line.insert(0, category_no)
            category_no = self.categories[category_no]["parent_category_no"]
        return line

    def keep_variant(self, product: Product, variant: Variant) -> None:
        """Know a variant by its code."""
        self._variants[variant.variant_code] = (product, variant)
        if variant.custom_variant_code:
            self._coded[variant.custom_variant_code] += 1

    def forget_variant(self, variant: Variant) -> None:
        """Know it no longer."""
        self._variants.pop(variant.variant_code, None)
        if variant.custom_variant_code:
            self._coded[variant.custom_variant_code] -= 1

    def recode(self, variant: Variant, code: str | None) -> None:
        """Give a variant another custom code; two may have the same (case 36)."""
        for text, change in ((variant.custom_variant_code, -1), (code, 1)):
            if text:
                self._coded[text] += change
        variant.custom_variant_code = code

    def count_variants_coded(self, code: str | None) -> int:
        """How many variants share a custom code."""
        return self._coded[code] if code else 0

    # ------------------------------------------------------------------ the admin's catalogue

    def add_product(
        self,
        product_name: str,
        price: object = "10000.00",
        *,
        options: Mapping[str, Sequence[str]] | None = None,
        quantity: int = 10,
        codes: Sequence[str | None] = (),
        product_no: int | None = None,
        **fields: object,
    ) -> int:
        """Put a product on display; `codes` are its variants' custom codes, in order. Answers its number."""
        with self.deed():
            row = {"product_name": product_name, "price": money(price, "price"), "display": "T", "selling": "T"}
            product = shelf.open_product(self, row | fields, product_no=product_no)
            shelf.lay_out(self, product, shelf.definition(options) if options else None)
            for number, variant in enumerate(product.variants):
                variant.quantity = quantity
                self.recode(variant, codes[number] if number < len(codes) else None)
            shelf.tell(self, shelf.CREATED, product)
            return product.product_no

    def edit_product(self, product_no: int, *, shop_no: int = 1, **fields: object) -> None:
        """Change a product's own fields in the admin; `updated_date` moves."""
        with self.deed():
            product = self.products[product_no]
            if "price" in fields:
                fields["price"] = money(fields["price"], "price")
                fields["price_excluding_tax"] = without_tax(str(fields["price"]), product.row)
            shelf.write(self, product, fields, shop_no=shop_no, apart=PER_SHOP)
            shelf.tell(self, shelf.EDITED, product, shop_no)

    def edit_products(self, product_nos: Sequence[int], *, action: str = "display", **fields: object) -> None:
        """Change several products at once in the admin's list: one event for all of them (case 50)."""
        with self.deed():
            for product_no in product_nos:
                shelf.write(self, self.products[product_no], fields)
            self.tell(webhook_bodies.PRODUCTS_EDITED, webhook_bodies.bulk_edited_body(product_nos, action))

    def edit_variant(self, variant_code: str, **fields: object) -> None:
        """Change a variant's own fields in the admin."""
        with self.deed():
            product, variant = self.find_variant(variant_code)
            for name, value in fields.items():
                if name == "custom_variant_code":
                    self.recode(variant, None if value is None else str(value))
                elif name == "quantity":
                    shelf.set_quantity(self, product, variant, int(str(value)))
                elif name in Variant.__dataclass_fields__:
                    setattr(variant, name, value)
                else:
                    raise ValueError(f"a variant has no {name}")

    def delete_product(self, product_no: int) -> None:
        """Delete in the admin."""
        with self.deed():
            shelf.remove(self, self.products[product_no])

    def set_stock(self, variant_code: str, quantity: int) -> None:
        """Count the shelf by hand in the admin; also below zero."""
        with self.deed():
            product, variant = self.find_variant(variant_code)
            shelf.set_quantity(self, product, variant, quantity)

    def stock(self, variant_code: str) -> int:
        """What the mall thinks it has."""
        with self.lock:
            return self.find_variant(variant_code)[1].quantity

    # ------------------------------------------------------------------ stock

    def take_stock(self, variant_code: str, quantity: int, *, check: bool = True) -> int:
        """Sell so many; answers what is left. Stock that is not managed stays as it is (case 37).

        Raises:
            SoldOut: `check`, and the shop shows it as sold out before so many are had.
        """
        with self.deed():
            product, variant = self.find_variant(variant_code)
            if variant.use_inventory == "T":
                if check and variant.display_soldout == "T" and variant.quantity < quantity:
                    raise SoldOut(variant_code)
                shelf.set_quantity(self, product, variant, variant.quantity - quantity)
            return variant.quantity

    def give_stock(self, variant_code: str, quantity: int) -> int:
        """Put so many back; answers what is there then."""
        return self.take_stock(variant_code, -quantity, check=False)
