"""Files as they really come: mangled by spreadsheets, written in other encodings, or meant to harm."""

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from entrepot.kernel.errors import Refused
from entrepot.sheets import errors
from entrepot.sheets.models import Upload
from tests.books import MINA, make_items, make_seller
from tests.sheets.books_of_files import counts, csv, result, take, wrong, xlsx

pytestmark = pytest.mark.django_db
HEAD = ["SKU", "On hand"]


@pytest.fixture
def seller():
    found = make_seller()
    make_items(found, RED=5, BLUE=7)
    return found


def refused(seller, content, name="file.xlsx"):
    with pytest.raises(Refused) as told:
        take(seller, "stock", content, name)
    assert Upload.objects.count() == 0
    return type(told.value)


def failed(seller, content, name="file.xlsx"):
    upload = take(seller, "stock", content, name)
    assert (upload.state, upload.counts) == ("failed", {})
    return upload.error_code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_korean_text_is_read_in_every_encoding_and_with_every_separator(seller, encoding, separator):
    rows = [["자체상품코드", "재고수량", "사유"], ["RED", "9", "실사 조정"], ["없음", "3", ""]]
    upload = take(seller, "stock", csv(rows, encoding, separator), "재고.csv")
    assert (counts(upload), upload.rows.get(number=2).values) == (
        (1, 0, 1, 0), {"sku": "RED", "on_hand": 9, "reason": "실사 조정"},
    )  # fmt: skip


def test_an_encoding_nobody_knows_is_said(seller):
    assert failed(seller, b"SKU,On hand\r\nRED,\x81\x20\xff\x00\x01\r\n", "a.csv") == "sheet_encoding"


def test_a_file_of_nothing_and_a_file_of_headings_only_are_said(seller):
    assert refused(seller, b"", "a.csv") is errors.SheetEmpty
    assert failed(seller, xlsx([HEAD])) == "sheet_empty"
    assert failed(seller, xlsx([])) == "sheet_empty"


def test_a_bomb_is_not_opened(seller):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    assert refused(seller, bomb.getvalue()) is errors.SheetBomb


def test_a_cell_at_the_far_end_of_the_sheet_is_not_made_room_for(seller):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write(1_048_575, 16_383, "lost")
    assert refused(seller, file.getvalue()) is errors.SheetTooWide


def test_dimensions_that_lie_do_no_harm(seller):
    file = io.BytesIO(xlsx([HEAD, ["RED", 4]]))
    lying = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(lying, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:B2"/>', b'<dimension ref="A1:XFD1048576"/>'))
    assert counts(take(seller, "stock", lying.getvalue())) == (1, 0, 0, 0)


def test_macros_passwords_and_web_pages_are_answered(seller):
    macros = io.BytesIO(xlsx([HEAD]))
    with zipfile.ZipFile(macros, "a") as book:
        book.writestr("xl/vbaProject.bin", b"Sub")
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 99
    assert refused(seller, macros.getvalue(), "a.xlsm") is errors.SheetHasMacros
    assert refused(seller, locked) is errors.SheetEncrypted
    assert refused(seller, b"\xef\xbb\xbf<html><table><tr><td>SKU", "a.xls") is errors.SheetIsPage
    assert refused(seller, b"PK\x03\x04 and nothing more") is errors.SheetBroken


def test_hidden_sheets_are_not_read(seller):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        secret, shown, more = book.add_worksheet("Secret"), book.add_worksheet("Shown"), book.add_worksheet("More")
        for sheet, figure in ((secret, 1), (shown, 2), (more, 3)):
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, ["RED", figure])
        shown.activate()
        shown.set_first_sheet()
        secret.hide()
    upload = take(seller, "stock", file.getvalue())
    assert upload.rows.get().values["on_hand"] == 2
    assert (upload.facts["sheet"], upload.facts["others"]) == ("Shown", ["More"])


def test_columns_come_in_any_order_under_any_known_name_below_a_title(seller):
    rows = [["Stock of May", None], [None, None], ["colour", "재고수량 *", " s k u "], ["x", 9, "RED"]]
    upload = take(seller, "stock", xlsx(rows))
    assert (upload.rows.get().values["on_hand"], upload.facts["unknown"], upload.rows.get().number) == (
        9,
        ["colour"],
        4,
    )


def test_unknown_missing_and_doubled_headings_are_named(seller):
    assert failed(seller, xlsx([["colour", "size"], ["x", "y"]])) == "headings_unknown"
    assert failed(seller, xlsx([["On hand", "Reason"], [1, "x"]])) == "headings_missing"
    upload = take(seller, "stock", xlsx([["SKU", "On hand", "품목코드"], ["RED", 1, "BLUE"]]))
    assert (upload.error_code, upload.error_fields["first"], upload.error_fields["second"]) == (
        "heading_twice",
        "A",
        "C",
    )


def test_what_a_spreadsheet_made_of_long_numbers_dates_and_zeros_is_refused(seller):
    make_items(seller, **{"00123": 1})
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["8.80123E+11", 1])
        sheet.write_row(2, 0, [8801234567890123, 1])
        sheet.write_datetime(3, 0, datetime(2026, 1, 2), book.add_format({"num_format": "m-d"}))  # noqa: DTZ001
        sheet.write(3, 1, 1)
        sheet.write_row(4, 0, [123, 1])
        sheet.write_row(5, 0, ["Jan-02", 1])
        sheet.write_row(6, 0, ["1월 02일", 1])
    upload = take(seller, "stock", file.getvalue())
    told = [(row, sentence[:30]) for row, _column, sentence in wrong(upload)]
    assert told == [
        (2, "“{text}” is what the spreadshe"),
        (3, "“{text}” is what the spreadshe"),
        (4, "The spreadsheet turned this in"),
        (5, "Zeros in front are lost: “{kno"),
        (6, "The spreadsheet turned this in"),
        (7, "The spreadsheet turned this in"),
    ]
    assert result(upload)["To correct"][4][0] == (
        "SKU: Zeros in front are lost: “00123” is known, “123” is not. Format the column as text."
    )


def test_formulas_and_cells_that_hold_an_error_are_refused_and_never_written_back_as_formulas(seller):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEAD, "Reason"])
        sheet.write_row(1, 0, ["RED", 1])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_row(2, 0, ["BLUE", 2])
        sheet.write_string(2, 2, '=HYPERLINK("http://x","y")')
    upload = take(seller, "stock", file.getvalue())
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "reason"), (3, "reason")]
    back = result(upload)["To correct"]
    assert back[2][1:] == ["BLUE", 2.0, '=HYPERLINK("http://x","y")']
    with zipfile.ZipFile(io.BytesIO(bytes(upload.files.get(role="result").content))) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_a_csv_that_keeps_numbers_as_text_is_read_as_it_is_meant(seller):
    make_items(seller, **{"0007": 1})
    upload = take(seller, "stock", b'SKU,On hand,Reason\r\n"=""0007""",3,\'-broken\r\n', "a.csv")
    assert upload.rows.get().values == {"sku": "0007", "on_hand": 3, "reason": "-broken"}


def test_merged_cells_are_refused_on_every_row_they_touch(seller):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "May")
        sheet.write_row(1, 0, HEAD)
        sheet.write_row(2, 0, ["RED", 1])
        sheet.merge_range("B4:B5", 3)
        sheet.write(3, 0, "BLUE")
        sheet.write(4, 0, "RED")
    upload = take(seller, "stock", file.getvalue())
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(4, ""), (5, "")]


def test_the_example_row_of_a_template_is_left_out(seller):
    upload = take(seller, "stock", xlsx([HEAD, ["EXAMPLE-1", 25], ["RED", 1]]))
    assert [row.number for row in upload.rows.all()] == [3]


def test_old_workbooks_and_open_documents_are_read(seller):
    ods = io.BytesIO()
    cells = "".join(
        "<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in row
        ) + "</table:table-row>" for row in (HEAD, ["RED", "4"])
    )  # fmt: skip
    with zipfile.ZipFile(ods, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", _ODS.format(rows=cells))
    assert counts(take(seller, "stock", ods.getvalue(), "a.ods")) == (1, 0, 0, 0)
    far = _ODS.format(rows=cells + '<table:table-row table:number-rows-repeated="900000">' + cells[17:])
    with zipfile.ZipFile(ods, "w") as book:
        book.writestr("content.xml", far)
    with pytest.raises(errors.SheetTooWide):
        take(seller, "stock", ods.getvalue(), "b.ods")


_ODS = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:'
    'text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)


def test_who_asked_is_kept(seller):
    upload = take(seller, "stock", xlsx([HEAD, ["RED", 1]]), "..\\..\\etc/pass<w>d.xlsx")
    assert (upload.name, upload.actor_label) == ("passwd.xlsx", MINA.label)
