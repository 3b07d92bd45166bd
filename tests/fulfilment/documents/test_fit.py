import json

import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.fulfilment.documents.clean import clean
from entrepot.fulfilment.documents.fit import fit
from entrepot.fulfilment.documents.typeface import FONTS, KOREAN, LATIN, Weight, face, family_of

SIZES = (48, 40, 32, 24, 20, 16)
TEXT = st.text(st.sampled_from("가나다라마바사 aWi Ẫg19-大Ł□"), max_size=200).map(clean).filter(bool)


def test_what_fits_on_one_line_is_as_large_as_allowed():
    set_ = fit("김하늘", width=752, height=80, sizes=SIZES)
    assert (set_.size, set_.lines, set_.whole) == (48, ("김하늘",), True)


def test_a_smaller_size_is_taken_before_a_line_is_lost():
    set_ = fit("가나다라 " * 12, width=400, height=130, sizes=SIZES)
    assert (set_.size, len(set_.lines), set_.whole) == (24, 3, True)


def test_lines_break_at_spaces():
    assert fit("서울특별시 마포구 월드컵북로", width=300, height=200, sizes=(40,)).lines == (
        "서울특별시",
        "마포구",
        "월드컵북로",
    )


def test_a_word_is_rather_set_smaller_than_broken():
    set_ = fit("가온글로벌로지스틱스", width=320, height=200, sizes=SIZES)
    assert (set_.size, set_.lines) == (32, ("가온글로벌로지스틱스",))


def test_a_word_without_end_is_broken_where_the_line_ends():
    set_ = fit("W" * 60, width=300, height=400, sizes=SIZES, weight=Weight.BOLD)
    assert "".join(set_.lines) == "W" * 60
    assert set_.whole


def test_what_can_never_fit_ends_with_dots():
    set_ = fit("가나다 " * 500, width=300, height=60, sizes=SIZES)
    assert (set_.size, set_.whole) == (16, False)
    assert set_.lines[-1].endswith("…")
    assert set_.height <= 60


def test_own_line_breaks_are_kept():
    assert fit("one two\nthree", width=752, height=200, sizes=(32,)).lines == ("one two", "three")


def test_capitals_with_two_marks_get_higher_lines():
    assert fit("Ẫ", width=100, height=100, sizes=(40,)).pitch > fit("A", width=100, height=100, sizes=(40,)).pitch


@settings(max_examples=150, deadline=None)
@given(TEXT, st.integers(80, 752), st.integers(30, 320), st.sampled_from(list(Weight)))
def test_nothing_is_wider_or_higher_than_its_box_and_nothing_is_lost_unsaid(text, width, height, weight):
    set_ = fit(text, width=width, height=height, sizes=SIZES, weight=weight)
    assert set_.height <= height
    assert all(wide <= width for wide in set_.widths)
    said = "".join(set_.lines).replace(" ", "")
    if set_.whole:
        assert said == text.replace(" ", "")
    else:
        assert said.endswith("…")
        assert text.replace(" ", "").startswith(said[:-1])


def test_typst_sets_no_line_wider_than_we_have_measured_it():
    lines = [
        "당일특급 냉장 안심 배송",
        "AVAWA To. “quoted” — ‘a’ … 12,345.60",
        "fi ffl office 1/2 (주) （주）「漢字」、。",
        "Łódź Żółć Świętosławska",
        "서울 Łódź",
        "Hà Nội Ẫ ĐƯỜNG",
        "□ · × ㈜ ☎ № ½ €",
    ]
    cases = [(line, weight) for line in lines for weight in Weight]
    for (line, weight), wide in zip(cases, _measured(cases), strict=True):
        own = face(weight, family_of(line)).of(line)
        assert wide <= own + 0.5, line
        if "（" not in line:  # typst sets wide brackets closer
            assert wide >= own - 1, line


def _measured(cases: list[tuple[str, Weight]]) -> list[float]:
    """In thousandths of the size, set as the label's template does."""
    source = '#set text(size: 1000pt, kerning: false, ligatures: false, cjk-latin-spacing: none, fallback: false, \
        lang: "ko", features: (locl: 0, calt: 0))\n#context ['
    for line, weight in cases:
        families = [family_of(line), KOREAN, LATIN]
        fonts = "(" + ", ".join(map(json.dumps, families)) + ")"
        bold = 700 if weight == Weight.BOLD else 400
        words = json.dumps(line, ensure_ascii=False)
        source += f"#metadata(measure(text(font: {fonts}, weight: {bold}, {words})).width / 1pt) <width>\n"
    found = typst.query((source + "]").encode(), "<width>", font_paths=[str(FONTS)], ignore_system_fonts=True)
    return [one["value"] for one in json.loads(found)]
