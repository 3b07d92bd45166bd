"""Columns of carriers' and Cafe24's files, as a table. Carriers let customers map headings; these are the usual ones.

A file goes out with these headings, and a file that comes in is understood by any of the known ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ORDER, LINE, NUMBER, CARRIER = "order", "line", "number", "carrier"
NAME, PHONE, POSTCODE, ADDRESS, GOODS, PIECES, MESSAGE = (
    "name", "phone", "postcode", "address", "goods", "pieces", "message",
)  # fmt: skip
SENDER, SENDER_PHONE, SENDER_ADDRESS = "sender", "sender_phone", "sender_address"


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` = [[heading, what stands in it], …]."""

    code: str
    title: str
    columns: Sequence[tuple[str, str]]


LAYOUTS: Final[Mapping[str, Layout]] = {
    row.code: row
    for row in (
        Layout(
            "cj",
            "CJ대한통운",
            (
                ("받는분성명", NAME), ("받는분전화번호", PHONE), ("받는분우편번호", POSTCODE),
                ("받는분주소(전체,분할)", ADDRESS), ("운송장번호", NUMBER), ("고객주문번호", ORDER),
                ("품목명", GOODS), ("박스수량", PIECES), ("배송메세지1", MESSAGE),
            ),
        ),
        Layout(
            "hanjin",
            "한진택배",
            (
                ("받으시는 분", NAME), ("받으시는 분 전화", PHONE), ("받는분우편번호", POSTCODE),
                ("받는분총주소", ADDRESS), ("운송장번호", NUMBER), ("주문번호", ORDER), ("품명", GOODS),
                ("수량", PIECES), ("특기사항", MESSAGE),
            ),
        ),
        Layout(
            "lotte",
            "롯데택배",
            (
                ("주문번호", ORDER), ("받는사람", NAME), ("전화번호1", PHONE), ("우편번호", POSTCODE),
                ("주소", ADDRESS), ("상품명1", GOODS), ("수량", PIECES), ("배송메시지", MESSAGE),
                ("운송장번호", NUMBER),
            ),
        ),
        Layout(
            "epost",
            "우체국택배",
            (
                ("받는 분", NAME), ("휴대전화", PHONE), ("우편번호", POSTCODE), ("주소", ADDRESS),
                ("내용물", GOODS), ("배송시요청사항", MESSAGE), ("주문번호", ORDER), ("등기번호", NUMBER),
            ),
        ),
        Layout(
            "logen",
            "로젠택배",
            (
                ("수하인명", NAME), ("수하인전화번호", PHONE), ("우편번호", POSTCODE), ("수하인주소", ADDRESS),
                ("물품명", GOODS), ("택배수량", PIECES), ("배송메시지", MESSAGE), ("주문번호", ORDER),
                ("운송장번호", NUMBER),
            ),
        ),
        Layout(
            "cafe24",
            "Cafe24",
            (("주문번호", ORDER), ("품목별 주문번호", LINE), ("배송업체번호", CARRIER), ("송장번호", NUMBER)),
        ),
    )
}  # fmt: skip
ORDER_HEADINGS: Final = (
    "주문번호", "고객주문번호", "출고번호", "Order number", "order_id", "Order",
)  # fmt: skip
NUMBER_HEADINGS: Final = (
    "운송장번호", "송장번호", "등기번호", "Tracking number", "invoice_no", "Tracking",
)  # fmt: skip
CARRIER_HEADINGS: Final = ("배송업체번호", "배송업체", "배송업체코드", "택배사", "Carrier")
"""Under which a file that comes in names order, number and carrier."""
