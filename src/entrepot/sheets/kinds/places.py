"""What the books offer for drop-downs and look-ups: warehouses, brands, categories, option names."""

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.catalog.models import Brand, Category
from entrepot.catalog.rows import fetch
from entrepot.channels.models import RemoteBrand, RemoteCategory
from entrepot.channels.shelves import category_path
from entrepot.inventory.models import Warehouse
from entrepot.inventory.services.warehouses import default_warehouse
from entrepot.sheets.kinds.kind import Here

SIGN = " > "
BETWEEN = " | "
OPTION_NAMES = """
SELECT DISTINCT o ->> 0 FROM catalog_item i, jsonb_array_elements(i.options) o
WHERE i.seller_id = %s AND i.kind = 'variation' ORDER BY 1 LIMIT 200
"""
STORE_OPTIONS = """
SELECT DISTINCT o ->> 0 FROM channels_listing l, jsonb_array_elements(l.options) o
WHERE l.seller_id = %s AND l.store_id = %s ORDER BY 1 LIMIT 200
"""


def warehouses(here: Here) -> dict[str, int]:
    """The seller's open warehouses by code, in small letters; "" is the default one."""
    if "places" not in here.memory:
        first = default_warehouse(seller_id=here.seller_id, actor=here.actor)
        rows = Warehouse.objects.filter(seller_id=here.seller_id, active=True).values_list("code", "pk")
        here.memory["places"] = {code.casefold(): pk for code, pk in rows} | {"": first.pk}
    places: dict[str, int] = here.memory["places"]
    return places


def warehouse_codes(here: Here) -> Sequence[str]:
    """The codes of the warehouses the person works in."""
    rows = Warehouse.objects.filter(seller_id=here.seller_id, active=True)
    if here.warehouse_ids is not None:
        rows = rows.filter(pk__in=here.warehouse_ids)
    return list(rows.order_by("code").values_list("code", flat=True)) or ["MAIN"]


def own_paths(here: Here) -> dict[int, str]:
    """The seller's categories by id, as paths."""
    if "paths" not in here.memory:
        rows = {
            pk: (name, parent)
            for pk, name, parent in Category.objects.filter(seller_id=here.seller_id).values_list(
                "pk", "name", "parent_id"
            )
        }
        here.memory["paths"] = {pk: SIGN.join(_names(pk, rows)) for pk in rows}
    paths: dict[int, str] = here.memory["paths"]
    return paths


def _names(pk: int | None, rows: Mapping[int, tuple[str, int | None]]) -> list[str]:
    names: list[str] = []
    while pk is not None and pk in rows and len(names) < 20:
        name, pk = rows[pk]
        names.append(name)
    return names[::-1]


def store_categories(here: Here) -> dict[str, str]:
    """The store's categories, `{path: remote id}`; of two with one path the first counts."""
    if "remote" not in here.memory:
        store_id = here.store.pk if here.store else 0
        rows = RemoteCategory.objects.filter(store_id=store_id, store__seller_id=here.seller_id, active=True)
        known = {row.remote_id: row for row in rows.order_by("-pk")}
        here.memory["remote"] = {SIGN.join(category_path(one, known)): one for one in known}
    found: dict[str, str] = here.memory["remote"]
    return found


def store_brands(here: Here) -> Sequence[str]:
    """The store's brands by name."""
    store_id = here.store.pk if here.store else 0
    rows = RemoteBrand.objects.filter(store_id=store_id, store__seller_id=here.seller_id)
    return list(rows.order_by("name").values_list("name", flat=True))


def catalogue_lists(here: Here) -> Mapping[str, Sequence[str]]:
    """Brands, categories and option names for products: the store's where one is chosen, else the seller's own."""
    if here.store is not None:
        names: list[Any] = fetch(STORE_OPTIONS, [here.seller_id, here.store.pk])
        brands, paths = store_brands(here), sorted(store_categories(here))
    else:
        names = fetch(OPTION_NAMES, [here.seller_id])
        brands = list(Brand.objects.filter(seller_id=here.seller_id).order_by("name").values_list("name", flat=True))
        paths = sorted(own_paths(here).values())
    return {
        "brands": brands,
        "categories": paths,
        "option_names": [row[0] for row in names if row[0]],
        "warehouses": warehouse_codes(here),
    }
