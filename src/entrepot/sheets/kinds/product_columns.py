"""The columns of products: the same for creating and for updating, so that one file can become the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from entrepot.sheets import cells
from entrepot.sheets.kinds import product_cells
from entrepot.sheets.kinds.kind import Column
from entrepot.sheets.kinds.skus import SKU

NAME = Column(
    "name", _("Name"), _("What the item is called."), cells.text_of(500), example="Wool sock, red, M",
    names=("상품명", "품목명", "Product name", "Title"), width=36,
)  # fmt: skip
OPTIONS: Final = tuple(
    column
    for number, (axis, value) in enumerate((("Colour", "Red"), ("Size", "M"), ("", "")), 1)
    for column in (
        Column(
            f"option{number}_name", f"Option {number}: name",
            _("What the variations differ in, such as Colour or Size. Only with a group."),
            cells.code_of(100), example=axis, names=(f"옵션{number}명", f"옵션명{number}"), listed="option_names",
        ),
        Column(
            f"option{number}_value", f"Option {number}: value",
            _("This variation's own, such as Red or M."), cells.code_of(200), example=value,
            names=(f"옵션{number}값", f"옵션값{number}"),
        ),
    )
)  # fmt: skip
_SAID: Final = (
    _("Option 1: name"), _("Option 1: value"), _("Option 2: name"), _("Option 2: value"), _("Option 3: name"),
    _("Option 3: value"),
)  # fmt: skip
"""For the translators: the headings above are put together."""
MEASURE: Final = cells.amount(places=3)
SHARED: Final = (
    Column(
        "group", _("Group"), _("The name of the product that this variation belongs to. Blank for single products."),
        cells.text_of(500), example="Wool sock", names=("그룹", "그룹상품명", "대표상품명", "Parent"), width=28,
    ),
    *OPTIONS,
    Column(
        "barcode", _("Barcode"), _("EAN, UPC or a number of your own. The column is formatted as text."),
        cells.barcode, example="8801234567893", names=("바코드", "EAN", "UPC", "GTIN"), width=18,
    ),
    Column(
        "brand", _("Brand"), _("Of the whole product. A new name makes a new brand."), cells.text_of(255),
        example="Seoul Socks", names=("브랜드", "제조사", "Manufacturer"), listed="brands", width=20,
    ),
    Column(
        "category", _("Category"),
        _("Of the whole product, from the top: Clothes > Socks. Several are divided by |."), cells.paths,
        example="Clothes > Socks", names=("카테고리", "분류", "Categories"), listed="categories", width=28,
    ),
    Column(
        "weight_grams", _("Weight (g)"), _("In grams."), MEASURE, figure=True, example="85", names=("무게", "중량(g)"),
        empty=None, width=11,
    ),
    Column(
        "length_mm", _("Length (mm)"), _("In millimetres."), MEASURE, figure=True, example="120",
        names=("길이(mm)", "가로(mm)"), empty=None, width=11,
    ),
    Column(
        "width_mm", _("Width (mm)"), _("In millimetres."), MEASURE, figure=True, example="80",
        names=("폭(mm)", "세로(mm)"), empty=None, width=11,
    ),
    Column(
        "height_mm", _("Height (mm)"), _("In millimetres."), MEASURE, figure=True, example="20", names=("높이(mm)",),
        empty=None, width=11,
    ),
    Column(
        "cost", _("Cost"), _("What it costs you."), cells.amount(), figure=True, example="4200",
        names=("원가", "매입가", "Purchase price"), empty=None, width=12,
    ),
    Column(
        "cost_currency", _("Cost currency"), _("Three letters, such as KRW."), cells.currency, example="KRW",
        names=("원가통화", "통화"), width=10,
    ),
    Column(
        "image_url", _("Picture"), _("Its address on the web."), cells.address,
        example="https://example.com/sock.jpg", names=("이미지", "대표이미지", "Image URL", "Image"), width=34,
    ),
    Column(
        "images", _("Further pictures"),
        _("Of the whole product: addresses on the web beside the main picture, one on each line or divided by |."),
        product_cells.images, example="https://example.com/sock-side.jpg | https://example.com/sock-back.jpg",
        names=("추가이미지", "추가 이미지", "Additional images", "Images"), width=34,
    ),
    Column(
        "description", _("Description"), _("Of the whole product, HTML or plain text: what stores show of it."),
        product_cells.description, example="Warm and soft.", names=("설명", "상품설명", "상품 상세설명"), width=40,
    ),
    Column(
        "attributes", _("Attributes"),
        _("Of the whole product, name and value: Fabric: Wool. One on each line or divided by |."),
        product_cells.attributes, example="Fabric: Wool | Made in: Korea", names=("속성", "상품속성", "Attribute"),
        width=30,
    ),
    Column(
        "low_stock_at", _("Low stock at"), _("From this figure down it counts as scarce."), cells.whole(),
        figure=True, example="5", names=("안전재고", "재고알림"), empty=0, width=11,
    ),
)  # fmt: skip
OPENING: Final = (
    Column(
        "stock", _("Opening stock"), _("How many there are already."), cells.whole(), figure=True, example="25",
        names=("초기재고", "재고수량", "재고", "Quantity"), width=11,
    ),
    Column(
        "warehouse", _("Warehouse"), _("Where they are. Blank: the default warehouse."), cells.text_of(20),
        example="MAIN", names=("창고", "창고코드"), listed="warehouses", only=True, width=14,
    ),
)  # fmt: skip
CREATE: Final = (SKU, replace(NAME, required=True), *SHARED, *OPENING)
UPDATE: Final = (SKU, NAME, *SHARED)

WORDS: Final = ("description", "attributes", "images")
"""Columns of what the whole product says of itself."""
ITEM_FIELDS: Final = (
    "barcode", "weight_grams", "length_mm", "width_mm", "height_mm", "cost", "cost_currency", "image_url",
    "low_stock_at",
)  # fmt: skip
"""Columns that are fields of the item itself, under the same name."""


def options_in(values: Mapping[str, Any]) -> list[list[str]]:
    """The options a row names: [[name, value], …]."""
    return [
        [str(values.get(f"option{n}_name") or ""), str(values.get(f"option{n}_value") or "")]
        for n in (1, 2, 3)
        if values.get(f"option{n}_name") or values.get(f"option{n}_value")
    ]


def options_out(options: Sequence[Sequence[str]]) -> dict[str, str]:
    """Options as columns; a fourth one has no column."""
    return {
        f"option{n}_{word}": str(option[place])
        for n, option in enumerate(options[:3], 1)
        for place, word in enumerate(("name", "value"))
        if len(option) > 1
    }
