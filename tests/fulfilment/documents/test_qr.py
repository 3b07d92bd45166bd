from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from entrepot.fulfilment.documents.qr import BYTES, DIGITS, LETTERS, Qr, qr
from tests.fulfilment.documents.looking import scanned

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=50)


def picture(symbol: Qr, *, module: int = 4) -> Image.Image:
    side = symbol.modules + 8
    one = Image.new("L", (side, side), 255)
    for y, row in enumerate(symbol.rows()):
        for x, dot in enumerate(row):
            one.putpixel((x + 4, y + 4), 0 if dot == "1" else 255)
    return one.resize((side * module, side * module), Image.Resampling.NEAREST)


@settings(max_examples=60, deadline=None)
@given(TEXT)
@example("20261122-0000123")
@example("주문 20261122 #1")
@example("0012345")
@example("日本語テスト")
def test_a_scanner_reads_what_was_written(text):
    symbol = qr(text)
    assert symbol is not None
    assert scanned(picture(symbol)) == [("QRCode", text)]


def test_the_size_is_known_before_the_code_is_drawn():
    for version in range(1, 11):
        for char, room in (("7", DIGITS), ("A", LETTERS), ("a", BYTES)):
            symbol = qr(char * room[version - 1])
            assert symbol == Qr(char * room[version - 1], version)
            assert len(symbol.rows()) == symbol.modules == 17 + 4 * version


def test_one_character_more_needs_the_next_size():
    assert qr("a" * 14) == Qr("a" * 14, 1)
    assert qr("a" * 15) == Qr("a" * 15, 2)
    assert qr("가" * 4 + "aa") == Qr("가" * 4 + "aa", 1)
    assert qr("가" * 5) == Qr("가" * 5, 2)


def test_too_much_and_nothing_make_no_code():
    assert qr("a" * 213) is not None
    assert qr("a" * 214) is None
    assert qr("") is None
