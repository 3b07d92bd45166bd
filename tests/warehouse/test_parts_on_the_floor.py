"""An order that was split is joined again while its goods lie about in the warehouse."""

import pytest

from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse.models import PickLine
from entrepot.warehouse.services import put_back, release
from tests.books import MINA
from tests.floor import Floor, make_floor, work


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def test_what_was_picked_for_a_part_is_put_back_after_it_is_joined_again(floor: Floor) -> None:
    whole = floor.order("1", ("RED", 4))
    who = {"seller_id": floor.seller_id, "actor": MINA}
    part = orders.split_order(order_id=whole.pk, lines={whole.lines.get().pk: 2}, **who)
    release.release(order_id=part.pk, **who)
    wave = floor.wave("zone", work_ids=[work(part).pk])
    line = PickLine.objects.get(pick_list__wave=wave)
    floor.pick(wave, line.bin.code, "RED", 1)
    orders.recall(order_id=part.pk, **who)
    release.follow_all(actor=MINA)

    orders.join_order(order_id=part.pk, **who)

    [waiting] = put_back.to_put_back(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id)
    assert (waiting.picked, waiting.item_id) == (1, floor.items["RED"])
    put_back.put_back(work_id=waiting.work_id, item_code="RED", bin_code="A-1", **who)
    assert floor.lying() == {"A-1": {"RED": 5}, "A-10": {"RED": 5}, "A-2": {"BLUE": 5}, "B-1": {"GREEN": 5}}
    part = Order.objects.get(pk=part.pk)
    assert (part.status, sum(one.quantity for one in part.lines.all()), part.total) == ("canceled", 0, 0)
