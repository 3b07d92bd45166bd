"""A whole warehouse: who works there, whether it is open; totes; which work is urgent."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from entrepot.accounts.services import audit
from entrepot.inventory.models import Warehouse
from entrepot.inventory.services import close_warehouse, set_mode
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.orders.life import locked
from entrepot.warehouse.errors import PapersOpen, ToteInUse, ToteNotFound, WorkBegun
from entrepot.warehouse.models import Count, Manifest, Receipt, Return, Tote, WorkOrder
from entrepot.warehouse.queries.waiting import to_follow
from entrepot.warehouse.services.release import follow
from entrepot.warehouse.work import OVER, State

BEGUN = (State.PICKING, State.PICKED, State.PACKED)


@transaction.atomic
def change_mode(
    *, seller_id: int, warehouse_id: int, mode: str, actor: Actor, now: datetime | None = None
) -> Sequence[int]:
    """Say who picks and packs in a warehouse, and take its open work along; tells which orders were touched.

    Orders that wait there untouched become work (or stop being work) at once. What somebody has begun is finished, or
    taken back to the desk, before the mode changes.

    Raises:
        WorkBegun: Orders are being picked or packed there.
        WarehouseNotFound: It is closed, or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    told = Warehouse.Mode(mode)
    if Warehouse.objects.filter(seller_id=seller_id, pk=place, mode=told).exists():
        return []
    waiting = to_follow(seller_id=seller_id, warehouse_id=place)
    locked(seller_id, waiting)  # nobody begins one of them behind our back
    begun = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=place, state__in=BEGUN)
    if orders := begun.count():
        raise WorkBegun(orders=orders)
    set_mode(seller_id=seller_id, warehouse_id=place, mode=told, actor=actor)
    for order_id in waiting:
        follow(seller_id=seller_id, order_id=order_id, actor=actor, now=now)
    return waiting


@transaction.atomic
def close_house(*, seller_id: int, warehouse_id: int, actor: Actor) -> None:
    """Close a warehouse in which nothing lies and nothing is going on; a repeat does nothing.

    Raises:
        PapersOpen: Orders, receipts, counts, manifests or returns are open there.
        WarehouseIsDefault, WarehouseNotEmpty, WarehouseNotFound: As `inventory.services.close_warehouse` refuses.
    """
    here = {"seller_id": seller_id, "warehouse_id": warehouse_id}
    papers = WorkOrder.objects.filter(**here).exclude(state__in=OVER).count()
    papers += Receipt.objects.filter(**here, state=Receipt.State.OPEN).count()
    papers += Receipt.objects.filter(
        seller_id=seller_id, from_warehouse_id=warehouse_id, state=Receipt.State.OPEN
    ).count()
    papers += Count.objects.filter(**here, state__in=[Count.State.COUNTING, Count.State.TO_APPROVE]).count()
    papers += Manifest.objects.filter(**here, state=Manifest.State.OPEN).count()
    papers += Return.objects.filter(**here, state__in=[Return.State.EXPECTED, Return.State.RECEIVED]).count()
    if papers:
        raise PapersOpen(papers=papers)
    close_warehouse(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)


@transaction.atomic
def use_tote(*, seller_id: int, tote_id: int, active: bool, actor: Actor) -> Tote:
    """Take a tote out of use, or use it again; a repeat does nothing.

    Raises:
        ToteInUse: Something is in it.
        ToteNotFound: There is no such tote of this seller.
    """
    found = Tote.objects.select_for_update(of=("self",)).filter(seller_id=seller_id, pk=tote_id).first()
    if found is None:
        raise ToteNotFound(tote_id=tote_id)
    if not active and found.work_id is not None:
        raise ToteInUse(tote=found.code)
    if found.active != active:
        found.active = active
        found.save(update_fields=["active"])
        verb = "warehouse.use_tote" if active else "warehouse.retire_tote"
        _story(seller_id, verb, "tote", found.pk, actor, code=found.code)
    return found


@transaction.atomic
def set_due(*, seller_id: int, work_ids: Sequence[int], due: datetime | None, actor: Actor) -> int:
    """Say by when work should leave (None = whenever); waves take the soonest first. Tells how many were changed."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, pk__in=work_ids).exclude(state__in=OVER)
    ids = sorted(rows.values_list("pk", flat=True))
    WorkOrder.objects.filter(seller_id=seller_id, pk__in=ids).update(due=due)
    for work_id in ids:
        _story(seller_id, "warehouse.set_due", "work", work_id, actor, due=due.isoformat() if due else None)
    return len(ids)


def _story(seller_id: int, verb: str, kind: str, object_id: int, actor: Actor, **facts: object) -> None:
    audit(seller_id=seller_id, actor=actor, verb=verb, object_type=kind, object_id=object_id, facts=facts)
