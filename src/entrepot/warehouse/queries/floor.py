"""What people on the floor of a warehouse ask: what waits, what is next, what stands on this paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from entrepot.catalog.models import Item
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Stock
from entrepot.warehouse.models import (
    Count as CountPaper,
)
from entrepot.warehouse.models import (
    CountLine,
    Manifest,
    ManifestLine,
    Pack,
    PickLine,
    PickList,
    Receipt,
    Return,
    WorkLine,
    WorkOrder,
)
from entrepot.warehouse.work import parcel_of
from entrepot.warehouse.work_errors import ManifestNotFound, PickListNotFound, WorkNotFound

State = WorkOrder.State
MOST: Final = 30
"""How many of what waits are shown; scanning reaches all of it."""
OPEN_LISTS: Final = (PickList.State.OPEN, PickList.State.PICKING)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of each kind of work waits in a warehouse. `pick` … `hand_over` are orders, `put_away` are items."""

    receive: int = 0
    put_away: int = 0
    pick: int = 0
    unlisted: int = 0
    pack: int = 0
    put_back: int = 0
    hand_over: int = 0
    count: int = 0
    returns: int = 0


def waiting(*, seller_id: int, warehouse_ids: Sequence[int]) -> Mapping[int, Waiting]:
    """What waits in each of these warehouses, at the cost of one question for each kind."""
    work = WorkOrder.objects.filter(seller_id=seller_id)
    back = work.filter(state=State.RECALLED, lines__picked__gt=0).distinct()
    kinds: dict[str, QuerySet[Any]] = {
        "receive": Receipt.objects.filter(seller_id=seller_id, state=Receipt.State.OPEN),
        "put_away": Stock.objects.filter(seller_id=seller_id, on_hand__gt=F("located")),
        "pick": work.filter(state__in=[State.RELEASED, State.PICKING]),
        "unlisted": work.filter(state=State.RELEASED),
        "pack": work.filter(state=State.PICKED),
        "put_back": back,
        "hand_over": work.filter(state=State.PACKED),
        "count": CountPaper.objects.filter(seller_id=seller_id, state=CountPaper.State.COUNTING),
        "returns": Return.objects.filter(seller_id=seller_id, state__in=[Return.State.EXPECTED, Return.State.RECEIVED]),
    }
    found: dict[int, dict[str, int]] = {place: {} for place in warehouse_ids}
    for kind, rows in kinds.items():
        here = rows.filter(warehouse_id__in=warehouse_ids).order_by().values("warehouse_id")
        many_lines = kind == "put_back"
        for place, many in here.annotate(n=Count("pk", distinct=many_lines)).values_list("warehouse_id", "n"):
            found[place][kind] = many
    return {place: Waiting(**figures) for place, figures in found.items()}


# --------------------------------------------------------------------------- picking


@dataclass(frozen=True, slots=True)
class Stop:
    """Lines of a walk that are one step of it: one item out of one bin; on a cart for one order's tote."""

    lines: Sequence[PickLine]

    @property
    def first(self) -> PickLine:
        """The line that names bin, item and tote."""
        return self.lines[0]

    @property
    def left(self) -> int:
        """How many are to be taken."""
        return sum(line.quantity - line.picked - line.short for line in self.lines)

    @property
    def numbers(self) -> Sequence[str]:
        """The orders they are for."""
        return list(dict.fromkeys(line.work_line.work.number for line in self.lines))


def stops(lines: Iterable[PickLine], *, by_order: bool) -> list[Stop]:
    """A walk's open lines as its steps, in path order. `by_order`: a cart keeps orders apart, in their totes."""
    groups: list[list[PickLine]] = []
    for line in lines:
        last = groups[-1][0] if groups else None
        same = last is not None and (last.bin_id, last.item_id) == (line.bin_id, line.item_id)
        if last is not None and same and not (by_order and last.work_line.work_id != line.work_line.work_id):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Stop(group) for group in groups]


def pick_lists(*, seller_id: int, warehouse_id: int, person: str) -> Sequence[PickList]:
    """Open lists, one's own first, then those nobody has begun; each with `wanted`, `done` pieces and `stops`."""
    rows = PickList.objects.filter(seller_id=seller_id, wave__warehouse_id=warehouse_id, state__in=OPEN_LISTS)
    turn = Case(
        When(state=PickList.State.PICKING, picker=person[:120], then=Value(0)),
        When(state=PickList.State.OPEN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    counted = rows.annotate(
        turn=turn, wanted=Sum("lines__quantity"), done=Sum(F("lines__picked") + F("lines__short")), steps=Count("lines")
    )
    return list(counted.select_related("wave", "zone").order_by("turn", "wave_id", "pk")[:MOST])


def pick_list_here(*, seller_id: int, warehouse_id: int, pick_list_id: int) -> PickList:
    """One list of this warehouse.

    Raises:
        PickListNotFound: There is no such list here.
    """
    rows = PickList.objects.filter(seller_id=seller_id, wave__warehouse_id=warehouse_id, pk=pick_list_id)
    found = rows.select_related("wave", "zone").first()
    if found is None:
        raise PickListNotFound(pick_list_id=pick_list_id)
    return found


def open_list(*, seller_id: int, warehouse_id: int, number: str) -> PickList | None:
    """The open list with this number, or None."""
    rows = PickList.objects.filter(seller_id=seller_id, wave__warehouse_id=warehouse_id, state__in=OPEN_LISTS)
    return rows.filter(number=number.strip().upper()).first()


def check_on_list(*, seller_id: int, pick_list_id: int, line_ids: Iterable[int]) -> None:
    """Go on only where all of these lines stand on this list.

    Raises:
        PickListNotFound: One does not.
    """
    wanted = set(line_ids)
    rows = PickLine.objects.filter(pick_list__seller_id=seller_id, pick_list_id=pick_list_id, pk__in=wanted)
    if rows.count() != len(wanted):
        raise PickListNotFound(pick_list_id=pick_list_id)


def picked_lines(*, seller_id: int, pick_list_id: int) -> Sequence[PickLine]:
    """What was picked or was missing on a list, in walking order."""
    rows = PickLine.objects.filter(pick_list__seller_id=seller_id, pick_list_id=pick_list_id)
    rows = rows.filter(Q(picked__gt=0) | Q(short__gt=0)).select_related("bin", "item", "tote", "work_line__work")
    return list(rows.order_by("position"))


# --------------------------------------------------------------------------- goods in, bins, counts


def loose_here(*, seller_id: int, warehouse_id: int, sku: str) -> tuple[Item, int] | None:
    """An item and how many of it lie in no bin of this warehouse; None where none do."""
    rows = Stock.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, item__sku=sku, on_hand__gt=F("located"))
    found = rows.select_related("item").first()
    return (found.item, found.on_hand - found.located) if found else None


def expecting(*, seller_id: int, warehouse_id: int, item_ids: Sequence[int]) -> Sequence[Receipt]:
    """Open papers on which some of these items are still due, the oldest first."""
    rows = Receipt.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, state=Receipt.State.OPEN)
    due = rows.filter(lines__item_id__in=item_ids, lines__expected__gt=F("lines__received"))
    return list(due.distinct().order_by("pk")[:MOST])


def open_count(*, seller_id: int, warehouse_id: int, code: str) -> CountPaper | None:
    """The count with this number, else the oldest that still asks for the bin with this label."""
    text = code.strip().upper()
    rows = CountPaper.objects.filter(
        seller_id=seller_id, warehouse_id=warehouse_id, state=CountPaper.State.COUNTING
    ).order_by("pk")
    asked = rows.filter(lines__bin__code=text, lines__state=CountLine.State.OPEN)
    return rows.filter(number=text).first() or asked.first()


@dataclass(frozen=True, slots=True)
class Tallied:
    """So many of an item were counted so far."""

    item: Item
    many: int


def named(*, seller_id: int, tally: Mapping[str, int]) -> Sequence[Tallied]:
    """A tally by SKU with its items, in the order in which they were scanned."""
    rows = {item.sku: item for item in Item.objects.filter(seller_id=seller_id, sku__in=tally)}
    return [Tallied(rows[sku], many) for sku, many in tally.items() if sku in rows]


# --------------------------------------------------------------------------- packing, and what turned back


def to_pack(*, seller_id: int, warehouse_id: int, channel_ids: Sequence[int] | None = None) -> Sequence[WorkOrder]:
    """Picked orders that wait at the packing table, the most urgent first, each with its `pieces`."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, state=State.PICKED)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    rows = rows.annotate(pieces=Sum("lines__picked")).select_related("tote")
    return list(rows.order_by(F("due").asc(nulls_last=True), "pk")[:MOST])


def turned_back(*, seller_id: int, warehouse_id: int) -> Sequence[WorkOrder]:
    """Recalled orders of which something was picked, the oldest first, each with its `pieces` to be put back."""
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, state=State.RECALLED)
    rows = rows.filter(lines__picked__gt=0).annotate(pieces=Sum("lines__picked")).select_related("order")
    return list(rows.order_by("updated_at", "pk")[:MOST])


def work_here(
    *, seller_id: int, warehouse_id: int, work_id: int, channel_ids: Sequence[int] | None = None
) -> WorkOrder:
    """One order's work in this warehouse, if it is of one of these stores.

    Raises:
        WorkNotFound: There is none here.
    """
    rows = WorkOrder.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, pk=work_id)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    found = rows.select_related("order__sales_channel", "tote").first()
    if found is None:
        raise WorkNotFound(work_id=work_id)
    return found


def work_lines(*, seller_id: int, work_id: int) -> Sequence[WorkLine]:
    """What an order wants from this warehouse, in the order of its lines."""
    rows = WorkLine.objects.filter(work__seller_id=seller_id, work_id=work_id).select_related("item", "order_line")
    return list(rows.order_by("order_line__position", "item__sku"))


def parcel_on_the_table(*, seller_id: int, work: WorkOrder) -> Shipment | None:
    """The parcel this work was packed into, or will be; None = it has none yet."""
    packs = Pack.objects.filter(seller_id=seller_id, work=work).select_related("shipment")
    last = packs.order_by("-pk").first()
    return last.shipment if last and work.state != State.PICKED else parcel_of(work.order, work)


# --------------------------------------------------------------------------- the door


@dataclass(frozen=True, slots=True)
class Pile:
    """Parcels that wait for one carrier ("" = none is chosen)."""

    carrier: str
    parcels: int


def piles(*, seller_id: int, warehouse_id: int) -> Sequence[Pile]:
    """Packed parcels of this warehouse that are on no manifest, by carrier."""
    rows = Shipment.objects.filter(
        seller_id=seller_id,
        state=Shipment.State.PACKED,
        manifest_line__isnull=True,
        pack__work__warehouse_id=warehouse_id,
        pack__work__state=State.PACKED,
    )
    named = rows.annotate(name=Case(When(carrier_name="", then=F("carrier")), default=F("carrier_name")))
    counted = named.order_by().values("name").annotate(n=Count("pk")).order_by("name")
    return [Pile(row["name"], row["n"]) for row in counted]


def open_manifests(*, seller_id: int, warehouse_id: int) -> Sequence[Manifest]:
    """Manifests on which parcels are being scanned, oldest first, each with its `parcels`."""
    rows = Manifest.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, state=Manifest.State.OPEN)
    return list(rows.annotate(parcels=Count("lines")).order_by("pk")[:MOST])


def manifest_here(*, seller_id: int, warehouse_id: int, manifest_id: int) -> Manifest:
    """One manifest of this warehouse, with its `parcels`.

    Raises:
        ManifestNotFound: There is no such manifest here.
    """
    rows = Manifest.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, pk=manifest_id)
    found = rows.annotate(parcels=Count("lines")).first()
    if found is None:
        raise ManifestNotFound(manifest_id=manifest_id)
    return found


def on_manifest(*, seller_id: int, manifest_id: int, limit: int | None = None) -> Sequence[ManifestLine]:
    """The parcels on a manifest, the last scanned first, with their orders."""
    rows = ManifestLine.objects.filter(manifest__seller_id=seller_id, manifest_id=manifest_id)
    rows = rows.select_related("shipment__order").order_by("-pk")
    return list(rows[:limit])


# --------------------------------------------------------------------------- what comes back


def open_returns(*, seller_id: int, warehouse_id: int) -> Sequence[Return]:
    """Returns that are announced, or here and not looked into, oldest first."""
    rows = Return.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id)
    rows = rows.filter(state__in=[Return.State.EXPECTED, Return.State.RECEIVED]).select_related("order")
    return list(rows.order_by("-state", "pk")[:MOST])
