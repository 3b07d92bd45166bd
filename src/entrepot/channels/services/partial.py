"""What becomes of orders of which only some is in stock, as each store's owner has decided (`partial_policy`).

wait: nothing. ship: what is there goes ahead, the rest is split off and waits. ask: a person is asked once.
"""

from typing import Final

from entrepot.catalog.rows import fetch
from entrepot.channels.models import Problem
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import services as orders
from entrepot.orders.models import Order, Status

WAIT, SHIP, ASK = "wait", "ship", "ask"
PARTIAL_WAITS: Final = "partial_waits"
AT_ONCE = 200

# Orders that wait although some of their goods are set aside, in stores that do not just wait; asked about once.
# Kits count whole: an order that has some parts of one only could not be sent ahead, and would stand before the others.
_UNDECIDED = """
SELECT o.seller_id, o.id, o.sales_channel_id, o.number, s.settings ->> 'partial_policy'
FROM channels_store s JOIN orders_order o ON o.sales_channel_id = s.sales_channel_id AND o.status = 'partial'
WHERE s.settings ->> 'partial_policy' IN ('ship', 'ask')
  AND EXISTS (SELECT FROM orders_orderline l JOIN inventory_reservation r ON r.reference = 'line:' || l.id
              WHERE l.order_id = o.id AND r.seller_id = o.seller_id AND NOT EXISTS (
                  SELECT FROM catalog_kitpart p WHERE p.kit_id = l.item_id AND p.quantity > coalesce((
                      SELECT sum(h.quantity) FROM inventory_reservation h
                      WHERE h.reference = r.reference AND h.seller_id = o.seller_id AND h.item_id = p.item_id), 0)))
  AND (s.settings ->> 'partial_policy' = 'ship' OR NOT EXISTS (
      SELECT FROM channels_problem p WHERE p.seller_id = o.seller_id AND p.object_type = 'order'
        AND p.object_id = o.id::text AND p.code = %s))
ORDER BY o.placed_at, o.id LIMIT %s
"""


def follow_policies(*, actor: Actor) -> dict[int, int]:
    """The engine's tick: send ahead what is there, or ask, the oldest order first; how many orders of each seller."""
    _close_settled(actor)
    followed: dict[int, int] = {}
    for seller_id, order_id, store_id, number, policy in fetch(_UNDECIDED, [PARTIAL_WAITS, AT_ONCE]):
        if policy == SHIP:
            moved = _send_ahead(seller_id, order_id, actor)
        else:
            moved = True
            open_problem(
                seller_id=seller_id,
                store_id=store_id,
                code=PARTIAL_WAITS,
                object_type="order",
                object_id=order_id,
                fields={"number": number},
            )
        followed[seller_id] = followed.get(seller_id, 0) + moved
    return {seller_id: count for seller_id, count in followed.items() if count}


def send_ahead(*, seller_id: int, order_id: int, actor: Actor) -> Order:
    """Send what is in stock of an order, and let the rest wait in a part of its own; tells the part.

    Raises:
        EntrepotError: What `orders.services.split_missing` refuses.
    """
    part = orders.split_missing(seller_id=seller_id, order_id=order_id, actor=actor)
    resolve_problems(seller_id=seller_id, object_type="order", object_id=order_id, codes=[PARTIAL_WAITS], actor=actor)
    return part


def _send_ahead(seller_id: int, order_id: int, actor: Actor) -> bool:
    """Whole kits may be missing although parts of them are set aside; that waits as it is."""
    try:
        send_ahead(seller_id=seller_id, order_id=order_id, actor=actor)
    except EntrepotError:
        return False
    return True


def _close_settled(actor: Actor) -> None:
    """Orders that wait no more need no decision."""
    standing = Problem.objects.filter(
        code=PARTIAL_WAITS, object_type="order", resolved_at=None
    )  # house: seller the engine asks for all sellers
    asked = {int(object_id): seller_id for object_id, seller_id in standing.values_list("object_id", "seller_id")}
    rows = Order.objects.filter(pk__in=asked, seller_id__in=set(asked.values())).exclude(status=Status.PARTIAL)
    for order_id in rows.order_by("pk").values_list("pk", flat=True):
        resolve_problems(
            seller_id=asked[order_id], object_type="order", object_id=order_id, codes=[PARTIAL_WAITS], actor=actor
        )
