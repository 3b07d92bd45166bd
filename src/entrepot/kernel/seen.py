"""What a person saw when they opened a form, laid beside what is kept when they save it.

A form carries a mark of each value it was filled with. Three values meet for each field: what was seen, what is kept
now, and what the person wants. Only where the last two both left the first, in different directions, must they choose.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal


def plain(value: object) -> str:
    """A value as one text: equal for what means the same (`1.50` and `1.5`, a list in another order, line ends)."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
        case list() | tuple() | set() | frozenset():
            return "\x1f".join(sorted(plain(one) for one in value))
        case _:
            return "\n".join(str(value).split("\r\n")).strip()


def mark(value: object) -> str:
    """A short sign of a value: equal values have equal marks, and no value can be read from it."""
    return hashlib.blake2b(plain(value).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Meeting:
    """Fields another person changed: `kept` where this person did not touch them, `torn` where both changed them."""

    kept: tuple[str, ...]
    torn: tuple[str, ...]


def meet(*, seen: Mapping[str, str], now: Mapping[str, object], mine: Mapping[str, object]) -> Meeting:
    """Which fields moved between `seen` (marks) and `now`, and which of them `mine` wants otherwise.

    A field that was not seen at all (it is new since) takes what is kept.
    """
    kept: list[str] = []
    torn: list[str] = []
    for name, value in now.items():
        before, there, wanted = seen.get(name), mark(value), mark(mine.get(name))
        if there in {before, wanted}:
            continue
        (kept if before is None or wanted == before else torn).append(name)
    return Meeting(tuple(kept), tuple(torn))
