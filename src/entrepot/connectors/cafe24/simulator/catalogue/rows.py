"""How products and variants look in answers (reference §4.2, §4.3)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.catalogue.fields import DETAIL_ONLY, IMAGES, LISTED
from entrepot.connectors.cafe24.simulator.goods import Product, Variant

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_EMBEDDED_VARIANTS = 100
NEW_IN_2026 = "2026-03-01"
STOCK_KEYS = (
    "use_inventory",
    "important_inventory",
    "inventory_control_type",
    "display_soldout",
    "quantity",
    "safety_inventory",
)
_SIZES = ("big", "medium", "small")
_ORIGIN = "W000000A"
NO_OPTIONS: Row = {
    "has_option": "F",
    "option_type": None,
    "option_list_type": None,
    "option_preset_code": None,
    "options": [],
    "select_one_by_option": "F",
    "option_preset_name": None,
    "use_additional_option": "F",
    "additional_options": None,
    "use_attached_file_option": "F",
    "attached_file_option": None,
}


def product_row(mall: "Mall", product: Product, shop_no: int) -> Row:
    """A product as a list shows it: 82 keys."""
    seen = product.seen_in(shop_no)
    row = {key: seen[key] for key in LISTED}
    row["shop_no"] = shop_no
    row["sold_out"] = "T" if product.sold_out else "F"
    for key in IMAGES:
        row[key] = address(mall, seen[key])
    return row


def detail_row(mall: "Mall", product: Product, shop_no: int) -> Row:
    """A product by itself: 111 keys."""
    seen = product.seen_in(shop_no)
    row = product_row(mall, product, shop_no) | {key: seen[key] for key in DETAIL_ONLY}
    row["category"] = product.categories
    row["has_option"] = "T" if product.option else "F"
    row["option_type"] = product.option["option_type"] if product.option else None
    return row


def embed(mall: "Mall", product: Product, row: Row, wanted: Collection[str], version: str) -> Row:
    """Put the embedded resources into a product's row; at most 100 variants (case 39)."""
    shop_no = row["shop_no"]
    if "variants" in wanted:
        stock = "inventories" in wanted
        row["variants"] = [
            variant_row(mall, variant, shop_no, version, stock=stock, without=[])
            for variant in product.variants[:MOST_EMBEDDED_VARIANTS]
        ]
    if "options" in wanted:
        row["options"] = product.option or NO_OPTIONS
    if "additionalimages" in wanted:
        row["additionalimages"] = extra_images(mall, product)
    if "tags" in wanted:
        row["tags"] = {"shop_no": shop_no, "product_no": product.product_no, "tags": row.get("product_tag") or []}
    if "hits" in wanted:
        row["hits"] = {"shop_no": shop_no, "product_no": product.product_no, "hit_count": 0}
    if "discountprice" in wanted:
        row["discountprice"] = {"pc_discount_price": row["price"], "mobile_discount_price": row["price"]}
    for empty in ("benefits", "memos", "decorationimages"):
        if empty in wanted:
            row[empty] = []
    return row


def variant_row(
    mall: "Mall", variant: Variant, shop_no: int, version: str, *, stock: bool = False, without: list[Row] | None = None
) -> Row:
    """A variant with its stock at its own level, and once more under `inventories` when asked for.

    `without` stands for the options of a product that has none: null and [] are both seen (case 40).
    """
    row: Row = head(variant, shop_no, without)
    row["additional_amount"] = variant.additional_amount
    row |= {key: getattr(variant, key) for key in STOCK_KEYS}
    row["image"] = address(mall, variant.image)
    if version >= NEW_IN_2026:
        row |= {"supply_price": variant.supply_price, "display_order": variant.display_order}
    if stock:
        row["inventories"] = stock_row(variant, shop_no)
    return row


def written_variant_row(variant: Variant, shop_no: int) -> Row:
    """A variant after a write: the stock only under `inventories`."""
    return head(variant, shop_no, None) | {
        "additional_amount": variant.additional_amount,
        "inventories": stock_row(variant, shop_no),
    }


def head(variant: Variant, shop_no: int, without: list[Row] | None) -> Row:
    """What every answer about a variant begins with."""
    return {
        "shop_no": shop_no,
        "variant_code": variant.variant_code,
        "options": variant.options if variant.options is not None else without,
        "custom_variant_code": variant.custom_variant_code,
        "display": variant.display,
        "selling": variant.selling,
    }


def stock_row(variant: Variant, shop_no: int) -> Row:
    """A variant's stock by itself."""
    return {
        "shop_no": shop_no,
        "variant_code": variant.variant_code,
        **{key: getattr(variant, key) for key in STOCK_KEYS},
    }


def inventory_row(variant: Variant, shop_no: int) -> Row:
    """A variant's stock as its own endpoint answers it."""
    return stock_row(variant, shop_no) | {"origin_code": _ORIGIN}


def address(mall: "Mall", path: object) -> str | None:
    """A picture's address; what is no path of the mall stays as it is."""
    if not isinstance(path, str) or not path:
        return None
    return mall.url + path if path.startswith("/") else path


def extra_images(mall: "Mall", product: Product) -> list[Row]:
    """The additional pictures in their three sizes."""
    return [
        {size: address(mall, path.replace("/extra/big/", f"/extra/{size}/")) for size in _SIZES}
        for path in product.additional_images
    ]
