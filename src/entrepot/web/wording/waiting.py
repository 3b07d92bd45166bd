"""What a store was not told yet, of each kind, as cells with an age and a tone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.channels.queries.behind import KINDS, Behind

WORDS = {
    "stock": _("Stock"),
    "prices": _("Prices"),
    "statuses": _("Order statuses"),
    "listings": _("Listings"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Changes of one kind that a store was not told yet."""

    word: str | Promise
    count: int
    oldest: datetime | None
    tone: str


def cells(stock: Behind | None, others: Mapping[str, Behind], now: datetime) -> Sequence[Waiting]:
    """A cell for each kind."""
    found = {**others, "stock": stock or Behind()}
    kinds = [(WORDS[kind], found.get(kind, Behind())) for kind in KINDS]
    return [Waiting(word, one.count, one.oldest, one.tone(now)) for word, one in kinds]
