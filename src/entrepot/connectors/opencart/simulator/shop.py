"""One OpenCart shop: its tables, its settings, and every verb by which things happen in it."""

import functools
import threading
import uuid
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack, cast

import msgspec

from entrepot.connectors.opencart.simulator import admin, checkout, demo, generated
from entrepot.connectors.opencart.simulator.clock import ShopClock
from entrepot.connectors.opencart.simulator.lines import LINES
from entrepot.connectors.opencart.simulator.rows import (
    Customer,
    Item,
    Option,
    OptionValue,
    Order,
    Product,
    Row,
    Tables,
)
from entrepot.connectors.opencart.simulator.text import escape

Verb = TypeVar("Verb", bound=Callable[..., Any])


class ShopSettings(TypedDict, total=False):
    """How a shop is set up."""

    line: str
    timezone: str
    currency: str
    language: str
    name: str
    identity: str | None


def _locked(verb: Verb) -> Verb:
    """Run a verb alone, and tell the listeners (webhook sender, saver) once it is over."""

    @functools.wraps(verb)
    def alone(shop: "Shop", *args: object, **kwargs: object) -> object:
        with shop.lock:
            try:
                return verb(shop, *args, **kwargs)
            finally:
                shop.changes += 1
                shop.wake()

    return cast("Verb", alone)


class Shop:
    """A shop's state and OpenCart's own rules. All verbs may be called from any thread."""

    def __init__(
        self,
        *,
        line: str = "4.1",
        timezone: str = "UTC",
        currency: str = "USD",
        language: str = "en-gb",
        name: str = "Your Store",
        identity: str | None = None,
        tables: Tables | None = None,
    ) -> None:
        self.line = LINES[line]
        self.clock = ShopClock(timezone)
        self.currency, self.language, self.name = currency, language, name
        self.identity = identity or str(uuid.uuid4())
        self.url = "http://127.0.0.1/"
        self.maintenance = self.stock_checkout = False
        self.enabled = self.installed = True
        self.processing, self.complete = (5, 1, 2, 12, 3), (5, 3)
        self.default_status = 1
        self.customer_group_id = 1
        self.requests_per_minute = 1200
        self.order_writes_at_once = 100
        """0 = a bridge of version 1.0, which takes them one by one."""
        self.products_at_once = 50
        """0 = a bridge before 1.2, which makes products one by one and knows no variants or attributes by name."""
        self.dies_at: set[int] = set()
        """Orders over which an add-on of the shop ends the whole request."""
        self.lock = threading.RLock()
        self.listeners: list[Callable[[], None]] = []
        self.changes = 0
        self.kept_json: dict[str, dict[int, bytes]] = {"product": {}, "stock": {}, "order": {}}
        self.load(tables or Tables())

    # ------------------------------------------------------------------ making one

    @classmethod
    def empty(cls, **settings: Unpack[ShopSettings]) -> "Shop":
        """A shop with languages, currencies and statuses, and nothing to sell."""
        shop = cls(**settings)
        demo.lay_ground(shop)
        return shop

    @classmethod
    def demo(cls, *, orders: int = 0, **settings: Unpack[ShopSettings]) -> "Shop":
        """OpenCart's demo catalogue with SKUs and its eight recorded orders, and `orders` more over 90 days."""
        shop = cls(**settings)
        demo.fill(shop, orders=orders)
        return shop

    @classmethod
    def generated(cls, size: str, **settings: Unpack[ShopSettings]) -> "Shop":
        """`size` = "5000x4": that many products with one select option of that many values each."""
        shop = cls.empty(**settings)
        generated.fill(shop, size)
        return shop

    def load(self, tables: Tables) -> None:
        """Put these tables in place of what was there."""
        with self.lock:
            self.tables = tables
            self.history_ids = sorted(tables.history)
            self.reindex()

    def write_to(self, path: Path) -> None:
        """Write the state to a file, whole or not at all."""
        with self.lock:
            body = msgspec.json.encode({"identity": self.identity, "tables": self.tables})
        fresh = path.with_suffix(path.suffix + ".new")
        fresh.write_bytes(body)
        fresh.replace(path)

    def restore(self, path: Path) -> None:
        """Go on from a saved file."""
        kept = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
        self.identity = msgspec.json.decode(kept["identity"], type=str)
        self.load(msgspec.json.decode(kept["tables"], type=Tables))

    # ------------------------------------------------------------------ orders

    @_locked
    def place_order(
        self,
        items: Sequence[Item],
        *,
        customer: Customer | None = None,
        currency: str | None = None,
        coupon: str | None = None,
        confirm: bool = True,
        status: int | None = None,
        check: bool = True,
    ) -> int:
        """Buy. `confirm` False leaves a cart of status 0; `check` False skips the storefront's stock check.

        Raises:
            CartRefused: The storefront would not let this cart through.
        """
        order_id = checkout.add_order(
            self, items, customer or Customer(), currency or self.currency, coupon, check=check
        )
        if confirm:
            checkout.add_history(self, order_id, status or self.default_status)
        return order_id

    @_locked
    def confirm_order(self, order_id: int, status: int | None = None, *, history_id: int | None = None) -> int:
        """The payment comes in: the cart becomes real, however late. Answers the history id.

        `history_id`: the row takes an id got earlier from `allot_history_id`.
        """
        return checkout.add_history(self, order_id, status or self.default_status, history_id=history_id)

    @_locked
    def allot_history_id(self) -> int:
        """What a slow transaction does: its history row has an id already, and nobody can see it yet."""
        return self.tables.next_id("order_history")

    @_locked
    def set_status(
        self, order_id: int, status: int, comment: str = "", *, notify: bool = False, origin: str = "shop"
    ) -> int:
        """A new history row, from the admin or a payment module. Answers the history id."""
        return checkout.add_history(self, order_id, status, escape(comment), notify=notify, origin=origin)

    @_locked
    def edit_order(
        self,
        order_id: int,
        items: Sequence[Item] | None = None,
        *,
        shipping: Mapping[str, str] | None = None,
        coupon: str | None = None,
        finish: bool = True,
    ) -> int:
        """Edit in the admin; answers the status before. `finish` False stops while it passes through 16 or 0."""
        before = checkout.edit_order(self, order_id, items, shipping or {}, coupon)
        if finish:
            checkout.add_history(self, order_id, before or self.default_status)
        return before

    @_locked
    def delete_order(self, order_id: int, *, keep_history: bool = False) -> None:
        """Delete in the admin (`keep_history`: by SQL, leaving history rows behind)."""
        checkout.delete_order(self, order_id, keep_history=keep_history)

    def stop_clock_at(self, moment: datetime | None = None) -> None:
        """Hold the shop's clock at an aware time, or let it run again."""
        self.clock.stopped = moment

    # ------------------------------------------------------------------ the admin's catalogue

    @_locked
    def set_quantity(self, product_id: int, quantity: int) -> None:
        """Set the product's counter as the admin list does; `date_modified` moves."""
        admin.set_quantity(self, product_id, quantity)

    @_locked
    def set_option_quantity(self, product_id: int, option_value_id: int, quantity: int) -> None:
        """Set one option value's counter by hand."""
        admin.set_option_quantity(self, product_id, option_value_id, quantity)

    @_locked
    def add_product(self, **fields: object) -> int:
        """Make a product; `fields` are those of `admin.NewProduct`. Answers its id."""
        return admin.add_product(self, msgspec.convert(fields, admin.NewProduct, strict=False))

    @_locked
    def open_product_form(self, product_id: int) -> Row:
        """What an admin's browser holds after opening the product: saved later, it overwrites."""
        return admin.open_form(self, product_id)

    @_locked
    def save_product(self, product_id: int, form: Row | None = None, **changes: object) -> None:
        """Save the product's form in the admin: everything in it is written, stale or not (case 23)."""
        admin.save_form(self, product_id, form or admin.open_form(self, product_id), changes)

    @_locked
    def rotate_option_ids(self, product_id: int) -> None:
        """Save without posting row ids, as import tools do: all option rows get new ids (case 24)."""
        admin.rotate_option_ids(self, product_id)

    @_locked
    def copy_product(self, product_id: int) -> int:
        """The admin's Copy: same model, switched off; on 4.1 the same SKU too (case 25)."""
        return admin.copy_product(self, product_id)

    @_locked
    def add_variant(self, master_id: int, *, values: Sequence[int], **fields: object) -> int:
        """Make a 4.x variant of a master that fixes these option_value_ids; answers its id."""
        draft = msgspec.convert(fields, admin.NewProduct, strict=False)
        return admin.add_variant(self, master_id, values, draft)

    @_locked
    def delete_product(self, product_id: int) -> None:
        """Delete in the admin; order lines stay."""
        admin.delete_product(self, product_id)
        self.emit("product.deleted", product_id, {})

    # ------------------------------------------------------------------ looking things up

    @property
    def language_id(self) -> int:
        """The default language's id."""
        return next((row["language_id"] for row in self.tables.languages if row["code"] == self.language), 1)

    def option(self, option_id: int) -> Option:
        """An option definition."""
        return next(row for row in self.tables.options if row.option_id == option_id)

    def option_value_name(self, option_value_id: int, language_id: int) -> str:
        """An option value's name as stored."""
        names = self._value_names[option_value_id]
        return names.get(language_id) or names[1]

    def value_by_row(self, product_option_value_id: int) -> tuple[int, OptionValue] | None:
        """The product id and row behind a product_option_value_id, None when it is gone."""
        return self._value_rows.get(product_option_value_id)

    def option_id_of(self, product_option_id: int) -> int | None:
        """The option behind a product_option_id, None when that row is gone."""
        return self._option_ids.get(product_option_id)

    def history_of(self, order_id: int) -> list[Row]:
        """The order's history rows by id."""
        return [self.tables.history[key] for key in self._history_of.get(order_id, [])]

    def history_after(self, history_id: int, limit: int) -> list[Row]:
        """The next history rows after an id, in order."""
        start = bisect_right(self.history_ids, history_id)
        return [self.tables.history[key] for key in self.history_ids[start : start + limit]]

    def history_before(self, history_id: int, ids: int) -> list[Row]:
        """The history rows whose ids are among the last so many up to an id, in order."""
        start, end = (bisect_right(self.history_ids, edge) for edge in (history_id - ids, history_id))
        return [self.tables.history[key] for key in self.history_ids[start:end]]

    def variants_of(self, master_id: int) -> Iterator[Product]:
        """The variants below a master."""
        return (row for row in self.tables.products.values() if row.master_id == master_id)

    # ------------------------------------------------------------------ keeping the books of the rows

    def keep_history(self, history_id: int, row: Row) -> None:
        """Add a history row."""
        self.tables.history[history_id] = row
        insort(self.history_ids, history_id)
        insort(self._history_of.setdefault(int(row["order_id"]), []), history_id)
        self.order_changed(int(row["order_id"]))

    def forget_history(self, order_id: int) -> None:
        """Drop an order's history rows."""
        for history_id in self._history_of.pop(order_id, []):
            del self.tables.history[history_id]
            self.history_ids.remove(history_id)

    def keep_order(self, order: Order) -> None:
        """Add an order row that brings its own id."""
        order_id = int(order.row["order_id"])
        self.tables.orders[order_id] = order
        self.tables.reserve_id("order", order_id)

    def keep_product(self, product: Product) -> None:
        """Add or replace a product row and know its option rows."""
        self.tables.products[product.product_id] = product
        self.tables.reserve_id("product", product.product_id)
        self.product_changed(product)

    def product_changed(self, product: Product) -> None:
        """Forget what was kept about a product and learn its option rows anew."""
        self.stock_moved(product.product_id)
        old_options, old_values = self._rows_of.pop(product.product_id, ((), ()))
        for key in old_options:
            self._option_ids.pop(key, None)
        for key in old_values:
            self._value_rows.pop(key, None)
        for option in product.options:
            self._option_ids[option.product_option_id] = option.option_id
            for value in option.values:
                self._value_rows[value.product_option_value_id] = (product.product_id, value)
        options = tuple(option.product_option_id for option in product.options)
        values = tuple(value.product_option_value_id for option in product.options for value in option.values)
        self._rows_of[product.product_id] = (options, values)
        if (options, values) != (old_options, old_values):
            self.kept_json["order"].clear()

    def stock_moved(self, product_id: int) -> None:
        """Forget the kept answers about a product; its row ids are the same."""
        self.kept_json["product"].pop(product_id, None)
        self.kept_json["stock"].pop(product_id, None)

    def order_changed(self, order_id: int) -> None:
        """Forget the kept answer about an order."""
        self.kept_json["order"].pop(order_id, None)

    def reindex(self) -> None:
        """Learn everything anew from the tables."""
        self._value_rows: dict[int, tuple[int, OptionValue]] = {}
        self._option_ids: dict[int, int] = {}
        self._rows_of: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self._history_of: dict[int, list[int]] = {}
        for kept in self.kept_json.values():
            kept.clear()
        for history_id in self.history_ids:
            order_id = int(self.tables.history[history_id]["order_id"])
            self._history_of.setdefault(order_id, []).append(history_id)
        for product in self.tables.products.values():
            self.product_changed(product)
        self.reindex_options()

    def reindex_options(self) -> None:
        """Learn the option values' names anew."""
        self._value_names: dict[int, dict[int, str]] = {
            value.option_value_id: value.names for option in self.tables.options for value in option.values
        }

    def emit(self, kind: str, object_id: int, detail: Row, *, origin: str = "shop") -> None:
        """Write an outbox row, as the bridge's event handlers do."""
        event_id = self.tables.next_id("event")
        self.tables.events.append(
            {
                "event_id": event_id,
                "kind": kind,
                "object_id": object_id,
                "detail": detail,
                "origin": origin,
                "created_at": self.clock.face()["utc"],
            }
        )

    def wake(self) -> None:
        """Tell the listeners that something may have happened."""
        for listener in self.listeners:
            listener()
