"""One page of a long list, and the bookmark of the next. Keyset paging: a page costs the same wherever it is."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`rows`, and `next` = the bookmark after which the following page begins, None on the last."""

    rows: Sequence[Row]
    next: str | None = None


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
