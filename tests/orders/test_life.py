"""Moves of one order: what each does to the status, the story and the stock, and what it refuses."""

from collections.abc import Callable

import pytest

from entrepot.inventory import services as inventory
from entrepot.inventory.errors import BelowZero, StockIsReserved
from entrepot.orders import services as orders
from entrepot.orders.errors import (
    HoldReasonMissing,
    LineAlreadyMatched,
    LineItemNotFound,
    LinesUnmatched,
    MoveNotPossible,
    NoteEmpty,
    OrderNotFound,
    PackedStockMissing,
    ReturnInvalid,
    TooLateToCancel,
)
from entrepot.orders.models import Order, OrderEvent, OrderNote, SalesChannel
from tests.books import (
    MINA,
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
    status,
    story,
)


@pytest.fixture
def red(channel: SalesChannel) -> int:
    return make_items(channel.seller, RED=5)["RED"]


@pytest.fixture
def order(channel: SalesChannel, red: int) -> Order:
    return place_one(channel, draft("7", line(red, 2)))


def do(verb: Callable[..., object], order: Order, *, actor=MINA, **words: object) -> object:
    return verb(seller_id=order.seller_id, order_id=order.pk, actor=actor, **words)


def test_the_whole_way_from_new_to_complete_takes_the_stock_off_the_shelf_once(order, red):
    assert do(orders.release_to_warehouse, order) is True
    assert do(orders.mark_ready, order) is True
    assert figure(red) == (5, 2)
    assert do(orders.hand_over, order) is True
    assert figure(red) == (3, 0)
    assert do(orders.complete, order) is True

    assert figure(red) == (3, 0)
    assert order.lines.get().shipped == 2
    assert story(order) == [
        ("order.placed", "", "new"),
        ("order.release", "new", "rfp"),
        ("order.pack", "rfp", "ready_to_ship"),
        ("order.hand_over", "ready_to_ship", "in_transit"),
        ("order.complete", "in_transit", "complete"),
    ]
    assert Order.objects.get().version == 5
    assert_books_add_up([order.seller_id])


@pytest.mark.parametrize("verb", [orders.release_to_warehouse, orders.mark_ready, orders.hand_over, orders.complete])
def test_a_step_told_twice_is_taken_once(order, verb):
    for step in (orders.release_to_warehouse, orders.mark_ready, orders.hand_over, orders.complete):
        do(step, order)
        if step is verb:
            break
    before = story(order)

    assert do(verb, order) is False
    assert story(order) == before


def test_a_person_cannot_skip_a_step_and_nothing_changes(order, red):
    for verb in (orders.mark_ready, orders.hand_over, orders.complete, orders.recall):
        with pytest.raises(MoveNotPossible):
            do(verb, order)
    assert (status(order), figure(red), len(story(order))) == ("new", (5, 2), 1)


def test_a_store_may_report_what_its_owner_did_there(channel, red):
    packed, shipped, done = (place_one(channel, draft(str(n), line(red))) for n in range(3))

    do(orders.mark_ready, packed, actor=SHOP)
    do(orders.hand_over, shipped, actor=SHOP)
    do(orders.complete, done, actor=SHOP)

    assert [status(one) for one in (packed, shipped, done)] == ["ready_to_ship", "in_transit", "complete"]
    assert figure(red) == (3, 1)
    assert story(done)[-1] == ("order.completed_in_store", "new", "complete")


def test_a_store_cannot_report_an_order_shipped_that_lacks_stock(channel, red):
    short = place_one(channel, draft("8", line(red, 9)))
    with pytest.raises(MoveNotPossible) as refusal:
        do(orders.hand_over, short, actor=SHOP)
    assert refusal.value.fields == {"move": "shipped_in_store", "status": "Partial", "order_id": short.pk}
    assert (status(short), figure(red)) == ("partial", (5, 5))


@pytest.mark.parametrize("steps", [[], [orders.release_to_warehouse], [orders.ask_cancel], [orders.cancel_by_seller]])
def test_a_cancel_before_packing_releases_what_the_order_held(order, red, steps):
    for step in steps:
        do(step, order)
    assert figure(red) == (5, 2)

    assert do(orders.cancel_by_buyer, order, actor=SHOP, reason="changed my mind") is True

    assert figure(red) == (5, 0)
    assert held(order) == 0
    assert status(order) == ("seller_canceled" if steps == [orders.cancel_by_seller] else "canceled")
    assert OrderEvent.objects.latest("id").facts == {"reason": "changed my mind"}
    assert do(orders.cancel_by_buyer, order, actor=SHOP) is False
    assert_books_add_up([order.seller_id])


@pytest.mark.parametrize("verb", [orders.cancel_by_buyer, orders.ask_cancel, orders.cancel_by_seller])
@pytest.mark.parametrize("last", [orders.mark_ready, orders.hand_over, orders.complete])
def test_a_packed_order_is_not_canceled_and_nothing_changes(order, red, verb, last):
    for step in (orders.release_to_warehouse, orders.mark_ready, orders.hand_over, orders.complete):
        do(step, order)
        if step is last:
            break
    before = status(order), figure(red), story(order)

    with pytest.raises(TooLateToCancel):
        do(verb, order)

    assert (status(order), figure(red), story(order)) == before


def test_a_cancel_by_the_seller_waits_for_the_store_and_holds_the_stock_till_then(order, red):
    do(orders.cancel_by_seller, order, reason="broken")
    assert (status(order), figure(red)) == ("seller_cancel_in_process", (5, 2))

    do(orders.confirm_seller_cancel, order, actor=SHOP)
    assert (status(order), figure(red)) == ("seller_canceled", (5, 0))


def test_a_confirmation_nobody_asked_for_is_refused(order, red):
    with pytest.raises(MoveNotPossible):
        do(orders.confirm_seller_cancel, order, actor=SHOP)
    assert (status(order), figure(red)) == ("new", (5, 2))


def test_a_withdrawn_cancellation_brings_the_order_back(order):
    do(orders.ask_cancel, order)
    assert do(orders.keep, order) == "new"
    do(orders.hold, order, code="person")
    do(orders.cancel_by_seller, order)
    assert do(orders.keep, order) == "on_hold"
    assert Order.objects.get().hold_code == "person"


def test_an_unpaid_order_gives_its_stock_back(order, red):
    do(orders.cancel_unpaid, order, actor=SHOP)
    assert (status(order), figure(red)) == ("unpaid_canceled", (5, 0))


def test_a_canceled_order_put_back_to_work_takes_stock_again_as_far_as_there_is(channel, order, red):
    do(orders.cancel_by_buyer, order)
    place(channel, draft("8", line(red, 4)))

    assert do(orders.reopen, order, actor=SHOP) == "partial"

    assert figure(red) == (5, 5)
    assert held(order) == 1


def test_an_order_entered_as_canceled_can_be_reopened(channel, red):
    old = place_one(channel, draft("8", line(red, 2), entered_as="canceled"))
    assert do(orders.reopen, old, actor=SHOP) == "new"
    assert figure(red) == (5, 2)


def test_a_held_order_keeps_its_stock_and_goes_on_where_it_was(order, red):
    do(orders.release_to_warehouse, order)
    assert do(orders.hold, order, code="address_incomplete", reason="no street") is True
    assert do(orders.hold, order, code="address_incomplete") is False
    kept = Order.objects.get()
    assert (kept.status, kept.hold_code, kept.held_from) == ("on_hold", "address_incomplete", "rfp")
    assert figure(red) == (5, 2)

    assert do(orders.unhold, order) == "rfp"
    kept = Order.objects.get()
    assert (kept.hold_code, kept.held_from) == ("", "")


def test_a_hold_needs_a_reason(order):
    with pytest.raises(HoldReasonMissing):
        do(orders.hold, order, code=" ")
    assert status(order) == "new"


def test_a_held_order_may_be_held_for_another_reason(order):
    do(orders.hold, order, code="person")
    assert do(orders.hold, order, code="unmapped_status") is True
    assert Order.objects.get().hold_code == "unmapped_status"
    assert story(order)[-1] == ("order.hold_renamed", "on_hold", "on_hold")


def test_an_order_that_is_not_held_cannot_be_unheld(order):
    with pytest.raises(MoveNotPossible):
        do(orders.unhold, order)


def test_lines_matched_later_are_reserved_and_the_order_goes_on(channel, red):
    blue = make_items(channel.seller, BLUE=1)["BLUE"]
    first = place_one(channel, draft("1", line(red), line(None, 1, remote_id="2")))
    second = place_one(channel, draft("2", line(None, 1), minute=1))
    with pytest.raises(LinesUnmatched) as refusal:
        do(orders.unhold, first)
    assert refusal.value.fields["count"] == 1
    lines = {one.pk: blue for order in (second, first) for one in order.lines.filter(item=None)}

    went_on = orders.match_lines(seller_id=channel.seller_id, item_by_line=lines, actor=MINA)

    assert went_on == [first.pk, second.pk]
    assert [status(first), status(second)] == ["new", "partial"]  # the older one got the only unit
    assert figure(blue) == (1, 1)
    with pytest.raises(LineAlreadyMatched):
        orders.match_lines(seller_id=channel.seller_id, item_by_line=dict.fromkeys(lines, red), actor=MINA)
    assert_books_add_up([channel.seller_id])


def test_an_order_held_for_another_reason_stays_held_when_its_lines_are_matched(channel, red):
    order = place_one(channel, draft("1", line(None)))
    do(orders.hold, order, code="person")

    lines = {order.lines.get().pk: red}
    assert orders.match_lines(seller_id=channel.seller_id, item_by_line=lines, actor=MINA) == []

    assert (status(order), figure(red)) == ("on_hold", (5, 1))
    assert do(orders.unhold, order) == "new"


def test_lines_are_not_matched_to_another_sellers_items(channel, red):
    order = place_one(channel, draft("1", line(None)))
    boots = make_items(make_seller("Busan Boots"), BOOT=1)["BOOT"]
    with pytest.raises(LineItemNotFound):
        orders.match_lines(seller_id=channel.seller_id, item_by_line={order.lines.get().pk: boots}, actor=MINA)
    assert order.lines.get().item_id is None


def test_stock_that_arrives_goes_to_the_oldest_order_first(channel, red):
    late, early = (place_one(channel, draft(str(n), line(red, 4), minute=9 - n)) for n in range(2))
    assert [status(late), status(early)] == ["new", "partial"]
    inventory.receive(seller_id=channel.seller_id, item_id=red, quantity=2, actor=MINA)

    assert orders.fill_waiting(seller_id=channel.seller_id, item_ids=[red], actor=MINA) == 0
    assert held(early) == 3
    inventory.receive(seller_id=channel.seller_id, item_id=red, quantity=9, actor=MINA)
    assert orders.fill_waiting(seller_id=channel.seller_id, item_ids=None, actor=MINA) == 1

    assert status(early) == "new"
    assert orders.fill_waiting(seller_id=channel.seller_id, item_ids=None, actor=MINA) == 0


def test_goods_taken_in_found_or_counted_go_to_those_who_wait_at_once(channel, red, django_capture_on_commit_callbacks):
    words = {"seller_id": channel.seller_id, "item_id": red, "actor": MINA}
    waiting = [place_one(channel, draft(str(n), line(red, 5 if n == 0 else 1), minute=n)) for n in range(4)]
    assert [status(one) for one in waiting] == ["new", "partial", "partial", "partial"]

    with django_capture_on_commit_callbacks(execute=True):
        assert orders.receive_stock(quantity=1, **words) == 6
        assert orders.adjust_stock(delta=1, reason="found", **words) == 7
        assert orders.count_stock(on_hand=8, reason="count", **words) == 1

    assert [status(one) for one in waiting] == ["new"] * 4
    assert figure(red) == (8, 8)
    with pytest.raises(StockIsReserved):
        orders.count_stock(on_hand=7, reason="count", **words)


def test_the_tick_serves_every_seller_whose_orders_wait(channel, red):
    mine = place_one(channel, draft("1", line(red, 6)))
    other = make_channel(make_seller("Busan Boots"))
    boots = make_items(other.seller, BOOT=0)["BOOT"]
    theirs = place_one(other, draft("1", line(boots)))
    inventory.receive(seller_id=channel.seller_id, item_id=red, quantity=1, actor=MINA)
    inventory.receive(seller_id=other.seller_id, item_id=boots, quantity=1, actor=MINA)

    assert orders.fill_all_waiting(actor=MINA) == {channel.seller_id: 1, other.seller_id: 1}
    assert orders.fill_all_waiting(actor=MINA) == {}
    assert [status(mine), status(theirs)] == ["new", "new"]


def test_an_order_being_canceled_gives_back_before_older_ones_and_stays_as_it_is(channel, red):
    older = place_one(channel, draft("1", line(red, 2)))
    leaving = place_one(channel, draft("2", line(red, 2), minute=1))
    do(orders.cancel_by_seller, leaving)

    orders.recount(seller_id=channel.seller_id, item_id=red, on_hand=2, reason="count", actor=MINA)

    assert [status(older), status(leaving)] == ["new", "seller_cancel_in_process"]
    assert [held(older), held(leaving)] == [2, 0]
    assert do(orders.keep, leaving) == "partial"


def test_a_kit_that_waits_is_filled_when_its_part_arrives(channel, red):
    kit = make_kit(channel.seller, "TRIO", {red: 3})
    order = place_one(channel, draft("1", line(kit, 2)))
    assert (status(order), figure(red)) == ("partial", (5, 5))
    inventory.receive(seller_id=channel.seller_id, item_id=red, quantity=1, actor=MINA)

    assert orders.fill_waiting(seller_id=channel.seller_id, item_ids=[red], actor=MINA) == 1
    assert figure(red) == (6, 6)


def test_a_cancel_serves_those_who_wait_as_soon_as_it_is_committed(
    channel, order, red, django_capture_on_commit_callbacks
):
    waiting = place_one(channel, draft("8", line(red, 5), minute=1))
    assert status(waiting) == "partial"

    with django_capture_on_commit_callbacks(execute=True):
        do(orders.cancel_by_buyer, order)

    assert status(waiting) == "new"
    assert figure(red) == (5, 5)


def test_a_return_puts_the_good_units_back_on_the_shelf(channel, red):
    order = place_one(channel, draft("8", line(red, 3)))
    do(orders.complete, order, actor=SHOP)
    do(orders.ask_return, order, reason="too small")
    line_id = order.lines.get().pk
    with pytest.raises(ReturnInvalid):
        do(orders.take_return, order, good={line_id: 4})
    assert figure(red) == (2, 0)

    do(orders.take_return, order, good={line_id: 2}, reason="one is torn")

    assert (status(order), figure(red)) == ("returned", (4, 0))
    assert_books_add_up([channel.seller_id])


def test_a_withdrawn_return_leaves_the_order_complete(order):
    do(orders.complete, order, actor=SHOP)
    do(orders.ask_return, order)
    do(orders.withdraw_return, order)
    assert status(order) == "complete"


def test_a_count_below_what_is_promised_takes_back_from_the_newest_orders_first(channel, red):
    old, middle, new = (place_one(channel, draft(str(n), line(red, n), minute=n)) for n in (1, 2, 3))
    inventory.receive(seller_id=channel.seller_id, item_id=red, quantity=1, actor=MINA)
    orders.fill_waiting(seller_id=channel.seller_id, item_ids=[red], actor=MINA)

    answer = orders.recount(seller_id=channel.seller_id, item_id=red, on_hand=2, reason="found 2", actor=MINA)

    assert (answer.difference, answer.order_ids) == (-4, [middle.pk, new.pk])
    assert [status(one) for one in (old, middle, new)] == ["new", "partial", "partial"]
    assert [held(one) for one in (old, middle, new)] == [1, 1, 0]
    assert figure(red) == (2, 2)
    assert story(new)[-1] == ("order.run_short", "new", "partial")
    assert_books_add_up([channel.seller_id])


def test_a_count_never_takes_from_packed_parcels(channel, order, red):
    do(orders.mark_ready, order, actor=SHOP)
    newer = place_one(channel, draft("8", line(red, 3), minute=5))

    with pytest.raises(PackedStockMissing) as refusal:
        orders.recount(seller_id=channel.seller_id, item_id=red, on_hand=1, reason="count", actor=MINA)
    assert refusal.value.fields == {"packed": 2, "on_hand": 1}
    assert (status(newer), figure(red)) == ("new", (5, 5))

    orders.recount(seller_id=channel.seller_id, item_id=red, on_hand=2, reason="count", actor=MINA)
    assert [status(order), status(newer)] == ["ready_to_ship", "partial"]
    assert figure(red) == (2, 2)


def test_a_held_order_that_gives_back_stays_held_and_is_partial_afterwards(channel, order, red):
    do(orders.hold, order, code="person")
    orders.recount(seller_id=channel.seller_id, item_id=red, on_hand=0, reason="fire", actor=MINA)
    kept = Order.objects.get()
    assert (kept.status, kept.held_from) == ("on_hold", "partial")
    assert do(orders.unhold, order) == "partial"


def test_a_count_above_what_is_promised_is_an_ordinary_count(channel, order, red):
    answer = orders.recount(seller_id=channel.seller_id, item_id=red, on_hand=9, reason="count", actor=MINA)
    assert (answer.difference, list(answer.order_ids)) == (4, [])
    assert (status(order), figure(red)) == ("new", (9, 2))
    with pytest.raises(BelowZero):
        orders.recount(seller_id=channel.seller_id, item_id=red, on_hand=-1, reason="count", actor=MINA)
    assert (status(order), figure(red)) == ("new", (9, 2))


def test_notes_and_tags_are_kept(order):
    do(orders.note, order, text="  call first ")
    with pytest.raises(NoteEmpty):
        do(orders.note, order, text="  ")
    words = {"seller_id": order.seller_id, "order_ids": [order.pk], "actor": MINA}
    assert orders.tag(**words, add=["gift", "fragile"]) == 1
    assert orders.tag(**words, add=["gift"]) == 0
    assert orders.tag(**words, remove=["gift"]) == 1

    assert list(OrderNote.objects.values_list("author", "text")) == [("Mina", "call first")]
    assert Order.objects.get().tags == ["fragile"]


def test_what_the_store_showed_last_is_remembered_and_an_older_copy_is_not(order):
    seen = orders.seen_remote
    words = {"seller_id": order.seller_id, "order_id": order.pk, "actor": SHOP}
    assert seen(**words, remote_status_id="5", remote_version=9) is True
    assert seen(**words, remote_status_id="2", remote_version=8) is False
    kept = Order.objects.get()
    assert (kept.remote_status_id, kept.remote_version) == ("5", 9)


def test_no_verb_finds_another_sellers_order(order, red):
    stranger = make_seller("Busan Boots").pk
    verbs = [
        (orders.cancel_by_buyer, {}),
        (orders.ask_cancel, {}),
        (orders.cancel_by_seller, {}),
        (orders.confirm_seller_cancel, {}),
        (orders.cancel_unpaid, {}),
        (orders.keep, {}),
        (orders.reopen, {}),
        (orders.hold, {"code": "person"}),
        (orders.unhold, {}),
        (orders.release_to_warehouse, {}),
        (orders.recall, {}),
        (orders.mark_ready, {}),
        (orders.hand_over, {}),
        (orders.complete, {}),
        (orders.ask_return, {}),
        (orders.withdraw_return, {}),
        (orders.take_return, {"good": {}}),
        (orders.note, {"text": "x"}),
        (orders.amend_order, {"draft": draft("7", line(None))}),
    ]
    for verb, words in verbs:
        with pytest.raises(OrderNotFound):
            verb(seller_id=stranger, order_id=order.pk, actor=MINA, **words)
    assert orders.tag(seller_id=stranger, order_ids=[order.pk], add=["x"], actor=MINA) == 0
    assert orders.match_lines(seller_id=stranger, item_by_line={}, actor=MINA) == []
    assert (status(order), figure(red), len(story(order))) == ("new", (5, 2), 1)
