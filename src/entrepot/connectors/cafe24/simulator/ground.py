"""What every mall has before it sells anything: carriers, master data, and rows of both (reference §4.4, §5.7)."""

from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.catalogue.codes import coded

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

CARRIER_NAMES = {
    "0001": "자체배송",
    "0002": "대신택배",
    "0004": "로젠택배",
    "0006": "CJ대한통운",
    "0011": "일양로지스",
    "0012": "우체국택배",
    "0016": "천일택배",
    "0018": "한진택배",
    "0022": "FASTBOX",
    "0023": "경동택배",
    "0047": "합동택배",
    "0079": "롯데택배",
}
"""Every carrier code a mall can register; the demo mall has registered some of them."""
REGISTERED = ("0006", "0012", "0018", "0079", "0001")
BEGUN = "2025-11-03T09:00:00+09:00"
ORIGINS = (
    (1798, "기타", "KR"),
    (1, "국내", "KR"),
    (264, "중국", "CN"),
    (309, "베트남", "VN"),
    (1800, "직접입력", "ETC"),
)


def lay(mall: "Mall") -> None:
    """Put in what every mall begins with. Category numbers up to 23 are the mall's own; 1 is the top."""
    mall.numbers["category"] = 23
    for code in REGISTERED:
        add_carrier(mall, code, contact="02-555-0142", email="delivery@sodam.example")
    mall.masters = {
        "brand": {"B0000000": brand("B0000000", "자체브랜드")},
        "manufacturer": {"M0000000": manufacturer("M0000000", "자체제작", "")},
        "supplier": {"S0000000": supplier("S0000000", "자체공급")},
        "classification": {
            "C000000A": {
                "shop_no": 1,
                "classification_code": "C000000A",
                "classification_name": "자체분류",
                "classification_description": "",
                "use_classification": "T",
                "created_date": BEGUN,
            }
        },
        "trend": {
            "T0000000": {
                "shop_no": 1,
                "trend_code": "T0000000",
                "trend_name": "기본트렌드",
                "use_trend": "T",
                "created_date": BEGUN,
            }
        },
    }


def add_carrier(mall: "Mall", code: str, **fields: object) -> Row:
    """Register a carrier; the first one is the default."""
    carrier_id = mall.next_number("carrier")
    row: Row = {
        "shop_no": 1,
        "carrier_id": carrier_id,
        "shipping_carrier_code": code,
        "shipping_carrier": CARRIER_NAMES[code],
        "track_shipment_url": None,
        "shipping_type": "A",
        "contact": "",
        "secondary_contact": "",
        "email": "",
        "default_shipping_fee": None,
        "homepage_url": "",
        "default_shipping_carrier": "F" if mall.carriers else "T",
        "shipping_fee_setting": "F",
        "shipping_fee_setting_detail": None,
        "express_exception_setting": None,
    }
    mall.carriers[carrier_id] = row | fields
    return mall.carriers[carrier_id]


def next_code(mall: "Mall", kind: str) -> str:
    """The next code of brands ("B") and the like: `B000000A`, then `B000000B`."""
    return coded(kind, mall.next_number(f"code {kind}") - 1)


def brand(code: str, name: str, search_keyword: str = "", use_brand: str = "T", created: str = BEGUN) -> Row:
    """A brand; `product_count` is counted when listed."""
    return {
        "shop_no": 1,
        "brand_code": code,
        "brand_name": name,
        "use_brand": use_brand,
        "search_keyword": search_keyword,
        "created_date": created,
    }


def manufacturer(code: str, name: str, president: str) -> Row:
    """A manufacturer."""
    return {
        "shop_no": 1,
        "manufacturer_code": code,
        "manufacturer_name": name,
        "president_name": president,
        "use_manufacturer": "T",
        "email": "",
        "phone": "",
        "homepage": "",
        "zipcode": "",
        "country_code": "KR",
        "address1": "",
        "address2": "",
        "created_date": BEGUN,
    }


def supplier(code: str, name: str) -> Row:
    """A supplier, with the keys an OMS may look at."""
    return {
        "shop_no": 1,
        "supplier_code": code,
        "supplier_name": name,
        "status": "A",
        "commission": "0.00",
        "payment_period": "A",
        "business_item": "",
        "payment_type": "D",
        "supplier_type": "WS",
        "use_supplier": "T",
        "created_date": "",
        "updated_date": BEGUN,
        "country_code": "KOR",
        "zipcode": "",
        "address1": "",
        "address2": "",
        "manager_information": [],
        "trading_type": "D",
    }


def category(mall: "Mall", name: str, parent: int = 1, *, category_no: int | None = None, **fields: object) -> Row:
    """A category below `parent` (1 = top), kept; answers its row without what is computed when shown."""
    number = mall.next_number("category") if category_no is None else category_no
    mall.numbers["category"] = max(mall.numbers.get("category", 0), number)
    siblings = sum(row["parent_category_no"] == parent for row in mall.categories.values())
    shown = ("normal", "recommend", "new")
    row: Row = {
        "shop_no": 1,
        "category_no": number,
        "parent_category_no": parent,
        "category_name": name,
        "display_type": "A",
        "use_main": "F",
        "use_display": "T",
        "display_order": siblings + 1,
        "soldout_product_display": "N",
        "sub_category_product_display": "T",
        "hashtag_product_display": "F",
        "hash_tags": [],
        "product_display_scope": "A",
        "product_display_type": "A",
        "product_display_key": "A",
        "product_display_sort": "D",
        "product_display_period": None,
    }
    for group in shown:
        row |= {f"{group}_product_display_{part}": None for part in ("type", "key", "sort", "period")}
    row |= {"access_authority": "F", **fields}
    mall.categories[number] = row
    return row
