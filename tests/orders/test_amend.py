"""An order edited in the store: what changes, what stays, where the stock goes."""

from decimal import Decimal

import pytest

from entrepot.orders import services as orders
from entrepot.orders.drafts import OrderDraft, TotalDraft
from entrepot.orders.errors import LineItemNotFound, OrderInvalid, TooLateToAmend
from entrepot.orders.models import Order, OrderEvent, SalesChannel
from tests.books import (
    MINA,
    SHOP,
    assert_books_add_up,
    draft,
    figure,
    held,
    line,
    make_items,
    make_seller,
    place_one,
    status,
    story,
)


@pytest.fixture
def ids(channel: SalesChannel) -> dict[str, int]:
    return make_items(channel.seller, RED=5, BLUE=5, GREEN=5)


@pytest.fixture
def order(channel: SalesChannel, ids: dict[str, int]) -> Order:
    return place_one(channel, draft("7", line(ids["RED"], 2), line(ids["BLUE"], 1, remote_id="2")))


def amend(order: Order, new: OrderDraft) -> bool:
    return orders.amend_order(seller_id=order.seller_id, order_id=order.pk, draft=new, actor=SHOP)


def test_other_quantities_and_other_goods_are_taken_in_and_the_stock_follows(order, ids):
    new = draft("7", line(ids["RED"], 4, remote_id="11"), line(ids["GREEN"], 1, remote_id="12"), remote_version=2)

    assert amend(order, new) is True

    assert [figure(item_id) for item_id in ids.values()] == [(5, 4), (5, 0), (5, 1)]
    lines = order.lines.order_by("position").values_list("position", "remote_id", "item_id", "quantity")
    assert list(lines) == [(1, "11", ids["RED"], 4), (2, "12", ids["GREEN"], 1)]
    assert status(order) == "new"
    told = OrderEvent.objects.get(kind="order.amended").facts
    assert sorted(told["lines"]) == sorted(
        [[f"sku-{ids['RED']}", 2, 4], [f"sku-{ids['GREEN']}", 0, 1], [f"sku-{ids['BLUE']}", 1, 0]]
    )
    assert told["words"] == ["total", "totals"]
    assert_books_add_up([order.seller_id])


def test_lines_renumbered_by_the_store_keep_their_reservation(order, ids):
    """An edit gives new line ids in OpenCart; the same product is the same line."""
    before = set(order.lines.values_list("pk", flat=True))

    amend(
        order, draft("7", line(ids["BLUE"], 1, remote_id="32"), line(ids["RED"], 2, remote_id="31"), remote_version=2)
    )

    assert set(order.lines.values_list("pk", flat=True)) == before
    assert held(order) == 3
    assert "order.amended" not in [kind for kind, _, _ in story(order)]


def test_an_address_and_totals_changed_in_the_store_are_taken_in(order, ids):
    new = draft(
        "7",
        line(ids["RED"], 2),
        line(ids["BLUE"], 1, remote_id="2"),
        remote_version=2,
        shipping={"name": "Ada", "city": "London"},
        total=Decimal("9.5000"),
        totals=[TotalDraft(code="total", title="Total", amount=Decimal("9.5000"))],
    )

    amend(order, new)

    kept = Order.objects.get()
    assert (kept.shipping, kept.total, kept.remote_version) == ({"name": "Ada", "city": "London"}, Decimal("9.5"), 2)
    assert "london" in kept.search_text
    assert [row.amount for row in kept.totals.all()] == [Decimal("9.5")]
    assert OrderEvent.objects.get(kind="order.amended").facts == {"words": ["total", "shipping", "totals"], "lines": []}


def test_the_same_copy_again_leaves_no_trace(order, ids):
    amend(order, draft("7", line(ids["RED"], 2), line(ids["BLUE"], 1, remote_id="2"), remote_version=2))
    assert story(order) == [("order.placed", "", "new")]


def test_an_older_copy_is_ignored(order, ids):
    amend(order, draft("7", line(ids["RED"], 1), remote_version=5))

    assert amend(order, draft("7", line(ids["RED"], 4), remote_version=4)) is False

    assert figure(ids["RED"]) == (5, 1)


def test_more_than_there_is_makes_the_order_partial_and_less_makes_it_new_again(order, ids):
    amend(order, draft("7", line(ids["RED"], 9), remote_version=2))
    assert (status(order), figure(ids["RED"])) == ("partial", (5, 5))

    amend(order, draft("7", line(ids["RED"], 5), remote_version=3))
    assert (status(order), figure(ids["RED"])) == ("new", (5, 5))


def test_what_an_edit_sets_free_goes_to_those_who_wait(channel, order, ids, django_capture_on_commit_callbacks):
    waiting = place_one(channel, draft("8", line(ids["BLUE"], 5), minute=3))
    assert status(waiting) == "partial"

    with django_capture_on_commit_callbacks(execute=True):
        amend(order, draft("7", line(ids["RED"], 2), remote_version=2))

    assert status(waiting) == "new"


def test_an_order_with_the_warehouse_comes_back_when_its_goods_change_and_stays_when_only_words_do(order, ids):
    orders.release_to_warehouse(seller_id=order.seller_id, order_id=order.pk, actor=MINA)
    lines = [line(ids["RED"], 2), line(ids["BLUE"], 1, remote_id="2")]

    amend(order, draft("7", *lines, remote_version=2, comment="ring twice"))
    assert status(order) == "rfp"

    amend(order, draft("7", lines[0], remote_version=3))
    assert status(order) == "new"


def test_a_new_line_nobody_knows_puts_the_order_on_hold_and_its_going_takes_it_off(order, ids):
    amend(order, draft("7", line(ids["RED"], 2), line(None, 1, remote_id="9"), remote_version=2))
    kept = Order.objects.get()
    assert (kept.status, kept.hold_code) == ("on_hold", "unmapped_sku")

    amend(order, draft("7", line(ids["RED"], 2), remote_version=3))
    assert status(order) == "new"


def test_a_match_made_by_a_person_is_not_undone_by_an_edit(channel, ids):
    order = place_one(channel, draft("8", line(None, 1)))
    orders.match_lines(seller_id=order.seller_id, item_by_line={order.lines.get().pk: ids["RED"]}, actor=MINA)

    amend(order, draft("8", line(None, 3), remote_version=2))

    assert order.lines.get().item_id == ids["RED"]
    assert (status(order), figure(ids["RED"])) == ("new", (5, 3))


@pytest.mark.parametrize("verb", [orders.mark_ready, orders.hand_over, orders.complete, orders.cancel_by_buyer])
def test_an_order_that_is_packed_or_over_is_not_amended_and_nothing_changes(order, ids, verb):
    verb(seller_id=order.seller_id, order_id=order.pk, actor=SHOP)
    before = status(order), [figure(item_id) for item_id in ids.values()], story(order)

    with pytest.raises(TooLateToAmend):
        amend(order, draft("7", line(ids["RED"], 1), remote_version=2))

    assert (status(order), [figure(item_id) for item_id in ids.values()], story(order)) == before
    assert order.lines.count() == 2


def test_an_edit_that_cannot_be_is_refused_and_nothing_changes(order, ids):
    boots = make_items(make_seller("Busan Boots"), BOOT=1)["BOOT"]
    with pytest.raises(LineItemNotFound):
        amend(order, draft("7", line(boots), remote_version=2))
    with pytest.raises(OrderInvalid):
        amend(order, draft("7", line(ids["RED"], -1), remote_version=2))
    assert (order.lines.count(), held(order)) == (2, 3)


def test_two_lines_of_one_product_stay_two_lines(channel, ids):
    order = place_one(channel, draft("8", line(ids["RED"], 1), line(ids["RED"], 2, remote_id="2")))
    amend(order, draft("8", line(ids["RED"], 2, remote_id="2"), line(ids["RED"], 1), remote_version=2))
    assert list(order.lines.order_by("position").values_list("remote_id", "quantity")) == [("2", 2), ("1", 1)]
    assert held(order) == 3
