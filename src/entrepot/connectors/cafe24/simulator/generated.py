"""Catalogues of any size for benchmarks, the same every time."""

import re
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import ground
from entrepot.connectors.cafe24.simulator.catalogue import shelf

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_SIZE = re.compile(r"(\d+)x(\d+)")


def fill(mall: "Mall", size: str) -> None:
    """Put in `size` = "2500x4": products with price, stock and SKU, one option of 4 values each ("x0", "x1": none).

    Raises:
        ValueError: `size` does not read like that.
    """
    match = _SIZE.fullmatch(size)
    if match is None:
        raise ValueError(f"{size!r} should read like 2500x4")
    products, values = int(match[1]), int(match[2])
    with mall.deed():
        categories = [ground.category(mall, f"{number}번 진열대")["category_no"] for number in range(1, 11)]
        for number in range(1, products + 1):
            _add(mall, number, values, categories)


def _add(mall: "Mall", number: int, values: int, categories: list[int]) -> None:
    sku = f"GEN-{number:06d}"
    fields = {
        "product_name": f"생성 상품 {number}",
        "eng_product_name": f"Generated product {number}",
        "custom_product_code": sku,
        "price": f"{number * 370 % 90000 + 1000}.00",
        "display": "T",
        "selling": "T",
        "detail_image": f"/web/product/big/202511/{sku}.jpg",
        "list_image": f"/web/product/medium/202511/{sku}.jpg",
    }
    product = shelf.open_product(mall, fields)
    product.categories = [{"category_no": categories[number % 10], "recommend": "F", "new": "F"}]
    option = shelf.definition({"크기": [f"{place + 1}호" for place in range(values)]}) if values > 1 else None
    shelf.lay_out(mall, product, option, [(number * 7 + place * 3) % 50 + 10 for place in range(max(1, values))])
    for place, variant in enumerate(product.variants):
        mall.recode(variant, f"{sku}-{place + 1}" if option else None)
