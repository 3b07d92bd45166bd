"""The variants of a product (4.x): rows of their own below a master (§5)."""

from collections.abc import Callable, Mapping

from entrepot.connectors.opencart.simulator import admin
from entrepot.connectors.opencart.simulator.rows import Product, ProductOption, Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import escape
from entrepot.connectors.opencart.simulator.wire.answers import invalid

OWN = ("model", "sku", "barcode", "price", "quantity", "status")


def put(shop: Shop, master: Product, given: Row, apply: Callable[[Shop, Product, Row], Row]) -> Row:
    """Make or change the variants; each is found by its choices. The master's counters become their sums.

    Raises:
        WireError: This line has no variants, or one does not choose a value of each option.
    """
    if not shop.line.has_variants:
        raise invalid("variants", "no_place", "This shop knows no variants.")
    chosen = [_choices(shop, master, row) for row in given["variants"]]
    if len(set(chosen)) < len(chosen):
        raise invalid("variants", "values", "Every variant needs choices of its own.")
    ids = []
    for row, values in zip(given["variants"], chosen, strict=True):
        variant = _variant(shop, master, values)
        own = {name: row[name] for name in OWN if name in row}
        apply(shop, variant, own)
        variant.override |= dict.fromkeys(own, "1") | {"variant": "1"}
        ids.append(variant.product_id)
    _roll_up(shop, master)
    return {"variants": ids}


def _choices(shop: Shop, master: Product, row: Mapping[str, object]) -> tuple[int, ...]:
    """The option values a variant is made of, in the order of the options."""
    stated = row.get("choices")
    if not isinstance(stated, dict) or len(stated) != len(master.options) or not row.get("model"):
        raise invalid("variants", "choices", "Every variant must choose one value of each option.")
    given = {escape(str(name)): escape(str(value)) for name, value in stated.items()}
    return tuple(_value(shop, option, given) for option in master.options)


def _value(shop: Shop, option: ProductOption, given: Mapping[str, str]) -> int:
    name = shop.option(option.option_id).names[shop.language_id]
    for value in option.values:
        if shop.option_value_name(value.option_value_id, shop.language_id) == given.get(name):
            return value.option_value_id
    raise invalid("variants", "choices", "Every variant must choose one value of each option.")


def _variant(shop: Shop, master: Product, values: tuple[int, ...]) -> Product:
    fixed = _fixed(master, values)
    for variant in shop.variants_of(master.product_id):
        if variant.variant == fixed:
            return variant
    made = admin.NewProduct(quantity=0, price=master.price, status=master.status)
    variant = shop.tables.products[admin.add_variant(shop, master.product_id, values, made)]
    variant.categories, variant.stores = list(master.categories), list(master.stores)
    variant.images, variant.attributes = list(master.images), list(master.attributes)
    variant.descriptions = dict(master.descriptions)
    variant.columns["manufacturer_id"] = master.columns["manufacturer_id"]
    return variant


def _fixed(master: Product, values: tuple[int, ...]) -> dict[str, str]:
    return {
        str(option.product_option_id): str(value.product_option_value_id)
        for option, number in zip(master.options, values, strict=True)
        for value in option.values
        if value.option_value_id == number
    }


def _roll_up(shop: Shop, master: Product) -> None:
    variants = list(shop.variants_of(master.product_id))
    master.quantity = sum(max(variant.quantity, 0) for variant in variants)
    for option in master.options:
        for value in option.values:
            row = str(value.product_option_value_id)
            value.quantity = sum(max(one.quantity, 0) for one in variants if row in one.variant.values())
    shop.product_changed(master)
