"""A store's categories as paths of names."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from entrepot.channels.models import RemoteCategory

DEEPEST: Final = 20


class Branch(NamedTuple):
    """What a path needs of a store's category: thousands of them are read for one page."""

    remote_id: str
    parent_id: str
    name: str
    active: bool


def branches(*, seller_id: int, store_id: int) -> dict[str, Branch]:
    """A store's categories by their ids there."""
    rows = RemoteCategory.objects.filter(store_id=store_id, store__seller_id=seller_id)
    return {row[0]: Branch._make(row) for row in rows.values_list(*Branch._fields)}


def category_path(remote_id: str, rows: Mapping[str, RemoteCategory | Branch]) -> tuple[str, ...]:
    """Names from the root down; a circle ends where it begins."""
    names: list[str] = []
    seen: set[str] = set()
    current = rows.get(remote_id)
    while current is not None and current.remote_id not in seen and len(names) < DEEPEST:
        seen.add(current.remote_id)
        names.append(current.name)
        current = rows.get(current.parent_id)
    return tuple(reversed(names))
