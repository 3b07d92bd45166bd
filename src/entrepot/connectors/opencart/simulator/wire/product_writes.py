"""Making, changing, hiding and deleting products, and storing images (§5)."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from entrepot.connectors.opencart.simulator import admin
from entrepot.connectors.opencart.simulator.rows import Option, OptionValueName, Product, Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import escape, fit, stored
from entrepot.connectors.opencart.simulator.wire.answers import Answer, Call, WireError, each, encode, integer
from entrepot.connectors.opencart.simulator.wire.order_writes import once
from entrepot.connectors.opencart.simulator.wire.price_writes import amount
from entrepot.connectors.opencart.simulator.wire.reading import LENGTH_UNITS, WEIGHT_UNITS, product_row
from entrepot.connectors.opencart.simulator.wire.stock_writes import find_product

_IMAGE_PATH = re.compile(r"catalog/[A-Za-z0-9_\-./ ]+\.(jpe?g|png|gif|webp)")
_IMAGE_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
_PLAIN = {"image": 255, "weight": 20, "length": 20, "width": 20, "height": 20}


def create(shop: Shop, call: Call) -> Answer:
    """Make a product once per key."""

    def act() -> Row:
        given = _given(call.body)
        if not given.get("model"):
            raise WireError(422, "invalid", "model is missing.", field="model", reason="missing")
        if not given.get("names"):
            raise WireError(422, "invalid", "names is missing.", field="names", reason="missing")
        product_id = admin.add_product(shop, admin.NewProduct(quantity=0, price="0", status=0))
        try:
            _apply(shop, shop.tables.products[product_id], given)
        except WireError:
            admin.delete_product(shop, product_id)
            raise
        return {"product_id": product_id}

    return once(shop, "product_create", call.body, act)


def update(shop: Shop, call: Call) -> Answer:
    """Change what is given and answer the product as it is now."""
    product = find_product(shop, call.body)
    _apply(shop, product, _given(call.body))
    return Answer(encode(product_row(shop, product)))


def set_status(shop: Shop, call: Call) -> Answer:
    """Show or hide products."""

    def write(item: Row) -> Row:
        product = find_product(shop, item)
        product.status = int(bool(integer(item, "status")))
        product.date_modified = shop.clock.stamp()
        shop.stock_moved(product.product_id)
        return {"status": product.status}

    return Answer(encode(each(call, write)))


def delete(shop: Shop, call: Call) -> Answer:
    """Remove products."""

    def write(item: Row) -> Row:
        admin.delete_product(shop, find_product(shop, item).product_id)
        return {}

    return Answer(encode(each(call, write)))


def store_image(shop: Shop, call: Call) -> Answer:
    """Keep an image file below `image/`."""
    path, content = str(call.body.get("path") or ""), str(call.body.get("content") or "")
    if not _IMAGE_PATH.fullmatch(path) or ".." in path:
        raise WireError(422, "invalid", "path must lie below catalog/.", field="path", reason="not_allowed")
    try:
        binary = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise WireError(422, "invalid", "content must be base64.", field="content", reason="not_base64") from None
    if not binary.startswith(_IMAGE_BEGINNINGS):
        raise WireError(422, "invalid", "content is no image.", field="content", reason="not_an_image")
    shop.tables.images[path] = len(binary)
    return Answer(encode({"path": path, "url": f"{shop.url}image/{path}", "bytes": len(binary)}))


def _given(body: Row) -> Row:
    given = body.get("product")
    if not isinstance(given, dict):
        raise WireError(400, "bad_request", "product must be an object.", field="product")
    return given


def _apply(shop: Shop, product: Product, given: Row) -> None:
    """Write the given fields, escaped and cut as the shop's database would."""
    if "price" in given:
        product.price = stored(amount(given, "price"))
    for name in ("quantity", "status", "subtract"):
        if name in given:
            setattr(product, name, integer(given, name))
    if "minimum" in given:
        product.columns["minimum"] = str(integer(given, "minimum"))
    if "model" in given:
        product.columns["model"] = fit(escape(str(given["model"])), 64)
    for name, width in _PLAIN.items():
        if name in given:
            product.columns[name] = fit(escape(str(given[name] or "")), width)
    _apply_units(product, given)
    _apply_codes(shop, product, given)
    _apply_texts(shop, product, given)
    _apply_links(shop, product, given)
    if "options" in given:
        _apply_options(shop, product, given["options"])
    product.date_modified = shop.clock.stamp()
    shop.product_changed(product)


def _apply_units(product: Product, given: Row) -> None:
    for name, units in (("weight", WEIGHT_UNITS), ("length", LENGTH_UNITS)):
        unit = given.get(f"{name}_unit")
        if unit is None:
            continue
        key = next((key for key, text in units.items() if text == unit), None)
        if key is None:
            raise WireError(422, "invalid", "Unknown unit.", field=f"{name}_unit", reason="unknown")
        product.columns[f"{name}_class_id"] = key


def _apply_codes(shop: Shop, product: Product, given: Row) -> None:
    """SKU and barcode go where this line keeps them: columns, or product_code."""
    wanted = {"sku": given.get("sku"), "ean": given.get("barcode")}
    for name, text in wanted.items():
        if text is None:
            continue
        kept = escape(str(text))
        if not shop.line.sku_in_codes:
            product.columns[name] = fit(kept, 64 if name == "sku" else 14)
            continue
        others = [(code, value) for code, value in product.codes if code.lower() != name]
        product.codes = [*others, (name.upper(), kept)] if kept else others


def _apply_texts(shop: Shop, product: Product, given: Row) -> None:
    languages = {row["code"]: row["language_id"] for row in shop.tables.languages}
    names, descriptions = given.get("names") or {}, given.get("descriptions") or {}
    for code in {*names, *descriptions} - set(languages):
        raise WireError(422, "invalid", f"The shop has no language {code}.", field="names", reason="unknown_language")
    for code, text in names.items():
        product.names[languages[code]] = fit(escape(str(text)), 255)
    if names:
        fallback = fit(escape(str(next(iter(names.values())))), 255)
        untold = [key for key in languages.values() if key not in product.names or product.names[key] == "Product"]
        product.names |= dict.fromkeys(untold, fallback)
    for code, text in descriptions.items():
        product.descriptions[languages[code]] = escape(str(text))


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
        languages = {row["code"]: row["language_id"] for row in shop.tables.languages}
        product.attributes = [
            (int(row["attribute_id"]), languages[code], escape(str(text)))
            for row in given["attributes"]
            for code, text in row["texts"].items()
        ]


def _manufacturer(shop: Shop, name: str) -> int:
    kept = fit(escape(name), 64)
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
    product.options = []
    for row in wanted:
        option = _option(shop, str(row["name"]), str(row.get("type") or "select"))
        values = [
            (_value(shop, option, str(value["name"])), integer(dict(value), "quantity"), _delta(dict(value), base))
            for value in row.get("values") or ()
        ]
        made = admin.new_option(shop, option.option_id, values)
        made.required = int(bool(row.get("required", True)))
        for value, source in zip(made.values, row.get("values") or (), strict=True):
            value.subtract = int(bool(source.get("subtract", 1)))
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
