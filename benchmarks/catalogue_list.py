"""The product list over 1,000,000 items: pages, filters and searches, in the server.

Each page is asked for as a browser does, through the whole web application, and comes back as HTML. The value is the
slowest p95; every page must ask the database as often as for one row.
"""

import importlib
import time
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from benchmarks._catalogue import BRANDS, Catalogue, write_items
from benchmarks._million import MIDDLING, RARE
from benchmarks._pages import LIMIT_MS, Pages, browser_of, measure
from benchmarks._rig import Figures, World
from entrepot.kernel.page import bookmark


def run(world: World, *, short: bool) -> Figures:
    count, times = (20_000, 8) if short else (1_000_000, 40)
    began = time.perf_counter()
    made = write_items(count)
    seeded = time.perf_counter() - began
    importlib.import_module("django.conf").settings.ALLOWED_HOSTS = ["testserver"]
    browser = browser_of(made.owner)
    found = {name: _measure(browser, words, times) for name, words in _pages(made).items()}
    worst = max(found, key=lambda name: found[name]["p95_ms"])
    world.memory()
    return {
        "value": found[worst]["p95_ms"],
        "unit": "ms, the slowest p95 of a page",
        "worst": worst,
        "within_limit": sum(one["p95_ms"] <= LIMIT_MS for one in found.values()),
        "of": len(found),
        "items": made.items,
        "products": made.products,
        "queries": max(one["queries"] for one in found.values()),
        "seeded_s": round(seeded, 1),
        "pages": found,
    }


def _pages(made: Catalogue) -> Pages:
    """What is asked for, by name."""
    some = made.products // 3
    deep = max(made.products - 999 * 50, made.products // 2)
    return {
        "first page": {},
        "page 1,000": {"after": bookmark(deep)},
        "last page": {"after": bookmark(51)},
        "brand of many": {"brand": made.brand},
        "brand of few": {"brand": made.brand + BRANDS - 1},
        "groups": {"kind": "group"},
        "groups of one brand": {"kind": "group", "brand": made.brand + BRANDS - 1},
        "rare word": {"q": RARE},
        "middling word": {"q": MIDDLING},
        "common word": {"q": "sock"},
        "common word, one brand": {"q": "sock", "brand": made.brand + BRANDS // 2},
        "common word, page 1,000": {"q": "sock", "after": bookmark(deep)},
        "word of two syllables": {"q": "양말"},
        "SKU": {"q": f"SKU-{some:07d}"},
        "part of a SKU": {"q": f"{some:07d}"},
        "SKU of a variation": {"q": f"SKU-{31 * 200:07d}-2"},
        "barcode": {"q": str(8_800_000_000_000 + some * 10 + 1)},
        "whole name": {"q": f"coat {some}"},
        "nothing fits": {"q": "nobodyhasthis"},
    }


def _measure(browser: Client, words: dict[str, Any], times: int) -> dict[str, Any]:
    return measure(browser, "/products/?" + urlencode(words), row=b"row-title", times=times)
