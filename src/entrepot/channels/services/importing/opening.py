"""The last step of a first import: what is available here is what the store shows, to the unit.

Products are read first, orders after them, and the shop goes on selling meanwhile. So when the orders are in, the
store's figures are read once more, then its newest orders. An item whose figure in our books did not move between the
two readings can be compared: both speak of the same orders. Where it moved, it is looked at again. No clock is needed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import structlog
from django.db import connection

from entrepot.channels.models import Listing, Store
from entrepot.connectors.contract import StockSink
from entrepot.inventory.models import Stock
from entrepot.inventory.services import default_warehouse
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Refused
from entrepot.orders.flow import HOLDS_STOCK
from entrepot.orders.services import recount

log = structlog.get_logger(__name__)

ROUNDS = 6
FETCH_AT_ONCE = 1000
REASON = "The store's figure, read again after its orders"

_OPENED = "SELECT DISTINCT item_id FROM inventory_movement WHERE seller_id = %s AND reference = %s AND kind = 'opening'"
_MOVED = """
SELECT item_id, sum(version)::bigint FROM inventory_stock WHERE seller_id = %s AND item_id = ANY(%s) GROUP BY item_id
"""
_STILL_HERE = """
SELECT line.item_id, sum(line.quantity - line.canceled - line.shipped)::int
FROM orders_orderline line
JOIN orders_order parent ON parent.id = line.order_id
JOIN channels_statusmapping meaning
     ON meaning.store_id = parent.sales_channel_id AND meaning.remote_id = parent.remote_status_id
WHERE parent.seller_id = %s AND parent.sales_channel_id = %s AND parent.status = ANY(%s) AND line.item_id = ANY(%s)
  AND meaning.takes_stock
GROUP BY line.item_id
"""
_SEEN = """
UPDATE channels_listing listing SET seen_quantity = shown.quantity, seen_at = now(), updated_at = now()
FROM unnest(%s::bigint[], %s::int[]) AS shown(id, quantity)
WHERE listing.id = shown.id AND (listing.seen_at IS NULL OR listing.seen_quantity IS DISTINCT FROM shown.quantity)
"""


def settle_opening(
    store: Store, *, sink: StockSink, reference: str, catch_up: Callable[[], None], actor: Actor
) -> dict[str, int]:
    """Bring every item that this import opened to the figure the store shows; what was done, counted.

    `catch_up` reads the store's newest orders. Items that other stores brought are left alone.
    """
    left = _opened_here(store, reference)
    report = {"stock_checked": len(left), "stock_corrected": 0, "stock_unsettled": 0}
    for number in range(ROUNDS):
        if not left:
            break
        places = _places(store, left)
        before = _versions(store, left)
        ids = sorted({listing.remote_id for listing in places.values()})
        shown = _shown(sink, None if number == 0 else ids)
        catch_up()
        after = _versions(store, left)
        still = {item_id for item_id in left if before.get(item_id) == after.get(item_id)}
        moved, refused = _correct(store, {item: places[item] for item in still & places.keys()}, shown, actor)
        report["stock_corrected"] += moved
        report["stock_unsettled"] += refused
        left -= still
    report["stock_unsettled"] += len(left)
    return report


def _opened_here(store: Store, reference: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [store.seller_id, reference])
        return {row[0] for row in cursor.fetchall()}


def _versions(store: Store, items: Iterable[int]) -> dict[int, int]:
    """How often the stock of each item has moved; plain rows, as an import opens no kits."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [store.seller_id, sorted(items)])
        return dict(cursor.fetchall())


def _places(store: Store, items: Iterable[int]) -> dict[int, Listing]:
    """The listing that speaks for each item: the one it was opened from, the lowest where a person made several."""
    rows = Listing.objects.filter(store=store, seller_id=store.seller_id, item_id__in=list(items))
    rows = rows.filter(state__in=[Listing.State.ACTIVE, Listing.State.INACTIVE]).order_by("-pk")
    return {row.item_id: row for row in rows if row.item_id is not None}


def _shown(sink: StockSink, remote_ids: Sequence[str] | None) -> dict[tuple[str, str], int]:
    asked: list[Sequence[str] | None] = [None]
    if remote_ids is not None:
        asked = [remote_ids[start : start + FETCH_AT_ONCE] for start in range(0, len(remote_ids), FETCH_AT_ONCE)]
    return {
        (level.remote_id, level.variation_key): level.quantity
        for some in asked
        for level in sink.seen(some)
        if level.quantity is not None
    }


def _correct(
    store: Store, places: Mapping[int, Listing], shown: Mapping[tuple[str, str], int], actor: Actor
) -> tuple[int, int]:
    """Put on hand what the store shows and what its orders hold that have not left; how many moved, and refused to.

    Each item by itself: a recount locks orders, then stock (docs/locks.md). An order that comes in between changes
    nothing here, as what is on hand does not depend on it.
    """
    figures = {
        item_id: shown[place.remote_id, place.variation_key]
        for item_id, place in places.items()
        if (place.remote_id, place.variation_key) in shown
    }
    warehouse = default_warehouse(seller_id=store.seller_id, actor=actor)
    standing = Stock.objects.filter(seller_id=store.seller_id, warehouse=warehouse, item_id__in=figures)
    on_hand = dict(standing.values_list("item_id", "on_hand"))
    held = _still_here(store, list(figures))
    moved = refused = 0
    for item_id, figure in sorted(figures.items()):
        wanted = max(figure + held.get(item_id, 0), 0)
        if on_hand.get(item_id) in {wanted, None}:
            continue
        try:
            recount(seller_id=store.seller_id, item_id=item_id, on_hand=wanted, reason=REASON, actor=actor)
            moved += 1
        except Refused as error:
            log.warning("opening_not_corrected", store=store.pk, item=item_id, code=error.code)
            refused += 1
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [[places[item_id].pk for item_id in figures], list(figures.values())])
    return moved, refused


def _still_here(store: Store, items: Sequence[int]) -> dict[int, int]:
    """What this store's orders have taken off its counter and what has not left the warehouse yet, by item."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_HERE, [store.seller_id, store.pk, sorted(HOLDS_STOCK), list(items)])
        return dict(cursor.fetchall())
