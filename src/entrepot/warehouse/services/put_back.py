"""What was picked for an order that turned back goes on the shelf again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.inventory.bins import NO_BIN
from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.ledger import lock
from entrepot.inventory.models import Bin, BinMove, BinStock, Zone
from entrepot.inventory.services import Carry, carry
from entrepot.kernel.actor import Actor
from entrepot.orders.life import Event, locked_one, write_events
from entrepot.warehouse.models import WorkLine, WorkOrder
from entrepot.warehouse.work import State, lines_of, meaning, work_of
from entrepot.warehouse.work_errors import NothingToPutBack


def to_put_back(*, seller_id: int, warehouse_id: int) -> list[WorkLine]:
    """Lines of recalled work whose goods still lie in staging, the oldest first."""
    rows = WorkLine.objects.filter(work__seller_id=seller_id, work__warehouse_id=warehouse_id)
    rows = rows.filter(work__state=State.RECALLED, picked__gt=0).select_related("item", "work")
    return list(rows.order_by("work__updated_at", "pk"))


@transaction.atomic
def put_back(
    *,
    seller_id: int,
    work_id: int,
    item_code: str,
    bin_code: str,
    actor: Actor,
    quantity: int = 1,
    now: datetime | None = None,
) -> int:
    """Lay `quantity` of an item of recalled work into a bin ("" = none); tells what of the work is left to put back.

    Raises:
        NothingToPutBack: Less of it was picked, or it lies back already.
        BinNotFound: There is no such bin in this warehouse.
        BinClosed: The bin is closed.
        WorkNotFound: There is no such work of this seller.
    """
    order = locked_one(seller_id, work_of(seller_id, work_id).order_id)
    work = work_of(seller_id, work_id)
    lines = lines_of(work)
    meant = meaning(seller_id, item_code)
    fitting = [line for line in lines if work.state == State.RECALLED and line.picked and meant(line.item)]
    left = sum(line.picked for line in fitting)
    if not 0 < quantity <= left:
        raise NothingToPutBack(scanned=item_code.strip()[:80], left=left, number=work.number)
    target = _bin(work, bin_code)
    _carry(work, fitting[0].item_id, quantity, target, actor)
    told = {"warehouse": work.warehouse_id, "sku": fitting[0].item.sku, "quantity": quantity}
    for line in fitting:
        some = min(quantity, line.picked)
        line.picked -= some
        quantity -= some
        line.save(update_fields=["picked"])
    event = Event(order.pk, "work.put_back", order.status, order.status, told)
    write_events([event], actor=actor, now=now or timezone.now())
    return sum(line.picked for line in lines)


def _bin(work: WorkOrder, code: str) -> int | None:
    if not code.strip():
        return None
    rows = Bin.objects.filter(seller_id=work.seller_id, warehouse_id=work.warehouse_id, code=code.strip().upper())
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise BinNotFound(code=code.strip()[:40])
    return found


def _carry(work: WorkOrder, item_id: int, quantity: int, target: int | None, actor: Actor) -> None:
    """Out of staging; what the books have not there (a count, a sale at the desk) is among the unlocated."""
    figures = lock(work.seller_id, [item_id])
    rows = BinStock.objects.filter(
        seller_id=work.seller_id, warehouse_id=work.warehouse_id, item_id=item_id, quantity__gt=0
    )
    staged = rows.filter(bin__zone__kind=Zone.Kind.STAGING).order_by("bin__path", "bin_id")
    there = [*staged.values_list("bin_id", "quantity"), (NO_BIN, figures[item_id, work.warehouse_id].unlocated)]
    carries = []
    for bin_id, lying in there:
        some = min(quantity, lying)
        quantity -= some
        if some and (bin_id or None) != target:
            carries.append(Carry(item_id, some, bin_id or None, target, f"order:{work.order_id}"))
    carry(
        seller_id=work.seller_id,
        warehouse_id=work.warehouse_id,
        carries=carries,
        actor=actor,
        kind=BinMove.Kind.PUT_AWAY,
        reason=work.recall_reason,
    )
