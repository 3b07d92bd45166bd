"""The rows of a fixture shop."""
# ruff: noqa: S608 - a test's own SQL on its own database

from __future__ import annotations

from tests.bridge.schemas import PREFIX, SKUS, Generation


def seed(g: Generation) -> str:
    """The fixture shop's rows. Product 30 has an option with two values; on 4.x also two variants, 50 and 51."""
    rows: dict[str, list[dict[str, object]]] = {
        "setting": [
            {"store_id": 0, "code": "config", "key": k, "value": v, "serialized": int(v.startswith("["))}
            for k, v in {
                "config_name": "Tom &amp; Co",
                "config_currency": "USD",
                "config_language": "en-gb",
                "config_maintenance": "0",
                "config_processing_status": '["5","1","2","3"]',
                "config_complete_status": '["5","3"]',
                "config_order_status_id": "1",
                "config_void_status_id": "16",
                "config_fraud_status_id": "8",
                "config_stock_checkout": "0",
                "config_customer_group_id": "1",
                "config_weight_class_id": "1",
                "config_length_class_id": "1",
            }.items()
        ],
        "language": [
            {"language_id": 1, "name": "English", "code": "en-gb", "status": 1},
            {"language_id": 2, "name": "한국어", "code": "ko-kr", "status": 1},
        ],
        "currency": [
            {
                "currency_id": 1,
                "title": "US Dollar",
                "code": "USD",
                "decimal_place": "2",
                "value": "1.00000000",
                "status": 1,
            }
        ],
        "country": [
            {"country_id": i, "iso_code_2": two, "iso_code_3": three, "status": 1}
            for i, two, three in ((113, "KR", "KOR"), (222, "GB", "GBR"), (300, "", ""))
        ],
        "order_status": [
            {"order_status_id": i, "language_id": 1, "name": n}
            for i, n in {1: "Pending", 2: "Processing", 3: "Shipped", 5: "Complete", 7: "Canceled"}.items()
        ],
        "stock_status": [{"stock_status_id": 5, "language_id": 1, "name": "Out Of Stock"}],
        "weight_class_description": [
            {"weight_class_id": 1, "language_id": 1, "unit": "kg"},
            {"weight_class_id": 2, "language_id": 1, "unit": "g"},
        ],
        "length_class_description": [{"length_class_id": 1, "language_id": 1, "unit": "cm"}],
        "category": [
            {"category_id": i, "image": "", "parent_id": p, "sort_order": 0, "status": 1}
            for i, p in ((20, 0), (26, 20), (27, 20))
        ],
        "category_description": [
            {"category_id": i, "language_id": 1, "name": n}
            for i, n in ((20, "Desktops"), (26, "PC"), (27, "Mac &amp; more"))
        ],
        "category_to_store": [{"category_id": i, "store_id": 0} for i in (20, 26, 27)],
        "manufacturer": [{"manufacturer_id": 9, "name": "Canon", "image": "catalog/canon.jpg", "sort_order": 0}],
        "attribute": [{"attribute_id": 3, "attribute_group_id": 6, "sort_order": 1}],
        "attribute_description": [{"attribute_id": 3, "language_id": 1, "name": "Clockspeed"}],
        "attribute_group_description": [{"attribute_group_id": 6, "language_id": 1, "name": "Processor"}],
        "option": [
            {"option_id": 5, "type": "select", "sort_order": 3},
            {"option_id": 6, "type": "text", "sort_order": 4},
        ],
        "option_description": [
            {"option_id": 5, "language_id": 1, "name": "Colour"},
            {"option_id": 6, "language_id": 1, "name": "Date &amp; Time"},
        ],
        "option_value": [
            {"option_value_id": i, "option_id": 5, "image": "", "sort_order": s} for i, s in ((39, 1), (40, 2))
        ],
        "option_value_description": [
            {"option_value_id": i, "language_id": 1, "option_id": 5, "name": n} for i, n in ((39, "Red"), (40, "Blue"))
        ],
        "product": [
            product(28, "Phone", 5, 100, g),
            product(30, "Camera", 7, 100, g),
            product(31, "Lens 30&quot;", 0, "12.5", g),
        ],
        "product_description": [
            {
                "product_id": i,
                "language_id": lang,
                "name": f"{n}{' kr' if lang == 2 else ''}",
                "description": f"&lt;p&gt;{n}&lt;/p&gt;",
                "meta_title": n,
            }
            for i, n in ((28, "Phone &amp; case"), (30, "Camera 30&quot;"), (31, "Lens"))
            for lang in (1, 2)
        ],
        "product_to_category": [{"product_id": 30, "category_id": 20}, {"product_id": 30, "category_id": 27}],
        "product_to_store": [{"product_id": i, "store_id": 0} for i in (28, 30, 31)],
        "product_image": [{"product_image_id": 1, "product_id": 30, "image": "catalog/c 2.jpg", "sort_order": 0}],
        "product_attribute": [{"product_id": 30, "attribute_id": 3, "language_id": 1, "text": "100mhz"}],
        "product_option": [{"product_option_id": 226, "product_id": 30, "option_id": 5, "value": "", "required": 1}],
        "product_option_value": [
            {
                "product_option_value_id": i,
                "product_option_id": 226,
                "product_id": 30,
                "option_id": 5,
                "option_value_id": v,
                "quantity": n,
                "subtract": 1,
                "price": p,
                "price_prefix": x,
                "points": 0,
                "points_prefix": "+",
                "weight": 0,
                "weight_prefix": "+",
            }
            for i, v, n, p, x in ((15, 39, 2, 0, "+"), (16, 40, 5, 5, "-"))
        ],
        "product_discount": [
            {
                "product_id": 30,
                "customer_group_id": 1,
                "quantity": 10,
                "priority": 1,
                "price": 88,
                "date_start": "0000-00-00",
                "date_end": "0000-00-00",
            }
            | ({} if g.specials else {"type": "P", "special": 0})
        ],
        "order": [
            {
                "order_id": i,
                "store_id": 0,
                "customer_id": 0,
                "firstname": "Kim",
                "lastname": "O'Brien &amp; Søns",
                "email": "k@example.com",
                "payment_country_id": {1: 0, 2: 300, 3: 222}[i],
                "shipping_country_id": {1: 113, 2: 0, 3: 999}[i],
                "total": 240,
                "order_status_id": s,
                "currency_code": "USD",
                "currency_value": 1,
                "ip": "10.0.0.9",
                "forwarded_ip": "",
                "user_agent": "x",
                "accept_language": "en",
                "date_added": "2026-01-05 10:00:00",
                "date_modified": "2026-01-05 10:00:00",
            }
            for i, s in ((1, 1), (2, 0), (3, 2))
        ],
        "order_product": [
            {
                "order_product_id": 1,
                "order_id": 1,
                "product_id": 30,
                "name": "Camera 30&quot;",
                "model": "Camera",
                "quantity": 2,
                "price": 95,
                "total": 190,
                "tax": 9.5,
                "reward": 0,
            },
            {
                "order_product_id": 2,
                "order_id": 1,
                "product_id": 28,
                "name": "Phone &amp; case",
                "model": "Phone",
                "quantity": 1,
                "price": 50,
                "total": 50,
                "tax": 0,
                "reward": 0,
            },
            {
                "order_product_id": 3,
                "order_id": 3,
                "product_id": 28,
                "name": "Phone &amp; case",
                "model": "Phone",
                "quantity": 1,
                "price": 50,
                "total": 50,
                "tax": 0,
                "reward": 0,
            },
        ],
        "order_option": [
            {
                "order_option_id": 1,
                "order_id": 1,
                "order_product_id": 1,
                "product_option_id": 226,
                "product_option_value_id": 16,
                "name": "Colour",
                "value": "Blue",
                "type": "select",
            },
            {
                "order_option_id": 2,
                "order_id": 1,
                "order_product_id": 1,
                "product_option_id": 227,
                "product_option_value_id": 0,
                "name": "Date &amp; Time",
                "value": "noon",
                "type": "text",
            },
            {
                "order_option_id": 3,
                "order_id": 1,
                "order_product_id": 1,
                "product_option_id": 226,
                "product_option_value_id": 14,
                "name": "Colour",
                "value": "Green",
                "type": "select",
            },
        ],
        "order_total": [
            {"order_total_id": 2, "order_id": 1, "code": "total", "title": "Total", "value": 240, "sort_order": 9},
            {
                "order_total_id": 1,
                "order_id": 1,
                "code": "sub_total",
                "title": "Sub-Total",
                "value": 240,
                "sort_order": 1,
            },
        ],
        "order_history": [
            {"order_history_id": i, "order_id": o, "order_status_id": s, "notify": 0, "comment": c, "date_added": d}
            for i, o, s, c, d in (
                (1, 1, 1, "", "2026-01-05 10:00:00"),
                (2, 3, 1, "", "2026-01-06 10:00:00"),
                (3, 4, 1, "", "2026-01-06 10:00:00"),
                (4, 3, 2, "on &lt;way&gt;", "2026-01-07 10:00:00"),
            )
        ],
    }
    if g.variants:
        rows["product"] += [
            product(50, "Camera red", 4, 105, g)
            | {"master_id": 30, "variant": '{"226":"15"}', "override": '{"model":"1"}'},
            product(51, "Camera blue", 3, 105, g) | {"master_id": 30, "variant": '{"226":"16"}'},
        ]
    if g.codes:
        rows["product_code"] = [
            {"product_code_id": 1, "product_id": 30, "code": "sku", "value": "CAM-5D"},
            {"product_code_id": 2, "product_id": 30, "code": "MPN", "value": "M5D"},
        ]
    if g.specials:
        rows["product_special"] = [
            {
                "product_special_id": 1,
                "product_id": 30,
                "customer_group_id": 1,
                "priority": 1,
                "price": 80,
                "date_start": "0000-00-00",
                "date_end": "0000-00-00",
            },
            {
                "product_special_id": 2,
                "product_id": 30,
                "customer_group_id": 2,
                "priority": 1,
                "price": 70,
                "date_start": "0000-00-00",
                "date_end": "0000-00-00",
            },
        ]
    else:
        rows["product_discount"] += [
            {
                "product_id": 30,
                "customer_group_id": c,
                "quantity": 1,
                "priority": 1,
                "price": p,
                "type": "F",
                "special": 1,
                "date_start": "0000-00-00",
                "date_end": "0000-00-00",
            }
            for c, p in ((1, 80), (2, 70))
        ]
    return "\n".join(insert(table, row) for table, group in rows.items() for row in group)


def product(product_id: int, model: str, quantity: int, price: object, g: Generation) -> dict[str, object]:
    row: dict[str, object] = {
        "product_id": product_id,
        "model": model,
        "location": "",
        "quantity": quantity,
        "stock_status_id": 5,
        "image": "catalog/p.jpg",
        "manufacturer_id": 9,
        "shipping": 1,
        "price": price,
        "points": 0,
        "tax_class_id": 9,
        "date_available": "2009-02-03",
        "weight": 0,
        "weight_class_id": 1,
        "length": 0,
        "width": 0,
        "height": 0,
        "length_class_id": 1,
        "subtract": 1,
        "minimum": 1,
        "sort_order": 0,
        "status": 1,
        "date_added": "2009-02-03 16:59:00",
        "date_modified": "2011-09-30 01:05:23",
    }
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
