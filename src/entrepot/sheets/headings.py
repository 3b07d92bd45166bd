"""Which column of a file is which: headings are known in every language, in any order, with or without the mark."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.sheets.cells import CLEAR, ERROR_CELL, CellWrong, plain
from entrepot.sheets.errors import HeadingsMissing, HeadingsUnknown, HeadingTwice
from entrepot.sheets.kinds.kind import Column, Draft, Kind
from entrepot.sheets.reading import Table, Values
from entrepot.sheets.stream import column_letter

RESULT: Final = _("Result")
REASON: Final = _("What is wrong, and what to do")
NEEDED: Final = _("Fill this cell.")
MERGED: Final = _("Cells of this row are merged with others. Unmerge them and fill every cell.")
NO_CLEARING: Final = _("This cannot be cleared.")
MARK: Final = " *"
"""Behind the heading of a column that must be filled."""
_NOISE: Final = re.compile(r"[\s*()\[\]·:：_-]+|필수|required", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a kind's columns stand in a file; `head_row` is the row of the headings, as the person sees it."""

    kind: Kind
    head_row: int
    headings: Sequence[str]
    places: Sequence[tuple[int, Column]]
    ours: frozenset[int]
    unknown: Sequence[str]


def heading_of(column: Column) -> str:
    """A column's heading in the language now spoken, with the mark where it must be filled."""
    return gettext(column.heading) + (MARK if column.required else "")


@cache
def spoken(msgid: str) -> frozenset[str]:
    """A heading in every language there is."""
    words = {bare(msgid)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words.add(bare(gettext(msgid)))
    return frozenset(words)


def bare(text: str) -> str:
    """A heading as it is compared."""
    return _NOISE.sub("", text).casefold()


def recognise(kind: Kind, table: Table) -> Layout:
    """Find the row of the headings among the first rows: the one that names most of the kind's columns.

    Raises:
        HeadingsUnknown, HeadingsMissing, HeadingTwice: The file is not of this kind, or not unmistakable.
    """
    best: tuple[int, int, Values] | None = None
    for number, values in table.head():
        hits = sum(_column(kind, str(value)) is not None for value in values if value)
        if hits and (best is None or hits > best[0]):
            best = (hits, number, values)
    needed = [column for column in kind.columns if column.required]
    if best is None or (best[0] == 1 and len(needed) > 1):
        raise HeadingsUnknown(field="file", reason="", wanted=", ".join(gettext(column.heading) for column in needed))
    return _laid_out(kind, best[1], best[2], needed)


def _laid_out(kind: Kind, head_row: int, values: Values, needed: Sequence[Column]) -> Layout:
    places: dict[str, tuple[int, Column]] = {}
    unknown, ours = [], set()
    headings = [str(value).strip() if value is not None else "" for value in values]
    for place, heading in enumerate(headings):
        column = _column(kind, heading)
        if bare(heading) in spoken(RESULT) | spoken(REASON):
            ours.add(place)
        elif column is None:
            unknown += [heading] if heading else []
        elif column.code in places:
            twice = {"first": column_letter(places[column.code][0]), "second": column_letter(place)}
            raise HeadingTwice(field="file", reason="", heading=heading, **twice)
        else:
            places[column.code] = (place, column)
    if missing := [column for column in needed if column.code not in places]:
        raise HeadingsMissing(field="file", reason="", wanted=", ".join(gettext(one.heading) for one in missing))
    read = [pair for pair in places.values() if pair[1].read is not None]
    return Layout(kind, head_row, headings, sorted(read, key=lambda pair: pair[0]), frozenset(ours), unknown)


def _column(kind: Kind, heading: str) -> Column | None:
    asked = bare(heading)
    return _known(kind.code, kind.columns).get(asked) if asked else None


_TABLES: dict[str, dict[str, Column]] = {}


def _known(code: str, columns: Sequence[Column]) -> dict[str, Column]:
    """Every heading of a kind. Its own headings come before other names, should two columns share one."""
    if code not in _TABLES:
        table: dict[str, Column] = {}
        for column in columns:
            for word in spoken(column.heading):
                table.setdefault(word, column)
        for column in columns:
            for word in (*column.names, column.code):
                table.setdefault(bare(word), column)
        _TABLES[code] = table
    return _TABLES[code]


# --------------------------------------------------------------------------- rows


def drafts(layout: Layout, table: Table, *, after: int) -> Iterator[Draft]:
    """The file's rows below the headings, from behind row `after` on, as drafts with their cells read."""
    merged = {
        row
        for first, last, _column_number in table.merged
        if first > layout.head_row
        for row in range(first, min(last, first + 1000) + 1)
    }
    wrong = {address for address in table.wrong if address[-1].isdigit()}
    example = {column.code: column.example for _place, column in layout.places}
    start = max(after, layout.head_row)
    for number, values in table.rows():
        if number <= start:
            continue
        draft = read_row(layout, number, values)
        if is_example(draft, example):
            continue
        if number in merged:
            draft.refuse("", MERGED)
        if wrong:
            _errors_in(draft, layout, wrong)
        yield draft


def is_example(draft: Draft, example: dict[str, str]) -> bool:
    """Whether it is the template's example row, left in by mistake."""
    keys = [code for code in ("sku", "kit_sku") if code in example]
    return bool(keys) and all(draft.values.get(code) == example[code] for code in keys)


def read_row(layout: Layout, number: int, values: Values) -> Draft:
    """One row: each cell as a value, or what is wrong with it. A blank cell says nothing."""
    draft = Draft(number, {})
    width = len(values)
    for place, column in layout.places:
        raw = values[place] if place < width else ""
        if raw == "" or raw is None or (type(raw) is str and not raw.strip()):
            if column.required:
                draft.errors.append((column.code, NEEDED, {}))
            continue
        try:
            if type(raw) is str and raw[:1] == "[" and raw.strip().casefold() in CLEAR:
                draft.values[column.code] = _cleared(column)
            elif column.read is not None:
                draft.values[column.code] = column.read(raw)
        except CellWrong as error:
            draft.errors.append((column.code, error.sentence, error.fields))
    return draft


def _cleared(column: Column) -> object:
    if column.required:
        raise CellWrong(NO_CLEARING)
    return column.empty


def _errors_in(draft: Draft, layout: Layout, wrong: set[str]) -> None:
    """Cells that hold #N/A and the like: the reader sees nothing there."""
    for place, column in layout.places:
        if f"{column_letter(place)}{draft.number}" in wrong:
            draft.errors = [one for one in draft.errors if one[0] != column.code]
            draft.values.pop(column.code, None)
            draft.refuse(column.code, ERROR_CELL, text="#N/A …")


def text_of(raw: object) -> str:
    """A cell as it is shown again: its text, or what the file held."""
    try:
        return plain(raw)
    except CellWrong:
        return str(raw).strip()
