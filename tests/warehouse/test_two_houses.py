"""An order whose goods lie in two warehouses leaves with the last of their manifests; nothing is stuck at a door."""

from typing import Any

import pytest

from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse.models import Manifest, ManifestLine, WorkOrder
from entrepot.warehouse.services import hand_over, packing
from entrepot.warehouse.work_errors import ManifestEmpty, ParcelOnManifest
from tests.books import MINA, figure, status
from tests.floor import Floor, make_floor


@pytest.fixture
def houses(db: None) -> list[Floor]:
    floor = make_floor()
    other = inventory.add_warehouse(seller_id=floor.seller_id, code="BUSAN", name="Busan", actor=MINA)
    inventory.set_mode(seller_id=floor.seller_id, warehouse_id=other.pk, mode="wms", actor=MINA)
    green: dict[str, Any] = {"seller_id": floor.seller_id, "item_id": floor.items["GREEN"], "actor": MINA}
    inventory.receive(quantity=5, warehouse_id=other.pk, **green)
    inventory.adjust(delta=-5, reason="moved", warehouse_id=floor.warehouse_id, **green)
    return [floor, Floor(floor.channel, other.pk, floor.items)]


def packed(houses: list[Floor]) -> Order:
    """1 RED is packed here as parcel 60-RED, 1 GREEN there as 60-GREEN."""
    order = houses[0].order("1", ("RED", 1), ("GREEN", 1))
    for house in houses:
        house.pick_all(house.wave("zone"))
    for house, sku in zip(houses, ("RED", "GREEN"), strict=True):
        work = WorkOrder.objects.get(order=order, warehouse_id=house.warehouse_id)
        packing.scan_item(seller_id=house.seller_id, work_id=work.pk, item_code=sku, actor=MINA)
        packing.close_parcel(seller_id=house.seller_id, work_id=work.pk, actor=MINA)
    for parcel in order.shipments.all():
        parcel.tracking_number = f"60-{parcel.lines.get().order_line.sku}"
        parcel.save(update_fields=["tracking_number"])
    return order


def scanned(house: Floor, number: str) -> Manifest:
    facts: dict[str, Any] = {"seller_id": house.seller_id, "actor": MINA}
    made = hand_over.open_manifest(warehouse_id=house.warehouse_id, **facts)
    hand_over.scan_parcel(manifest_id=made.pk, tracking_number=number, **facts)
    return made


def close(manifest: Manifest) -> hand_over.Gone:
    return hand_over.close_manifest(seller_id=manifest.seller_id, manifest_id=manifest.pk, actor=MINA)


def test_it_leaves_with_the_manifest_of_its_last_parcel(houses: list[Floor]) -> None:
    order = packed(houses)

    first = close(scanned(houses[0], "60-RED"))
    assert (first.left, first.stayed, status(order)) == (0, [], "ready_to_ship")
    with pytest.raises(ParcelOnManifest):
        scanned(houses[0], "60-RED")

    last = close(scanned(houses[1], "60-GREEN"))
    assert (last.left, last.stayed, status(order)) == (1, [], "in_transit")
    assert set(WorkOrder.objects.filter(order=order).values_list("state", flat=True)) == {"handed_over"}
    assert [figure(houses[0].items[sku])[0] for sku in ("RED", "GREEN")] == [9, 4]


def test_one_that_was_stopped_meanwhile_stays_with_the_parcel_that_is_here(houses: list[Floor]) -> None:
    order = packed(houses)
    close(scanned(houses[0], "60-RED"))
    manifest = scanned(houses[1], "60-GREEN")
    orders.stop(seller_id=order.seller_id, order_id=order.pk, code="cancel_after_packing", actor=MINA)

    with pytest.raises(ManifestEmpty):
        close(manifest)

    assert (status(order), ManifestLine.objects.count()) == ("on_hold", 2)
