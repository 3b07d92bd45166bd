"""Orders as a mall answers them (made up), and dataclasses in the form their expectations are kept in."""

import copy
import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from entrepot.connectors.cafe24 import mapping_orders
from entrepot.connectors.contract import BadItem, ChannelOrder

FOLDER = Path(mapping_orders.__file__).parent / "payloads"


def orders() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / "orders.json").read_text())["orders"]
    return rows


def expected() -> Any:
    return json.loads((FOLDER / "orders.expected.json").read_text())


def order(number: int) -> dict[str, Any]:
    """The order whose id ends with this number, to be changed at will."""
    return copy.deepcopy(next(row for row in orders() if row["order_id"].endswith(f"-0000{number}")))


def read(*rows: dict[str, Any]) -> tuple[list[ChannelOrder], list[BadItem]]:
    return mapping_orders.read_orders([msgspec.Raw(json.dumps(row).encode()) for row in rows])


def parts_of(row: dict[str, Any]) -> list[ChannelOrder]:
    found, bad = read(row)
    assert bad == []
    return found


def only(row: dict[str, Any]) -> ChannelOrder:
    [one] = parts_of(row)
    return one


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
        case _:
            return value
