import pytest

from entrepot.fulfilment.documents.clean import LONGEST, clean, clean_code, clean_lines
from entrepot.fulfilment.documents.typeface import KOREAN, LATIN, Weight, advances, face, family_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  plain   text ", "plain text"),
        ("a\tb\nc\u00a0d\u3000e", "a b c d e"),
        ("\x00\x1b[31mred\x07", "[31mred"),
        ("\u202egnippihs\u202c", "gnippihs"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("e\u0301t\u00e9", "été"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("q\u0301", "q□"),
        ("gift 🎁!", "gift □!"),
        ("👨‍👩‍👧", "□□□"),
        ("👍🏽 ❤️", "□ □"),
        ("ภาษา", "□□□□"),
        ("大韓民國 ひらがな カタカナ", "大韓民國 ひらがな カタカナ"),
        ("Łódź Αθήνα Москва Hà Nội", "Łódź Αθήνα Москва Hà Nội"),
        ("half \ud800", "half □"),
        ("#$\\\"']*_`<>@", "#$\\\"']*_`<>@"),
        ("", ""),
        (" \x00 ", ""),
    ],
)
def test_what_cannot_be_shown_is_replaced_where_everybody_sees_it(text, shown):
    assert clean(text) == shown


def test_a_persons_own_lines_stay_lines():
    assert clean_lines("one\r\n\n two \u2028three") == "one\ntwo\nthree"


def test_an_endless_text_is_cut_and_says_so():
    assert len(clean("x" * 10_000)) == LONGEST
    assert clean("x" * 10_000).endswith("x…")


def test_a_barcodes_text_stays_as_it_is_but_for_what_nobody_sees():
    assert clean_code(" 6123\t4567\u200b890~^> \n") == "61234567890~^>"
    assert clean_code("한글 번호") == "한글 번호"


def test_every_hangul_syllable_and_the_letters_of_europe_can_be_set():
    for weight in Weight:
        widths = face(weight)
        assert all(chr(code) in widths for code in range(0xAC00, 0xD7A4))
        assert all(chr(code) in widths for code in range(0x20, 0x7F))
        assert all(chr(code) in widths for code in range(0xA0, 0x17F))
        assert all(char in widths for char in "國際貿易株式會社大韓民國서울釜山金李朴崔")
        assert len([code for code in range(0x4E00, 0xA000) if chr(code) in widths]) == 8138


def test_widths_are_read_from_the_font():
    assert advances(KOREAN, Weight.REGULAR)["가"] == 920
    assert {advances(KOREAN, Weight.REGULAR)[digit] for digit in "0123456789"} == {555}
    assert face(Weight.REGULAR).of("2026") == 4 * 555


def test_a_line_with_letters_the_korean_typeface_lacks_is_set_in_the_other_as_a_whole():
    assert family_of("Lodz") == family_of("서울 Łódź") == family_of("漢字") == KOREAN
    assert family_of("Łódź") == family_of("Київ 12") == LATIN
