"""Facts in, files out."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from entrepot.fulfilment.documents import papers, sheet, typst_pen, zpl_pen
from entrepot.fulfilment.documents.facts import (
    InvoiceFacts,
    LabelFacts,
    ManifestFacts,
    PackingSlipFacts,
    PickListFacts,
    PlaceLabelFacts,
)
from entrepot.fulfilment.documents.label import label
from entrepot.fulfilment.documents.pieces import DOTS_PER_MM, HEIGHT, WIDTH
from entrepot.fulfilment.documents.place_label import PLACE_HEIGHT, place_label
from entrepot.fulfilment.documents.words import Language

PaperFacts = PickListFacts | PackingSlipFacts | InvoiceFacts | ManifestFacts
DPI = 25.4 * DOTS_PER_MM
"""Of a label printer: a label's picture has the printer's own dots."""


def pdf(facts: Sequence[LabelFacts] | Sequence[PaperFacts], *, language: Language) -> bytes:
    """One file with everything in the order given: labels of 100 × 150 mm, or A4 that counts its pages per document.

    Raises:
        ValueError: There is nothing to print.
    """
    template, given = _laid_out(facts, language)
    return typst_pen.typeset(template, given)[0]


def pictures(
    facts: Sequence[LabelFacts] | Sequence[PaperFacts], *, language: Language, dpi: float = DPI
) -> list[bytes]:
    """The same as PNG, one for each page, to be looked at on a screen."""
    template, given = _laid_out(facts, language)
    return typst_pen.typeset(template, given, form="png", dpi=dpi)


def preview(facts: LabelFacts, *, language: Language) -> bytes:
    """One label as a PNG, to be looked at before it is printed. The last few stay in this process's memory only."""
    template, given = _laid_out([facts], language)
    return _seen(template, json.dumps(given, ensure_ascii=False))


@lru_cache(maxsize=32)
def _seen(template: str, given: str) -> bytes:
    return typst_pen.typeset(template, json.loads(given), form="png", dpi=DPI)[0]


def zpl(facts: Sequence[LabelFacts], *, language: Language, dots_per_mm: int = DOTS_PER_MM) -> str:
    """Labels for a printer that speaks ZPL II, of 8 (203 dpi), 12 (300) or 24 (600) dots per mm.

    Raises:
        ValueError: There is nothing to print, or no printer has such a resolution.
    """
    _something(facts)
    return zpl_pen.zpl((label(one, language) for one in facts), dots_per_mm=dots_per_mm)


def places_pdf(facts: Sequence[PlaceLabelFacts]) -> bytes:
    """Labels of bins and totes, 100 × 50 mm, one a page.

    Raises:
        ValueError: There is nothing to print.
    """
    return _places(facts)[0]


def places_pictures(facts: Sequence[PlaceLabelFacts], *, dpi: float = DPI) -> list[bytes]:
    """The same as PNG, one for each label."""
    return _places(facts, form="png", dpi=dpi)


def places_zpl(facts: Sequence[PlaceLabelFacts], *, dots_per_mm: int = DOTS_PER_MM) -> str:
    """The same for a printer that speaks ZPL II.

    Raises:
        ValueError: There is nothing to print, or no printer has such a resolution.
    """
    _something(facts)
    return zpl_pen.zpl((place_label(one) for one in facts), dots_per_mm=dots_per_mm, height=PLACE_HEIGHT)


def _places(facts: Sequence[PlaceLabelFacts], *, form: typst_pen.Form = "pdf", dpi: float = DPI) -> list[bytes]:
    _something(facts)
    pages = [typst_pen.drawn(place_label(one)) for one in facts]
    return typst_pen.typeset("labels", {"width": WIDTH, "height": PLACE_HEIGHT, "pages": pages}, form=form, dpi=dpi)


def _something(facts: Sequence[object]) -> None:
    if not facts:
        raise ValueError("nothing to print")


def _laid_out(
    facts: Sequence[LabelFacts] | Sequence[PaperFacts], language: Language
) -> tuple[str, Mapping[str, object]]:
    """The template and what it gets."""
    _something(facts)
    labels = [one for one in facts if isinstance(one, LabelFacts)]
    sheets = [_sheet(one, language) for one in facts if not isinstance(one, LabelFacts)]
    if labels and sheets:
        raise ValueError("labels and A4 do not go into one file")
    if sheets:
        return "sheets", sheet.given(sheets, language)
    pages = [typst_pen.drawn(label(one, language)) for one in labels]
    return "labels", {"width": WIDTH, "height": HEIGHT, "pages": pages}


def _sheet(facts: PaperFacts, language: Language) -> sheet.Sheet:
    match facts:
        case PickListFacts():
            return papers.picking_list(facts, language)
        case PackingSlipFacts():
            return papers.packing_slip(facts, language)
        case InvoiceFacts():
            return papers.invoice(facts, language)
        case ManifestFacts():
            return papers.manifest(facts, language)
