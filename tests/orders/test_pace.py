"""How the orders of some days went, against orders that are few enough to count by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from entrepot.orders import services as orders
from entrepot.orders.models import Order, SalesChannel
from entrepot.orders.queries.pace import Days, Pace, Sales, pace, sales
from tests.books import (
    MINA,
    SHOP,
    draft,
    line,
    make_channel,
    make_items,
    make_seller,
    place_one,
    status,
)

BERLIN, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Seoul")
HOUR = 3600.0


@pytest.fixture
def plenty(channel: SalesChannel) -> int:
    return make_items(channel.seller, PLENTY=1000)["PLENTY"]


def placed(channel: SalesChannel, number: str, item_id: int | None, at: datetime, quantity: int = 1, **words) -> Order:
    return place_one(channel, draft(number, line(item_id, quantity), placed_at=at, **words))


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def day_of(channel: SalesChannel, day: date, n: int, amount: str, **words) -> Sales:
    facts = {"currency": "USD", "ran_short": 0, "by_buyer": 0, "by_seller": 0, "unpaid": 0, **words}
    return Sales(day=day, channel_id=channel.pk, placed=n, amount=Decimal(amount), **facts)


def test_a_day_is_that_of_the_viewers_clock_also_where_the_clocks_change(channel, plenty):
    # In Berlin the 25th of October 2026 has 25 hours: from 22:00 UTC the day before to 23:00 UTC.
    for number, at in enumerate(
        [utc(10, 24, 21, 59), utc(10, 24, 22, 0), utc(10, 25, 22, 59), utc(10, 25, 23, 0), utc(10, 26, 22, 59)]
    ):
        placed(channel, str(number), plenty, at)
    seller_id = channel.seller_id

    berlin = sales(seller_id=seller_id, days=Days.up_to(date(2026, 10, 26), 2, BERLIN))
    seoul = sales(seller_id=seller_id, days=Days.up_to(date(2026, 10, 26), 2, SEOUL))

    assert berlin == [
        day_of(channel, date(2026, 10, 25), 2, "5.0000"),
        day_of(channel, date(2026, 10, 26), 2, "5.0000"),
    ]
    assert seoul == [
        day_of(channel, date(2026, 10, 25), 2, "5.0000"),
        day_of(channel, date(2026, 10, 26), 2, "5.0000"),
    ]
    spring = Days.up_to(date(2026, 3, 29), 1, BERLIN)
    assert spring.until - spring.since == timedelta(days=1)
    assert spring.until.astimezone(UTC) - spring.since.astimezone(UTC) == timedelta(hours=23)


def test_currencies_are_never_added_up_and_canceled_orders_bring_nothing(channel, plenty):
    seller_id, day = channel.seller_id, date(2026, 11, 20)
    said = {"seller_id": seller_id, "actor": MINA}
    at = utc(11, 20, 12)
    placed(channel, "1", plenty, at, 2)
    placed(channel, "2", plenty, at, 4, base_currency="KRW")
    orders.cancel_by_buyer(seller_id=seller_id, order_id=placed(channel, "3", plenty, at, 9).pk, actor=SHOP)
    by_seller = placed(channel, "4", plenty, at, 9)
    orders.cancel_by_seller(order_id=by_seller.pk, reason="broken", **said)
    orders.confirm_seller_cancel(order_id=by_seller.pk, **said)
    orders.cancel_unpaid(seller_id=seller_id, order_id=placed(channel, "5", plenty, at, 9).pk, actor=SHOP)
    asked = placed(channel, "6", plenty, at)
    orders.ask_cancel(seller_id=seller_id, order_id=asked.pk, actor=SHOP)

    assert sales(seller_id=seller_id, days=Days(day, day, BERLIN)) == [
        day_of(channel, day, 1, "10.0000", currency="KRW"),
        day_of(channel, day, 5, "7.5000", by_buyer=1, by_seller=1, unpaid=1),
    ]


def test_an_order_that_was_split_is_one_order_with_the_amounts_of_its_parts(channel, plenty):
    whole = placed(channel, "1", plenty, utc(11, 20, 12), 4)
    first = whole.lines.get()
    orders.split_order(seller_id=channel.seller_id, order_id=whole.pk, lines={first.pk: 1}, actor=MINA)
    placed(channel, "2:1", plenty, utc(11, 20, 12), 1, follows="2")
    placed(channel, "2", plenty, utc(11, 20, 12), 1)

    day = date(2026, 11, 20)
    assert sales(seller_id=channel.seller_id, days=Days(day, day, BERLIN)) == [day_of(channel, day, 2, "15.0000")]


def test_an_order_ran_short_once_it_asked_for_stock_that_was_not_there_and_stays_so(channel):
    ids = make_items(channel.seller, RED=1)
    day, at = date(2026, 11, 20), utc(11, 20, 12)
    placed(channel, "1", ids["RED"], at, 2)
    placed(channel, "2", ids["RED"], at, 1)
    placed(channel, "3", None, at)
    short = Order.objects.get(remote_id="1")
    assert (status(short), short.ran_short) == ("partial", True)

    orders.receive_stock(
        seller_id=channel.seller_id, item_id=ids["RED"], quantity=9, reference="receipt:1", reason="", actor=MINA
    )

    assert orders.fill_all_waiting(actor=MINA) == {channel.seller_id: 2}
    assert status(short) == "new"
    counted = sales(seller_id=channel.seller_id, days=Days(day, day, BERLIN))
    assert [(row.placed, row.ran_short) for row in counted] == [(3, 2)]


def test_half_left_within_the_median_and_nine_of_ten_within_the_other(channel, plenty):
    seller_id = channel.seller_id
    for number, hours in enumerate([1, 2, 3, 4, 20]):
        order = placed(channel, str(number), plenty, utc(11, 19, 0))
        _leave(order, utc(11, 19, 0) + timedelta(hours=hours))
    _leave(placed(channel, "9", plenty, utc(11, 19, 0)), utc(11, 24, 0))
    placed(channel, "10", plenty, utc(11, 19, 0))
    days = Days.up_to(date(2026, 11, 24), 7, SEOUL)

    by_day = pace(seller_id=seller_id, days=days, weekly=False)
    by_week = pace(seller_id=seller_id, days=days, weekly=True)

    assert by_day == [
        Pace(None, 6, 3.5 * HOUR, 70 * HOUR),
        Pace(date(2026, 11, 19), 4, 2.5 * HOUR, pytest.approx(3.7 * HOUR)),
        Pace(date(2026, 11, 20), 1, 20 * HOUR, 20 * HOUR),
        Pace(date(2026, 11, 24), 1, 120 * HOUR, 120 * HOUR),
    ]
    assert [(row.since, row.left) for row in by_week] == [(None, 6), (date(2026, 11, 16), 5), (date(2026, 11, 23), 1)]


def _leave(order: Order, at: datetime) -> None:
    said = {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}
    orders.release_to_warehouse(**said)
    orders.mark_ready(**said)
    orders.hand_over(now=at, **said)


def test_an_order_leaves_once_and_what_had_left_before_has_no_time(channel, plenty):
    seller_id = channel.seller_id
    before = placed(channel, "1", plenty, utc(11, 1, 0), entered_as="in_transit")
    orders.complete(seller_id=seller_id, order_id=before.pk, actor=SHOP, now=utc(11, 20, 0))
    order = placed(channel, "2", plenty, utc(11, 19, 0))
    orders.complete(seller_id=seller_id, order_id=order.pk, actor=SHOP, now=utc(11, 20, 0))
    orders.ask_return(seller_id=seller_id, order_id=order.pk, actor=SHOP, now=utc(11, 21, 0))
    orders.withdraw_return(seller_id=seller_id, order_id=order.pk, actor=SHOP, now=utc(11, 22, 0))

    assert list(Order.objects.order_by("remote_id").values_list("handed_over_at", flat=True)) == [
        None,
        utc(11, 20, 0),
    ]


def test_other_channels_and_other_sellers_are_not_counted(channel, plenty):
    second, day = make_channel(channel.seller, "Second"), date(2026, 11, 20)
    mine = placed(channel, "1", plenty, utc(11, 20, 12))
    placed(second, "2", plenty, utc(11, 20, 12))
    other = make_channel(make_seller("Other"))
    _leave(placed(other, "3", make_items(other.seller, A=1)["A"], utc(11, 20, 12)), utc(11, 20, 13))
    _leave(mine, utc(11, 20, 15))
    days = Days(day, day, BERLIN)

    narrow = sales(seller_id=channel.seller_id, days=days, channel_ids=[second.pk, other.pk])
    assert [(row.channel_id, row.placed) for row in narrow] == [(second.pk, 1)]
    assert pace(seller_id=channel.seller_id, days=days, weekly=False, channel_ids=[second.pk, other.pk]) == []
    assert pace(seller_id=channel.seller_id, days=days, weekly=False)[0] == Pace(None, 1, 3 * HOUR, 3 * HOUR)
