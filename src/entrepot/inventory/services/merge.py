"""The stock of a duplicate becomes the kept item's, bin by bin; the stores hear of kits that had the duplicate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.models import KitPart
from entrepot.catalog.rows import run
from entrepot.inventory.errors import StockIsReserved
from entrepot.inventory.ledger import Step, lock, write
from entrepot.inventory.models import BinStock, Movement, Stock
from entrepot.inventory.services.figures import versions
from entrepot.inventory.services.kits import RAISE_VERSION
from entrepot.inventory.services.warehouses import default_warehouse
from entrepot.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Poured:
    """How much went over, and the versions of the kits that have the duplicate, for `raise_kits` afterwards."""

    on_hand: int
    kits: Mapping[int, int]


@transaction.atomic
def pour(*, seller_id: int, from_item: int, to_item: int, reason: str, actor: Actor) -> Poured:
    """Move everything on hand of one item to another, each piece staying in its warehouse and bin.

    Raises:
        StockIsReserved: Something of the first is set aside.
    """
    places = list(
        Stock.objects.filter(seller_id=seller_id, item_id=from_item)
        .order_by("warehouse_id")
        .values_list("warehouse_id", flat=True)
    )
    figures = lock(seller_id, [from_item, to_item, *_kits(seller_id, from_item)], open_in=places)
    before = versions(seller_id, _kits(seller_id, from_item))
    lying: dict[int, list[tuple[int | None, int]]] = {}
    bins = BinStock.objects.filter(seller_id=seller_id, item_id=from_item, quantity__gt=0).order_by("bin_id")
    for row in bins:
        lying.setdefault(row.warehouse_id, []).append((row.bin_id, row.quantity))
    steps: list[Step] = []
    for place in places:
        figure = figures[from_item, place]
        if figure.reserved:
            raise StockIsReserved(item_id=from_item, reserved=figure.reserved, on_hand=0, missing=figure.reserved)
        for bin_id, quantity in [*lying.get(place, []), (0, figure.unlocated)]:
            if quantity:
                steps += _over(from_item, to_item, place, bin_id, quantity)
    write(seller_id, steps, actor=actor, figures=figures, reason=reason)
    return Poured(sum(step.on_hand for step in steps if step.item_id == to_item), before)


@transaction.atomic
def raise_kits(*, seller_id: int, before: Mapping[int, int], actor: Actor) -> None:
    """Let the version of these kits, which have other parts now, grow over what it was `before`."""
    warehouse = default_warehouse(seller_id=seller_id, actor=actor)
    after, now = versions(seller_id, before), timezone.now()
    for kit_id, version in sorted(before.items()):
        growth = max(version + 1 - after.get(kit_id, 0), 1)
        run(RAISE_VERSION, [seller_id, kit_id, warehouse.pk, growth, now])


def _kits(seller_id: int, item_id: int) -> Iterable[int]:
    return list(KitPart.objects.filter(kit__seller_id=seller_id, item_id=item_id).values_list("kit_id", flat=True))


def _over(from_item: int, to_item: int, place: int, bin_id: int | None, quantity: int) -> list[Step]:
    reference = f"merge:{from_item}-{to_item}"
    return [
        Step(from_item, place, Movement.Kind.TRANSFER_OUT, reference, on_hand=-quantity, bin_id=bin_id),
        Step(to_item, place, Movement.Kind.TRANSFER_IN, reference, on_hand=quantity, bin_id=bin_id),
    ]
