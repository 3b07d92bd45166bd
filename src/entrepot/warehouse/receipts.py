"""Where receipts begin, are locked, end, and tell what happened to them."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.models import Item
from entrepot.catalog.rows import clip
from entrepot.inventory.services import announce
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.kernel.flow import MoveRefused
from entrepot.warehouse.errors import ReceiptNotFound, ReceiptOver
from entrepot.warehouse.flow import RECEIPT_FLOW
from entrepot.warehouse.models import Receipt
from entrepot.warehouse.numbers import RECEIPT, TRANSFER, next_number


def begun(
    seller_id: int,
    warehouse_id: int,
    kind: str,
    actor: Actor,
    now: datetime | None,
    *,
    from_warehouse_id: int | None = None,
    **words: str,
) -> Receipt:
    """Write a new receipt with its number; `words` are supplier, reference, note."""
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    return Receipt.objects.create(
        seller_id=seller_id,
        warehouse_id=place,
        from_warehouse_id=from_warehouse_id,
        number=next_number(seller_id, TRANSFER if kind == Receipt.Kind.TRANSFER else RECEIPT),
        kind=kind,
        supplier=clip(words.get("supplier", "").strip(), 200),
        reference=clip(words.get("reference", "").strip(), 80),
        note=clip(words.get("note", "").strip(), 300),
        created_at=now or timezone.now(),
    )


def still_open(seller_id: int, receipt_id: int) -> Receipt:
    """Lock a receipt on which work goes on.

    Raises:
        ReceiptOver: It is closed or canceled.
        ReceiptNotFound: There is no such receipt of this seller.
    """
    found = Receipt.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=receipt_id).first()
    if found is None:
        raise ReceiptNotFound(receipt_id=receipt_id)
    if found.state != Receipt.State.OPEN:
        raise ReceiptOver(number=found.number, state=found.get_state_display())
    return found


def end(receipt: Receipt, move: str, now: datetime | None) -> None:
    """Take a receipt to its end.

    Raises:
        ReceiptOver: It has ended already.
    """
    try:
        receipt.state = RECEIPT_FLOW.target(move, receipt.state)
    except MoveRefused as refused:
        raise ReceiptOver(str(refused), number=receipt.number, state=receipt.get_state_display()) from refused
    receipt.closed_at = now or timezone.now()
    receipt.save(update_fields=["state", "closed_at"])


def no_longer_due(receipt: Receipt, quantities: Mapping[int, int], actor: Actor) -> None:
    """Take what will not come off what is incoming."""
    if quantities:
        gone = {item_id: -quantity for item_id, quantity in quantities.items()}
        announce(seller_id=receipt.seller_id, warehouse_id=receipt.warehouse_id, quantities=gone, actor=actor)


def sku_of(seller_id: int, item_id: int) -> str:
    """The SKU to name in a sentence."""
    return Item.objects.filter(seller_id=seller_id, pk=item_id).values_list("sku", flat=True).first() or ""


def story(receipt: Receipt, verb: str, actor: Actor, **facts: object) -> None:
    """Write one line about a receipt."""
    audit(
        seller_id=receipt.seller_id,
        actor=actor,
        verb=verb,
        object_type="receipt",
        object_id=receipt.pk,
        facts={"number": receipt.number, **facts},
    )
