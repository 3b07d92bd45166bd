"""How an answer looks: the envelope of §3, made of bytes that are often ready."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from entrepot.connectors.opencart.simulator.rows import Row, StockWrite
from entrepot.connectors.opencart.simulator.shop import Shop

BRIDGE_VERSION = "1.2.0"
encode = msgspec.json.Encoder().encode
_NUMBER = re.compile(r"[0-9]{1,10}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
LARGEST = 2_147_483_647


class WireError(Exception):
    """A refusal of the bridge. `signed` False keeps the clocks out of the answer."""

    def __init__(
        self, status: int, code: str, message: str, *, signed: bool = True, retry_after: int = 0, **detail: object
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.detail = status, code, message, detail
        self.signed, self.retry_after = signed, retry_after

    def body(self, shop: Shop) -> bytes:
        """The error envelope."""
        meta: Row = {"protocol": 1}
        if self.signed:
            meta |= {"bridge": BRIDGE_VERSION, "clock": shop.clock.face()}
        return encode({"error": {"code": self.code, "message": self.message, "detail": self.detail}, "meta": meta})

    def item(self, ref: object) -> Row:
        """The same refusal as the answer to one item of a batch."""
        return {
            "ref": ref,
            "ok": False,
            "error": {"code": self.code, "message": self.message, "detail": self.detail},
        }


@dataclass(slots=True)
class Answer:
    """What a resource says: JSON bytes, the next cursor, and what else belongs into meta."""

    content: bytes
    next: int | None = None
    meta: Row = field(default_factory=dict)

    def body(self, shop: Shop) -> bytes:
        """The success envelope."""
        meta = {"protocol": 1, "bridge": BRIDGE_VERSION, "clock": shop.clock.face(), **self.meta}
        return b'{"data":%b,"next":%b,"meta":%b}' % (self.content, encode(self.next), encode(meta))


@dataclass(slots=True)
class Call:
    """One request after the gate: its parameters, its body, and the stock writes it makes."""

    params: Mapping[str, str]
    body: Row
    stock_writes: list[StockWrite] = field(default_factory=list)

    def number(self, name: str, default: int, *, least: int = 0, most: int = 9_999_999_999) -> int:
        """A whole number parameter between two bounds.

        Raises:
            WireError: It is none.
        """
        text = self.params.get(name, str(default))
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise WireError(400, "bad_request", f"{name} must be a whole number from {least} to {most}.", field=name)
        return int(text)

    def ids(self, *, most: int) -> list[int] | None:
        """The `ids` parameter, None when it is absent.

        Raises:
            WireError: They are no numbers, or too many.
        """
        text = self.params.get("ids")
        if text is None:
            return None
        parts = text.split(",")
        if not all(_NUMBER.fullmatch(part) for part in parts) or len(set(parts)) > most:
            raise WireError(400, "bad_request", f"ids must be at most {most} numbers.", field="ids")
        return sorted({int(part) for part in parts})


Resource = Callable[[Shop, Call], Answer]


def rows(made: list[bytes]) -> bytes:
    """Join ready rows into a JSON list."""
    return b"[" + b",".join(made) + b"]"


def integer(source: Mapping[str, Any], name: str, *, least: int = 0) -> int:
    """An integer of a write, given as number or text.

    Raises:
        WireError: It is missing, no whole number, below `least`, or too large for the shop's column.
    """
    given = source.get(name)
    if given is None:
        raise invalid(name, "missing", f"The field {name} is required.")
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    if not _INTEGER.fullmatch(text):
        raise invalid(name, "not_a_whole_number", f"The field {name} must be a whole number.")
    number = int(text)
    if not least <= number <= LARGEST:
        reason = "negative" if number < 0 <= least else "out_of_range"
        raise invalid(name, reason, f"The field {name} must be from {least} to {LARGEST}.")
    return number


def flag(source: Mapping[str, Any], name: str, default: int) -> int:
    """A 0 or 1 of a write.

    Raises:
        WireError: It is neither.
    """
    given = source.get(name)
    if given is None:
        return default
    if given not in {0, 1, "0", "1"}:
        raise invalid(name, "not_a_flag", f"The field {name} must be 0 or 1.")
    return int(given)


def invalid(name: str, reason: str, message: str) -> WireError:
    """A field that was understood and is refused."""
    return WireError(422, "invalid", message, field=name, reason=reason)


def items(call: Call, *, most: int = 1000) -> list[Row]:
    """The items of a batch write.

    Raises:
        WireError: There is no list of at most `most` objects.
    """
    given = call.body.get("items")
    if not isinstance(given, list) or len(given) > most:
        raise WireError(400, "bad_request", f"items must be a list of at most {most:,}.", field="items")
    if not all(isinstance(item, dict) and isinstance(item.get("ref"), str | int) for item in given):
        raise WireError(400, "bad_request", "Every item must be an object with a ref.", field="items")
    return given


def each(call: Call, write: Callable[[Row], Row], *, most: int = 1000) -> list[Row]:
    """Answer every item on its own: a bad one never stops the others, unless the whole shop dies of it."""
    answers: list[Row] = []
    for item in items(call, most=most):
        ref = item.get("ref")
        try:
            answers.append({"ref": ref, "ok": True, **write(item)})
        except WireError as refusal:
            if refusal.status >= 500:
                raise
            answers.append(refusal.item(ref))
    return answers
