"""How goods come to be, change and go, whoever asks for it: the API, the mall's admin, or the demo data."""

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.catalogue.codes import coded, variant_code
from entrepot.connectors.cafe24.simulator.catalogue.fields import TEMPLATE, without_tax
from entrepot.connectors.cafe24.simulator.goods import Product, Variant

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_VARIANTS = 1000
CREATED, EDITED, DELETED, SOLD_OUT = 90001, 90002, 90003, 90075
_TOLD = [
    "product_no",
    "product_code",
    "created_date",
    "updated_date",
    "product_name",
    "eng_product_name",
    "supply_product_name",
    "model_name",
    "custom_product_code",
    "product_condition",
    "summary_description",
    "simple_description",
    "description",
    "display",
    "selling",
    "retail_price",
    "supply_price",
    "price",
    "price_content",
    "adult_certification",
    "manufacturer_code",
    "supplier_code",
    "brand_code",
    "trend_code",
    "made_date",
    "release_date",
    "origin_place_code",
    "shipping_scope",
]


def open_product(mall: "Mall", fields: Mapping[str, Any], *, product_no: int | None = None) -> Product:
    """A new product without variants yet; its number was never used before."""
    number = mall.next_number("product") if product_no is None else product_no
    mall.numbers["product"] = max(mall.numbers.get("product", 0), number)
    now = mall.clock.stamp()
    row = TEMPLATE | {
        "product_no": number,
        "product_code": coded("P", number),
        "created_date": now,
        "updated_date": now,
        **fields,
    }
    if "price_excluding_tax" not in fields:
        row["price_excluding_tax"] = without_tax(row["price"], row)
    product = Product(number, row)
    mall.products[number] = product
    return product


def definition(
    options: Mapping[str, Sequence[str]] | Sequence[tuple[str, Sequence[Row]]],
    *,
    option_type: str = "T",
    list_type: str = "S",
) -> Row:
    """The options of a product as their endpoint answers them, from names and values."""
    pairs = list(options.items()) if isinstance(options, Mapping) else list(options)
    rows = [
        {
            "option_code": "",
            "option_name": name,
            "option_value": [_value(value) for value in values],
            "required_option": "T",
            "option_display_type": "S",
        }
        for name, values in pairs
    ]
    return {
        "has_option": "T",
        "option_type": option_type,
        "option_list_type": list_type,
        "option_preset_code": "",
        "options": rows,
        "select_one_by_option": "F",
        "option_preset_name": "",
        "use_additional_option": "F",
        "additional_options": None,
        "use_attached_file_option": "F",
        "attached_file_option": None,
    }


def _value(value: str | Row) -> Row:
    given = {"option_text": value} if isinstance(value, str) else value
    return {
        "option_image_file": given.get("option_image_file", ""),
        "option_link_image": given.get("option_link_image", ""),
        "option_color": given.get("option_color", ""),
        "option_text": given["option_text"],
        "value_no": None,
        "additional_amount": None,
    }


def combinations(option: Row | None) -> list[list[Row] | None]:
    """What each variant stands for: every combination, or the one variant of a product without any."""
    if option is None or option["option_type"] == "F":
        return [None]
    named = [[(row["option_name"], value["option_text"]) for value in row["option_value"]] for row in option["options"]]
    return [[{"name": name, "value": value} for name, value in chosen] for chosen in itertools.product(*named)]


def lay_out(mall: "Mall", product: Product, option: Row | None, quantities: Sequence[int] = ()) -> None:
    """Give the product these options and fresh variants; the old ones are gone, and so are their codes.

    A product without options always has `…000A`; with options, codes go on after the last one ever given.
    """
    for variant in product.variants:
        mall.forget_variant(variant)
    product.option, product.variants = option, []
    combos = combinations(option)
    first = 0 if combos == [None] else product.variants_made
    for number, chosen in enumerate(combos):
        variant = Variant(
            variant_code=variant_code(product.product_code, first + number),
            options=chosen,
            inventory_control_type=mall.settings.default_inventory_control_type,
            quantity=quantities[number] if number < len(quantities) else 0,
            display_order=number + 1,
        )
        product.variants.append(variant)
        mall.keep_variant(product, variant)
    product.variants_made = max(product.variants_made, first + len(combos))


def touch(mall: "Mall", product: Product) -> None:
    """The product was edited now."""
    product.row["updated_date"] = mall.clock.stamp()


def write(
    mall: "Mall", product: Product, fields: Row, *, shop_no: int = 1, apart: frozenset[str] = frozenset()
) -> None:
    """Set fields; those in `apart` are the shop's own when it is not the first."""
    own = {name: value for name, value in fields.items() if shop_no != 1 and name in apart}
    product.row |= {name: value for name, value in fields.items() if name not in own}
    if own:
        product.shops[shop_no] = product.shops.get(shop_no, {}) | own
    touch(mall, product)


def remove(mall: "Mall", product: Product) -> None:
    """The product is deleted; its number and codes never come back."""
    for variant in product.variants:
        mall.forget_variant(variant)
    del mall.products[product.product_no]
    resource = {"product_no": product.product_no, "product_code": product.product_code}
    mall.tell(DELETED, {"event_shop_no": "1", **resource})


def tell(mall: "Mall", event_no: int, product: Product, shop_no: int = 1) -> None:
    """Tell the app what became of a product."""
    mall.tell(event_no, {"event_shop_no": str(shop_no), **resource_of(product, shop_no)})


def resource_of(product: Product, shop_no: int = 1) -> Row:
    """A product as webhooks describe it."""
    seen = product.seen_in(shop_no)
    row = {key: "" if seen[key] is None else seen[key] for key in _TOLD}
    return row | {"origin_place_code": str(row["origin_place_code"]), "translated": "F"}


def set_quantity(mall: "Mall", product: Product, variant: Variant, quantity: int) -> None:
    """The stock is so many now; the app hears when the variant sells out or comes back."""
    before, variant.quantity = variant.sold_out, quantity
    if variant.sold_out != before:
        told = {
            "status_text": "품절" if variant.sold_out else "품절해제",
            "variant_code": variant.variant_code,
            "use_soldout": "T" if variant.sold_out else "F",
        }
        mall.tell(SOLD_OUT, resource_of(product) | told)
