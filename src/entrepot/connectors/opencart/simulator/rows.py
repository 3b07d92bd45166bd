"""The shop's tables in memory. Text is escaped, amounts are text, as OpenCart's own database would give them back."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

Row = dict[str, Any]


class CartRefused(Exception):
    """The storefront does not let this cart through; its message says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a cart.

    `options`: product_option_id → product_option_value_id, a list of them (checkbox) or free text.
    `values`: option_value_ids instead, looked up in the product's present rows.
    """

    product_id: int
    quantity: int = 1
    options: Mapping[int, int | str | Sequence[int]] = field(default_factory=dict)
    values: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who buys and where to. Plain text; the shop escapes it. Taxes are raised for `country` GB alone."""

    firstname: str = "민준"
    lastname: str = "김"
    email: str = "minjun.kim@example.com"
    telephone: str = "010-1234-5678"
    company: str = ""
    address_1: str = "세종대로 110"
    address_2: str = ""
    city: str = "서울"
    postcode: str = "04524"
    zone: str = "Seoul"
    country: str = "Korea, Republic of"
    country_code: str = "KR"
    comment: str = ""


class OptionValue(msgspec.Struct, kw_only=True):
    """A row of product_option_value. `extra` = columns that an add-on put there."""

    product_option_value_id: int
    option_value_id: int
    quantity: int
    subtract: int = 1
    price: str = "0.0000"
    price_prefix: str = "+"
    weight: str = "0.00000000"
    weight_prefix: str = "+"
    extra: dict[str, str] = {}


class ProductOption(msgspec.Struct, kw_only=True):
    """A row of product_option with its values."""

    product_option_id: int
    option_id: int
    required: int = 1
    value: str = ""
    values: list[OptionValue] = []


class Product(msgspec.Struct, kw_only=True):
    """A row of product with what hangs on it. `columns` = all columns that have no field of their own."""

    product_id: int
    quantity: int
    price: str
    master_id: int = 0
    subtract: int = 1
    status: int = 1
    date_added: str = ""
    date_modified: str = ""
    variant: dict[str, str] = {}
    override: dict[str, str] = {}
    columns: dict[str, str | None] = {}
    codes: list[tuple[str, str]] = []
    names: dict[int, str] = {}
    descriptions: dict[int, str] = {}
    categories: list[int] = []
    stores: list[int] = msgspec.field(default_factory=lambda: [0])
    images: list[str] = []
    attributes: list[tuple[int, int, str]] = []
    options: list[ProductOption] = []
    discounts: list[dict[str, str]] = []
    specials: list[dict[str, str]] = []


class Order(msgspec.Struct, kw_only=True):
    """A row of order with its lines (each with `options`), totals, vouchers and parcels, as rows."""

    row: Row
    lines: list[Row] = []
    totals: list[Row] = []
    vouchers: list[Row] = []
    shipments: list[Row] = []

    @property
    def status(self) -> int:
        """The order's present status id; 0 = never confirmed, or passing through an edit."""
        return int(self.row["order_status_id"])


class Category(msgspec.Struct, kw_only=True):
    """A row of category with its names by language id."""

    category_id: int
    names: dict[int, str]
    parent_id: int = 0
    image: str = ""
    sort_order: int = 0
    status: int = 1


class OptionValueName(msgspec.Struct, kw_only=True):
    """A row of option_value with its names."""

    option_value_id: int
    names: dict[int, str]
    image: str = ""
    sort_order: int = 0


class Option(msgspec.Struct, kw_only=True):
    """A row of option: what a buyer may be asked, in which form, with which answers."""

    option_id: int
    type: str
    names: dict[int, str]
    sort_order: int = 0
    values: list[OptionValueName] = []


class OrderStatus(msgspec.Struct, kw_only=True):
    """An order status; names are per language and the owner's to change."""

    order_status_id: int
    names: dict[int, str]


class Told(msgspec.Struct, kw_only=True):
    """What was answered under an idempotency key, and to which body."""

    body: str
    answer: Row


class Webhook(msgspec.Struct, kw_only=True):
    """Where events are pushed, and how that goes. `delivered` = last event that was taken."""

    url: str | None = None
    delivered: int = 0
    last_error: str | None = None


class Tables(msgspec.Struct, kw_only=True):
    """Everything the shop would keep in its database. Keys are primary keys, in ascending order of making."""

    products: dict[int, Product] = {}
    orders: dict[int, Order] = {}
    history: dict[int, Row] = {}
    categories: list[Category] = []
    manufacturers: list[Row] = []
    attributes: list[Row] = []
    options: list[Option] = []
    statuses: list[OrderStatus] = []
    languages: list[Row] = []
    currencies: list[Row] = []
    events: list[Row] = []
    told: dict[str, Told] = {}
    images: dict[str, int] = {}
    webhook: Webhook = msgspec.field(default_factory=Webhook)
    last_ids: dict[str, int] = {}

    def next_id(self, table: str) -> int:
        """The next auto-increment of a table; ids of deleted rows never come back."""
        self.last_ids[table] = self.last_ids.get(table, 0) + 1
        return self.last_ids[table]

    def reserve_id(self, table: str, used: int) -> None:
        """Tell the counter that a row was loaded with an id of its own."""
        self.last_ids[table] = max(self.last_ids.get(table, 0), used)


@dataclass(slots=True)
class StockWrite:
    """One counter that a `stock` call set. `acknowledged` = when the answer had left, None when it was lost."""

    kind: str
    product_id: int
    option_value_id: int | None
    quantity: int
    previous: int
    applied: float = field(default_factory=time.time)
    acknowledged: float | None = None
