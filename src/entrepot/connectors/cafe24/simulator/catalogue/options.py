"""The options of a product, and the variants that follow from them (reference §4.4)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, created, needs, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue import rows, shelf
from entrepot.connectors.cafe24.simulator.catalogue.reading import find_product
from entrepot.connectors.cafe24.simulator.goods import Product
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

Pairs = list[tuple[str, list[Row]]]


def read_options(mall: "Mall", ask: Ask) -> Answer:
    """GET …/options: one object, with the list inside."""
    return ok(_shown(find_product(mall, ask), ask.shop_no))


def add_options(mall: "Mall", ask: Ask) -> Answer:
    """POST …/options: the product gets every combination as a variant, with codes of its own."""
    product, request = find_product(mall, ask), ask.request
    if product.option is not None:
        raise unprocessable("The product has options already.", "options")
    needs(request, "options")
    option_type, list_type = request.get("option_type", "T"), request.get("option_list_type", "S")
    if option_type not in {"T", "E", "F"} or list_type not in {"S", "C"}:
        raise unprocessable(
            "Invalid value.", "option_type" if option_type not in {"T", "E", "F"} else "option_list_type"
        )
    option = shelf.definition(_pairs(request["options"], "options"), option_type=option_type, list_type=list_type)
    if len(shelf.combinations(option)) > shelf.MOST_VARIANTS:
        raise unprocessable(f"Up to {shelf.MOST_VARIANTS} variants can be made.", "options")
    shelf.lay_out(mall, product, option)
    shelf.touch(mall, product)
    return created(_shown(product, ask.shop_no))


def rename_options(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/options: other names for the same options and values; nothing is added or taken away."""
    product, request = find_product(mall, ask), ask.request
    if product.option is None:
        raise unprocessable("The product has no options.", "options")
    needs(request, "original_options", "options")
    before, after = _pairs(request["original_options"], "original_options"), _pairs(request["options"], "options")
    held = [(row["option_name"], _texts(row["option_value"])) for row in product.option["options"]]
    if [(name, _texts(values)) for name, values in before] != held:
        raise unprocessable("The original options are others.", "original_options")
    if [len(values) for _, values in before] != [len(values) for _, values in after]:
        raise unprocessable("Options can be renamed, not added or removed.", "options")
    kinds = {"option_type": product.option["option_type"], "list_type": product.option["option_list_type"]}
    product.option = shelf.definition(after, **kinds)
    names = {
        (old, text): (new, fresh)
        for (old, values), (new, others) in zip(before, after, strict=True)
        for text, fresh in zip(_texts(values), _texts(others), strict=True)
    }
    for variant in product.variants:
        for row in variant.options or ():
            row["name"], row["value"] = names[row["name"], row["value"]]
    shelf.touch(mall, product)
    return ok(_shown(product, ask.shop_no))


def delete_options(mall: "Mall", ask: Ask) -> Answer:
    """DELETE …/options: the variants go too; what stays is the one of a product without options (case 60)."""
    product = find_product(mall, ask)
    if product.option is None:
        raise unprocessable("The product has no options.", "options")
    shelf.lay_out(mall, product, None)
    shelf.touch(mall, product)
    return ok({"option": {"product_no": product.product_no}})


def _shown(product: Product, shop_no: int) -> Row:
    return {"option": {"shop_no": shop_no, "product_no": product.product_no, **(product.option or rows.NO_OPTIONS)}}


def _texts(values: Sequence[Row]) -> list[str]:
    return [value["option_text"] for value in values]


def _pairs(given: object, parameter: str) -> Pairs:
    """Names and value rows of `[{"option_name": …, "option_value": [{"option_text": …}]}]`."""
    if not isinstance(given, list) or not given:
        raise unprocessable("This field is required.", parameter)
    found: Pairs = []
    for entry in given:
        name = entry.get("option_name") if isinstance(entry, dict) else None
        values = entry.get("option_value") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name or not isinstance(values, list) or not values:
            raise unprocessable("Invalid value.", parameter)
        if not all(isinstance(value, dict) and value.get("option_text") for value in values):
            raise unprocessable("Invalid value.", f"{parameter}.option_value")
        found.append((name, values))
    return found


_PATH = "/products/{product_no:int}/options"
ROUTES: Sequence[Route] = (
    Route("GET", _PATH, read_options, "read_product"),
    Route("POST", _PATH, add_options, "write_product"),
    Route("PUT", _PATH, rename_options, "write_product"),
    Route("DELETE", _PATH, delete_options, "write_product"),
)
