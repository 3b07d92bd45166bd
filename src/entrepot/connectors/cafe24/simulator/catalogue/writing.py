"""Products as they are written: made, changed, deleted (reference §4.2)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, created, needs, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue import fields, images, rows, shelf
from entrepot.connectors.cafe24.simulator.catalogue.reading import find_product
from entrepot.connectors.cafe24.simulator.goods import Product
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_MASTERS = {
    "brand_code": "brand",
    "manufacturer_code": "manufacturer",
    "supplier_code": "supplier",
    "trend_code": "trend",
    "classification_code": "classification",
}


def add_product(mall: "Mall", ask: Ask) -> Answer:
    """POST /products. Options given here become cartesian variants in order."""
    request = ask.request
    needs(request, "product_name", "supply_price", _priced_by(mall))
    plain = fields.checked(request, fields.POSTABLE)
    _check_masters(mall, plain)
    categories = _categories(mall, request)
    option = _options(request)
    pictures = images.of_product(request)
    extra = images.extra_of(request)
    product = shelf.open_product(mall, _priced(mall, plain, fields.TEMPLATE) | pictures)
    shelf.lay_out(mall, product, option)
    product.categories = categories
    product.additional_images = extra
    shelf.tell(mall, shelf.CREATED, product, ask.shop_no)
    return created({"product": _shown(mall, product, ask.shop_no, fields.AFTER_POST)})


def edit_product(mall: "Mall", ask: Ask) -> Answer:
    """PUT /products/{product_no}. Options cannot be changed here; a field nobody knows is refused by name (case 59)."""
    product, request = find_product(mall, ask), ask.request
    plain = fields.checked(request, fields.PUTTABLE)
    if not set(request) - {"shop_no", "product_no"}:
        raise unprocessable("There is nothing to change.", "request")
    _check_masters(mall, plain)
    categories = _categories(mall, request)
    pictures = images.of_product(request)
    extra = images.extra_of(request)
    changes = _priced(mall, plain, product.seen_in(ask.shop_no)) | pictures
    shelf.write(mall, product, changes, shop_no=ask.shop_no, apart=fields.PER_SHOP)
    _file(product, categories, _gone(request))
    if "additional_image" in request:
        product.additional_images = extra
    shelf.tell(mall, shelf.EDITED, product, ask.shop_no)
    return ok({"product": _shown(mall, product, ask.shop_no, fields.AFTER_PUT)})


def delete_product(mall: "Mall", ask: Ask) -> Answer:
    """DELETE /products/{product_no}. The number is never given again."""
    product = find_product(mall, ask)
    shelf.remove(mall, product)
    return ok({"product": {"product_no": product.product_no}})


def _priced_by(mall: "Mall") -> str:
    return "price_excluding_tax" if mall.settings.calculate_price_based_on == "B" else "price"


def _priced(mall: "Mall", plain: Row, row: Row) -> Row:
    """The other of the two prices follows the one the mall calculates by."""
    given = _priced_by(mall)
    seen = row | plain
    if given == "price" and "price" in plain:
        return plain | {"price_excluding_tax": fields.without_tax(plain["price"], seen)}
    if given == "price_excluding_tax" and given in plain:
        return plain | {"price": fields.with_tax(plain[given], seen)}
    return plain


def _check_masters(mall: "Mall", plain: Row) -> None:
    for name, kind in _MASTERS.items():
        if name in plain and plain[name] not in mall.masters[kind]:
            raise unprocessable("There is no such code.", name)


def _categories(mall: "Mall", request: Row) -> list[Row]:
    """The categories a write adds, each `{category_no, recommend, new}`."""
    given = request.get("add_category_no") or []
    if not isinstance(given, list):
        raise unprocessable("Invalid value.", "add_category_no")
    found = []
    for entry in given:
        row = entry if isinstance(entry, dict) else {"category_no": entry}
        number = fields.whole(row.get("category_no"), "add_category_no")
        if number not in mall.categories:
            raise unprocessable("There is no such category.", "add_category_no")
        found.append({"category_no": number, "recommend": row.get("recommend", "F"), "new": row.get("new", "F")})
    return found


def _gone(request: Row) -> set[int]:
    """The categories a write takes away."""
    given = request.get("delete_category_no") or []
    entries = given if isinstance(given, list) else [given]
    numbers = (entry.get("category_no") if isinstance(entry, dict) else entry for entry in entries)
    return {fields.whole(number, "delete_category_no") for number in numbers}


def _file(product: Product, added: list[Row], gone: set[int]) -> None:
    fresh = {row["category_no"]: row for row in added}
    kept = [row for row in product.categories if row["category_no"] not in gone | set(fresh)]
    product.categories = [*kept, *fresh.values()]


def _options(request: Row) -> Row | None:
    """The options of a new product: `[{"name": "색상", "value": ["블랙"]}]`."""
    if fields.flag(request.get("has_option", "F"), "has_option") == "F":
        return None
    given: Any = request.get("options")
    if not isinstance(given, list) or not given:
        raise unprocessable("This field is required.", "options")
    named: dict[str, list[str]] = {}
    for entry in given:
        values = entry.get("value") if isinstance(entry, dict) else None
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not isinstance(values, list) or not values or name in named:
            raise unprocessable("Invalid value.", "options")
        named[name] = [fields.text_of(value, "options") for value in values]
    option = shelf.definition(named, option_type=str(request.get("option_type", "T")))
    if len(shelf.combinations(option)) > shelf.MOST_VARIANTS:
        raise unprocessable(f"Up to {shelf.MOST_VARIANTS} variants can be made.", "options")
    return option


def _shown(mall: "Mall", product: Product, shop_no: int, kept: frozenset[str] | set[str]) -> Row:
    row = rows.detail_row(mall, product, shop_no) | {"additional_image": rows.extra_images(mall, product)}
    return {name: value for name, value in row.items() if name in kept}


ROUTES: Sequence[Route] = (
    Route("POST", "/products", add_product, "write_product"),
    Route("PUT", "/products/{product_no:int}", edit_product, "write_product"),
    Route("DELETE", "/products/{product_no:int}", delete_product, "write_product"),
)
