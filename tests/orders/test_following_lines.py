"""Orders whose store keeps a state for each line: parts canceled, sent ahead, taken apart, asked back."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from entrepot.fulfilment import services as fulfilment
from entrepot.inventory.models import Reservation
from entrepot.orders import services as orders
from entrepot.orders.drafts import ClaimDraft, OrderDraft
from entrepot.orders.errors import (
    CancellationUndecided,
    MoveNotPossible,
    PackedStockMissing,
    ReturnInvalid,
    TooLateToAmend,
    TooLateToCancel,
)
from entrepot.orders.models import Order, OrderClaim, OrderEvent, SalesChannel
from tests.books import MINA, SHOP, assert_books_add_up, draft, figure, held, line, make_items, place_one, status, story


@pytest.fixture
def items(channel: SalesChannel) -> dict[str, int]:
    return make_items(channel.seller, RED=5, BLUE=5)


@pytest.fixture
def order(channel: SalesChannel, items: dict[str, int]) -> Order:
    return place_one(channel, order_draft(items))


def order_draft(items: dict[str, int], red: str = "open", blue: str = "open", **words: object) -> OrderDraft:
    """Two red (`a`) and three blue (`b`), each in a state of its store."""
    lines = line(items["RED"], 2, remote_id="a", state=red), line(items["BLUE"], 3, remote_id="b", state=blue)
    return draft("7", *lines, **words)


def do(verb: Callable[..., object], order: Order, *, actor=MINA, **words: object):
    return verb(seller_id=order.seller_id, order_id=order.pk, actor=actor, **words)


def packed(order: Order) -> None:
    do(orders.release_to_warehouse, order)
    do(fulfilment.pack, order)


def delivered(order: Order) -> None:
    packed(order)
    do(fulfilment.hand_over, order)
    do(fulfilment.deliver, order)


def counts(order: Order) -> dict[str, tuple[int, int, int, int]]:
    """(quantity, canceled, shipped, returned) of each line."""
    rows = order.lines.order_by("position")
    return {one.remote_id: (one.quantity, one.canceled, one.shipped, one.returned) for one in rows}


def line_id(order: Order, remote_id: str) -> int:
    return order.lines.get(remote_id=remote_id).pk


def claim(kind: str, state: str, *lines: tuple[str, int], remote_id: str = "C1") -> ClaimDraft:
    return ClaimDraft(remote_id=remote_id, kind=kind, state=state, lines=lines)


def facts_of(order: Order, kind: str) -> dict[str, object]:
    return OrderEvent.objects.filter(order=order, kind=kind).latest("id").facts


# --------------------------------------------------------------------------- entering


def test_an_order_enters_on_hold_for_what_its_store_says_with_its_stock_set_aside(channel, items):
    unpaid = place_one(channel, order_draft(items, hold="awaiting_payment"))

    assert (unpaid.status, unpaid.hold_code, unpaid.held_from, held(unpaid)) == (
        "on_hold",
        "awaiting_payment",
        "new",
        5,
    )
    assert do(orders.hold_is_over, unpaid, codes=["held_in_store"], actor=SHOP) is False
    assert do(orders.hold_is_over, unpaid, codes=["awaiting_payment"], actor=SHOP) is True
    assert (status(unpaid), held(unpaid)) == ("new", 5)


def test_an_unpaid_order_that_lacks_stock_is_partial_once_it_is_paid(channel, items):
    short = place_one(channel, draft("8", line(items["RED"], 9), hold="awaiting_payment"))
    do(orders.hold_is_over, short, codes=["awaiting_payment"], actor=SHOP)
    assert (status(short), held(short)) == ("partial", 5)


def test_an_unpaid_order_with_an_unknown_article_waits_for_that_once_it_is_paid(channel, items):
    lines = line(items["RED"], 1, remote_id="a"), line(None, 1, remote_id="b")
    strange = place_one(channel, draft("8", *lines, hold="awaiting_payment"))
    assert strange.hold_code == "awaiting_payment"

    do(orders.hold_is_over, strange, codes=["awaiting_payment"], actor=SHOP)

    strange.refresh_from_db()
    assert (strange.status, strange.hold_code) == ("on_hold", "unmapped_sku")


def test_an_unpaid_order_never_paid_gives_its_stock_back(channel, items):
    unpaid = place_one(channel, order_draft(items, hold="awaiting_payment"))
    do(orders.cancel_unpaid, unpaid, actor=SHOP)
    assert (status(unpaid), figure(items["RED"])) == ("unpaid_canceled", (5, 0))


def test_a_canceled_line_of_a_new_order_is_never_set_aside(channel, items):
    made = place_one(channel, order_draft(items, red="canceled"))
    assert (made.status, held(made), figure(items["RED"])) == ("new", 3, (5, 0))
    assert counts(made) == {"a": (2, 2, 0, 0), "b": (3, 0, 0, 0)}


def test_a_line_that_left_before_our_books_moves_nothing_of_them(channel, items):
    made = place_one(channel, order_draft(items, red="delivered", left_before=True))
    assert (made.status, held(made), figure(items["RED"])) == ("new", 3, (5, 0))
    assert counts(made) == {"a": (2, 0, 2, 0), "b": (3, 0, 0, 0)}


@pytest.mark.parametrize(
    ("entered_as", "red", "expected"),
    [
        ("returned", "returned", (2, 0, 2, 2)),
        ("return_in_process", "delivered", (2, 0, 2, 0)),
        ("complete", "canceled", (2, 2, 0, 0)),
        ("complete", "returned", (2, 0, 2, 2)),
        ("unpaid_canceled", "canceled", (2, 2, 0, 0)),
    ],
)
def test_what_was_over_before_we_came_enters_as_it_stands_and_moves_no_stock(channel, items, entered_as, red, expected):
    made = place_one(channel, order_draft(items, red=red, entered_as=entered_as))
    assert (made.status, counts(made)["a"]) == (entered_as, expected)
    assert (figure(items["RED"]), figure(items["BLUE"])) == ((5, 0), (5, 0))


def test_a_part_of_an_order_is_found_by_the_whole_orders_number_and_by_its_market(channel, items):
    made = place_one(channel, order_draft(items, follows="20260101-0000012", origin="coupang", pickup=True))
    assert (made.follows, made.origin, made.pickup) == ("20260101-0000012", "coupang", True)
    assert " 20260101-0000012" in made.search_text
    assert " coupang" in made.search_text


# --------------------------------------------------------------------------- before it is packed


def test_a_line_canceled_before_packing_gives_its_stock_back_and_the_rest_goes_on(order, items):
    do(orders.release_to_warehouse, order)
    do(orders.amend_order, order, draft=order_draft(items, red="canceled"), actor=SHOP)

    assert (status(order), counts(order)["a"], held(order)) == ("new", (2, 2, 0, 0), 3)
    assert figure(items["RED"]) == (5, 0)
    assert facts_of(order, "order.amended")["lines"] == [[f"sku-{items['RED']}", 2, 0]]
    assert_books_add_up([order.seller_id])


def test_a_cancellation_of_a_line_that_is_undone_takes_its_stock_again(order, items):
    do(orders.amend_order, order, draft=order_draft(items, red="canceled"), actor=SHOP)
    do(orders.amend_order, order, draft=order_draft(items), actor=SHOP)
    assert (counts(order)["a"], held(order), status(order)) == ((2, 0, 0, 0), 5, "new")


def test_a_line_that_leaves_ahead_takes_its_stock_along_while_the_others_wait(order, items):
    told = do(orders.settle_lines, order, draft=order_draft(items, red="shipped"), actor=SHOP)

    assert (told.left, told.short) == ([(f"sku-{items['RED']}", 2)], [])
    assert (status(order), held(order), figure(items["RED"])) == ("new", 3, (3, 0))
    again = do(orders.settle_lines, order, draft=order_draft(items, red="shipped"), actor=SHOP)
    assert (again.left, figure(items["RED"])) == ([], (3, 0))

    do(orders.hand_over, order, actor=SHOP)
    assert (counts(order), figure(items["BLUE"])) == ({"a": (2, 0, 2, 0), "b": (3, 0, 3, 0)}, (2, 0))
    assert_books_add_up([order.seller_id])


def test_a_line_that_left_in_the_store_but_is_not_here_is_said_and_moves_nothing(channel, items):
    short = place_one(channel, draft("8", line(items["RED"], 9, remote_id="a"), line(items["BLUE"], 1, remote_id="b")))
    copy = draft("8", line(items["RED"], 9, remote_id="a", state="shipped"), line(items["BLUE"], 1, remote_id="b"))
    told = do(orders.settle_lines, short, draft=copy, actor=SHOP)

    assert (told.left, told.short) == ([], [(f"sku-{items['RED']}", 4)])
    assert (status(short), figure(items["RED"])) == ("partial", (5, 5))


# --------------------------------------------------------------------------- a parcel is stopped


def test_a_packed_order_is_stopped_keeps_its_stock_and_goes_on(order):
    packed(order)
    assert do(orders.stop, order, code="cancel_after_packing", actor=SHOP) is True
    assert do(orders.stop, order, code="cancel_after_packing", actor=SHOP) is False
    order.refresh_from_db()
    assert (order.status, order.hold_code, order.held_from, held(order)) == (
        "on_hold",
        "cancel_after_packing",
        "ready_to_ship",
        5,
    )

    assert do(orders.go_on, order, actor=SHOP) is True
    assert do(orders.go_on, order, actor=SHOP) is False
    assert status(order) == "ready_to_ship"


@pytest.mark.parametrize("verb", [orders.cancel_by_buyer, orders.ask_cancel, orders.cancel_by_seller])
def test_a_stopped_order_is_as_packed_as_before_and_cannot_be_canceled(order, items, verb):
    packed(order)
    do(orders.stop, order, code="cancel_after_packing", actor=SHOP)
    with pytest.raises(TooLateToCancel):
        do(verb, order)
    with pytest.raises(TooLateToAmend):
        do(orders.amend_order, order, draft=order_draft(items, red="canceled"), actor=SHOP)
    assert (status(order), held(order), counts(order)["a"]) == ("on_hold", 5, (2, 0, 0, 0))


def test_nobody_just_lifts_the_hold_of_a_cancellation(order):
    packed(order)
    do(orders.stop, order, code="cancel_after_packing", actor=SHOP)
    with pytest.raises(CancellationUndecided):
        do(orders.unhold, order)
    assert status(order) == "on_hold"


def test_a_person_lifts_another_hold_of_a_packed_order(order):
    packed(order)
    do(orders.stop, order, code="held_in_store", actor=SHOP)
    assert do(orders.unhold, order) == "ready_to_ship"


def test_a_count_never_takes_goods_out_of_a_stopped_parcel(order, items):
    packed(order)
    do(orders.stop, order, code="cancel_after_packing", actor=SHOP)
    with pytest.raises(PackedStockMissing):
        orders.recount(seller_id=order.seller_id, item_id=items["RED"], on_hand=0, reason="lost", actor=MINA)
    assert (figure(items["RED"]), held(order), status(order)) == ((5, 2), 5, "on_hold")


@pytest.mark.parametrize(
    ("code", "ends_as", "holds"),
    [
        ("cancel_after_packing", "cancel_in_process", 5),
        ("canceled_after_packing", "canceled", 0),
        ("cancel_asked_partly", "on_hold", 5),
        ("lines_canceled_after_packing", "on_hold", 5),
    ],
)
def test_unpacking_a_stopped_order_takes_it_where_its_wish_leads(order, items, code, ends_as, holds):
    packed(order)
    do(orders.stop, order, code=code, actor=SHOP)

    assert do(fulfilment.unpack, order) == ends_as

    assert (status(order), held(order)) == (ends_as, holds)
    assert order.shipments.get().state == "void"
    assert_books_add_up([order.seller_id])


def test_what_is_not_packed_is_neither_stopped_nor_unpacked(order):
    for verb, words in ((orders.stop, {"code": "x"}), (orders.unpack, {})):
        with pytest.raises(MoveNotPossible):
            do(verb, order, **words)
    assert (status(order), len(story(order))) == ("new", 1)


# --------------------------------------------------------------------------- packed or gone


def test_a_line_taken_apart_by_a_claim_keeps_goods_stock_and_money(order, items):
    packed(order)
    price = Decimal("2.5000")
    lines = (
        line(items["RED"], 2, remote_id="a"),
        line(items["BLUE"], 2, remote_id="b"),
        line(items["BLUE"], 1, remote_id="c"),
    )
    parts = do(orders.take_apart, order, draft=draft("7", *lines), actor=SHOP)
    fulfilment.split(seller_id=order.seller_id, order_id=order.pk, parts=parts, actor=SHOP)
    told = do(orders.settle_lines, order, draft=draft("7", *lines), actor=SHOP)

    assert parts == [(line_id(order, "b"), line_id(order, "c"), 1)]
    assert (told.edited, told.canceled_late) == (False, [])
    assert counts(order) == {"a": (2, 0, 0, 0), "b": (2, 0, 0, 0), "c": (1, 0, 0, 0)}
    assert [one.line_total for one in order.lines.order_by("position")] == [price * 2, price * 2, price]
    assert (held(order), figure(items["BLUE"])) == (5, (5, 3))
    set_aside = {row.reference: row.quantity for row in Reservation.objects.filter(item_id=items["BLUE"])}
    assert set_aside == {f"line:{line_id(order, 'b')}": 2, f"line:{line_id(order, 'c')}": 1}
    inside = order.shipments.get().lines.order_by("order_line__position")
    assert [(row.order_line.remote_id, row.quantity) for row in inside] == [("a", 2), ("b", 2), ("c", 1)]
    assert do(orders.take_apart, order, draft=draft("7", *lines), actor=SHOP) == []
    assert counts(order)["b"] == (2, 0, 0, 0)

    do(fulfilment.hand_over, order)
    assert (figure(items["BLUE"]), counts(order)["c"]) == ((2, 0), (1, 0, 1, 0))
    assert_books_add_up([order.seller_id])


def test_a_delivered_line_taken_apart_stays_delivered(order, items):
    delivered(order)
    lines = (
        line(items["RED"], 2, remote_id="a", state="delivered"),
        line(items["BLUE"], 2, remote_id="b", state="delivered"),
        line(items["BLUE"], 1, remote_id="c", state="returned"),
    )
    parts = do(orders.take_apart, order, draft=draft("7", *lines), actor=SHOP)
    assert len(parts) == 1
    assert do(orders.settle_lines, order, draft=draft("7", *lines), actor=SHOP).edited is False
    assert counts(order) == {"a": (2, 0, 2, 0), "b": (2, 0, 2, 0), "c": (1, 0, 1, 0)}


def test_a_line_that_left_ahead_and_is_taken_apart_stays_gone(order, items):
    do(orders.settle_lines, order, draft=order_draft(items, blue="shipped"), actor=SHOP)
    lines = (
        line(items["RED"], 2, remote_id="a"),
        line(items["BLUE"], 2, remote_id="b", state="shipped"),
        line(items["BLUE"], 1, remote_id="c", state="returned"),
    )
    assert len(do(orders.take_apart, order, draft=draft("7", *lines), actor=SHOP)) == 1
    do(orders.amend_order, order, draft=draft("7", *lines), actor=SHOP)

    assert counts(order) == {"a": (2, 0, 0, 0), "b": (2, 0, 2, 0), "c": (1, 0, 1, 0)}
    assert (status(order), figure(items["BLUE"]), held(order)) == ("new", (2, 0), 2)


def test_other_goods_than_were_packed_are_said_and_change_nothing(order, items):
    packed(order)
    other = draft("7", line(items["RED"], 1, remote_id="a", state="open"))
    told = do(orders.settle_lines, order, draft=other, actor=SHOP)
    assert told.edited is True
    assert (counts(order), held(order)) == ({"a": (2, 0, 0, 0), "b": (3, 0, 0, 0)}, 5)


def test_a_line_canceled_after_packing_is_said_and_changes_nothing(order, items):
    packed(order)
    told = do(orders.settle_lines, order, draft=order_draft(items, red="canceled"), actor=SHOP)
    assert told.canceled_late == [(f"sku-{items['RED']}", 2)]
    assert (counts(order)["a"], held(order)) == ((2, 0, 0, 0), 5)


# --------------------------------------------------------------------------- wishes


def test_the_same_claims_again_change_nothing(order):
    claims = [claim("cancel", "asked", ("a", 2))]
    assert len(do(orders.take_claims, order, claims=claims, actor=SHOP)) == 1
    assert do(orders.take_claims, order, claims=claims, actor=SHOP) == []
    assert [step[0] for step in story(order)] == ["order.placed", "claim.asked"]


def test_a_request_that_gets_a_code_is_the_same_wish_and_one_no_longer_named_is_withdrawn(order):
    do(orders.take_claims, order, claims=[claim("cancel", "asked", ("a", 2), remote_id="7:cancel")], actor=SHOP)
    do(orders.take_claims, order, claims=[claim("cancel", "accepted", ("a", 2), remote_id="C9")], actor=SHOP)
    assert list(order.claims.values_list("remote_id", "state")) == [("C9", "accepted")]

    do(orders.take_claims, order, claims=[], actor=SHOP)
    assert order.claims.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("before", "says", "after"),
    [
        ("accepted", "asked", "accepted"),
        ("received", "accepted", "received"),
        ("asked", "refused", "refused"),
        ("refused", "asked", "asked"),
        ("withdrawn", "accepted", "accepted"),
        ("done", "withdrawn", "done"),
    ],
)
def test_a_wish_never_goes_back_unless_it_was_over(order, before, says, after):
    do(orders.take_claims, order, claims=[claim("return", before, ("a", 1))], actor=SHOP)
    do(orders.take_claims, order, claims=[claim("return", says, ("a", 1))], actor=SHOP)
    assert order.claims.get().state == after


# --------------------------------------------------------------------------- what comes back


def test_a_return_is_counted_piece_by_piece_what_is_whole_goes_on_the_shelf(order, items):
    delivered(order)
    do(orders.ask_return, order, actor=SHOP)

    lines = {line_id(order, "a"): (1, 1), line_id(order, "b"): (3, 0)}
    assert do(orders.receive_return, order, lines=lines, reason="torn") == "returned"

    assert (figure(items["RED"]), figure(items["BLUE"])) == ((4, 0), (5, 0))
    assert counts(order) == {"a": (2, 0, 2, 2), "b": (3, 0, 3, 3)}
    red, blue = f"sku-{items['RED']}", f"sku-{items['BLUE']}"
    assert facts_of(order, "order.take_return") == {
        "restocked": [[red, 1], [blue, 3]],
        "scrapped": [[red, 1]],
        "reason": "torn",
    }
    assert_books_add_up([order.seller_id])


def test_what_stays_with_the_buyer_keeps_the_order_complete(order, items):
    delivered(order)
    do(orders.ask_return, order)
    assert do(orders.receive_return, order, lines={line_id(order, "a"): (2, 0)}) == "complete"
    assert (counts(order)["a"], figure(items["RED"])) == ((2, 0, 2, 2), (5, 0))


def test_the_order_waits_until_everything_its_store_names_is_back(order, items):
    delivered(order)
    do(orders.take_claims, order, claims=[claim("return", "accepted", ("a", 2), ("b", 1))], actor=SHOP)
    do(orders.ask_return, order, actor=SHOP)

    assert do(orders.receive_return, order, lines={line_id(order, "a"): (2, 0)}) == "return_in_process"
    assert do(orders.return_is_over, order, actor=SHOP) is False
    assert do(orders.receive_return, order, lines={line_id(order, "b"): (0, 1)}) == "complete"
    assert (figure(items["RED"]), figure(items["BLUE"])) == ((5, 0), (2, 0))


@pytest.mark.parametrize("wrong", [{"a": (3, 0)}, {"a": (1, 2)}, {"a": (-1, 2)}, {"a": (0, 0)}, {}])
def test_more_than_is_with_the_buyer_does_not_come_back_nor_does_nothing(order, items, wrong):
    delivered(order)
    do(orders.ask_return, order)
    with pytest.raises(ReturnInvalid):
        do(orders.receive_return, order, lines={line_id(order, name): pair for name, pair in wrong.items()})
    assert (status(order), counts(order)["a"], figure(items["RED"])) == ("return_in_process", (2, 0, 2, 0), (3, 0))


def test_a_return_sent_in_twice_is_counted_once(order, items):
    delivered(order)
    do(orders.take_claims, order, claims=[claim("return", "asked", ("a", 2), ("b", 3))], actor=SHOP)
    do(orders.ask_return, order)
    lines = {line_id(order, "a"): (2, 0)}
    do(orders.receive_return, order, lines=lines)
    with pytest.raises(ReturnInvalid):
        do(orders.receive_return, order, lines=lines)
    assert figure(items["RED"]) == (5, 0)


def test_a_return_withdrawn_leaves_the_order_complete(order):
    delivered(order)
    do(orders.take_claims, order, claims=[claim("return", "asked", ("a", 2))], actor=SHOP)
    do(orders.ask_return, order, actor=SHOP)
    do(orders.take_claims, order, claims=[claim("return", "withdrawn", ("a", 2))], actor=SHOP)
    assert do(orders.return_is_over, order, actor=SHOP) is True
    assert (status(order), story(order)[-1][0]) == ("complete", "order.withdraw_return")


def test_goods_that_came_back_before_our_books_are_counted_as_back_and_move_no_stock(channel, items):
    old = place_one(channel, order_draft(items, entered_as="complete"))
    do(orders.take_claims, old, claims=[claim("exchange", "done", ("a", 1))], past=True, actor=SHOP)
    assert (counts(old)["a"], figure(items["RED"])) == ((2, 0, 2, 1), (5, 0))


def test_a_settled_answer_is_written_once(order):
    do(orders.take_claims, order, claims=[claim("cancel", "asked", ("a", 2))], actor=SHOP)
    wish = OrderClaim.objects.get()
    facts = {"seller_id": order.seller_id, "claim_id": wish.pk, "actor": MINA}
    assert orders.settle_claim(state="refused", **facts) is True
    assert orders.settle_claim(state="refused", **facts) is False
    assert orders.settle_claim(state="refused", **(facts | {"seller_id": order.seller_id + 1})) is False
