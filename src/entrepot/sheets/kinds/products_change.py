"""Products to change by file. The template comes filled with what stands now; a blank cell changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from entrepot.catalog.rows import fetch
from entrepot.catalog.services.patch import patch_items, patch_products
from entrepot.kernel.money import plain
from entrepot.sheets.kinds.kind import Draft, Here, Kind
from entrepot.sheets.kinds.places import BETWEEN, catalogue_lists, own_paths
from entrepot.sheets.kinds.product_cells import attributes_text, product_words, writable
from entrepot.sheets.kinds.product_columns import ITEM_FIELDS, UPDATE, WORDS, options_in, options_out
from entrepot.sheets.kinds.products_new import ALIKE, DIFFERS, HALF_OPTION, category_paths
from entrepot.sheets.kinds.skus import check_barcodes, items_of, loaded

NOT_GROUPED = _("{sku} is a single product; it cannot be put into a group by a file.")
NO_NAME = _("A name cannot be empty.")
NO_VARIATION = _("{sku} is no variation; it has no options.")
TOO_MANY = _("It has more than three options; change them on its page.")
PRODUCT_CODES = ("group", "brand", "category", *WORDS)
FIGURES = frozenset({"weight_grams", "length_mm", "width_mm", "height_mm", "cost"})

STANDING = """
SELECT i.id, i.sku, i.name, i.options, i.barcode, i.weight_grams, i.length_mm, i.width_mm, i.height_mm, i.cost,
       i.cost_currency, i.image_url, i.low_stock_at, p.id, p.is_group, p.name, COALESCE(b.name, ''),
       ARRAY(SELECT c.category_id FROM catalog_product_categories c WHERE c.product_id = p.id), i.kind,
       {words}
FROM catalog_item i JOIN catalog_product p ON p.id = i.product_id LEFT JOIN catalog_brand b ON b.id = p.brand_id
WHERE i.seller_id = %s AND {which}
"""
TOLD, NOT_TOLD = "p.description, p.attributes, p.images", "'', '[]'::jsonb, '[]'::jsonb"
"""Descriptions are long, and few files ask for them."""
BY_ID = STANDING.format(which="i.id = ANY(%s)", words=NOT_TOLD)
BY_ID_TOLD = STANDING.format(which="i.id = ANY(%s)", words=TOLD)
NEXT = STANDING.format(which="i.id > %s AND i.kind <> 'kit' ORDER BY i.id LIMIT 5000", words=TOLD)
SIBLINGS = """
SELECT id, product_id, options FROM catalog_item
WHERE seller_id = %s AND product_id = ANY(%s) AND merged_into_id IS NULL
"""


@dataclass(slots=True)
class Standing:
    """An item as it stands: its columns, and whose product it is."""

    item_id: int
    product_id: int
    is_group: bool
    kind: str
    options: list[list[str]]
    columns: dict[str, Any] = field(default_factory=dict)


def _standing(here: Here, found: Sequence[Any]) -> Standing:
    item_id, sku, name, options, barcode, *rest = found
    *rest, description, attributes, images = rest
    weight, length, width, height, cost, currency, image, low, product_id, is_group, group, brand, filed, kind = rest
    paths = own_paths(here)
    columns: dict[str, Any] = {
        "sku": sku, "name": name, "barcode": barcode, "weight_grams": weight, "length_mm": length, "width_mm": width,
        "height_mm": height, "cost": cost, "cost_currency": currency, "image_url": image, "low_stock_at": low,
        "group": group if is_group else "", "brand": brand, "description": description,
        "attributes": attributes_text(loaded(attributes) or []), "images": "\n".join(loaded(images) or []),
        "category": BETWEEN.join(sorted(paths[pk] for pk in filed if pk in paths)),
    }  # fmt: skip
    given = [[str(one[0]), str(one[1])] for one in loaded(options) or [] if len(one) > 1]
    columns |= options_out(given) if is_group else {}
    return Standing(item_id, product_id, is_group, kind, given, columns)


def judge(here: Here, rows: Sequence[Draft]) -> None:
    """Compare each row with what stands: only what differs is changed."""
    known = items_of(here.seller_id, rows)
    ids = sorted({one.item_id for one in known.values()})
    told = any(code in row.values for row in rows for code in WORDS)
    found_rows = fetch(BY_ID_TOLD if told else BY_ID, [here.seller_id, ids])
    standing = {found[0]: _standing(here, found) for found in found_rows}
    for row in rows:
        item = known.get(row.values.get("sku", ""))
        now = standing.get(item.item_id) if item else None
        if now is None:
            continue
        row.key, row.object_id = str(now.item_id), now.item_id
        _judge_fields(here, row, now)
    check_barcodes(here, [row for row in rows if "barcode" in row.before])
    _judge_options(here, [row for row in rows if not row.errors], standing)


def _judge_fields(here: Here, row: Draft, now: Standing) -> None:
    values = row.values
    if values.get("group") and not now.is_group:
        row.refuse("group", NOT_GROUPED, sku=values["sku"])
    if values.get("name") == "" or (now.is_group and values.get("group") == ""):
        row.refuse("name" if values.get("name") == "" else "group", NO_NAME)
    if any(name.startswith("option") for name in values):
        if not now.is_group:
            row.refuse("option1_name", NO_VARIATION, sku=values["sku"])
        elif len(now.options) > 3:
            row.refuse("option1_name", TOO_MANY)
    row.before = {code: _plain(now.columns.get(code)) for code in values if code != "sku"}
    changed = [code for code in row.before if not _same(code, now.columns.get(code), values[code])]
    row.before["product"] = now.product_id
    row.same = not changed
    for code in changed:
        if code in PRODUCT_CODES:
            _agree(here, row, now, code)
    for code in [code for code in row.before if code not in changed and code != "product"]:
        del row.before[code]


def _agree(here: Here, row: Draft, now: Standing, code: str) -> None:
    """What is the whole product's is said the same by all of its rows that change it."""
    said = here.memory.setdefault("said", {})
    number, other = said.setdefault((now.product_id, code), (row.number, str(row.values[code])))
    if other != str(row.values[code]):
        row.refuse(code, DIFFERS, row=number, other=other[:80])


def _judge_options(here: Here, rows: Sequence[Draft], standing: Mapping[int, Standing]) -> None:
    """No two variations of a product may have the same options after the change."""
    touched = [row for row in rows if any(code.startswith("option") for code in row.before)]
    if not touched:
        return
    products = sorted({row.before["product"] for row in touched})
    choices: dict[int, dict[int, frozenset[tuple[str, str]]]] = {}
    for item_id, product_id, options in fetch(SIBLINGS, [here.seller_id, products]):
        choices.setdefault(product_id, {})[item_id] = _choice(loaded(options) or [])
    for row in touched:
        options = _options_after(row.values, standing[row.object_id or 0].columns)
        if any(not name or not value for name, value in options):
            row.refuse("option1_name", HALF_OPTION)
        choices[row.before["product"]][row.object_id or 0] = _choice(options)
    for row in touched:
        mine = choices[row.before["product"]]
        own = mine[row.object_id or 0]
        if sum(one == own for one in mine.values()) > 1:
            group = standing[row.object_id or 0].columns["group"]
            row.refuse("option1_value", ALIKE, group=group, options=", ".join(sorted(value for _n, value in own)))


def _options_after(values: Mapping[str, Any], columns: Mapping[str, Any]) -> list[list[str]]:
    return options_in({**columns, **{code: word for code, word in values.items() if code.startswith("option")}})


def _choice(options: Sequence[Sequence[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((str(one[0]), str(one[1])) for one in options if len(one) > 1)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value as JSON keeps it
    return plain(value) if isinstance(value, Decimal) else value


def _same(code: str, now: Any, wanted: Any) -> bool:  # noqa: ANN401 - values of any column
    if code in FIGURES:
        return (None if now is None else Decimal(now)) == (None if wanted is None else Decimal(wanted))
    if code == "category":
        return sorted(str(now or "").split(BETWEEN)) == sorted(str(wanted or "").split(BETWEEN))
    return (now or "") == (wanted or "")


def apply(here: Here, rows: Sequence[Draft]) -> None:
    """Write what differs, items and products in a statement each."""
    ids = [row.object_id for row in rows if row.object_id is not None]
    standing = {found[0]: _standing(here, found) for found in fetch(BY_ID, [here.seller_id, ids])}
    items: dict[int, dict[str, Any]] = {}
    products: dict[int, dict[str, Any]] = {}
    for row in rows:
        now = standing.get(row.object_id or 0)
        if now is None:
            row.refuse("sku", NOT_GROUPED, sku=row.values["sku"])
            continue
        changed = [code for code in row.before if code != "product"]
        patch = {code: row.values[code] for code in changed if code in ITEM_FIELDS or code == "name"}
        if any(code.startswith("option") for code in changed):
            patch["options"] = _options_after(row.values, now.columns)
        if patch:
            items[now.item_id] = patch
        whole = _of_product(row.values, changed, single=not now.is_group)
        if whole:
            products.setdefault(now.product_id, {}).update(whole)
    patch_items(seller_id=here.seller_id, patches=items, actor=here.actor)
    patch_products(seller_id=here.seller_id, patches=products, actor=here.actor)


def _of_product(values: Mapping[str, Any], changed: Sequence[str], *, single: bool) -> dict[str, Any]:
    """What of a row is its product's: a single item and its product share name and picture."""
    whole = product_words(values, [code for code in changed if code in WORDS])
    if "brand" in changed:
        whole["brand"] = values["brand"]
    if "category" in changed:
        whole["categories"] = category_paths(values["category"])
    if "group" in changed:
        whole["name"] = values["group"]
    for code in ("name", "image_url") if single else ():
        if code in changed:
            whole[code] = values[code]
    return whole


def reverse(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any] | None:
    """What stood there before; what was empty is emptied again."""
    kept = {code: old for code, old in before.items() if code != "product"}
    return {"sku": values["sku"], **kept} if kept else None


def present(here: Here) -> Iterator[Mapping[str, Any]]:
    """Every item but kits, as it stands."""
    after = 0
    while found := fetch(NEXT, [here.seller_id, after]):
        for one in found:
            yield writable(_standing(here, one).columns)
        after = found[-1][0]


PRODUCTS = Kind(
    code="products",
    title=_("Changes of products"),
    help=_("Names, barcodes, measures, cost, brand, category, options of items you have."),
    icon="pencil",
    columns=UPDATE,
    judge=judge,
    apply=apply,
    needs="catalog.edit",
    lists=catalogue_lists,
    present=present,
    reverse=reverse,
    takes_store=True,
    remembers=True,
)
