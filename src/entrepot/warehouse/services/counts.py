"""Cycle counts: counted blind, and nothing changes until a manager has approved the differences."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.inventory.errors import BinNotFound, QuantityInvalid
from entrepot.inventory.locked import locked_here
from entrepot.inventory.models import Bin, BinStock, Stock
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.warehouse.counting import (
    by_the_books,
    differences,
    in_state,
    locked_count,
    lying_in,
    place_name,
    story,
    take,
)
from entrepot.warehouse.errors import CountedAlready, CountEmpty, CountUnfinished, NotInCount
from entrepot.warehouse.models import Count, CountLine
from entrepot.warehouse.numbers import COUNT, next_number

State = CountLine.State


@transaction.atomic
def start_count(
    *,
    seller_id: int,
    warehouse_id: int,
    actor: Actor,
    bin_ids: Sequence[int] = (),
    item_ids: Sequence[int] = (),
    note: str = "",
    now: datetime | None = None,
) -> Count:
    """Ask for bins to be counted, with all that lies in them, or for items, wherever they lie (one or the other).

    Raises:
        CountEmpty: Neither was named, or both.
        BinNotFound: A bin is not in this warehouse.
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    if bool(bin_ids) == bool(item_ids):
        raise CountEmpty(field="bin_ids", reason="")
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    count = Count.objects.create(
        seller_id=seller_id,
        warehouse_id=place,
        number=next_number(seller_id, COUNT),
        by_bin=bool(bin_ids),
        note=note.strip()[:300],
        started_at=now or timezone.now(),
        started_by=actor.label[:120],
    )
    places = _bins_to_count(count, bin_ids) if bin_ids else _places_to_count(count, item_ids)
    CountLine.objects.bulk_create(CountLine(count=count, bin_id=bin_id, item_id=item_id) for bin_id, item_id in places)
    story(count, "warehouse.start_count", actor, bins=len(bin_ids), items=len(item_ids))
    return count


@transaction.atomic
def enter_count(
    *,
    seller_id: int,
    count_id: int,
    bin_id: int | None,
    found: Mapping[int, int],
    actor: Actor,
    now: datetime | None = None,
) -> None:
    """Somebody has counted a bin: `{item_id: quantity}` is all that lies there. What was not found there counts as 0.

    In a count of items only those are meant; `bin_id` None = what of them lies in no bin. Nothing of stock changes.

    Raises:
        QuantityInvalid: A quantity is below zero.
        NotInCount: This bin, or an item, was not to be counted.
        CountedAlready: It is counted; `recount` asks for it again.
        CountOver: The count is not open.
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        CountNotFound: There is no such count of this seller.
    """
    if bad := next((quantity for quantity in found.values() if quantity < 0), None):
        raise QuantityInvalid(quantity=bad)
    count = in_state(locked_count(seller_id, count_id), Count.State.COUNTING)
    lines = _lines_here(count, bin_id, found)
    wanted = {item_id for item_id in lines if item_id is not None} | set(found)
    if count.by_bin and bin_id is not None:
        wanted |= set(lying_in(count, [bin_id])[bin_id])
    if wanted:
        locked_here(seller_id, wanted, count.warehouse_id)
    books = by_the_books(count, bin_id, wanted)
    told = {"counted_by": actor.label[:120], "counted_at": now or timezone.now()}
    for item_id in sorted(wanted):
        figures = {"expected": books[item_id], "counted": found.get(item_id, 0)}
        _write_down(count, bin_id, item_id, lines.get(item_id), {**told, **figures})
    if None in lines:
        _write_down(count, bin_id, None, lines[None], {**told, "expected": 0, "counted": 0})
    counted = {str(item_id): found.get(item_id, 0) for item_id in sorted(wanted)}
    story(count, "warehouse.enter_count", actor, bin=place_name(count, bin_id), counted=counted)


@transaction.atomic
def finish_count(*, seller_id: int, count_id: int, actor: Actor, now: datetime | None = None) -> Count:
    """All is counted. What agrees is done; differences wait for approval, and without any the count is done.

    Raises:
        CountUnfinished: Some places are not counted yet.
        CountOver: The count is not open.
        CountNotFound: There is no such count of this seller.
    """
    count = in_state(locked_count(seller_id, count_id), Count.State.COUNTING)
    lines = list(CountLine.objects.filter(count=count))
    if left := sum(line.state == State.OPEN for line in lines):
        raise CountUnfinished(number=count.number, left=left)
    apart = differences(lines)
    agree = [line.pk for line in lines if line.state == State.COUNTED and not apart[line.pk]]
    CountLine.objects.filter(count=count, pk__in=agree).update(state=State.APPROVED)
    open_ = any(line.state == State.COUNTED and apart[line.pk] for line in lines)
    take(count, "finish" if open_ else "agree", now)
    story(count, "warehouse.finish_count", actor, differences=sum(bool(value) for value in apart.values()))
    return count


@transaction.atomic
def recount(
    *, seller_id: int, count_id: int, actor: Actor, line_ids: Sequence[int] | None = None, reason: str = ""
) -> Count:
    """Have differences counted again (None = all that wait for approval); what was counted before is forgotten.

    Raises:
        NotInCount: A line does not wait for approval in this count.
        CountOver: The count does not wait for approval.
        CountNotFound: There is no such count of this seller.
    """
    count = in_state(locked_count(seller_id, count_id), Count.State.TO_APPROVE)
    rows = CountLine.objects.filter(count=count, state=State.COUNTED)
    chosen_ids = set(rows.values_list("pk", flat=True)) if line_ids is None else set(line_ids)
    if rows.filter(pk__in=chosen_ids).count() != len(chosen_ids):
        raise NotInCount(field="line_ids", reason="", what="A line", number=count.number)
    for line in rows.filter(pk__in=chosen_ids):
        line.state, line.expected, line.counted, line.rounds = State.OPEN, None, None, line.rounds + 1
        line.save(update_fields=["state", "expected", "counted", "rounds"])
    take(count, "recount")
    story(count, "warehouse.recount", actor, lines=len(chosen_ids), reason=reason[:300])
    return count


@transaction.atomic
def cancel_count(*, seller_id: int, count_id: int, actor: Actor, reason: str = "", now: datetime | None = None) -> None:
    """Give a count up; differences that were not approved change nothing.

    Raises:
        CountOver: The count is done or canceled.
        CountNotFound: There is no such count of this seller.
    """
    count = locked_count(seller_id, count_id)
    take(count, "cancel", now)
    story(count, "warehouse.cancel_count", actor, reason=reason[:300])


def _bins_to_count(count: Count, bin_ids: Sequence[int]) -> list[tuple[int | None, int | None]]:
    """Each bin with all that lies in it; an empty bin with nothing."""
    rows = Bin.objects.filter(seller_id=count.seller_id, warehouse_id=count.warehouse_id, pk__in=bin_ids)
    known = list(rows.order_by("path", "id").values_list("pk", flat=True))
    if missing := set(bin_ids) - set(known):
        raise BinNotFound(bin_id=min(missing))
    there = lying_in(count, known)
    filled = [(bin_id, item_id) for bin_id in known for item_id in there[bin_id]]
    return [*filled, *((bin_id, None) for bin_id in known if not there[bin_id])]


def _places_to_count(count: Count, item_ids: Sequence[int]) -> list[tuple[int | None, int | None]]:
    """Each item in every bin it lies in, and outside bins where some lies there or none lies anywhere."""
    items = sorted(set(item_ids))
    locked_here(count.seller_id, items, count.warehouse_id)
    rows = BinStock.objects.filter(
        seller_id=count.seller_id, warehouse_id=count.warehouse_id, item_id__in=items, quantity__gt=0
    )
    places: list[tuple[int | None, int | None]] = list(
        rows.order_by("bin__path", "bin_id", "item_id").values_list("bin_id", "item_id")
    )
    stocks = Stock.objects.filter(seller_id=count.seller_id, warehouse_id=count.warehouse_id, item_id__in=items)
    loose = {row.item_id for row in stocks if row.on_hand > row.located or not row.located}
    return places + [(None, item_id) for item_id in items if item_id in loose]


def _lines_here(count: Count, bin_id: int | None, found: Mapping[int, int]) -> dict[int | None, CountLine]:
    """The lines of one place, by item; refused where this place or an item of `found` was not to be counted."""
    everything = list(CountLine.objects.filter(count=count))
    lines = {line.item_id: line for line in everything if line.bin_id == bin_id}
    name = place_name(count, bin_id)
    if count.by_bin and not lines:
        raise NotInCount(field="bin_id", reason="", what=name, number=count.number)
    if not count.by_bin:
        _refuse_strange(count, bin_id, name, set(found) - {line.item_id for line in everything})
    if lines and all(line.state != State.OPEN for line in lines.values()):
        raise CountedAlready(what=name)
    return lines


def _refuse_strange(count: Count, bin_id: int | None, name: str, strange: set[int]) -> None:
    if bin_id is not None and name == "–":
        raise NotInCount(field="bin_id", reason="", what=f"bin {bin_id}", number=count.number)
    if strange:
        raise NotInCount(field="found", reason="", what=f"item {min(strange)}", number=count.number)


def _write_down(
    count: Count, bin_id: int | None, item_id: int | None, line: CountLine | None, told: Mapping[str, object]
) -> None:
    """Keep what was counted of one item in one place; a line that is counted already stays as it is."""
    words = {**told, "state": State.COUNTED}
    if line is None:
        CountLine.objects.create(count=count, bin_id=bin_id, item_id=item_id, **words)
    elif line.state == State.OPEN:
        CountLine.objects.filter(count=count, pk=line.pk).update(**words)
