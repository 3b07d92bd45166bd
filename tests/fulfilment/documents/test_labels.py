import dataclasses
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.fulfilment import documents
from entrepot.fulfilment.documents import LabelFacts, PackedLine, Party, pictures
from entrepot.fulfilment.documents.label import label
from entrepot.fulfilment.documents.pieces import HEIGHT, WIDTH, Bars, Box, Frame, Line, Piece, Rule, Square
from tests.fulfilment.documents.looking import opened, scanned
from tests.fulfilment.documents.samples import (
    BARE_LABEL,
    BUYER,
    ENGLISH_LABEL,
    EVIL,
    KOREAN_LABEL,
    LONG_LABEL,
    SHOP,
)

SAMPLES = [
    (KOREAN_LABEL, "ko"),
    (ENGLISH_LABEL, "en"),
    (LONG_LABEL, "ko"),
    (LONG_LABEL, "en"),
    (BARE_LABEL, "en"),
    (BARE_LABEL, "ko"),
]
WILD = st.text(max_size=120) | st.sampled_from(EVIL) | st.text(st.characters(max_codepoint=126), max_size=300)
PARTIES = st.builds(
    Party, name=WILD, address=st.lists(WILD, max_size=4), postcode=WILD, phone=WILD, company=WILD, country=WILD
)
FACTS = st.builds(
    LabelFacts,
    sender=PARTIES,
    receiver=PARTIES,
    order_number=WILD,
    carrier=WILD,
    service=WILD,
    tracking_number=WILD,
    routing_code=WILD,
    message=WILD,
    qr=WILD,
    weight=st.none() | st.integers(0, 10**9),
    cash_on_delivery=st.none() | st.just(ENGLISH_LABEL.cash_on_delivery),
    lines=st.lists(st.builds(PackedLine, sku=WILD, name=WILD, quantity=st.integers(1, 10**6)), max_size=8),
)


def texts(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if isinstance(piece, Line)]


def evil_label(evil: str) -> LabelFacts:
    """A label with the same text in every field."""
    party = Party(name=evil, address=[evil], postcode=evil, phone=evil, company=evil, country=evil)
    return LabelFacts(
        sender=party,
        receiver=party,
        order_number=evil,
        carrier=evil,
        service=evil,
        tracking_number=evil,
        lines=[PackedLine(sku=evil, name=evil, quantity=1)],
        routing_code=evil,
        message=evil,
        qr=evil,
    )


def assert_in_order(pieces: tuple[Piece, ...]) -> None:
    """Everything is on the label, 3 mm from its sides, and nothing stands on anything else (but what is framed)."""
    page = Box(24, 20, WIDTH - 48, HEIGHT - 40)
    for piece in pieces:
        assert inside(piece.box, page), piece
    for one, other in combinations([piece for piece in pieces if not isinstance(piece, Frame)], 2):
        assert not overlap(one.box, other.box), (one, other)
    for frame in (piece for piece in pieces if isinstance(piece, Frame)):
        for piece in pieces:
            if piece is not frame and overlap(piece.box, frame.box):
                x, y, width, height = frame.box
                thick = frame.thick
                assert inside(piece.box, Box(x + thick, y + thick, width - 2 * thick, height - 2 * thick))


def inside(box: Box, whole: Box) -> bool:
    return (
        whole.x <= box.x
        and whole.y <= box.y
        and box.x + box.width <= whole.x + whole.width
        and box.y + box.height <= whole.y + whole.height
    )


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@pytest.mark.parametrize(("facts", "language"), SAMPLES)
def test_a_label_is_100_by_150_mm_and_a_scanner_reads_it(facts, language):
    (picture,) = map(opened, pictures([facts], language=language))
    assert picture.size == (800, 1200)
    assert scanned(picture) == [
        ("Code128", facts.tracking_number or facts.order_number),
        ("QRCode", facts.order_number),
    ]


@pytest.mark.parametrize(("facts", "language"), SAMPLES)
def test_ink_is_only_where_the_layout_has_put_something(facts, language):
    pieces = label(facts, language)
    (picture,) = map(opened, pictures([facts], language=language))
    for piece in pieces:
        x, y, width, height = piece.box
        picture.paste(255, (x - 2, y - 1, x + width + 2, y + height + 1))
    assert picture.point(lambda dot: 255 if dot < 128 else 0).getbbox() is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(FACTS, st.sampled_from(documents.LANGUAGES))
def test_nothing_leaves_the_label_or_stands_on_anything_else_whatever_is_on_it(facts, language):
    assert_in_order(label(facts, language))


@pytest.mark.parametrize("facts", [KOREAN_LABEL, ENGLISH_LABEL, LONG_LABEL, BARE_LABEL])
def test_the_samples_are_in_order_in_both_languages(facts):
    for language in documents.LANGUAGES:
        assert_in_order(label(facts, language))


def test_a_label_says_everything_it_was_told():
    said = texts(label(KOREAN_LABEL, "ko"))
    assert said == [
        "가온택배",
        "일반",
        "1 / 1",
        "4W12-2A",
        "받는 분",
        "010-5555-0123",
        "48058",
        "김하늘",
        "부산광역시 해운대구 센텀중앙로 97",
        "센텀스카이비즈 A동 1203호 (재송동)",
        "보내는 분",
        "한빛상회 · 주식회사 한빛 · 02-555-0101",
        "[03925] 서울특별시 마포구 월드컵북로 396 누리꿈스퀘어",
        "3층",
        "612345678901",
        "20261122-0000123",
        "2026-11-22 · 1.25 kg · 선불",
        "부재 시 경비실에 맡겨 주세요",
        "2 × MUG-WH-350 · 머그컵 350 ml 흰색",
        "1 × TS-BK-L · 면 티셔츠 검정 L",
    ]


def test_long_names_and_addresses_are_there_to_the_last_letter():
    said = "".join(texts(label(LONG_LABEL, "ko"))).replace(" ", "")
    for text in (LONG_LABEL.receiver.name, LONG_LABEL.receiver.company, *LONG_LABEL.receiver.address):
        assert text.replace(" ", "") in said


def test_three_hundred_syllables_of_address_are_never_cut():
    address = "가나다라마 " * 60
    facts = dataclasses.replace(LONG_LABEL, receiver=dataclasses.replace(BUYER, address=[address]))
    assert address.replace(" ", "") in "".join(texts(label(facts, "ko"))).replace(" ", "")


def test_what_does_not_fit_says_that_there_is_more():
    assert texts(label(ENGLISH_LABEL, "en"))[-3:] == [
        "1 × SKU-1 · Enamel mug, white, 350 ml",
        "2 × SKU-2 · Enamel mug, white, 350 ml",
        "and 6 more",
    ]
    assert texts(label(LONG_LABEL, "ko"))[-1] == "품목 29건"


def test_money_to_collect_stands_framed_and_exact():
    assert "Cash on delivery PLN 149.90" in texts(label(ENGLISH_LABEL, "en"))
    assert "대금상환 1,245,000원" in texts(label(LONG_LABEL, "ko"))
    assert sum(isinstance(piece, Frame) for piece in label(LONG_LABEL, "ko")) == 1
    assert not any(isinstance(piece, Frame) for piece in label(KOREAN_LABEL, "ko"))


def test_bars_are_as_wide_as_fits_and_never_finer_than_a_scanner_reads():
    for length, module in ((1, 4), (10, 4), (14, 3), (27, 2)):
        facts = dataclasses.replace(BARE_LABEL, tracking_number="A" * length)
        (bars,) = (piece for piece in label(facts, "en") if isinstance(piece, Bars))
        assert bars.module == module


def test_bars_and_squares_have_their_white_around_them():
    for facts in (KOREAN_LABEL, ENGLISH_LABEL, LONG_LABEL):
        pieces = label(facts, "en")
        (bars,) = (piece for piece in pieces if isinstance(piece, Bars))
        assert bars.box.width == (bars.symbol.modules + 20) * bars.module
        (square,) = (piece for piece in pieces if isinstance(piece, Square))
        assert square.box.width == square.box.height == (square.symbol.modules + 8) * square.module


def test_a_number_no_bars_can_hold_is_printed_large_and_left_to_the_qr_code():
    for number in ("한글번호-1", "A" * 45):
        facts = dataclasses.replace(KOREAN_LABEL, tracking_number=number, qr=number)
        pieces = label(facts, "ko")
        assert not any(isinstance(piece, Bars) for piece in pieces)
        assert number in "".join(texts(pieces))
        assert scanned(opened(pictures([facts], language="ko")[0])) == [("QRCode", number)]


def test_a_qr_code_too_fine_to_scan_is_left_out():
    facts = dataclasses.replace(KOREAN_LABEL, qr="x" * 214)
    assert not any(isinstance(piece, Square) for piece in label(facts, "ko"))
    assert_in_order(label(facts, "ko"))


def test_a_label_without_a_routing_code_gives_its_room_to_the_receiver():
    without = dataclasses.replace(KOREAN_LABEL, routing_code="")
    count = sum(isinstance(piece, Rule) for piece in label(KOREAN_LABEL, "ko"))
    assert sum(isinstance(piece, Rule) for piece in label(without, "ko")) == count - 1


def test_parcel_three_of_two_is_refused():
    with pytest.raises(ValueError, match="parcel 3 of 2"):
        LabelFacts(sender=SHOP, receiver=BUYER, order_number="1", piece=3, pieces=2)


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=24))
def test_a_scanner_reads_any_number_from_the_printed_label(number):
    facts = dataclasses.replace(KOREAN_LABEL, tracking_number=number, qr=number)
    assert scanned(opened(pictures([facts], language="ko")[0])) == [("Code128", number), ("QRCode", number)]


def test_what_people_typed_is_never_read_as_markup():
    labels = [evil_label(evil) for evil in EVIL]
    for facts, picture in zip(labels, map(opened, pictures(labels, language="en")), strict=True):
        pieces = label(facts, "en")
        assert_in_order(pieces)
        for line in (piece for piece in pieces if isinstance(piece, Line) and piece.text.strip(". ")):
            x, y, width, height = line.box
            ink = picture.crop((x, y, x + width, y + height)).point(lambda dot: 255 if dot < 200 else 0).getbbox()
            assert ink, line
            assert ink[2] >= width - line.size, f"{line.text!r} is not set as it stands"


def test_labels_of_a_batch_come_in_their_order_and_twice_the_same():
    batch = [dataclasses.replace(KOREAN_LABEL, tracking_number=f"6{n:011d}") for n in range(5)]
    read = [scanned(opened(picture))[0][1] for picture in pictures(batch, language="ko")]
    assert read == [f"6{n:011d}" for n in range(5)]
    made = documents.pdf(batch, language="ko")
    assert made == documents.pdf(batch, language="ko")
    assert b"CreationDate" not in made


def test_several_threads_may_print_at_once():
    batch = [dataclasses.replace(KOREAN_LABEL, tracking_number=f"6{n:011d}") for n in range(6)]
    alone = [documents.pdf([one], language="ko") for one in batch]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda one: documents.pdf([one], language="ko"), batch)) == alone


def test_nothing_to_print_is_refused():
    for print_ in (documents.pdf, documents.pictures, documents.zpl):
        with pytest.raises(ValueError, match="nothing to print"):
            print_([], language="en")
