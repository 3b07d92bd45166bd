"""Rows out of an answer, one by one: a malformed row is reported with its path and never sinks the others. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Raw

from entrepot.connectors.contract import BadItem

Row = TypeVar("Row")
Kind = Literal["product", "order", "category", "brand"]

_ID_KEYS = ("order_id", "product_no", "category_no", "brand_code")
_PRICE_PATH = re.compile(r"\.[a-z_]*(price|amount|fee)$")


class Malformed(NamedTuple):
    """A row that cannot be read: which, where, why."""

    raw: Mapping[str, Any]
    path: str
    problem: str

    def number(self, name: str) -> int:
        """A whole number of the row, 0 where it has none."""
        stated = str(self.raw.get(name))
        return int(stated) if stated.isascii() and stated.isdigit() else 0

    def report(self, kind: Kind) -> BadItem:
        """The row as a report for the merchant."""
        remote_id = next((str(self.raw[name]) for name in _ID_KEYS if self.raw.get(name) is not None), "")
        return BadItem(
            kind=kind,
            remote_id=remote_id,
            code="bad_price" if _PRICE_PATH.search(self.path) else "bad_row",
            detail=f"{self.path}: {self.problem}",
            sku=str(self.raw.get("custom_product_code") or ""),
            raw=self.raw,
        )


def decoded_rows(raws: Sequence[Raw], kind: type[Row]) -> tuple[list[Row], list[Malformed]]:
    """The good rows as `kind`, in order, and the bad ones."""
    pairs, malformed = decoded_pairs(raws, kind)
    return [row for row, _ in pairs], malformed


def decoded_pairs(raws: Sequence[Raw], kind: type[Row]) -> tuple[list[tuple[Row, Raw]], list[Malformed]]:
    """The good rows, each beside its bytes, and the bad ones."""
    decoder = msgspec.json.Decoder(kind, strict=False)
    pairs: list[tuple[Row, Raw]] = []
    malformed: list[Malformed] = []
    for raw in raws:
        try:
            pairs.append((decoder.decode(raw), raw))
        except msgspec.DecodeError as mismatch:
            malformed.append(_malformed(raw, mismatch))
    return pairs, malformed


def mismatch_path(mismatch: msgspec.DecodeError) -> str:
    """`$.items[3].quantity` out of "Expected `int`, got `str` - at `$.items[3].quantity`"."""
    found = re.search(r"at `(\$[^`]*)`", str(mismatch))
    return found[1] if found else "$"


def _malformed(raw: Raw, mismatch: msgspec.DecodeError) -> Malformed:
    problem = str(mismatch).split(" - at ")[0]
    try:
        whole = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        whole = None
    return Malformed(whole if isinstance(whole, dict) else {}, mismatch_path(mismatch), problem)
