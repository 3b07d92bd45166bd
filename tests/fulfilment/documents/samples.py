"""Facts for documents, short and long, in both languages. All people, firms and numbers are invented."""

from datetime import date
from decimal import Decimal

from entrepot.fulfilment.documents import (
    Business,
    Freight,
    InvoiceFacts,
    InvoiceLine,
    LabelFacts,
    ManifestFacts,
    ManifestRow,
    PackedLine,
    PackingSlipFacts,
    Party,
    PickLine,
    PickListFacts,
    SlipLine,
)
from entrepot.kernel.money import Money

DAY = date(2026, 11, 22)
SHOP = Party(
    name="한빛상회",
    company="주식회사 한빛",
    address=["서울특별시 마포구 월드컵북로 396", "누리꿈스퀘어 3층"],
    postcode="03925",
    phone="02-555-0101",
)
BUYER = Party(
    name="김하늘",
    address=["부산광역시 해운대구 센텀중앙로 97", "센텀스카이비즈 A동 1203호 (재송동)"],
    postcode="48058",
    phone="010-5555-0123",
)
HARBOUR = Party(
    name="Harbour Goods Ltd",
    address=["12 Quayside", "Bristol"],
    postcode="BS1 4RB",
    phone="+44 117 496 0000",
    country="United Kingdom",
)
LUCJA = Party(
    name="Łucja Świętosławska-Żółtowska",
    company="Żuraw i Synowie sp. z o.o.",
    address=["ul. Długa 15/7", "Gdańsk"],
    postcode="80-827",
    phone="+48 58 555 01 23",
    country="Poland",
)
KOREAN_LABEL = LabelFacts(
    sender=SHOP,
    receiver=BUYER,
    order_number="20261122-0000123",
    carrier="가온택배",
    service="일반",
    tracking_number="612345678901",
    lines=[
        PackedLine(sku="MUG-WH-350", name="머그컵 350 ml 흰색", quantity=2),
        PackedLine(sku="TS-BK-L", name="면 티셔츠 검정 L", quantity=1),
    ],
    weight=1250,
    routing_code="4W12-2A",
    message="부재 시 경비실에 맡겨 주세요",
    freight=Freight.PREPAID,
    shipped_on=DAY,
)
ENGLISH_LABEL = LabelFacts(
    sender=HARBOUR,
    receiver=LUCJA,
    order_number="OC-100234",
    carrier="Northwind Parcel",
    service="Express 24",
    tracking_number="RR123456785PL",
    lines=[PackedLine(sku=f"SKU-{n}", name="Enamel mug, white, 350 ml", quantity=n) for n in range(1, 9)],
    weight=850,
    piece=1,
    pieces=3,
    cash_on_delivery=Money(Decimal("149.90"), "PLN"),
    shipped_on=DAY,
    freight=Freight.COLLECT,
)
LONG_ADDRESS = (
    "경상북도 포항시 남구 구룡포읍 호미로 1234번길 567-89 한국해양과학기술진흥원 부설 동해안해양생태연구센터 "
    "제2연구동 지하1층 대형화물 하역장 옆 우편물 접수창구 (등기우편 전용) "
) * 2
LONG_LABEL = LabelFacts(
    sender=SHOP,
    receiver=Party(
        name="주식회사 대한민국국제무역물류유통종합상사 해외사업본부 동남아시아영업팀 김수한무거북이와두루미",
        company="大韓國際貿易株式會社",
        address=[LONG_ADDRESS],
        postcode="37928",
        phone="010-5555-0123 / 054-555-0199",
    ),
    order_number="20261122-0000123-X1-" + "9" * 30,
    carrier="가온글로벌로지스틱스익스프레스코리아",
    service="당일특급 냉장 안심 배송",
    tracking_number="612345678901ABCDEFGHIJKL",
    lines=[PackedLine(sku=f"SKU-LONG-{n}" * 3, name="아주 긴 상품 이름 " * 6, quantity=n) for n in range(1, 30)],
    weight=12500,
    routing_code="서울강남-역삼2-B-099-4W12-2A",
    message="부재 시 경비실에 맡겨 주시고 문자 남겨 주세요. " * 6,
    freight=Freight.COLLECT,
    shipped_on=DAY,
    cash_on_delivery=Money(Decimal(1245000), "KRW"),
    piece=12,
    pieces=12,
)
BARE_LABEL = LabelFacts(
    sender=Party(name="A", address=["B"]), receiver=Party(name="C", address=["D"]), order_number="1"
)
PICK_LIST = PickListFacts(
    number="P-20261122-003",
    made_on=DAY,
    warehouse="부천 1센터",
    picker="이수민",
    note="파손 주의 상품은 완충재와 함께 담아 주세요.",
    lines=[
        PickLine(
            zone="AB"[n % 2],
            place=f"{'AB'[n % 2]}-{n}-{n % 4}",
            sku=f"MUG-{n:03d}-WH",
            name="머그컵 350 ml 흰색 손잡이 포함 선물 상자",
            quantity=n % 7 + 1,
            barcode=f"880123456{n:04d}",
            orders=[f"20261122-{n:07d}"],
        )
        for n in range(1, 40)
    ],
)
SLIP = PackingSlipFacts(
    order_number="OC-100234",
    ordered_on=date(2026, 11, 21),
    store="Harbour Goods",
    sender=HARBOUR,
    receiver=LUCJA,
    carrier="Northwind Parcel",
    tracking_number="RR123456785PL",
    piece=1,
    pieces=2,
    message="Happy birthday!",
    lines=[
        SlipLine(sku="MUG-WH-350", name="Enamel mug, white", ordered=3, packed=2, to_follow=1),
        SlipLine(sku="TS-BK-L", name="T-shirt, black, L", ordered=1, packed=1),
    ],
)
KOREAN_INVOICE = InvoiceFacts(
    number="2026-11-000123",
    issued_on=DAY,
    order_number="20261122-0000123",
    seller=Business(party=SHOP, tax_id="123-45-67891", representative="홍가람"),
    buyer=Business(party=BUYER),
    currency="KRW",
    payment_method="신용카드",
    paid=Decimal(148000),
    lines=[
        InvoiceLine(
            name="머그컵",
            sku="MUG",
            quantity=3,
            unit_price=Decimal(11000),
            net=Decimal(30000),
            tax=Decimal(3000),
            tax_rate=Decimal(10),
        ),
        InvoiceLine(
            name="겨울 코트",
            quantity=1,
            unit_price=Decimal(129000),
            discount=Decimal(17000),
            net=Decimal(101818),
            tax=Decimal(10182),
            tax_rate=Decimal(10),
        ),
        InvoiceLine(name="배송비", net=Decimal(2727), tax=Decimal(273), tax_rate=Decimal(10)),
    ],
    note="이 문서는 세금계산서가 아닙니다.",
)
LONG_INVOICE = InvoiceFacts(
    number="INV-2026-00771",
    issued_on=DAY,
    order_number="OC-100234",
    seller=Business(party=HARBOUR, tax_id="GB 123 4567 89"),
    buyer=Business(party=LUCJA, tax_id="PL 525-000-00-00"),
    currency="EUR",
    lines=[
        InvoiceLine(
            name=f"Enamel mug, edition {n}",
            sku=f"MUG-{n:04d}",
            quantity=n,
            unit_price=Decimal("12.5000"),
            net=Decimal("12.50") * n,
            tax=Decimal("2.50") * n,
            tax_rate=Decimal(20),
        )
        for n in range(1, 71)
    ],
)
MANIFEST = ManifestFacts(
    number="M-20261122-01",
    handed_over_on=DAY,
    carrier="가온택배",
    sender=SHOP,
    rows=[
        ManifestRow(
            tracking_number=f"6123456789{n:02d}",
            order_number=f"20261122-{n:07d}",
            receiver="김하늘",
            destination="부산광역시 해운대구",
            weight=850,
        )
        for n in range(10)
    ],
)
EVIL = [
    '#panic("no")',
    '#import "@preview/evil:1.0.0"',
    "$ x^2 $",
    "\\ \\u{1F600} \\n",
    "] [ ) ( } {",
    "\"quoted\" 'single' `raw`",
    "*bold* _under_ = title - list",
    "<label> @ref // comment /* */",
    "^XZ^XA ~DG ^FD>: ^FS",
    "\x00\x1b[31m\x07\r\n\ttab",
    "\u202egnippihs\u202c \u200bzero\ufeff",
    "😀👨‍👩‍👧🇰🇷 ภาษาไทย عربى",
    "e\u0301\u0301\u0301\u0301\u0301 \u1112\u1161\u11ab",
    "W" * 3000,
    "가" * 3000,
    "\ud800 half",
]
