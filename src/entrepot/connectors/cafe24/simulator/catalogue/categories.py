"""Categories, and the products shown in them (reference §4.4)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import ground
from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, created, needs, not_found, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue.fields import flag, text_of, whole
from entrepot.connectors.cafe24.simulator.goods import Product
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

DEEPEST = 4
TOP = 1
NORMAL, RECOMMENDED, NEW = 1, 2, 3
_MARKS = {RECOMMENDED: "recommend", NEW: "new"}
_EDITABLE = (
    "category_name",
    "display_type",
    "use_main",
    "use_display",
    "display_order",
    "soldout_product_display",
    "sub_category_product_display",
    "hashtag_product_display",
    "hash_tags",
    "product_display_scope",
)


def list_categories(mall: "Mall", ask: Ask) -> Answer:
    """GET /categories."""
    limit, offset = ask.page(most=100, offset_most=8000)
    return ok({"categories": _matching(mall, ask)[offset : offset + limit]})


def count_categories(mall: "Mall", ask: Ask) -> Answer:
    """GET /categories/count."""
    return ok({"count": len(_matching(mall, ask))})


def one_category(mall: "Mall", ask: Ask) -> Answer:
    """GET /categories/{category_no}: without root_category_no, as the documentation shows it."""
    row = category_row(mall, _find(mall, ask), ask.shop_no)
    del row["root_category_no"]
    return ok({"category": row})


def add_category(mall: "Mall", ask: Ask) -> Answer:
    """POST /categories: below `parent_category_no`, 1 = top; four deep at most."""
    request = ask.request
    needs(request, "category_name")
    parent = whole(request.get("parent_category_no", TOP), "parent_category_no")
    if parent != TOP and parent not in mall.categories:
        raise unprocessable("There is no such category.", "parent_category_no")
    if len(mall.category_line(parent)) >= DEEPEST:
        raise unprocessable(f"Categories can be {DEEPEST} deep at most.", "parent_category_no")
    changes = _read({name: value for name, value in request.items() if name != "parent_category_no"})
    row = ground.category(mall, changes.pop("category_name"), parent, **changes)
    return created({"category": category_row(mall, row, ask.shop_no)})


def edit_category(mall: "Mall", ask: Ask) -> Answer:
    """PUT /categories/{category_no}."""
    row, changes = _find(mall, ask), _read(ask.request)
    row |= changes
    return ok({"category": category_row(mall, row, ask.shop_no)})


def delete_category(mall: "Mall", ask: Ask) -> Answer:
    """DELETE /categories/{category_no}: those below it go too; the products stay."""
    number = _find(mall, ask)["category_no"]
    gone = {key for key in mall.categories if number in mall.category_line(key)}
    for key in gone:
        del mall.categories[key]
    for product in mall.products.values():
        product.categories = [row for row in product.categories if row["category_no"] not in gone]
    return ok({"category": {"category_no": number}})


# ---------------------------------------------------------------------- the products in one


def list_members(mall: "Mall", ask: Ask) -> Answer:
    """GET /categories/{category_no}/products: real booleans here, and `display_group` is required."""
    number, group = _find(mall, ask)["category_no"], _group(ask)
    limit = ask.number("limit", 50_000, least=1, most=50_000)
    found = [product for product in mall.products.values() if _is_in(product, number, group)]
    shown = [
        {
            "shop_no": ask.shop_no,
            "product_no": product.product_no,
            "sequence_no": place,
            "auto_sort": True,
            "sold_out": product.sold_out,
            "fixed_sort": False,
            "not_for_sale": product.seen_in(ask.shop_no)["selling"] != "T",
        }
        for place, product in enumerate(found, 1)
    ]
    return ok({"products": shown[:limit]})


def count_members(mall: "Mall", ask: Ask) -> Answer:
    """GET /categories/{category_no}/products/count."""
    number, group = _find(mall, ask)["category_no"], _group(ask)
    return ok({"count": sum(_is_in(product, number, group) for product in mall.products.values())})


def add_members(mall: "Mall", ask: Ask) -> Answer:
    """POST /categories/{category_no}/products."""
    return created({"product": _put_members(mall, ask)})


def edit_members(mall: "Mall", ask: Ask) -> Answer:
    """PUT /categories/{category_no}/products."""
    return ok({"product": _put_members(mall, ask)})


def drop_member(mall: "Mall", ask: Ask) -> Answer:
    """DELETE /categories/{category_no}/products/{product_no}: out of one display group, or of the category."""
    number = _find(mall, ask)["category_no"]
    group = ask.number("display_group", NORMAL, least=NORMAL, most=NEW)
    product = mall.products.get(ask.params["product_no"])
    if product is None or not _is_in(product, number, group):
        raise not_found("The product is not in this category.")
    if group == NORMAL:
        product.categories = [row for row in product.categories if row["category_no"] != number]
    else:
        next(row for row in product.categories if row["category_no"] == number)[_MARKS[group]] = "F"
    return ok({"product": {"display_group": group, "product_no": product.product_no}})


def _put_members(mall: "Mall", ask: Ask) -> Row:
    number, request = _find(mall, ask)["category_no"], ask.request
    needs(request, "product_no")
    group = whole(request.get("display_group", NORMAL), "display_group", least=NORMAL, most=NEW)
    given = request["product_no"] if isinstance(request["product_no"], list) else [request["product_no"]]
    numbers = [whole(value, "product_no") for value in given]
    if not all(key in mall.products for key in numbers):
        raise unprocessable("There is no such product.", "product_no")
    for key in numbers:
        product = mall.products[key]
        row = next((row for row in product.categories if row["category_no"] == number), None)
        if row is None:
            row = {"category_no": number, "recommend": "F", "new": "F"}
            product.categories.append(row)
        if group != NORMAL:
            row[_MARKS[group]] = "T"
    return {"display_group": group, "product_no": numbers}


def _group(ask: Ask) -> int:
    if ask.text("display_group") is None:
        raise unprocessable("This field is required.", "display_group")
    return ask.number("display_group", NORMAL, least=NORMAL, most=NEW)


def _is_in(product: Product, number: int, group: int) -> bool:
    return any(
        row["category_no"] == number and (group == NORMAL or row[_MARKS[group]] == "T") for row in product.categories
    )


# ---------------------------------------------------------------------- rows


def category_row(mall: "Mall", kept: Row, shop_no: int) -> Row:
    """A category with what follows from its place in the tree."""
    line = mall.category_line(kept["category_no"])
    levels = [str(level) for level in range(1, DEEPEST + 1)]
    names = [mall.categories[number]["category_name"] for number in line]
    numbers = [str(number) for number in line]
    padding = [None] * (DEEPEST - len(line))
    row: Row = {
        "shop_no": shop_no,
        "category_no": kept["category_no"],
        "category_depth": len(line),
        "parent_category_no": kept["parent_category_no"],
        "category_name": kept["category_name"],
        "display_type": kept["display_type"],
        "full_category_name": dict(zip(levels, [*names, *padding], strict=True)),
        "full_category_no": dict(zip(levels, [*numbers, *padding], strict=True)),
        "root_category_no": line[0],
    }
    return row | {name: value for name, value in kept.items() if name not in row}


def _matching(mall: "Mall", ask: Ask) -> list[Row]:
    numbers, parents = set(ask.numbers("category_no")), set(ask.numbers("parent_category_no"))
    depths = set(ask.numbers("category_depth"))
    words = [word.casefold() for word in ask.words("category_name")]
    found = [category_row(mall, row, ask.shop_no) for _, row in sorted(mall.categories.items())]
    return [
        row
        for row in found
        if (not numbers or row["category_no"] in numbers)
        and (not parents or row["parent_category_no"] in parents)
        and (not depths or row["category_depth"] in depths)
        and (not words or any(word in row["category_name"].casefold() for word in words))
    ]


def _find(mall: "Mall", ask: Ask) -> Row:
    row = mall.categories.get(ask.params["category_no"])
    if row is None:
        raise not_found("The category does not exist.")
    return row


def _read(request: Row) -> Row:
    changes: Row = {}
    for name, value in request.items():
        if name in {"shop_no", "category_no"}:
            continue
        if name not in _EDITABLE:
            raise unprocessable("This parameter is not supported.", name)
        if name == "display_type" and value not in {"A", "P", "M", "F"}:
            raise unprocessable("Invalid value.", name)
        if name == "category_name":
            changes[name] = text_of(value, name, 50)
        else:
            changes[name] = flag(value, name) if name in {"use_main", "use_display"} else value
    return changes


_ONE = "/categories/{category_no:int}"
ROUTES: Sequence[Route] = (
    Route("GET", "/categories", list_categories, "read_category"),
    Route("GET", "/categories/count", count_categories, "read_category"),
    Route("POST", "/categories", add_category, "write_category"),
    Route("GET", _ONE, one_category, "read_category"),
    Route("PUT", _ONE, edit_category, "write_category"),
    Route("DELETE", _ONE, delete_category, "write_category"),
    Route("GET", f"{_ONE}/products", list_members, "read_product"),
    Route("GET", f"{_ONE}/products/count", count_members, "read_product"),
    Route("POST", f"{_ONE}/products", add_members, "write_product"),
    Route("PUT", f"{_ONE}/products", edit_members, "write_product"),
    Route("DELETE", f"{_ONE}/products/{{product_no:int}}", drop_member, "write_product"),
)
