"""Stock has come: orders that wait for it become New, the oldest first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from entrepot.catalog.rows import fetch
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import PARTIAL
from entrepot.orders.life import Turn, locked, take
from entrepot.orders.lines import cover

BATCH = 200

# Partial orders with a line that lacks something of which there is some now.
WAITING = """
SELECT o.placed_at, o.id FROM orders_order o
WHERE o.seller_id = %s AND o.status = 'partial' AND (o.placed_at, o.id) > (%s, %s) AND EXISTS (
    SELECT 1 FROM orders_orderline l LEFT JOIN catalog_kitpart p ON p.kit_id = l.item_id
    JOIN inventory_stock s ON s.item_id = COALESCE(p.item_id, l.item_id) AND s.on_hand > s.reserved
    WHERE l.order_id = o.id AND (%s::bigint[] IS NULL OR s.item_id = ANY(%s::bigint[]))
      AND (l.quantity - l.canceled - l.shipped) * COALESCE(p.quantity, 1) > COALESCE((
          SELECT sum(r.quantity) FROM inventory_reservation r
          WHERE r.reference = 'line:' || l.id AND r.item_id = s.item_id AND r.seller_id = o.seller_id), 0))
ORDER BY o.placed_at, o.id LIMIT %s
"""
BEGINNING = ("-infinity", 0)
SELLERS = "SELECT DISTINCT seller_id FROM orders_order WHERE status = 'partial' ORDER BY seller_id"


def fill_all_waiting(*, actor: Actor) -> dict[int, int]:
    """The engine's tick: look at every seller whose orders wait; tells how many of each seller's became New."""
    filled = {row[0]: fill_waiting(seller_id=row[0], item_ids=None, actor=actor) for row in fetch(SELLERS, [])}
    return {seller_id: count for seller_id, count in filled.items() if count}


def fill_waiting(*, seller_id: int, item_ids: Sequence[int] | None, actor: Actor, now: datetime | None = None) -> int:
    """Give stock that is there to the orders that wait for it, the oldest first; tells how many became New.

    `item_ids` = what came in (parts, for kits); None = look at everything. An order that still lacks something keeps
    what it got and waits on. Safe to run at any time by any number of callers; call it outside a transaction, as each
    batch of 200 orders is one of its own.
    """
    items = None if item_ids is None else sorted(set(item_ids))
    after: tuple[object, int] = BEGINNING
    filled = 0
    while rows := fetch(WAITING, [seller_id, *after, items, items, BATCH]):
        filled += _fill([row[1] for row in rows], seller_id, actor, now)
        if len(rows) < BATCH:
            break
        after = rows[-1][0], rows[-1][1]
    return filled


@transaction.atomic
def _fill(order_ids: Sequence[int], seller_id: int, actor: Actor, now: datetime | None) -> int:
    orders = [order for order in locked(seller_id, order_ids) if order.status == PARTIAL]
    stands = cover(seller_id, orders, actor=actor)
    ready = [order for order in orders if not stands[order.pk].short and not stands[order.pk].unmatched]
    take([Turn(order, "stock_arrived") for order in ready], actor=actor, now=now)
    return len(ready)


def fill_after_commit(*, seller_id: int, item_ids: Iterable[int], actor: Actor) -> None:
    """Stock came free: serve those who wait for it as soon as this is committed.

    Not within this transaction, which holds stock rows already: order rows are locked before stock rows. Should it
    fail, the next tick of the engine finds the same orders still waiting.
    """
    if items := sorted(set(item_ids)):
        verb = partial(fill_waiting, seller_id=seller_id, item_ids=items, actor=actor)
        transaction.on_commit(verb, robust=True)
