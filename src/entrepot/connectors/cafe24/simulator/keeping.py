"""A mall in a file: everything it knows, and what it granted, so that a restart goes on where it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.goods import Product
from entrepot.connectors.cafe24.simulator.mall import Mall
from entrepot.connectors.cafe24.simulator.order_rows import Claim, Order, OrderSwitches
from entrepot.connectors.cafe24.simulator.settings import MallSettings, Shop
from entrepot.connectors.cafe24.simulator.tokens import Pair

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.server import SimulatorServer


@dataclass(slots=True)
class Kept:
    """What the file holds."""

    mall_id: str
    name: str
    url: str
    shops: Sequence[Shop]
    settings: MallSettings
    numbers: dict[str, int]
    products: dict[int, Product]
    categories: dict[int, Row]
    carriers: dict[int, Row]
    masters: dict[str, dict[str, Row]]
    orders: dict[str, Order]
    claims: dict[str, Claim]
    switches: OrderSwitches
    labels: list[str]
    webhook_logs: list[Row]
    reception: bool
    installed: bool = True
    pairs: list[Pair] = field(default_factory=list)
    webhook_address: str | None = None


def read(path: Path) -> Kept:
    """What a file holds."""
    return msgspec.json.decode(path.read_bytes(), type=Kept)


def write(server: "SimulatorServer", path: Path) -> None:
    """Write the whole state, or leave the file as it was."""
    mall, books = server.mall, server.mall.orders
    with mall.lock:
        kept = Kept(
            mall_id=mall.mall_id,
            name=mall.name,
            url=mall.url,
            shops=list(mall.shops.values()),
            settings=mall.settings,
            numbers=mall.numbers,
            products=mall.products,
            categories=mall.categories,
            carriers=mall.carriers,
            masters=mall.masters,
            orders=books.rows,
            claims=books.claims,
            switches=books.switches,
            labels=books.labels,
            webhook_logs=books.webhook_logs,
            reception=books.reception,
            installed=server.oauth.installed,
            pairs=server.oauth.tokens.pairs,
            webhook_address=server.webhooks.address,
        )
        content = msgspec.json.encode(kept)
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.write_bytes(content)
    fresh.chmod(0o600)
    fresh.replace(path)


def mall_of(kept: Kept) -> Mall:
    """The mall as it was."""
    mall = Mall(mall_id=kept.mall_id, name=kept.name, shops=tuple(kept.shops))
    mall.settings, mall.numbers = kept.settings, kept.numbers
    mall.categories, mall.carriers, mall.masters = kept.categories, kept.carriers, kept.masters
    mall.products = kept.products
    for product in mall.products.values():
        for variant in product.variants:
            mall.keep_variant(product, variant)
    books = mall.orders
    for order in kept.orders.values():
        _dated(order)
    books.rows, books.claims, books.switches = kept.orders, kept.claims, kept.switches
    books.labels, books.webhook_logs, books.reception = kept.labels, kept.webhook_logs, kept.reception
    return mall


def give_back(server: "SimulatorServer", kept: Kept) -> None:
    """The tokens that were granted, and where events go."""
    server.oauth.tokens.pairs, server.oauth.installed = kept.pairs, kept.installed
    server.webhooks.address = kept.webhook_address


def _dated(order: Order) -> None:
    """An order's columns are rows without types; the moments among them come back as text."""
    for name, value in order.columns.items():
        if name.endswith("_date") and isinstance(value, str):
            order.columns[name] = datetime.fromisoformat(value)
