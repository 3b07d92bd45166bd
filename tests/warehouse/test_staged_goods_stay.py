"""What lies in staging was picked for somebody: figures for a whole warehouse and strangers' sales leave it alone."""

import pytest

from entrepot.inventory.errors import PickedStays
from entrepot.inventory.models import Stock
from entrepot.orders import services as orders
from entrepot.orders.services.recount import recount
from entrepot.warehouse.services import put_back, release
from tests.books import MINA, SHOP, draft, line, place_one, status
from tests.floor import Floor, assert_bins_add_up, make_floor, work


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def test_a_count_of_the_whole_warehouse_does_not_deny_what_waits_to_be_put_back(floor: Floor) -> None:
    order = floor.order("1", ("BLUE", 3))
    floor.pick(floor.wave(), "A-2", "BLUE", 2)
    orders.ask_cancel(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)
    orders.cancel_by_buyer(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)
    release.follow_all(actor=MINA)
    words = {"seller_id": floor.seller_id, "item_id": floor.items["BLUE"], "reason": "counted", "actor": MINA}

    with pytest.raises(PickedStays) as refusal:
        recount(on_hand=1, warehouse_id=floor.warehouse_id, **words)
    assert (refusal.value.fields["staged"], Stock.objects.get(item_id=floor.items["BLUE"]).on_hand) == (2, 5)
    recount(on_hand=2, warehouse_id=floor.warehouse_id, **words)

    back = {"seller_id": floor.seller_id, "work_id": work(order).pk, "item_code": "BLUE", "actor": MINA}
    assert put_back.put_back(bin_code="A-2", quantity=2, **back) == 0
    assert floor.lying()["A-2"] == {"BLUE": 2}
    assert_bins_add_up([floor.seller_id])


@pytest.mark.parametrize("told", [orders.hand_over, orders.complete])
def test_an_order_that_its_store_shipped_leaves_the_picked_goods_of_others_in_staging(floor: Floor, told) -> None:
    picked = floor.picked("1", ("BLUE", 2))
    other = place_one(floor.channel, draft("2", line(floor.items["BLUE"], 2, remote_id="2-BLUE", sku="BLUE")))

    told(seller_id=floor.seller_id, order_id=other.pk, actor=SHOP)

    assert status(picked) == "ready_to_ship"
    assert (floor.lying()["STAGING"], floor.lying()["A-2"]) == ({"BLUE": 2}, {"BLUE": 1})
    assert_bins_add_up([floor.seller_id])
