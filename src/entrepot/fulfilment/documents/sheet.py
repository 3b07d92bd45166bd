"""An A4 document as parts, which one template sets: heading, facts, parties, one long table, totals, notes, signatures.

Texts are cleaned and made breakable here, so whoever composes a document need not think of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entrepot.fulfilment.documents.clean import clean, clean_code, clean_lines
from entrepot.fulfilment.documents.code128 import QUIET, NotEncodable, code128
from entrepot.fulfilment.documents.qr import qr
from entrepot.fulfilment.documents.svg import bars_svg, qr_svg
from entrepot.fulfilment.documents.typeface import Weight, face
from entrepot.fulfilment.documents.words import WORDS, Language

LONGEST_WORD = 5000
"""Thousandths of the size a word may be wide without a place to break it; the narrowest column is wider."""
BREAK = "\u200b"
FOOT = 40_000
"""Thousandths of the size that the document's number may take at the foot of each page."""
FINEST, WIDEST = 0.2, 0.33
"""Millimetres of the narrowest bar: less no scanner reads from paper, more is not needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`below` in small letters; `bars` as a barcode with its text; `tick` an empty box to tick."""

    text: str = ""
    below: str = ""
    bold: bool = False
    bars: str = ""
    tick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` in shares of what is left; 0 = as wide as its contents."""

    title: str
    width: float = 0
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading over the rows that follow it in the table."""

    title: str
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`bars` and `qr` stand in the heading; `totals` = `(words, figure, bold)`; `signatures` get room to sign."""

    title: str
    number: str
    columns: Sequence[Column]
    groups: Sequence[Group]
    bars: str = ""
    qr: str = ""
    facts: Sequence[tuple[str, str]] = ()
    parties: Sequence[tuple[str, Sequence[str]]] = ()
    totals: Sequence[tuple[str, str, bool]] = ()
    notes: Sequence[tuple[str, str]] = ()
    signatures: Sequence[Sequence[str]] = ()


def breakable(text: str) -> str:
    """Words too wide for a column get places where they may be broken."""
    measure = face(Weight.BOLD)
    words = text.split(" ")
    return " ".join(BREAK.join(word) if measure.of(word.replace("\n", "")) > LONGEST_WORD else word for word in words)


def shortened(text: str, *, widest: int) -> str:
    """The beginning of a text, at most so many thousandths of its size wide; `…` says that there was more."""
    measure = face(Weight.BOLD)
    if measure.of(text) <= widest:
        return text
    while text and measure.of(text + "…") > widest:
        text = text[: len(text) * 9 // 10]
    return text + "…"


def given(sheets: Sequence[Sheet], language: Language) -> Mapping[str, object]:
    """What the template gets."""
    return {"language": language, "page": WORDS[language]["page"], "sheets": [_sheet(sheet) for sheet in sheets]}


def _shown(text: str) -> str:
    return breakable(clean(text))


def _sheet(sheet: Sheet) -> Mapping[str, object]:
    square = qr(clean_code(sheet.qr))
    return {
        "title": sheet.title,
        "number": _shown(sheet.number),
        "foot": f"{sheet.title} {shortened(clean(sheet.number), widest=FOOT)}",
        "bars": bars(sheet.bars, widest=80),
        "qr": qr_svg(square) if square else None,
        "facts": [(name, _shown(value)) for name, value in sheet.facts if clean(value)],
        "parties": [(name, [_shown(line) for line in lines if clean(line)]) for name, lines in sheet.parties],
        "columns": [{"title": each.title, "width": each.width, "right": each.right} for each in sheet.columns],
        "groups": [
            {"title": _shown(group.title), "rows": [[_cell(cell) for cell in row] for row in group.rows]}
            for group in sheet.groups
        ],
        "totals": [(_shown(name), value, bold) for name, value, bold in sheet.totals],
        "notes": [(name, breakable(clean_lines(text))) for name, text in sheet.notes if clean(text)],
        "signatures": sheet.signatures,
    }


def _cell(cell: Cell) -> Mapping[str, object]:
    return {
        "text": _shown(cell.text),
        "below": _shown(cell.below),
        "bold": cell.bold,
        "bars": bars(cell.bars, widest=56) if cell.bars else None,
        "tick": cell.tick,
    }


def bars(text: str, *, widest: float) -> tuple[str, float, str] | None:
    """`(picture, width in mm, words below)`; None where Code 128 cannot say it in that width."""
    says = clean_code(text)
    try:
        symbol = code128(says[:100])
    except NotEncodable:
        return None
    module = min(WIDEST, widest / (symbol.modules + 2 * QUIET))
    if module < FINEST or len(says) > 100:
        return None
    return bars_svg(symbol, quiet=QUIET), module * (symbol.modules + 2 * QUIET), _shown(says)
