"""The workbook that goes back: first the rows to correct with their reasons, then every row with its result.

Only the first sheet is read when it is uploaded again, so what was done is never done twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.sheets import staging, words
from entrepot.sheets.headings import REASON, RESULT, Layout, text_of
from entrepot.sheets.kinds.kind import Here
from entrepot.sheets.models import Upload
from entrepot.sheets.reading import Table, Values
from entrepot.sheets.stream import (
    FIGURE,
    GOOD,
    HEAD,
    NEEDED,
    TEXT,
    WRONG,
    Book,
    Cell,
    DropDown,
    Sheet,
)
from entrepot.sheets.stream import (
    REASON as REASON_LOOK,
)

TO_FIX: Final = _("To correct")
ALL_ROWS: Final = _("All rows")
ROW: Final = _("Row in your file")
OUTCOMES: Final[Mapping[str, str]] = {
    "good": _("Will be done"),
    "same": _("Nothing to change"),
    "bad": _("To be corrected"),
    "done": _("Done"),
}
Errors = Sequence[Sequence[Any]]


def write_result(path: Path, *, upload: Upload, here: Here, layout: Layout, table: Table) -> None:
    """Write the workbook with an upload's results, in the language now spoken."""
    columns = dict(layout.places)
    kept = [place for place in range(len(layout.headings)) if place not in layout.ours]
    book = Book(lists=dict(layout.kind.lists(here)) if layout.kind.lists else {})
    looks = [FIGURE if place in columns and columns[place].figure else TEXT for place in kept]
    widths = [columns[place].width if place in columns else 16 for place in kept]
    heads: list[Cell] = [(layout.headings[place], NEEDED if _needed(columns, place) else HEAD) for place in kept]
    drops = [
        DropDown(number + 1, book.range_of(columns[place].listed), columns[place].only)
        for number, place in enumerate(kept)
        if place in columns and columns[place].listed in book.lists
    ]
    fix = Sheet(
        gettext(TO_FIX),
        _to_fix(upload, layout, table, kept, [(gettext(REASON), HEAD), *heads]),
        widths=[60, *widths],
        looks=[REASON_LOOK, *looks],
        drops=drops,
    )
    head: list[Cell] = [(gettext(RESULT), HEAD), (gettext(REASON), HEAD), (gettext(ROW), HEAD), *heads]
    every = Sheet(
        gettext(ALL_ROWS),
        _all_rows(upload, layout, table, kept, head),
        widths=[18, 60, 10, *widths],
        looks=[TEXT, REASON_LOOK, FIGURE, *looks],
        filtered=True,
    )
    book.sheets = [fix, every]
    book.write(path)


def _needed(columns: Mapping[int, Any], place: int) -> bool:
    return place in columns and columns[place].required


def _to_fix(
    upload: Upload, layout: Layout, table: Table, kept: Sequence[int], head: Sequence[Cell]
) -> Iterator[Sequence[Cell]]:
    yield head
    rows = table.rows()
    for number, errors in staging.bad_rows(upload):
        values = next((found for place, found in rows if place == number), ())
        yield [words.wrong(layout.kind, errors), *_cells(layout, values, kept, errors)]


def _all_rows(
    upload: Upload, layout: Layout, table: Table, kept: Sequence[int], head: Sequence[Cell]
) -> Iterator[Sequence[Cell]]:
    yield head
    told = {state: gettext(msgid) for state, msgid in OUTCOMES.items()}
    bad = staging.bad_rows(upload)
    states = staging.states(upload)
    number, state = next(states, (0, ""))
    for place, values in table.rows():
        if place != number:
            continue
        if state == "bad":
            errors = next((found for row, found in bad if row == number), ())
            cells = _cells(layout, values, kept, errors)
            yield [(told[state], WRONG), words.wrong(layout.kind, errors), place, *cells]
        else:
            yield [(told[state], GOOD if state == "done" else TEXT), None, place, *_cells(layout, values, kept, ())]
        number, state = next(states, (0, ""))


def _cells(layout: Layout, values: Values, kept: Sequence[int], errors: Errors) -> list[Cell]:
    """The row's own cells as texts and figures; those that are wrong stand out."""
    width = len(values)
    if not errors:
        return [_plain(values[place]) if place < width else None for place in kept]
    wrong = {code for code, *_rest in errors}
    marked = {place for place, column in layout.places if column.code in wrong}
    return [
        (text_of(values[place]) if place < width else None, WRONG)
        if place in marked
        else (_plain(values[place]) if place < width else None)
        for place in kept
    ]


def _plain(raw: Any) -> Cell:  # noqa: ANN401 - whatever the file holds
    """Figures stay figures below the size where a spreadsheet would round them."""
    if type(raw) is str:
        return raw
    if (type(raw) is float or type(raw) is int) and abs(raw) < 1e11:
        return int(raw) if raw == int(raw) else raw
    return text_of(raw)
