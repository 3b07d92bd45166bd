import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.fulfilment.documents.code128 import WIDTHS, NotEncodable, code128
from entrepot.fulfilment.documents.zpl_pen import code128_field
from tests.fulfilment.documents.looking import bars_picture, scanned
from tests.fulfilment.documents.zpl_printer import values_of_field

ASCII = st.text(st.characters(min_codepoint=0, max_codepoint=127), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("text", "values", "check"),
    [
        ("PJJ123C", (104, 48, 42, 42, 17, 18, 19, 35), 55),
        ("\tA", (103, 73, 33), 36),
        ("Wikipedia", (104, 55, 73, 75, 73, 80, 69, 68, 73, 65), 88),
        ("1234567890", (105, 12, 34, 56, 78, 90), 85),
        ("A1", (104, 33, 17), 68),
    ],
)
def test_known_symbols_have_their_values_and_check_value(text, values, check):
    assert (code128(text).values, code128(text).check) == (values, check)


def test_a_whole_symbol_has_the_widths_of_the_standard():
    """A in set B: start 211214, A 111323, check (104 + 33) % 103 = 34, stop 2331112."""
    assert code128("A").widths == "2112141113231311232331112"


def test_every_pattern_is_eleven_modules_of_which_an_even_number_is_black():
    assert len(set(WIDTHS)) == len(WIDTHS) == 107
    for pattern in WIDTHS[:-1]:
        assert sum(map(int, pattern)) == 11
        assert sum(map(int, pattern[::2])) % 2 == 0
    assert sum(map(int, WIDTHS[-1])) == 13


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("612345678901", 7),  # the start and six pairs
        ("12345", 5),  # one digit, to C, two pairs
        ("RR123456785PL", 12),  # two letters, digit, to C, four pairs, back, two letters
        ("ab12cd", 7),  # to C and back would cost more than it saves
        ("AB\tcd", 7),  # one shift
    ],
)
def test_the_shortest_way_through_the_sets_is_taken(text, symbols):
    assert len(code128(text).values) == symbols


def test_nothing_and_hangul_are_refused():
    for text in ("", "운송장"):
        with pytest.raises(NotEncodable):
            code128(text)


def test_a_symbol_is_as_wide_as_it_says():
    symbol = code128("RR123456785PL")
    assert sum(map(int, symbol.widths)) == symbol.modules
    assert symbol.bars()[0] == (0, 2)
    assert sum(symbol.bars()[-1]) == symbol.modules


@settings(max_examples=150, deadline=None)
@given(ASCII)
def test_a_scanner_reads_what_was_written(text):
    assert scanned(bars_picture(code128(text))) == [("Code128", text)]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=127), min_size=1, max_size=40))
def test_a_printer_is_told_exactly_this_symbol(text):
    symbol = code128(text)
    assert values_of_field(code128_field(symbol)) == symbol.values


def test_a_printer_is_told_nothing_that_printers_read_differently():
    for text in ("\tA", "ab\tcd"):
        with pytest.raises(ValueError, match="set A"):
            code128_field(code128(text))
