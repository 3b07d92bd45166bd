"""1,000 orders from Ready for packing to Ready to Ship: packed, told to the shop, numbered from a range, labelled.

The clock stops when the shop has acknowledged the status of every order and every parcel has its number and its label;
`numbers_told_s` is when the shop knows every tracking number too. The shop has its real limit of calls.
"""

import time

from benchmarks._desk import ACTOR, connect_shop, go_live, import_to_its_end, make_seller
from benchmarks._rig import Figures, World, must, wait_until
from benchmarks.order_intake import PRODUCTS, VALUE
from entrepot.channels.models import StatusDebt
from entrepot.channels.services.lifecycle import change_settings
from entrepot.channels.services.statuses import wake_statuses
from entrepot.fulfilment import prints
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.documents import pdf
from entrepot.fulfilment.models import Shipment, Waybill
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.orders import services as orders
from entrepot.orders.models import Order

CALLS = {"order_history", "shipment", "order_writes"}
KOREA = "640000000000", "640000009999"


def run(world: World, *, short: bool) -> Figures:
    count = 100 if short else 1000
    shop = world.shop(f"generated:{PRODUCTS}x1")
    for number in range(count):
        item = {"product_id": 1 + number % PRODUCTS, "quantity": 1, "values": [VALUE]}
        shop.control("place_order", items=[item], check=False)
    world.web()
    world.worker()
    seller = make_seller()
    store = connect_shop(seller, shop)
    import_to_its_end(store, world)
    go_live(store)
    carrier = add_carrier(seller_id=seller.pk, kind="cj", actor=ACTOR)
    add_range(seller_id=seller.pk, carrier_id=carrier.pk, first=KOREA[0], last=KOREA[1], actor=ACTOR)
    keep_rule(seller_id=seller.pk, carrier_id=carrier.pk, actor=ACTOR)
    change_settings(seller_id=seller.pk, store_id=store.pk, changes={"shipping": "self"}, actor=ACTOR)
    ids = list(Order.objects.filter(seller=seller, status="new").order_by("pk").values_list("pk", flat=True))
    must(len(ids) >= count * 0.9, f"only {len(ids)} orders can be sent")
    for order_id in ids:
        orders.release_to_warehouse(seller_id=seller.pk, order_id=order_id, actor=ACTOR)
    began = time.time()
    for order_id in ids:
        fulfilment.pack(seller_id=seller.pk, order_id=order_id, actor=ACTOR)
    packed = time.time() - began
    wake_statuses(seller_id=seller.pk, order_ids=ids)

    def labelled() -> bool:
        world.memory()
        return Shipment.objects.filter(seller=seller, label_made_at__isnull=False).count() == len(ids)

    wait_until(labelled, seconds=600, every=0.2)
    seconds = time.time() - began
    told_numbers = StatusDebt.objects.filter(store=store, kind="parcel", sent_at__isnull=False)
    wait_until(lambda: told_numbers.count() == len(ids), seconds=600, every=0.2)
    told = time.time() - began
    numbers = set(Waybill.objects.filter(seller=seller).values_list("number", flat=True))
    must(len(numbers) == len(ids), f"{len(numbers)} numbers for {len(ids)} parcels")
    drawn = time.time()
    pdf(prints.labels(seller=seller, parcels=prints.parcels_of(seller_id=seller.pk, order_ids=ids)), language="ko")
    return {
        "value": round(seconds, 2),
        "unit": "s",
        "orders": len(ids),
        "packed_s": round(packed, 2),
        "numbers_told_s": round(told, 2),
        "calls": sum(count for name, count in shop.control("counters")["requests"].items() if name in CALLS),
        "labels_pdf_s": round(time.time() - drawn, 2),
        "memory_mb": world.memory(),
    }
