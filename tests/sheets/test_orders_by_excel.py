"""Orders out to a workbook and in again: nothing mangled, nothing twice, and wrong rows come back with the reason."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from entrepot.accounts.models import AuditEntry
from entrepot.channels.services.bulk import start as desk
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.orders.errors import OrderInvalid
from entrepot.orders.models import Bulk, Order, SalesChannel
from entrepot.orders.services.bulk import Chosen
from entrepot.sheets.errors import HeadingsMissing, HeadingsUnknown
from entrepot.sheets.orders_back import template
from entrepot.sheets.orders_bulk import carry_on
from entrepot.sheets.orders_columns import COLUMNS, TAKEN, by_heading, heading, plain
from entrepot.sheets.orders_import import begin_import, plan_import
from tests.books import draft, figure, line, make_items, make_kit, make_seller, place

MINA = Actor("cli", "Mina")
FIGURE = (
    "Phone: It is a figure in the file, so zeros in front may be lost. Format the column as text and write it again."
)
EASY = ("Order number", "Buyer", "SKU", "Quantity", "Unit price")


@pytest.fixture
def channel(db: None) -> SalesChannel:
    seller = make_seller()
    return SalesChannel.objects.create(seller=seller, name="Counter", kind="offline", country="KR", currency="KRW")


def exported(channel: SalesChannel, found: list[Order], **facts: Any) -> bytes:
    bulk = desk.start_bulk(
        seller_id=channel.seller_id, kind="export", facts=facts, chosen=Chosen([one.pk for one in found]), actor=MINA
    )
    carry_on(bulk_id=bulk.pk)
    bulk.refresh_from_db()
    assert bulk.state == "done", bulk.facts
    return bytes(bulk.files.get(position=1).content)


def table(content: bytes, *, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """A workbook as a person makes one: texts are texts, figures are figures."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write_number(number, place, value)
    return out.getvalue()


def looked(channel: SalesChannel, content: bytes, name: str = "orders.xlsx", **facts: Any) -> Bulk:
    return plan_import(seller_id=channel.seller_id, name=name, content=content, facts=facts, actor=MINA)


def taken(channel: SalesChannel, content: bytes, name: str = "orders.xlsx", **facts: Any) -> Bulk:
    bulk = looked(channel, content, name, **facts)
    begin_import(seller_id=channel.seller_id, bulk_id=bulk.pk, actor=MINA)
    carry_on(bulk_id=bulk.pk)
    bulk.refresh_from_db()
    return bulk


def reasons(bulk: Bulk) -> list[tuple[Any, ...]]:
    """The rows that came back: everything but the reasons' wording is as it was sent."""
    return [tuple(row) for row in table(bytes(bulk.files.get(position=1).content))]


# --------------------------------------------------------------------------- out


def test_ids_phones_and_skus_stay_text_and_formulas_are_words(channel: SalesChannel) -> None:
    item = make_items(channel.seller, **{"00123456789012345": 9})["00123456789012345"]
    one = draft(
        "0007", line(item, 2, name='=HYPERLINK("http://bad")'), number="0007", buyer_name="=1+1",
        buyer_phone="01012345678", comment="+SUM(A1)", placed_at=datetime(2026, 11, 22, 12, 30, 5, tzinfo=UTC),
        base_currency="KRW",
    )  # fmt: skip
    order = Order.objects.get(pk=place(channel, one)[0].order_id)
    Shipment.objects.create(
        seller=channel.seller,
        order=order,
        carrier_name="CJ",
        tracking_number="0640012345678901",
        packed_at=order.placed_at,
    )
    columns = [
        "number",
        "placed_at",
        "buyer_name",
        "buyer_phone",
        "comment",
        "total",
        "tracking",
        "sku",
        "name",
        "quantity",
    ]
    rows = table(exported(channel, [order], columns=columns, zone="Asia/Seoul"))
    assert rows[1] == [
        "0007", datetime(2026, 11, 22, 21, 30, 5), "=1+1", "01012345678", "+SUM(A1)", 5.0, "0640012345678901",  # noqa: DTZ001 - a cell has no zone
        "00123456789012345", '=HYPERLINK("http://bad")', 2.0,
    ]  # fmt: skip
    text = exported(channel, [order], columns=columns, form="csv").decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(text)))[1]
    assert cells[0] == "0007"
    assert (cells[2], cells[4], cells[8]) == ("'=1+1", "'+SUM(A1)", '\'=HYPERLINK("http://bad")')


def test_a_row_for_each_line_or_for_each_order_in_the_readers_language(channel: SalesChannel) -> None:
    ids = make_items(channel.seller, RED=9, BLUE=9)
    two = draft("1", line(ids["RED"], 1), line(ids["BLUE"], 3, remote_id="2"))
    order = Order.objects.get(pk=place(channel, two)[0].order_id)
    columns = ["number", "sku", "quantity"]
    assert table(exported(channel, [order], columns=columns)) == [
        ["Order number", "SKU", "Quantity"], ["#1", "RED", 1.0], ["#1", "BLUE", 3.0],
    ]  # fmt: skip
    assert table(exported(channel, [order], columns=columns, per="order", language="ko")) == [["주문번호"], ["#1"]]


def test_a_csv_for_korean_programs_is_cp949(channel: SalesChannel) -> None:
    item = make_items(channel.seller, RED=9)["RED"]
    order = Order.objects.get(pk=place(channel, draft("1", line(item), buyer_name="김서연"))[0].order_id)
    content = exported(channel, [order], columns=["buyer_name"], form="cp949", language="en")
    assert content.decode("cp949").splitlines() == ["Buyer", "김서연"]


def test_an_export_is_in_the_audit_log_and_begins_anew_after_a_crash(channel: SalesChannel) -> None:
    item = make_items(channel.seller, RED=9)["RED"]
    found = [
        Order.objects.get(pk=one.order_id) for one in place(channel, draft("1", line(item)), draft("2", line(item)))
    ]
    bulk = desk.start_bulk(
        seller_id=channel.seller_id, kind="export", facts={"columns": ["number"]},
        chosen=Chosen([one.pk for one in found]), actor=MINA,
    )  # fmt: skip
    bulk.items.filter(order=found[0]).update(state="done")
    carry_on(bulk_id=bulk.pk)
    assert table(bytes(bulk.files.get().content)) == [["Order number"], ["#1"], ["#2"]]
    assert AuditEntry.objects.get(verb="orders.export").facts == {"kind": "export", "orders": 2}


# --------------------------------------------------------------------------- in


def test_good_orders_come_in_once_and_the_same_file_again_makes_nothing(channel: SalesChannel) -> None:
    ids = make_items(channel.seller, RED=10, BLUE=10)
    make_kit(channel.seller, "PAIR", {ids["RED"]: 1, ids["BLUE"]: 1})
    file = workbook(
        ("Quantity", "SKU", "Unit price", "Order number", "Buyer", "Shipping cost", "Tags", "Note", "What else"),
        (2, "RED", 1290.5, "A-1", "Hong Gildong", 3000, "vip, gift", "Call first", "x"),
        (1, "PAIR", "2000", "A-1", None, None, None, None, None),
        (3, "BLUE", 100, "A-2", "Kim", None, None, None, None),
    )
    bulk = looked(channel, file)
    assert {name: bulk.facts[name] for name in ("rows", "new", "same", "wrong", "unused")} == {
        "rows": 3, "new": 2, "same": 0, "wrong": 0, "unused": ["What else"],
    }  # fmt: skip
    assert (bulk.state, Order.objects.count(), carry_on(bulk_id=bulk.pk)) == ("draft", 0, False)

    bulk = taken(channel, file)
    first = Order.objects.get(number="A-1")
    assert (first.total, first.base_currency, first.tags, first.notes.get().text, first.status) == (
        Decimal("7581.0000"), "KRW", ["gift", "vip"], "Call first", "new",
    )  # fmt: skip
    assert list(first.lines.order_by("position").values_list("sku", "quantity", "unit_price")) == [
        ("RED", 2, Decimal("1290.5000")), ("PAIR", 1, Decimal("2000.0000")),
    ]  # fmt: skip
    assert (figure(ids["RED"]), figure(ids["BLUE"])) == ((10, 3), (10, 4))
    assert bulk.facts["counts"] == {"done": 2}

    again = taken(channel, file)
    assert (again.facts["new"], again.facts["same"], Order.objects.count()) == (0, 2, 2)
    assert figure(ids["RED"]) == (10, 3)


def test_wrong_rows_come_back_in_their_columns_with_the_reason_and_can_be_sent_again(channel: SalesChannel) -> None:
    make_items(channel.seller, **{"SOCK-RED": 10})
    rows = (
        (*EASY, "Phone"),
        ("B-1", "Kim", "SOCK-RED", 1, 100, "010-1"),
        ("B-2", "Lee", "SOCK-RDE", 1, 100, None),
        ("B-3", "Park", "SOCK-RED", 0, 100, None),
        ("B-3", None, "SOCK-RED", 1, 100, None),
        ("B-4", None, "SOCK-RED", 1, "much", None),
        ("B-5", "Choi", "SOCK-RED", 1, 100, 1012345678),
    )
    bulk = taken(channel, workbook(*rows))
    assert list(Order.objects.values_list("number", flat=True)) == ["B-1"]
    assert (bulk.facts["new"], bulk.facts["wrong"]) == (1, 5)
    assert reasons(bulk) == [
        (*EASY, "Phone", "What is wrong"),
        ("B-2", "Lee", "SOCK-RDE", 1.0, 100.0, "",
         "You have no item with the SKU “SOCK-RDE”. Did you mean SOCK-RED?"),
        ("B-3", "Park", "SOCK-RED", 0.0, 100.0, "", "Quantity: It must be 1 or more."),
        ("B-3", "", "SOCK-RED", 1.0, 100.0, "", "Row 4 of the same order is wrong, so the whole order is left out."),
        ("B-4", "", "SOCK-RED", 1.0, "much", "",
         "Unit price: “much” is not a number. Write digits only, such as 12900 or 12.90.\nBuyer is missing."),
        ("B-5", "Choi", "SOCK-RED", 1.0, 100.0, 1012345678.0,
         FIGURE),
    ]  # fmt: skip
    back = bytes(bulk.files.get(position=1).content)
    again = looked(channel, back)
    assert (again.facts["new"], again.facts["wrong"]) == (0, 5)
    assert [row[:-1] for row in reasons(again)] == [row[:-1] for row in reasons(bulk)]
    assert reasons(again)[2] == reasons(bulk)[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_csv_in_any_encoding_with_korean_headings_in_any_order(channel: SalesChannel, encoding: str) -> None:
    make_items(channel.seller, RED=10)
    text = '수량,품목 코드,단가,주문번호,주문자,시/군/구\r\n2,RED,"1,290",K-1,홍길동,서울\r\n'
    taken(channel, text.encode(encoding), "주문.csv", language="ko")
    order = Order.objects.get()
    assert (order.number, order.buyer_name, order.total) == ("K-1", "홍길동", Decimal("2580.0000"))
    assert order.shipping is not None
    assert (order.shipping["name"], order.shipping["city"]) == ("홍길동", "서울")


def test_what_two_rows_of_one_order_say_differently_is_refused(channel: SalesChannel) -> None:
    make_items(channel.seller, RED=10)
    file = workbook(EASY, ("C-1", "Kim", "RED", 1, 100), ("C-1", "Lee", "RED", 1, 100))
    bulk = taken(channel, file)
    assert Order.objects.count() == 0
    assert [row[-1] for row in reasons(bulk)[1:]] == [
        "Row 3 of the same order is wrong, so the whole order is left out.",
        "Buyer differs from row 2, which belongs to the same order.",
    ]


def test_the_store_is_named_and_must_be_an_offline_one(channel: SalesChannel) -> None:
    make_items(channel.seller, RED=10)
    SalesChannel.objects.create(seller=channel.seller, name="Sock shop", kind="opencart", currency="USD")
    market = SalesChannel.objects.create(seller=channel.seller, name="Market", kind="offline", currency="USD")
    file = workbook(
        (*EASY, "Store"),
        ("D-1", "Kim", "RED", 1, 100, "market"),
        ("D-2", "Kim", "RED", 1, 100, "Sock shop"),
        ("D-3", "Kim", "RED", 1, 100, None),
    )
    bulk = taken(channel, file)
    assert sorted(Order.objects.values_list("number", "sales_channel__name", "base_currency")) == [
        ("D-1", market.name, "USD"), ("D-3", "Counter", "KRW"),
    ]  # fmt: skip
    assert reasons(bulk)[1][-1] == "“Sock shop” is none of your Offline stores: Counter, Market."


def test_a_file_without_headings_or_a_needed_column_is_refused_whole(channel: SalesChannel) -> None:
    with pytest.raises(HeadingsUnknown):
        looked(channel, workbook(("1", "2"), ("3", "4")))
    with pytest.raises(HeadingsMissing) as refusal:
        looked(channel, workbook(("Order number", "Buyer", "SKU", "Quantity"), ("1", "Kim", "RED", 1)))
    assert refusal.value.fields["wanted"] == "Unit price"
    assert Bulk.objects.count() == 0


def test_the_template_is_understood_and_its_example_passed_over(channel: SalesChannel) -> None:
    content = template(stores=["Counter"], skus=["RED"])
    heads, example = table(content)[:2]
    assert [head for head in heads if head.endswith("*")] == [
        "Order number *", "Buyer *", "SKU *", "Quantity *", "Unit price *",
    ]  # fmt: skip
    assert len(heads) == len(TAKEN)
    assert example[0] == "EXAMPLE-1"
    assert "Several lines of one order have the same order number." in table(content, sheet=1)[0][2]
    bulk = looked(channel, content)
    assert (bulk.facts["rows"], bulk.facts["new"], bulk.facts["unused"]) == (0, 0, [])


def test_an_import_that_died_on_the_way_goes_on_without_doubles(channel: SalesChannel) -> None:
    item = make_items(channel.seller, RED=10)["RED"]
    file = workbook(EASY, *((f"E-{n}", "Kim", "RED", 1, 100) for n in range(5)))
    bulk = looked(channel, file)
    begin_import(seller_id=channel.seller_id, bulk_id=bulk.pk, actor=MINA)
    early = [
        ManualOrder(
            key="E-0",
            number="E-0",
            currency="KRW",
            lines=[ManualLine(item_id=item, quantity=1, unit_price=Decimal(100))],
        )
    ]
    orders.place_numbered(seller_id=channel.seller_id, sales_channel_id=channel.pk, orders=early, actor=MINA)
    carry_on(bulk_id=bulk.pk)
    bulk.refresh_from_db()
    assert (Order.objects.count(), figure(item)) == (5, (10, 5))
    assert (bulk.total, bulk.facts["counts"]) == (4, {"done": 4})


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_heading_means_one_column_in_both_languages(language: str) -> None:
    known = by_heading()
    with translation.override(language):
        assert [known[plain(heading(column))] for column in TAKEN] == [column.key for column in TAKEN]


# --------------------------------------------------------------------------- round trip

WORDS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"], blacklist_characters="\ufeff\ufffe\uffff"),
    max_size=20,
).map(lambda text: " ".join(text.split()))
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("99999999.9999"), places=4)
LINES = st.lists(
    st.tuples(st.sampled_from(["RED", "0012", "=A1"]), st.integers(1, 99), AMOUNTS), min_size=1, max_size=3
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(buyer=WORDS, comment=WORDS, city=WORDS, lines=LINES, cost=AMOUNTS, form=st.sampled_from(["xlsx", "csv"]))
def test_what_goes_out_comes_in_the_same(  # noqa: PLR0917 - what an order is made of
    channel: SalesChannel, buyer: str, comment: str, city: str, lines: list[Any], cost: Decimal, form: str
) -> None:
    ids = (
        make_items(channel.seller, **{"RED": 999, "0012": 999, "=A1": 999})
        if not Order.objects.exists()
        else _ids(channel)
    )
    made = ManualOrder(
        key="X", currency="KRW", buyer_name=f"b{buyer}", comment=f"c{comment}", shipping_cost=cost,
        shipping={"name": f"b{buyer}", "company": "", "line1": "1 Road", "line2": "", "city": f"s{city}", "region": "",
                  "postcode": "03172", "country": "", "country_code": "KR", "phone": "010-1"},
        lines=[ManualLine(item_id=ids[sku], quantity=count, unit_price=price) for sku, count, price in lines],
        placed_at=datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC), number=f"N{Order.objects.count()}",
    )  # fmt: skip
    key = made.number
    orders.place_numbered(seller_id=channel.seller_id, sales_channel_id=channel.pk, orders=[made], actor=MINA)
    before = Order.objects.get(number=key)
    content = exported(channel, [before], columns=list(COLUMNS), form=form, zone="Asia/Seoul")
    other = SalesChannel.objects.filter(seller_id=channel.seller_id, name="Second").first()
    other = other or SalesChannel.objects.create(
        seller=channel.seller, name="Second", kind="offline", country="KR", currency="USD"
    )
    Order.objects.filter(pk=before.pk).update(number=f"{key}-gone", remote_id=f"{key}-gone")

    bulk = taken(channel, content, f"orders.{form}", zone="Asia/Seoul")

    assert bulk.facts["wrong"] == 0, bulk.facts["errors"]
    after = Order.objects.get(number=key)
    for name in ("buyer_name", "comment", "total", "base_currency", "placed_at", "shipping"):
        assert getattr(after, name) == getattr(before, name)
    picture = ("sku", "quantity", "unit_price", "line_total", "unit_tax")
    assert list(after.lines.order_by("position").values_list(*picture)) == list(
        before.lines.order_by("position").values_list(*picture)
    )


def _ids(channel: SalesChannel) -> dict[str, int]:
    return dict(channel.seller.item_set.values_list("sku", "pk"))


def test_a_number_of_ones_own_needs_lines_like_any_order(channel: SalesChannel) -> None:
    with pytest.raises(OrderInvalid):
        orders.place_manual(
            seller_id=channel.seller_id, order=ManualOrder(key="k", currency="KRW", lines=[]), actor=MINA
        )
    assert Order.objects.count() == 0
