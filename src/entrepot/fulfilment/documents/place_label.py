"""The label of a place: a bin or a tote, 100 × 50 mm. Its code large enough for the aisle, and as Code 128."""

from typing import Final

from entrepot.fulfilment.documents.clean import clean
from entrepot.fulfilment.documents.code128 import QUIET, code128
from entrepot.fulfilment.documents.facts import PlaceLabelFacts
from entrepot.fulfilment.documents.fit import fit
from entrepot.fulfilment.documents.pieces import WIDTH, Bars, Box, Line, Piece
from entrepot.fulfilment.documents.typeface import Weight

PLACE_HEIGHT: Final = 400
EDGE: Final = 24
CODE: Final = (120, 112, 104, 96, 88, 80, 72, 64, 56, 48, 40, 32)
DETAIL: Final = (30, 28, 26, 24, 22, 20, 18)


def place_label(facts: PlaceLabelFacts) -> tuple[Piece, ...]:
    """What is drawn for one bin or tote. Codes are letters, digits, `-`, `.` and `/`, so bars can say them all."""
    pieces: list[Piece] = []
    inner = WIDTH - 2 * EDGE
    _text(pieces, Box(EDGE, 16, inner, 140), clean(facts.code), CODE, Weight.BOLD)
    symbol = code128(facts.code)
    module = next((size for size in (5, 4, 3, 2) if (symbol.modules + 2 * QUIET) * size <= inner), 1)
    pieces.append(Bars(Box(EDGE, 164, inner, 160), symbol, module))
    _text(pieces, Box(EDGE, 334, inner, 50), clean(facts.detail), DETAIL, Weight.REGULAR)
    return tuple(pieces)


def _text(pieces: list[Piece], box: Box, words: str, sizes: tuple[int, ...], weight: Weight) -> None:
    if not words:
        return
    made = fit(words, width=box.width, height=box.height, sizes=sizes, weight=weight)
    y = box.y + max(0, (box.height - made.height) // 2)
    for line, width in zip(made.lines, made.widths, strict=True):
        x = box.x + (box.width - width) // 2
        pieces.append(Line(Box(x, y, width, made.pitch), line, made.size, weight, made.family, made.ascent))
        y += made.pitch
