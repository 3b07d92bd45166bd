"""Lines without an item get one; orders that waited for that go on."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from entrepot.catalog.rows import run
from entrepot.kernel.actor import Actor
from entrepot.orders.checks import check_items
from entrepot.orders.errors import LineAlreadyMatched
from entrepot.orders.flow import HOLDS_STOCK, open_to_change
from entrepot.orders.life import locked, take
from entrepot.orders.lines import cover
from entrepot.orders.models import OrderLine
from entrepot.orders.turns import follow

MATCH = """
UPDATE orders_orderline l SET item_id = t.item_id
FROM unnest(%s::bigint[], %s::bigint[]) AS t(id, item_id), orders_order o
WHERE l.id = t.id AND l.item_id IS NULL AND o.id = l.order_id AND o.seller_id = %s
"""


@transaction.atomic
def match_lines(
    *, seller_id: int, item_by_line: Mapping[int, int], actor: Actor, now: datetime | None = None
) -> list[int]:
    """Give lines their items, `{line_id: item_id}`, set their stock aside, oldest order first; the orders that went on.

    Lines of other sellers are left out. An order on hold for its unmatched lines becomes New or Partial once it has
    none; one held for another reason stays on hold.

    Raises:
        LineItemNotFound: An item is not this seller's.
        LineAlreadyMatched: A line has another item already.
    """
    check_items(seller_id, item_by_line.values())
    wanted = OrderLine.objects.filter(order__seller_id=seller_id, pk__in=item_by_line)
    orders = locked(seller_id, wanted.values_list("order_id", flat=True))
    fresh: dict[int, int] = {}
    for line in wanted:
        if line.item_id is None:
            fresh[line.pk] = item_by_line[line.pk]
        elif line.item_id != item_by_line[line.pk]:
            raise LineAlreadyMatched(line_id=line.pk)
    run(MATCH, [list(fresh), list(fresh.values()), seller_id])
    alive = [order for order in orders if order.status in HOLDS_STOCK]
    stands = cover(seller_id, alive, actor=actor)
    moves = [follow(order, stands[order.pk]) for order in alive if open_to_change(order)]
    turns = [turn for turn in moves if turn is not None]
    take(turns, actor=actor, reason="matched", now=now)
    return [turn.order.pk for turn in turns]
