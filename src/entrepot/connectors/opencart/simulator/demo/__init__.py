"""OpenCart's demo shop: its catalogue with SKUs of our own, and the orders recorded on real shops."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from entrepot.connectors.opencart.simulator.admin import codes_for, columns_for
from entrepot.connectors.opencart.simulator.rows import (
    Category,
    Customer,
    Item,
    Option,
    Order,
    OrderStatus,
    Product,
    Row,
)
from entrepot.connectors.opencart.simulator.text import escape, stored

if TYPE_CHECKING:
    from entrepot.connectors.opencart.simulator.shop import Shop

LANGUAGES: list[Row] = [
    {"language_id": 1, "code": "en-gb", "name": "English", "status": 1},
    {"language_id": 2, "code": "ko-kr", "name": "한국어", "status": 1},
]
KRW_RATE = Decimal(1300)
VARIANT_ID = 50
_LOWER_CASE_CODES = frozenset({44})
_MONEY = ("price", "total", "tax", "value")
_BUYABLE = (28, 29, 31, 32, 33, 34, 36, 40, 41, 43, 44, 45, 46, 48)
_BUYERS = (
    Customer(),
    Customer(firstname="서연", lastname="이", email="seoyeon.lee@example.com", city="부산", zone="Busan"),
    Customer(firstname="지훈", lastname="박 & 최", email="jihoon.park@example.com", city="대구", zone="Daegu"),
    Customer(
        firstname="Jane",
        lastname="O'Neil",
        email="jane.oneil@example.com",
        telephone="020 7946 0000",
        address_1="1 Main Street",
        city="London",
        postcode="SW1A 1AA",
        zone="Greater London",
        country="United Kingdom",
        country_code="GB",
        comment="Leave at the door 🙂",
    ),
)


def _read(name: str) -> Row:
    facts: Row = json.loads(resources.files(__name__).joinpath(name).read_text("utf-8"))
    return facts


def _factor(shop: "Shop", currencies: list[Row]) -> Decimal:
    """What one US dollar of the recorded figures is worth in the shop's base currency."""
    if shop.currency == "KRW":
        return KRW_RATE
    return next(Decimal(row["value"]) for row in currencies if row["code"] == shop.currency)


def lay_ground(shop: "Shop") -> Decimal:
    """Put in languages, currencies, statuses and options; answer the factor for amounts in dollars."""
    facts = _read("catalog.json")
    tables = shop.tables
    tables.languages = [dict(row) for row in LANGUAGES]
    factor = _factor(shop, facts["currencies"])
    tables.currencies = [{**row, "value": stored(Decimal(row["value"]) / factor, 8)} for row in facts["currencies"]]
    if shop.currency == "KRW":
        won = {"currency_id": 9, "code": "KRW", "title": "Korean Won", "decimal_place": "0", "status": 1}
        tables.currencies.append({**won, "value": stored(Decimal(1), 8)})
    tables.statuses = msgspec.convert(facts["order_statuses"], list[OrderStatus], strict=False)
    tables.options = [_option(row) for row in facts["options"]]
    shop.reindex_options()
    return factor


def _option(row: Row) -> Option:
    both = {1: row["name"], 2: row["name"]}
    values = [{**value, "names": {1: value["name"], 2: value["name"]}} for value in row["values"]]
    return msgspec.convert({**row, "names": both, "values": values}, Option, strict=False)


def fill(shop: "Shop", *, orders: int = 0) -> None:
    """Make the demo shop, with `orders` made-up ones before the recorded ones."""
    factor = lay_ground(shop)
    facts = _read("catalog.json")
    shop.tables.categories = msgspec.convert(facts["categories"], list[Category], strict=False)
    shop.tables.manufacturers = facts["manufacturers"]
    shop.tables.attributes = facts["attributes"]
    for row in facts["products"]:
        shop.keep_product(_product(shop, row, facts, factor))
    if shop.line.has_variants:
        _add_recorded_variant(shop, factor)
    _make_orders(shop, orders)
    _load_orders(shop, factor)
    shop.tables.events.clear()
    shop.tables.last_ids["event"] = 0


def _product(shop: "Shop", row: Row, facts: Row, factor: Decimal) -> Product:
    old = not shop.line.specials_are_discounts
    specials = [
        {name: text for name, text in special.items() if name != "product_id"}
        for special in facts["specials_before_41"]
        if special["product_id"] == str(row["product_id"])
    ]
    attributes = [(key, language["language_id"], text) for key, text in row["attributes"] for language in LANGUAGES]
    options = [
        {**option, "values": [_scaled(value, factor) for value in option["values"]]} for option in row["options"]
    ]
    discounts = [{**entry, "type": "", "special": ""} if old else entry for entry in row["discounts"]]
    kept = ("product_id", "quantity", "subtract", "status", "date_added", "date_modified", "names", "images")
    made = {name: row[name] for name in kept} | {
        "price": stored(Decimal(row["price"]) * factor),
        "categories": row["categories"],
        "columns": columns_for(shop, row),
        "codes": codes_for(shop, row, lower=row["product_id"] in _LOWER_CASE_CODES),
        "options": options,
        "attributes": attributes,
        "descriptions": {number: escape(f"<p>{name}</p>") for number, name in row["names"].items()},
        "discounts": [_scaled(d, factor) if old else d for d in discounts],
        "specials": [_scaled(special, factor) for special in specials] if old else [],
    }
    for option in options:
        shop.tables.reserve_id("product_option", option["product_option_id"])
        for value in option["values"]:
            shop.tables.reserve_id("product_option_value", value["product_option_value_id"])
    return msgspec.convert(made, Product, strict=False)


def _scaled(row: Row, factor: Decimal) -> Row:
    return row | {name: stored(Decimal(row[name]) * factor) for name in _MONEY if name in row}


def _add_recorded_variant(shop: "Shop", factor: Decimal) -> None:
    """The recorded shops had one variant, and an order of 4.1 names it."""
    shop.add_variant(
        30,
        values=[39],
        model="Product 3-RED",
        price=stored(105 * factor),
        quantity=4,
        product_id=VARIANT_ID,
        sku="CAM-EOS-5D-RED",
    )


# --------------------------------------------------------------------------- recorded orders


def _load_orders(shop: "Shop", factor: Decimal) -> None:
    """Take in the recorded orders with ids after those already there, dated over the last three days."""
    recorded = _read("orders.json")[shop.line.version]
    moved = {table: shop.tables.last_ids.get(table, 0) for table in _KEYS.values()}
    histories = sorted(int(row["order_history_id"]) for order in recorded for row in order["order_history"])
    now = shop.clock.utc()
    stamps = {
        key: shop.clock.stamp_of(now - timedelta(hours=72 * (len(histories) - place) / len(histories), minutes=-30))
        for place, key in enumerate(histories)
    }
    for recording in recorded:
        _load_order(shop, recording, factor, moved, stamps)
    shop.tables.history = dict(sorted(shop.tables.history.items()))
    shop.load(shop.tables)


_KEYS = {
    "order_id": "order",
    "order_product_id": "order_product",
    "order_option_id": "order_option",
    "order_total_id": "order_total",
    "order_history_id": "order_history",
}


def _load_order(shop: "Shop", recording: Row, factor: Decimal, moved: dict[str, int], stamps: dict[int, str]) -> None:
    def renumber(row: Row) -> Row:
        fresh = dict(row)
        for key, table in _KEYS.items():
            if key in fresh:
                number = int(fresh[key]) + moved[table]
                shop.tables.reserve_id(table, number)
                fresh[key] = str(number)
        return fresh

    times = [stamps[int(row["order_history_id"])] for row in recording["order_history"]] or [min(stamps.values())]
    row = renumber(recording["order"]) | {"store_url": shop.url, "date_added": times[0], "date_modified": times[0]}
    if shop.line.history_moves_date_modified:
        row["date_modified"] = times[-1]
    _rebase(shop, row, factor)
    order = Order(row={column: row.get(column, "") for column in shop.line.order_columns})
    order.lines = [
        _scaled(renumber(line), factor) | {"options": [renumber(option) for option in line["options"]]}
        for line in recording["order_product"]
    ]
    order.totals = [_scaled(renumber(total), factor) for total in recording["order_total"]]
    shop.keep_order(order)
    for history, stamp in zip(recording["order_history"], times, strict=False):
        fresh = renumber(history) | {"date_added": stamp}
        shop.tables.history[int(fresh["order_history_id"])] = fresh


def _rebase(shop: "Shop", row: Row, factor: Decimal) -> None:
    """Turn an order of a dollar shop into one of this shop's currency."""
    row["total"] = stored(Decimal(row["total"]) * factor)
    if row["currency_code"] == "USD":
        row["currency_code"] = shop.currency
    currency = next(entry for entry in shop.tables.currencies if entry["code"] == row["currency_code"])
    row |= {"currency_id": str(currency["currency_id"]), "currency_value": currency["value"]}


# --------------------------------------------------------------------------- made-up orders


def _make_orders(shop: "Shop", count: int) -> None:
    """Let `count` orders happen over 90 days up to three days ago, the same ones every time; stock stays as it is."""
    if not count:
        return
    kept = {
        key: (row.quantity, [v.quantity for o in row.options for v in o.values])
        for key, row in shop.tables.products.items()
    }
    dice = random.Random(count)  # noqa: S311 - the same made-up orders every time, no secret
    start = datetime.now(UTC) - timedelta(days=89)
    steps = sorted(
        (step for number in range(count) for step in _life(dice, number, start, count)), key=lambda step: step[0]
    )
    ids: dict[int, int] = {}
    for moment, number, act in steps:
        shop.stop_clock_at(moment)
        act(shop, ids, number)
    shop.stop_clock_at(None)
    for key, (quantity, values) in kept.items():
        product = shop.tables.products[key]
        product.quantity = quantity
        rows = [value for option in product.options for value in option.values]
        for value, figure in zip(rows, values, strict=True):
            value.quantity = figure
        shop.stock_moved(key)


Step = tuple[datetime, int, Callable[["Shop", dict[int, int], int], None]]


def _life(dice: random.Random, number: int, start: datetime, count: int) -> Iterator[Step]:
    """The moments of one order: placed, then most are processed, shipped and completed, some canceled."""
    placed = start + timedelta(days=81 * number / count, minutes=dice.randrange(600))
    items = [
        Item(product_id, dice.choice((1, 1, 1, 2, 3)))
        for product_id in dice.sample(_BUYABLE, dice.choice((1, 1, 2, 3)))
    ]
    buyer, fate = dice.choice(_BUYERS), dice.random()

    def place(shop: "Shop", ids: dict[int, int], key: int) -> None:
        ids[key] = shop.place_order(items, customer=buyer, confirm=fate > 0.04, check=False)

    def move_to(status: int, comment: str = "") -> Callable[["Shop", dict[int, int], int], None]:
        def act(shop: "Shop", ids: dict[int, int], key: int) -> None:
            shop.set_status(ids[key], status, comment)

        return act

    yield placed, number, place
    if fate <= 0.04:
        return
    if fate < 0.12:
        yield placed + timedelta(hours=5), number, move_to(7, "Changed my mind")
        return
    later = ((2, 2, ""), (26, 3, f"CJ Logistics {600000000000 + number}"), (90, 5, ""))
    reached = 3 if number < 0.9 * count else 1 if number < 0.96 * count else 0
    for hours, status, comment in later[:reached]:
        yield placed + timedelta(hours=hours), number, move_to(status, comment)
