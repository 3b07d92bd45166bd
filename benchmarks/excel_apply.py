"""The checked workbook of `excel_validate` applied: items, groups, brands, categories, opening stock, the ledger."""

import resource
import time

from benchmarks._rig import Figures, World, must
from benchmarks.excel_validate import MINA, taken
from entrepot.catalog.models import Item, Product
from entrepot.inventory.models import Movement
from entrepot.sheets import services
from entrepot.sheets.models import Upload


def run(world: World, *, short: bool) -> Figures:
    del world  # the database is there; nothing but this process works
    count = 10_000 if short else 100_000
    upload, _megabytes = taken(count)
    services.work_upload(upload.pk)
    services.apply_upload(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA)
    began = time.perf_counter()
    services.work_upload(upload.pk)
    seconds = time.perf_counter() - began
    good = count - count // 100
    found = Upload.objects.get(pk=upload.pk)
    must(found.state == "done" and found.counts["done"] == good, f"{good} rows are done, not {found.counts}")
    must(Item.objects.count() == good, "every good row is an item")
    must(Movement.objects.filter(kind="opening").count() == good, "every item has its opening stock in the ledger")
    return {
        "unit": "rows applied a second, the workbook with the results written",
        "value": round(good / seconds),
        "seconds": round(seconds, 2),
        "rows": good,
        "products": Product.objects.count(),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
