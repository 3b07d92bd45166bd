"""1,000 different parcel labels from facts to file, as PDF and as ZPL, in Korean and English; then one after another.

The typefaces are read once before the clock starts, as a worker has done by its second label. Every fiftieth label is
read back by a barcode scanner.
"""

import io
import resource
import statistics
import time
from datetime import date
from decimal import Decimal

import zxingcpp
from PIL import Image

from benchmarks._rig import Figures, World, must
from entrepot.fulfilment.documents import Freight, LabelFacts, PackedLine, Party, pdf, pictures, zpl
from entrepot.fulfilment.documents.fit import fit
from entrepot.kernel.money import Money

FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = ["하늘", "서준", "지우", "민서", "도윤", "예린", "시우", "수아", "은채", "태양", "보람", "가람", "나래", "슬기"]
DISTRICTS = [
    "서울특별시 마포구",
    "부산광역시 해운대구",
    "대구광역시 수성구",
    "인천광역시 연수구",
    "경기도 성남시 분당구",
]
STREETS = [
    "월드컵북로",
    "센텀중앙로",
    "달구벌대로",
    "송도과학로",
    "첨단과기로",
    "판교역로",
    "호미로",
    "가람길",
    "솔숲길",
]
HOUSES = ["한빛아파트", "솔숲마을", "푸른연립", "바다오피스텔", "늘봄빌라"]
GOODS = ["머그컵 350 ml 흰색", "면 티셔츠 검정 L", "겨울 코트 네이비 100", "유기농 녹차 50 g", "Enamel mug, white"]
ABROAD = [("Łucja Świętosławska", "Gdańsk", "PL"), ("Jørgen Ågård", "Århus", "DK"), ("Anaïs Lefèvre", "Besançon", "FR")]
SENDER = Party(
    name="한빛상회",
    address=["서울특별시 마포구 월드컵북로 396", "누리꿈스퀘어 3층"],
    postcode="03925",
    phone="02-555-0101",
)


def run(world: World, *, short: bool) -> Figures:
    del world  # nothing but this process is measured
    count = 100 if short else 1000
    batch = [_facts(number) for number in range(count)]
    pdf([_facts(-1)], language="ko")
    zpl_s, text = _timed(lambda: zpl(batch, language="ko"))
    fit.cache_clear()
    pdf_s, file = _timed(lambda: pdf(batch, language="ko"))
    _check(batch, text)
    singles = [_timed(lambda one=one: pdf([one], language="ko"))[0] for one in map(_facts, range(count, count + 50))]
    return {
        "value": round(pdf_s, 2),
        "unit": f"s for {count:,} labels as PDF",
        "zpl_s": round(zpl_s, 2),
        "one_pdf_ms": round(statistics.median(singles) * 1000, 1),
        "pdf_mb": round(len(file) / 1e6, 2),
        "zpl_mb": round(len(text) / 1e6, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _timed(work):  # noqa: ANN001, ANN202 - whatever is measured
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def _pick(words, number: int, step: int) -> str:  # noqa: ANN001 - a list or a text
    return words[number * step % len(words)]


def _facts(number: int) -> LabelFacts:
    return LabelFacts(
        sender=SENDER,
        receiver=_abroad(number) if number % 5 == 4 else _at_home(number),
        order_number=f"20261122-{number:07d}",
        carrier="가온택배" if number % 5 < 4 else "Northwind Parcel",
        service="일반",
        tracking_number=f"6{number:011d}" if number % 5 < 4 else f"RR{number:09d}KR",
        lines=[
            PackedLine(sku=f"SKU-{number * 7 % 900:03d}", name=_pick(GOODS, number + line, 5), quantity=line + 1)
            for line in range(number % 4 + 1)
        ],
        weight=300 + number % 40 * 50,
        routing_code=f"{number % 9}{'ABCDEFGHJK'[number % 10]}{number % 89:02d}-{number % 7}",
        message="부재 시 경비실에 맡겨 주세요" if number % 3 == 0 else "",
        freight=Freight.PREPAID,
        cash_on_delivery=Money(Decimal(1000 * (number % 90 + 1)), "KRW") if number % 10 == 7 else None,
        shipped_on=date(2026, 11, 22),
    )


def _at_home(number: int) -> Party:
    return Party(
        name=_pick(FAMILY, number, 7) + _pick(GIVEN, number, 11),
        address=[
            f"{_pick(DISTRICTS, number, 5)} {_pick(STREETS, number, 2)} {number % 499 + 1}",
            f"{_pick(HOUSES, number, 3)} {number % 30 + 101}동 {number % 24 + 1}{number % 4 + 1:02d}호",
        ],
        postcode=f"{10000 + number * 37 % 53999:05d}",
        phone=f"010-5555-{number % 10000:04d}",
    )


def _abroad(number: int) -> Party:
    name, town, country = _pick(ABROAD, number // 5, 1)
    return Party(name=name, address=[f"Long Street {number}", town], postcode=f"{number:05d}", country=country)


def _check(batch: list[LabelFacts], text: str) -> None:
    """As many labels as facts, and a scanner reads what they should say."""
    must(text.count("^XA") == text.count("^XZ") == len(batch), "labels are missing from the ZPL")
    some = batch[::50]
    for facts, picture in zip(some, pictures(some, language="ko"), strict=True):
        found = {code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))}
        must(found == {facts.tracking_number, facts.order_number}, f"{facts.order_number}: a scanner reads {found}")
