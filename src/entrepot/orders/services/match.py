"""Lines without an item get one; orders that waited for that go on."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from entrepot.catalog.rows import run
from entrepot.kernel.actor import Actor
from entrepot.orders.errors import LineAlreadyMatched
from entrepot.orders.flow import HOLDS_STOCK, NEW, ON_HOLD, PARTIAL
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.services.hold import unhold_turn
from entrepot.orders.services.life import Turn, locked, take
from entrepot.orders.services.lines import Covered, cover
from entrepot.orders.services.place import UNMATCHED, check_items

MATCH = """
UPDATE orders_orderline l SET item_id = t.item_id FROM unnest(%s::bigint[], %s::bigint[]) AS t(id, item_id), orders_order o
WHERE l.id = t.id AND l.item_id IS NULL AND o.id = l.order_id AND o.seller_id = %s
"""


@transaction.atomic
def match_lines(
    *, seller_id: int, item_by_line: Mapping[int, int], actor: Actor, now: datetime | None = None
) -> list[int]:
    """Give lines their items, `{line_id: item_id}`, set their stock aside, oldest order first; the orders that went on.

    Lines of other sellers are left out. An order on hold for its unmatched lines becomes New or Partial once it has none;
    one held for another reason stays on hold.

    Raises:
        LineItemNotFound: An item is not this seller's.
        LineAlreadyMatched: A line has another item already.
    """
    check_items(seller_id, item_by_line.values())
    wanted = OrderLine.objects.filter(order__seller_id=seller_id, pk__in=item_by_line)
    orders = locked(seller_id, wanted.values_list("order_id", flat=True))
    fresh: dict[int, int] = {}
    for line_id, item_id in wanted.values_list("pk", "item_id"):
        if item_id is None:
            fresh[line_id] = item_by_line[line_id]
        elif item_id != item_by_line[line_id]:
            raise LineAlreadyMatched(line_id=line_id)
    run(MATCH, [list(fresh), list(fresh.values()), seller_id])
    alive = [order for order in orders if order.status in HOLDS_STOCK]
    stands = cover(seller_id, alive, actor=actor)
    turns = list(_turns(alive, stands))
    take(turns, actor=actor, reason="matched", now=now)
    return [turn.order.pk for turn in turns]


def _turns(orders: Sequence[Order], stands: Mapping[int, Covered]) -> list[Turn]:
    turns = []
    for order in orders:
        state = stands[order.pk]
        if state.unmatched:
            continue
        if order.status == ON_HOLD and order.hold_code == UNMATCHED:
            turns.append(unhold_turn(order, state))
        elif order.status == PARTIAL and not state.short:
            turns.append(Turn(order, "stock_arrived"))
        elif order.status == NEW and state.short:
            turns.append(Turn(order, "run_short", {"short": state.short}))
    return turns
