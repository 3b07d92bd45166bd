"""Waybill files: out in the carrier's columns, numbers in; every row is answered, and one bad row stops nobody."""

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from entrepot.fulfilment.models import Shipment
from entrepot.sheets import tables
from entrepot.sheets.layouts import LAYOUTS
from entrepot.sheets.tables import Cell, SheetUnreadable
from entrepot.sheets.waybills import looked_through
from tests.books import draft, line, make_seller, place_one
from tests.web.conftest import AtDesk


def packed(at_desk: AtDesk, remote_id: str, **words: object) -> Shipment:
    order = place_one(
        at_desk.house.store.sales_channel, draft(remote_id, line(at_desk.house.items["GREEN"], 1), **words)
    )
    type(order).objects.filter(pk=order.pk).update(status="ready_to_ship")
    return Shipment.objects.create(seller=at_desk.house.seller, order=order, packed_at=datetime.now(UTC))


def csv_of(*rows: str, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(["주문번호,운송장번호", *rows]).encode(encoding)


def look(at_desk: AtDesk, content: bytes, name: str = "numbers.csv"):
    return looked_through(seller_id=at_desk.house.seller.pk, content=content, name=name).answers


def send(at_desk: AtDesk, content: bytes, name: str = "numbers.csv") -> str:
    """Choose the file and press Write; the page that showed it."""
    shown = at_desk.browser.post(reverse("web:waybill_files"), {"file": SimpleUploadedFile(name, content)})
    assert shown.status_code == 200
    at_desk.browser.post(reverse("web:waybills_take"), {"rows": shown.context["rows"]})
    return shown.content.decode()


def numbers() -> dict[str, str]:
    rows = Shipment.objects.filter(order__remote_id__in=["7001", "7002", "7003"])
    return dict(rows.order_by("order__remote_id").values_list("order__remote_id", "tracking_number"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp949"])
def test_numbers_come_in_from_csv_of_either_encoding_with_their_zeros(at_desk: AtDesk, encoding: str) -> None:
    packed(at_desk, "7001")
    packed(at_desk, "7002")
    send(at_desk, csv_of("#7001,001234567890", '#7002,"=""640012345678"""', encoding=encoding))
    assert numbers() == {"7001": "001234567890", "7002": "640012345678"}


def test_one_bad_row_stops_nobody_and_every_row_is_answered(at_desk: AtDesk) -> None:
    for remote_id in ("7001", "7002", "7003"):
        packed(at_desk, remote_id)
    page = send(
        at_desk,
        csv_of("#7001,1.23E+11", "#7002,640012345678", "#9999,1", ",5", "#7003,", "#7003,송장"),
    )
    assert numbers() == {"7001": "", "7002": "640012345678", "7003": ""}
    for sentence in (
        "“1.23E+11” is what a spreadsheet made of the number",
        "No packed order has the number #9999.",
        "The row names no order.",
        "The row has no tracking number.",
        "“송장” is not a tracking number.",
    ):
        assert sentence in page


def test_looking_at_a_file_writes_nothing(at_desk: AtDesk) -> None:
    packed(at_desk, "7001")
    assert [one.error for one in look(at_desk, csv_of("#7001,640012345678"))] == [None]
    assert numbers() == {"7001": ""}


def test_a_number_in_two_rows_is_written_on_neither(at_desk: AtDesk) -> None:
    packed(at_desk, "7001")
    packed(at_desk, "7002")
    send(at_desk, csv_of("#7001,5", "#7002,5"))
    assert numbers() == {"7001": "", "7002": ""}


def test_a_figure_of_a_workbook_is_warned_about_and_a_lost_one_is_refused(at_desk: AtDesk) -> None:
    packed(at_desk, "7001")
    packed(at_desk, "7002")
    packed(at_desk, "7003")
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(
            [["주문번호", "송장번호"], ["#7001", 640012345678], ["#7002", 6.4e17], ["#7003", "0012"]]
        ):
            sheet.write_row(place, 0, row)
    answers = look(at_desk, file.getvalue(), "numbers.xlsx")
    assert [(one.number, one.error is None, one.warning is not None) for one in answers] == [
        ("640012345678", True, True), ("6.4E+17", False, False), ("0012", True, False),
    ]  # fmt: skip


def test_anothers_orders_are_not_known(at_desk: AtDesk) -> None:
    packed(at_desk, "7001")
    other = make_seller("Busan Books")
    answers = looked_through(seller_id=other.pk, content=csv_of("#7001,5"), name="a.csv").answers
    assert answers[0].error is not None
    assert answers[0].error[0] == "No packed order has the number {order}."


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"PK\x03\x04rubbish", "a.xlsx"), (b"\xff\xfe\x00\x80\xff", "a.csv"), (b"", "a.xls")],
)
def test_what_is_no_table_is_said(at_desk: AtDesk, content: bytes, name: str) -> None:
    with pytest.raises(SheetUnreadable):
        tables.read(content, name=name)


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_file_goes_out_in_the_carriers_columns_and_comes_back_in(at_desk: AtDesk, layout: str) -> None:
    packed(at_desk, "7001", comment="=HYPERLINK(1)")
    address = reverse("web:waybill_file")
    answer = at_desk.browser.get(address, {"layout": layout, "form": "xlsx", "which": "without"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == [heading for heading, _what in LAYOUTS[layout].columns]
    assert "#7001" in rows[1]
    for form, encoding in (("csv", "utf-8-sig"), ("cp949", "cp949")):
        text = at_desk.browser.get(address, {"layout": layout, "form": form, "which": "without"}).content.decode(
            encoding
        )
        assert ",=HYPERLINK" not in text
    back = tables.read(answer.content, name="back.xlsx")
    heading = next(heading for heading, what in LAYOUTS[layout].columns if what == "order")
    assert back[0].get(heading) == Cell("#7001")


def test_rows_of_another_seller_cannot_be_signed_for(at_desk: AtDesk) -> None:
    packed(at_desk, "7001")
    answer = at_desk.browser.post(reverse("web:waybills_take"), {"rows": "made:up:words"}, follow=True)
    assert "looked at too long ago" in answer.content.decode()
    assert numbers() == {"7001": ""}
