"""One page of a long list, and the bookmark of the next. Keyset paging: a page costs the same wherever it is."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Row = TypeVar("Row")
Found_co = TypeVar("Found_co", covariant=True)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`rows`, and `next` = the bookmark after which the following page begins, None on the last."""

    rows: Sequence[Row]
    next: str | None = None


class Rows(Protocol[Found_co]):
    """What a page is cut from: rows in an order that asks for no more than is taken."""

    def __getitem__(self, part: slice, /) -> Iterable[Found_co]: ...


def page_of(rows: Rows[Row], *, limit: int, key: Callable[[Row], tuple[str | int, ...]]) -> Page[Row]:
    """The first `limit` rows; one more is read, to know whether a page follows. `key` = a row's place in the order."""
    found = list(rows[: limit + 1])
    page = found[:limit]
    return Page(page, bookmark(*key(page[-1])) if len(found) > limit else None)


def bookmark(*key: str | int) -> str:
    """The key of a page's last row as a text that fits an address."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def read_bookmark(text: str, *shape: type[str] | type[int]) -> tuple[str | int, ...] | None:
    """The key behind a bookmark, or None when it is empty, torn or of another list."""
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(key, list) or len(key) != len(shape):
        return None
    fits = all(type(part) is kind for part, kind in zip(key, shape, strict=True))
    return tuple(key) if fits else None
