"""Resources that tell about the shop and its catalogue (§4)."""

import json
from typing import Any

from entrepot.connectors.opencart.simulator.lines import VALUE_COLUMNS
from entrepot.connectors.opencart.simulator.rows import OptionValue, Product, ProductOption, Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.wire.answers import BRIDGE_VERSION, Answer, Call, encode, rows
from entrepot.connectors.opencart.simulator.wire.gate import CLOCK_WINDOW, MAX_BODY

WEIGHT_UNITS = {"1": "kg", "2": "g", "3": "lb", "4": "oz", "5": "lb", "6": "oz"}
LENGTH_UNITS = {"1": "cm", "2": "mm", "3": "in"}
LONG = 32_768
"""A page tells descriptions up to this length; products asked for by id tell any."""
_HIDDEN_COLUMNS = frozenset({"location", "points", "rating", "viewed"})


def info(shop: Shop, _call: Call) -> Answer:
    """Who the shop is, both clocks, its schema and its settings."""
    tables = shop.tables
    content: Row = {
        "bridge": {"version": BRIDGE_VERSION, "protocol": 1, "line": shop.line.bridge_line},
        "shop": _shop(shop),
        "clock": shop.clock.face(),
        "schema": {
            "tables": list(shop.line.tables),
            "product": list(shop.line.product_columns),
            "product_option_value": list(VALUE_COLUMNS),
            "order": list(shop.line.order_columns),
        },
        "languages": tables.languages,
        "currencies": [
            {name: row[name] for name in ("code", "title", "value", "decimal_place", "status")}
            for row in tables.currencies
        ],
        "stores": [{"store_id": 0, "name": shop.name, "url": shop.url}],
        "order_statuses": [
            {"order_status_id": status.order_status_id, "language_id": language, "name": name}
            for status in tables.statuses
            for language, name in status.names.items()
        ],
        "processing_status": list(shop.processing),
        "complete_status": list(shop.complete),
        "default_order_status": shop.default_status,
        "void_status": shop.line.void_status,
        "fraud_status": shop.line.fraud_status,
        "counts": _counts(shop),
        "webhook": webhook_state(shop),
        "limits": {
            "requests_per_minute": shop.requests_per_minute,
            "max_body": MAX_BODY,
            "max_page": 1000,
            **({"max_order_writes": shop.order_writes_at_once} if shop.order_writes_at_once else {}),
            **({"max_products": shop.products_at_once} if shop.products_at_once else {}),
            "clock_window": CLOCK_WINDOW,
        },
    }
    return Answer(encode(content))


def _shop(shop: Shop) -> Row:
    return {
        "identity": shop.identity,
        "name": shop.name,
        "url": shop.url,
        "version": shop.line.version,
        "php": "8.2.36",
        "database": "10.11.14-MariaDB",
        "image_base": shop.url + "image/",
        "currency": shop.currency,
        "language": shop.language,
        "language_id": shop.language_id,
        "customer_group_id": shop.customer_group_id,
        "maintenance": shop.maintenance,
        "stock_checkout": int(shop.stock_checkout),
    }


def _counts(shop: Shop) -> Row:
    tables = shop.tables
    return {
        "products": len(tables.products),
        "orders": len(tables.orders),
        "categories": len(tables.categories),
        "manufacturers": len(tables.manufacturers),
        "last_order_history_id": shop.history_ids[-1] if shop.history_ids else 0,
        "last_event_id": tables.last_ids.get("event", 0),
    }


def webhook_state(shop: Shop) -> Row:
    """Where events go and how that went."""
    webhook = shop.tables.webhook
    pending = sum(1 for event in shop.tables.events if event["event_id"] > webhook.delivered)
    return {
        "url": webhook.url,
        "enabled": webhook.url is not None,
        "pending": pending if webhook.url else 0,
        "last_error": webhook.last_error,
    }


def _named(names: dict[int, str]) -> list[Row]:
    return [{"language_id": str(language), "name": name} for language, name in names.items()]


def categories(shop: Shop, call: Call) -> Answer:
    """All categories with their parents and names."""
    made = [
        (
            row.category_id,
            {
                "category_id": str(row.category_id),
                "parent_id": str(row.parent_id),
                "image": row.image,
                "sort_order": str(row.sort_order),
                "status": str(row.status),
                "descriptions": _named(row.names),
                "stores": ["0"],
            },
        )
        for row in shop.tables.categories
    ]
    return _page(call, made)


def manufacturers(shop: Shop, call: Call) -> Answer:
    """All brands."""
    return _page(call, [(row["manufacturer_id"], _text(row)) for row in shop.tables.manufacturers])


def attributes(shop: Shop, call: Call) -> Answer:
    """All attributes with their groups."""
    languages = [row["language_id"] for row in shop.tables.languages]
    made = [
        (
            row["attribute_id"],
            {
                "attribute_id": str(row["attribute_id"]),
                "attribute_group_id": str(row["attribute_group_id"]),
                "sort_order": str(row["sort_order"]),
                "descriptions": _named(dict.fromkeys(languages, str(row["name"]))),
                "group": _named(dict.fromkeys(languages, str(row["group"]))),
            },
        )
        for row in shop.tables.attributes
    ]
    return _page(call, made)


def options(shop: Shop, call: Call) -> Answer:
    """All option definitions with their values."""
    made = [
        (
            row.option_id,
            {
                "option_id": str(row.option_id),
                "type": row.type,
                "sort_order": str(row.sort_order),
                "descriptions": _named(row.names),
                "values": [
                    {
                        "option_value_id": str(value.option_value_id),
                        "image": value.image,
                        "sort_order": str(value.sort_order),
                        "descriptions": _named(value.names),
                    }
                    for value in row.values
                ],
            },
        )
        for row in shop.tables.options
    ]
    return _page(call, made)


def _text(row: Row) -> Row:
    return {name: None if value is None else str(value) for name, value in row.items()}


def _page(call: Call, made: list[tuple[int, Row]]) -> Answer:
    after, limit = call.number("after_id", 0), call.number("limit", 100, least=1, most=1000)
    waiting = sorted((pair for pair in made if pair[0] > after), key=lambda pair: pair[0])
    page = waiting[:limit]
    following = page[-1][0] if len(waiting) > limit else None
    return Answer(encode([row for _, row in page]), following)


# --------------------------------------------------------------------------- products and stock


def products(shop: Shop, call: Call) -> Answer:
    """Products with everything that hangs on them, as stored."""
    chosen, following = _choose(shop, call, most=1000)
    if call.params.get("with") != "description":
        return Answer(encode([product_row(shop, row) for row in chosen]), following)
    made = [_product_json(shop, row) for row in chosen]
    if "ids" not in call.params and any(_is_long(row) for row in chosen):
        made = [encode(product_row(shop, row, longest=LONG)) for row in chosen]
    return Answer(rows(made), following)


def _is_long(product: Product) -> bool:
    return any(len(text) > LONG for text in product.descriptions.values())


def _product_json(shop: Shop, product: Product) -> bytes:
    kept = shop.kept_json["product"]
    ready = kept.get(product.product_id)
    if ready is None:
        ready = kept[product.product_id] = encode(product_row(shop, product, longest=None))
    return ready


def make_ready(shop: Shop) -> None:
    """Have every product's answer ready before somebody asks, so that a benchmark measures its own work."""
    with shop.lock:
        for product in shop.tables.products.values():
            _product_json(shop, product)


def stock(shop: Shop, call: Call) -> Answer:
    """Counters alone."""
    chosen, following = _choose(shop, call, most=5000)
    kept = shop.kept_json["stock"]
    made = []
    for row in chosen:
        ready = kept.get(row.product_id)
        if ready is None:
            ready = kept[row.product_id] = encode(_stock_row(shop, row))
        made.append(ready)
    return Answer(rows(made), following)


def _choose(shop: Shop, call: Call, *, most: int) -> tuple[list[Product], int | None]:
    table = shop.tables.products
    wanted = call.ids(most=most if most < 5000 else 1000)
    if wanted is not None:
        return [table[key] for key in wanted if key in table], None
    after, limit = call.number("after_id", 0), call.number("limit", 100, least=1, most=most)
    keys = sorted(key for key in table if key > after)
    page = keys[:limit]
    return [table[key] for key in page], page[-1] if len(keys) > limit else None


def product_row(shop: Shop, product: Product, *, longest: int | None = 0) -> Row:
    """A product as the bridge shows it. `longest` 0: without descriptions; None: with them, however long."""
    columns = {name: value for name, value in product.columns.items() if name not in _HIDDEN_COLUMNS}
    made: Row = {
        "product_id": str(product.product_id),
        **columns,
        "quantity": str(product.quantity),
        "subtract": str(product.subtract),
        "price": product.price,
        "status": str(product.status),
        "weight_unit": WEIGHT_UNITS.get(columns.get("weight_class_id") or "", ""),
        "length_unit": LENGTH_UNITS.get(columns.get("length_class_id") or "", ""),
        "date_added": product.date_added,
        "date_modified": product.date_modified,
        "codes": [{"code": code, "value": value} for code, value in product.codes],
        "descriptions": _descriptions(product, longest),
        "categories": [str(key) for key in product.categories],
        "stores": [str(key) for key in product.stores],
        "images": [{"image": path, "sort_order": "0"} for path in product.images],
        "attributes": [
            {"attribute_id": str(key), "language_id": str(language), "text": text}
            for key, language, text in product.attributes
        ],
        "options": [
            _option_row(shop, option) for option in sorted(product.options, key=lambda row: row.product_option_id)
        ],
        "discounts": [_discount_row(shop, row) for row in product.discounts],
        "specials": product.specials,
    }
    if shop.line.has_variants:
        made["master_id"] = str(product.master_id)
        made["variant"] = _compact(product.variant)
        made["override"] = _compact(product.override)
    return made


def _compact(value: dict[str, str]) -> str:
    return json.dumps(value, separators=(",", ":")) if value else ""


def _descriptions(product: Product, longest: int | None) -> list[Row]:
    made: list[Row] = _named(product.names)
    if longest == 0:
        return made
    for row in made:
        text = product.descriptions.get(int(row["language_id"]), "")
        row["description"] = None if longest is not None and len(text) > longest else text
    return made


def _discount_row(shop: Shop, row: dict[str, str]) -> Row:
    hidden = () if shop.line.specials_are_discounts else ("type", "special")
    return {name: value for name, value in row.items() if name not in hidden}


def _option_row(shop: Shop, option: ProductOption) -> Row:
    return {
        "product_option_id": str(option.product_option_id),
        "option_id": str(option.option_id),
        "type": shop.option(option.option_id).type,
        "required": str(option.required),
        "value": option.value,
        "values": [_value_row(option, value) for value in option.values],
    }


def _value_row(option: ProductOption, value: OptionValue) -> dict[str, Any]:
    return {
        "product_option_value_id": str(value.product_option_value_id),
        "option_id": str(option.option_id),
        "option_value_id": str(value.option_value_id),
        "quantity": str(value.quantity),
        "subtract": str(value.subtract),
        "price": value.price,
        "price_prefix": value.price_prefix,
        "weight": value.weight,
        "weight_prefix": value.weight_prefix,
        **value.extra,
    }


def _stock_row(shop: Shop, product: Product) -> Row:
    made: Row = {
        "product_id": str(product.product_id),
        "quantity": str(product.quantity),
        "subtract": str(product.subtract),
        "status": str(product.status),
        "date_modified": product.date_modified,
        "options": [
            {
                "product_option_id": str(option.product_option_id),
                "option_id": str(option.option_id),
                "product_option_value_id": str(value.product_option_value_id),
                "option_value_id": str(value.option_value_id),
                "quantity": str(value.quantity),
                "subtract": str(value.subtract),
            }
            for option in product.options
            for value in option.values
        ],
    }
    if shop.line.has_variants:
        made |= {"master_id": str(product.master_id), "variant": _compact(product.variant)}
    return made
