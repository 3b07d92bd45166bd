"""Orders that share a parcel stay side by side on the floor and leave with one scan."""

import pytest

from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse.models import ManifestLine, PickLine
from entrepot.warehouse.services import hand_over
from entrepot.warehouse.services.packing import close_parcel, scan_item
from entrepot.warehouse.work_errors import ParcelNotPacked, ParcelStopped
from tests.books import MINA, status
from tests.floor import Floor, make_floor, work


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def merged(floor: Floor, *names: str) -> list[Order]:
    words = {"buyer_phone": "0101", "buyer_name": "김서연"}
    made = [floor.order(name, ("RED", 1), minute=number * 10) for number, name in enumerate(names)]
    Order.objects.filter(pk__in=[one.pk for one in made]).update(**words)
    orders.merge_orders(seller_id=floor.seller_id, order_ids=[one.pk for one in made], actor=MINA)
    return made


def pack(floor: Floor, order: Order) -> None:
    scan_item(seller_id=floor.seller_id, work_id=work(order).pk, item_code="RED", actor=MINA)
    close_parcel(seller_id=floor.seller_id, work_id=work(order).pk, actor=MINA)
    order.shipments.update(tracking_number="601-7")


def test_a_wave_takes_them_one_after_the_other(floor):
    first, between, last = (floor.order(name, ("RED", 1)) for name in "123")
    orders.merge_orders(seller_id=floor.seller_id, order_ids=[first.pk, last.pk], actor=MINA)

    wave = floor.wave(limit=2)

    picked = PickLine.objects.filter(pick_list__wave=wave).values_list("work_line__work__order_id", flat=True)
    assert sorted(picked) == [first.pk, last.pk]
    assert work(between).state == "released"


def test_one_scan_puts_the_whole_parcel_on_the_manifest_and_all_of_it_leaves(floor):
    one, two = merged(floor, "1", "2")
    floor.pick_all(floor.wave())
    manifest = hand_over.open_manifest(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, actor=MINA)
    scan = {"seller_id": floor.seller_id, "manifest_id": manifest.pk, "tracking_number": "601-7", "actor": MINA}
    pack(floor, one)
    two.shipments.update(tracking_number="601-7")
    with pytest.raises((ParcelNotPacked, ParcelStopped)):
        hand_over.scan_parcel(**scan)
    assert ManifestLine.objects.count() == 0

    pack(floor, two)
    hand_over.scan_parcel(**scan)
    hand_over.scan_parcel(**scan)
    assert ManifestLine.objects.count() == 2
    gone = hand_over.close_manifest(seller_id=floor.seller_id, manifest_id=manifest.pk, actor=MINA)

    assert (gone.left, status(one), status(two)) == (2, "in_transit", "in_transit")


def test_a_parcel_of_which_one_order_was_stopped_stays(floor):
    one, two = merged(floor, "1", "2")
    floor.pick_all(floor.wave())
    manifest = hand_over.open_manifest(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, actor=MINA)
    for order in (one, two):
        pack(floor, order)
    hand_over.scan_parcel(seller_id=floor.seller_id, manifest_id=manifest.pk, tracking_number="601-7", actor=MINA)
    other = floor.packed("3", ("BLUE", 1), tracking="601-8")
    hand_over.scan_parcel(seller_id=floor.seller_id, manifest_id=manifest.pk, tracking_number="601-8", actor=MINA)
    orders.stop(seller_id=floor.seller_id, order_id=two.pk, code="cancel_after_packing", actor=MINA)

    gone = hand_over.close_manifest(seller_id=floor.seller_id, manifest_id=manifest.pk, actor=MINA)

    assert (gone.left, status(one), status(two), status(other)) == (1, "ready_to_ship", "on_hold", "in_transit")


def test_a_parcel_is_taken_off_with_all_orders_in_it_and_can_go_with_another_manifest(floor):
    one, two = merged(floor, "1", "2")
    floor.pick_all(floor.wave())
    for order in (one, two):
        pack(floor, order)
    place = {"seller_id": floor.seller_id, "actor": MINA}
    first, second = (hand_over.open_manifest(warehouse_id=floor.warehouse_id, **place) for _ in range(2))
    hand_over.scan_parcel(manifest_id=first.pk, tracking_number="601-7", **place)

    assert hand_over.unscan_parcel(manifest_id=first.pk, shipment_id=one.shipments.get().pk, **place)
    assert ManifestLine.objects.count() == 0
    hand_over.scan_parcel(manifest_id=second.pk, tracking_number="601-7", **place)
    gone = hand_over.close_manifest(manifest_id=second.pk, **place)

    assert (gone.left, status(one), status(two)) == (2, "in_transit", "in_transit")


def test_what_joined_the_parcel_after_its_scan_is_added_by_the_next_one(floor):
    one, two = merged(floor, "1", "2")
    floor.pick_all(floor.wave())
    manifest = hand_over.open_manifest(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, actor=MINA)
    for order in (one, two):
        pack(floor, order)
    two.shipments.update(tracking_number="601-9")
    scan = {"seller_id": floor.seller_id, "manifest_id": manifest.pk, "tracking_number": "601-7", "actor": MINA}
    hand_over.scan_parcel(**scan)
    two.shipments.update(tracking_number="601-7")

    hand_over.scan_parcel(**scan)

    assert sorted(ManifestLine.objects.values_list("shipment__order_id", flat=True)) == [one.pk, two.pk]
