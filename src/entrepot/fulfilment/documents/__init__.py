"""Labels and documents on paper: facts in, files out. Knows no database, no screen and no store.

`pdf(facts, language="ko")`, `pictures(…)` of the same pages, and `zpl(…)` for label printers. What may be printed is
in `facts`.
"""

from entrepot.fulfilment.documents.facts import (
    Business,
    Freight,
    InvoiceFacts,
    InvoiceLine,
    LabelFacts,
    ManifestFacts,
    ManifestRow,
    PackedLine,
    PackingSlipFacts,
    Party,
    PickLine,
    PickListFacts,
    PlaceLabelFacts,
    SlipLine,
)
from entrepot.fulfilment.documents.printing import (
    pdf,
    pictures,
    places_pdf,
    places_pictures,
    places_zpl,
    preview,
    zpl,
)
from entrepot.fulfilment.documents.words import LANGUAGES, Language

__all__ = [
    "LANGUAGES",
    "Business",
    "Freight",
    "InvoiceFacts",
    "InvoiceLine",
    "LabelFacts",
    "Language",
    "ManifestFacts",
    "ManifestRow",
    "PackedLine",
    "PackingSlipFacts",
    "Party",
    "PickLine",
    "PickListFacts",
    "PlaceLabelFacts",
    "SlipLine",
    "pdf",
    "pictures",
    "places_pdf",
    "places_pictures",
    "places_zpl",
    "preview",
    "zpl",
]
