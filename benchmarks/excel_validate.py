"""A workbook of 100,000 new products × 20 columns, 1 % of its rows wrong: read, every row checked against the books,
and the workbook with the reasons written. The memory is this process's peak, Django and all.
"""

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks._rig import Figures, World, must
from entrepot.accounts.models import Seller
from entrepot.kernel.actor import Actor
from entrepot.sheets import services
from entrepot.sheets.headings import heading_of
from entrepot.sheets.kinds.products_new import PRODUCTS_NEW
from entrepot.sheets.models import Upload, UploadFile
from entrepot.sheets.stream import Book, Sheet

MINA = Actor("user", "Mina")
LEFT_OUT = {"option3_name", "option3_value", "description", "attributes", "images"}
COLUMNS = [column for column in PRODUCTS_NEW.columns if column.code not in LEFT_OUT]
COLOURS, SIZES = ["빨강", "파랑", "초록", "검정", "하양"], ["S", "M", "L", "XL"]
GROUP = 20
"""Variations of one group: 5 colours × 4 sizes."""
WRONG = ["sku", "weight_grams", "cost_currency", "image_url", "warehouse"]


def rows(count: int) -> Iterator[list[object]]:
    """Products as a Korean seller has them; every hundredth row is wrong, each in one of five ways."""
    yield [heading_of(column) for column in COLUMNS]
    for number in range(count):
        group, place = divmod(number, GROUP)
        cells: dict[str, object] = {
            "sku": f"SKU-{number:06}", "name": f"울 양말 {group} {COLOURS[place % 5]} {SIZES[place // 5]}",
            "group": f"울 양말 {group}", "option1_name": "색상", "option1_value": COLOURS[place % 5],
            "option2_name": "사이즈", "option2_value": SIZES[place // 5], "barcode": f"880{number:010}",
            "brand": f"브랜드 {group % 50}", "category": f"의류 > 양말 > {group % 100}", "weight_grams": 80 + place,
            "length_mm": 120, "width_mm": 80, "height_mm": 20.5, "cost": 4200 + place, "cost_currency": "KRW",
            "image_url": f"https://example.com/{number}.jpg", "low_stock_at": 5, "stock": place, "warehouse": "MAIN",
        }  # fmt: skip
        if number % 100 == 99:
            code = WRONG[number // 100 % 5]
            cells[code] = "8.80123E+11" if code == "sku" else "없음"
        yield [cells[column.code] for column in COLUMNS]


def taken(count: int) -> tuple[Upload, float]:
    """A file of so many rows, uploaded; and how many MB it has."""
    seller = Seller.objects.create(name="Seoul Socks")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        Book([Sheet("상품", rows(count), widths=[16] * len(COLUMNS))]).write(Path(file.name))
        content = Path(file.name).read_bytes()
    upload = services.take_upload(
        seller_id=seller.pk, kind="products-new", name="products.xlsx", content=content, actor=MINA
    )
    return upload, len(content) / 1e6


def run(world: World, *, short: bool) -> Figures:
    del world  # the database is there; nothing but this process works
    count = 10_000 if short else 100_000
    must(len(COLUMNS) == 20, "twenty columns")
    upload, megabytes = taken(count)
    began = time.perf_counter()
    services.work_upload(upload.pk)
    seconds = time.perf_counter() - began
    found = Upload.objects.get(pk=upload.pk)
    bad = count // 100
    told = {name: found.counts[name] for name in ("good", "bad")}
    must(told == {"good": count - bad, "bad": bad}, f"{count - bad} good rows and {bad} bad, not {found.counts}")
    result = UploadFile.objects.get(upload=upload, role="result")
    return {
        "unit": "s to check the file and write the workbook with the reasons",
        "value": round(seconds, 2),
        "rows": count,
        "columns": len(COLUMNS),
        "bad": bad,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(megabytes, 1),
        "result_mb": round(len(result.content) / 1e6, 1),
        "rows_per_second": round(count / seconds),
    }
