"""Templates: a sheet to fill, with drop-downs and an example, and a sheet that explains every column."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.channels.models import Store
from entrepot.kernel.actor import Actor
from entrepot.sheets.headings import heading_of
from entrepot.sheets.kinds.kind import Here, Kind
from entrepot.sheets.stream import (
    EXAMPLE,
    FIGURE,
    HEAD,
    NEEDED,
    SHOWN,
    TEXT,
    TITLE,
    WRAP,
    Book,
    Cell,
    DropDown,
    Sheet,
)

HELP: Final = _("Help")
RULES: Final = (
    _("Fill the first sheet: one row for each thing. The order of the columns does not matter."),
    _("Columns with a green heading and a * must be filled. A blank cell elsewhere changes nothing."),
    _("Write [clear] into a cell to empty what stands there now."),
    _("The first row is an example; it is left out when you upload the file."),
    _("Upload the file, look at what it would change, then apply it. Rows that are wrong come back with the reason."),
    _("Columns of SKUs and barcodes are formatted as text, so that no zeros are lost. Paste values only."),
)
COLUMN, WHAT, MUST, EXAMPLE_WORD, VALUES = (
    _("Column"),
    _("What to write"),
    _("Needed"),
    _("Example"),
    _("Possible values"),
)
MOST_LISTED: Final = 20_000


def write_template(target: Path | IO[bytes], *, kind: Kind, here: Here, filled: bool) -> None:
    """Write a kind's template in the language now spoken; `filled` = with what the books hold now."""
    lists = {name: list(values)[:MOST_LISTED] for name, values in (kind.lists(here) if kind.lists else {}).items()}
    book = Book(lists={name: values for name, values in lists.items() if values})
    looks = [SHOWN if one.shown else FIGURE if one.figure else TEXT for one in kind.columns]
    heads: list[Cell] = [(heading_of(one), NEEDED if one.required else HEAD) for one in kind.columns]
    data = Sheet(
        gettext(kind.title)[:31].replace("/", " "),
        _rows(kind, here, heads, filled=filled),
        widths=[one.width for one in kind.columns],
        looks=looks,
        drops=[_drop(kind, place, book) for place in range(len(kind.columns))],
    )
    book.sheets = [data, Sheet(gettext(HELP), _help(kind, book), widths=[30, 70, 12, 26, 60], looks=[WRAP] * 5)]
    book.write(target)


def _drop(kind: Kind, place: int, book: Book) -> DropDown:
    column = kind.columns[place]
    values = book.range_of(column.listed) if column.listed in book.lists else ""
    return DropDown(place, values, column.only, gettext(column.heading), gettext(column.help))


def _rows(kind: Kind, here: Here, heads: Sequence[Cell], *, filled: bool) -> Iterator[Sequence[Cell]]:
    yield heads
    if filled and kind.present is not None:
        for row in kind.present(here):
            yield [_cell(row, one.code, figure=one.figure) for one in kind.columns]
    else:
        yield [(one.example or None, EXAMPLE) for one in kind.columns]


def _cell(row: Mapping[str, Any], code: str, *, figure: bool) -> Cell:
    value = row.get(code)
    if value is None or value == "":
        return None
    if figure:
        text = f"{value:f}" if hasattr(value, "normalize") else str(value)
        return float(text) if "." in text and text.rstrip("0").rstrip(".") == "" else _number(text)
    return str(value)


def _number(text: str) -> Cell:
    """A figure without trailing zeros; what a spreadsheet would round stays a text."""
    short = text.rstrip("0").rstrip(".") if "." in text else text
    if len(short.replace(".", "").lstrip("-0")) > 15:
        return short
    return float(short) if "." in short else int(short)


def _help(kind: Kind, book: Book) -> Iterator[Sequence[Cell]]:
    yield [(gettext(kind.title), TITLE)]
    yield [(gettext(kind.help), TEXT)]
    for rule in RULES:
        yield [("• " + gettext(rule), TEXT)]
    yield []
    yield [(gettext(word), HEAD) for word in (COLUMN, WHAT, MUST, EXAMPLE_WORD, VALUES)]
    for column in kind.columns:
        values = list(book.lists.get(column.listed, ()))
        some = ", ".join(values[:12]) + (" …" if len(values) > 12 else "")
        yield [
            gettext(column.heading), gettext(column.help), "*" if column.required else "", column.example, some,
        ]  # fmt: skip


def template_name(kind: Kind, here: Here, *, filled: bool) -> str:
    """The file's name: `products-my-shop.xlsx`, ASCII so that every system keeps it."""
    store = f"-store-{here.store.pk}" if here.store else ""
    return f"entrepot-{kind.code}{store}{'-filled' if filled else ''}.xlsx"


def made_template(
    *,
    seller_id: int,
    kind: Kind,
    store: Store | None,
    filled: bool,
    actor: Actor,
    warehouse_ids: Sequence[int] | None = None,
) -> tuple[IO[bytes], str]:
    """A kind's template as an open file, and its name. The file goes away when it is closed."""
    facts = {"warehouse_ids": list(warehouse_ids)} if warehouse_ids else {}
    here = Here(seller_id, actor, 0, store, facts)
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    write_template(file, kind=kind, here=here, filled=filled)
    file.seek(0)
    return file, template_name(kind, here, filled=filled)
