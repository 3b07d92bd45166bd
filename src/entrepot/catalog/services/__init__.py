"""The verbs of the catalogue."""

from entrepot.catalog.services.categories import (
    change_category,
    delete_category,
    make_category,
    move_category,
    rename_category,
)
from entrepot.catalog.services.kits import create_kit, set_parts
from entrepot.catalog.services.merge import absorb, drop_empty
from entrepot.catalog.services.products import create_product, delete_item, delete_product, edit_item, edit_product
from entrepot.catalog.services.taxonomy import ensure_brands, ensure_categories
from entrepot.catalog.services.upsert import upsert_items

__all__ = [
    "absorb",
    "change_category",
    "create_kit",
    "create_product",
    "delete_category",
    "delete_item",
    "delete_product",
    "drop_empty",
    "edit_item",
    "edit_product",
    "ensure_brands",
    "ensure_categories",
    "make_category",
    "move_category",
    "rename_category",
    "set_parts",
    "upsert_items",
]
