"""A product in its stores as rows of a table: one for each field, one for each item, a cell for each store."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from entrepot.catalog.models import Item
from entrepot.channels.queries.storefront import Place, Priced, Way, Word
from entrepot.channels.services.storefront_told import WORDS
from entrepot.web.wording.offers import Names, field_word, said


@dataclass(frozen=True, slots=True)
class Line:
    """One of the three values of a field, with the word that says which."""

    word: str
    text: str
    images: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A field in a store. One line without a word where nothing differs."""

    place: Place
    name: str
    way: Way
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Row:
    """A field in all stores."""

    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in all stores: its listings there."""

    item: Item
    cells: Sequence[tuple[Place, Sequence[Priced]]]


def word_rows(places: Sequence[Place], names: Names) -> Sequence[Row]:
    """A row for each field that a store says anything about."""
    rows = []
    for number, name in enumerate(WORDS):
        cells = [_cell(place, place.words[number], names) for place in places]
        if name in {"name", "category_ids"} or any(cell.lines for cell in cells):
            rows.append(Row(field_word(name), cells))
    return rows


def item_rows(places: Sequence[Place], items: Sequence[Item]) -> Sequence[ItemRow]:
    """A row for each item."""
    return [ItemRow(item, [(place, place.priced(item.pk)) for place in places]) for item in items]


def _cell(place: Place, word: Word, names: Names) -> Cell:
    given = {
        _("We want"): word.wanted if place.remote_id or place.row else None,
        _("Sent"): word.sent,
        _("The store shows"): word.seen,
    }
    texts = {label: _line(label, place, word.name, value, names) for label, value in given.items()}
    lines = [line for line in texts.values() if line.text or line.images]
    if word.way in {Way.NONE, Way.THERE}:
        shown = [Line("", line.text, line.images) for line in lines]
        return Cell(place, word.name, word.way, shown[-1:])
    return Cell(place, word.name, word.way, lines)


def _line(label: str, place: Place, name: str, value: object, names: Names) -> Line:
    if name == "images":
        addresses = [str(one) for one in value] if isinstance(value, list) else []
        return Line(label, "", addresses)
    return Line(label, said(place.store.pk, name, value, names))
