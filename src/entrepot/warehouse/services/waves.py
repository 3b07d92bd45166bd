"""Waves: released orders are divided into walks through the warehouse, each sorted by path."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import RFP
from entrepot.orders.life import locked
from entrepot.orders.models import Order
from entrepot.warehouse.allocation import Place, add_lines, allocate
from entrepot.warehouse.models import PickList, Tote, Wave, WorkLine, WorkOrder
from entrepot.warehouse.numbers import PICK_LIST, WAVE, next_number, next_numbers
from entrepot.warehouse.recalling import close_done, drop_open_lines
from entrepot.warehouse.work import State, step
from entrepot.warehouse.work_errors import (
    ListClosed,
    NoFreeTote,
    NothingToPick,
    PickListNotFound,
    TotesInvalid,
    WaveNotFound,
)

MOST_TOTES: Final = 500


def add_totes(*, seller_id: int, warehouse_id: int, count: int, actor: Actor) -> list[Tote]:
    """Add numbered totes (`T-001` …) to a warehouse.

    Raises:
        TotesInvalid: None, or more than 500 at once.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    if not 0 < count <= MOST_TOTES:
        raise TotesInvalid(field="count", reason="", count=count)
    with transaction.atomic():
        first = Tote.objects.filter(seller_id=seller_id, warehouse_id=place).count() + 1
        rows = [
            Tote(seller_id=seller_id, warehouse_id=place, code=f"T-{number:03d}")
            for number in range(first, first + count)
        ]
        facts = {"first": rows[0].code, "last": rows[-1].code}
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="warehouse.add_totes",
            object_type="warehouse",
            object_id=place,
            facts=facts,
        )
        return Tote.objects.bulk_create(rows)


@transaction.atomic
def make_wave(
    *,
    seller_id: int,
    warehouse_id: int,
    kind: str,
    actor: Actor,
    work_ids: Sequence[int] | None = None,
    limit: int = 50,
    now: datetime | None = None,
) -> Wave:
    """Divide released orders (those named, else the most urgent `limit` that fit) into pick lists sorted by path.

    `single`: orders of one line, one list. `cart`: a tote for each order, as many as are free, one list. `zone`: a list
    for each zone. Goods come from bins in path order, then from what has no bin; what another list is sent for is left.

    Raises:
        NothingToPick: No released order fits.
        NoFreeTote: A cart, and no tote is free.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    at = now or timezone.now()
    shape = Wave.Kind(kind)
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    number = next_number(seller_id, WAVE)  # its row serves as the lock: one wave of a seller is made at a time
    totes = _free_totes(seller_id, place)[:limit] if shape == Wave.Kind.CART else []
    if shape == Wave.Kind.CART and not totes:
        raise NoFreeTote(warehouse_id=place)
    work = _waiting(seller_id, place, shape, work_ids, min(limit, len(totes)) if totes else limit)
    if not work:
        raise NothingToPick(warehouse_id=place)
    wave = Wave.objects.create(
        seller_id=seller_id, warehouse_id=place, number=number, kind=shape, created_at=at, created_by=str(actor)
    )
    carried = {one.pk: tote for (one, _), tote in zip(work, totes, strict=False)}
    for one, order in work:
        step(one, order, "start", actor=actor, now=at, facts={"wave": number})
    for work_id, tote in carried.items():
        tote.work_id = work_id
        tote.save(update_fields=["work"])
    lines = WorkLine.objects.filter(work__seller_id=seller_id, work__in=[one for one, _ in work])
    lines = lines.select_related("item").order_by("work__due", "work_id", "order_line__position", "item__sku")
    _write_lists(wave, allocate(seller_id, place, list(lines)), carried)
    _story(wave, "warehouse.make_wave", actor, kind=str(shape), orders=len(work))
    return wave


def _free_totes(seller_id: int, warehouse_id: int) -> list[Tote]:
    rows = Tote.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, active=True, work__isnull=True)
    return list(rows.order_by("code"))


def _waiting(
    seller_id: int, warehouse_id: int, shape: str, work_ids: Sequence[int] | None, limit: int
) -> list[tuple[WorkOrder, Order]]:
    """Released work, the most urgent first, whose orders are locked and still with the warehouse."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, state=State.RELEASED)
    if work_ids is not None:
        rows = rows.filter(pk__in=work_ids)
    if shape == Wave.Kind.SINGLE:
        rows = rows.annotate(kinds=Count("lines")).filter(kinds=1)
    wanted = _side_by_side(rows, limit)
    held = {order.pk: order for order in locked(seller_id, [order_id for _, order_id in wanted])}
    ids = [pk for pk, order_id in wanted if held[order_id].status == RFP]
    fresh = WorkOrder.objects.filter(seller_id=seller_id, pk__in=ids, state=State.RELEASED)
    by_id = {one.pk: one for one in fresh}
    return [(by_id[pk], held[order_id]) for pk, order_id in wanted if pk in by_id]


def _side_by_side(rows: QuerySet[WorkOrder], limit: int) -> list[tuple[int, int]]:
    """The most urgent work, that of orders in one parcel one after the other as far as there is room."""
    urgent = rows.order_by(F("due").asc(nulls_last=True), "pk")
    first = list(urgent.values_list("pk", "order_id", "order__pack_group_id")[:limit])
    groups = {group for _, _, group in first if group}
    beside = urgent.filter(order__pack_group_id__in=groups) if groups else urgent.none()
    more = list(beside.values_list("pk", "order_id", "order__pack_group_id"))
    ranked: dict[int, int] = {}
    for pk, order_id, group in first:
        ranked[pk] = order_id
        ranked |= {other: its for other, its, same in more if group and same == group}
    return list(ranked.items())[:limit]


def _write_lists(wave: Wave, picks: Sequence[tuple[WorkLine, Place, int]], carried: Mapping[int, Tote]) -> None:
    groups: dict[int | None, list[tuple[WorkLine, Place, int]]] = {}
    for pick in picks:
        groups.setdefault(pick[1].zone_id if wave.kind == Wave.Kind.ZONE else None, []).append(pick)
    numbers = next_numbers(wave.seller_id, PICK_LIST, len(groups))
    for number, (zone_id, mine) in zip(numbers, groups.items(), strict=True):
        made = PickList.objects.create(seller_id=wave.seller_id, wave=wave, zone_id=zone_id, number=number)
        add_lines(made, mine, carried, after=0)


@transaction.atomic
def cancel_wave(*, seller_id: int, wave_id: int, actor: Actor, now: datetime | None = None) -> None:
    """Give up a wave: orders of which nothing was picked are released again, what was begun stays on its list.

    Raises:
        ListClosed: It is over.
        WaveNotFound: There is no such wave of this seller.
    """
    at = now or timezone.now()
    wave = Wave.objects.filter(seller_id=seller_id, pk=wave_id).first()
    if wave is None:
        raise WaveNotFound(wave_id=wave_id)
    if wave.state not in {Wave.State.OPEN, Wave.State.PICKING}:
        raise ListClosed(number=wave.number, state=Wave.State(wave.state).label)
    rows = WorkOrder.objects.filter(seller_id=seller_id, lines__pick_lines__pick_list__wave=wave)
    held = {order.pk: order for order in locked(seller_id, rows.values_list("order_id", flat=True))}
    for work in rows.filter(state=State.PICKING).distinct().order_by("pk"):
        if not WorkLine.objects.filter(work__seller_id=seller_id, work=work, picked__gt=0).exists():
            drop_open_lines(work, at)
            Tote.objects.filter(seller_id=seller_id, work=work).update(work=None)
            step(work, held[work.order_id], "drop", actor=actor, now=at, facts={"wave": wave.number})
    ids = PickList.objects.filter(seller_id=seller_id, wave=wave).values_list("pk", flat=True)
    close_done(seller_id, set(ids), at)
    _story(wave, "warehouse.cancel_wave", actor)


@transaction.atomic
def assign_list(*, seller_id: int, pick_list_id: int, picker: str, actor: Actor) -> PickList:
    """Say who is to walk a pick list ("" = whoever comes); who begins it is its picker all the same.

    Raises:
        ListClosed: It is over.
        PickListNotFound: There is no such list of this seller.
    """
    rows = PickList.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=pick_list_id)
    found = rows.first()
    if found is None:
        raise PickListNotFound(pick_list_id=pick_list_id)
    if found.state not in {PickList.State.OPEN, PickList.State.PICKING}:
        raise ListClosed(number=found.number, state=PickList.State(found.state).label)
    found.picker = picker.strip()[:120]
    found.save(update_fields=["picker"])
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="warehouse.assign_list",
        object_type="pick_list",
        object_id=found.pk,
        facts={"number": found.number, "picker": found.picker},
    )
    return found


def _story(wave: Wave, verb: str, actor: Actor, **facts: object) -> None:
    audit(
        seller_id=wave.seller_id,
        actor=actor,
        verb=verb,
        object_type="wave",
        object_id=wave.pk,
        facts={"number": wave.number, **facts},
    )
