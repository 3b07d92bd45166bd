"""What picking takes back: a piece that was scanned by mistake, and a bin that holds less than it should."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from entrepot.inventory.models import BinMove
from entrepot.inventory.services import Carry, carry
from entrepot.kernel.actor import Actor
from entrepot.orders.life import locked
from entrepot.orders.models import Order
from entrepot.warehouse.models import PickLine, PickList, WorkLine
from entrepot.warehouse.services.bins import staging_bin
from entrepot.warehouse.services.picking import report_short
from entrepot.warehouse.work import State
from entrepot.warehouse.work_errors import (
    ListClosed,
    PickedWhole,
    PickListNotFound,
    TooManyPicked,
    TooManyTakenBack,
)

OPEN = (PickList.State.OPEN, PickList.State.PICKING)


@dataclass(frozen=True, slots=True)
class Missing:
    """An order that lacks `quantity` now; `goes_on`: it takes them from elsewhere, else it waits as Partial."""

    number: str
    quantity: int
    goes_on: bool


@transaction.atomic
def unpick(*, seller_id: int, lines: Mapping[int, int], actor: Actor) -> list[PickLine]:
    """Take a scan back: `{pick line: quantity}` lie in their bins again and are to be picked.

    Raises:
        TooManyTakenBack: Less of a line was picked.
        PickedWhole: Its order is picked and on its way to the packing table, or recalled.
        ListClosed: The list is over.
        NotThere: It does not lie where picked goods wait.
        PickListNotFound: A line is not of this seller, or none was named.
    """
    rows = PickLine.objects.filter(pick_list__seller_id=seller_id, pk__in=lines)
    held = locked(seller_id, set(rows.values_list("work_line__work__order_id", flat=True)))
    orders = {order.pk: order for order in held}
    found = list(rows.select_related("work_line__work", "item", "bin", "pick_list__wave").order_by("pk"))
    if not found or len(found) != len(lines):
        raise PickListNotFound(lines=list(lines))
    for line in found:
        _refuse(line, orders[line.work_line.work.order_id], lines[line.pk])
    place = found[0].pick_list.wave.warehouse_id
    staging = staging_bin(seller_id=seller_id, warehouse_id=place, actor=actor).pk
    carry(
        seller_id=seller_id,
        warehouse_id=place,
        carries=[
            Carry(one.item_id, lines[one.pk], staging, one.bin_id, f"order:{one.work_line.work.order_id}")
            for one in found
        ],
        actor=actor,
        kind=BinMove.Kind.PUT_AWAY,
    )
    for line in found:
        some = lines[line.pk]
        rows.filter(pk=line.pk).update(picked=F("picked") - some)
        WorkLine.objects.filter(work__seller_id=seller_id, pk=line.work_line_id).update(picked=F("picked") - some)
        line.refresh_from_db(fields=["picked"])
    return found


def _refuse(line: PickLine, order: Order, quantity: int) -> None:
    if line.work_line.work.state != State.PICKING:
        raise PickedWhole(number=order.number)
    if line.pick_list.state not in OPEN:
        raise ListClosed(number=line.pick_list.number, state=PickList.State(line.pick_list.state).label)
    if not 0 < quantity <= line.picked:
        raise TooManyTakenBack(quantity=quantity, picked=line.picked, item=line.item.sku)


@transaction.atomic
def report_missing(
    *,
    seller_id: int,
    pick_line_ids: Sequence[int],
    actor: Actor,
    quantity: int | None = None,
    now: datetime | None = None,
) -> list[Missing]:
    """Of what these lines of one walk still want, `quantity` (None = all) is not there: who lacks how much of it.

    The line that stands last on the walk lacks first, so that what is there goes to those before it. An order that
    turns back for one of its lines is not walked for any more: its other lines are left out.

    Raises:
        TooManyPicked: Less is left on these lines.
        WorkRecalled: An order is not to be picked any more.
        PickListNotFound: A line is not of this seller.
    """
    rows = PickLine.objects.filter(pick_list__seller_id=seller_id, pk__in=pick_line_ids)
    order_ids = set(rows.values_list("work_line__work__order_id", flat=True))
    orders = {order.pk: order for order in locked(seller_id, order_ids)}
    lines = list(rows.select_related("item", "work_line__work").order_by("-position"))
    if not lines or len(lines) != len(set(pick_line_ids)):
        raise PickListNotFound(pick_line_ids=list(pick_line_ids))
    left = {line.pk: line.quantity - line.picked - line.short for line in lines}
    missing = sum(left.values()) if quantity is None else quantity
    if not 0 < missing <= sum(left.values()):
        raise TooManyPicked(quantity=missing, left=sum(left.values()), item=lines[0].item.sku)
    told: list[Missing] = []
    turned: set[int] = set()
    for line in lines:
        some = min(missing, left[line.pk])
        missing -= some
        order = orders[line.work_line.work.order_id]
        if some and order.pk not in turned:
            on = report_short(seller_id=seller_id, pick_line_id=line.pk, quantity=some, actor=actor, now=now)
            told.append(Missing(order.number, some, on))
            turned |= set() if on else {order.pk}
    return told
