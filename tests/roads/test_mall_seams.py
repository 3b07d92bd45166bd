"""Where a mall and the desk drift apart without an event: moved on there, decided there, tokens that must wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from entrepot.channels.limiter import throttle
from entrepot.channels.models import Problem, StatusDebt, Store
from entrepot.channels.registry import connector_type
from entrepot.channels.services import claims, owed
from entrepot.channels.services.announced import check_known_orders
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.channels.services.trouble import note_answer, note_trouble
from entrepot.connectors.cafe24.errors import TooManyTokens
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.roads.mall import CJ, Place, connect_mall, mall_with
from tests.roads.rig import MINA, Road


@pytest.fixture
def place(road: Road) -> Place:
    return connect_mall(road, mall_with(RED=5, BLUE=5))


def bought(place: Place, *wanted: tuple[str, int]) -> str:
    order_id = place.buy(*wanted)
    place.read(order_id)
    return order_id


def cancel(place: Place, order_id: str) -> None:
    cancel_in_store(seller_id=place.store.seller_id, order_id=place.order(order_id).pk, actor=MINA, reason="Sold out")


def try_again(place: Place) -> None:
    place.look()
    StatusDebt.objects.update(next_try_at=None)
    place.tell()


# --------------------------------------------------------------------------- moved on there


def test_an_order_that_was_prepared_there_meanwhile_is_canceled_all_the_same(road: Road, place: Place) -> None:
    place.mall.settings.use_product_prepare_status = True
    order_id = bought(place, ("RED", 2))
    cancel(place, order_id)
    place.mall.prepare(order_id)
    place.tell()
    assert (place.problems(), place.states(order_id)) == (["status_refused"], ["N20"])

    try_again(place)

    assert (place.states(order_id), place.order(order_id).status) == (["C40"], "seller_canceled")
    assert (place.problems(), road.reserved("RED")) == ([], 0)


def test_an_order_that_left_there_meanwhile_is_not_canceled_behind_the_carriers_back(place: Place) -> None:
    order_id = bought(place, ("RED", 2))
    cancel(place, order_id)
    place.mall.ship_in_admin(order_id)
    place.tell()

    try_again(place)

    assert place.states(order_id) == ["N30"]
    assert "status_refused" in place.problems()


# --------------------------------------------------------------------------- decided there


@pytest.mark.parametrize("how", ["refuse_cancel", "withdraw_wish"])
def test_a_wish_about_some_lines_that_ended_there_unheard_lets_the_order_go_on(place: Place, how: str) -> None:
    order_id = bought(place, ("RED", 1), ("BLUE", 1))
    place.mall.request_cancel(order_id, [[place.items(order_id)[0], 1]])
    place.read(order_id)
    assert (place.order(order_id).hold_code, place.problems()) == ("cancel_asked_partly", ["cancel_asked_partly"])
    getattr(place.mall, how)(order_id)

    check_known_orders(place.fresh())

    assert (place.order(order_id).status, place.problems()) == ("new", [])


# --------------------------------------------------------------------------- tokens that must wait


def blocked() -> TooManyTokens:
    return TooManyTokens(retry_after=5000, mall_id="sodammall")


def owes_a_reading(place: Place) -> bool:
    Store.objects.update(orders_due_at=timezone.now())
    return owed.owes(task="pull_orders", store_id=place.store.pk)


def test_a_shop_whose_tokens_must_wait_leaves_the_other_shops_of_the_mall_alone(place: Place) -> None:
    assert owes_a_reading(place)
    note_trouble(store=place.fresh(), error=blocked())

    store = place.fresh()
    assert store.penalty_until is None
    throttle(store, connector_type("cafe24"), lane="stock").wait()  # goes at once: nobody is paused
    assert not owes_a_reading(place)


def test_a_person_is_told_of_tokens_that_wait_and_it_is_over_with_the_first_answer(place: Place) -> None:
    now = timezone.now()
    note_trouble(store=place.fresh(), error=blocked(), now=now)
    assert place.problems() == []
    note_trouble(store=place.fresh(), error=blocked(), now=now + timedelta(minutes=6))
    problem = Problem.objects.get(store=place.store, resolved_at=None)
    assert (problem.code, problem.fields["error_code"]) == ("store_unreachable", "cafe24_too_many_tokens")

    note_answer(store=place.fresh())

    assert (place.problems(), "rests_until" in place.fresh().info) == ([], False)
    assert owes_a_reading(place)


# --------------------------------------------------------------------------- a parcel that no receiver names


@pytest.mark.parametrize("is_named", [False, True])
def test_a_second_receivers_goods_in_two_parcels_stay_the_second_receivers(place: Place, is_named: bool) -> None:
    place.mall.orders.switches.receiver_per_parcel = is_named
    people = [{"name": "김서연", "address1": "서울"}, {"name": "박민준", "address1": "부산"}]
    red, blue = place.code("RED"), place.code("BLUE")
    order_id = str(place.mall.place_order([(red, 1, 0), (red, 2, 1), (blue, 1, 1)], receivers=people))
    place.read(order_id)
    before = lines_by_order()
    second = Order.objects.get(follows=order_id)
    who: dict[str, Any] = {"seller_id": second.seller_id, "order_id": second.pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    for number, line in enumerate(second.lines.order_by("position")):
        some = {line.pk: line.quantity}
        fulfilment.pack(carrier=CJ, tracking_number=f"601-{number}", line_quantities=some, **who)
    place.tell()

    place.read(order_id)

    assert (lines_by_order(), place.problems()) == (before, [])
    assert place.states(order_id) == ["N20", "N21", "N21"]
    assert {parcel.order_id for parcel in Shipment.objects.all()} == {second.pk}
    fulfilment.hand_over(**who)
    place.tell()
    assert (place.states(order_id), place.problems()) == (["N20", "N30", "N30"], [])


def lines_by_order() -> dict[str, list[tuple[str, int]]]:
    found = Order.objects.order_by("remote_id")
    return {one.remote_id: sorted(one.lines.values_list("remote_id", "quantity")) for one in found}


# --------------------------------------------------------------------------- canceled there, the refund still to come


def canceled_before_refund(place: Place, order_id: str) -> str:
    code = str(place.mall.accept_cancel(order_id, [[place.items(order_id)[0], 1]], status="canceling"))
    place.read(order_id)
    assert place.states(order_id)[0] == "C34"
    return code


def waiting_for(place: Place, order_id: str) -> list[tuple[str, int]]:
    return [(line.sku, line.quantity - line.canceled) for line in place.order(order_id).lines.order_by("position")]


def test_the_rest_of_an_order_does_not_wait_for_the_refund_of_a_canceled_line(road: Road, place: Place) -> None:
    order_id = bought(place, ("RED", 1), ("BLUE", 1))
    canceled_before_refund(place, order_id)
    assert (place.order(order_id).status, place.problems()) == ("new", [])
    assert waiting_for(place, order_id) == [("RED", 0), ("BLUE", 1)]
    assert (road.reserved("RED"), road.reserved("BLUE")) == (0, 1)

    who: dict[str, Any] = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    fulfilment.pack(carrier=CJ, tracking_number="601-1", **who)
    place.tell()
    place.read(order_id)

    assert (place.states(order_id), place.problems()) == (["C34", "N21"], [])


def test_a_cancellation_taken_back_before_its_refund_gives_the_line_its_stock_again(road: Road, place: Place) -> None:
    order_id = bought(place, ("RED", 1), ("BLUE", 1))
    code = canceled_before_refund(place, order_id)
    place.mall.undo_claim(code)
    place.read(order_id)

    assert waiting_for(place, order_id) == [("RED", 1), ("BLUE", 1)]
    assert (road.reserved("RED"), place.order(order_id).status, place.problems()) == (1, "new", [])


def test_a_line_canceled_there_before_its_refund_stops_its_parcel_and_a_person_decides(place: Place) -> None:
    order_id = bought(place, ("RED", 1), ("BLUE", 1))
    who: dict[str, Any] = {"seller_id": place.store.seller_id, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    fulfilment.pack(carrier=CJ, tracking_number="601-1", **who)
    place.tell()
    canceled_before_refund(place, order_id)
    assert (place.order(order_id).hold_code, place.problems()) == (
        "lines_canceled_after_packing",
        ["lines_canceled_after_packing"],
    )

    claims.unpack(**who)
    place.read(order_id)

    assert (place.order(order_id).status, waiting_for(place, order_id)) == ("rfp", [("RED", 0), ("BLUE", 1)])
    assert place.problems() == []


def test_an_order_canceled_there_as_a_whole_keeps_its_stock_until_that_is_done(road: Road, place: Place) -> None:
    order_id = bought(place, ("RED", 1), ("BLUE", 1))
    place.mall.accept_cancel(order_id, status="canceling")
    place.read(order_id)
    assert (place.order(order_id).status, road.reserved("RED"), place.problems()) == ("cancel_in_process", 1, [])


# --------------------------------------------------------------------------- one line in two parcels


def test_two_parcels_of_one_line_keep_their_numbers_though_the_mall_knows_only_the_last(place: Place) -> None:
    order_id = bought(place, ("RED", 2))
    order = place.order(order_id)
    who: dict[str, Any] = {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    for number in ("601-1", "601-2"):
        some = {order.lines.get().pk: 1}
        fulfilment.pack(carrier=CJ, tracking_number=number, line_quantities=some, **who)
        place.tell()
        place.read(order_id)
    fulfilment.hand_over(**who)
    place.tell()
    place.read(order_id)

    parcels = Shipment.objects.order_by("id").values_list("tracking_number", "state")
    assert list(parcels) == [("601-1", "handed_over"), ("601-2", "handed_over")]
    assert (place.states(order_id), place.problems()) == (["N30"], [])
    assert place.tell().told == 0
