"""Labels of bins and totes: what the scanner reads is the code."""

import io

import pytest
import zxingcpp
from PIL import Image

from entrepot.fulfilment.documents import PlaceLabelFacts, places_pdf, places_pictures, places_zpl

CODES = ["A-01-05", "T-001", "STAGING", "Z/12.3-09", "A-01-01-01-01-01-01-01-01-01-01-01-01-01"[:40]]


@pytest.mark.parametrize("code", CODES)
def test_a_scanner_reads_the_bin_from_its_label(code):
    (picture,) = places_pictures([PlaceLabelFacts(code=code, detail="본점 창고 · A")])

    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))

    assert (found.text, found.format.name) == (code, "Code128")


def test_a_page_and_a_label_for_each_place():
    facts = [PlaceLabelFacts(code=code) for code in CODES]

    assert places_pdf(facts).startswith(b"%PDF")
    said = places_zpl(facts)
    assert said.count("^XA") == said.count("^XZ") == len(CODES)
    assert said.count("^PW800^LL400") == len(CODES)


def test_nothing_is_not_printed():
    with pytest.raises(ValueError, match="nothing to print"):
        places_pdf([])
