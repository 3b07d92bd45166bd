"""A mall and the desk: paid late, held, packed, asked to cancel before and after, sent back, exchanged."""

import pytest

from entrepot.channels.errors import ClaimDecided, ReasonForBuyerMissing, StillPacked
from entrepot.channels.models import IncomingOrder, Problem, StatusDebt
from entrepot.channels.services import claims
from entrepot.channels.services.mapping import match_order_line
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.errors import ChannelError, NotFound
from entrepot.orders import services as orders
from entrepot.orders.errors import CancellationUndecided, MoveNotPossible
from entrepot.orders.models import Order, OrderClaim, OrderEvent
from tests.books import assert_books_add_up
from tests.roads.mall import CJ, Place, connect_mall, mall_with
from tests.roads.rig import MINA, Road


@pytest.fixture
def place(road: Road) -> Place:
    return connect_mall(road, mall_with(RED=5, BLUE=5))


def bought(place: Place, *wanted: tuple[str, int], **words: object) -> str:
    order_id = place.buy(*(wanted or (("RED", 2), ("BLUE", 1))), **words)
    place.read(order_id)
    return order_id


def who(place: Place, order_id: str) -> dict[str, object]:
    return {"seller_id": place.store.seller_id, "order_id": place.order(order_id).pk, "actor": MINA}


def packed(place: Place, order_id: str, number: str = "601-1") -> Shipment:
    orders.release_to_warehouse(**who(place, order_id))
    return fulfilment.pack(carrier=CJ, carrier_name="CJ", tracking_number=number, **who(place, order_id))


def line_ids(place: Place, order_id: str) -> dict[str, int]:
    return {line.sku: line.pk for line in place.order(order_id).lines.all()}


def counts(place: Place, order_id: str) -> list[tuple[str, int, int, int, int]]:
    rows = place.order(order_id).lines.order_by("position")
    return [(one.sku, one.quantity, one.canceled, one.shipped, one.returned) for one in rows]


def kinds(place: Place, order_id: str) -> list[str]:
    return list(OrderEvent.objects.filter(order=place.order(order_id)).order_by("id").values_list("kind", flat=True))


# --------------------------------------------------------------------------- in


def test_an_order_read_again_unchanged_costs_nothing(place: Place) -> None:
    order_id = bought(place)
    report = place.read(order_id)
    assert (report.seen, report.kept, report.entered.followed) == (1, 0, 0)


def test_an_unpaid_order_is_held_with_its_stock_and_goes_on_when_it_is_paid(road: Road, place: Place) -> None:
    order_id = bought(place, paid=False, method="cash")
    order = place.order(order_id)
    assert (order.status, order.hold_code, road.reserved("RED")) == ("on_hold", "awaiting_payment", 2)
    assert place.problems() == []

    place.mall.pay(order_id)
    place.read(order_id)

    assert (place.order(order_id).status, road.reserved("RED")) == ("new", 2)


def test_an_order_never_paid_is_canceled_before_payment_and_its_stock_is_free(road: Road, place: Place) -> None:
    order_id = bought(place, paid=False, method="cash")
    place.mall.cancel_unpaid(order_id, by="timer")
    place.read(order_id)

    assert (place.order(order_id).status, road.reserved("RED")) == ("unpaid_canceled", 0)
    assert place.problems() == []


def test_an_unpaid_order_with_an_unknown_article_waits_for_the_money_only_once_it_is_matched(
    road: Road, place: Place
) -> None:
    place.mall.add_product("GREEN", "10000", quantity=5, codes=["GREEN"], product_no=9)
    order_id = bought(place, ("GREEN", 2), paid=False, method="cash")
    assert (place.order(order_id).hold_code, place.problems()) == ("awaiting_payment", ["unmapped_sku"])

    line = place.order(order_id).lines.get()
    match_order_line(seller_id=road.seller.pk, line_id=line.pk, item_id=road.item("RED").pk, actor=MINA)
    assert (place.order(order_id).hold_code, place.problems()) == ("awaiting_payment", [])
    assert road.reserved("RED") == 2

    place.mall.pay(order_id)
    place.read(order_id)
    assert (place.order(order_id).status, place.problems()) == ("new", [])


def test_an_order_held_in_the_mall_is_on_hold_until_it_is_released_there(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.hold(order_id)
    place.read(order_id)
    assert (place.order(order_id).status, place.order(order_id).hold_code) == ("on_hold", "held_in_store")

    place.mall.unhold(order_id)
    place.read(order_id)
    assert (place.order(order_id).status, road.reserved("RED")) == ("new", 2)


def test_a_state_nobody_has_heard_of_is_a_problem_and_the_order_waits(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.set_item_state(order_id, "N77")
    place.read(order_id)

    assert (place.order(order_id).status, place.order(order_id).hold_code) == ("on_hold", "unmapped_status")
    assert (place.problems(), road.reserved("RED")) == (["unmapped_status"], 2)


def test_an_order_shipped_in_the_malls_admin_has_left_with_its_parcel(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.ship_in_admin(order_id)
    place.read(order_id)

    parcel = place.order(order_id).shipments.get()
    assert (place.order(order_id).status, parcel.state, parcel.remote_id != "") == ("in_transit", "handed_over", True)
    assert road.on_hand("RED") == 3
    assert place.tell().told == 0

    place.mall.deliver(order_id)
    place.read(order_id)
    assert (place.order(order_id).status, place.order(order_id).shipments.get().state) == ("complete", "delivered")


# --------------------------------------------------------------------------- out


def test_a_packed_order_waits_in_the_mall_with_its_number_and_goes_its_way(road: Road, place: Place) -> None:
    order_id = bought(place)
    parcel = packed(place, order_id)

    assert place.tell().told == 1
    assert place.states(order_id) == ["N21", "N21"]
    parcel.refresh_from_db()
    assert (parcel.remote_id != "", parcel.told_version) == (True, 1)
    assert place.tell().told == 0

    place.read(order_id)
    assert place.debts() == [("parcel", True, True)]
    assert Shipment.objects.count() == 1

    fulfilment.hand_over(**who(place, order_id))
    place.tell()
    assert place.states(order_id) == ["N30", "N30"]
    fulfilment.deliver(**who(place, order_id))
    place.tell()
    place.read(order_id)

    assert place.states(order_id) == ["N40", "N40"]
    assert place.debts() == [("parcel", True, True)] * 3
    assert (place.order(order_id).status, Shipment.objects.get().state) == ("complete", "delivered")
    assert (place.asked("POST /orders/"), road.on_hand("RED"), place.problems()) == (1, 3, [])
    assert_books_add_up([road.seller.pk])


def test_an_order_handed_over_before_the_mall_heard_of_the_parcel_is_told_once(place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    fulfilment.hand_over(**who(place, order_id))

    assert place.tell().told == 1
    assert place.states(order_id) == ["N30", "N30"]
    assert [debt for debt in place.debts() if not debt[1]] == []


def test_a_parcel_without_a_number_waits_with_a_problem_until_it_has_one(place: Place) -> None:
    order_id = bought(place)
    parcel = packed(place, order_id, number="")

    for _ in range(2):
        assert place.tell().told == 0
    assert (place.states(order_id), place.problems()) == (["N20", "N20"], ["tracking_missing"])
    assert place.debts() == [("parcel", False, False)]
    assert Problem.objects.get().occurrences == 1

    fulfilment.set_tracking(
        seller_id=place.store.seller_id,
        shipment_id=parcel.pk,
        carrier=CJ,
        carrier_name="CJ",
        tracking_number="601-2",
        actor=MINA,
    )
    assert place.tell().told == 1
    assert (place.states(order_id), place.problems()) == (["N21", "N21"], [])
    assert [debt[1] for debt in place.debts()] == [True, True]


def test_a_corrected_number_is_told_and_stays_one_parcel(place: Place) -> None:
    order_id = bought(place)
    parcel = packed(place, order_id)
    place.tell()
    words = {"carrier": CJ, "carrier_name": "CJ", "tracking_number": "601-9", "actor": MINA}
    fulfilment.set_tracking(seller_id=place.store.seller_id, shipment_id=parcel.pk, **words)

    assert place.tell().told == 1
    place.read(order_id)

    assert {item.tracking_no for item in place.mall.orders.find(order_id).items} == {"601-9"}
    assert (Shipment.objects.count(), Shipment.objects.get().tracking_number) == (1, "601-9")


def test_a_parcel_whose_answer_was_lost_is_told_again_under_the_same_key_and_is_one(place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    place.server.faults.add("lost", resource="POST shipments", times=1)
    with pytest.raises(ChannelError):
        place.tell()
    key = StatusDebt.objects.get().key

    assert place.tell().told == 1

    assert StatusDebt.objects.get().key == key
    assert (place.asked("POST /orders/"), place.states(order_id)) == (1, ["N21", "N21"])
    assert len(place.mall.order(order_id)["items"]) == 2


def test_a_lost_answer_that_the_next_reading_makes_good_needs_no_second_telling(place: Place) -> None:
    order_id = bought(place)
    parcel = packed(place, order_id)
    place.server.faults.add("lost", resource="POST shipments", times=1)
    with pytest.raises(ChannelError):
        place.tell()

    place.read(order_id)
    parcel.refresh_from_db()
    assert (parcel.told_version, parcel.remote_id != "") == (1, True)

    assert place.tell().told == 0
    assert (place.asked("POST /orders/"), [debt[1] for debt in place.debts()]) == (1, [True])


def test_orders_moved_along_by_the_api_get_a_parcel_that_waits_for_its_number(place: Place) -> None:
    order_id = bought(place)
    orders.release_to_warehouse(**who(place, order_id))
    orders.mark_ready(**who(place, order_id))
    place.tell()
    assert (Shipment.objects.get().state, place.problems()) == ("packed", ["tracking_missing"])


def test_goods_picked_up_at_the_shop_need_no_number(place: Place) -> None:
    order_id = bought(place, ("RED", 1), store_pickup=True)
    assert place.order(order_id).pickup is True
    packed(place, order_id, number="")
    place.tell()
    assert place.problems() == []


def test_a_cancellation_by_the_seller_is_canceled_in_the_mall(road: Road, place: Place) -> None:
    order_id = bought(place)
    cancel_in_store(reason="품절", **who(place, order_id))
    place.tell()
    place.read(order_id)

    assert (place.states(order_id), place.order(order_id).status) == (["C40", "C40"], "seller_canceled")
    assert (road.reserved("RED"), place.debts()) == (0, [("cancel", True, True)])


# --------------------------------------------------------------------------- the buyer asks to cancel


def test_a_wish_to_cancel_before_packing_waits_for_a_decision_and_keeps_the_stock(road: Road, place: Place) -> None:
    order_id = bought(place)
    orders.release_to_warehouse(**who(place, order_id))
    place.mall.request_cancel(order_id)
    place.read(order_id)

    assert (place.order(order_id).status, road.reserved("RED")) == ("cancel_in_process", 2)
    assert place.problems() == ["cancel_asked"]
    assert OrderClaim.objects.get().state == "asked"
    with pytest.raises(MoveNotPossible):
        fulfilment.pack(**who(place, order_id))


def test_a_wish_accepted_is_canceled_in_the_mall_and_here(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.request_cancel(order_id)
    place.read(order_id)

    assert claims.accept_cancel(**who(place, order_id)) == 1
    assert claims.accept_cancel(**who(place, order_id)) == 1
    assert place.debts() == [("claim", False, False)]
    place.tell()
    assert place.announced() == [order_id]
    place.look()

    assert (place.states(order_id), place.order(order_id).status) == (["C40", "C40"], "canceled")
    assert (road.reserved("RED"), place.problems(), place.debts()) == (0, [], [("claim", True, True)])
    assert_books_add_up([road.seller.pk])


def test_a_wish_refused_lets_the_order_go_on(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.request_cancel(order_id)
    place.read(order_id)
    with pytest.raises(ReasonForBuyerMissing):
        claims.refuse_cancel(reason=" ", **who(place, order_id))

    claims.refuse_cancel(reason="이미 제작되었습니다", **who(place, order_id))
    place.tell()

    assert (place.order(order_id).status, place.problems()) == ("new", [])
    place.look()
    assert (place.order(order_id).status, road.reserved("RED"), place.states(order_id)) == ("new", 2, ["C11", "C11"])
    assert OrderClaim.objects.get().state == "refused"
    with pytest.raises(ClaimDecided):
        claims.refuse_cancel(reason="again", **who(place, order_id))


def test_a_wish_taken_back_by_the_buyer_lets_the_order_go_on(place: Place) -> None:
    order_id = bought(place)
    place.mall.request_cancel(order_id)
    place.read(order_id)
    place.mall.withdraw_wish(order_id)
    place.read(order_id)

    assert (place.order(order_id).status, place.problems()) == ("new", [])


def test_a_wish_after_packing_stops_the_parcel(road: Road, place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    place.tell()
    place.mall.request_cancel(order_id)
    place.read(order_id)

    order = place.order(order_id)
    assert (order.status, order.hold_code, order.held_from) == ("on_hold", "cancel_after_packing", "ready_to_ship")
    assert (place.problems(), road.reserved("RED")) == (["cancel_after_packing"], 2)
    for verb in (fulfilment.hand_over, orders.hand_over):
        with pytest.raises(MoveNotPossible):
            verb(**who(place, order_id))
    with pytest.raises(CancellationUndecided):
        orders.unhold(**who(place, order_id))
    with pytest.raises(StillPacked):
        claims.accept_cancel(**who(place, order_id))
    assert place.debts() == [("parcel", True, False)]


def test_refusing_it_sends_the_parcel_on_its_way(road: Road, place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    place.tell()
    place.mall.request_cancel(order_id)
    place.read(order_id)

    claims.refuse_and_go_on(reason="이미 포장되었습니다", **who(place, order_id))
    assert place.order(order_id).status == "on_hold"
    place.tell()
    assert (place.order(order_id).status, place.problems()) == ("ready_to_ship", [])
    place.look()
    assert (place.order(order_id).status, place.states(order_id)) == ("ready_to_ship", ["C11", "C11"])

    fulfilment.hand_over(**who(place, order_id))
    place.tell()
    assert (place.states(order_id), road.on_hand("RED")) == (["N30", "N30"], 3)
    assert len(Shipment.objects.all()) == 1


def test_unpacking_cancels_it_in_the_mall_and_puts_the_goods_on_sale(road: Road, place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    place.tell()
    place.mall.request_cancel(order_id)
    place.read(order_id)

    assert claims.unpack_and_cancel(**who(place, order_id)) == "cancel_in_process"
    place.tell()
    place.look()

    assert (place.order(order_id).status, place.states(order_id)) == ("canceled", ["C40", "C40"])
    assert (road.reserved("RED"), place.problems()) == (0, [])
    assert Shipment.objects.get().state == "void"
    place.push()
    assert (place.shows("RED"), place.shows("BLUE")) == (5, 5)
    assert_books_add_up([road.seller.pk])


def test_a_wish_that_comes_while_the_parcel_is_on_its_way_to_the_mall_wins_and_nothing_is_sent(
    road: Road, place: Place
) -> None:
    """The mall knows of the wish first, so it refuses the parcel; the parcel is stopped and told when it may go."""
    order_id = bought(place)
    packed(place, order_id)
    place.mall.request_cancel(order_id)

    report = place.tell()
    assert (report.told, report.refused, place.states(order_id)) == (0, 1, ["C00", "C00"])
    assert (place.problems(), place.announced()) == (["status_refused"], [order_id])
    place.look()
    assert (place.order(order_id).hold_code, place.order(order_id).status) == ("cancel_after_packing", "on_hold")

    StatusDebt.objects.update(next_try_at=None)
    assert (place.tell().refused, place.states(order_id)) == (0, ["C00", "C00"])
    assert place.problems() == ["cancel_after_packing"]

    claims.refuse_and_go_on(reason="이미 포장되었습니다", **who(place, order_id))
    place.tell()
    assert (place.order(order_id).status, place.states(order_id)) == ("ready_to_ship", ["N21", "N21"])
    assert (place.problems(), road.reserved("RED"), Shipment.objects.count()) == ([], 2, 1)


def test_an_order_canceled_in_the_mall_while_it_is_packed_is_stopped(road: Road, place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    place.mall.accept_cancel(order_id)
    place.read(order_id)

    assert (place.order(order_id).status, place.order(order_id).hold_code) == ("on_hold", "canceled_after_packing")
    assert (place.problems(), road.reserved("RED")) == (["canceled_after_packing"], 2)

    assert claims.unpack_and_cancel(**who(place, order_id)) == "canceled"
    assert (road.reserved("RED"), place.tell().told) == (0, 0)


def test_a_cancellation_after_it_has_left_is_a_problem_and_moves_nothing(road: Road, place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    fulfilment.hand_over(**who(place, order_id))
    place.mall.accept_cancel(order_id)
    place.read(order_id)

    assert (place.order(order_id).status, place.problems()) == ("in_transit", ["canceled_too_late"])
    assert road.on_hand("RED") == 3


# --------------------------------------------------------------------------- a part of it


def test_a_wish_about_one_line_holds_the_order_and_reduces_it_when_it_is_done(road: Road, place: Place) -> None:
    order_id = bought(place)
    red, _ = place.items(order_id)
    place.mall.request_cancel(order_id, [red])
    place.read(order_id)
    assert (place.order(order_id).status, place.order(order_id).hold_code) == ("on_hold", "cancel_asked_partly")
    assert (place.problems(), road.reserved("RED")) == (["cancel_asked_partly"], 2)

    claims.accept_cancel(**who(place, order_id))
    place.tell()
    place.look()

    assert counts(place, order_id) == [("RED", 2, 2, 0, 0), ("BLUE", 1, 0, 0, 0)]
    assert (place.order(order_id).status, road.reserved("RED"), road.reserved("BLUE")) == ("new", 0, 1)
    assert place.problems() == []


def test_one_piece_of_a_line_canceled_is_a_line_of_its_own(road: Road, place: Place) -> None:
    order_id = bought(place)
    red, _ = place.items(order_id)
    place.mall.accept_cancel(order_id, [(red, 1)])
    place.read(order_id)

    assert sorted(counts(place, order_id)) == [("BLUE", 1, 0, 0, 0), ("RED", 1, 0, 0, 0), ("RED", 1, 1, 0, 0)]
    assert (place.order(order_id).status, road.reserved("RED")) == ("new", 1)
    assert_books_add_up([road.seller.pk])


def test_a_line_canceled_after_packing_stops_the_parcel_and_unpacking_takes_it_out(road: Road, place: Place) -> None:
    order_id = bought(place)
    packed(place, order_id)
    place.tell()
    red, _ = place.items(order_id)
    place.mall.accept_cancel(order_id, [red])
    place.read(order_id)
    assert place.order(order_id).hold_code == "lines_canceled_after_packing"
    assert place.problems() == ["lines_canceled_after_packing"]

    asked = sum(place.server.counters.requests.values())
    claims.unpack(**who(place, order_id))

    assert sum(place.server.counters.requests.values()) == asked
    assert counts(place, order_id) == [("RED", 2, 2, 0, 0), ("BLUE", 1, 0, 0, 0)]
    assert (place.order(order_id).status, road.reserved("RED"), place.problems()) == ("rfp", 0, [])


def test_a_line_sent_ahead_in_the_mall_lets_its_stock_leave(road: Road, place: Place) -> None:
    order_id = bought(place)
    red, _ = place.items(order_id)
    place.mall.ship_in_admin(order_id, items=[red])
    place.read(order_id)

    assert (place.order(order_id).status, counts(place, order_id)) == (
        "new",
        [("RED", 2, 0, 2, 0), ("BLUE", 1, 0, 0, 0)],
    )
    assert (road.on_hand("RED"), road.reserved("BLUE")) == (3, 1)

    packed(place, order_id, number="601-7")
    place.tell()
    assert sorted(place.states(order_id)) == ["N21", "N30"]
    assert_books_add_up([road.seller.pk])


# --------------------------------------------------------------------------- what comes back


def returned(place: Place, **words: object) -> str:
    """Bought, delivered, and asked to be sent back."""
    order_id = bought(place)
    place.mall.ship_in_admin(order_id)
    place.mall.deliver(order_id)
    place.read(order_id)
    place.mall.request_return(order_id, **words)
    place.read(order_id)
    return order_id


def test_a_return_is_received_here_and_told_and_over_when_the_mall_has_paid_back(road: Road, place: Place) -> None:
    order_id = returned(place)
    assert (place.order(order_id).status, road.on_hand("RED")) == ("return_in_process", 3)
    lines = line_ids(place, order_id)

    status = claims.receive_return(lines={lines["RED"]: (1, 1), lines["BLUE"]: (1, 0)}, **who(place, order_id))
    assert (status, road.on_hand("RED"), road.on_hand("BLUE")) == ("returned", 4, 5)
    place.tell()
    assert set(place.states(order_id)) == {"R31"}
    place.look()

    claim = OrderClaim.objects.get()
    place.mall.move_return(claim.remote_id, "returned")
    place.read(order_id)
    claim.refresh_from_db()
    assert (place.order(order_id).status, claim.state, place.problems()) == ("returned", "done", [])
    assert road.on_hand("RED") == 4
    assert_books_add_up([road.seller.pk])


def test_a_part_sent_back_leaves_the_rest_complete(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.ship_in_admin(order_id)
    place.mall.deliver(order_id)
    place.read(order_id)
    red, _ = place.items(order_id)
    place.mall.request_return(order_id, [(red, 1)])
    place.read(order_id)
    assert place.order(order_id).status == "return_in_process"
    assert place.problems() == []

    asked = place.order(order_id).claims.get().lines[0][0]
    line = place.order(order_id).lines.get(remote_id=asked)
    assert claims.receive_return(lines={line.pk: (1, 0)}, **who(place, order_id)) == "complete"
    place.tell()
    place.look()
    place.read(order_id)

    assert (place.order(order_id).status, road.on_hand("RED")) == ("complete", 4)
    assert place.problems() == []


def test_a_return_refused_leaves_the_order_complete(place: Place) -> None:
    order_id = returned(place)
    claim = OrderClaim.objects.get()
    claims.answer_claim(
        seller_id=place.store.seller_id, claim_id=claim.pk, deed="refuse", reason="기간 초과", actor=MINA
    )
    place.tell()
    assert place.order(order_id).status == "complete"
    place.look()
    assert (place.order(order_id).status, place.problems()) == ("complete", [])


def test_a_return_the_mall_has_ended_waits_until_somebody_has_counted(road: Road, place: Place) -> None:
    order_id = returned(place)
    place.mall.accept_return(order_id, status="returned")
    place.read(order_id)
    assert (place.order(order_id).status, place.problems()) == ("return_in_process", ["return_to_count"])
    lines = line_ids(place, order_id)

    claims.receive_return(lines={lines["RED"]: (2, 0), lines["BLUE"]: (0, 1)}, **who(place, order_id))
    assert (place.order(order_id).status, road.on_hand("RED"), road.on_hand("BLUE")) == ("returned", 5, 4)
    assert place.tell().told == 0


def test_an_exchange_is_a_claim_on_the_old_line_and_an_order_of_its_own(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.ship_in_admin(order_id)
    place.mall.deliver(order_id)
    place.read(order_id)
    red, _ = place.items(order_id)
    place.mall.exchange(order_id, [(red, 2)])
    place.read(order_id)

    assert place.order(order_id).status == "return_in_process"
    assert OrderClaim.objects.get().kind == "exchange"
    replacement = Order.objects.get(follows=order_id)
    assert (replacement.status, [one.quantity for one in replacement.lines.all()]) == ("new", [2])
    assert (road.on_hand("RED"), road.reserved("RED")) == (3, 2)

    line = place.order(order_id).lines.get(remote_id=red)
    assert claims.receive_return(lines={line.pk: (2, 0)}, **who(place, order_id)) == "complete"
    assert road.on_hand("RED") == 5
    assert_books_add_up([road.seller.pk])


# --------------------------------------------------------------------------- the first import


def test_orders_older_than_our_books_enter_in_every_state_and_move_no_stock(road: Road) -> None:
    mall = mall_with(RED=50)
    place_before = [(mall.products[1].variants[0].variant_code, 1)]
    made = {name: mall.place_order(place_before) for name in ("new", "held", "transit", "done", "canceled", "asked")}
    made |= {name: mall.place_order(place_before) for name in ("return_asked", "returned", "exchanged")}
    made["unpaid"] = mall.place_order(place_before, paid=False, method="cash")
    made["unpaid_canceled"] = mall.place_order(place_before, paid=False, method="cash")
    mall.hold(made["held"])
    for name in ("transit", "done", "return_asked", "returned", "exchanged"):
        mall.ship_in_admin(made[name])
    for name in ("done", "return_asked", "returned", "exchanged"):
        mall.deliver(made[name])
    mall.accept_cancel(made["canceled"])
    mall.request_cancel(made["asked"])
    mall.request_return(made["return_asked"])
    mall.accept_return(made["returned"], status="returned")
    mall.exchange(made["exchanged"], status="exchanged")
    mall.cancel_unpaid(made["unpaid_canceled"])
    shown = mall.stock(place_before[0][0])

    place = connect_mall(road, mall)

    found = {name: (place.order(order_id).status, place.order(order_id).hold_code) for name, order_id in made.items()}
    assert found == {
        "new": ("new", ""),
        "held": ("on_hold", "held_in_store"),
        "transit": ("in_transit", ""),
        "done": ("complete", ""),
        "canceled": ("canceled", ""),
        "asked": ("cancel_in_process", ""),
        "return_asked": ("return_in_process", ""),
        "returned": ("returned", ""),
        "exchanged": ("complete", ""),
        "unpaid": ("on_hold", "awaiting_payment"),
        "unpaid_canceled": ("unpaid_canceled", ""),
    }
    assert road.available("RED") == shown
    assert IncomingOrder.objects.exclude(state="entered").count() == 0
    assert place.problems() == ["cancel_asked"]
    assert place.tell().told == 0
    assert_books_add_up([road.seller.pk])


# --------------------------------------------------------------------------- malls are not all alike


def test_a_mall_that_prepares_products_first_is_prepared_on_the_way(road: Road) -> None:
    mall = mall_with(RED=5, BLUE=5)
    mall.settings.use_product_prepare_status = True
    place = connect_mall(road, mall)
    order_id = bought(place)
    assert (place.states(order_id), place.order(order_id).status) == (["N10", "N10"], "new")

    packed(place, order_id)
    place.tell()

    assert place.states(order_id) == ["N21", "N21"]


def test_two_receivers_are_two_orders_with_a_parcel_each_and_the_money_once(road: Road, place: Place) -> None:
    people = [{"name": "김서연", "address1": "서울"}, {"name": "박민준", "address1": "부산"}]
    codes = place.code("RED"), place.code("BLUE")
    order_id = str(place.mall.place_order([(codes[0], 2, 0), (codes[1], 1, 1)], receivers=people))
    place.read(order_id)

    first, second = Order.objects.order_by("number")
    assert (first.remote_id, second.follows, second.number) == (order_id, order_id, f"{order_id}-2")
    assert [one.lines.get().sku for one in (first, second)] == ["RED", "BLUE"]
    assert (road.reserved("RED"), road.reserved("BLUE")) == (2, 1)

    for one, number in ((first, "601-1"), (second, "601-2")):
        orders.release_to_warehouse(seller_id=road.seller.pk, order_id=one.pk, actor=MINA)
        fulfilment.pack(seller_id=road.seller.pk, order_id=one.pk, carrier=CJ, tracking_number=number, actor=MINA)
        place.tell()
    assert {item.tracking_no for item in place.mall.orders.find(order_id).items} == {"601-1", "601-2"}
    place.read(order_id)
    assert Shipment.objects.count() == 2
    assert {debt[1:] for debt in place.debts()} == {(True, True)}


def test_a_part_canceled_by_the_seller_leaves_the_other_receivers_goods_alone(road: Road, place: Place) -> None:
    people = [{"name": "김서연", "address1": "서울"}, {"name": "박민준", "address1": "부산"}]
    codes = place.code("RED"), place.code("BLUE")
    order_id = str(place.mall.place_order([(codes[0], 2, 0), (codes[1], 1, 1)], receivers=people))
    place.read(order_id)
    second = Order.objects.get(follows=order_id)

    cancel_in_store(seller_id=road.seller.pk, order_id=second.pk, actor=MINA)
    place.tell()
    place.read(order_id)

    assert sorted(place.states(order_id)) == ["C40", "N20"]
    second.refresh_from_db()
    assert (second.status, place.order(order_id).status) == ("seller_canceled", "new")
    assert (road.reserved("RED"), road.reserved("BLUE")) == (2, 0)


def test_a_wish_with_a_code_from_the_start_and_a_refusal_that_does_not_show_end_alike(place: Place) -> None:
    place.mall.orders.switches.request_has_claim_code = True
    place.mall.orders.switches.refused_shows = False
    order_id = bought(place)
    packed(place, order_id)
    place.tell()
    place.mall.request_cancel(order_id)
    place.read(order_id)
    claims.refuse_and_go_on(reason="이미 포장되었습니다", **who(place, order_id))
    place.tell()
    place.look()
    assert (place.order(order_id).status, place.states(order_id), place.problems()) == (
        "ready_to_ship",
        ["N21", "N21"],
        [],
    )


def test_a_claim_on_some_pieces_that_is_not_taken_apart_holds_the_order(road: Road, place: Place) -> None:
    place.mall.orders.switches.split_partial_claims = False
    order_id = bought(place)
    red, _ = place.items(order_id)
    place.mall.request_cancel(order_id, [(red, 1)])
    place.read(order_id)
    assert (place.order(order_id).hold_code, road.reserved("RED")) == ("cancel_asked_partly", 2)
    assert OrderClaim.objects.get().lines == [[red, 1]]


def test_another_sellers_wishes_are_nobodys_business(place: Place) -> None:
    order_id = bought(place)
    place.mall.request_cancel(order_id)
    place.read(order_id)
    stranger = who(place, order_id) | {"seller_id": place.store.seller_id + 1}
    for verb, words in (
        (claims.accept_cancel, {}),
        (claims.refuse_cancel, {"reason": "no"}),
        (claims.refuse_and_go_on, {"reason": "no"}),
        (claims.unpack, {}),
        (claims.unpack_and_cancel, {}),
        (claims.receive_return, {"lines": {}}),
    ):
        with pytest.raises(NotFound):
            verb(**stranger, **words)
    with pytest.raises(NotFound):
        claims.answer_claim(
            seller_id=place.store.seller_id + 1, claim_id=OrderClaim.objects.get().pk, deed="accept", actor=MINA
        )
    assert (place.order(order_id).status, place.debts()) == ("cancel_in_process", [])


def test_an_answer_the_mall_refuses_is_a_problem_until_the_wish_is_over(place: Place) -> None:
    order_id = bought(place)
    place.mall.request_cancel(order_id)
    place.read(order_id)
    claims.accept_cancel(**who(place, order_id))
    place.mall.withdraw_wish(order_id)

    assert place.tell().refused == 1
    assert (place.problems(), place.announced()) == (["cancel_asked", "claim_refused"], [order_id])
    place.look()
    StatusDebt.objects.update(next_try_at=None)
    place.tell()

    assert (place.order(order_id).status, place.problems()) == ("new", [])
    assert [debt[1] for debt in place.debts()] == [True]


def test_an_answer_that_was_lost_is_given_once(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.mall.request_cancel(order_id)
    place.read(order_id)
    claims.accept_cancel(**who(place, order_id))
    place.server.faults.add("lost", resource="POST cancellation", times=1)
    with pytest.raises(ChannelError):
        place.tell()
    place.tell()
    place.look()

    assert (place.states(order_id), place.order(order_id).status) == (["C40", "C40"], "canceled")
    assert (place.asked("POST /orders/"), road.reserved("RED")) == (1, 0)
    place.push()
    assert place.shows("RED") == 5
