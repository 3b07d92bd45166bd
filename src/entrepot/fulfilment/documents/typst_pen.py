"""Pages by typst: templates of ours, everything else handed over as data that no template reads as markup."""

import json
import threading
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst

from entrepot.fulfilment.documents.pieces import (
    Bars,
    Frame,
    Line,
    Piece,
    Rule,
    Square,
)
from entrepot.fulfilment.documents.svg import bars_svg, qr_svg
from entrepot.fulfilment.documents.typeface import FONTS, KOREAN, LATIN, Weight

Form = Literal["pdf", "png"]
TEMPLATES = Path(__file__).parent / "templates"
WEIGHTS = {Weight.REGULAR: 400, Weight.BOLD: 700}
MUCH = 200_000
"""Characters of data from which a document is worth forgetting at once."""
MEMORY = 11
"""typst keeps what its last ten compilations have made (100 MB for 1,000 labels): so many empty ones clear it."""
_one_at_a_time = threading.Lock()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One for the process: it has read the fonts. No network, no file outside the templates' folder."""
    return typst.Compiler(
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        package_path=TEMPLATES,
        package_cache_path=TEMPLATES,
    )


def typeset(template: str, given: Mapping[str, object], *, form: Form = "pdf", dpi: float = 144) -> list[bytes]:
    """The pages of a template filled with `given`: one PDF, or one picture for each page."""
    words = json.dumps(given, ensure_ascii=False)
    with _one_at_a_time:
        compiler = _compiler()
        made = compiler.compile(
            TEMPLATES / f"{template}.typ", format=form, ppi=dpi, sys_inputs={"given": words}, pdf_tags=False
        )
        if len(words) > MUCH:
            for _ in range(MEMORY):
                compiler.compile(b"", format="pdf")
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]  # None only where typst writes to a file itself


def drawn(pieces: Iterable[Piece]) -> list[list[object]]:
    """A laid-out label as the template wants it."""
    return [_drawn(piece) for piece in pieces]


def _drawn(piece: Piece) -> list[object]:
    match piece:
        case Line():
            fonts = [piece.family, LATIN if piece.family == KOREAN else KOREAN]
            return ["text", *piece.box, piece.text, piece.size, WEIGHTS[piece.weight], fonts, piece.ascent]
        case Rule():
            return ["rule", *piece.box]
        case Frame():
            return ["frame", *piece.box, piece.thick]
        case Bars():
            x, y, width, height = piece.box
            inner = piece.symbol.modules * piece.module
            return ["svg", x + (width - inner) // 2, y, inner, height, bars_svg(piece.symbol)]
        case Square():
            x, y, side, _ = piece.box
            inner = piece.symbol.modules * piece.module
            spare = (side - inner) // 2
            return ["svg", x + spare, y + spare, inner, inner, qr_svg(piece.symbol)]
