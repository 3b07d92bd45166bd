"""A seller in the middle of business: 100,000 orders, 100,000 items, and years of everything else.

One of everything is made by the tests' own factory through the public verbs; the many are copies of it. Imported only
once Django is ready.
"""

from dataclasses import dataclass
from typing import Any

from benchmarks._catalogue import write_items_of
from benchmarks._copies import copies, pick
from benchmarks._million import FIRST_OWN, write_orders_of
from benchmarks._screens_rows import write_rows
from entrepot.catalog.models import Item, Product
from entrepot.catalog.rows import fetch, run
from entrepot.inventory.models import Movement
from entrepot.orders.models import Order, OrderLine
from tests.web.factories import House, full_house, make_store

OWN = ("catalog_product", "catalog_item", "orders_order", "orders_orderline")
STOCK = """
INSERT INTO inventory_stock (seller_id, item_id, warehouse_id, on_hand, reserved, incoming, located, version,
    changed_at)
SELECT i.seller_id, i.id, %(house)s, i.id %% 60 + coalesce(w.n, 0), coalesce(w.n, 0), 0, 0, 3,
    now() - make_interval(mins => (i.id %% 9000)::int)
FROM catalog_item AS i
LEFT JOIN (SELECT l.item_id, sum(l.quantity) AS n FROM orders_orderline AS l JOIN orders_order AS o ON o.id = l.order_id
    WHERE o.seller_id = %(seller)s AND o.status IN ('rfp', 'ready_to_ship') GROUP BY 1) AS w ON w.item_id = i.id
WHERE i.seller_id = %(seller)s AND i.kind <> 'kit' ON CONFLICT DO NOTHING
"""
MOVES = """
INSERT INTO inventory_movement (seller_id, item_id, warehouse_id, kind, on_hand_delta, reserved_delta, on_hand_after,
    reserved_after, version, reference, reason, actor_kind, actor_label, at)
SELECT s.seller_id, s.item_id, s.warehouse_id, 'adjustment', 1, 0, s.on_hand, s.reserved, v, 'bench', 'Counted',
    'user', 'Mina', s.changed_at - make_interval(hours => 3 - v)
FROM inventory_stock AS s CROSS JOIN generate_series(1, 3) AS v WHERE s.seller_id = %(seller)s ON CONFLICT DO NOTHING
"""
SET_ASIDE = """
INSERT INTO inventory_reservation (seller_id, item_id, warehouse_id, reference, quantity, created_at)
SELECT %(seller)s, l.item_id, %(house)s, 'line:' || l.id, l.quantity, o.placed_at
FROM orders_orderline AS l JOIN orders_order AS o ON o.id = l.order_id
WHERE o.seller_id = %(seller)s AND o.status IN ('rfp', 'ready_to_ship') AND l.item_id IS NOT NULL
ON CONFLICT DO NOTHING
"""
STORY = """
INSERT INTO orders_orderevent (order_id, at, actor_kind, actor_label, kind, from_status, to_status, facts)
SELECT o.id, o.placed_at + make_interval(mins => k), 'user', 'Mina', 'moved', 'new', o.status, '{}'
FROM orders_order AS o CROSS JOIN generate_series(1, 3) AS k WHERE o.seller_id = %(seller)s
"""
TOTALS = """
INSERT INTO orders_ordertotal (order_id, position, code, title, amount)
SELECT o.id, 1, 'total', 'Total', o.total FROM orders_order AS o WHERE o.seller_id = %(seller)s AND o.id < 10000000
"""
PACKED = """
INSERT INTO fulfilment_shipmentline (shipment_id, order_line_id, quantity)
SELECT s.id, l.id, 1 FROM fulfilment_shipment AS s JOIN orders_orderline AS l ON l.order_id = s.order_id
WHERE s.seller_id = %(seller)s ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Desk:
    """The seller, and what is heavy of theirs: address name -> its keys."""

    house: House
    heavy: dict[str, dict[str, Any]]
    orders: int
    items: int


def write_desk(count: int) -> Desk:
    """About `count` orders and `count` items, and as much beside them as a seller of that size has."""
    for table in OWN:
        run(f"ALTER SEQUENCE {table}_id_seq RESTART {FIRST_OWN}", [])
    house = full_house("Hanbit Trading")
    run("ALTER SEQUENCE catalog_item_id_seq RESTART 1", [])
    run("UPDATE orders_order SET remote_id = 'own ' || remote_id", [])
    others = [make_store(house.seller, name) for name in ("World shop", "Outlet")]
    channels = [one.sales_channel for one in (house.store, house.mall, *others)]
    made = write_items_of(house.owner, count)
    write_orders_of(house.owner, channels, count)
    facts = {"seller": house.seller.pk, "house": house.hall.warehouse.pk}
    for statement in (STOCK, MOVES, SET_ASIDE, STORY, TOTALS, PACKED):
        run(statement, facts)
    pick(house.seller.pk)
    heavy = _heavy(house, count)
    write_rows(house, [house.mall, *others], count)
    heavy |= {"product_stores": heavy["product"], "product_history": heavy["product"], "product_edit": heavy["product"]}
    run("VACUUM ANALYZE", [])
    return Desk(house, heavy, count, made.items)


def _heavy(house: House, count: int) -> dict[str, dict[str, Any]]:
    """An order of 50 lines, a product of 100 variations, an item of 10,000 movements."""
    large = Order.objects.filter(seller=house.seller, status="new", pk__lt=FIRST_OWN).order_by("-pk")[0]
    first = OrderLine.objects.filter(order=large).order_by("position")[0]
    copies(first, 50, position="i + 10", remote_id="'h' || i", item_id="p.item_id")
    group = Product.objects.filter(seller=house.seller, is_group=True).order_by("-pk")[0]
    one = Item.objects.filter(product=group).order_by("pk")[0]
    copies(one, 96, sku="was.sku || '-' || i", options="jsonb_build_array(jsonb_build_array('Size', 'No. ' || i))")
    moved = Movement.objects.filter(item_id=house.items["GREEN"]).order_by("-version")[0]
    copies(
        moved, min(10_000, count), version="was.version + i", at="now() - make_interval(mins => 10000 - i)",
        on_hand_after="20 + i % 9", reference="'order:' || p.order_id",
    )  # fmt: skip
    last = fetch("SELECT max(version) FROM inventory_movement WHERE item_id = %s", [moved.item_id])[0][0]
    run("UPDATE inventory_stock SET version = %s WHERE item_id = %s", [last, moved.item_id])
    item, order = {"item_id": moved.item_id}, {"order_id": large.pk}
    return {
        "order": order, "order_split": order, "product": {"product_id": group.pk},
        "stock_item": item, "stock_why": item,
    }  # fmt: skip
