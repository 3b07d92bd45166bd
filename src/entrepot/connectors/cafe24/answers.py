"""Which answer of a mall is which trouble: the one table, by HTTP status and the words of the error."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from entrepot.connectors.cafe24.errors import (
    AccessRefused,
    BucketFull,
    GoneFromMall,
    MallClosed,
    MallFailed,
    MallTooSlow,
    NotUnderstood,
    OrderStateRefused,
    QuotaUsedUp,
    Redirected,
    RefusedByMall,
    SameAlready,
    ScopeMissing,
    TokenRefused,
    TooLarge,
    VersionEnded,
)
from entrepot.connectors.cafe24.scopes import scope_for
from entrepot.kernel.errors import ChannelError
from entrepot.kernel.reasons import quoted

LEAK_PER_SECOND = 2.0
LONGEST_WAIT = 3600.0
QUOTA_WAIT = 30.0
"""How long to rest where the quota is used up and the mall does not say for how long."""

_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_PARAMETER = re.compile(r"\(?parameter\.([A-Za-z0-9_.\[\]]+)\)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer that is no success: what is known of it."""

    status: int
    message: str
    headers: Mapping[str, str]
    method: str
    path: str
    mall_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """`words` None fits any text, else the error's text must contain them. The first row that fits wins."""

    status: range
    words: re.Pattern[str] | None
    error: type[ChannelError]
    fields: Callable[[Refusal], dict[str, Any]] = field(default=lambda _refusal: {})

    def fits(self, refusal: Refusal) -> bool:
        """Whether this row speaks of that answer."""
        return refusal.status in self.status and (self.words is None or bool(self.words.search(refusal.message)))


def number(headers: Mapping[str, str], name: str) -> float | None:
    """A header that holds a number, also one such as 120.04; None where it is missing or none."""
    try:
        return float(headers[name])
    except (KeyError, ValueError):
        return None


def bucket(headers: Mapping[str, str]) -> tuple[float, float] | None:
    """`(used, capacity)` out of `X-Api-Call-Limit: 12/40`."""
    used, _, capacity = headers.get("x-api-call-limit", "").partition("/")
    try:
        return float(used), float(capacity)
    except ValueError:
        return None


def rest_wanted(headers: Mapping[str, str]) -> float:
    """Seconds nobody may call, because the usage quota is at 100 % or more; 0 = go on."""
    remains = [number(headers, f"x-cafe24-{kind}-remain") or 0.0 for kind in ("call", "time")]
    usages = [number(headers, f"x-cafe24-{kind}-usage") or 0.0 for kind in ("call", "time")]
    if max(remains) > 0:
        return min(max(remains), LONGEST_WAIT)
    return QUOTA_WAIT if max(usages) >= 100 else 0.0


def version_named(message: str, asked: str) -> str:
    """The version that the mall names in place of an ended one, or ""."""
    found = [date for date in _DATE.findall(message) if date != asked]
    return found[-1] if found else ""


def _reason(refusal: Refusal) -> dict[str, Any]:
    named = _PARAMETER.search(refusal.message)
    field = named[1] if named else refusal.path
    return {"field": f"“{field}”", "reason": quoted(_PARAMETER.sub("", refusal.message))}


def _wait(refusal: Refusal) -> dict[str, Any]:
    """At least what the mall says; else until the bucket has room for this call."""
    rest = rest_wanted(refusal.headers)
    stated = number(refusal.headers, "retry-after") or 0.0
    if not max(rest, stated):
        used, capacity = bucket(refusal.headers) or (1.0, 1.0)
        rest = max((used - capacity + 2.0) / LEAK_PER_SECOND, 1.0)
    return {"retry_after": ceil(min(max(rest, stated), LONGEST_WAIT))}


def _mall(refusal: Refusal) -> dict[str, Any]:
    return {"mall_id": refusal.mall_id, "scope": scope_for(refusal.method, refusal.path)} | _reason(refusal)


def _version(refusal: Refusal) -> dict[str, Any]:
    dates = _DATE.findall(refusal.message)
    return {"asked": dates[0], "named": dates[-1]}


def _status(refusal: Refusal) -> dict[str, Any]:
    return {"status": refusal.status, "resource": refusal.path} | _reason(refusal)


def _address(refusal: Refusal) -> dict[str, Any]:
    return {"address": refusal.address}


def _thing(refusal: Refusal) -> dict[str, Any]:
    return {"thing": refusal.path}


def _exactly(status: int) -> range:
    return range(status, status + 1)


_VERSION = re.compile(r"20\d\d-\d\d-\d\d.*version.*20\d\d-\d\d-\d\d", re.IGNORECASE | re.DOTALL)
_STATE = re.compile(r"cannot change to that order state|cannot change|order state|변경할 수 없", re.IGNORECASE)

ANSWERS: tuple[Row, ...] = (
    Row(range(300, 400), None, Redirected, _address),
    Row(_exactly(400), _VERSION, VersionEnded, _version),
    Row(_exactly(401), None, TokenRefused, _mall),
    Row(_exactly(403), re.compile(r"scope", re.IGNORECASE), ScopeMissing, _mall),
    Row(_exactly(403), None, AccessRefused, _mall),
    Row(_exactly(404), None, GoneFromMall, _thing),
    Row(_exactly(409), None, SameAlready, _reason),
    Row(_exactly(413), None, TooLarge),
    Row(_exactly(422), _STATE, OrderStateRefused, _reason),
    Row(_exactly(422), None, RefusedByMall, _reason),
    Row(_exactly(503), None, MallClosed, _status),
    Row(_exactly(504), None, MallTooSlow),
    Row(range(400, 500), None, NotUnderstood, _status),
    Row(range(100, 600), None, MallFailed, _status),
)


def trouble(refusal: Refusal) -> ChannelError:
    """The error an answer stands for; the engineer's detail never carries more than the mall's own sentence."""
    if refusal.status == 429:
        waits = _wait(refusal)
        kind = QuotaUsedUp if rest_wanted(refusal.headers) else BucketFull
        return kind(refusal.message, **waits)
    row = next(row for row in ANSWERS if row.fits(refusal))
    return row.error(f"HTTP {refusal.status}: {refusal.message}"[:300], **row.fields(refusal))
