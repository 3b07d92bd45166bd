"""Picking by scan: the bin, then the item. What is scanned wrongly is refused and named; what is missing is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from entrepot.fulfilment import port
from entrepot.inventory.models import BinMove, Reservation
from entrepot.inventory.services import Carry, carry
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import READY, RFP
from entrepot.orders.life import locked, locked_one
from entrepot.orders.models import Order
from entrepot.warehouse.allocation import add_lines, allocate
from entrepot.warehouse.done import finish_work
from entrepot.warehouse.models import PickLine, PickList, Tote, Wave, WorkLine, WorkOrder
from entrepot.warehouse.recalling import close_done
from entrepot.warehouse.services.bins import staging_bin
from entrepot.warehouse.services.release import follow
from entrepot.warehouse.work import State, is_stale, meaning
from entrepot.warehouse.work_errors import (
    ListClosed,
    NotOnThisList,
    PickListNotFound,
    TooManyPicked,
    WorkRecalled,
    WrongBin,
    WrongItem,
    WrongTote,
)

NO_BIN_WORD = "–"


@dataclass(frozen=True, slots=True)
class Scan:
    """What came of a scan: how much was picked of which SKU, into which totes, and the next line (None: all done).

    `lines`: how much of which line, to take the scan back (`unpick`).
    """

    sku: str
    quantity: int
    totes: Sequence[str]
    next: PickLine | None
    lines: Mapping[int, int] = field(default_factory=dict)


def open_lines(*, seller_id: int, pick_list_id: int) -> list[PickLine]:
    """What is still to be picked of a list, in walking order.

    Raises:
        PickListNotFound: There is no such list of this seller.
    """
    if not PickList.objects.filter(seller_id=seller_id, pk=pick_list_id).exists():
        raise PickListNotFound(pick_list_id=pick_list_id)
    rows = PickLine.objects.filter(pick_list__seller_id=seller_id, pick_list_id=pick_list_id)
    rows = rows.filter(quantity__gt=F("picked") + F("short")).select_related(
        "bin", "item", "tote", "work_line__work", "pick_list__wave"
    )
    return list(rows.order_by("position"))


@transaction.atomic
def pick(
    *,
    seller_id: int,
    pick_list_id: int,
    bin_code: str,
    item_code: str,
    actor: Actor,
    quantity: int = 1,
    tote_code: str = "",
    now: datetime | None = None,
) -> Scan:
    """Take `quantity` of the scanned item out of the scanned bin ("" where it has none) and bring it to staging.

    An order of which everything is picked is Picked, and so Ready to Ship at the desk.

    Raises:
        WrongBin, WrongItem, WrongTote, TooManyPicked: The scan is not what the list asks for; it names what is.
        WorkRecalled: The order is not to be picked any more.
        NotOnThisList: Another picker was faster.
        NotThere: The bin holds less in the books; count it.
        ListClosed: Nothing is open on this list.
        PickListNotFound: There is no such list of this seller.
    """
    at = now or timezone.now()
    asked = _asked_for(seller_id, pick_list_id, bin_code, item_code, tote_code)
    orders = {order.pk: order for order in locked(seller_id, {line.work_line.work.order_id for line in asked})}
    wanted = {line.pk for line in asked}
    fresh = [line for line in open_lines(seller_id=seller_id, pick_list_id=pick_list_id) if line.pk in wanted]
    going = [line for line in fresh if _goes_on(line.work_line.work, orders)]
    left = sum(_left(line) for line in going)
    if not 0 < quantity <= left:
        _refuse_quantity(asked, going, orders, quantity, left)
    shares = _share(going, quantity)
    _refuse_stale([line for line in going if shares[line.pk]], orders)
    place = going[0].work_line.work.warehouse_id
    staging = staging_bin(seller_id=seller_id, warehouse_id=place, actor=actor).pk
    carry(
        seller_id=seller_id,
        warehouse_id=place,
        carries=[
            Carry(line.item_id, shares[line.pk], line.bin_id, staging, f"order:{line.work_line.work.order_id}")
            for line in going
            if shares[line.pk]
        ],
        actor=actor,
        kind=BinMove.Kind.PICK,
    )
    touched = [line for line in going if shares[line.pk]]
    for line in touched:
        line.picked = F("picked") + shares[line.pk]
        line.save(update_fields=["picked"])
        rows = WorkLine.objects.filter(work__seller_id=seller_id, pk=line.work_line_id)
        rows.update(picked=F("picked") + shares[line.pk])
    _begin(touched[0].pick_list, actor, at)
    for work in {line.work_line.work_id: line.work_line.work for line in touched}.values():
        finish_work(work, orders[work.order_id], actor=actor, now=at)
    close_done(seller_id, {pick_list_id}, at)
    rest = open_lines(seller_id=seller_id, pick_list_id=pick_list_id)
    totes = [line.tote.code for line in touched if line.tote]
    taken = {line.pk: shares[line.pk] for line in touched}
    return Scan(touched[0].item.sku, quantity, totes, rest[0] if rest else None, taken)


def _asked_for(seller_id: int, pick_list_id: int, bin_code: str, item_code: str, tote_code: str) -> list[PickLine]:
    """The open lines a scan may mean; of a cart those of one order, whose tote it goes into."""
    left = open_lines(seller_id=seller_id, pick_list_id=pick_list_id)
    if not left:
        found = PickList.objects.get(seller_id=seller_id, pk=pick_list_id)
        raise ListClosed(number=found.number, state=PickList.State(found.state).label)
    scanned = bin_code.strip().upper()
    here = [line for line in left if (line.bin.code.upper() if line.bin else "") == scanned]
    if not here:
        raise WrongBin(scanned=scanned or NO_BIN_WORD, bin=left[0].bin.code if left[0].bin else NO_BIN_WORD)
    meant = meaning(seller_id, item_code)
    same = [line for line in here if meant(line.item)]
    if not same:
        raise WrongItem(scanned=item_code.strip()[:80], item=here[0].item.sku)
    if same[0].pick_list.wave.kind != Wave.Kind.CART:
        return same
    if tote_code.strip():
        mine = [line for line in same if line.tote and line.tote.code == tote_code.strip().upper()]
        if not mine:
            raise WrongTote(scanned=tote_code.strip()[:40], tote=same[0].tote.code if same[0].tote else NO_BIN_WORD)
        same = mine
    return [line for line in same if line.work_line.work_id == same[0].work_line.work_id]


def _left(line: PickLine) -> int:
    return line.quantity - line.picked - line.short


def _goes_on(work: WorkOrder, orders: Mapping[int, Order]) -> bool:
    return work.state == State.PICKING and orders[work.order_id].status in {RFP, READY}


def _refuse_quantity(
    asked: Sequence[PickLine], going: Sequence[PickLine], orders: Mapping[int, Order], quantity: int, left: int
) -> None:
    kept = {line.pk for line in going}
    turned = next((line for line in asked if line.pk not in kept), None)
    if turned is not None:
        order = orders[turned.work_line.work.order_id]
        if order.status not in {RFP, READY}:
            raise WorkRecalled(number=order.number, status=order.get_status_display())
        bin_code = turned.bin.code if turned.bin else NO_BIN_WORD
        raise NotOnThisList(scanned=turned.item.sku, item=turned.item.sku, bin=bin_code)
    raise TooManyPicked(quantity=quantity, left=left, item=asked[0].item.sku)


def _share(lines: Sequence[PickLine], quantity: int) -> dict[int, int]:
    shares: dict[int, int] = {}
    for line in lines:
        shares[line.pk] = min(quantity, _left(line))
        quantity -= shares[line.pk]
    return shares


def _refuse_stale(lines: Sequence[PickLine], orders: Mapping[int, Order]) -> None:
    """Nothing is picked for an order that was changed since: its work begins anew."""
    for work in {line.work_line.work_id: line.work_line.work for line in lines}.values():
        order = orders[work.order_id]
        if is_stale(order, work):
            raise WorkRecalled(number=order.number, status=order.get_status_display())


def _begin(pick_list: PickList, actor: Actor, at: datetime) -> None:
    rows = PickList.objects.filter(seller_id=pick_list.seller_id, pk=pick_list.pk, state=PickList.State.OPEN)
    if rows.update(state=PickList.State.PICKING, started_at=at, picker=actor.label[:120]):
        waves = Wave.objects.filter(seller_id=pick_list.seller_id, pk=pick_list.wave_id, state=Wave.State.OPEN)
        waves.update(state=Wave.State.PICKING)


@transaction.atomic
def report_short(
    *, seller_id: int, pick_line_id: int, actor: Actor, quantity: int | None = None, now: datetime | None = None
) -> bool:
    """What is left of a pick line (or `quantity` of it) is not in its bin: whether the order goes on all the same.

    The order takes other stock: from another bin of this warehouse it stands on the same list, from another warehouse
    it is work there. Where there is none it is Partial, and what was picked of it goes back. Other orders go on.

    Raises:
        TooManyPicked: Less is left on the line.
        WorkRecalled: The order is not to be picked any more.
        PickListNotFound: There is no such line of this seller.
    """
    at = now or timezone.now()
    rows = PickLine.objects.filter(pick_list__seller_id=seller_id, pk=pick_line_id)
    order_id = rows.values_list("work_line__work__order_id", flat=True).first()
    if order_id is None:
        raise PickListNotFound(pick_line_id=pick_line_id)
    order = locked_one(seller_id, order_id)
    line = rows.select_related("work_line__work", "item", "pick_list").first()
    if line is None or order.status != RFP or line.work_line.work.state != State.PICKING:
        raise WorkRecalled(number=order.number, status=order.get_status_display())
    missing = _left(line) if quantity is None else quantity
    if not 0 < missing <= _left(line):
        raise TooManyPicked(quantity=missing, left=_left(line), item=line.item.sku)
    work = line.work_line.work
    message = port.Short(
        order_id=order_id,
        warehouse_id=work.warehouse_id,
        line_id=line.work_line.order_line_id,
        item_id=line.item_id,
        quantity=missing,
        bin_id=line.bin_id,
    )
    port.apply(seller_id=seller_id, message=message, actor=actor, now=at)
    _note_short(line, missing)
    _begin(line.pick_list, actor, at)
    follow(seller_id=seller_id, order_id=order_id, actor=actor, now=at)
    order.refresh_from_db(fields=["status", "version"])
    work.refresh_from_db(fields=["state"])
    if work.state == State.PICKING:
        finish_work(work, order, actor=actor, now=at)
    close_done(seller_id, {line.pick_list_id}, at)
    return order.status != "partial"


def _note_short(line: PickLine, missing: int) -> None:
    """Write down what is missing; what the order took from other bins of this warehouse comes onto the same list."""
    line.short += missing
    line.save(update_fields=["short"])
    mine = line.work_line
    rows = Reservation.objects.filter(
        seller_id=mine.work.seller_id, reference=f"line:{mine.order_line_id}", warehouse_id=mine.work.warehouse_id
    )
    held = rows.filter(item_id=mine.item_id).values_list("quantity", flat=True).first() or 0
    mine.short += missing
    mine.quantity = max(held + mine.short, mine.picked + mine.short)
    mine.save(update_fields=["short", "quantity"])
    last = PickLine.objects.filter(pick_list__seller_id=mine.work.seller_id, pick_list_id=line.pick_list_id)
    after = last.aggregate(last=Max("position"))["last"] or 0
    tote = Tote.objects.filter(seller_id=mine.work.seller_id, work=mine.work).first()
    more = allocate(mine.work.seller_id, mine.work.warehouse_id, [mine])
    add_lines(line.pick_list, more, {mine.work_id: tote} if tote else {}, after=after)
