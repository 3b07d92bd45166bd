"""The fields of a product: which keys which answer has, what a write may set, and how values are written (§4.2)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from entrepot.connectors.cafe24.simulator.answers import Row, unprocessable

LARGEST_MONEY = Decimal(2_147_483_647)
_NOT_SET = "1970-01-01T00:00:00+09:00"

LISTED: Row = {
    "shop_no": 1,
    "product_no": 0,
    "product_code": "",
    "custom_product_code": "",
    "product_name": "",
    "eng_product_name": "",
    "supply_product_name": "",
    "internal_product_name": "",
    "model_name": "",
    "price_excluding_tax": "0.00",
    "price": "0.00",
    "retail_price": "0.00",
    "supply_price": "0.00",
    "display": "F",
    "selling": "F",
    "product_condition": "N",
    "product_used_month": None,
    "summary_description": "",
    "margin_rate": "10.00",
    "tax_calculation": "A",
    "tax_type": "A",
    "tax_rate": 10,
    "price_content": None,
    "buy_limit_by_product": "F",
    "buy_limit_type": "F",
    "buy_group_list": None,
    "buy_member_id_list": None,
    "repurchase_restriction": "F",
    "single_purchase_restriction": "F",
    "buy_unit_type": "O",
    "buy_unit": 1,
    "order_quantity_limit_type": "O",
    "minimum_quantity": 1,
    "maximum_quantity": 0,
    "points_by_product": "F",
    "points_setting_by_payment": "B",
    "points_amount": None,
    "except_member_points": "F",
    "product_volume": {
        "use_product_volume": "F",
        "product_width": None,
        "product_height": None,
        "product_length": None,
    },
    "adult_certification": "F",
    "detail_image": None,
    "list_image": None,
    "tiny_image": None,
    "small_image": None,
    "use_naverpay": "T",
    "naverpay_type": "C",
    "use_kakaopay": "T",
    "manufacturer_code": "M0000000",
    "trend_code": "T0000000",
    "brand_code": "B0000000",
    "supplier_code": "S0000000",
    "made_date": "",
    "release_date": "",
    "expiration_date": {"start_date": "", "end_date": ""},
    "origin_classification": "F",
    "origin_place_no": 1798,
    "origin_place_value": "",
    "made_in_code": "KR",
    "icon_show_period": {"start_date": _NOT_SET, "end_date": _NOT_SET},
    "icon": None,
    "hscode": "",
    "product_weight": "1.00",
    "product_material": "",
    "created_date": _NOT_SET,
    "updated_date": _NOT_SET,
    "english_product_material": None,
    "cloth_fabric": None,
    "list_icon": {"soldout_icon": False, "recommend_icon": False, "new_icon": False},
    "approve_status": "",
    "classification_code": "C000000A",
    "sold_out": "F",
    "additional_price": "0.00",
    "clearance_category_eng": None,
    "clearance_category_kor": None,
    "clearance_category_code": None,
    "exposure_limit_type": "A",
    "exposure_group_list": None,
    "set_product_type": None,
    "shipping_fee_by_product": "F",
    "shipping_fee_type": "T",
    "main": None,
    "market_sync": "F",
}
DETAIL_ONLY: Row = {
    "category": [],
    "project_no": [],
    "description": "",
    "mobile_description": "",
    "separated_mobile_description": "F",
    "payment_info": "",
    "shipping_info": "",
    "exchange_info": "",
    "service_info": "",
    "product_tax_type_text": None,
    "country_hscode": None,
    "simple_description": "",
    "product_tag": [],
    "has_option": "F",
    "option_type": None,
    "shipping_calculation": "M",
    "shipping_method": "01",
    "prepaid_shipping_fee": "B",
    "shipping_period": {"minimum": 2, "maximum": 5},
    "shipping_scope": "A",
    "shipping_area": "전국",
    "shipping_rates": None,
    "origin_place_code": 1798,
    "additional_information": None,
    "image_upload_type": "A",
    "relational_product": None,
    "select_one_by_option": "F",
    "translated_additional_description": "",
    "translated_description": "",
}
TEMPLATE: Row = LISTED | DETAIL_ONLY
_SINCE_2024 = frozenset({"soldout_message", "product_shipping_type", "translate_product_material"})
_NOT_AFTER_WRITES = frozenset(
    [
        "supply_product_name",
        "list_image",
        "tiny_image",
        "small_image",
        "made_date",
        "release_date",
        "origin_place_value",
        "icon_show_period",
        "list_icon",
        "approve_status",
        "sold_out",
        "clearance_category_eng",
        "clearance_category_kor",
        "set_product_type",
        "main",
        "market_sync",
        "project_no",
        "separated_mobile_description",
        "product_tax_type_text",
        "product_tag",
        "option_type",
        "origin_place_code",
        "select_one_by_option",
    ]
)
_WRITTEN = (TEMPLATE.keys() - _NOT_AFTER_WRITES) | {"additional_image"}
AFTER_POST = _WRITTEN - {"updated_date", "additional_information", "translated_additional_description"}
AFTER_PUT = _WRITTEN - {"created_date", "has_option", "translated_description"}
_GIVEN_BY_THE_MALL = frozenset(
    [
        "product_code",
        "created_date",
        "updated_date",
        "sold_out",
        "product_tax_type_text",
        "category",
        "project_no",
        "list_icon",
        "has_option",
        "option_type",
        "set_product_type",
        "origin_place_code",
        "approve_status",
    ]
)
_PATH = frozenset({"shop_no", "product_no"})
_BOTH = (TEMPLATE.keys() - _GIVEN_BY_THE_MALL) | _SINCE_2024 | _PATH | {"add_category_no", "additional_image"}
POSTABLE = _BOTH | {"has_option", "options", "option_type"}
PUTTABLE = _BOTH | {"delete_category_no"}
IMAGES = ("detail_image", "list_image", "tiny_image", "small_image")
MONEY = frozenset({"price", "price_excluding_tax", "retail_price", "supply_price", "additional_price"})
PER_SHOP = frozenset(
    [
        "product_name",
        "eng_product_name",
        "price",
        "price_excluding_tax",
        "retail_price",
        "additional_price",
        "display",
        "selling",
        "summary_description",
        "simple_description",
        "description",
        "mobile_description",
        "product_tag",
        "price_content",
        "main",
        "icon_show_period",
        "icon",
        "minimum_quantity",
        "maximum_quantity",
    ]
)
"""What differs from shop to shop of one mall; all else is written for all of them (unconfirmed, reference §11.8)."""
_LONGEST = {
    "product_name": 250,
    "eng_product_name": 250,
    "supply_product_name": 250,
    "internal_product_name": 50,
    "model_name": 100,
    "custom_product_code": 40,
    "summary_description": 255,
    "hscode": 20,
}
_WORDS = {"product_condition": "NBRUEFS", "tax_type": "ABC", "tax_calculation": "AM", "shipping_scope": "ABC"}
_FLAGS = frozenset(
    {"display", "selling", "adult_certification", "use_naverpay", "use_kakaopay", "shipping_fee_by_product"}
)


def money(value: object, parameter: str, *, least: Decimal = Decimal(0)) -> str:
    """An amount as text with two decimals.

    Raises:
        Refusal: 422, it is no amount between 0 and 2,147,483,647.
    """
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise unprocessable("Invalid value.", parameter) from None
    if isinstance(value, bool) or not amount.is_finite() or not least <= amount <= LARGEST_MONEY:
        raise unprocessable("Invalid value.", parameter)
    return f"{amount:.2f}"


def flag(value: object, parameter: str) -> str:
    """T or F.

    Raises:
        Refusal: 422, it is neither.
    """
    if value not in {"T", "F"}:
        raise unprocessable("Enter T or F.", parameter)
    return str(value)


def whole(value: object, parameter: str, *, least: int = 0, most: int = 2_147_483_647) -> int:
    """A whole number, given as one or as text.

    Raises:
        Refusal: 422, it is none or out of bounds.
    """
    text = str(value)
    digits = text.removeprefix("-")
    if isinstance(value, bool) or not (digits.isascii() and digits.isdigit()) or not least <= int(text) <= most:
        raise unprocessable("Invalid value.", parameter)
    return int(text)


def text_of(value: object, parameter: str, longest: int | None = None) -> str:
    """A text.

    Raises:
        Refusal: 422, it is none or too long.
    """
    if not isinstance(value, str):
        raise unprocessable("Invalid value.", parameter)
    if longest is not None and len(value) > longest:
        raise unprocessable(f"Enter no more than {longest} characters.", parameter)
    return value


def without_tax(price: str, row: Mapping[str, Any]) -> str:
    """The price before tax, in whole units as the mall rounds it."""
    if row["tax_type"] != "A":
        return price
    rate = Decimal(100 + int(row["tax_rate"])) / 100
    return f"{(Decimal(price) / rate).quantize(Decimal(1), ROUND_HALF_UP)}.00"


def with_tax(price: str, row: Mapping[str, Any]) -> str:
    """The price with tax, from the one before it."""
    if row["tax_type"] != "A":
        return price
    rate = Decimal(100 + int(row["tax_rate"])) / 100
    return f"{(Decimal(price) * rate).quantize(Decimal(1), ROUND_HALF_UP)}.00"


def checked(request: Mapping[str, Any], allowed: frozenset[str] | set[str]) -> Row:
    """The plain fields of a product write, each in its own shape; images, categories and options are left out.

    Raises:
        Refusal: 422 naming a field that is not supported, or one that cannot be what it says.
    """
    unknown = next((name for name in request if name not in allowed), None)
    if unknown is not None:
        raise unprocessable("This parameter is not supported.", unknown)
    plain = {
        name: value
        for name, value in request.items()
        if name in TEMPLATE.keys() | _SINCE_2024 and name not in {*IMAGES, *_PATH, "has_option", "option_type"}
    }
    return {name: _shaped(name, value) for name, value in plain.items()}


def _shaped(name: str, value: object) -> object:
    shaped = value
    if name in MONEY or name == "product_weight":
        shaped = money(value, name)
    elif name in _LONGEST:
        shaped = text_of(value, name, _LONGEST[name])
    elif name in _WORDS:
        if not isinstance(value, str) or value not in _WORDS[name] or len(value) != 1:
            raise unprocessable("Invalid value.", name)
    elif name in _FLAGS:
        shaped = flag(value, name)
    elif name == "product_tag" and isinstance(value, str):
        shaped = [tag.strip() for tag in value.split(",")]
    elif isinstance(TEMPLATE.get(name), int):
        shaped = whole(value, name)
    return shaped
