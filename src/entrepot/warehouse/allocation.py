"""Out of which bins goods come, and in which order people walk to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Sum

from entrepot.inventory.models import BinStock, Zone
from entrepot.warehouse.models import PickLine, PickList, Tote, WorkLine

LAST: Final = "\x7f"
"""Sorts what has no bin after all bins."""


@dataclass(frozen=True, slots=True)
class Place:
    """A bin that holds some of an item nobody else is sent for; None = what has no bin."""

    bin_id: int | None
    zone_id: int | None
    path: str
    quantity: int


def allocate(seller_id: int, warehouse_id: int, lines: Sequence[WorkLine]) -> list[tuple[WorkLine, Place, int]]:
    """Say out of which bins what is not picked of these lines comes, in path order; the rest has no bin."""
    places = _places(seller_id, warehouse_id, {line.item_id for line in lines})
    taken: dict[tuple[int, int | None], int] = {}
    found: list[tuple[WorkLine, Place, int]] = []
    for line in lines:
        left = line.quantity - line.picked - line.short - _on_lists(line)
        for place in places.get(line.item_id, ()):
            key = line.item_id, place.bin_id
            some = min(left, place.quantity - taken.get(key, 0))
            if some > 0:
                taken[key] = taken.get(key, 0) + some
                found.append((line, place, some))
                left -= some
        if left > 0:
            found.append((line, Place(None, None, LAST, left), left))
    return sorted(found, key=lambda one: (one[1].path, one[0].item.sku, one[0].pk))


def _on_lists(line: WorkLine) -> int:
    rows = PickLine.objects.filter(pick_list__seller_id=line.work.seller_id, work_line=line)
    return sum(max(0, one.quantity - one.picked - one.short) for one in rows)


def _places(seller_id: int, warehouse_id: int, item_ids: set[int]) -> Mapping[int, Sequence[Place]]:
    """What lies in storage bins and is on no other list, by item."""
    elsewhere = PickLine.objects.filter(
        pick_list__seller_id=seller_id,
        pick_list__state__in=[PickList.State.OPEN, PickList.State.PICKING],
        item_id__in=item_ids,
        bin__warehouse_id=warehouse_id,
    )
    rows = elsewhere.values("item_id", "bin_id").annotate(left=Sum(F("quantity") - F("picked") - F("short")))
    promised = {(row["item_id"], row["bin_id"]): row["left"] for row in rows}
    stock = BinStock.objects.filter(
        seller_id=seller_id, warehouse_id=warehouse_id, item_id__in=item_ids, quantity__gt=0
    ).exclude(bin__zone__kind=Zone.Kind.STAGING)
    found: dict[int, list[Place]] = {}
    for row in stock.select_related("bin").order_by("bin__path", "bin_id"):
        left = row.quantity - promised.get((row.item_id, row.bin_id), 0)
        if left > 0:
            place = Place(row.bin_id, row.bin.zone_id, row.bin.path, left)
            found.setdefault(row.item_id, []).append(place)
    return found


def add_lines(
    made: PickList, picks: Sequence[tuple[WorkLine, Place, int]], carried: Mapping[int, Tote], *, after: int
) -> None:
    """Write picks onto a list, behind position `after`."""
    PickLine.objects.bulk_create(
        PickLine(
            pick_list=made,
            position=position,
            work_line=line,
            bin_id=place.bin_id,
            item_id=line.item_id,
            quantity=quantity,
            tote=carried.get(line.work_id),
        )
        for position, (line, place, quantity) in enumerate(picks, after + 1)
    )
