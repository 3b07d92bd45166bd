"""Stock changed by people: the verbs of `inventory`, after which whoever waits for the goods is served at once.

Screens, API and CLI call these. Without them the engine's tick would find the waiting orders a few seconds later, and
a store could be told meanwhile that their goods are for sale.
"""

from django.db import transaction

from entrepot.inventory import services as inventory
from entrepot.kernel.actor import Actor
from entrepot.orders.services.fill import fill_after_commit


@transaction.atomic
def receive_stock(
    *,
    seller_id: int,
    item_id: int,
    quantity: int,
    actor: Actor,
    reference: str = "receipt",
    reason: str = "",
    warehouse_id: int | None = None,
) -> int:
    """Take goods in; tells what is on hand there now. Refuses as `inventory.services.receive` does."""
    after = inventory.receive(
        seller_id=seller_id,
        item_id=item_id,
        quantity=quantity,
        actor=actor,
        reference=reference,
        reason=reason,
        warehouse_id=warehouse_id,
    )
    fill_after_commit(seller_id=seller_id, item_ids=[item_id], actor=actor)
    return after


@transaction.atomic
def adjust_stock(
    *,
    seller_id: int,
    item_id: int,
    delta: int,
    reason: str,
    actor: Actor,
    warehouse_id: int | None = None,
    bin_id: int | None = None,
) -> int:
    """Add or take away, in a bin where one is named, saying why; tells what is on hand there now.

    Refuses as `inventory.services.adjust` does.
    """
    after = inventory.adjust(
        seller_id=seller_id,
        item_id=item_id,
        delta=delta,
        reason=reason,
        actor=actor,
        warehouse_id=warehouse_id,
        bin_id=bin_id,
    )
    fill_after_commit(seller_id=seller_id, item_ids=[item_id] if delta > 0 else [], actor=actor)
    return after


@transaction.atomic
def count_stock(
    *,
    seller_id: int,
    item_id: int,
    on_hand: int,
    reason: str,
    actor: Actor,
    warehouse_id: int | None = None,
    seen: int | None = None,
) -> int:
    """Set a counted figure; tells the difference. Refuses as `inventory.services.set_on_hand` does.

    `seen`: the figure that was looked at; where it moved meanwhile, nothing changes.

    When more is set aside than was counted (StockIsReserved), `recount` takes it back from the newest orders.
    """
    difference = inventory.set_on_hand(
        seller_id=seller_id,
        item_id=item_id,
        on_hand=on_hand,
        reason=reason,
        actor=actor,
        warehouse_id=warehouse_id,
        seen=seen,
    )
    fill_after_commit(seller_id=seller_id, item_ids=[item_id] if difference > 0 else [], actor=actor)
    return difference
