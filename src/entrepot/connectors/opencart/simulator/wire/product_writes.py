"""Making, changing, hiding and deleting products, and storing images (§5)."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from entrepot.connectors.opencart.simulator import admin
from entrepot.connectors.opencart.simulator.rows import Option, OptionValueName, Product, Row, Told
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import escape, stored
from entrepot.connectors.opencart.simulator.wire import attribute_writes, variant_writes
from entrepot.connectors.opencart.simulator.wire.answers import (
    Answer,
    Call,
    WireError,
    each,
    encode,
    flag,
    integer,
    invalid,
)
from entrepot.connectors.opencart.simulator.wire.order_writes import key_of, once
from entrepot.connectors.opencart.simulator.wire.price_writes import amount
from entrepot.connectors.opencart.simulator.wire.reading import LENGTH_UNITS, WEIGHT_UNITS, product_row
from entrepot.connectors.opencart.simulator.wire.stock_writes import find_product

_IMAGE_PATH = re.compile(r"catalog(/[A-Za-z0-9_-]+)+\.(jpe?g|png|gif|webp)")
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "gif": b"GIF8", "webp": b"RIFF"}


def create(shop: Shop, call: Call) -> Answer:
    """Make a product once per key."""

    def act() -> Row:
        return _made(shop, _creation(call.body))

    return Answer(encode(once(shop, "product_create", call.body, act)))


def create_many(shop: Shop, call: Call) -> Answer:
    """Make many, each once by its own key; a repeat gives the first product the fields it brings.

    What it has in stock by now, and whether it is shown, stays as the shop has it.

    Raises:
        WireError: The shop's bridge is older than this.
    """
    if not shop.products_at_once:
        raise WireError(404, "unknown_resource", "There is no resource 'products_create'.", resource="products_create")

    def write(item: Row) -> Row:
        given, name = _creation(item), f"product_create:{key_of(item)}"
        told = shop.tables.told.get(name)
        product = shop.tables.products.get(told.answer["product_id"]) if told else None
        if product is not None:
            figures = _figures(shop, product)
            answer = {"product_id": product.product_id, **_apply(shop, product, given)}
            _put_back(shop, product, figures)
        else:
            answer = _made(shop, given)
        shop.tables.told[name] = Told(body="", answer=answer)
        return {**answer, "repeated": product is not None}

    return Answer(encode(each(call, write, most=shop.products_at_once)))


def _figures(shop: Shop, product: Product) -> dict[tuple[str, int], tuple[int, int]]:
    """Quantity and visibility of a product and its variants, and quantities of its options' values."""
    rows = [product, *shop.variants_of(product.product_id)]
    values = [value for option in product.options for value in option.values]
    return {("product", row.product_id): (row.quantity, row.status) for row in rows} | {
        ("value", value.product_option_value_id): (value.quantity, 0) for value in values
    }


def _put_back(shop: Shop, product: Product, figures: Mapping[tuple[str, int], tuple[int, int]]) -> None:
    for row in (product, *shop.variants_of(product.product_id)):
        row.quantity, row.status = figures.get(("product", row.product_id), (row.quantity, row.status))
    for option in product.options:
        for value in option.values:
            value.quantity, _ = figures.get(("value", value.product_option_value_id), (value.quantity, 0))
    shop.product_changed(product)


def _creation(body: Row) -> Row:
    given = _given(body)
    for name in ("model", "names"):
        if not given.get(name):
            raise invalid(name, "missing", f"The field {name} is required.")
    return given


def _made(shop: Shop, given: Row) -> Row:
    product_id = admin.add_product(shop, admin.NewProduct(quantity=0, price="0", status=0))
    try:
        return {"product_id": product_id, **_apply(shop, shop.tables.products[product_id], given)}
    except WireError:
        admin.delete_product(shop, product_id)
        raise


def update(shop: Shop, call: Call) -> Answer:
    """Change what is given and answer the product as it is now."""
    product = find_product(shop, call.body)
    _apply(shop, product, _given(call.body))
    return Answer(encode(product_row(shop, product)))


def set_status(shop: Shop, call: Call) -> Answer:
    """Show or hide products."""

    def write(item: Row) -> Row:
        product = find_product(shop, item)
        integer(item, "status")
        product.status = flag(item, "status", 0)
        if product.master_id:
            product.override["status"] = "1"
        product.date_modified = shop.clock.stamp()
        shop.stock_moved(product.product_id)
        return {"product_id": product.product_id, "status": product.status}

    return Answer(encode(each(call, write)))


def delete(shop: Shop, call: Call) -> Answer:
    """Remove products."""

    def write(item: Row) -> Row:
        product_id = find_product(shop, item).product_id
        admin.delete_product(shop, product_id)
        return {"product_id": product_id}

    return Answer(encode(each(call, write)))


def store_image(shop: Shop, call: Call) -> Answer:
    """Keep an image file below `image/`."""
    path, content = str(call.body.get("path") or ""), str(call.body.get("content") or "")
    if not _IMAGE_PATH.fullmatch(path):
        raise invalid("path", "malformed", "The path must lie below catalog/.")
    try:
        binary = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("content", "base64", "The content must be base64.") from None
    if not binary.startswith(_beginnings(path)):
        raise invalid("content", "not_an_image", "The content is no picture of the kind its name says.")
    shop.tables.images[path] = len(binary)
    return Answer(encode({"path": path, "url": f"{shop.url}image/{path}", "bytes": len(binary)}))


def _beginnings(path: str) -> bytes:
    return _BEGINNINGS.get(path.rpartition(".")[2], b"\xff\xd8\xff")


def _given(body: Row) -> Row:
    given = body.get("product")
    if not isinstance(given, dict):
        raise invalid("product", "missing", "The field product must be an object.")
    return given


def text(given: object, name: str, width: int) -> str:
    """Plain text as the shop stores it.

    Raises:
        WireError: The column cannot hold it whole; the shop itself would cut it without a word (case 30).
    """
    kept = escape(str(given))
    if len(kept) > width:
        raise invalid(name, "too_long", "The text is longer than the shop keeps.")
    return kept


def _apply(shop: Shop, product: Product, given: Row) -> Row:
    """Write the given fields, each refused when its column could not hold it whole; answer the variants written."""
    _apply_numbers(product, given)
    if "model" in given:
        product.columns["model"] = text(given["model"], "model", 64)
    if "image" in given:
        product.columns["image"] = text(given["image"] or "", "image", 255)
    _apply_codes(shop, product, given)
    _apply_texts(shop, product, given)
    _apply_links(shop, product, given)
    if "options" in given:
        _apply_options(shop, product, given["options"])
        if "quantity" not in given:
            sums = [sum(value.quantity for value in option.values) for option in product.options if option.values]
            product.quantity = max(sums, default=product.quantity)
    product.date_modified = shop.clock.stamp()
    shop.product_changed(product)
    return variant_writes.put(shop, product, given, _apply) if given.get("variants") else {}


def _apply_numbers(product: Product, given: Row) -> None:
    if "price" in given:
        product.price = stored(amount(given, "price"))
    if "quantity" in given:
        product.quantity = integer(given, "quantity")
    for name in ("status", "subtract"):
        if name in given:
            setattr(product, name, flag(given, name, 0))
    if "minimum" in given:
        product.columns["minimum"] = str(integer(given, "minimum", least=1))
    for name in ("weight", "length", "width", "height"):
        if name in given:
            product.columns[name] = stored(amount(given, name, 8), 8)
    _apply_units(product, given)


def _apply_units(product: Product, given: Row) -> None:
    for name, units in (("weight", WEIGHT_UNITS), ("length", LENGTH_UNITS)):
        unit = given.get(f"{name}_unit")
        if unit is None:
            continue
        key = next((key for key, name in units.items() if name == unit), None)
        if key is None:
            raise invalid(f"{name}_unit", "unknown", "The shop has no such unit.")
        product.columns[f"{name}_class_id"] = key


def _apply_codes(shop: Shop, product: Product, given: Row) -> None:
    """SKU and barcode go where this line keeps them: columns, or product_code."""
    for name, field, width in (("sku", "sku", 64), ("ean", "barcode", 14)):
        if given.get(field) is None:
            continue
        kept = text(given[field], field, 255 if shop.line.sku_in_codes else width)
        if not shop.line.sku_in_codes:
            product.columns[name] = kept
            continue
        others = [(code, value) for code, value in product.codes if code.lower() != name]
        product.codes = [*others, (name.upper(), kept)] if kept else others


def _apply_texts(shop: Shop, product: Product, given: Row) -> None:
    languages = {row["code"]: row["language_id"] for row in shop.tables.languages}
    names, descriptions = given.get("names") or {}, given.get("descriptions") or {}
    for code in {*names, *descriptions} - set(languages):
        raise invalid("names", "unknown_language", f"The shop has no language {code}.")
    for code, name in names.items():
        product.names[languages[code]] = text(name, "names", 255)
    if names:
        fallback = text(next(iter(names.values())), "names", 255)
        untold = [key for key in languages.values() if key not in product.names or product.names[key] == "Product"]
        product.names |= dict.fromkeys(untold, fallback)
    for code, words in descriptions.items():
        product.descriptions[languages[code]] = escape(str(words))


def _apply_links(shop: Shop, product: Product, given: Row) -> None:
    if "manufacturer_id" in given:
        product.columns["manufacturer_id"] = str(integer(given, "manufacturer_id"))
    elif given.get("manufacturer"):
        product.columns["manufacturer_id"] = str(_manufacturer(shop, str(given["manufacturer"])))
    for source, field in (("category_ids", "categories"), ("store_ids", "stores")):
        if source in given:
            setattr(product, field, [int(key) for key in given[source]])
    if "images" in given:
        product.images = [str(path) for path in given["images"]]
    if "attributes" in given:
        attribute_writes.put(shop, product, given["attributes"])


def _manufacturer(shop: Shop, name: str) -> int:
    kept = text(name, "manufacturer", 64)
    for row in shop.tables.manufacturers:
        if row["name"] == kept:
            return int(row["manufacturer_id"])
    made = max((int(row["manufacturer_id"]) for row in shop.tables.manufacturers), default=0) + 1
    shop.tables.manufacturers.append({"manufacturer_id": made, "name": kept, "image": "", "sort_order": 0})
    return made


def _apply_options(shop: Shop, product: Product, wanted: list[Mapping[str, Any]]) -> None:
    """Options and values are found by name or made; rows that stay keep their ids."""
    base = product.price
    old = {
        (option.option_id, value.option_value_id): value.product_option_value_id
        for option in product.options
        for value in option.values
    }
    rows = {option.option_id: option.product_option_id for option in product.options}
    product.options = []
    for row in wanted:
        option = _option(shop, str(row["name"]), str(row.get("type") or "select"))
        values = [
            (_value(shop, option, str(value["name"])), integer(dict(value), "quantity"), _delta(dict(value), base))
            for value in row.get("values") or ()
        ]
        made = admin.new_option(shop, option.option_id, values)
        made.required = flag(row, "required", 1)
        made.product_option_id = rows.get(option.option_id, made.product_option_id)
        for value, source in zip(made.values, row.get("values") or (), strict=True):
            value.subtract = flag(source, "subtract", 1)
            value.product_option_value_id = old.get(
                (option.option_id, value.option_value_id), value.product_option_value_id
            )
        product.options.append(made)


def _delta(value: Row, base: str) -> str:
    return "0" if value.get("price") is None else str(amount(value, "price") - amount({"base": base}, "base"))


def _option(shop: Shop, name: str, kind: str) -> Option:
    kept = escape(name)
    for option in shop.tables.options:
        if kept in option.names.values():
            return option
    made = max((option.option_id for option in shop.tables.options), default=0) + 1
    names = {row["language_id"]: kept for row in shop.tables.languages}
    shop.tables.options.append(Option(option_id=made, type=kind, names=names))
    return shop.tables.options[-1]


def _value(shop: Shop, option: Option, name: str) -> int:
    kept = escape(name)
    for value in option.values:
        if kept in value.names.values():
            return value.option_value_id
    known = (value.option_value_id for entry in shop.tables.options for value in entry.values)
    made = max(known, default=0) + 1
    names = {row["language_id"]: kept for row in shop.tables.languages}
    option.values.append(OptionValueName(option_value_id=made, names=names, sort_order=len(option.values)))
    shop.reindex_options()
    return made
