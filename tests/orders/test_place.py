from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.inventory.models import Movement, Reservation
from entrepot.orders import services as orders
from entrepot.orders.errors import LineItemNotFound, OrderInvalid, SalesChannelNotFound
from entrepot.orders.models import Order, OrderEvent, OrderLine, OrderTotal, SalesChannel
from tests.books import (
    MINA,
    NOON,
    SHOP,
    assert_books_add_up,
    draft,
    figure,
    held,
    line,
    make_channel,
    make_items,
    make_kit,
    make_seller,
    place,
    place_one,
    story,
)


def test_an_order_with_stock_for_every_line_is_new_and_holds_it(channel):
    ids = make_items(channel.seller, RED=5, BLUE=5)

    order = place_one(channel, draft("7", line(ids["RED"], 2), line(ids["BLUE"], 1, remote_id="2")))

    assert (order.status, order.version, order.hold_code) == ("new", 1, "")
    assert [figure(item_id) for item_id in ids.values()] == [(5, 2), (5, 1)]
    assert story(order) == [("order.placed", "", "new")]
    assert_books_add_up([channel.seller_id])


def test_every_word_and_amount_of_the_store_is_kept_exactly(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    choice = [{"name": "Size & fit", "value": '30"', "type": "radio", "option_id": "5", "value_id": "17"}]

    order = place_one(channel, draft("7", line(red, 2, options=choice, model="M-1")))

    assert (order.number, order.base_currency, order.currency) == ("#7", "USD", "EUR")
    assert (order.rate, order.total) == (Decimal("0.78460002"), Decimal("5.0000"))
    assert order.buyer_name == "O'Brien & Søns"
    assert order.shipping == {"name": "김서연", "city": "서울", "postcode": "03172"}
    assert order.billing is None
    assert order.placed_at == NOON
    kept = order.lines.get()
    assert (kept.quantity, kept.unit_price, kept.line_total, kept.unit_tax) == (
        2,
        Decimal("2.5000"),
        Decimal("5.0000"),
        Decimal("0.2500"),
    )
    assert kept.options == choice
    assert list(order.totals.values_list("position", "code", "title", "amount")) == [(1, "total", "Total", Decimal(5))]
    for word in ("#7", "O'Brien", "김서연", "서울", "buyer@example.com", f"sku-{red}"):
        assert word.lower() in order.search_text


def test_an_order_that_lacks_stock_is_partial_holds_what_there_is_and_says_what_is_missing(channel):
    ids = make_items(channel.seller, RED=1, BLUE=5)

    order = place_one(channel, draft("7", line(ids["RED"], 3), line(ids["BLUE"], 1, remote_id="2")))

    assert order.status == "partial"
    assert [figure(item_id) for item_id in ids.values()] == [(1, 1), (5, 1)]
    assert story(order) == [("order.placed", "", "new"), ("order.run_short", "new", "partial")]
    assert OrderEvent.objects.get(kind="order.run_short").facts == {"short": [[f"sku-{ids['RED']}", 2]]}


def test_an_order_with_an_unmatched_line_is_held_and_its_other_lines_are_reserved(channel):
    red = make_items(channel.seller, RED=5)["RED"]

    order = place_one(channel, draft("7", line(red, 2), line(None, 1, remote_id="2")))

    assert (order.status, order.hold_code, order.held_from) == ("on_hold", "unmapped_sku", "new")
    assert figure(red) == (5, 2)
    assert story(order)[-1] == ("order.hold", "new", "on_hold")


def test_placing_an_order_again_changes_nothing_and_names_the_first(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    first = place(channel, draft("7", line(red, 2)))[0]

    again = place(channel, draft("7", line(red, 4), remote_version=9))[0]

    assert (again.order_id, again.created, again.status) == (first.order_id, False, "new")
    assert figure(red) == (5, 2)
    assert OrderLine.objects.get().quantity == 2


def test_a_page_answers_every_draft_in_its_order_new_known_and_repeated(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    known = place(channel, draft("2", line(red)))[0]

    page = place(channel, *(draft(remote_id, line(red)) for remote_id in ("3", "2", "1", "3")))

    assert [one.remote_id for one in page] == ["3", "2", "1", "3"]
    assert [one.created for one in page] == [True, False, True, True]
    assert page[1].order_id == known.order_id
    assert page[0].order_id == page[3].order_id
    assert figure(red) == (5, 3)


def test_in_one_page_the_oldest_order_is_served_first(channel):
    red = make_items(channel.seller, RED=2)["RED"]

    page = place(channel, draft("late", line(red, 2), minute=9), draft("early", line(red, 2), minute=1))

    assert [(one.remote_id, one.status) for one in page] == [("late", "partial"), ("early", "new")]


def test_the_same_remote_id_in_two_stores_is_two_orders(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    other = make_channel(channel.seller, "Hat shop")

    assert place(channel, draft("7", line(red)))[0].order_id != place(other, draft("7", line(red)))[0].order_id


def test_a_kit_on_a_line_holds_its_parts(channel):
    ids = make_items(channel.seller, RED=5, BLUE=5)
    kit = make_kit(channel.seller, "PAIR", {ids["RED"]: 2, ids["BLUE"]: 1})

    order = place_one(channel, draft("7", line(kit, 2)))

    assert order.status == "new"
    assert [figure(ids[sku]) for sku in ("RED", "BLUE")] == [(5, 4), (5, 2)]


def test_a_kit_whose_part_is_missing_makes_the_order_partial(channel):
    ids = make_items(channel.seller, RED=3, BLUE=5)
    kit = make_kit(channel.seller, "PAIR", {ids["RED"]: 2, ids["BLUE"]: 1})

    order = place_one(channel, draft("7", line(kit, 2)))

    assert order.status == "partial"
    assert OrderEvent.objects.get(kind="order.run_short").facts == {"short": [[f"sku-{kit}", 1]]}


def test_an_order_that_had_left_before_we_came_holds_nothing(channel):
    red = make_items(channel.seller, RED=5)["RED"]

    page = place(
        channel,
        draft("1", line(red, 2), line(None, 1, remote_id="2"), entered_as="complete"),
        draft("2", line(red, 2), entered_as="canceled"),
    )

    assert [one.status for one in page] == ["complete", "canceled"]
    assert figure(red) == (5, 0)
    lines = OrderLine.objects.order_by("order__remote_id", "position")
    assert list(lines.values_list("shipped", "canceled")) == [(2, 0), (1, 0), (0, 2)]


def test_units_the_store_had_taken_before_the_opening_stock_are_put_on_hand_and_held(channel):
    """The shop showed 5 and had an open order of 2: seven lie on the shelf, five can be sold."""
    red = make_items(channel.seller, RED=5)["RED"]

    page = place(channel, draft("1", line(red, 2), taken_before=True), draft("2", line(red, 1), minute=1))

    assert [one.status for one in page] == ["new", "new"]
    assert figure(red) == (7, 3)
    assert_books_add_up([channel.seller_id])


def test_an_order_without_lines_is_new(channel):
    assert place_one(channel, draft("7")).status == "new"


def test_a_line_of_nothing_wants_nothing(channel):
    red = make_items(channel.seller, RED=0)["RED"]
    assert place_one(channel, draft("7", line(red, 0))).status == "new"


def test_text_longer_than_our_columns_and_nul_bytes_are_cut_not_refused(channel):
    red = make_items(channel.seller, RED=5)["RED"]

    order = place_one(
        channel, draft("7", line(red, name="n" * 900, options=[{"a": "x\x00y"}]), buyer_name="b\x00" * 300)
    )

    assert (len(order.buyer_name), len(order.lines.get().name)) == (200, 500)
    assert order.lines.get().options == [{"a": "xy"}]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"remote_id": ""}, "Its id in the store is empty or too long."),
        ({"currency": "EURO"}, "Its currency is not a three-letter code."),
        ({"placed_at": datetime(2026, 11, 22)}, "Its time has no time zone."),  # noqa: DTZ001 - that is the point
        ({"entered_as": "new"}, "It cannot begin as “new”."),
        ({"total": Decimal("NaN")}, "An amount is not a number that can be kept."),
        ({"total": Decimal(10) ** 16}, "An amount is not a number that can be kept."),
        ({"lines": [line(None, -1)]}, "The quantity -1 of sku-None is not possible."),
    ],
)
def test_what_cannot_be_an_order_is_refused_by_name_and_the_page_with_it(channel, words, reason):
    red = make_items(channel.seller, RED=5)["RED"]
    bad = draft(words.pop("remote_id", "bad"), **words)

    with pytest.raises(OrderInvalid) as refusal:
        place(channel, draft("good", line(red)), bad)

    assert refusal.value.fields["reason"] == reason
    assert Order.objects.count() == 0
    assert figure(red) == (5, 0)


def test_another_sellers_channel_and_items_are_not_there(channel):
    other = make_channel(make_seller("Busan Boots"))
    red = make_items(channel.seller, RED=5)["RED"]

    with pytest.raises(SalesChannelNotFound):
        orders.place_orders(
            seller_id=other.seller_id, sales_channel_id=channel.pk, drafts=[draft("7")], actor=SHOP, now=NOON
        )
    with pytest.raises(LineItemNotFound):
        place(other, draft("7", line(red)))

    assert Order.objects.count() == 0
    assert figure(red) == (5, 0)


def _queries(channel: SalesChannel, count: int, prefix: str, items: list[int]) -> int:
    page = [draft(f"{prefix}{n}", *(line(item, remote_id=str(item)) for item in items), minute=n) for n in range(count)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        place(channel, *page)
    return len(asked)


def test_fifty_orders_cost_as_many_queries_as_two(channel):
    items = list(make_items(channel.seller, RED=30, BLUE=1000, GREEN=1000).values())

    few = _queries(channel, 2, "few", items)
    many = _queries(channel, 50, "many", items)  # some of them run short

    assert Order.objects.filter(status="partial").exists()
    assert few + 2 == many  # the two statements that move the Partial ones and tell why
    assert many <= 16


def test_the_ledger_names_the_line_for_every_reservation(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    order = place_one(channel, draft("7", line(red, 2)))

    step = Movement.objects.get(kind="reservation")

    assert (step.reference, step.reserved_delta, step.reserved_after, step.actor_label) == (
        f"line:{order.lines.get().pk}",
        2,
        2,
        "Seoul Socks",
    )
    assert Reservation.objects.get().reference == step.reference
    assert held(order) == 2
    assert OrderTotal.objects.count() == 1
    assert MINA.label == "Mina"
