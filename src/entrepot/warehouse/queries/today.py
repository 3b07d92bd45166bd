"""What waits in a warehouse, for how long, and who has done what today."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as HowMany
from django.db.models import F, Min, Q, QuerySet, Sum

from entrepot.inventory.models import BinMove, Movement, Stock
from entrepot.warehouse.models import (
    Count,
    Manifest,
    ManifestLine,
    Pack,
    PickLine,
    Receipt,
    Return,
    WorkLine,
    WorkOrder,
)

State = WorkOrder.State


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many things wait at a step, the oldest `since`."""

    step: str
    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Done:
    """What one person did today, in pieces (packed: parcels)."""

    person: str
    received: int = 0
    put_away: int = 0
    picked: int = 0
    packed: int = 0
    handed_over: int = 0


def waiting(*, seller_id: int, warehouse_id: int, channel_ids: Sequence[int] | None = None) -> Sequence[Waiting]:
    """What waits at each step of a warehouse, from receiving to the door and back."""
    here = {"seller_id": seller_id, "warehouse_id": warehouse_id}
    work = WorkOrder.objects.filter(**here).exclude(state__in=[State.HANDED_OVER, State.RECALLED])
    back = Return.objects.filter(**here)
    if channel_ids is not None:
        work = work.filter(order__sales_channel_id__in=channel_ids)
        back = back.filter(order__sales_channel_id__in=channel_ids)
    stages = {
        row["state"]: (row["n"], row["since"])
        for row in work.order_by().values("state").annotate(n=HowMany("pk"), since=Min("updated_at"))
    }
    loose = Stock.objects.filter(**here, on_hand__gt=F("located"))
    return [
        _of("receipts", Receipt.objects.filter(**here, state=Receipt.State.OPEN), "created_at"),
        _of("put_away", loose, "changed_at"),
        *(Waiting(state, *stages.get(state, (0, None))) for state in State.values[:4]),
        _of("manifests", Manifest.objects.filter(**here, state=Manifest.State.OPEN), "created_at"),
        _of("put_back", _to_put_back(here, channel_ids), "work__updated_at"),
        _of("returns", back.filter(state__in=[Return.State.EXPECTED, Return.State.RECEIVED]), "created_at"),
        _of("counting", Count.objects.filter(**here, state=Count.State.COUNTING), "started_at"),
        _of("to_approve", Count.objects.filter(**here, state=Count.State.TO_APPROVE), "started_at"),
    ]


def _of(step: str, rows: QuerySet[Any], since: str) -> Waiting:
    found = rows.aggregate(n=HowMany("pk"), since=Min(since))
    return Waiting(step, found["n"], found["since"])


def _to_put_back(here: Mapping[str, int], channel_ids: Sequence[int] | None) -> QuerySet[WorkLine]:
    rows = WorkLine.objects.filter(work__seller_id=here["seller_id"], work__warehouse_id=here["warehouse_id"])
    if channel_ids is not None:
        rows = rows.filter(work__order__sales_channel_id__in=channel_ids)
    return rows.filter(work__state=State.RECALLED, picked__gt=0)


def done_today(*, seller_id: int, warehouse_id: int, since: datetime) -> Sequence[Done]:
    """Who has done what in a warehouse since a moment (the day's beginning), the busiest first."""
    here = {"seller_id": seller_id, "warehouse_id": warehouse_id}
    deeds: dict[str, dict[str, int]] = defaultdict(dict)
    moves = BinMove.objects.filter(**here, at__gte=since, kind__in=[BinMove.Kind.PICK, BinMove.Kind.PUT_AWAY])
    for who, kind, pieces in moves.order_by().values_list("actor_label", "kind").annotate(n=Sum("quantity")):
        deeds[who]["picked" if kind == BinMove.Kind.PICK else "put_away"] = pieces
    came = Movement.objects.filter(
        **here, at__gte=since, kind__in=[Movement.Kind.RECEIPT, Movement.Kind.TRANSFER_IN], on_hand_delta__gt=0
    )
    for who, pieces in came.order_by().values_list("actor_label").annotate(n=Sum("on_hand_delta")):
        deeds[who]["received"] = pieces
    packs = Pack.objects.filter(seller_id=seller_id, work__warehouse_id=warehouse_id, packed_at__gte=since)
    for who, parcels in packs.order_by().values_list("packed_by").annotate(n=HowMany("pk")):
        deeds[who]["packed"] = parcels
    scans = ManifestLine.objects.filter(
        manifest__seller_id=seller_id, manifest__warehouse_id=warehouse_id, scanned_at__gte=since
    )
    for who, parcels in scans.order_by().values_list("scanned_by").annotate(n=HowMany("pk")):
        deeds[who]["handed_over"] = parcels
    people = [Done(person=who, **done) for who, done in deeds.items()]
    return sorted(people, key=lambda one: (-(one.picked + one.received + one.put_away + 3 * one.packed), one.person))


def overdue(*, seller_id: int, warehouse_id: int, now: datetime, channel_ids: Sequence[int] | None = None) -> int:
    """How much open work should have left by now."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, due__lt=now)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    return rows.exclude(state__in=[State.HANDED_OVER, State.RECALLED]).count()


def short_since(*, seller_id: int, warehouse_id: int, since: datetime) -> int:
    """How many pieces pickers did not find on the lists of waves made since a moment."""
    rows = PickLine.objects.filter(
        Q(short__gt=0),
        pick_list__seller_id=seller_id,
        pick_list__wave__warehouse_id=warehouse_id,
        pick_list__wave__created_at__gte=since,
    )
    return int(rows.aggregate(n=Sum("short", default=0))["n"])
