"""Catalogues of any size for benchmarks, the same every time."""

import re
from typing import TYPE_CHECKING

from entrepot.connectors.opencart.simulator.admin import codes_for, columns_for
from entrepot.connectors.opencart.simulator.rows import (
    Category,
    Option,
    OptionValue,
    OptionValueName,
    Product,
    ProductOption,
)

if TYPE_CHECKING:
    from entrepot.connectors.opencart.simulator.shop import Shop

_SIZE = re.compile(r"(\d+)x(\d+)")
_OPTION_ID = 901
_FIRST_VALUE_ID = 9001


def fill(shop: "Shop", size: str) -> None:
    """Put in `size` = "5000x4": products with price, stock, image and SKU, one select option of 4 values each.

    Raises:
        ValueError: `size` does not read like that.
    """
    match = _SIZE.fullmatch(size)
    if match is None:
        raise ValueError(f"{size!r} should read like 5000x4")
    products, values = int(match[1]), int(match[2])
    tables = shop.tables
    tables.categories = [Category(category_id=n, names={1: f"Aisle {n}", 2: f"{n}번 통로"}) for n in range(1, 11)]
    tables.manufacturers = [
        {"manufacturer_id": n, "name": f"Maker {n}", "image": "", "sort_order": 0} for n in range(1, 6)
    ]
    names = [
        OptionValueName(option_value_id=_FIRST_VALUE_ID + n, names={1: f"Size {n + 1}", 2: f"{n + 1}호"}, sort_order=n)
        for n in range(values)
    ]
    tables.options.append(Option(option_id=_OPTION_ID, type="select", names={1: "Size", 2: "크기"}, values=names))
    for number in range(1, products + 1):
        tables.products[number] = _product(shop, number, values)
    for table, used in (
        ("product", products),
        ("product_option", products),
        ("product_option_value", products * values),
    ):
        tables.reserve_id(table, used)
    shop.reindex()


def _product(shop: "Shop", number: int, values: int) -> Product:
    sku = f"GEN-{number:06d}"
    columns = {
        "model": sku,
        "sku": sku,
        "image": f"catalog/generated/{number:06d}.jpg",
        "manufacturer_id": number % 5 + 1,
    }
    rows = [
        OptionValue(
            product_option_value_id=(number - 1) * values + n + 1,
            option_value_id=_FIRST_VALUE_ID + n,
            quantity=(number * 7 + n * 3) % 50 + 10,
            price=f"{n}.0000",
        )
        for n in range(values)
    ]
    options = [ProductOption(product_option_id=number, option_id=_OPTION_ID, values=rows)] if rows else []
    return Product(
        product_id=number,
        quantity=sum(row.quantity for row in rows) or number % 90 + 10,
        price=f"{number * 37 % 9000 + 100}.{number % 100:02d}00",
        date_added="2026-01-05 09:00:00",
        date_modified="2026-01-05 09:00:00",
        columns=columns_for(shop, columns),
        codes=codes_for(shop, {"sku": sku}),
        names={1: f"Generated product {number}", 2: f"생성 상품 {number}"},
        categories=[number % 10 + 1],
        options=options,
    )
