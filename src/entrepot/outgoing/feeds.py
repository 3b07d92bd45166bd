"""What a seller's endpoint has not been told yet, read on in the rows of orders' steps, the ledger and problems.

Each source is read from where the endpoint stands in it. It stands no further than the table is complete (`watermark`),
so rows are met again for a while; a message for a row is written once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from entrepot.catalog.rows import fetch
from entrepot.channels.models import Problem
from entrepot.channels.words import problem_remedy, problem_sentence
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Stock
from entrepot.orders.models import Order, OrderLine
from entrepot.outgoing import watermark
from entrepot.outgoing.kinds import EVENTS, PROBLEM, STOCK
from entrepot.outgoing.models import Endpoint, Notice
from entrepot.outgoing.notices import Draft, owe

AT_ONCE: Final = 200
MOST_WAITING: Final = 1000
"""An endpoint that takes nothing is read no further; the rows wait where they are."""

_STEPS = """
SELECT e.id, k.kind, e.order_id, e.from_status, e.to_status, e.at FROM orders_orderevent e
JOIN orders_order o ON o.id = e.order_id
CROSS JOIN LATERAL (VALUES {kinds}) AS k(kind, holds)
WHERE e.id > %s AND o.seller_id = %s AND k.holds AND k.kind = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM outgoing_notice n WHERE n.endpoint_id = %s AND n.kind = k.kind AND n.source = e.id)
ORDER BY e.id, k.kind LIMIT %s
""".replace("{kinds}", ", ".join(f"('{kind.name}', {kind.holds})" for kind in EVENTS.values()))
_MOVED = """
SELECT max(m.id), m.item_id, m.warehouse_id, max(m.at) FROM inventory_movement m
WHERE m.id > %s AND m.seller_id = %s AND NOT EXISTS (
    SELECT 1 FROM outgoing_notice n WHERE n.endpoint_id = %s AND n.kind = %s AND n.source >= m.id
      AND n.lane = 'stock:' || m.item_id || ':' || m.warehouse_id)
GROUP BY 2, 3 ORDER BY 1 LIMIT %s
"""
_OPENED = """
SELECT p.id FROM channels_problem p WHERE p.id > %s AND p.seller_id = %s
  AND NOT EXISTS (SELECT 1 FROM outgoing_notice n WHERE n.endpoint_id = %s AND n.kind = %s AND n.source = p.id)
ORDER BY p.id LIMIT %s
"""
_Reader = Callable[[Endpoint, int], Sequence[Draft]]


def read_on(endpoint: Endpoint, *, now: datetime) -> int:
    """Write down what the endpoint has asked for and was not told yet; how many messages."""
    if Notice.objects.filter(endpoint=endpoint, taken_at=None).count() >= MOST_WAITING:
        return 0
    made, positions = 0, dict(endpoint.positions)
    for table, reader in _READERS.items():
        complete, stands = watermark.settled(table), int(positions.get(table, 0))
        drafts = reader(endpoint, stands)
        made += owe(endpoint, drafts, now=now)
        if len(drafts) == AT_ONCE:
            complete = min(complete, (drafts[-1].source or 0) - 1)
        positions[table] = max(stands, complete)
    if positions != endpoint.positions:
        endpoint.positions = positions
        endpoint.save(update_fields=["positions"])
    return made


def start() -> dict[str, int]:
    """Where a new endpoint begins to read: now."""
    return {table: watermark.newest(table) for table in watermark.TABLES}


def ahead(endpoint: Endpoint, newest: Mapping[str, int]) -> bool:
    """Whether there is anything behind where the endpoint stands, of whomever."""
    return any(newest[table] > int(endpoint.positions.get(table, 0)) for table in watermark.TABLES)


# --------------------------------------------------------------------------- the three sources


def _steps(endpoint: Endpoint, stands: int) -> Sequence[Draft]:
    wanted = [kind for kind in endpoint.kinds if kind in EVENTS]
    if not wanted:
        return []
    rows = fetch(_STEPS, [stands, endpoint.seller_id, wanted, endpoint.pk, AT_ONCE])
    told = order_words(endpoint.seller_id, {row[2] for row in rows})
    return [
        Draft(
            kind=kind,
            lane=f"order:{order_id}",
            data={**told[order_id], "event_id": event_id, "from_status": before, "to_status": after},
            at=at,
            source=event_id,
        )
        for event_id, kind, order_id, before, after, at in rows
    ]


def order_words(seller_id: int, order_ids: set[int]) -> dict[int, dict[str, Any]]:
    """Orders as messages show them: no word of who bought, that is asked of the API by who may."""
    orders = Order.objects.filter(seller_id=seller_id, pk__in=order_ids).select_related("sales_channel")
    lines: dict[int, list[dict[str, Any]]] = {}
    for line in OrderLine.objects.filter(order__seller_id=seller_id, order__in=order_ids).order_by("position"):
        lines.setdefault(line.order_id, []).append(_line(line))
    parcels: dict[int, list[dict[str, Any]]] = {}
    living = Shipment.objects.filter(seller_id=seller_id, order__in=order_ids).exclude(state=Shipment.State.VOID)
    for parcel in living.order_by("id"):
        parcels.setdefault(parcel.order_id, []).append(parcel_words(parcel))
    return {
        order.pk: {
            "order_id": order.pk,
            "number": order.number,
            "remote_id": order.remote_id,
            "store": {"id": order.sales_channel_id, "name": order.sales_channel.name},
            "status": order.status,
            "placed_at": order.placed_at.isoformat(),
            "currency": order.base_currency,
            "total": format(order.total.normalize(), "f"),
            "lines": lines.get(order.pk, []),
            "parcels": parcels.get(order.pk, []),
        }
        for order in orders
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "line_id": line.pk,
        "item_id": line.item_id,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "canceled": line.canceled,
        "shipped": line.shipped,
        "returned": line.returned,
    }


def parcel_words(parcel: Shipment) -> dict[str, Any]:
    """A parcel as messages show it."""
    return {
        "parcel_id": parcel.pk,
        "state": parcel.state,
        "carrier": parcel.carrier_name or parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
    }


def _moved(endpoint: Endpoint, stands: int) -> Sequence[Draft]:
    """One message for an item and warehouse, however often it moved since: what counts is what is there now."""
    if STOCK.name not in endpoint.kinds:
        return []
    rows = fetch(_MOVED, [stands, endpoint.seller_id, endpoint.pk, STOCK.name, AT_ONCE])
    stock = Stock.objects.filter(seller_id=endpoint.seller_id, item__in={row[1] for row in rows})
    found = {(row.item_id, row.warehouse_id): row for row in stock.select_related("item", "warehouse")}
    drafts = []
    for movement_id, item_id, place, at in rows:
        row = found[item_id, place]
        data = {
            "item_id": item_id,
            "sku": row.item.sku,
            "warehouse": {"id": place, "name": row.warehouse.name},
            "on_hand": row.on_hand,
            "reserved": row.reserved,
            "available": row.on_hand - row.reserved,
            "movement_id": movement_id,
        }
        lane = f"stock:{item_id}:{place}"
        drafts.append(Draft(kind=STOCK.name, lane=lane, data=data, at=at, source=movement_id))
    return drafts


def _opened(endpoint: Endpoint, stands: int) -> Sequence[Draft]:
    if PROBLEM.name not in endpoint.kinds:
        return []
    rows = fetch(_OPENED, [stands, endpoint.seller_id, endpoint.pk, PROBLEM.name, AT_ONCE])
    problems = Problem.objects.filter(seller_id=endpoint.seller_id, pk__in=[row[0] for row in rows]).order_by("pk")
    return [
        Draft(
            kind=PROBLEM.name,
            lane=f"problem:{problem.pk}",
            data={
                "problem_id": problem.pk,
                "code": problem.code,
                "sentence": problem_sentence(problem.code, problem.fields),
                "remedy": problem_remedy(problem.code, problem.fields),
                "object": {"type": problem.object_type, "id": problem.object_id},
                "store_id": problem.store_id,
            },
            at=problem.first_at,
            source=problem.pk,
        )
        for problem in problems
    ]


_READERS: Final[Mapping[str, _Reader]] = {
    "orders_orderevent": _steps,
    "inventory_movement": _moved,
    "channels_problem": _opened,
}
