"""Deeds for many orders as the screens show them: which buttons there are, and what became of each order in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from entrepot.channels.services.bulk.deeds import CHOOSABLE, DEEDS
from entrepot.orders.bulk_queries import Progress
from entrepot.orders.models import Bulk, BulkItem
from entrepot.web.desk import Desk
from entrepot.web.wording import words

FIRST = ("release", "pack", "hand_over", "complete", "tag")
"""On the bar itself; the others are in its menu."""


@dataclass(frozen=True, slots=True)
class Button:
    """A deed on the bar below the list of orders."""

    kind: str
    word: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A deed with how far it is."""

    bulk: Bulk
    word: str
    progress: Progress


def bar(desk: Desk) -> tuple[list[Button], list[Button]]:
    """The buttons of what this person may do to many orders: those that are always seen, and those of the menu."""
    allowed = [DEEDS[kind] for kind in CHOOSABLE if desk.may(DEEDS[kind].action)]
    buttons = [Button(deed.kind, gettext(deed.word), deed.icon) for deed in allowed]
    return [one for one in buttons if one.kind in FIRST], [one for one in buttons if one.kind not in FIRST]


def word_of(bulk: Bulk) -> str:
    """What was done, as its button says it, with the tag."""
    deed = DEEDS.get(bulk.kind)
    word = gettext(deed.word) if deed else bulk.kind
    return f"{word}: {tag}" if (tag := bulk.facts.get("tag")) else word


def reason_of(item: BulkItem) -> str:
    """Why an order was refused."""
    return words.problem_sentence(item.error_code, item.error_fields) if item.error_code else ""


def trouble_of(bulk: Bulk) -> str:
    """What ended a deed as a whole."""
    code, fields = bulk.facts.get("error") or ("", {})
    return words.problem_sentence(code, fields) if code else ""


def wrong_rows(bulk: Bulk) -> list[tuple[int, str, list[str]]]:
    """The first rows of a file that cannot be taken in: (row, order, reasons)."""
    rows = bulk.facts.get("errors") or []
    return [(row, number, [words.filled(sentence, facts) for sentence, facts in wrong]) for row, number, wrong in rows]


def told(items: Sequence[BulkItem]) -> list[tuple[BulkItem, str]]:
    """Each order with its reason."""
    return [(item, reason_of(item)) for item in items]
