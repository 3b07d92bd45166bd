"""What stands behind a hold is not forgotten by putting a part back."""

import pytest

from entrepot.orders import services as orders
from entrepot.orders.errors import JoinNotPossible
from entrepot.orders.models import Order
from tests.books import MINA, assert_books_add_up, draft, line, make_channel, make_items, make_seller, place_one, status


@pytest.fixture
def halves(db: None) -> tuple[Order, Order]:
    channel = make_channel(make_seller())
    ids = make_items(channel.seller, RED=5, BLUE=5)
    root = place_one(channel, draft("7", line(ids["RED"], 2), line(ids["BLUE"], 1, remote_id="2")))
    blue = root.lines.get(item_id=ids["BLUE"]).pk
    return root, orders.split_order(seller_id=root.seller_id, order_id=root.pk, lines={blue: 1}, actor=MINA)


@pytest.mark.parametrize("code", ["person", "cancel_asked_partly"])
def test_a_part_that_is_held_for_a_decision_is_not_put_back_and_the_hold_forgotten(
    halves: tuple[Order, Order], code: str
) -> None:
    root, part = halves
    orders.hold(seller_id=root.seller_id, order_id=part.pk, code=code, actor=MINA)

    with pytest.raises(JoinNotPossible):
        orders.join_order(seller_id=root.seller_id, order_id=part.pk, actor=MINA)

    assert (status(root), status(part), part.lines.count()) == ("new", "on_hold", 1)
    assert_books_add_up([root.seller_id])


def test_a_part_goes_back_into_an_order_that_is_held_and_stays_so(halves: tuple[Order, Order]) -> None:
    root, part = halves
    orders.hold(seller_id=root.seller_id, order_id=root.pk, code="person", actor=MINA)

    orders.join_order(seller_id=root.seller_id, order_id=part.pk, actor=MINA)

    assert (status(root), status(part), root.lines.count()) == ("on_hold", "canceled", 2)
    assert_books_add_up([root.seller_id])
