"""One of everything a warehouse can have, for the walks through the screens and the API."""

from dataclasses import dataclass

from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Bin, Warehouse, Zone
from entrepot.inventory.services import default_warehouse
from entrepot.orders.models import Order
from entrepot.warehouse import services
from entrepot.warehouse.models import (
    Count,
    Manifest,
    ManifestLine,
    Pack,
    PickLine,
    PickList,
    Receipt,
    Return,
    Tote,
    Wave,
    WorkLine,
    WorkOrder,
)
from entrepot.warehouse.services.waves import add_totes
from tests.books import MINA


@dataclass
class Hall:
    """A furnished warehouse: the seller's default one."""

    warehouse: Warehouse
    zone: Zone
    bin: Bin
    tote: Tote
    receipt: Receipt
    count: Count
    work: WorkOrder
    wave: Wave
    pick_list: PickList
    pick_line: PickLine
    manifest: Manifest
    back: Return


def furnish(seller: Seller, *, order: Order, parcel: Shipment, item_id: int) -> Hall:
    """Zone, bin with one piece in it, tote, papers and work. `order` has one line and stands on hold."""
    who = {"seller_id": seller.pk, "actor": MINA}
    house = default_warehouse(**who)
    zone = services.add_zone(warehouse_id=house.pk, code="A", name=f"{seller.name} aisle", **who)
    place = services.add_bin(zone_id=zone.pk, code="A-1", **who)
    services.put_away(warehouse_id=house.pk, item_id=item_id, quantity=1, bin_id=place.pk, **who)
    (tote,) = add_totes(warehouse_id=house.pk, count=1, **who)
    now = timezone.now()
    here = {"seller": seller, "warehouse": house}
    work = WorkOrder.objects.create(**here, order=order, number=f"{seller.name} 1002", released_at=now)
    first = order.lines.get()
    line = WorkLine.objects.create(work=work, order_line=first, item_id=item_id, quantity=1)
    wave = Wave.objects.create(**here, number="W-900001", kind="zone", created_at=now, created_by=seller.name)
    listed = PickList.objects.create(seller=seller, wave=wave, zone=zone, number="P-900001", picker=seller.name)
    pick = PickLine.objects.create(
        pick_list=listed, position=1, work_line=line, bin=place, item_id=item_id, quantity=1, short=0
    )
    manifest = Manifest.objects.create(**here, number="M-900001", carrier=f"{seller.name} express", created_at=now)
    ManifestLine.objects.create(
        manifest=manifest, shipment=parcel, scanned=parcel.tracking_number, scanned_at=now, scanned_by=seller.name
    )
    Pack.objects.create(
        seller=seller, work=work, shipment=parcel, box=f"{seller.name} box", packed_at=now, packed_by=seller.name
    )
    return Hall(
        warehouse=house,
        zone=zone,
        bin=place,
        tote=tote,
        receipt=services.begin_receipt(warehouse_id=house.pk, supplier=f"{seller.name} supplier", **who),
        count=services.start_count(warehouse_id=house.pk, bin_ids=[place.pk], note=f"{seller.name} count", **who),
        work=work,
        wave=wave,
        pick_list=listed,
        pick_line=pick,
        manifest=manifest,
        back=Return.objects.create(
            **here, order=order, number="B-900001", tracking_number=f"{seller.name} back", created_at=now
        ),
    )
