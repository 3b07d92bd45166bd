"""The order in which the manual is read: one table for the menu, for “next” and for the site of files.

A page of `docs/` that is not named here fails a test; decisions are found by themselves, in their own order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.web.help.pages import folder

HOME = "tutorial"
"""What a reader begins with."""


@dataclass(frozen=True)
class Part:
    """A group of pages: `pages` are paths under `docs/`, without their ending."""

    code: str
    title: str | Promise
    pages: tuple[str, ...]
    developers: bool = False
    """For who reads or runs the code, not for who sells: closed in the menu, last among what a search finds."""


PARTS = (
    Part(
        "begin",
        _("Begin"),
        ("tutorial", "how-to/first-day", "how-to/find-your-way", "how-to/read-the-dashboard", "how-to/problems"),
    ),
    Part("stores", _("Connect your stores"), ("how-to/connect-opencart", "how-to/connect-cafe24", "how-to/stores")),
    Part(
        "products",
        _("Products, prices, stock"),
        (
            "how-to/products-and-prices",
            "how-to/prices",
            "how-to/change-listings",
            "how-to/plan-changes",
            "how-to/stock",
            "how-to/excel",
        ),
    ),
    Part(
        "orders",
        _("Orders"),
        (
            "how-to/order-desk",
            "how-to/pack-and-take-back",
            "how-to/hold-and-cancel",
            "how-to/many-orders-at-once",
            "how-to/split-and-merge",
            "how-to/offline-store",
            "how-to/orders-by-excel",
            "how-to/carriers",
            "how-to/bought-labels",
        ),
    ),
    Part(
        "warehouse", _("Warehouse"), ("how-to/run-a-warehouse", "how-to/work-on-the-floor", "how-to/external-warehouse")
    ),
    Part(
        "installation",
        _("Run Entrepot"),
        ("how-to/install", "how-to/server", "how-to/backup", "how-to/people", "how-to/outgoing-webhooks"),
    ),
    Part(
        "explanation",
        _("How it works inside"),
        (
            "explanation/ledger",
            "explanation/reconciliation",
            "explanation/order-intake",
            "explanation/parts-of-an-order",
            "explanation/two-people-one-form",
            "explanation/cancel-races",
            "explanation/consent",
        ),
    ),
    Part(
        "reference",
        _("Reference pages"),
        (
            "reference/capabilities",
            "reference/roles",
            "reference/excel-columns",
            "reference/documents",
            "errors",
            "reference/settings",
            "reference/commands",
            "reference/api",
            "reference/api-shapes",
            "reference/messages",
            "reference/opencart-bridge-v1",
        ),
    ),
    Part(
        "developers",
        _("For developers"),
        (
            "where-to-put-a-file",
            "connectors",
            "how-to/conformance",
            "explanation/engine",
            "locks",
            "reference/korean-terms",
            "explanation/simulator",
            "explanation/cafe24-simulator",
            "performance",
        ),
        developers=True,
    ),
)


@cache
def parts() -> tuple[Part, ...]:
    """Every group in reading order, decisions last."""
    decided = tuple(f"decisions/{path.stem}" for path in sorted((folder() / "decisions").glob("*.md")))
    return (*PARTS, Part("decisions", _("Decisions and why"), decided, developers=True))


@cache
def reading_order() -> tuple[str, ...]:
    """Every page, in the order in which they follow each other."""
    return tuple(path for part in parts() for path in part.pages)


@cache
def part_of(path: str) -> Part:
    """The group a page stands in."""
    return next(part for part in parts() if path in part.pages)


def neighbours(path: str) -> tuple[str, str]:
    """The page before and the page after, or empty at the ends."""
    order = reading_order()
    at = order.index(path)
    return (order[at - 1] if at else ""), (order[at + 1] if at + 1 < len(order) else "")


def translated(language: str) -> Iterator[str]:
    """The pages that exist in a language."""
    root = folder() if language == "en" else folder() / language
    return (path for path in reading_order() if (root / f"{path}.md").is_file())
