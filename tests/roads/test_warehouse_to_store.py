"""An order walks from its shop through our warehouse to the carrier, and the shop is told by itself."""

from entrepot.channels.models import Store
from entrepot.channels.services.statuses import push_statuses
from entrepot.connectors.opencart.simulator import Item
from entrepot.inventory import services as inventory
from entrepot.warehouse.models import WorkOrder
from entrepot.warehouse.services import hand_over, packing, picking, release, waves
from tests.roads.rig import MINA, SHIPPED, Road, small_shop


def test_released_picked_packed_and_handed_over_the_shop_says_shipped(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    seller_id = road.seller.pk
    warehouse_id = inventory.default_warehouse(seller_id=seller_id, actor=MINA).pk
    inventory.set_mode(seller_id=seller_id, warehouse_id=warehouse_id, mode="wms", actor=MINA)
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()
    order = place.order(order_id)

    release.release(seller_id=seller_id, order_id=order.pk, actor=MINA)
    wave = waves.make_wave(seller_id=seller_id, warehouse_id=warehouse_id, kind="single", actor=MINA)
    (line,) = picking.open_lines(seller_id=seller_id, pick_list_id=wave.pick_lists.get().pk)
    picking.pick(
        seller_id=seller_id,
        pick_list_id=line.pick_list_id,
        bin_code="",
        item_code=line.item.sku,
        quantity=2,
        actor=MINA,
    )
    assert place.order(order_id).status == "ready_to_ship"

    work = WorkOrder.objects.get(order=order)
    packing.scan_item(seller_id=seller_id, work_id=work.pk, item_code=line.item.sku, quantity=2, actor=MINA)
    packing.close_parcel(seller_id=seller_id, work_id=work.pk, weight_grams=400, actor=MINA)
    order.shipments.update(tracking_number="6400")
    door = hand_over.open_manifest(seller_id=seller_id, warehouse_id=warehouse_id, actor=MINA)
    hand_over.scan_parcel(seller_id=seller_id, manifest_id=door.pk, tracking_number="6400", actor=MINA)
    assert hand_over.close_manifest(seller_id=seller_id, manifest_id=door.pk, actor=MINA).left == 1
    push_statuses(Store.objects.get(pk=place.store.pk))

    assert place.order(order_id).status == "in_transit"
    assert int(place.shop.history_of(order_id)[-1]["order_status_id"]) == SHIPPED
    place.push()
    assert place.shows(1) == 3
    assert place.problems() == []
