"""The shop's real answers, and dataclasses in the form their expectations are kept in."""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from entrepot.connectors.opencart import mapping_shop, wire
from entrepot.connectors.opencart.mapping_orders import OrderReading
from entrepot.connectors.opencart.mapping_products import ProductReading
from entrepot.connectors.opencart.mapping_shop import OptionValue, ShopFacts, Words
from entrepot.connectors.opencart.mapping_values import ShopClock, shop_clock
from entrepot.connectors.opencart.rows import decoded_rows

FOLDER = Path(mapping_shop.__file__).parent / "payloads"
LINES = ("4.1.0.4", "4.0.2.3", "3.0.5.1")


def answer(name: str) -> wire.Answer:
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=wire.Answer, strict=False)


def rows_of(name: str, kind: type[Any]) -> list[Any]:
    raws = msgspec.json.decode(answer(name).data, type=list[msgspec.Raw])
    rows, malformed = decoded_rows(raws, kind)
    assert malformed == []
    return rows


def raw_rows_of(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())["data"]
    return rows


def expected(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.expected.json").read_text())


def info() -> wire.Info:
    return msgspec.json.decode(answer("info-4.1.0.4").data, type=wire.Info, strict=False)


def facts() -> ShopFacts:
    return mapping_shop.shop_facts(info())


def clock(shop: str = "2026-11-22 02:30:00", zone: str = "UTC") -> ShopClock:
    return shop_clock(wire.Clock(utc="2026-11-22T02:30:00Z", shop=shop, timezone=zone))


def words() -> Words:
    return mapping_shop.words(rows_of("options", wire.OptionNames), rows_of("attributes", wire.AttributeRow), 1)


def product_reading(**changes: Any) -> ProductReading:
    given = {"facts": facts(), "words": words(), "clock": clock()} | changes
    return ProductReading(**given)


def order_reading(**changes: Any) -> OrderReading:
    given = {"facts": facts(), "clock": clock()} | changes
    return OrderReading(**given)


def written(value: Any) -> Any:
    """A dataclass as JSON keeps it: every field, amounts and times as exact text; `raw` is compared by itself."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: written(getattr(value, one.name)) for one in fields(value) if one.name != "raw"}
    match value:
        case Decimal():
            return str(value)
        case datetime():
            return value.isoformat()
        case tuple() | list():
            return [written(one) for one in value]
        case dict():
            return {name: written(one) for name, one in value.items()}
        case _:
            return value


def named(name: str) -> OptionValue:
    return OptionValue(name)
