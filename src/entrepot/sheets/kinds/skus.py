"""What several kinds of file share: the SKU column, and items by SKU."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from entrepot.catalog.errors import BarcodeTaken
from entrepot.catalog.rows import fetch
from entrepot.sheets import cells
from entrepot.sheets.kinds.kind import Column, Draft, Here

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
SELECT i.sku, k.id, k.product_id, k.kind, k.name
FROM catalog_item i JOIN catalog_item k ON k.id = coalesce(i.merged_into_id, i.id)
WHERE i.seller_id = %s AND i.sku = ANY(%s)
"""
NEAR = """
SELECT asked, min(i.sku) FROM unnest(%s::text[]) AS asked JOIN catalog_item i
  ON i.seller_id = %s AND (upper(i.sku) = upper(asked) OR i.sku ~ '^0+[0-9]+$' AND ltrim(i.sku, '0') = asked)
GROUP BY asked
"""
BARCODES = """
SELECT barcode, min(sku) FROM catalog_item WHERE seller_id = %s AND barcode = ANY(%s) AND merged_into_id IS NULL
GROUP BY barcode
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


def check_barcodes(here: Here, rows: Sequence[Draft]) -> None:
    """Refuse barcodes that another item has, in the books or in an earlier row of the file."""
    wanted = sorted({str(row.values["barcode"]) for row in rows if row.values.get("barcode")})
    owners = dict(fetch(BARCODES, [here.seller_id, wanted])) if wanted else {}
    said: dict[str, str] = here.memory.setdefault("barcodes", {})
    for row in rows:
        code, sku = str(row.values.get("barcode") or ""), str(row.values.get("sku", ""))
        if code:
            owner = owners.get(code) or said.setdefault(code, sku)
            if owner != sku:
                row.refuse("barcode", BarcodeTaken.message, barcode=code, sku=owner)


def loaded(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A JSON value as a plain cursor gives it: as text."""
    return json.loads(value) if isinstance(value, str) else value
