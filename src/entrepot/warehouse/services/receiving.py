"""Goods come in: announced beforehand or not, piece by piece, too few or too many."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from entrepot.inventory.errors import QuantityInvalid, ReasonMissing
from entrepot.inventory.models import Movement
from entrepot.inventory.services import Arrival, announce, arrive
from entrepot.kernel.actor import Actor
from entrepot.orders.services.fill import fill_after_commit
from entrepot.warehouse.errors import MoreThanSent, NothingExpected, ReceiptBegun
from entrepot.warehouse.models import Receipt, ReceiptLine
from entrepot.warehouse.receipts import begun, end, no_longer_due, sku_of, still_open, story


@transaction.atomic
def expect(
    *,
    seller_id: int,
    warehouse_id: int,
    quantities: Mapping[int, int],
    actor: Actor,
    supplier: str = "",
    reference: str = "",
    expected_on: date | None = None,
    note: str = "",
    now: datetime | None = None,
) -> Receipt:
    """Announce goods of a purchase or delivery note, `{item_id: quantity}`; they stand as incoming from now on.

    Raises:
        NothingExpected: No item, or a quantity below one.
        KitHasNoStock: An item is a kit.
        StockItemNotFound: An item is not this seller's.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    if not quantities or min(quantities.values()) < 1:
        raise NothingExpected(field="quantities", reason="")
    made = begun(
        seller_id, warehouse_id, Receipt.Kind.EXPECTED, actor, now, supplier=supplier, reference=reference, note=note
    )
    made.expected_on = expected_on
    made.save(update_fields=["expected_on"])
    announce(seller_id=seller_id, warehouse_id=made.warehouse_id, quantities=quantities, actor=actor)
    ReceiptLine.objects.bulk_create(
        ReceiptLine(receipt=made, item_id=item_id, expected=quantity) for item_id, quantity in quantities.items()
    )
    story(made, "warehouse.expect", actor, pieces=sum(quantities.values()))
    return made


@transaction.atomic
def begin_receipt(
    *,
    seller_id: int,
    warehouse_id: int,
    actor: Actor,
    supplier: str = "",
    reference: str = "",
    note: str = "",
    now: datetime | None = None,
) -> Receipt:
    """Begin to receive goods that nobody announced.

    Raises:
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    made = begun(
        seller_id, warehouse_id, Receipt.Kind.BLIND, actor, now, supplier=supplier, reference=reference, note=note
    )
    story(made, "warehouse.begin_receipt", actor)
    return made


@transaction.atomic
def receive_item(
    *, seller_id: int, receipt_id: int, item_id: int, quantity: int, actor: Actor, bin_id: int | None = None
) -> ReceiptLine:
    """Some of an item has come: it is on hand now, in `bin_id`, or in no bin until it is put away.

    More than expected, or an item nobody expected, is taken as it comes and shows as such on its line; of a transfer
    no more can come than was sent.

    Raises:
        QuantityInvalid: The quantity is below one.
        MoreThanSent: More of a transfer would come than is on its way.
        ReceiptOver: The receipt is closed or canceled.
        BinNotFound: The bin is not in the receipt's warehouse.
        BinClosed: The bin is closed.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
        ReceiptNotFound: There is no such receipt of this seller.
    """
    if quantity < 1:
        raise QuantityInvalid(quantity=quantity)
    receipt = still_open(seller_id, receipt_id)
    line = ReceiptLine.objects.filter(receipt=receipt, item_id=item_id).first()
    due = max(line.expected - line.received, 0) if line else 0
    carried = receipt.kind == Receipt.Kind.TRANSFER
    if carried and quantity > due:
        raise MoreThanSent(quantity=quantity, sku=sku_of(seller_id, item_id), left=due)
    arrive(
        seller_id=seller_id,
        warehouse_id=receipt.warehouse_id,
        arrivals=[Arrival(item_id, quantity, min(quantity, due), bin_id)],
        reference=f"receipt:{receipt.pk}",
        actor=actor,
        kind=Movement.Kind.TRANSFER_IN if carried else Movement.Kind.RECEIPT,
    )
    line = line or ReceiptLine.objects.create(receipt=receipt, item_id=item_id)
    line.received += quantity
    line.save(update_fields=["received"])
    story(receipt, "warehouse.receive", actor, item=item_id, quantity=quantity, bin=bin_id)
    fill_after_commit(seller_id=seller_id, item_ids=[item_id], actor=actor)
    return line


@transaction.atomic
def close_receipt(
    *, seller_id: int, receipt_id: int, actor: Actor, reason: str = "", now: datetime | None = None
) -> Receipt:
    """All that will come has come; what is missing is no longer incoming. What is missing of a transfer is lost.

    Raises:
        ReasonMissing: Something of a transfer is missing, and nobody said why.
        ReceiptOver: The receipt is closed or canceled.
        ReceiptNotFound: There is no such receipt of this seller.
    """
    receipt = still_open(seller_id, receipt_id)
    missing = {line.item_id: line.expected - line.received for line in receipt.lines.order_by("item_id")}
    missing = {item_id: quantity for item_id, quantity in missing.items() if quantity > 0}
    if missing and receipt.kind == Receipt.Kind.TRANSFER and not reason.strip():
        raise ReasonMissing(field="reason", reason="")
    no_longer_due(receipt, missing, actor)
    end(receipt, "close", now)
    told = {str(item_id): quantity for item_id, quantity in missing.items()}
    story(receipt, "warehouse.close_receipt", actor, missing=told, reason=reason[:300])
    return receipt


@transaction.atomic
def cancel_receipt(
    *, seller_id: int, receipt_id: int, actor: Actor, reason: str = "", now: datetime | None = None
) -> Receipt:
    """Nothing will come. Goods of a transfer are back where they were sent from, without a bin.

    Raises:
        ReceiptBegun: Something has come already.
        ReceiptOver: The receipt is closed or canceled.
        ReceiptNotFound: There is no such receipt of this seller.
    """
    receipt = still_open(seller_id, receipt_id)
    lines = list(receipt.lines.order_by("item_id"))
    if any(line.received for line in lines):
        raise ReceiptBegun(number=receipt.number)
    due = {line.item_id: line.expected for line in lines if line.expected}
    no_longer_due(receipt, due, actor)
    if receipt.from_warehouse_id is not None:
        arrive(
            seller_id=seller_id,
            warehouse_id=receipt.from_warehouse_id,
            arrivals=[Arrival(item_id, quantity) for item_id, quantity in due.items()],
            reference=f"receipt:{receipt.pk}",
            actor=actor,
            kind=Movement.Kind.TRANSFER_IN,
            reason=reason,
        )
        fill_after_commit(seller_id=seller_id, item_ids=sorted(due), actor=actor)
    end(receipt, "cancel", now)
    story(receipt, "warehouse.cancel_receipt", actor, reason=reason[:300])
    return receipt
