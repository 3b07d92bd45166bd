"""Products to create by file: single ones, and groups of variations, one row for each item."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as _

from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.rows import fetch
from entrepot.catalog.services import upsert_items
from entrepot.inventory.errors import WarehouseNotFound
from entrepot.inventory.services import open_stock
from entrepot.sheets.cells import NOT_ONE_OF
from entrepot.sheets.kinds.kind import Draft, Here, Kind
from entrepot.sheets.kinds.places import BETWEEN, SIGN, catalogue_lists, own_paths, warehouses
from entrepot.sheets.kinds.product_cells import product_words
from entrepot.sheets.kinds.product_columns import CREATE, WORDS, options_in
from entrepot.sheets.kinds.skus import check_barcodes, loaded
from entrepot.sheets.staging import decimal_of

TAKEN = _("The SKU {sku} exists already. Use the file for updates to change it.")
NO_OPTION = _("A variation of a group needs an option with its name and its value, such as Colour and Red.")
HALF_OPTION = _("Give both the option's name and its value.")
OTHER_AXES = _("The variations of “{group}” differ in {axes}; give exactly these options.")
ALIKE = _("Another variation of “{group}” has the same options ({options}).")
NO_GROUP = _("Options belong to variations. Give the name of the group, or leave the options blank.")
DIFFERS = _("Row {row} of the same product says “{other}”. Say the same in both.")
SEVERAL = _("{count} products are called “{group}”. Rename one of them first.")

TAKEN_SKUS = "SELECT sku FROM catalog_item WHERE seller_id = %s AND sku = ANY(%s)"
GROUPS = """
SELECT p.name, p.id,
       (SELECT jsonb_agg(i.options) FROM catalog_item i WHERE i.product_id = p.id AND i.merged_into_id IS NULL),
       (SELECT min(i.sku) FROM catalog_item i WHERE i.product_id = p.id)
FROM catalog_product p WHERE p.seller_id = %s AND p.is_group AND p.name = ANY(%s) ORDER BY p.id
"""


@dataclass(slots=True)
class Group:
    """A group as it is known so far: its axes, the choices there are, and what its first row said."""

    axes: frozenset[str] = frozenset()
    choices: set[frozenset[tuple[str, str]]] = field(default_factory=set)
    said: dict[str, tuple[int, str]] = field(default_factory=dict)
    products: int = 0


def judge(here: Here, rows: Sequence[Draft]) -> None:
    """Refuse SKUs that exist, and variations that do not fit their group."""
    skus = sorted({row.values["sku"] for row in rows if "sku" in row.values})
    taken = {row[0] for row in fetch(TAKEN_SKUS, [here.seller_id, skus])}
    groups = _groups(here, {str(row.values["group"]) for row in rows if row.values.get("group")})
    check_barcodes(here, rows)
    for row in rows:
        sku = row.values.get("sku", "")
        row.key = sku
        if sku in taken:
            row.refuse("sku", TAKEN, sku=sku)
        _judge_stock(here, row)
        if group := row.values.get("group"):
            _judge_variation(row, str(group), groups[str(group)])
        elif any(name.startswith("option") for name in row.values):
            row.refuse("group", NO_GROUP)
        if not row.errors:
            _news(here, row)


def _groups(here: Here, names: set[str]) -> dict[str, Group]:
    known: dict[str, Group] = here.memory.setdefault("groups", {})
    missing = sorted(names - known.keys())
    known |= {name: Group() for name in missing}
    for name, _product_id, options, _sku in fetch(GROUPS, [here.seller_id, missing]) if missing else []:
        group = known[name]
        group.products += 1
        for one in loaded(options) or []:
            group.axes = group.axes or frozenset(str(part[0]) for part in one)
            group.choices.add(frozenset((str(part[0]), str(part[1])) for part in one))
    return known


def _judge_stock(here: Here, row: Draft) -> None:
    if "warehouse" not in row.values:
        return
    place = warehouses(here).get(str(row.values["warehouse"]).casefold())
    if place is None:
        row.refuse("warehouse", WarehouseNotFound.message)
    elif here.warehouse_ids is not None and place not in here.warehouse_ids:
        row.refuse("warehouse", NOT_ONE_OF, text=row.values["warehouse"], known="–")


def _judge_variation(row: Draft, name: str, group: Group) -> None:
    options = options_in(row.values)
    if group.products > 1:
        row.refuse("group", SEVERAL, group=name, count=group.products)
    elif not options:
        row.refuse("option1_name", NO_OPTION)
    elif any(not one or not value for one, value in options):
        row.refuse("option1_name", HALF_OPTION)
    else:
        axes = frozenset(one for one, _value in options)
        choice = frozenset((one, value) for one, value in options)
        if group.axes and axes != group.axes:
            row.refuse("option1_name", OTHER_AXES, group=name, axes=", ".join(sorted(group.axes)))
        elif choice in group.choices:
            row.refuse("option1_value", ALIKE, group=name, options=", ".join(value for _one, value in options))
        else:
            _agree(row, group)
            if not row.errors:
                group.axes = axes
                group.choices.add(choice)


def _agree(row: Draft, group: Group) -> None:
    """Brand, category and words are the whole product's: the rows of a group say the same."""
    for code in ("brand", "category", *WORDS):
        said = row.values.get(code)
        if not said:
            continue
        number, other = group.said.setdefault(code, (row.number, str(said)))
        if other != said:
            row.refuse(code, DIFFERS, row=number, other=other[:80])


def _news(here: Here, row: Draft) -> None:
    """Remember which brands and categories a file would make, for the preview."""
    if "known" not in here.memory:
        lists = catalogue_lists(Here(here.seller_id, here.actor, here.upload_id))
        here.memory["known"] = {"brand": set(lists["brands"]), "category": set(own_paths(here).values())}
    for code in ("brand", "category"):
        for word in str(row.values.get(code) or "").split(BETWEEN if code == "category" else "\x00"):
            if word and word not in here.memory["known"][code]:
                here.memory.setdefault("news", {}).setdefault(code, set()).add(word)


def apply(here: Here, rows: Sequence[Draft]) -> None:
    """Make the items and their products, and open their stock."""
    standing = {
        name: sku
        for name, _product_id, _options, sku in fetch(
            GROUPS, [here.seller_id, sorted({str(row.values.get("group") or "") for row in rows} - {""})]
        )
    }
    kin = [
        ItemRow(sku=sku, name="", product=ProductRow(key=f"g:{name}", name=name, is_group=True))
        for name, sku in standing.items()
        if sku
    ]
    ids: dict[str, int] = {}
    made = [*kin, *(_item(row.values) for row in rows)]
    ids |= upsert_items(seller_id=here.seller_id, rows=made, actor=here.actor)
    figures: dict[int, dict[int, int]] = {}
    for row in rows:
        row.object_id = ids[row.values["sku"]]
        if row.values.get("stock") is not None:
            place = warehouses(here)[str(row.values.get("warehouse") or "").casefold()]
            figures.setdefault(place, {})[row.object_id] = int(row.values["stock"])
    for place, wanted in figures.items():
        open_stock(
            seller_id=here.seller_id, figures=wanted, reference=here.reference, actor=here.actor, warehouse_id=place
        )


def _item(values: dict[str, Any]) -> ItemRow:
    group = str(values.get("group") or "")
    name = str(values["name"])
    product = ProductRow(
        key=f"g:{group}" if group else f"s:{values['sku']}",
        name=group or name,
        brand=str(values.get("brand") or ""),
        categories=category_paths(values.get("category")),
        image_url=str(values.get("image_url") or ""),
        is_group=bool(group),
        **product_words(values, WORDS),
    )
    return ItemRow(
        sku=values["sku"],
        name=name,
        product=product,
        options=[(one, value) for one, value in options_in(values)] if group else [],
        barcode=str(values.get("barcode") or ""),
        image_url=str(values.get("image_url") or ""),
        weight_grams=decimal_of(values.get("weight_grams")),
        length_mm=decimal_of(values.get("length_mm")),
        width_mm=decimal_of(values.get("width_mm")),
        height_mm=decimal_of(values.get("height_mm")),
        cost=decimal_of(values.get("cost")),
        cost_currency=str(values.get("cost_currency") or ""),
        low_stock_at=int(values.get("low_stock_at") or 0),
    )


def category_paths(text: object) -> list[tuple[str, ...]]:
    """A cell's categories as paths."""
    return [tuple(one.split(SIGN)) for one in str(text or "").split(BETWEEN) if one]


PRODUCTS_NEW = Kind(
    code="products-new",
    title=_("New products"),
    help=_("Single products, and groups with variations: one row for each item."),
    icon="plus",
    columns=CREATE,
    judge=judge,
    apply=apply,
    needs="catalog.edit",
    lists=catalogue_lists,
    takes_store=True,
    remembers=True,
)
