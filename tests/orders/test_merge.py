"""Orders of one buyer to one address share a parcel: who may, who may not, and why."""

from typing import Any

import pytest

from entrepot.inventory import services as inventory
from entrepot.orders import groups
from entrepot.orders import services as orders
from entrepot.orders.errors import OrderNotFound
from entrepot.orders.merge_errors import (
    MergedPacked,
    MergeElsewhere,
    MergeNotOpen,
    MergeOtherAddress,
    MergeOtherBuyer,
    MergePickup,
    MergeTooFew,
    MergeUnknownBuyer,
    NotMerged,
)
from entrepot.orders.models import Order, PackGroup, SalesChannel
from tests.books import MINA, SHOP, draft, line, make_channel, make_items, make_seller, place_one, status, story

HOME = {
    "name": "김서연",
    "country_code": "KR",
    "postcode": "03172",
    "city": "서울",
    "line1": "세종대로 1",
    "line2": "101동 2호",
}


def bought(channel: SalesChannel, remote_id: str, item_id: int, quantity: int = 1, **words: Any) -> Order:
    facts = {"buyer_name": "김서연", "buyer_phone": "010-1234-5678", "shipping": HOME} | words
    return place_one(channel, draft(remote_id, line(item_id, quantity, remote_id=remote_id), **facts))


def merge(*members: Order) -> list[Order]:
    return orders.merge_orders(seller_id=members[0].seller_id, order_ids=[one.pk for one in members], actor=MINA)


def mates(order: Order) -> list[str]:
    return [one.number for one in groups.together(seller_id=order.seller_id, order_id=order.pk)]


@pytest.fixture
def red(channel: SalesChannel) -> int:
    return make_items(channel.seller, RED=20)["RED"]


def test_orders_of_two_stores_to_one_address_are_suggested_and_merged(channel, red):
    other = make_channel(channel.seller, "Second shop")
    one = bought(channel, "7", red)
    two = bought(
        other,
        "8",
        red,
        buyer_phone="01012345678",
        shipping=HOME | {"line1": "세종대로1", "line2": "101동  2호", "phone": "1"},
    )
    bought(channel, "9", red, shipping=HOME | {"line2": "101동 3호"})

    (pair,) = groups.suggestions(seller_id=channel.seller_id).rows
    assert [row.number for row in pair] == ["#7", "#8"]
    assert [row.number for row in groups.suggested_for(seller_id=channel.seller_id, order=one)] == ["#8"]
    merge(one, two)

    assert (mates(one), mates(two), PackGroup.objects.count()) == (["#7", "#8"], ["#7", "#8"], 1)
    assert (status(one), status(two), story(two)[-1][0]) == ("new", "new", "order.merged")
    assert groups.suggestions(seller_id=channel.seller_id).rows == []
    assert groups.suggested_for(seller_id=channel.seller_id, order=Order.objects.get(pk=one.pk)) == []
    assert groups.suggestions(seller_id=channel.seller_id, channel_ids=[other.pk]).rows == []


def test_a_third_order_joins_the_two_and_one_that_leaves_two_alone_ends_the_group(channel, red):
    one, two, three = (bought(channel, name, red) for name in "789")
    merge(one, two)
    merge(two, three)
    assert mates(one) == ["#7", "#8", "#9"]

    orders.leave_group(seller_id=channel.seller_id, order_id=two.pk, actor=MINA)
    assert (mates(one), mates(two)) == (["#7", "#9"], ["#8"])
    orders.leave_group(seller_id=channel.seller_id, order_id=three.pk, actor=MINA)

    assert (mates(one), Order.objects.exclude(pack_group=None).count()) == (["#7"], 0)
    assert story(one)[-1][0] == "order.unmerged"


def test_a_canceled_order_is_in_the_parcel_no_more(channel, red):
    one, two, three = (bought(channel, name, red) for name in "789")
    merge(one, two, three)

    orders.cancel_by_buyer(seller_id=channel.seller_id, order_id=two.pk, actor=SHOP)

    assert (mates(one), mates(two)) == (["#7", "#9"], ["#8"])


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"buyer_name": "김서윤"}, MergeOtherBuyer),
        ({"buyer_phone": "010-1234-5679"}, MergeOtherBuyer),
        ({"shipping": HOME | {"line2": "101동 3호"}}, MergeOtherAddress),
        ({"shipping": HOME | {"name": "박민수"}}, MergeOtherAddress),
        ({"buyer_phone": ""}, MergeUnknownBuyer),
        ({"shipping": None}, MergeUnknownBuyer),
        ({"pickup": True}, MergePickup),
        ({"quantity": 99}, MergeNotOpen),
    ],
)
def test_what_cannot_share_a_parcel_is_refused_saying_why(channel, red, words, error):
    one, other = bought(channel, "7", red), bought(channel, "8", red, **words)

    with pytest.raises(error):
        merge(one, other)

    assert (PackGroup.objects.count(), Order.objects.exclude(pack_group=None).count()) == (0, 0)
    assert groups.suggestions(seller_id=channel.seller_id).rows == []


@pytest.mark.parametrize("state", ["held", "packed", "canceled"])
def test_an_order_that_is_held_packed_or_over_shares_no_parcel(channel, red, state):
    one, other = bought(channel, "7", red), bought(channel, "8", red)
    who = {"seller_id": channel.seller_id, "order_id": other.pk, "actor": MINA}
    if state == "held":
        orders.hold(code="person", **who)
    elif state == "packed":
        orders.release_to_warehouse(**who)
        orders.mark_ready(**who)
    else:
        orders.cancel_by_buyer(**who)

    with pytest.raises(MergeNotOpen):
        merge(one, other)

    assert PackGroup.objects.count() == 0


def test_orders_whose_goods_lie_in_different_warehouses_share_no_parcel(channel):
    ids = make_items(channel.seller, RED=1)
    busan = inventory.add_warehouse(seller_id=channel.seller_id, code="B", name="Busan", actor=MINA)
    inventory.receive(seller_id=channel.seller_id, item_id=ids["RED"], quantity=3, warehouse_id=busan.pk, actor=MINA)
    home, away = bought(channel, "7", ids["RED"]), bought(channel, "8", ids["RED"])
    same = bought(channel, "9", ids["RED"])

    with pytest.raises(MergeElsewhere):
        merge(home, away)
    merge(away, same)

    assert (mates(home), mates(away)) == (["#7"], ["#8", "#9"])


def test_one_order_or_another_sellers_is_no_group(channel, red):
    one = bought(channel, "7", red)
    stranger = make_channel(make_seller("Others"), "Other shop")
    theirs = bought(stranger, "7", make_items(stranger.seller, BLUE=5)["BLUE"])

    with pytest.raises(MergeTooFew):
        merge(one)
    with pytest.raises(OrderNotFound):
        merge(one, theirs)
    with pytest.raises(NotMerged):
        orders.leave_group(seller_id=channel.seller_id, order_id=one.pk, actor=MINA)
    with pytest.raises(OrderNotFound):
        orders.leave_group(seller_id=channel.seller_id, order_id=theirs.pk, actor=MINA)
    assert PackGroup.objects.count() == 0


def test_a_packed_order_stays_in_its_group(channel, red):
    one, two = bought(channel, "7", red), bought(channel, "8", red)
    merge(one, two)
    who = {"seller_id": channel.seller_id, "order_id": two.pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    orders.mark_ready(**who)

    with pytest.raises(MergedPacked):
        orders.leave_group(**who)

    assert mates(one) == ["#7", "#8"]


def test_suggestions_come_in_pages(channel, red):
    for number in range(5):
        for half in "ab":
            bought(channel, f"{number}{half}", red, buyer_phone=f"010-{number}", buyer_name=f"B{number}")

    first = groups.suggestions(seller_id=channel.seller_id, limit=3)
    rest = groups.suggestions(seller_id=channel.seller_id, limit=3, after=first.next or "")

    assert [[one.number for one in pair] for pair in first.rows] == [["#0a", "#0b"], ["#1a", "#1b"], ["#2a", "#2b"]]
    assert [[one.number for one in pair] for pair in rest.rows] == [["#3a", "#3b"], ["#4a", "#4b"]]
    assert rest.next is None
