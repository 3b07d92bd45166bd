import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from entrepot.fulfilment.documents import pictures, zpl
from entrepot.fulfilment.documents.label import label
from tests.fulfilment.documents.looking import opened, scanned
from tests.fulfilment.documents.samples import BARE_LABEL, ENGLISH_LABEL, EVIL, KOREAN_LABEL, LONG_LABEL
from tests.fulfilment.documents.test_labels import SAMPLES, evil_label
from tests.fulfilment.documents.zpl_printer import printed


def negative(picture):
    return ImageChops.invert(picture.convert("L"))


@pytest.mark.parametrize(("facts", "language"), SAMPLES)
def test_the_printed_label_is_read_by_a_scanner(facts, language):
    (one,) = printed(zpl([facts], language=language))
    assert scanned(negative(one.picture)) == [
        ("Code128", facts.tracking_number or facts.order_number),
        ("QRCode", facts.order_number),
    ]
    assert one.overprinted == 0


def test_barcodes_are_the_printers_own():
    assert printed(zpl([KOREAN_LABEL], language="ko"))[0].fields == [">;612345678901", "20261122-0000123"]
    assert printed(zpl([ENGLISH_LABEL], language="en"))[0].fields == [">:RR>512345678>65PL", "OC-100234"]


def test_what_zpl_means_something_else_by_is_named():
    facts = dataclasses.replace(BARE_LABEL, tracking_number="A^B>C~D_E\\F", qr="^XZ~JR_\\")
    text = zpl([facts], language="en")
    assert "^FD>:A><B>0C>=D_E\\F^FS" in text
    assert "^FH_^FDMA,_5EXZ_7EJR_5F_5C^FS" in text
    (one,) = printed(text)
    assert scanned(negative(one.picture)) == [("Code128", "A^B>C~D_E\\F"), ("QRCode", "^XZ~JR_\\")]


def test_a_qr_code_of_hangul_is_sent_as_a_picture():
    text = zpl([dataclasses.replace(KOREAN_LABEL, qr="주문 123")], language="ko")
    assert "^BQ" not in text
    assert scanned(negative(printed(text)[0].picture)) == [("Code128", "612345678901"), ("QRCode", "주문 123")]


@pytest.mark.parametrize("facts", [KOREAN_LABEL, ENGLISH_LABEL, LONG_LABEL])
def test_paper_and_printer_show_the_same(facts):
    """No more than a thin edge of dots differs between both pens."""
    (one,) = printed(zpl([facts], language="ko"))
    paper = opened(pictures([facts], language="ko")[0]).point(lambda dot: 255 if dot < 128 else 0)
    apart = ImageChops.difference(paper, one.picture.convert("L"))
    ink = one.picture.histogram()[-1]
    assert sum(apart.histogram()[128:]) < ink * 0.25


@pytest.mark.parametrize(("dots", "width", "height"), [(8, 800, 1200), (12, 1200, 1800)])
def test_finer_printers_get_finer_labels(dots, width, height):
    (one,) = printed(zpl([LONG_LABEL], language="ko", dots_per_mm=dots), width=width, height=height)
    assert one.overprinted == 0
    assert scanned(negative(one.picture))[0] == ("Code128", LONG_LABEL.tracking_number)


def test_a_resolution_no_printer_has_is_refused():
    with pytest.raises(ValueError, match="10 dots per mm"):
        zpl([KOREAN_LABEL], language="ko", dots_per_mm=10)


def test_each_label_of_a_batch_stands_alone():
    batch = [dataclasses.replace(KOREAN_LABEL, tracking_number=f"6{n:011d}") for n in range(3)]
    together = zpl(batch, language="ko")
    assert together == "".join(zpl([facts], language="ko") for facts in batch)
    assert [one.fields[0] for one in printed(together)] == [f">;6{n:011d}" for n in range(3)]


def test_nothing_people_type_becomes_a_command():
    for evil in EVIL:
        (one,) = printed(zpl([evil_label(evil)], language="ko"))
        assert one.overprinted == 0


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=24))
def test_a_scanner_reads_any_number_from_what_the_printer_made(number):
    (one,) = printed(zpl([dataclasses.replace(BARE_LABEL, tracking_number=number, qr=number)], language="en"))
    assert scanned(negative(one.picture)) == [("Code128", number), ("QRCode", number)]


def test_every_line_of_text_has_its_ink():
    """As many pictures as there are lines of text: no field went missing."""
    text = zpl([KOREAN_LABEL], language="ko")
    assert text.count("^GFA") == sum(piece.__class__.__name__ == "Line" for piece in label(KOREAN_LABEL, "ko"))
