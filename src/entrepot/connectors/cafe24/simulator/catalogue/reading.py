"""Products as they are read: list, count and one (reference §4.1)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, not_found, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue import rows
from entrepot.connectors.cafe24.simulator.catalogue.filters import matching
from entrepot.connectors.cafe24.simulator.goods import Product
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_WITH_LISTS = (
    "variants",
    "inventories",
    "options",
    "additionalimages",
    "benefits",
    "discountprice",
    "decorationimages",
    "hits",
)
_WITH_ONE = (*_WITH_LISTS, "memos", "seo", "tags")
_NOT_WITH_SINCE = ("product_no", "sort", "order", "offset")


def list_products(mall: "Mall", ask: Ask) -> Answer:
    """GET /products. `since_product_no` walks everything by number; it goes with no other paging."""
    limit, offset = ask.page(most=100, offset_most=5000)
    sort = ask.choice("sort", ("created_date", "updated_date", "product_name"))
    order = ask.choice("order", ("asc", "desc"))
    found = matching(mall, ask)
    if ask.text("since_product_no") is not None:
        clash = next((name for name in _NOT_WITH_SINCE if ask.text(name) is not None), None)
        if clash:
            raise unprocessable("This parameter cannot be used together with since_product_no.", clash)
    else:
        key = sort or "created_date"
        found.sort(key=lambda product: (str(product.seen_in(ask.shop_no)[key]), product.product_no))
        if order != "asc":
            found.reverse()
    wanted = ask.embeds(*_WITH_LISTS)
    shown = [
        rows.embed(mall, product, rows.product_row(mall, product, ask.shop_no), wanted, ask.version)
        for product in found[offset : offset + limit]
    ]
    return ok({"products": shown})


def count_products(mall: "Mall", ask: Ask) -> Answer:
    """GET /products/count."""
    return ok({"count": len(matching(mall, ask))})


def one_product(mall: "Mall", ask: Ask) -> Answer:
    """GET /products/{product_no}."""
    product = find_product(mall, ask)
    row = rows.detail_row(mall, product, ask.shop_no)
    wanted = ask.embeds(*_WITH_ONE)
    return ok({"product": rows.embed(mall, product, row, wanted, ask.version)})


def find_product(mall: "Mall", ask: Ask) -> Product:
    """The product the path names.

    Raises:
        Refusal: 404.
    """
    product = mall.products.get(ask.params["product_no"])
    if product is None:
        raise not_found("The product does not exist.")
    return product


ROUTES: Sequence[Route] = (
    Route("GET", "/products", list_products, "read_product"),
    Route("GET", "/products/count", count_products, "read_product"),
    Route("GET", "/products/{product_no:int}", one_product, "read_product"),
)
