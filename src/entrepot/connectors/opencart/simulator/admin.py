"""What the shop's owner does by hand in the catalogue, with OpenCart's side effects (reference §4)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from entrepot.connectors.opencart.simulator.lines import CODE_COLUMNS
from entrepot.connectors.opencart.simulator.rows import OptionValue, Product, ProductOption, Row
from entrepot.connectors.opencart.simulator.text import escape, fit, stored

if TYPE_CHECKING:
    from entrepot.connectors.opencart.simulator.shop import Shop

_ZERO_SIZE = "0.00000000"
_DEFAULTS: dict[str, str | None] = {
    "location": "",
    "stock_status_id": "7",
    "image": "",
    "manufacturer_id": "0",
    "shipping": "1",
    "points": "0",
    "tax_class_id": "0",
    "date_available": "2024-01-01",
    "weight": _ZERO_SIZE,
    "weight_class_id": "1",
    "length": _ZERO_SIZE,
    "width": _ZERO_SIZE,
    "height": _ZERO_SIZE,
    "length_class_id": "1",
    "minimum": "1",
    "rating": "0",
    "viewed": "0",
    "sort_order": "0",
}
_INHERITED = ("price", "status", "subtract")
_FIELDS_OF_THEIR_OWN = frozenset(Product.__struct_fields__)


def columns_for(shop: "Shop", given: Mapping[str, object]) -> dict[str, str | None]:
    """The product columns this line has, from `given` (already escaped) and defaults."""
    named: dict[str, object] = {**_DEFAULTS, **dict.fromkeys(CODE_COLUMNS, ""), **given}
    wanted = (name for name in shop.line.product_columns if name not in _FIELDS_OF_THEIR_OWN)
    return {name: None if named.get(name) is None else str(named[name]) for name in wanted}


def codes_for(shop: "Shop", given: Mapping[str, str], *, lower: bool = False) -> list[tuple[str, str]]:
    """The product_code rows of a 4.1 shop; upgraded shops hold the code in lower case."""
    if not shop.line.sku_in_codes:
        return []
    return [(name if lower else name.upper(), given[name]) for name in CODE_COLUMNS if given.get(name)]


class NewProduct(msgspec.Struct, kw_only=True):
    """A product to make, in plain text. `columns` = further product columns, `product_id` = an id of one's own.

    `options` = (option_id, [(option_value_id, quantity, price delta)]). `names` by language id, else `name` in all.
    SKU and EAN land where the line keeps them.
    """

    model: str = "Model"
    name: str = "Product"
    names: dict[int, str] = {}
    price: str | None = None
    quantity: int = 10
    sku: str = ""
    ean: str = ""
    subtract: int = 1
    status: int = 1
    options: list[tuple[int, list[tuple[int, int, str]]]] = []
    columns: dict[str, str] = {}
    product_id: int | None = None


def add_product(shop: "Shop", draft: NewProduct) -> int:
    """Make a product row with what hangs on it; answer its id."""
    product_id = draft.product_id or shop.tables.next_id("product")
    stamp = shop.clock.stamp()
    codes = {"sku": escape(draft.sku), "ean": escape(draft.ean)}
    given = {key: escape(text) for key, text in draft.columns.items()} | codes
    given["model"] = fit(escape(draft.model), 64)
    plain = draft.names or {row["language_id"]: draft.name for row in shop.tables.languages}
    product = Product(
        product_id=product_id,
        quantity=draft.quantity,
        price=stored(draft.price or "10"),
        subtract=draft.subtract,
        status=draft.status,
        date_added=stamp,
        date_modified=stamp,
        columns=columns_for(shop, given),
        codes=codes_for(shop, given),
        names={int(key): escape(text) for key, text in plain.items()},
        options=[new_option(shop, option_id, values) for option_id, values in draft.options],
    )
    shop.keep_product(product)
    return product_id


def new_option(shop: "Shop", option_id: int, values: Sequence[tuple[int, int, str]]) -> ProductOption:
    """Option rows with new ids; values = (option_value_id, quantity, price delta)."""
    rows = [
        OptionValue(
            product_option_value_id=shop.tables.next_id("product_option_value"),
            option_value_id=value_id,
            quantity=quantity,
            price=stored(abs(Decimal(delta))),
            price_prefix="-" if Decimal(delta) < 0 else "+",
        )
        for value_id, quantity, delta in values
    ]
    option_row = shop.tables.next_id("product_option")
    return ProductOption(product_option_id=option_row, option_id=option_id, values=rows)


def set_quantity(shop: "Shop", product_id: int, quantity: int) -> None:
    """Save a product with another quantity and nothing else."""
    save_form(shop, product_id, open_form(shop, product_id), {"quantity": quantity})


def set_option_quantity(shop: "Shop", product_id: int, option_value_id: int, quantity: int) -> None:
    """Save a product with another quantity of one option value."""
    form = open_form(shop, product_id)
    for option in form["options"]:
        for value in option["values"]:
            if value["option_value_id"] == option_value_id:
                value["quantity"] = quantity
    save_form(shop, product_id, form, {})


def open_form(shop: "Shop", product_id: int) -> Row:
    """The product as the admin's form holds it, row ids included."""
    form: Row = msgspec.to_builtins(shop.tables.products[product_id])
    return form


def save_form(shop: "Shop", product_id: int, form: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Write a whole form back. Saving a master rewrites in its variants what they do not override."""
    written: Row = {**form, **changes, "product_id": product_id}
    names = changes.get("names")
    if isinstance(names, Mapping):
        written["names"] = {key: escape(str(text)) for key, text in names.items()}
    product = msgspec.convert(written, Product, strict=False)
    product.price = stored(product.price)
    product.date_modified = shop.clock.stamp()
    shop.keep_product(product)
    shop.emit("product.saved", product_id, {})
    for variant in list(shop.variants_of(product_id)):
        for name in _INHERITED:
            if name not in variant.override:
                setattr(variant, name, getattr(product, name))
        variant.date_modified = product.date_modified
        shop.product_changed(variant)
        shop.emit("product.saved", variant.product_id, {})


def rotate_option_ids(shop: "Shop", product_id: int) -> None:
    """Delete and insert the option rows anew, as a save without row ids does."""
    product = shop.tables.products[product_id]
    for option in product.options:
        option.product_option_id = shop.tables.next_id("product_option")
        for value in option.values:
            value.product_option_value_id = shop.tables.next_id("product_option_value")
    product.date_modified = shop.clock.stamp()
    shop.product_changed(product)
    shop.emit("product.saved", product_id, {})


def copy_product(shop: "Shop", product_id: int) -> int:
    """Duplicate a product: same model, status 0, new row ids; the codes come along on 4.1 only."""
    copy = msgspec.convert(open_form(shop, product_id), Product, strict=False)
    copy.product_id = shop.tables.next_id("product")
    copy.status = 0
    copy.date_added = copy.date_modified = shop.clock.stamp()
    for option in copy.options:
        option.product_option_id = shop.tables.next_id("product_option")
        for value in option.values:
            value.product_option_value_id = shop.tables.next_id("product_option_value")
    if not shop.line.copy_keeps_sku:
        copy.columns |= {name: "" for name in ("sku", "upc") if name in copy.columns}
    shop.keep_product(copy)
    shop.emit("product.saved", copy.product_id, {})
    return copy.product_id


def add_variant(shop: "Shop", master_id: int, values: Sequence[int], draft: NewProduct) -> int:
    """Make a variant row below a master, fixing one value of each option named by `values`.

    Raises:
        ValueError: This line of OpenCart has no variants.
    """
    if not shop.line.has_variants:
        raise ValueError("OpenCart 3.0 has no variants")
    master = shop.tables.products[master_id]
    fixed = {
        str(option.product_option_id): str(value.product_option_value_id)
        for option in master.options
        for value in option.values
        if value.option_value_id in set(values)
    }
    suffix = ", ".join(shop.option_value_name(value, shop.language_id) for value in values)
    draft.price = draft.price or master.price
    variant_id = add_product(shop, draft)
    variant = shop.tables.products[variant_id]
    variant.names = {key: f"{name} ({suffix})" for key, name in master.names.items()}
    variant.master_id, variant.variant = master_id, fixed
    variant.override = {"model": "1", "product_description": "1"}
    variant.columns |= {"tax_class_id": master.columns["tax_class_id"], "image": master.columns["image"]}
    shop.product_changed(variant)
    return variant_id


def delete_product(shop: "Shop", product_id: int) -> None:
    """Remove a product; its variants become products of their own, and order lines keep naming it."""
    for variant in list(shop.variants_of(product_id)):
        variant.master_id = 0
        shop.stock_moved(variant.product_id)
    product = shop.tables.products.pop(product_id)
    product.options = []
    shop.product_changed(product)
