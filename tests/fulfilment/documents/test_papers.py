import dataclasses
import string
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.fulfilment import documents
from entrepot.fulfilment.documents import (
    Business,
    InvoiceFacts,
    InvoiceLine,
    ManifestFacts,
    ManifestRow,
    PackingSlipFacts,
    Party,
    PickLine,
    PickListFacts,
    SlipLine,
    papers,
    pictures,
)
from entrepot.fulfilment.documents.amounts import amount_text, money_text, rate_text, weight_text
from entrepot.fulfilment.documents.sheet import BREAK, bars, breakable
from entrepot.fulfilment.documents.words import _TABLE, WORDS
from entrepot.kernel.money import Money
from tests.fulfilment.documents.looking import opened, scanned
from tests.fulfilment.documents.samples import (
    BUYER,
    DAY,
    EVIL,
    KOREAN_INVOICE,
    KOREAN_LABEL,
    LONG_INVOICE,
    MANIFEST,
    PICK_LIST,
    SLIP,
)

A4_AT_100 = (827, 1169)


def looked_at(facts, language, *, dpi=100):
    return [opened(picture) for picture in pictures(facts, language=language, dpi=dpi)]


def margins_are_white(picture):
    """Nothing is printed in the outer 10 mm, where printers cannot print."""
    width, height = picture.size
    edge = round(width * 10 / 210)
    inner = picture.copy()
    inner.paste(255, (edge, edge, width - edge, height - edge))
    return inner.point(lambda dot: 255 if dot < 200 else 0).getbbox() is None


def cells(sheet):
    return [[cell.text for cell in row] for group in sheet.groups for row in group.rows]


@pytest.mark.parametrize("language", documents.LANGUAGES)
@pytest.mark.parametrize("facts", [PICK_LIST, SLIP, KOREAN_INVOICE, MANIFEST], ids=lambda facts: type(facts).__name__)
def test_every_document_is_a4_with_white_margins(facts, language):
    for picture in looked_at([facts], language):
        assert picture.size == A4_AT_100
        assert margins_are_white(picture)


def test_documents_of_a_file_come_in_order_and_each_on_its_own_pages():
    pages = looked_at([SLIP, KOREAN_INVOICE, SLIP], "ko", dpi=150)
    assert [scanned(page) for page in pages] == [
        [("Code128", "OC-100234")],
        [("QRCode", "2026-11-000123")],
        [("Code128", "OC-100234")],
    ]


def test_each_document_counts_its_own_pages():
    alone = pictures([LONG_INVOICE], language="en", dpi=60)
    together = pictures([SLIP, LONG_INVOICE, SLIP], language="en", dpi=60)
    assert together[1:-1] == alone
    assert together[0] == together[-1]


def test_labels_and_a4_do_not_go_into_one_file():
    with pytest.raises(ValueError, match="one file"):
        documents.pdf([KOREAN_LABEL, SLIP], language="en")


def test_a_picking_list_is_walked_by_zone_and_place_with_numbers_as_numbers():
    lines = [
        PickLine(zone=zone, place=place, sku="S", name="n", quantity=1)
        for zone, place in [
            ("", "Z"),
            ("B", "B-1"),
            ("A", "A-10-1"),
            ("A", "A-2-11"),
            ("A", "A-2-9"),
            ("A10", "X"),
            ("A9", "X"),
        ]
    ]
    walked = [(line.zone, line.place) for line in papers.in_path_order(lines)]
    assert walked == [
        ("A", "A-2-9"),
        ("A", "A-2-11"),
        ("A", "A-10-1"),
        ("A9", "X"),
        ("A10", "X"),
        ("B", "B-1"),
        ("", "Z"),
    ]


@settings(max_examples=100)
@given(st.lists(st.text("AB-019é²", max_size=6), max_size=8))
def test_places_of_any_kind_can_be_put_in_order(places):
    lines = [PickLine(place=place, sku="", name="", quantity=1) for place in places]
    assert sorted(line.place for line in papers.in_path_order(lines)) == sorted(places)


def test_a_picking_list_names_zones_places_quantities_and_for_whom():
    sheet = papers.picking_list(
        PickListFacts(
            number="P-1",
            made_on=DAY,
            warehouse="Main",
            lines=[
                PickLine(zone="A", place="A-1", sku="MUG", name="Mug", quantity=1200, barcode="88", orders=["1", "2"]),
                PickLine(place="floor", sku="BOX", name="Box", quantity=1, barcode="BOX"),
            ],
        ),
        "en",
    )
    assert [group.title for group in sheet.groups] == ["Zone A", "No zone"]
    assert cells(sheet) == [["", "A-1", "MUG", "Mug", "1,200", "1, 2"], ["", "floor", "BOX", "Box", "1", ""]]
    assert [row[2].below for group in sheet.groups for row in group.rows] == ["88", ""]
    assert sheet.totals == [("Lines", "2", False), ("Units", "1,201", True)]


def test_a_picking_list_without_zones_has_no_headings():
    line = PickLine(place="A-1", sku="MUG", name="Mug", quantity=1)
    sheet = papers.picking_list(PickListFacts(number="1", made_on=DAY, warehouse="", lines=[line]), "ko")
    assert [group.title for group in sheet.groups] == [""]


def test_a_packing_slip_says_what_is_packed_and_what_follows_and_no_price():
    sheet = papers.packing_slip(SLIP, "en")
    assert [column.title for column in sheet.columns] == ["No.", "SKU", "Item", "Ordered", "Packed", "To follow"]
    assert cells(sheet) == [
        ["1", "MUG-WH-350", "Enamel mug, white", "3", "2", "1"],
        ["2", "TS-BK-L", "T-shirt, black, L", "1", "1", "0"],
    ]
    assert sheet.totals == [("Units in this parcel", "3", True)]
    assert sheet.notes == [("Message", "Happy birthday!")]


def test_a_packing_slip_of_everything_has_no_column_for_what_follows():
    whole = dataclasses.replace(SLIP, lines=[SlipLine(sku="A", name="a", ordered=1, packed=1)])
    assert [column.title for column in papers.packing_slip(whole, "ko").columns] == [
        "번호",
        "SKU",
        "품목",
        "주문",
        "포장",
    ]


def test_a_korean_address_in_latin_letters_begins_with_the_name():
    jane = Party(name="Jane Doe", address=["97 Centum jungang-ro", "Busan"], postcode="48058", code="KR")
    parties = dict(papers.packing_slip(dataclasses.replace(SLIP, receiver=jane), "en").parties)
    assert parties["Ship to"] == ["Jane Doe", "97 Centum jungang-ro", "Busan 48058"]


def test_an_address_has_its_postcode_where_readers_look_for_it():
    parties = dict(papers.packing_slip(dataclasses.replace(SLIP, receiver=BUYER), "ko").parties)
    assert parties["배송지"] == [
        "[48058] 부산광역시 해운대구 센텀중앙로 97",
        "센텀스카이비즈 A동 1203호 (재송동)",
        "김하늘",
        "전화 010-5555-0123",
    ]
    parties = dict(papers.packing_slip(SLIP, "en").parties)
    assert parties["From"] == [
        "Harbour Goods Ltd",
        "12 Quayside",
        "Bristol BS1 4RB",
        "United Kingdom",
        "Tel +44 117 496 0000",
    ]


def test_an_invoice_in_won_has_no_decimals_and_adds_up():
    sheet = papers.invoice(KOREAN_INVOICE, "ko")
    assert sheet.title == "거래명세서"
    assert cells(sheet) == [
        ["1", "머그컵", "3", "11,000", "", "30,000", "3,000", "33,000"],
        ["2", "겨울 코트", "1", "129,000", "-17,000", "101,818", "10,182", "112,000"],
        ["3", "배송비", "", "", "", "2,727", "273", "3,000"],
    ]
    assert sheet.totals == [
        ("공급가액", "134,545", False),
        ("세액 10 % (과세표준 134,545)", "13,455", False),
        ("합계", "148,000원", True),
        ("결제 금액", "148,000", False),
        ("받을 금액", "0원", True),
    ]


def test_numbers_stand_right_aligned():
    for sheet in (papers.invoice(KOREAN_INVOICE, "en"), papers.packing_slip(SLIP, "en")):
        numeric = [column for column in sheet.columns if column.width == 0]
        assert numeric
        assert all(column.right for column in numeric)


BOOK = InvoiceLine(name="Book", net=Decimal("10.10"), tax=Decimal("0.51"), tax_rate=Decimal("5.0"))


def test_an_invoice_of_many_lines_runs_over_pages_and_shows_the_tax_of_each_rate():
    two_rates = dataclasses.replace(
        LONG_INVOICE,
        lines=[
            *LONG_INVOICE.lines,
            InvoiceLine(name="Book", net=Decimal("10.10"), tax=Decimal("0.51"), tax_rate=Decimal("5.0")),
        ],
    )
    assert papers.invoice(two_rates, "en").totals == [
        ("Net", "31,072.60", False),
        ("Tax 5 % on 10.10", "0.51", False),
        ("Tax 20 % on 31,062.50", "6,212.50", False),
        ("Total", "EUR 37,285.61", True),
    ]
    pages = looked_at([two_rates], "en")
    assert len(pages) == 3
    assert all(map(margins_are_white, pages))


def test_an_invoice_whose_amounts_cannot_be_paid_is_refused():
    for currency, net in (("KRW", Decimal("0.5")), ("EUR", Decimal("0.005")), ("KWD", Decimal("0.0005"))):
        with pytest.raises(ValueError, match=f"smallest coin of {currency}"):
            dataclasses.replace(KOREAN_INVOICE, currency=currency, lines=[InvoiceLine(name="x", net=net)])
    dataclasses.replace(KOREAN_INVOICE, currency="KWD", lines=[InvoiceLine(name="x", net=Decimal("0.005"))])


RATES = st.sampled_from([None, Decimal(0), Decimal(10), Decimal("7.7")])
MONEY = st.decimals(-(10**9), 10**9, places=2)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(MONEY, MONEY, st.sampled_from([None, Decimal(0), Decimal(10), Decimal("7.7")])), max_size=20),
    MONEY,
)
def test_an_invoices_totals_are_the_sums_of_its_lines_to_the_last_cent(lines, paid):
    facts = dataclasses.replace(
        LONG_INVOICE,
        paid=paid,
        lines=[InvoiceLine(name="x", net=net, tax=tax, tax_rate=rate) for net, tax, rate in lines],
    )
    assert facts.total == sum((net + tax for net, tax, _ in lines), Decimal(0))
    assert facts.due == facts.total - paid
    known = sum((tax for _, tax, rate in lines if rate is not None), Decimal(0))
    assert sum((tax for _, _, tax in facts.taxes()), Decimal(0)) == known
    total = next(figure for _, figure, bold in papers.invoice(facts, "en").totals if bold)
    assert Decimal(total.removeprefix("EUR ").replace(",", "")) == facts.total


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("45000", "KRW", "45,000"),
        ("45000.0000", "KRW", "45,000"),
        ("0", "KRW", "0"),
        ("1234.5", "EUR", "1,234.50"),
        ("12.5000", "EUR", "12.50"),
        ("0.0125", "EUR", "0.0125"),
        ("-0.10", "EUR", "-0.10"),
        ("0.00", "EUR", "0.00"),
        ("1E+6", "KRW", "1,000,000"),
        ("1.234", "KWD", "1.234"),
        ("12345678901234.5678", "USD", "12,345,678,901,234.5678"),
    ],
)
def test_amounts_are_shown_as_they_are(amount, currency, shown):
    assert amount_text(Decimal(amount), currency) == shown


def test_money_weights_and_rates_are_written_as_their_readers_do():
    assert money_text(Money(Decimal(45000), "KRW"), "ko") == "45,000원"
    assert money_text(Money(Decimal(45000), "KRW"), "en") == "KRW 45,000"
    assert money_text(Money(Decimal("9.9"), "EUR"), "ko") == "EUR 9.90"
    assert [weight_text(grams) for grams in (0, 999, 1000, 1250, 20000)] == ["0 g", "999 g", "1 kg", "1.25 kg", "20 kg"]
    assert [rate_text(Decimal(rate)) for rate in ("10", "5.50", "0")] == ["10 %", "5.5 %", "0 %"]


def test_a_manifest_has_every_parcels_barcode_and_room_for_two_signatures():
    (page,) = looked_at([MANIFEST], "ko", dpi=200)
    numbers = [row.tracking_number for row in MANIFEST.rows]
    assert scanned(page) == [("Code128", text) for text in (MANIFEST.number, *numbers)]
    sheet = papers.manifest(MANIFEST, "ko")
    assert sheet.totals == [("상자 수", "10", True), ("무게", "8.5 kg", False)]
    assert [block[0] for block in sheet.signatures] == ["인계자", "인수자"]


def test_a_manifest_says_no_weight_when_one_is_missing():
    rows = [*MANIFEST.rows, ManifestRow(tracking_number="1", order_number="1", receiver="x")]
    assert papers.manifest(dataclasses.replace(MANIFEST, rows=rows), "en").totals == [("Parcels", "11", True)]


@pytest.mark.parametrize("count", [13, 14, 15, 16, 27])
def test_nobody_signs_a_page_that_does_not_say_for_how_many_parcels(count):
    """Totals and signatures stay together: the last page never holds the signatures alone."""
    row = MANIFEST.rows[0]
    facts = dataclasses.replace(MANIFEST, rows=[row] * count)
    last = looked_at([facts], "en")[-1]
    ink = last.point(lambda dot: 255 if dot < 128 else 0).crop((0, 0, last.width, last.height - 60)).getbbox()
    assert ink[3] - ink[1] > 200


def test_a_code_no_bars_can_hold_stands_as_text():
    rows = [ManifestRow(tracking_number=number, order_number="1", receiver="x") for number in ("운송장 1", "A" * 60)]
    (page,) = looked_at([dataclasses.replace(MANIFEST, rows=rows)], "en", dpi=200)
    assert scanned(page) == [("Code128", MANIFEST.number)]


def test_bars_on_paper_are_never_finer_than_a_scanner_reads():
    assert bars("A" * 20, widest=56)[1] == pytest.approx(56)
    assert bars("A" * 21, widest=56) is None
    assert bars("A", widest=56)[1] == pytest.approx(0.33 * (11 * 3 + 13 + 20))


def test_words_without_end_are_broken_inside_their_column():
    assert breakable("short words stay 12345") == "short words stay 12345"
    assert breakable("W" * 20) == BREAK.join("W" * 20)


def evil_papers(evil):
    party = Party(name=evil, address=[evil], postcode=evil, phone=evil, company=evil, country=evil)
    business = Business(party=party, tax_id=evil, representative=evil)
    line = PickLine(zone=evil, place=evil, sku=evil, name=evil, quantity=1, barcode=evil, orders=[evil, evil])
    return [
        PickListFacts(number=evil, made_on=DAY, warehouse=evil, lines=[line], picker=evil, note=evil),
        PackingSlipFacts(
            order_number=evil,
            ordered_on=DAY,
            store=evil,
            sender=party,
            receiver=party,
            lines=[SlipLine(sku=evil, name=evil, ordered=1, packed=1)],
            carrier=evil,
            tracking_number=evil,
            message=evil,
        ),
        InvoiceFacts(
            number=evil,
            issued_on=DAY,
            order_number=evil,
            seller=business,
            buyer=business,
            currency="EUR",
            lines=[
                InvoiceLine(name=evil, sku=evil, net=Decimal(10) ** 15, quantity=10**9, unit_price=Decimal("0.0001"))
            ],
            payment_method=evil,
            note=evil,
        ),
        ManifestFacts(
            number=evil,
            handed_over_on=DAY,
            carrier=evil,
            sender=party,
            note=evil,
            rows=[ManifestRow(tracking_number=evil, order_number=evil, receiver=evil, destination=evil)],
        ),
    ]


def test_what_people_typed_is_never_read_as_markup_and_stays_on_the_page():
    for evil in EVIL:
        assert all(map(margins_are_white, looked_at(evil_papers(evil[:600]), "ko", dpi=40))), evil


def test_a_row_higher_than_a_page_goes_on_overleaf():
    row = dataclasses.replace(MANIFEST.rows[0], receiver="가" * 3000, destination="W" * 3000)
    pages = looked_at([dataclasses.replace(MANIFEST, rows=[row])], "ko", dpi=40)
    assert 2 < len(pages) < 12
    assert all(map(margins_are_white, pages))


def test_typed_markup_changes_nothing_but_the_text():
    """A name that looks like markup is set as wide as it is written: its picture differs from the marked-up word's."""
    plain, marked, literal = (
        looked_at([dataclasses.replace(SLIP, store=store)], "en")[0].tobytes() for store in ("x", "#strong[x]", "*x*")
    )
    assert len({plain, marked, literal}) == 3


def test_empty_documents_are_still_documents():
    for facts in (
        dataclasses.replace(PICK_LIST, lines=[]),
        dataclasses.replace(SLIP, lines=[]),
        dataclasses.replace(KOREAN_INVOICE, lines=[], paid=Decimal(0)),
        dataclasses.replace(MANIFEST, rows=[]),
    ):
        assert len(looked_at([facts], "ko", dpi=40)) == 1


def test_both_languages_have_every_word_with_the_same_fields():
    for key, (english, korean) in _TABLE.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, korean)]
        assert fields[0] == fields[1], key
        assert english.strip(), key
        assert korean.strip(), key
    assert WORDS["ko"]["invoice"] == "거래명세서"
