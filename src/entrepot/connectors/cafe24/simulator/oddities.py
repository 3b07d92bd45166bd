"""Answers as they were seen in the wild rather than as documented: other types, other nothings, keys nobody knows.

Switched by `mall.settings`: `plain_numbers` (case 33), `nothing_is` (case 35), `unknown_keys` (case 57).
"""

import re
from typing import Any

import msgspec

from entrepot.connectors.cafe24.simulator.answers import Row, encode
from entrepot.connectors.cafe24.simulator.settings import MallSettings

_MONEY = re.compile(r"-?[0-9]+\.[0-9]{2}")
UNKNOWN_KEY, UNKNOWN_VALUE = "added_by_a_newer_version", {"type": "A", "values": [1, "2", None]}


def wanted(settings: MallSettings) -> bool:
    """Whether any of them is switched on."""
    return settings.plain_numbers or settings.unknown_keys or bool(settings.nothing_is)


def odd(body: Row, settings: MallSettings) -> Row:
    """The same answer with the oddities that are switched on."""
    plain: Row = msgspec.json.decode(encode(body))
    return {key: _odd(value, settings) for key, value in plain.items()}


def _odd(value: Any, settings: MallSettings) -> object:  # noqa: ANN401 - any JSON
    match value:
        case dict():
            made = {key: _odd(inner, settings) for key, inner in value.items()}
            return made | {UNKNOWN_KEY: UNKNOWN_VALUE} if settings.unknown_keys else made
        case list():
            return [_odd(inner, settings) for inner in value]
        case str() if settings.plain_numbers and _MONEY.fullmatch(value):
            return int(value[:-3]) if value.endswith(".00") else float(value)
        case "" if settings.nothing_is == "null":
            return None
        case None if settings.nothing_is == "text":
            return ""
    return value
