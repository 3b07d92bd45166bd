"""Stock by file: what is on hand in a warehouse, counted or as a difference, with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.catalog.rows import fetch
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory.errors import KitHasNoStock, WarehouseNotFound
from entrepot.inventory.ledger import Figure
from entrepot.inventory.models import Stock
from entrepot.inventory.services.change_many import StockWish, change_many, refusal_of
from entrepot.sheets import cells
from entrepot.sheets.kinds.kind import Alarm, Column, Draft, Here, Kind
from entrepot.sheets.kinds.places import warehouse_codes, warehouses
from entrepot.sheets.kinds.skus import NAME_SHOWN, SKU, items_of

NEITHER = _("Give the new figure on hand, or a change of it.")
BOTH = _("Give either the new figure on hand or a change of it, not both.")
NOT_YOURS = _("You do not work in the warehouse {warehouse}.")


def _stocked(seller_id: int, _store_id: int | None) -> int:
    return Stock.objects.filter(seller_id=seller_id, on_hand__gt=0).values("item_id").distinct().count()


TO_ZERO = Alarm("to_zero", _("More than 10 % of the SKUs in stock go to zero"), 0.1, _stocked)

COLUMNS = (
    SKU,
    NAME_SHOWN,
    Column(
        "warehouse", _("Warehouse"), _("The warehouse's code. Blank: the default one."), cells.text_of(20),
        example="MAIN", names=("창고", "창고코드", "Warehouse code"), listed="warehouses", only=True,
    ),
    Column(
        "on_hand", _("On hand"), _("How many there are now, counted. Leave it blank to give a change instead."),
        cells.whole(), figure=True, example="25", names=("재고수량", "재고", "수량", "Quantity", "Stock"),
    ),
    Column(
        "change", _("Change"), _("How many come or go, such as 5 or -2, instead of the new figure."),
        cells.whole(least=None), figure=True, example="", names=("증감", "변동수량", "Difference", "Adjustment"),
    ),
    Column(
        "reason", _("Reason"), _("Why; the ledger keeps it. Blank: the reason given with the upload."),
        cells.text_of(300), example="Count of 3 May", names=("사유", "조정사유"), width=28,
    ),
    Column(
        "reserved_shown", _("Set aside (for your eyes)"), _("What orders hold of it. Only shown."), shown=True,
        figure=True, example="2",
    ),
)  # fmt: skip

FIGURES = """
SELECT s.item_id, s.warehouse_id, s.on_hand, s.reserved FROM inventory_stock s
WHERE s.seller_id = %s AND s.item_id = ANY(%s)
"""
PRESENT = """
SELECT i.sku, i.name, w.code, COALESCE(s.on_hand, 0), COALESCE(s.reserved, 0)
FROM catalog_item i
LEFT JOIN inventory_stock s ON s.item_id = i.id
LEFT JOIN inventory_warehouse w ON w.id = s.warehouse_id
WHERE i.seller_id = %s AND i.kind <> 'kit' AND COALESCE(w.active, true) AND i.id > %s
  AND (%s::bigint[] IS NULL OR w.id IS NULL OR w.id = ANY(%s::bigint[]))
ORDER BY i.id, w.code
"""


def judge(here: Here, rows: Sequence[Draft]) -> None:
    """Find item and warehouse, and what would be on hand."""
    known = items_of(here.seller_id, rows)
    places = warehouses(here)
    found = fetch(FIGURES, [here.seller_id, sorted({one.item_id for one in known.values()})])
    figures = {(item, place): Figure(on_hand, reserved) for item, place, on_hand, reserved in found}
    for row in rows:
        item = known.get(row.values.get("sku", ""))
        if item is None:
            continue
        if item.kind == "kit":
            row.refuse("sku", KitHasNoStock.message, sku=row.values["sku"])
            continue
        place = places.get(str(row.values.get("warehouse", "")).casefold())
        if place is None:
            row.refuse("warehouse", WarehouseNotFound.message)
        elif here.warehouse_ids is not None and place not in here.warehouse_ids:
            row.refuse("warehouse", NOT_YOURS, warehouse=row.values.get("warehouse") or "–")
        else:
            row.object_id = item.item_id
            row.key = f"{item.item_id}:{place}"
            if not row.errors:
                _judge_figure(here, row, figures.get((item.item_id, place), Figure(0, 0)), place)


def _judge_figure(here: Here, row: Draft, figure: Figure, place: int) -> None:
    values = row.values
    if ("on_hand" in values) == ("change" in values):
        row.refuse("on_hand", BOTH if "on_hand" in values else NEITHER)
        return
    after = values["on_hand"] if "on_hand" in values else figure.on_hand + values["change"]
    values.setdefault("reason", here.facts.get("reason") or gettext("By file"))
    row.before = {"on_hand": figure.on_hand, "place": place, "after": after}
    if refusal := refusal_of(figure, before=figure.on_hand, after=after, item_id=row.object_id or 0):
        row.refuse("on_hand" if "on_hand" in values else "change", refusal.message, **refusal.fields)
        return
    row.same = after == figure.on_hand
    row.weight = float(abs(after - figure.on_hand))
    if after == 0 < figure.on_hand:
        row.alarm = TO_ZERO.code


def apply(here: Here, rows: Sequence[Draft]) -> None:
    """Write the ledger."""
    wishes = [
        StockWish(
            row.object_id or 0,
            row.before["place"],
            row.values["reason"],
            row.values.get("on_hand"),
            row.values.get("change", 0),
        )
        for row in rows
    ]
    answers = change_many(seller_id=here.seller_id, wishes=wishes, reference=here.reference, actor=here.actor)
    for row, answer in zip(rows, answers, strict=True):
        if answer.refusal:
            row.refuse("", answer.refusal.message, **answer.refusal.fields)
        else:
            row.before |= {"on_hand": answer.before, "after": answer.after}
    wake_pushes(here.seller_id)


def reverse(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any] | None:
    """The way back is the opposite change: what was sold meanwhile stays sold."""
    change = before["on_hand"] - before["after"]
    kept = {name: values[name] for name in ("sku", "warehouse") if name in values}
    return {**kept, "change": change} if change else None


def present(here: Here) -> Iterator[Mapping[str, Any]]:
    """Every item's figure in every warehouse it was ever in."""
    reach = list(here.warehouse_ids) if here.warehouse_ids else None
    for sku, name, code, on_hand, reserved in fetch(PRESENT, [here.seller_id, 0, reach, reach]):
        yield {
            "sku": sku, "name_shown": name, "warehouse": code or "", "on_hand": on_hand, "reserved_shown": reserved,
        }  # fmt: skip


def lists(here: Here) -> Mapping[str, Sequence[str]]:
    """The warehouses' codes."""
    return {"warehouses": warehouse_codes(here)}


STOCK = Kind(
    code="stock",
    title=_("Stock"),
    help=_("What is on hand: the counted figure, or what comes and goes."),
    icon="stack-2",
    columns=COLUMNS,
    judge=judge,
    apply=apply,
    needs="stock.adjust",
    present=present,
    lists=lists,
    reverse=reverse,
    alarms=(TO_ZERO,),
)
