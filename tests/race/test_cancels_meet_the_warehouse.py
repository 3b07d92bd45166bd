"""A cancellation meets the warehouse at every stage: whoever is first decides, and the books add up either way."""

from collections.abc import Callable

import pytest

from entrepot.inventory.models import Stock
from entrepot.orders import services as orders
from entrepot.orders.errors import MoveNotPossible, TooLateToCancel
from entrepot.orders.holds import CANCEL_AFTER_PACKING
from entrepot.orders.models import Order
from entrepot.warehouse.models import PickLine, PickList, Wave, WorkLine, WorkOrder
from entrepot.warehouse.services import hand_over, packing, picking, release
from entrepot.warehouse.work_errors import (
    ListClosed,
    ManifestEmpty,
    NothingToPick,
    NotOnThisList,
    TooManyPicked,
    WorkRecalled,
)
from tests.books import MINA, SHOP, assert_books_add_up, held, status
from tests.floor import Floor, assert_bins_add_up, make_floor, work, work_lines
from tests.race.meeting import at_once, queued_up_behind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def floor(transactional_db: None) -> Floor:
    return make_floor()


def cancel(floor: Floor, order: Order) -> Callable[[], object]:
    return lambda: orders.cancel_by_buyer(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)


def stop(floor: Floor, order: Order) -> Callable[[], object]:
    return lambda: orders.stop(seller_id=floor.seller_id, order_id=order.pk, code=CANCEL_AFTER_PACKING, actor=SHOP)


def refusals(ends: list[object]) -> set[type]:
    return {type(end) for end in ends if isinstance(end, Exception)}


def assert_all_adds_up(floor: Floor) -> None:
    assert_books_add_up([floor.seller_id])
    assert_bins_add_up([floor.seller_id])


@pytest.mark.parametrize("first", ["cancel", "wave"])
def test_a_cancel_meets_the_making_of_a_wave(floor, first):
    order = floor.order("1", ("RED", 2))
    deeds = [cancel(floor, order), floor.wave]

    ends = at_once(deeds if first == "cancel" else deeds[::-1])
    release.follow_all(actor=MINA)

    assert refusals(ends) <= {NothingToPick}
    assert (status(order), work(order).state, held(order)) == ("canceled", "recalled", 0)
    assert not PickLine.objects.exists()
    assert not PickList.objects.filter(state__in=["open", "picking"]).exists()
    assert_all_adds_up(floor)


def test_a_cancel_that_was_first_leaves_the_picker_nothing(floor):
    """The picker has read the list and waits for the order; when it is free, it is canceled."""
    order = floor.order("1", ("RED", 2))
    wave = floor.wave()

    ends = queued_up_behind(cancel(floor, order), [lambda: floor.pick(wave, "A-1", "RED", 2)], keep=True)

    assert refusals(ends) == {WorkRecalled}
    assert (status(order), work_lines(order)) == ("canceled", [("RED", 2, 0, 0, 0)])
    assert "STAGING" not in floor.lying()
    assert_all_adds_up(floor)


def test_a_pick_that_was_first_is_put_back_if_it_was_a_part_and_keeps_the_order_if_it_was_all(floor):
    part, whole = floor.order("1", ("RED", 2)), floor.order("2", ("BLUE", 2))
    wave = floor.wave()

    after_part = queued_up_behind(lambda: floor.pick(wave, "A-1", "RED", 1), [cancel(floor, part)], keep=True)
    after_whole = queued_up_behind(lambda: floor.pick(wave, "A-2", "BLUE", 2), [cancel(floor, whole)], keep=True)
    release.follow_all(actor=MINA)

    assert (after_part, status(part)) == ([True], "canceled")
    assert work_lines(part) == [("RED", 2, 1, 0, 0)]
    assert (refusals(after_whole), status(whole)) == ({TooLateToCancel}, "ready_to_ship")
    assert_all_adds_up(floor)


def test_two_pickers_at_the_last_piece_take_it_once(floor):
    order = floor.order("1", ("RED", 1))
    wave = floor.wave()

    ends = at_once([lambda: floor.pick(wave, "A-1", "RED", 1)] * 6)

    assert sum(isinstance(end, picking.Scan) for end in ends) == 1
    assert refusals(ends) <= {ListClosed, NotOnThisList, TooManyPicked, WorkRecalled}
    assert (status(order), floor.lying()["STAGING"]) == ("ready_to_ship", {"RED": 1})
    assert_all_adds_up(floor)


def test_two_pickers_with_the_last_two_lines_finish_list_wave_and_order(floor):
    order = floor.order("1", ("RED", 1), ("GREEN", 1))
    other = floor.order("2", ("BLUE", 1))
    wave = floor.wave("zone")
    first, second = PickList.objects.order_by("pk")

    def take(pick_list: PickList, place: str, item: str) -> picking.Scan:
        return picking.pick(
            seller_id=floor.seller_id, pick_list_id=pick_list.pk, bin_code=place, item_code=item, actor=MINA
        )

    ends = at_once(
        [
            lambda: take(first, "A-1", "RED"),
            lambda: take(second, "B-1", "GREEN"),
            lambda: take(first, "A-2", "BLUE"),
        ]
    )

    assert refusals(ends) == set()
    assert (status(order), status(other)) == ("ready_to_ship", "ready_to_ship")
    assert Wave.objects.get(pk=wave.pk).state == "done"
    assert set(PickList.objects.values_list("state", flat=True)) == {"done"}


def test_of_two_pickers_with_the_last_two_lines_the_second_sees_what_the_first_did(floor):
    """The second comes while the first has picked and not committed; who closes the list must wait for that."""
    for number, sku in enumerate(("RED", "BLUE", "GREEN")):
        floor.order(str(number), (sku, 1), minute=number)
    wave = floor.wave()
    floor.pick(wave, "A-1", "RED")

    ends = queued_up_behind(
        lambda: floor.pick(wave, "A-2", "BLUE"), [lambda: floor.pick(wave, "B-1", "GREEN")], keep=True
    )

    assert refusals(ends) == set()
    assert (PickList.objects.get().state, Wave.objects.get(pk=wave.pk).state) == ("done", "done")


def test_two_waves_made_at_once_share_no_order_and_no_piece(floor):
    for number in range(6):
        floor.order(str(number), ("RED", 1), minute=number)

    ends = at_once([lambda: floor.wave(limit=4)] * 3)

    assert refusals(ends) <= {NothingToPick}
    assert sorted(PickLine.objects.values_list("work_line__work__number", flat=True)) == [f"#{n}" for n in range(6)]
    assert WorkOrder.objects.filter(state="picking").count() == 6


def test_a_short_pick_meets_a_cancel(floor):
    order = floor.order("1", ("BLUE", 3))
    floor.wave()
    line_id = PickLine.objects.get().pk
    short = {"seller_id": floor.seller_id, "pick_line_id": line_id, "actor": MINA, "quantity": 2}

    ends = at_once([lambda: picking.report_short(**short), cancel(floor, order)])
    release.follow_all(actor=MINA)

    assert refusals(ends) <= {WorkRecalled}
    assert (status(order), held(order), work(order).state) == ("canceled", 0, "recalled")
    assert Stock.objects.get(item=floor.items["BLUE"]).on_hand == (5 if WorkRecalled in refusals(ends) else 3)
    assert_all_adds_up(floor)


def test_a_stop_meets_the_packing_table(floor):
    order = floor.picked("1", ("RED", 1))
    packing.scan_item(seller_id=floor.seller_id, work_id=work(order).pk, item_code="RED", actor=MINA)

    ends = at_once(
        [
            lambda: packing.close_parcel(seller_id=floor.seller_id, work_id=work(order).pk, actor=MINA),
            stop(floor, order),
        ]
    )

    assert refusals(ends) <= {WorkRecalled}
    assert status(order) == "on_hold"
    assert work(order).state == ("picked" if WorkRecalled in refusals(ends) else "packed")


@pytest.mark.parametrize("first", ["stop", "leave"])
def test_a_stop_meets_the_door(floor, first):
    """Either the parcel stays and its stock too, or it has left and the cancel comes too late."""
    order = floor.packed("1", ("RED", 1), tracking="6011")
    door = hand_over.open_manifest(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, actor=MINA).pk
    hand_over.scan_parcel(seller_id=floor.seller_id, manifest_id=door, tracking_number="6011", actor=MINA)

    def leave() -> hand_over.Gone:
        return hand_over.close_manifest(seller_id=floor.seller_id, manifest_id=door, actor=MINA)

    obstacle, deed = (stop(floor, order), leave) if first == "stop" else (leave, stop(floor, order))
    ends = queued_up_behind(obstacle, [deed], keep=True)

    if first == "stop":
        assert (refusals(ends), status(order), work(order).state) == ({ManifestEmpty}, "on_hold", "packed")
        assert Stock.objects.get(item=floor.items["RED"]).on_hand == 10
    else:
        assert (refusals(ends), status(order), work(order).state) == (
            {MoveNotPossible},
            "in_transit",
            "handed_over",
        )
        assert Stock.objects.get(item=floor.items["RED"]).on_hand == 9
    assert_all_adds_up(floor)


def test_eight_who_follow_one_order_make_one_work(floor):
    order = floor.order("1", ("RED", 2))
    WorkLine.objects.all().delete()
    WorkOrder.objects.all().delete()

    ends = at_once([lambda: release.follow(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)] * 8)

    assert refusals(ends) == set()
    assert WorkOrder.objects.count() == 1


def test_orders_cancelled_while_their_batch_is_picked_lock_nobody_out(floor):
    """One scan of many orders and their cancels the other way round: all come through, in whatever order."""
    made = [floor.order(str(number), ("RED", 1), minute=number) for number in range(5)]
    wave = floor.wave()
    picks = [lambda: floor.pick(wave, "A-1", "RED", 1)] * 5

    ends = at_once([*picks, *(cancel(floor, order) for order in made[::-1])])
    release.follow_all(actor=MINA)

    assert refusals(ends) <= {TooLateToCancel, WorkRecalled, ListClosed, NotOnThisList, TooManyPicked}
    ready = sum(status(order) == "ready_to_ship" for order in made)
    gone = sum(status(order) == "canceled" for order in made)
    picked = sum(WorkLine.objects.values_list("picked", flat=True))
    assert ready + gone == 5
    assert floor.lying().get("STAGING", {}).get("RED", 0) == picked == ready
    assert_all_adds_up(floor)
