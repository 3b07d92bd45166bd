"""The mall's lists beside the products: rows → contract. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.values import text, truth
from entrepot.connectors.contract import BadItem, ChannelBrand, ChannelCategory

TOP = "1"
"""The parent of top categories; no category itself."""
NO_BRAND = "B0000000"
"""What every product without a brand carries; the mall calls it its own brand."""


def categories(rows: Sequence[wire.Category]) -> Iterator[ChannelCategory | BadItem]:
    """Parents before children; a parent that does not exist, or that lies below its own child, counts as none."""
    by_no = {str(row.category_no): row for row in rows}
    done: set[str] = set()
    for row in rows:
        for step in _path_to(row, by_no, done):
            done.add(str(step.category_no))
            yield _category(step, done)


def _path_to(row: wire.Category, by_no: Mapping[str, wire.Category], done: set[str]) -> list[wire.Category]:
    path: list[wire.Category] = []
    current: wire.Category | None = row
    while current is not None and str(current.category_no) not in done and current not in path:
        path.append(current)
        current = by_no.get(str(current.parent_category_no))
    return path[::-1]


def _category(row: wire.Category, done: set[str]) -> ChannelCategory | BadItem:
    number, parent, name = str(row.category_no), str(row.parent_category_no), text(row.category_name)
    if not name:
        return BadItem(
            kind="category", remote_id=number, code="missing_name", detail="The category has no name in this shop."
        )
    return ChannelCategory(
        remote_id=number,
        parent_id=parent if parent in done and parent not in {TOP, number} else None,
        name=name,
        active=row.use_display is None or truth(row.use_display),
    )


def brand(row: wire.Brand) -> ChannelBrand | BadItem:
    """A brand."""
    if name := text(row.brand_name):
        return ChannelBrand(remote_id=row.brand_code, name=name)
    return BadItem(kind="brand", remote_id=row.brand_code, code="missing_name", detail="The brand has no name.")
