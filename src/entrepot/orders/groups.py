"""Orders that leave in one parcel (merged, 합포장): who may go together, who does, and who could."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.orders.flow import CANCELED_FOR_GOOD, CANCELING, NEW, RFP
from entrepot.orders.merge_errors import (
    MergeElsewhere,
    MergeNotOpen,
    MergeOtherAddress,
    MergeOtherBuyer,
    MergePickup,
    MergeUnknownBuyer,
)
from entrepot.orders.models import Order

OUT: Final = CANCELED_FOR_GOOD | CANCELING
"""Orders that are in their group no more, whatever is written on them."""

# Blanks and punctuation are left out, so that one address typed twice is one address.
_MARKS = r"[\s\-_.,;:()/#·]+"
_WHO = """
regexp_replace(lower(o.buyer_name), %(marks)s, '', 'g') AS buyer,
regexp_replace(o.buyer_phone, '[^0-9]+', '', 'g') AS phone,
regexp_replace(lower(concat_ws('', o.shipping ->> 'name', o.shipping ->> 'country_code', o.shipping ->> 'postcode',
                               o.shipping ->> 'city', o.shipping ->> 'line1', o.shipping ->> 'line2')),
               %(marks)s, '', 'g') AS address,
ARRAY(SELECT DISTINCT r.warehouse_id FROM orders_orderline l
      JOIN inventory_reservation r ON r.reference = 'line:' || l.id AND r.seller_id = o.seller_id
      WHERE l.order_id = o.id ORDER BY 1) AS places
"""
_TRAITS = f"SELECT o.id, {_WHO} FROM orders_order o WHERE o.seller_id = %(seller)s AND o.id = ANY(%(ids)s)"  # noqa: S608 - put together from constants
_ALIKE = f"""
WITH open AS (
    SELECT o.id, o.pack_group_id, {_WHO} FROM orders_order o
    WHERE o.seller_id = %(seller)s AND o.status IN ('new', 'rfp') AND NOT o.pickup AND o.shipping IS NOT NULL
      AND o.buyer_phone <> '' AND (%(channels)s::bigint[] IS NULL OR o.sales_channel_id = ANY(%(channels)s))
)
SELECT min(id), array_agg(id ORDER BY id) FROM open
WHERE phone <> '' AND cardinality(places) = 1
GROUP BY buyer, phone, address, places
HAVING count(*) > 1 AND count(DISTINCT coalesce(pack_group_id, -id)) > 1
   AND min(id) > %(after)s AND (%(with_id)s::bigint IS NULL OR %(with_id)s = ANY(array_agg(id)))
ORDER BY 1 LIMIT %(limit)s
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Traits:
    """What must be alike: buyer, phone and address without blanks and punctuation, and where the goods lie."""

    buyer: str
    phone: str
    address: str
    places: tuple[int, ...]


def traits(*, seller_id: int, order_ids: Sequence[int]) -> dict[int, Traits]:
    """What these orders are compared by."""
    rows = _rows(_TRAITS, {"seller": seller_id, "ids": list(order_ids)})
    return {row[0]: Traits(row[1], row[2], row[3], tuple(row[4])) for row in rows}


def check_alone(order: Order, mine: Traits) -> None:
    """Refuse what cannot share a parcel with anybody.

    Raises:
        MergeNotOpen: It is packed, over, on hold, waits for stock, or is being canceled.
        MergePickup: The buyer fetches it.
        MergeUnknownBuyer: It names no buyer, phone or address.
        MergeElsewhere: Its own goods lie in several warehouses.
    """
    if order.status not in {NEW, RFP}:
        raise MergeNotOpen(number=order.number, status=order.get_status_display(), order_id=order.pk)
    if order.pickup:
        raise MergePickup(number=order.number, order_id=order.pk)
    if not (mine.buyer and mine.phone and mine.address):
        raise MergeUnknownBuyer(number=order.number, order_id=order.pk)
    if len(mine.places) > 1:
        raise MergeElsewhere(number=order.number, other=order.number, order_id=order.pk)


def check_alike(order: Order, other: Order, mine: Traits, theirs: Traits) -> None:
    """Refuse two orders that cannot share a parcel.

    Raises:
        MergeOtherBuyer, MergeOtherAddress, MergeElsewhere: What is not alike.
    """
    words: dict[str, Any] = {"number": order.number, "other": other.number, "order_id": order.pk}
    if (mine.buyer, mine.phone) != (theirs.buyer, theirs.phone):
        raise MergeOtherBuyer(**words)
    if mine.address != theirs.address:
        raise MergeOtherAddress(**words)
    if mine.places != theirs.places:
        raise MergeElsewhere(**words)


def together(*, seller_id: int, order_id: int) -> list[Order]:
    """The orders that share a parcel with this one, itself among them, by id; it alone where there is no group."""
    rows = Order.objects.filter(seller_id=seller_id)
    found = rows.filter(pk=order_id).first()
    if found is None or found.pack_group_id is None or found.status in OUT:
        return [found] if found else []
    return list(rows.filter(pack_group_id=found.pack_group_id).exclude(status__in=OUT).order_by("pk"))


def suggestions(
    *, seller_id: int, channel_ids: Sequence[int] | None = None, after: str = "", limit: int = PAGE_SIZE
) -> Page[list[Order]]:
    """Open orders of one buyer to one address that lie in one warehouse and do not share a parcel yet."""
    key = read_bookmark(after, int)
    facts = {"seller": seller_id, "channels": _listed(channel_ids), "with_id": None}
    rows = _rows(_ALIKE, {**facts, "after": key[0] if key else 0, "limit": limit + 1})
    ids = [one for row in rows for one in row[1]]
    orders = {one.pk: one for one in _orders(seller_id, ids)}
    groups = [[orders[one] for one in row[1]] for row in rows]
    return page_of(groups, limit=limit, key=lambda group: (group[0].pk,))


def suggested_for(*, seller_id: int, order: Order, channel_ids: Sequence[int] | None = None) -> list[Order]:
    """Open orders that could share a parcel with this one and do not yet."""
    if order.status not in {NEW, RFP} or order.pickup or not order.buyer_phone:
        return []
    facts = {"seller": seller_id, "channels": _listed(channel_ids), "with_id": order.pk, "after": 0, "limit": 1}
    rows = _rows(_ALIKE, facts)
    ids = [one for row in rows for one in row[1] if one != order.pk]
    found = _orders(seller_id, ids)
    return [one for one in found if order.pack_group_id is None or one.pack_group_id != order.pack_group_id]


def _orders(seller_id: int, ids: Sequence[int]) -> list[Order]:
    rows = Order.objects.filter(seller_id=seller_id, pk__in=ids).select_related("sales_channel")
    return list(rows.order_by("pk"))


def _listed(channel_ids: Sequence[int] | None) -> list[int] | None:
    return None if channel_ids is None else list(channel_ids)


def _rows(statement: str, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**facts, "marks": _MARKS})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
