"""The demo mall: half of what the OpenCart demo shop sells, under the same SKUs, and clothes of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import ground, order_demo
from entrepot.connectors.cafe24.simulator.answers import Row

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

WON_PER_DOLLAR = Decimal(1300)
FIRST_PRODUCT = 11
_CATEGORIES = (
    ("디지털", None),
    ("휴대폰·태블릿", "디지털"),
    ("노트북·데스크톱", "디지털"),
    ("카메라", "디지털"),
    ("음향", "디지털"),
    ("패션", None),
    ("상의", "패션"),
    ("아우터", "패션"),
    ("티셔츠", "상의"),
    ("잡화", "패션"),
    ("생활", None),
    ("주방", "생활"),
    ("신상품", None),
)
_BRANDS = (("소담", "sodam"), ("애플", "apple"), ("캐논", "canon"), ("소니", "sony"), ("모시결", "mosigyeol"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """One product of the demo mall. `codes` are the variants' custom codes, `stock` their quantities."""

    name: str
    english: str
    price: int
    code: str = ""
    category: str = ""
    brand: str = ""
    options: dict[str, list[str]] | None = None
    codes: Sequence[str | None] = ()
    stock: Sequence[int] = (20,)
    fields: Row = field(default_factory=dict)
    variants: Row = field(default_factory=dict)
    bundle: Sequence[tuple[int, int]] = ()


_COLORS, _SIZES = ["블랙", "아이보리", "네이비"], ["S", "M", "L"]
WARES = (
    Ware(
        name="HTC 터치 HD 스마트폰", english="HTC Touch HD", price=130000, code="HTC-TOUCH-HD", category="휴대폰·태블릿"
    ),
    Ware(
        name="팜 트레오 프로",
        english="Palm Treo Pro",
        price=364000,
        code="PALM-TREO-PRO",
        category="휴대폰·태블릿",
        stock=(12,),
    ),
    Ware(
        name="캐논 EOS 5D 바디",
        english="Canon EOS 5D",
        price=136500,
        code="CAM-EOS-5D",
        category="카메라",
        brand="캐논",
        options={"색상": ["레드", "블루"]},
        codes=("CAM-EOS-5D-RED", "CAM-EOS-5D-BLUE"),
        stock=(4, 5),
    ),
    Ware(
        name="니콘 D300 카메라",
        english="Nikon D300",
        price=104000,
        code="CAM-NIKON-D300",
        category="카메라",
        stock=(38,),
    ),
    Ware(name="아이팟 셔플", english="iPod Shuffle", price=130000, code="IPOD-SHUFFLE", category="음향", brand="애플"),
    Ware(
        name="아이폰",
        english="iPhone",
        price=131300,
        code="PHONE-IPHONE",
        category="휴대폰·태블릿",
        brand="애플",
        stock=(60,),
    ),
    Ware(
        name="아이맥 21.5형", english="iMac", price=130000, code="MAC-IMAC-21", category="노트북·데스크톱", brand="애플"
    ),
    Ware(
        name="맥북 화이트",
        english="MacBook",
        price=650000,
        code="MAC-MACBOOK",
        category="노트북·데스크톱",
        brand="애플",
        stock=(9,),
    ),
    Ware(
        name="맥북 에어 13형",
        english="MacBook Air",
        price=1560000,
        code="MAC-AIR-13",
        category="노트북·데스크톱",
        brand="애플",
    ),
    Ware(
        name="소니 바이오",
        english="Sony VAIO",
        price=1300000,
        code="NB-SONY-VAIO",
        category="노트북·데스크톱",
        brand="소니",
    ),
    Ware(
        name="아이팟 클래식",
        english="iPod Classic",
        price=130000,
        code="IPOD-CLASSIC",
        category="음향",
        brand="애플",
        stock=(1,),
    ),
    Ware(
        name="갤럭시 탭 10.1",
        english="Galaxy Tab 10.1",
        price=260000,
        code="TAB-GALAXY-101",
        category="휴대폰·태블릿",
        stock=(0,),
    ),
    Ware(
        name="여름 린넨 셔츠",
        english="Summer linen shirt",
        price=49000,
        code="SD-LINEN",
        category="상의",
        brand="모시결",
        options={"색상": _COLORS, "사이즈": _SIZES},
        codes=[f"SD-LINEN-{color}-{size}" for color in ("BK", "IV", "NV") for size in _SIZES],
        stock=(12, 20, 7, 3, 15, 0, 9, 11, 4),
        fields={"product_tag": ["린넨", "셔츠"], "summary_description": "바람이 통하는 린넨 셔츠"},
    ),
    Ware(
        name="기본 반팔 티셔츠",
        english="Plain short-sleeve T-shirt",
        price=17900,
        code="SD-TEE",
        category="티셔츠",
        brand="소담",
        options={"색상": ["블랙", "아이보리"], "사이즈": ["M", "L"]},
        codes=("SD-TEE-BK", "SD-TEE-BK", "SD-TEE-IV-M", "SD-TEE-IV-L"),
        stock=(30, 28, 16, 22),
    ),
    Ware(
        name="누빔 재킷",
        english="Quilted jacket",
        price=128000,
        category="아우터",
        brand="모시결",
        options={"색상": ["카키", "블랙"]},
        stock=(6, 8),
        fields={"retail_price": "158000.00"},
    ),
    Ware(name="캔버스 에코백", english="Canvas tote", price=22000, category="잡화", brand="소담", stock=(45,)),
    Ware(
        name="모바일 금액권 3만원",
        english="Mobile voucher",
        price=30000,
        code="SD-VOUCHER-30",
        category="생활",
        stock=(0,),
        fields={"tax_type": "B"},
        variants={"use_inventory": "F"},
    ),
    Ware(
        name="예약판매 백자 머그",
        english="White porcelain mug, pre-order",
        price=26000,
        code="SD-MUG-W",
        category="주방",
        brand="소담",
        stock=(-3,),
        variants={"display_soldout": "F"},
    ),
    Ware(
        name="무통장 한정 차 세트",
        english="Tea set, stock taken when paid",
        price=38000,
        code="SD-TEA",
        category="주방",
        stock=(10,),
        variants={"inventory_control_type": "B"},
    ),
    Ware(
        name="집들이 선물 세트",
        english="Housewarming bundle",
        price=60000,
        code="SD-SET-HOME",
        category="생활",
        stock=(10,),
        fields={"set_product_type": "C"},
        bundle=((FIRST_PRODUCT + 15, 1), (FIRST_PRODUCT + 18, 1)),
    ),
    Ware(
        name="판매중지 양모 머플러",
        english="Wool muffler, off sale",
        price=41000,
        code="SD-MUFFLER",
        category="잡화",
        stock=(5,),
        fields={"selling": "F", "display": "F"},
    ),
)


def lay_ground(mall: "Mall") -> None:
    """What every mall begins with."""
    ground.lay(mall)


def fill(mall: "Mall", *, orders: int = 0) -> None:
    """Put in the demo catalogue and so many made-up orders."""
    with mall.deed():
        named: dict[str, int] = {}
        for name, above in _CATEGORIES:
            named[name] = ground.category(mall, name, named[above] if above else 1)["category_no"]
        brands: dict[str, str] = {}
        for name, keyword in _BRANDS:
            brands[name] = ground.next_code(mall, "B")
            mall.masters["brand"][brands[name]] = ground.brand(brands[name], name, keyword)
        code = ground.next_code(mall, "M")
        mall.masters["manufacturer"][code] = ground.manufacturer(code, "한울제작소", "한소윤")
        mall.numbers["product"] = FIRST_PRODUCT - 1
        for ware in WARES:
            _put_in(mall, ware, named, brands)
        if orders:
            order_demo.fill(mall, orders)


def _put_in(mall: "Mall", ware: Ware, categories: dict[str, int], brands: dict[str, str]) -> None:
    number = mall.numbers["product"] + 1
    slug = f"{number:04d}"
    images = {
        f"{kind}_image": f"/web/product/{folder}/202511/{slug}.jpg"
        for kind, folder in (("detail", "big"), ("list", "medium"), ("tiny", "tiny"), ("small", "small"))
    }
    fields = {
        "custom_product_code": ware.code,
        "eng_product_name": ware.english,
        "supply_price": f"{ware.price * 6 // 10}.00",
        "brand_code": brands.get(ware.brand, "B0000000"),
        "description": f"<p>{ware.name}</p>",
        **images,
        **ware.fields,
    }
    mall.add_product(ware.name, ware.price, options=ware.options, codes=ware.codes, **fields)
    product = mall.products[number]
    product.categories = [{"category_no": categories[ware.category], "recommend": "F", "new": "F"}]
    product.additional_images = [f"/web/product/extra/big/202511/{slug}-2.jpg"]
    product.bundle = [
        {"variant_code": mall.products[part].variants[0].variant_code, "quantity": count} for part, count in ware.bundle
    ]
    for place, variant in enumerate(product.variants):
        variant.quantity = ware.stock[place] if place < len(ware.stock) else ware.stock[-1]
        for name, value in ware.variants.items():
            setattr(variant, name, value)
    for shop in mall.shops.values():
        if shop.shop_no != 1:
            product.shops[shop.shop_no] = _abroad(ware, shop.currency_code)


def _abroad(ware: Ware, currency: str) -> Row:
    """What a second shop shows: an English name, and dollars where it does not sell in won."""
    price = Decimal(ware.price) if currency == "KRW" else Decimal(ware.price) / WON_PER_DOLLAR
    text = f"{price:.2f}"
    return {"product_name": ware.english, "price": text, "price_excluding_tax": text, "retail_price": "0.00"}
