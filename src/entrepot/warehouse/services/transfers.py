"""Goods go from one warehouse to another. Between the two they are in transit: gone here, incoming there, on a paper.

`receiving.receive_item`, `close_receipt` and `cancel_receipt` end the journey.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from entrepot.inventory.services import Departure, depart
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.warehouse.errors import NothingExpected
from entrepot.warehouse.models import Receipt, ReceiptLine
from entrepot.warehouse.receipts import begun, story


@transaction.atomic
def send(
    *,
    seller_id: int,
    from_warehouse_id: int,
    to_warehouse_id: int,
    departures: Sequence[Departure],
    actor: Actor,
    reference: str = "",
    note: str = "",
    now: datetime | None = None,
) -> Receipt:
    """Send units that nobody waits for, all or nothing; the answer is the paper they travel with.

    Raises:
        NothingExpected: Nothing is sent.
        QuantityInvalid: A quantity is below one, or the two warehouses are one.
        NotEnoughStock: Fewer are available.
        NotThere: A bin named holds less.
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: A warehouse is closed or not this seller's.
    """
    if not departures:
        raise NothingExpected(field="departures", reason="")
    source = chosen(seller_id=seller_id, warehouse_id=from_warehouse_id, actor=actor)
    words = {"reference": reference, "note": note}
    made = begun(seller_id, to_warehouse_id, Receipt.Kind.TRANSFER, actor, now, from_warehouse_id=source, **words)
    depart(
        seller_id=seller_id,
        from_warehouse_id=source,
        to_warehouse_id=made.warehouse_id,
        departures=departures,
        reference=f"receipt:{made.pk}",
        actor=actor,
        reason=note,
    )
    sent: dict[int, int] = {}
    for one in departures:
        sent[one.item_id] = sent.get(one.item_id, 0) + one.quantity
    ReceiptLine.objects.bulk_create(
        ReceiptLine(receipt=made, item_id=item_id, expected=quantity) for item_id, quantity in sent.items()
    )
    story(made, "warehouse.send", actor, pieces=sum(sent.values()), origin=source)
    return made
