"""What the system of an external warehouse is to be told of its orders: where each stands against what was told.

Nothing is sent because something happened. An order's `stamp` stands for everything a message could be about; where it
is not the one last compared, the order is looked at and the difference is owed. Of one order nothing new is written
while a message of it waits, so that what comes next is what is true then.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from entrepot.catalog.rows import fetch
from entrepot.fulfilment import port
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Warehouse
from entrepot.orders.flow import RFP
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order, OrderLine, Status
from entrepot.outgoing.label import label_words
from entrepot.outgoing.models import Endpoint, Told
from entrepot.outgoing.notices import Draft, owe
from entrepot.warehouse.models import WorkLine, WorkOrder

AT_ONCE: Final = 200
State = WorkOrder.State
WORKED_ON: Final = frozenset({State.RELEASED, State.PICKING, State.PICKED, State.PACKED})
OWN_AGAIN: Final = "own_again"
"""The seller works in the house again; nobody there has begun the order."""
STANDS: Final = frozenset({"order.released", "order.changed"})
_CHANGED = """
SELECT c.order_id, md5(s.stamp) FROM (
    SELECT k.order_id FROM warehouse_workorder k
    JOIN inventory_warehouse w ON w.id = k.warehouse_id AND w.mode = 'external'
    WHERE k.warehouse_id = %(place)s AND k.state IN ('released', 'picking', 'picked', 'packed')
  UNION
    SELECT t.order_id FROM outgoing_told t WHERE t.endpoint_id = %(endpoint)s AND NOT t.over
  UNION
    SELECT k.order_id FROM orders_order o JOIN warehouse_workorder k ON k.order_id = o.id
    JOIN inventory_warehouse w ON w.id = k.warehouse_id AND w.mode = 'external'
    WHERE o.seller_id = %(seller)s AND o.status = 'return_in_process' AND k.warehouse_id = %(place)s
      AND k.state = 'handed_over'
) c
JOIN orders_order o ON o.id = c.order_id
LEFT JOIN outgoing_told t ON t.endpoint_id = %(endpoint)s AND t.order_id = c.order_id
CROSS JOIN LATERAL (SELECT concat_ws('|', o.version, o.status, o.held_from,
    (SELECT w.mode FROM inventory_warehouse w WHERE w.id = %(place)s),
    (SELECT string_agg(concat_ws('.', k.id, k.state), ',' ORDER BY k.id) FROM warehouse_workorder k
     WHERE k.order_id = o.id AND k.warehouse_id = %(place)s),
    (SELECT sum(l.quantity) FROM warehouse_workline l JOIN warehouse_workorder k ON k.id = l.work_id
     WHERE k.order_id = o.id AND k.warehouse_id = %(place)s),
    (SELECT string_agg(concat_ws('.', p.id, p.version, p.label_made_at IS NOT NULL), ',' ORDER BY p.id)
     FROM fulfilment_shipment p WHERE p.order_id = o.id)) AS stamp) s
WHERE t.stamp IS DISTINCT FROM md5(s.stamp)
  AND NOT EXISTS (SELECT 1 FROM outgoing_notice n
    WHERE n.endpoint_id = %(endpoint)s AND n.lane = 'order:' || c.order_id AND n.taken_at IS NULL)
ORDER BY c.order_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything of one order that its warehouse's system could be told. `theirs`: it is who works there."""

    order: Order
    work: WorkOrder
    lines: Sequence[WorkLine]
    parcels: Sequence[Shipment]
    theirs: bool


def changed(endpoint: Endpoint, *, limit: int = AT_ONCE) -> list[tuple[int, str]]:
    """`(order, stamp)` of orders that stand other than when they were last compared."""
    facts = {
        "place": endpoint.warehouse_id,
        "endpoint": endpoint.pk,
        "seller": endpoint.seller_id,
        "limit": limit,
    }
    return [(row[0], row[1]) for row in fetch(_CHANGED, facts)]


def compare(endpoint: Endpoint, *, now: datetime) -> int:
    """Write down what the warehouse's system is owed; how many messages."""
    return sum(_compare(endpoint, order_id, stamp, now) for order_id, stamp in changed(endpoint))


@transaction.atomic
def _compare(endpoint: Endpoint, order_id: int, stamp: str, now: datetime) -> int:
    order = locked_one(endpoint.seller_id, order_id)
    standing = _standing(endpoint, order)
    told, _ = Told.objects.get_or_create(endpoint=endpoint, order=order, defaults={"stamp": ""})
    facts: dict[str, list[str]] = dict(told.facts)
    drafts = []
    for subject, kind, data in _wanted(standing, facts):
        known = facts.get(subject)
        digest = _digest(data)
        if not kind:
            facts.pop(subject, None)
        elif known != [kind, digest]:
            facts[subject] = [kind, digest]
            drafts.append(Draft(kind=kind, lane=f"order:{order_id}", data=data, at=now))
    told.facts, told.stamp = facts, stamp
    worked_on = standing.work.state in WORKED_ON and standing.theirs
    told.over = not worked_on and order.status != Status.RETURN_IN_PROCESS
    told.save(update_fields=["facts", "stamp", "over"])
    return owe(endpoint, _with_labels(endpoint, standing, drafts), now=now)


def _standing(endpoint: Endpoint, order: Order) -> Standing:
    rows = WorkOrder.objects.filter(seller_id=order.seller_id, order=order, warehouse_id=endpoint.warehouse_id or 0)
    works = list(rows.order_by("pk"))
    work = next((one for one in works if one.state in WORKED_ON), works[-1])
    lines = WorkLine.objects.filter(work__seller_id=order.seller_id, work=work).select_related("item")
    lines_here = list(lines.order_by("order_line__position", "item__sku"))
    parcels = Shipment.objects.filter(seller_id=order.seller_id, order=order).prefetch_related("lines")
    ours = {line.order_line_id for line in lines_here}
    here = [one for one in parcels.order_by("pk") if ours & {row.order_line_id for row in one.lines.all()}]
    theirs = Warehouse.objects.filter(
        seller_id=order.seller_id, pk=endpoint.warehouse_id or 0, mode=Warehouse.Mode.EXTERNAL
    ).exists()
    return Standing(order, work, lines_here, here, theirs)


# --------------------------------------------------------------------------- what there is to say

_Wanted = tuple[str, str, dict[str, Any]]
"""A subject of the order, the kind of message that says how it stands ("" = forget it), and what it says."""


def _wanted(standing: Standing, told: Mapping[str, list[str]]) -> list[_Wanted]:
    return [
        *_voided(standing, told),
        *_order(standing, told.get("order")),
        *_labelled(standing),
        *_return(standing, told),
    ]


def _order(standing: Standing, told: list[str] | None) -> list[_Wanted]:
    work = standing.work
    if work.state in WORKED_ON and not standing.theirs:
        return [_recalled(standing, OWN_AGAIN, 0)] if told and told[0] in STANDS else []
    if work.state in WORKED_ON:
        data = release_words(standing)
        if told is None or told[0] not in STANDS:
            return [("order", "order.released", data)]
        same = told[1] == _digest(data)
        return [("order", told[0] if same else "order.changed", data)]
    if work.state == State.RECALLED and told and told[0] in STANDS:
        return [_recalled(standing, work.recall_reason, sum(line.picked for line in standing.lines))]
    return []


def _recalled(standing: Standing, reason: str, back: int) -> _Wanted:
    work = standing.work
    recall = port.Recall(order_id=standing.order.pk, warehouse_id=work.warehouse_id, reason=reason)
    return ("order", "order.recalled", {**asdict(recall), "number": work.number, "put_back": back})


def release_words(standing: Standing) -> dict[str, Any]:
    """A release as its message says it: what to take, where it goes, and whether it is stopped."""
    order, work = standing.order, standing.work
    release = port.Release(
        order_id=order.pk,
        warehouse_id=work.warehouse_id,
        number=order.number,
        lines=[
            port.ReleasedLine(
                line_id=line.order_line_id,
                item_id=line.item_id,
                sku=line.item.sku,
                barcode=line.item.barcode,
                name=line.item.name,
                quantity=line.quantity,
            )
            for line in standing.lines
        ],
        ship_to=order.shipping or {},
        carrier=work.carrier,
        due=work.due,
    )
    due = work.due.isoformat() if work.due else None
    stopped = order.status not in {RFP, Status.READY_TO_SHIP}
    return {**asdict(release), "due": due, "work_id": work.pk, "stopped": stopped}


def _labelled(standing: Standing) -> list[_Wanted]:
    found: list[_Wanted] = []
    if standing.work.state not in WORKED_ON or not standing.theirs:
        return found
    for parcel in standing.parcels:
        if parcel.state == Shipment.State.PACKED and parcel.label_made_at is not None:
            message = port.Labelled(
                order_id=standing.order.pk,
                warehouse_id=standing.work.warehouse_id,
                parcel_id=parcel.pk,
                carrier=parcel.carrier_name or parcel.carrier,
                tracking_number=parcel.tracking_number,
                tracking_url=parcel.tracking_url,
                quantities={row.order_line_id: row.quantity for row in parcel.lines.all()},
            )
            lines = [{"line_id": line_id, "quantity": amount} for line_id, amount in message.quantities.items()]
            words = {key: value for key, value in asdict(message).items() if key != "quantities"}
            found.append((f"parcel:{parcel.pk}", "parcel.labelled", {**words, "lines": lines}))
    return found


def _voided(standing: Standing, told: Mapping[str, list[str]]) -> list[_Wanted]:
    void = {one.pk for one in standing.parcels if one.state == Shipment.State.VOID}
    found: list[_Wanted] = []
    for subject, (kind, _) in told.items():
        number = int(subject.partition(":")[2] or 0)
        if kind == "parcel.labelled" and number in void:
            message = port.Voided(order_id=standing.order.pk, warehouse_id=standing.work.warehouse_id, parcel_id=number)
            found.append((subject, "parcel.voided", asdict(message)))
    return found


def _return(standing: Standing, told: Mapping[str, list[str]]) -> list[_Wanted]:
    order, work = standing.order, standing.work
    if order.status != Status.RETURN_IN_PROCESS or work.state != State.HANDED_OVER:
        return [("return", "", {})] if "return" in told else []
    if "return" in told:
        return []
    ours = {line.order_line_id for line in standing.lines}
    lines = OrderLine.objects.filter(order__seller_id=order.seller_id, order=order, pk__in=ours).order_by("position")
    left = {line.pk: line.shipped - line.returned for line in lines if line.shipped > line.returned}
    message = port.ReturnExpected(
        order_id=order.pk, warehouse_id=work.warehouse_id, number=order.number, quantities=left
    )
    words = {key: value for key, value in asdict(message).items() if key != "quantities"}
    rows = [{"line_id": line.pk, "sku": line.sku, "quantity": left[line.pk]} for line in lines if line.pk in left]
    return [("return", "return.expected", {**words, "lines": rows})]


def _with_labels(endpoint: Endpoint, standing: Standing, drafts: Sequence[Draft]) -> list[Draft]:
    """The label itself goes along as its link, or whole; it is no part of what is compared."""
    found = []
    for draft in drafts:
        data = dict(draft.data)
        if draft.kind == "parcel.labelled":
            parcel = next(one for one in standing.parcels if one.pk == data["parcel_id"])
            data["label"] = label_words(endpoint, parcel)
        found.append(Draft(kind=draft.kind, lane=draft.lane, data=data, at=draft.at))
    return found


def _digest(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:32]
