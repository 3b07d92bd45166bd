"""Fixture shops of our own: the few tables and columns the bridge touches, in the shape of three generations."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "sh_"
SKUS = ("sku", "upc", "ean", "jan", "isbn", "mpn")


@dataclass(frozen=True)
class Generation:
    name: str
    version: str
    line: str
    engine: str
    charset: str
    variants: bool
    codes: bool  # product_code instead of the columns
    specials: bool  # product_special instead of flagged discounts
    startup: tuple[str, ...] | None


GENERATIONS = {
    g.name: g
    for g in (
        Generation("g30", "3.0.5.1", "oc3", "MyISAM", "utf8", False, False, True, None),
        Generation(
            "g402", "4.0.2.3", "oc4", "InnoDB", "utf8mb4", True, False, True, ("code", "action", "status", "sort_order")
        ),
        Generation(
            "g41",
            "4.1.0.4",
            "oc4",
            "InnoDB",
            "utf8mb4",
            True,
            True,
            False,
            ("description", "code", "action", "status", "sort_order"),
        ),
    )
}

INT, TEXT, MONEY, SIZE, DAY, TIME = "INT", "TEXT", "DECIMAL(15,4)", "DECIMAL(15,8)", "DATE", "DATETIME"


def tables(g: Generation) -> dict[str, tuple[str, dict[str, str]]]:
    """`{table: (auto-increment key or "", {column: type})}`."""
    product = {
        "model": "VARCHAR(64)",
        "location": "VARCHAR(128)",
        "quantity": INT,
        "stock_status_id": INT,
        "image": "VARCHAR(255)",
        "manufacturer_id": INT,
        "shipping": INT,
        "price": MONEY,
        "points": INT,
        "tax_class_id": INT,
        "date_available": DAY,
        "weight": SIZE,
        "weight_class_id": INT,
        "length": SIZE,
        "width": SIZE,
        "height": SIZE,
        "length_class_id": INT,
        "subtract": INT,
        "minimum": INT,
        "sort_order": INT,
        "status": INT,
        "date_added": TIME,
        "date_modified": TIME,
    }
    if g.variants:
        product = {"master_id": INT, "variant": TEXT, "override": TEXT} | product
    if not g.codes:
        product |= {name: "VARCHAR(14)" if name == "ean" else "VARCHAR(64)" for name in SKUS}
    discount = {"product_id": INT, "customer_group_id": INT, "quantity": INT, "priority": INT, "price": MONEY}
    if not g.specials:
        discount |= {"type": "CHAR(1)", "special": INT}
    discount |= {"date_start": DAY, "date_end": DAY}
    name = {"language_id": INT, "name": "VARCHAR(64)"}
    order = {
        "store_id": INT,
        "customer_id": INT,
        "firstname": "VARCHAR(32)",
        "lastname": "VARCHAR(32)",
        "email": "VARCHAR(96)",
        "payment_country_id": INT,
        "shipping_country_id": INT,
        "total": MONEY,
        "order_status_id": INT,
        "currency_code": "VARCHAR(3)",
        "currency_value": SIZE,
        "ip": "VARCHAR(40)",
        "forwarded_ip": "VARCHAR(40)",
        "user_agent": "VARCHAR(255)",
        "accept_language": "VARCHAR(255)",
        "date_added": TIME,
        "date_modified": TIME,
    }
    line = {
        "order_id": INT,
        "product_id": INT,
        "name": "VARCHAR(255)",
        "model": "VARCHAR(64)",
        "quantity": INT,
        "price": MONEY,
    }
    result: dict[str, tuple[str, dict[str, str]]] = {
        "setting": (
            "setting_id",
            {"store_id": INT, "code": "VARCHAR(128)", "key": "VARCHAR(128)", "value": TEXT, "serialized": INT},
        ),
        "event": (
            "event_id",
            {"code": "VARCHAR(128)", "trigger": TEXT, "action": TEXT, "status": INT, "sort_order": INT},
        ),
        "language": ("language_id", {"name": "VARCHAR(32)", "code": "VARCHAR(5)", "status": INT}),
        "currency": (
            "currency_id",
            {
                "title": "VARCHAR(32)",
                "code": "VARCHAR(3)",
                "decimal_place": "VARCHAR(1)",
                "value": "DOUBLE(15,8)",
                "status": INT,
            },
        ),
        "country": ("country_id", {"iso_code_2": "VARCHAR(2)", "iso_code_3": "VARCHAR(3)", "status": INT}),
        "store": ("store_id", {"name": "VARCHAR(64)", "url": "VARCHAR(255)"}),
        "order_status": ("", {"order_status_id": INT, "language_id": INT, "name": "VARCHAR(32)"}),
        "stock_status": ("", {"stock_status_id": INT, "language_id": INT, "name": "VARCHAR(32)"}),
        "weight_class_description": ("", {"weight_class_id": INT, "language_id": INT, "unit": "VARCHAR(4)"}),
        "length_class_description": ("", {"length_class_id": INT, "language_id": INT, "unit": "VARCHAR(4)"}),
        "category": ("category_id", {"image": "VARCHAR(255)", "parent_id": INT, "sort_order": INT, "status": INT}),
        "category_description": ("", {"category_id": INT} | name),
        "category_to_store": ("", {"category_id": INT, "store_id": INT}),
        "manufacturer": ("manufacturer_id", {"name": "VARCHAR(64)", "image": "VARCHAR(255)", "sort_order": INT}),
        "manufacturer_to_store": ("", {"manufacturer_id": INT, "store_id": INT}),
        "attribute": ("attribute_id", {"attribute_group_id": INT, "sort_order": INT}),
        "attribute_description": ("", {"attribute_id": INT} | name),
        "attribute_group": ("attribute_group_id", {"sort_order": INT}),
        "attribute_group_description": ("", {"attribute_group_id": INT} | name),
        "option": ("option_id", {"type": "VARCHAR(32)", "sort_order": INT}),
        "option_description": ("", {"option_id": INT} | name),
        "option_value": ("option_value_id", {"option_id": INT, "image": "VARCHAR(255)", "sort_order": INT}),
        "option_value_description": ("", {"option_value_id": INT, "option_id": INT} | name),
        "product": ("product_id", product),
        "product_description": (
            "",
            {
                "product_id": INT,
                "language_id": INT,
                "name": "VARCHAR(255)",
                "description": TEXT,
                "tag": TEXT,
                "meta_title": "VARCHAR(255)",
                "meta_description": "VARCHAR(255)",
                "meta_keyword": "VARCHAR(255)",
            },
        ),
        "product_to_category": ("", {"product_id": INT, "category_id": INT}),
        "product_to_store": ("", {"product_id": INT, "store_id": INT}),
        "product_related": ("", {"product_id": INT, "related_id": INT}),
        "product_image": ("product_image_id", {"product_id": INT, "image": "VARCHAR(255)", "sort_order": INT}),
        "product_attribute": ("", {"product_id": INT, "attribute_id": INT, "language_id": INT, "text": TEXT}),
        "product_option": ("product_option_id", {"product_id": INT, "option_id": INT, "value": TEXT, "required": INT}),
        "product_option_value": (
            "product_option_value_id",
            {
                "product_option_id": INT,
                "product_id": INT,
                "option_id": INT,
                "option_value_id": INT,
                "quantity": INT,
                "subtract": INT,
                "price": MONEY,
                "price_prefix": "VARCHAR(1)",
                "points": INT,
                "points_prefix": "VARCHAR(1)",
                "weight": SIZE,
                "weight_prefix": "VARCHAR(1)",
            },
        ),
        "product_discount": ("product_discount_id", discount),
        "seo_url": (
            "seo_url_id",
            {"store_id": INT, "language_id": INT, "keyword": "VARCHAR(255)"}
            | ({"query": "VARCHAR(255)"} if g.line == "oc3" else {"key": "VARCHAR(64)", "value": "VARCHAR(255)"}),
        ),
        "order": ("order_id", order),
        "order_product": (
            "order_product_id",
            line | {"total": MONEY, "tax": MONEY, "reward": INT} | ({"master_id": INT} if g.variants else {}),
        ),
        "order_option": (
            "order_option_id",
            {
                "order_id": INT,
                "order_product_id": INT,
                "product_option_id": INT,
                "product_option_value_id": INT,
                "name": "VARCHAR(255)",
                "value": TEXT,
                "type": "VARCHAR(32)",
            },
        ),
        "order_total": (
            "order_total_id",
            {"order_id": INT, "code": "VARCHAR(32)", "title": "VARCHAR(255)", "value": MONEY, "sort_order": INT}
            | ({"extension": "VARCHAR(255)"} if g.variants else {}),
        ),
        "order_history": (
            "order_history_id",
            {"order_id": INT, "order_status_id": INT, "notify": INT, "comment": TEXT, "date_added": TIME},
        ),
    }
    if g.codes:
        result["product_code"] = (
            "product_code_id",
            {"product_id": INT, "code": "VARCHAR(48)", "value": "VARCHAR(255)"},
        )
        result["identifier"] = ("identifier_id", {"name": "VARCHAR(64)", "code": "VARCHAR(48)"})
    else:
        result["order_voucher"] = (
            "order_voucher_id",
            {"order_id": INT, "description": "VARCHAR(255)", "amount": MONEY},
        )
    if g.specials:
        result["product_special"] = (
            "product_special_id",
            {
                "product_id": INT,
                "customer_group_id": INT,
                "priority": INT,
                "price": MONEY,
                "date_start": DAY,
                "date_end": DAY,
            },
        )
    if g.startup:
        types = {"description": TEXT, "code": "VARCHAR(64)", "action": TEXT, "status": INT, "sort_order": INT}
        result["startup"] = ("startup_id", {column: types[column] for column in g.startup})
    return result


def create(g: Generation) -> str:
    statements = []
    for name, (key, columns) in tables(g).items():
        parts = [f"`{key}` INT NOT NULL AUTO_INCREMENT PRIMARY KEY"] if key else []
        parts += [f"`{column}` {kind} NULL" for column, kind in columns.items()]
        statements.append(
            f"CREATE TABLE `{PREFIX}{name}` ({', '.join(parts)}) ENGINE={g.engine} DEFAULT CHARSET={g.charset};"
        )
    return "\n".join(statements)
