"""The packing table: every piece is scanned into the parcel, which then has a box and a weight."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from entrepot.catalog.queries import kept_ids
from entrepot.catalog.rows import clip
from entrepot.fulfilment import port
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import READY, RFP
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order
from entrepot.warehouse.done import report_picked
from entrepot.warehouse.models import Pack, Tote, WorkLine, WorkOrder
from entrepot.warehouse.work import State, is_stale, lines_of, meaning, parcel_of, step, work_of
from entrepot.warehouse.work_errors import (
    NotAllPacked,
    NotInOrder,
    NotToBePacked,
    WorkClosed,
    WorkNotFound,
    WorkRecalled,
)


def find_work(*, seller_id: int, warehouse_id: int, scanned: str) -> WorkOrder:
    """The work a packer means by scanning a tote, or the order's number: what is picked first, then the newest.

    Raises:
        WorkNotFound: There is none of this seller in this warehouse.
    """
    code = scanned.strip()
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    found = rows.filter(tote__code=code.upper(), tote__warehouse_id=warehouse_id).first()
    named = rows.filter(number=code).order_by("-pk")
    found = found or named.filter(state=State.PICKED).first() or named.first()
    if found is None:
        raise WorkNotFound(scanned=code[:80])
    return found


def find_work_of_item(*, seller_id: int, warehouse_id: int, scanned: str) -> WorkOrder:
    """The picked work a packer means by scanning one of its pieces: single pieces first, then the most urgent.

    Raises:
        NotToBePacked: No picked order waits for such an item here.
    """
    code = scanned.strip()
    fits = WorkLine.objects.filter(
        Q(item__barcode=code) | Q(item__sku__iexact=code) | Q(item_id__in=kept_ids(seller_id=seller_id, code=code)),
        work__seller_id=seller_id,
        work__warehouse_id=warehouse_id,
        work__state=State.PICKED,
        picked__gt=F("packed"),
    )
    rows = WorkOrder.objects.filter(seller_id=seller_id, pk__in=fits.values("work_id"))
    rows = rows.annotate(pieces=Sum("lines__picked"))
    found = rows.order_by("pieces", F("due").asc(nulls_last=True), "pk").first() if code else None
    if found is None:
        raise NotToBePacked(scanned=code[:80])
    return found


@transaction.atomic
def to_the_table(*, seller_id: int, warehouse_id: int, scanned: str, actor: Actor) -> WorkOrder:
    """Whose turn it is at the packing table, by its tote, its number, or one of its pieces, which counts as scanned.

    Raises:
        WorkRecalled: The order turned back; what was picked of it is to be put back.
        WorkClosed: It is not picked yet, or has left.
        NotToBePacked: Nothing picked here has this code.
    """
    try:
        work = find_work(seller_id=seller_id, warehouse_id=warehouse_id, scanned=scanned)
    except WorkNotFound:
        work = find_work_of_item(seller_id=seller_id, warehouse_id=warehouse_id, scanned=scanned)
        scan_item(seller_id=seller_id, work_id=work.pk, item_code=scanned, actor=actor)
        return work
    if work.state == State.RECALLED:
        raise WorkRecalled(number=work.number, status=work.order.get_status_display(), work_id=work.pk)
    if work.state not in {State.PICKED, State.PACKED}:
        raise WorkClosed(number=work.number, state=State(work.state).label)
    return work


@transaction.atomic
def scan_item(
    *,
    seller_id: int,
    work_id: int,
    item_code: str,
    actor: Actor,  # noqa: ARG001 - every verb names its actor
    quantity: int = 1,
) -> int:
    """Scan `quantity` of an item into the parcel; tells how many pieces are still to be scanned.

    Raises:
        NotInOrder: The order has no such item left to be packed.
        WorkRecalled: The order may not be packed now.
        WorkClosed: It is not picked yet, or packed already.
        WorkNotFound: There is no such work of this seller.
    """
    _, work = _on_the_table(seller_id, work_id)
    lines = lines_of(work)
    meant = meaning(seller_id, item_code)
    fitting = [line for line in lines if line.packed < line.picked and meant(line.item)]
    if not 0 < quantity <= sum(line.picked - line.packed for line in fitting):
        raise NotInOrder(scanned=item_code.strip()[:80], number=work.number)
    for line in fitting:
        some = min(quantity, line.picked - line.packed)
        line.packed += some
        quantity -= some
        line.save(update_fields=["packed"])
    return sum(line.picked - line.packed for line in lines)


@transaction.atomic
def close_parcel(
    *,
    seller_id: int,
    work_id: int,
    actor: Actor,
    box: str = "",
    weight_grams: int | None = None,
    now: datetime | None = None,
) -> Pack:
    """Close the parcel: box and weight go to the desk, the tote is free. An order that was unpacked is Ready again.

    Raises:
        NotAllPacked: Pieces were not scanned yet.
        WeightInvalid: The weight cannot be.
        WorkRecalled: The order may not be packed now.
        WorkClosed: It is not picked yet, or packed already.
        WorkNotFound: There is no such work of this seller.
    """
    at = now or timezone.now()
    order, work = _on_the_table(seller_id, work_id)
    if left := sum(line.picked - line.packed for line in lines_of(work)):
        raise NotAllPacked(number=work.number, left=left)
    if order.status == RFP:
        report_picked(order, actor=actor, now=at)
    parcel = parcel_of(order, work)
    if parcel is not None:
        words = port.Packed(order_id=order.pk, box=box, weight_grams=weight_grams, shipment_id=parcel.pk)
        port.apply(seller_id=seller_id, message=words, actor=actor, now=at)
    made = Pack.objects.create(
        seller_id=seller_id,
        work=work,
        shipment=parcel,
        box=clip(box.strip(), 40),
        weight_grams=weight_grams,
        packed_at=at,
        packed_by=clip(actor.label, 120),
    )
    Tote.objects.filter(seller_id=seller_id, work=work).update(work=None)
    step(work, order, "pack", actor=actor, now=at, facts={"box": made.box, "weight_grams": weight_grams})
    return made


def _on_the_table(seller_id: int, work_id: int) -> tuple[Order, WorkOrder]:
    order = locked_one(seller_id, work_of(seller_id, work_id).order_id)
    work = work_of(seller_id, work_id)
    if work.state == State.RECALLED or order.status not in {READY, RFP} or is_stale(order, work):
        raise WorkRecalled(number=order.number, status=order.get_status_display())
    if work.state != State.PICKED:
        raise WorkClosed(number=work.number, state=State(work.state).label)
    return order, work
