"""How amounts stand in an exported workbook: won without decimals, dollars with cents, dinars with fils."""

import io
import re
import zipfile
from decimal import Decimal

import pytest

from entrepot.accounts.models import Seller
from entrepot.orders import services as orders
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.orders.models import Order, SalesChannel
from tests.books import MINA, make_items
from tests.sheets.test_orders_by_excel import channel, exported

__all__ = ["channel"]
COLUMNS = ["number", "total", "quantity", "unit_price", "line_total"]


def looks(content: bytes, row: int) -> dict[str, tuple[str, str]]:
    """Each cell of a row: the figure that is kept, and the format it is shown in."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        styles, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    codes = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]*)"', styles))
    codes |= {"1": "0", "3": "#,##0", "49": "@"}  # what every workbook has by itself
    used = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs", 1)[1])
    cells = re.findall(rf'<c r="([A-Z]+){row}" s="(\d+)"(?: t="(\w+)")?>(?:<v>([^<]*)</v>|<is>)', sheet)
    return {
        place: (f"{float(value):.15g}" if not kind else "", codes[used[int(style)]])
        for place, style, kind, value in cells
    }


def order_in(seller: Seller, currency: str, price: str) -> bytes:
    channel = SalesChannel.objects.create(seller=seller, name=currency, kind="offline", currency=currency)
    item = make_items(seller, RED=9)["RED"]
    made = ManualOrder(
        key="1", number="1", currency=currency,
        lines=[ManualLine(item_id=item, quantity=2, unit_price=Decimal(price))],
    )  # fmt: skip
    orders.place_numbered(seller_id=seller.pk, sales_channel_id=channel.pk, orders=[made], actor=MINA)
    return exported(channel, [Order.objects.get()], columns=COLUMNS)


@pytest.mark.parametrize(
    ("currency", "price", "unit", "total", "form"),
    [
        ("KRW", "12900", "12900", "25800", "#,##0"),
        ("KRW", "9090.9091", "9090.9091", "18181.8182", "#,##0"),
        ("JPY", "1200", "1200", "2400", "#,##0"),
        ("USD", "12.9", "12.9", "25.8", "#,##0.00##"),
        ("KWD", "1.25", "1.25", "2.5", "#,##0.000#"),
    ],
)
def test_an_amount_stands_as_its_currency_is_written_and_is_kept_exactly(  # noqa: PLR0917 - a table
    channel: SalesChannel, currency: str, price: str, unit: str, total: str, form: str
) -> None:
    seen = looks(order_in(channel.seller, currency, price), 2)

    assert seen["A"][1] == "@"
    assert seen["C"] == ("2", "0")
    assert {place: seen[place] for place in "BDE"} == {"B": (total, form), "D": (unit, form), "E": (total, form)}
