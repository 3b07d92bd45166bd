"""The stock of a duplicate becomes the kept item's, bin by bin."""

from django.db import transaction

from entrepot.inventory.errors import StockIsReserved
from entrepot.inventory.ledger import Step, lock, write
from entrepot.inventory.models import BinStock, Movement, Stock
from entrepot.kernel.actor import Actor


@transaction.atomic
def pour(*, seller_id: int, from_item: int, to_item: int, reason: str, actor: Actor) -> int:
    """Move everything on hand of one item to another, each piece staying in its warehouse and bin; how much it was.

    Raises:
        StockIsReserved: Something of the first is set aside.
    """
    places = list(
        Stock.objects.filter(seller_id=seller_id, item_id=from_item)
        .order_by("warehouse_id")
        .values_list("warehouse_id", flat=True)
    )
    figures = lock(seller_id, [from_item, to_item], open_in=places)
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
    return sum(step.on_hand for step in steps if step.item_id == to_item)


def _over(from_item: int, to_item: int, place: int, bin_id: int | None, quantity: int) -> list[Step]:
    reference = f"merge:{from_item}-{to_item}"
    return [
        Step(from_item, place, Movement.Kind.TRANSFER_OUT, reference, on_hand=-quantity, bin_id=bin_id),
        Step(to_item, place, Movement.Kind.TRANSFER_IN, reference, on_hand=quantity, bin_id=bin_id),
    ]
