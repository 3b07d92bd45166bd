"""A store's categories as paths of names."""

from collections.abc import Mapping
from typing import Final

from entrepot.channels.models import RemoteCategory

DEEPEST: Final = 20


def category_path(remote_id: str, rows: Mapping[str, RemoteCategory]) -> tuple[str, ...]:
    """Names from the root down; a circle ends where it begins."""
    names: list[str] = []
    seen: set[str] = set()
    current = rows.get(remote_id)
    while current is not None and current.remote_id not in seen and len(names) < DEEPEST:
        seen.add(current.remote_id)
        names.append(current.name)
        current = rows.get(current.parent_id)
    return tuple(reversed(names))
