"""Kits by file: one row for each part. The rows of a kit are all its parts; they go together."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from entrepot.catalog.drafts import ItemDraft
from entrepot.catalog.models import Item
from entrepot.catalog.rows import fetch
from entrepot.catalog.services import create_kit
from entrepot.inventory.services.kits import compose_kit
from entrepot.kernel.errors import EntrepotError
from entrepot.sheets import cells
from entrepot.sheets.kinds.kind import Column, Draft, Here, Kind
from entrepot.sheets.kinds.skus import ITEMS, items_of

NO_KIT = _("{sku} is an ordinary item, not a kit. Give the kit a SKU of its own.")
KIT_IN_KIT = _("{sku} is a kit itself; a kit cannot be part of a kit.")
ITSELF = _("A kit cannot hold itself.")

COLUMNS = (
    Column(
        "kit_sku", _("Kit SKU"), _("The kit's own SKU. A new one makes a new kit."), cells.code_of(255),
        required=True, example="EXAMPLE-1", names=("세트 상품코드", "세트코드", "Kit"), width=20,
    ),
    Column(
        "kit_name", _("Kit name"), _("For a new kit. It is enough on one of its rows."), cells.text_of(500),
        example="Socks, pack of three", names=("세트명", "세트 상품명"), width=30,
    ),
    Column(
        "part_sku", _("Part SKU"), _("An item that is in the kit. One row for each part."), cells.code_of(255),
        required=True, example="SOCK-RED", names=("구성품 상품코드", "구성품코드", "Part", "Component SKU"), width=20,
    ),
    Column(
        "quantity", _("Quantity"), _("How many of it are in one kit."), cells.whole(least=1, most=100_000),
        required=True, figure=True, example="3", names=("수량", "구성수량", "Qty"), width=10,
    ),
)  # fmt: skip
PARTS = """
SELECT k.sku, p.quantity, i.sku FROM catalog_kitpart p
JOIN catalog_item k ON k.id = p.kit_id JOIN catalog_item i ON i.id = p.item_id
WHERE k.seller_id = %s AND k.sku = ANY(%s)
"""
PRESENT = """
SELECT k.sku, k.name, i.sku, p.quantity FROM catalog_kitpart p
JOIN catalog_item k ON k.id = p.kit_id JOIN catalog_item i ON i.id = p.item_id
WHERE k.seller_id = %s AND k.merged_into_id IS NULL ORDER BY k.id, i.sku
"""


def judge(here: Here, rows: Sequence[Draft]) -> None:
    """Find kits and parts."""
    parts = items_of(here.seller_id, rows, "part_sku")
    wanted = sorted({str(row.values["kit_sku"]) for row in rows if "kit_sku" in row.values})
    kits = {found[0]: found[3] for found in fetch(ITEMS, [here.seller_id, wanted])}
    standing = {(kit, part): quantity for kit, quantity, part in fetch(PARTS, [here.seller_id, wanted])}
    for row in rows:
        kit, part = str(row.values.get("kit_sku", "")), str(row.values.get("part_sku", ""))
        if kit in kits and kits[kit] != Item.Kind.KIT:
            row.refuse("kit_sku", NO_KIT, sku=kit)
        if part and part == kit:
            row.refuse("part_sku", ITSELF)
        elif part in parts and parts[part].kind == Item.Kind.KIT:
            row.refuse("part_sku", KIT_IN_KIT, sku=part)
        if part in parts:
            row.object_id = parts[part].item_id
        row.key = f"{kit}\n{part}" if kit and part else ""
        row.before = {"quantity": standing.get((kit, part))}


def apply(here: Here, rows: Sequence[Draft]) -> None:
    """Make or recompose each kit; one that is refused refuses its rows only."""
    groups: dict[str, list[Draft]] = {}
    for row in rows:
        groups.setdefault(str(row.values["kit_sku"]), []).append(row)
    known = {found[0]: found[1] for found in fetch(ITEMS, [here.seller_id, sorted(groups)])}
    for sku, mine in groups.items():
        parts: Counter[int] = Counter()
        for row in mine:  # two SKUs of one item, one of them merged into the other, are that item
            parts[row.object_id or 0] += int(row.values["quantity"])
        name = next((str(row.values["kit_name"]) for row in mine if row.values.get("kit_name")), sku)
        try:
            if sku in known:
                compose_kit(seller_id=here.seller_id, kit_id=known[sku], parts=parts, actor=here.actor)
            else:
                draft = ItemDraft(sku=sku, name=name)
                create_kit(seller_id=here.seller_id, draft=draft, parts=parts, actor=here.actor)
        except EntrepotError as refusal:
            for row in mine:
                row.refuse("", type(refusal).message, **refusal.fields)


def present(here: Here) -> Iterator[Mapping[str, Any]]:
    """Every kit with its parts."""
    for kit, name, part, quantity in fetch(PRESENT, [here.seller_id]):
        yield {"kit_sku": kit, "kit_name": name, "part_sku": part, "quantity": quantity}


KITS = Kind(
    code="kits",
    title=_("Kits"),
    help=_("What kits are made of: new ones, and other parts for those you have."),
    icon="package",
    columns=COLUMNS,
    judge=judge,
    apply=apply,
    needs="catalog.edit",
    present=present,
    together="kit_sku",
    twins="part_sku",
)
