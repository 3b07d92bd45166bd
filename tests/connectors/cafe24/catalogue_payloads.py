"""The catalogue as a mall answers it, and what must be read out of it."""

import copy
import json
from typing import Any

import msgspec

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.mapping_products import ProductReading, channel_product
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.values import each
from entrepot.connectors.contract import BadItem, ChannelProduct
from tests.connectors.cafe24.order_payloads import FOLDER

READING = ProductReading(
    mall_id="sodammall", currency="KRW", url="https://sodammall.cafe24.com/", members={"24": ["30", "32"]}
)


def body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def expected(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.expected.json").read_text())


def decoded(rows: list[dict[str, Any]], kind: type[Any]) -> list[Any]:
    good, malformed = decoded_rows([msgspec.Raw(json.dumps(row).encode()) for row in rows], kind)
    assert malformed == []
    return good


def row(number: int) -> dict[str, Any]:
    """The product of this number, to be changed at will."""
    return copy.deepcopy(next(one for one in body("products")["products"] if one["product_no"] == number))


def read(row: dict[str, Any], reading: ProductReading = READING) -> ChannelProduct | BadItem:
    [product] = decoded([row], wire.Product)
    return channel_product(product, each(product.variants), reading)


def product(row: dict[str, Any], reading: ProductReading = READING) -> ChannelProduct:
    found = read(row, reading)
    assert isinstance(found, ChannelProduct), found
    return found
