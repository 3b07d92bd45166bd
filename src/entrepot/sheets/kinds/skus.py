"""What several kinds of file share: the SKU column, and items by SKU."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from entrepot.catalog.rows import fetch
from entrepot.sheets import cells
from entrepot.sheets.kinds.kind import Column, Draft

NO_ITEM = _("No item has the SKU “{sku}”. Check the spelling, or create it first.")
CASE = _("No item has the SKU “{sku}”; “{known}” is known. Capital and small letters count.")

SKU = Column(
    "sku", _("SKU"), _("The item's own number. It finds the item; it never changes by a file."),
    cells.code_of(255), required=True, example="EXAMPLE-1",
    names=("상품코드", "품목코드", "자체상품코드", "Item SKU", "Model", "모델명"), width=20,
)  # fmt: skip
NAME_SHOWN = Column(
    "name_shown", _("Name (for your eyes)"), _("Only shown, so that you recognise the item. It is not read."),
    shown=True, example="Wool sock, red", names=("상품명 (참고)",), width=32,
)  # fmt: skip

ITEMS = """
SELECT sku, id, product_id, kind, name FROM catalog_item WHERE seller_id = %s AND sku = ANY(%s)
"""
NEAR = """
SELECT asked, min(i.sku) FROM unnest(%s::text[]) AS asked JOIN catalog_item i
  ON i.seller_id = %s AND (upper(i.sku) = upper(asked) OR i.sku ~ '^0+[0-9]+$' AND ltrim(i.sku, '0') = asked)
GROUP BY asked
"""
NEAR_MANY = 50


@dataclass(frozen=True, slots=True)
class Known:
    """An item as rows are judged against it."""

    item_id: int
    product_id: int
    kind: str
    name: str


def items_of(seller_id: int, rows: Sequence[Draft], code: str = "sku") -> dict[str, Known]:
    """The items that these rows name; rows that name none are refused, with the SKU that was probably meant."""
    skus = sorted({row.values[code] for row in rows if code in row.values})
    known = {row[0]: Known(*row[1:]) for row in fetch(ITEMS, [seller_id, skus])} if skus else {}
    missing = [sku for sku in skus if sku not in known]
    if missing:
        near = dict(fetch(NEAR, [missing[:NEAR_MANY], seller_id]))
        for row in rows:
            sku = row.values.get(code)
            if sku and sku not in known:
                _refuse(row, code, sku, near.get(sku))
    return known


def _refuse(row: Draft, code: str, sku: str, near: str | None) -> None:
    if near and near.lstrip("0") == sku:
        row.refuse(code, cells.ZEROS, known=near, text=sku)
    elif near:
        row.refuse(code, CASE, sku=sku, known=near)
    else:
        row.refuse(code, NO_ITEM, sku=sku)


def loaded(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A JSON value as a plain cursor gives it: as text."""
    return json.loads(value) if isinstance(value, str) else value
