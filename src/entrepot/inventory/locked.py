"""Stock rows as a verb wants them: locked, made where missing, and refused by name where they cannot be."""

from collections.abc import Iterable, Sequence

from entrepot.catalog.models import Item
from entrepot.inventory.errors import BelowZero, KitHasNoStock, StockIsReserved, StockItemNotFound
from entrepot.inventory.ledger import Figures, Step, lock, write
from entrepot.kernel.actor import Actor


def locked_here(seller_id: int, item_ids: Iterable[int], *places: int) -> Figures:
    """Lock all rows of these items, those in `places` made where missing.

    Raises:
        KitHasNoStock: One of them is a kit.
        StockItemNotFound: One of them is not this seller's.
    """
    items = sorted(set(item_ids))
    figures = lock(seller_id, items, open_in=places)
    for item_id in items:
        row = figures.get((item_id, places[0]))
        if row is not None and not row.is_kit:
            continue
        kit = Item.objects.filter(seller_id=seller_id, pk=item_id, kind=Item.Kind.KIT).first()
        if kit is not None:
            raise KitHasNoStock(sku=kit.sku)
        raise StockItemNotFound(item_id=item_id)
    return figures


def shift_checked(seller_id: int, steps: Sequence[Step], figures: Figures, reason: str, actor: Actor) -> None:
    """Write steps that change on hand, refused where less than nothing, or than is set aside, would be left.

    Raises:
        BelowZero: Less than nothing would be on hand.
        StockIsReserved: Less would be on hand than is set aside.
        NotThere: A bin named holds less.
    """
    for key in sorted({(step.item_id, step.warehouse_id) for step in steps}):
        before = figures[key]
        on_hand = before.on_hand + sum(step.on_hand for step in steps if (step.item_id, step.warehouse_id) == key)
        if on_hand < 0:
            raise BelowZero(on_hand=on_hand, before=before.on_hand)
        if on_hand < before.reserved:
            missing = before.reserved - on_hand
            raise StockIsReserved(item_id=key[0], reserved=before.reserved, on_hand=on_hand, missing=missing)
    write(seller_id, steps, actor=actor, figures=figures, reason=reason)
