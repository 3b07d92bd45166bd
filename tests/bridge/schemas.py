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
        Generation("g402", "4.0.2.3", "oc4", "InnoDB", "utf8mb4", True, False, True, ("code", "action", "status", "sort_order")),
        Generation(
            "g41", "4.1.0.4", "oc4", "InnoDB", "utf8mb4", True, True, False,
            ("description", "code", "action", "status", "sort_order"),
        ),
    )
}

INT, TEXT, MONEY, SIZE, DAY, TIME = "INT", "TEXT", "DECIMAL(15,4)", "DECIMAL(15,8)", "DATE", "DATETIME"


def tables(g: Generation) -> dict[str, tuple[str, dict[str, str]]]:
    """`{table: (auto-increment key or "", {column: type})}`."""
    product = {
        "model": "VARCHAR(64)", "location": "VARCHAR(128)", "quantity": INT, "stock_status_id": INT, "image": "VARCHAR(255)",
        "manufacturer_id": INT, "shipping": INT, "price": MONEY, "points": INT, "tax_class_id": INT, "date_available": DAY,
        "weight": SIZE, "weight_class_id": INT, "length": SIZE, "width": SIZE, "height": SIZE, "length_class_id": INT,
        "subtract": INT, "minimum": INT, "sort_order": INT, "status": INT, "date_added": TIME, "date_modified": TIME,
    }  # fmt: skip
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
        "store_id": INT, "customer_id": INT, "firstname": "VARCHAR(32)", "lastname": "VARCHAR(32)", "email": "VARCHAR(96)",
        "total": MONEY, "order_status_id": INT, "currency_code": "VARCHAR(3)", "currency_value": SIZE, "ip": "VARCHAR(40)",
        "forwarded_ip": "VARCHAR(40)", "user_agent": "VARCHAR(255)", "accept_language": "VARCHAR(255)", "date_added": TIME,
        "date_modified": TIME,
    }  # fmt: skip
    line = {"order_id": INT, "product_id": INT, "name": "VARCHAR(255)", "model": "VARCHAR(64)", "quantity": INT, "price": MONEY}
    result: dict[str, tuple[str, dict[str, str]]] = {
        "setting": ("setting_id", {"store_id": INT, "code": "VARCHAR(128)", "key": "VARCHAR(128)", "value": TEXT, "serialized": INT}),
        "event": ("event_id", {"code": "VARCHAR(128)", "trigger": TEXT, "action": TEXT, "status": INT, "sort_order": INT}),
        "language": ("language_id", {"name": "VARCHAR(32)", "code": "VARCHAR(5)", "status": INT}),
        "currency": ("currency_id", {"title": "VARCHAR(32)", "code": "VARCHAR(3)", "decimal_place": "VARCHAR(1)", "value": "DOUBLE(15,8)", "status": INT}),
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
        "attribute_group_description": ("", {"attribute_group_id": INT} | name),
        "option": ("option_id", {"type": "VARCHAR(32)", "sort_order": INT}),
        "option_description": ("", {"option_id": INT} | name),
        "option_value": ("option_value_id", {"option_id": INT, "image": "VARCHAR(255)", "sort_order": INT}),
        "option_value_description": ("", {"option_value_id": INT, "option_id": INT} | name),
        "product": ("product_id", product),
        "product_description": (
            "",
            {"product_id": INT, "language_id": INT, "name": "VARCHAR(255)", "description": TEXT, "tag": TEXT,
             "meta_title": "VARCHAR(255)", "meta_description": "VARCHAR(255)", "meta_keyword": "VARCHAR(255)"},
        ),
        "product_to_category": ("", {"product_id": INT, "category_id": INT}),
        "product_to_store": ("", {"product_id": INT, "store_id": INT}),
        "product_related": ("", {"product_id": INT, "related_id": INT}),
        "product_image": ("product_image_id", {"product_id": INT, "image": "VARCHAR(255)", "sort_order": INT}),
        "product_attribute": ("", {"product_id": INT, "attribute_id": INT, "language_id": INT, "text": TEXT}),
        "product_option": ("product_option_id", {"product_id": INT, "option_id": INT, "value": TEXT, "required": INT}),
        "product_option_value": (
            "product_option_value_id",
            {"product_option_id": INT, "product_id": INT, "option_id": INT, "option_value_id": INT, "quantity": INT, "subtract": INT,
             "price": MONEY, "price_prefix": "VARCHAR(1)", "points": INT, "points_prefix": "VARCHAR(1)", "weight": SIZE,
             "weight_prefix": "VARCHAR(1)"},
        ),
        "product_discount": ("product_discount_id", discount),
        "seo_url": (
            "seo_url_id",
            {"store_id": INT, "language_id": INT, "keyword": "VARCHAR(255)"}
            | ({"query": "VARCHAR(255)"} if g.line == "oc3" else {"key": "VARCHAR(64)", "value": "VARCHAR(255)"}),
        ),
        "order": ("order_id", order),
        "order_product": ("order_product_id", line | {"total": MONEY, "tax": MONEY, "reward": INT} | ({"master_id": INT} if g.variants else {})),
        "order_option": (
            "order_option_id",
            {"order_id": INT, "order_product_id": INT, "product_option_id": INT, "product_option_value_id": INT,
             "name": "VARCHAR(255)", "value": TEXT, "type": "VARCHAR(32)"},
        ),
        "order_total": (
            "order_total_id",
            {"order_id": INT, "code": "VARCHAR(32)", "title": "VARCHAR(255)", "value": MONEY, "sort_order": INT}
            | ({"extension": "VARCHAR(255)"} if g.variants else {}),
        ),
        "order_history": ("order_history_id", {"order_id": INT, "order_status_id": INT, "notify": INT, "comment": TEXT, "date_added": TIME}),
    }  # fmt: skip
    if g.codes:
        result["product_code"] = ("product_code_id", {"product_id": INT, "code": "VARCHAR(48)", "value": "VARCHAR(255)"})
        result["identifier"] = ("identifier_id", {"name": "VARCHAR(64)", "code": "VARCHAR(48)"})
    else:
        result["order_voucher"] = ("order_voucher_id", {"order_id": INT, "description": "VARCHAR(255)", "amount": MONEY})
    if g.specials:
        result["product_special"] = (
            "product_special_id",
            {"product_id": INT, "customer_group_id": INT, "priority": INT, "price": MONEY, "date_start": DAY, "date_end": DAY},
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
        statements.append(f"CREATE TABLE `{PREFIX}{name}` ({', '.join(parts)}) ENGINE={g.engine} DEFAULT CHARSET={g.charset};")
    return "\n".join(statements)


def seed(g: Generation) -> str:
    """The fixture shop's rows. Product 30 has an option with two values; on 4.x also two variants, 50 and 51."""
    rows: dict[str, list[dict[str, object]]] = {
        "setting": [
            {"store_id": 0, "code": "config", "key": k, "value": v, "serialized": int(v.startswith("["))}
            for k, v in {
                "config_name": "Tom &amp; Co", "config_currency": "USD", "config_language": "en-gb", "config_maintenance": "0",
                "config_processing_status": '["5","1","2","3"]', "config_complete_status": '["5","3"]', "config_order_status_id": "1",
                "config_void_status_id": "16", "config_fraud_status_id": "8", "config_stock_checkout": "0",
                "config_customer_group_id": "1", "config_weight_class_id": "1", "config_length_class_id": "1",
            }.items()
        ],
        "language": [{"language_id": 1, "name": "English", "code": "en-gb", "status": 1}, {"language_id": 2, "name": "한국어", "code": "ko-kr", "status": 1}],
        "currency": [{"currency_id": 1, "title": "US Dollar", "code": "USD", "decimal_place": "2", "value": "1.00000000", "status": 1}],
        "order_status": [
            {"order_status_id": i, "language_id": 1, "name": n}
            for i, n in {1: "Pending", 2: "Processing", 3: "Shipped", 5: "Complete", 7: "Canceled"}.items()
        ],
        "stock_status": [{"stock_status_id": 5, "language_id": 1, "name": "Out Of Stock"}],
        "weight_class_description": [{"weight_class_id": 1, "language_id": 1, "unit": "kg"}, {"weight_class_id": 2, "language_id": 1, "unit": "g"}],
        "length_class_description": [{"length_class_id": 1, "language_id": 1, "unit": "cm"}],
        "category": [{"category_id": i, "image": "", "parent_id": p, "sort_order": 0, "status": 1} for i, p in ((20, 0), (26, 20), (27, 20))],
        "category_description": [{"category_id": i, "language_id": 1, "name": n} for i, n in ((20, "Desktops"), (26, "PC"), (27, "Mac &amp; more"))],
        "category_to_store": [{"category_id": i, "store_id": 0} for i in (20, 26, 27)],
        "manufacturer": [{"manufacturer_id": 9, "name": "Canon", "image": "catalog/canon.jpg", "sort_order": 0}],
        "attribute": [{"attribute_id": 3, "attribute_group_id": 6, "sort_order": 1}],
        "attribute_description": [{"attribute_id": 3, "language_id": 1, "name": "Clockspeed"}],
        "attribute_group_description": [{"attribute_group_id": 6, "language_id": 1, "name": "Processor"}],
        "option": [{"option_id": 5, "type": "select", "sort_order": 3}, {"option_id": 6, "type": "text", "sort_order": 4}],
        "option_description": [{"option_id": 5, "language_id": 1, "name": "Colour"}, {"option_id": 6, "language_id": 1, "name": "Date &amp; Time"}],
        "option_value": [{"option_value_id": i, "option_id": 5, "image": "", "sort_order": s} for i, s in ((39, 1), (40, 2))],
        "option_value_description": [{"option_value_id": i, "language_id": 1, "option_id": 5, "name": n} for i, n in ((39, "Red"), (40, "Blue"))],
        "product": [
            product(28, "Phone", 5, 100, g), product(30, "Camera", 7, 100, g), product(31, "Lens 30&quot;", 0, "12.5", g),
        ],
        "product_description": [
            {"product_id": i, "language_id": l, "name": f"{n}{' kr' if l == 2 else ''}", "description": f"&lt;p&gt;{n}&lt;/p&gt;", "meta_title": n}
            for i, n in ((28, "Phone &amp; case"), (30, "Camera 30&quot;"), (31, "Lens")) for l in (1, 2)
        ],
        "product_to_category": [{"product_id": 30, "category_id": 20}, {"product_id": 30, "category_id": 27}],
        "product_to_store": [{"product_id": i, "store_id": 0} for i in (28, 30, 31)],
        "product_image": [{"product_image_id": 1, "product_id": 30, "image": "catalog/c 2.jpg", "sort_order": 0}],
        "product_attribute": [{"product_id": 30, "attribute_id": 3, "language_id": 1, "text": "100mhz"}],
        "product_option": [{"product_option_id": 226, "product_id": 30, "option_id": 5, "value": "", "required": 1}],
        "product_option_value": [
            {"product_option_value_id": i, "product_option_id": 226, "product_id": 30, "option_id": 5, "option_value_id": v, "quantity": n,
             "subtract": 1, "price": p, "price_prefix": x, "points": 0, "points_prefix": "+", "weight": 0, "weight_prefix": "+"}
            for i, v, n, p, x in ((15, 39, 2, 0, "+"), (16, 40, 5, 5, "-"))
        ],
        "product_discount": [
            {"product_id": 30, "customer_group_id": 1, "quantity": 10, "priority": 1, "price": 88, "date_start": "0000-00-00", "date_end": "0000-00-00"}
            | ({} if g.specials else {"type": "P", "special": 0})
        ],
        "order": [
            {"order_id": i, "store_id": 0, "customer_id": 0, "firstname": "Kim", "lastname": "O'Brien &amp; Søns", "email": "k@example.com",
             "total": 240, "order_status_id": s, "currency_code": "USD", "currency_value": 1, "ip": "10.0.0.9", "forwarded_ip": "", "user_agent": "x",
             "accept_language": "en", "date_added": "2026-01-05 10:00:00", "date_modified": "2026-01-05 10:00:00"}
            for i, s in ((1, 1), (2, 0), (3, 2))
        ],
        "order_product": [
            {"order_product_id": 1, "order_id": 1, "product_id": 30, "name": "Camera 30&quot;", "model": "Camera", "quantity": 2, "price": 95, "total": 190, "tax": 9.5, "reward": 0},
            {"order_product_id": 2, "order_id": 1, "product_id": 28, "name": "Phone &amp; case", "model": "Phone", "quantity": 1, "price": 50, "total": 50, "tax": 0, "reward": 0},
            {"order_product_id": 3, "order_id": 3, "product_id": 28, "name": "Phone &amp; case", "model": "Phone", "quantity": 1, "price": 50, "total": 50, "tax": 0, "reward": 0},
        ],
        "order_option": [
            {"order_option_id": 1, "order_id": 1, "order_product_id": 1, "product_option_id": 226, "product_option_value_id": 16, "name": "Colour", "value": "Blue", "type": "select"},
            {"order_option_id": 2, "order_id": 1, "order_product_id": 1, "product_option_id": 227, "product_option_value_id": 0, "name": "Date &amp; Time", "value": "noon", "type": "text"},
            {"order_option_id": 3, "order_id": 1, "order_product_id": 1, "product_option_id": 226, "product_option_value_id": 14, "name": "Colour", "value": "Green", "type": "select"},
        ],
        "order_total": [
            {"order_total_id": 2, "order_id": 1, "code": "total", "title": "Total", "value": 240, "sort_order": 9},
            {"order_total_id": 1, "order_id": 1, "code": "sub_total", "title": "Sub-Total", "value": 240, "sort_order": 1},
        ],
        "order_history": [
            {"order_history_id": i, "order_id": o, "order_status_id": s, "notify": 0, "comment": c, "date_added": d}
            for i, o, s, c, d in (
                (1, 1, 1, "", "2026-01-05 10:00:00"), (2, 3, 1, "", "2026-01-06 10:00:00"), (3, 4, 1, "", "2026-01-06 10:00:00"),
                (4, 3, 2, "on &lt;way&gt;", "2026-01-07 10:00:00"),
            )
        ],
    }  # fmt: skip
    if g.variants:
        rows["product"] += [
            product(50, "Camera red", 4, 105, g) | {"master_id": 30, "variant": '{"226":"15"}', "override": '{"model":"1"}'},
            product(51, "Camera blue", 3, 105, g) | {"master_id": 30, "variant": '{"226":"16"}'},
        ]
    if g.codes:
        rows["product_code"] = [
            {"product_code_id": 1, "product_id": 30, "code": "sku", "value": "CAM-5D"},
            {"product_code_id": 2, "product_id": 30, "code": "MPN", "value": "M5D"},
        ]
    if g.specials:
        rows["product_special"] = [
            {"product_special_id": 1, "product_id": 30, "customer_group_id": 1, "priority": 1, "price": 80, "date_start": "0000-00-00", "date_end": "0000-00-00"},
            {"product_special_id": 2, "product_id": 30, "customer_group_id": 2, "priority": 1, "price": 70, "date_start": "0000-00-00", "date_end": "0000-00-00"},
        ]  # fmt: skip
    else:
        rows["product_discount"] += [
            {"product_id": 30, "customer_group_id": c, "quantity": 1, "priority": 1, "price": p, "type": "F", "special": 1, "date_start": "0000-00-00", "date_end": "0000-00-00"}
            for c, p in ((1, 80), (2, 70))
        ]  # fmt: skip
    return "\n".join(insert(table, row) for table, group in rows.items() for row in group)


def product(product_id: int, model: str, quantity: int, price: object, g: Generation) -> dict[str, object]:
    row: dict[str, object] = {
        "product_id": product_id, "model": model, "location": "", "quantity": quantity, "stock_status_id": 5, "image": "catalog/p.jpg",
        "manufacturer_id": 9, "shipping": 1, "price": price, "points": 0, "tax_class_id": 9, "date_available": "2009-02-03", "weight": 0,
        "weight_class_id": 1, "length": 0, "width": 0, "height": 0, "length_class_id": 1, "subtract": 1, "minimum": 1, "sort_order": 0,
        "status": 1, "date_added": "2009-02-03 16:59:00", "date_modified": "2011-09-30 01:05:23",
    }  # fmt: skip
    if g.variants:
        row |= {"master_id": 0, "variant": "", "override": ""}
    if not g.codes:
        row |= dict.fromkeys(SKUS, "") | ({"sku": "CAM-5D"} if product_id == 30 else {})
    return row


def literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
    return str(value)


def insert(table: str, row: dict[str, object]) -> str:
    columns = ", ".join(f"`{column}`" for column in row)
    return f"INSERT INTO `{PREFIX}{table}` ({columns}) VALUES ({', '.join(map(literal, row.values()))});"
