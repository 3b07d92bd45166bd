"""Which rows of a file are one order, and files that cannot be taken as a whole: no row is lost on the way."""

from decimal import Decimal

import pytest

from entrepot.channels.services.bulk import start as desk
from entrepot.kernel.actor import Actor
from entrepot.orders.bulk_errors import BulkFileGone, NothingRefused
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.orders.models import Bulk, Order, OrderNote, SalesChannel
from entrepot.orders.services.manual import place_manual, place_numbered
from entrepot.sheets import orders_in
from entrepot.sheets.orders_import import begin_import
from tests.books import make_items
from tests.sheets.test_orders_by_excel import EASY, MINA, channel, looked, reasons, taken, workbook

__all__ = ["channel"]
STORED = (*EASY, "Store")


@pytest.fixture
def market(channel: SalesChannel) -> SalesChannel:
    make_items(channel.seller, RED=9, BLUE=9)
    return SalesChannel.objects.create(
        seller=channel.seller, name="Market", kind="offline", country="KR", currency="KRW"
    )


def entered() -> list[tuple[str, str, list[tuple[str, int]]]]:
    return [
        (one.sales_channel.name, one.number, sorted(one.lines.values_list("sku", "quantity")))
        for one in Order.objects.order_by("pk")
    ]


@pytest.mark.parametrize("named", [("Market", None), (None, "Market")])
def test_the_store_need_stand_in_one_row_of_an_order_only(
    market: SalesChannel, named: tuple[str | None, str | None]
) -> None:
    taken(market, workbook(STORED, ("7", "Kim", "RED", 1, 100, named[0]), ("7", "Kim", "BLUE", 2, 100, named[1])))

    assert entered() == [("Market", "7", [("BLUE", 2), ("RED", 1)])]


def test_the_same_number_in_two_stores_is_two_orders(market: SalesChannel) -> None:
    rows = [("7", "Kim", "RED", 1, 100, "Market"), ("7", "Lee", "BLUE", 2, 100, "Counter")]

    taken(market, workbook(STORED, *rows))

    assert entered() == [("Market", "7", [("RED", 1)]), ("Counter", "7", [("BLUE", 2)])]


def test_a_row_that_may_be_of_two_orders_is_missing_from_both_so_both_are_left_out(market: SalesChannel) -> None:
    rows = [
        ("7", "Kim", "RED", 1, 100, "Market"),
        ("7", "Kim", "RED", 1, 100, "Counter"),
        ("7", "Kim", "BLUE", 2, 100, None),
        ("8", "Lee", "BLUE", 3, 100, None),
    ]

    bulk = taken(market, workbook(STORED, *rows))

    assert entered() == [("Counter", "8", [("BLUE", 3)])]
    other = "Row 4 of the same order is wrong, so the whole order is left out."
    assert [row[-1] for row in reasons(bulk)[1:]] == [
        other,
        other,
        "Order 7 stands in several stores in this file. Name the store in each of its rows.",
    ]


def test_of_a_file_that_is_too_long_nothing_is_taken(market: SalesChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows behind the last one that was read may belong to any of the orders."""
    monkeypatch.setattr(orders_in, "MOST_LINES", 2)
    rows = [("6", "Kim", "RED", 1, 100), ("7", "Kim", "RED", 1, 100), ("7", "Kim", "BLUE", 2, 100)]

    bulk = looked(market, workbook(EASY, *rows))

    assert (bulk.total, bulk.facts["new"], bulk.facts["wrong"]) == (0, 0, 1)
    assert reasons(bulk)[1][-1] == "The file has more than 2 rows. Divide it into several files."


def test_an_order_that_is_there_already_gets_no_second_note(market: SalesChannel) -> None:
    item = market.seller.item_set.get(sku="RED").pk
    one = ManualOrder(
        key="7", number="7", currency="KRW", lines=[ManualLine(item_id=item, quantity=1, unit_price=Decimal(100))],
        buyer_name="Kim", note="Ring twice",
    )  # fmt: skip
    placed = place_manual(seller_id=market.seller_id, order=one, actor=MINA, sales_channel_id=market.pk)
    Order.objects.filter(pk=placed.order_id).update(number="Seven")

    again = place_numbered(seller_id=market.seller_id, sales_channel_id=market.pk, orders=[one], actor=MINA)

    assert [(row.order_id, row.created) for row in again] == [(placed.order_id, False)]
    assert list(OrderNote.objects.values_list("text", flat=True)) == ["Ring twice"]


def test_a_file_that_was_tidied_away_is_asked_for_again(market: SalesChannel) -> None:
    bulk = looked(market, workbook(EASY, ("6", "Kim", "RED", 1, 100)))
    bulk.files.all().delete()

    with pytest.raises(BulkFileGone):
        begin_import(seller_id=market.seller_id, bulk_id=bulk.pk, actor=MINA)

    assert (Bulk.objects.get().state, Order.objects.count()) == ("draft", 0)


def test_orders_that_a_file_met_again_are_not_tried_again(market: SalesChannel) -> None:
    bulk = taken(market, workbook(EASY, ("6", "Kim", "RED", 1, 100)))
    bulk.items.update(state="skipped")

    with pytest.raises(NothingRefused):
        desk.retry_refused(seller_id=market.seller_id, bulk_id=bulk.pk, actor=Actor("cli", "Mina"))

    assert (Bulk.objects.count(), Order.objects.count()) == (1, 1)
