"""What to count next, and how far a count has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Max, Q, QuerySet, Sum

from entrepot.inventory.models import Bin, Movement, Stock, Zone
from entrepot.warehouse.models import Count, CountLine

State = CountLine.State
MOST = 2000
A_SHARE = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Progress:
    """How many places of a count are counted, how many differ, and what the differences are worth."""

    places: int
    counted: int
    apart: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Valued:
    """A line that differs: pieces too many or too few, and their value by currency where the item's cost is known."""

    line: CountLine
    apart: int
    value: Decimal | None
    currency: str


def bins_of_zone(*, seller_id: int, warehouse_id: int, zone_id: int) -> list[int]:
    """The open bins of a zone in walking order."""
    rows = Bin.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, zone_id=zone_id, active=True)
    return list(rows.order_by("path", "id").values_list("pk", flat=True)[:MOST])


def bins_between(*, seller_id: int, warehouse_id: int, first: str, last: str) -> list[int]:
    """The open bins from one walking path to another, both among them."""
    rows = Bin.objects.filter(
        seller_id=seller_id, warehouse_id=warehouse_id, active=True, path__gte=first, path__lte=last
    )
    return list(rows.order_by("path", "id").values_list("pk", flat=True)[:MOST])


def bins_longest_uncounted(*, seller_id: int, warehouse_id: int, limit: int) -> list[int]:
    """Filled storage bins that nobody has ever counted, then those counted longest ago; in walking order."""
    rows = Bin.objects.filter(
        seller_id=seller_id, warehouse_id=warehouse_id, active=True, zone__kind=Zone.Kind.STORAGE, stock__quantity__gt=0
    ).distinct()
    ever = Q(countline__counted_at__isnull=False)
    known = rows.annotate(last=Max("countline__counted_at", filter=ever))
    chosen = known.order_by(F("last").asc(nulls_first=True), "path", "id").values_list("pk", flat=True)[
        : min(limit, MOST)
    ]
    return list(chosen)


def items_most_sold(*, seller_id: int, warehouse_id: int, since: datetime, limit: int) -> list[int]:
    """Class A: the items that make up four fifths of the pieces that left since a moment, at most `limit`."""
    rows = Movement.objects.filter(
        seller_id=seller_id, warehouse_id=warehouse_id, kind=Movement.Kind.SALE, at__gte=since
    )
    sold = list(rows.order_by().values("item_id").annotate(n=-Sum("on_hand_delta")).order_by("-n", "item_id"))
    whole, so_far, found = sum(row["n"] for row in sold), 0, []
    for row in sold[:limit]:
        if so_far >= whole * A_SHARE:
            break
        found.append(row["item_id"])
        so_far += row["n"]
    return found


def items_never_counted(*, seller_id: int, warehouse_id: int, limit: int) -> list[int]:
    """Items on hand that were never part of a count, by SKU."""
    ever = CountLine.objects.filter(
        count__seller_id=seller_id, count__warehouse_id=warehouse_id, counted_at__isnull=False, item__isnull=False
    )
    rows = Stock.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id, on_hand__gt=0)
    rows = rows.exclude(item_id__in=ever.values("item_id"))
    return list(rows.order_by("item__sku").values_list("item_id", flat=True)[:limit])


def progress(*, seller_id: int, count_ids: Sequence[int]) -> Mapping[int, Progress]:
    """How far these counts have come."""
    lines: QuerySet[CountLine] = CountLine.objects.filter(count__seller_id=seller_id, count_id__in=count_ids)
    tally: dict[int, list[int]] = {count_id: [0, 0, 0, 0] for count_id in count_ids}
    for count_id, state, expected, counted in lines.values_list("count_id", "state", "expected", "counted"):
        row, differs = tally[count_id], counted is not None and counted != expected
        for place, add in enumerate((True, state != State.OPEN, differs, differs and state == State.COUNTED)):
            row[place] += add
    return {count_id: Progress(*row) for count_id, row in tally.items()}


def valued(lines: Sequence[CountLine]) -> Sequence[Valued]:
    """Differences with what they are worth at cost."""
    found = []
    for line in lines:
        apart = (line.counted or 0) - (line.expected or 0)
        cost, currency = (line.item.cost, line.item.cost_currency) if line.item else (None, "")
        found.append(Valued(line, apart, cost * apart if cost is not None else None, currency))
    return found


def worth(rows: Sequence[Valued]) -> Mapping[str, Decimal]:
    """The sum of what differences are worth, by currency."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        if row.value is not None:
            sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.value
    return sums


def last_counts(*, seller_id: int, bin_id: int, limit: int = 5) -> Sequence[Count]:
    """The counts a bin was part of, newest first."""
    rows = Count.objects.filter(seller_id=seller_id, lines__bin_id=bin_id).distinct()
    return list(rows.order_by("-pk")[:limit])
