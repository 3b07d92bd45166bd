"""An order is recalled, changed and released again before the warehouse has heard of any of it."""

import pytest

from entrepot.fulfilment import services as fulfilment
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse.models import PickLine, Wave
from entrepot.warehouse.services import packing, release
from entrepot.warehouse.work_errors import WorkRecalled
from tests.books import MINA, held, status
from tests.floor import Floor, assert_bins_add_up, make_floor, work, work_lines


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def grown(floor: Floor) -> tuple[Order, Wave]:
    """An order of 4 of which 2 were on a list when its part came back; released again, unknown to the warehouse."""
    order = floor.order("1", ("RED", 4))
    who = {"seller_id": floor.seller_id, "actor": MINA}
    part = orders.split_order(order_id=order.pk, lines={order.lines.get().pk: 2}, **who)
    release.release(order_id=order.pk, **who)
    wave = floor.wave("zone", work_ids=[work(order).pk])
    orders.join_order(order_id=part.pk, **who)
    orders.release_to_warehouse(order_id=order.pk, **who)
    return order, wave


def test_nothing_is_picked_for_work_that_asks_for_less_than_its_order_holds(floor: Floor) -> None:
    order, wave = grown(floor)
    lying = floor.lying()

    with pytest.raises(WorkRecalled):
        floor.pick(wave, "A-1", "RED", 2)

    assert (status(order), work_lines(order), floor.lying()) == ("rfp", [("RED", 2, 0, 0, 0)], lying)


def test_the_tick_begins_the_work_of_a_changed_order_anew(floor: Floor) -> None:
    order, _ = grown(floor)
    other = floor.order("2", ("BLUE", 1))

    assert release.follow_all(actor=MINA) == {floor.seller_id: 1}
    assert release.follow_all(actor=MINA) == {}

    assert (work_lines(order), work_lines(other)) == ([("RED", 4, 0, 0, 0)], [("BLUE", 1, 0, 0, 0)])
    assert not PickLine.objects.filter(work_line__work__order=order).exists()


def test_what_was_picked_for_an_order_that_shrank_is_not_packed_for_it(floor: Floor) -> None:
    order = floor.picked("1", ("RED", 4))
    who = {"seller_id": floor.seller_id, "actor": MINA}
    packing.scan_item(work_id=work(order).pk, item_code="RED", quantity=4, **who)
    shrink(floor, order)

    with pytest.raises(WorkRecalled):
        packing.close_parcel(work_id=work(order).pk, weight_grams=500, **who)

    assert (work(order).state, status(order), held(order)) == ("picked", "rfp", 2)
    release.follow_all(actor=MINA)
    assert work_lines(order) == [("RED", 2, 0, 0, 0)]
    assert floor.lying()["STAGING"] == {"RED": 4}
    assert_bins_add_up([floor.seller_id])


def shrink(floor: Floor, order: Order) -> None:
    """It is unpacked at the desk, half of it becomes a part, and it is released again."""
    who = {"seller_id": floor.seller_id, "actor": MINA}
    fulfilment.unpack(order_id=order.pk, **who)
    orders.split_order(order_id=order.pk, lines={order.lines.get().pk: 2}, **who)
    orders.release_to_warehouse(order_id=order.pk, **who)
