"""Goods find their bins: put away after receiving, moved, taken out."""

from django.db import transaction

from entrepot.accounts.services import audit
from entrepot.inventory.errors import BinNotFound, QuantityInvalid
from entrepot.inventory.models import Bin, BinMove, BinStock
from entrepot.inventory.services import Carry, carry
from entrepot.kernel.actor import Actor
from entrepot.warehouse.services.bins import close_bin


@transaction.atomic
def put_away(
    *,
    seller_id: int,
    warehouse_id: int,
    item_id: int,
    quantity: int,
    bin_id: int,
    actor: Actor,
    reference: str = "",
) -> None:
    """Lay what has no bin yet into one. `queries.suggested_bin` says which. `reference`: the paper it came with.

    Raises:
        QuantityInvalid: The quantity is below one.
        NotThere: Less of it is without a bin.
        BinNotFound: The bin is not in this warehouse.
        BinClosed: The bin is closed.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    one = Carry(item_id, quantity, None, bin_id, reference)
    carry(seller_id=seller_id, warehouse_id=warehouse_id, carries=[one], actor=actor, kind=BinMove.Kind.PUT_AWAY)
    _story(seller_id, "warehouse.put_away", one, actor)


@transaction.atomic
def move(
    *,
    seller_id: int,
    warehouse_id: int,
    item_id: int,
    quantity: int,
    from_bin_id: int,
    to_bin_id: int | None,
    actor: Actor,
    reason: str = "",
) -> None:
    """Move goods from a bin to another; `to_bin_id` None = they are taken out, and lie in no bin.

    Raises:
        QuantityInvalid: The quantity is below one, or the two bins are one.
        NotThere: Less of it lies in the bin.
        BinNotFound: A bin is not in this warehouse.
        BinClosed: The bin is closed.
        KitHasNoStock: The item is a kit.
        StockItemNotFound: There is no such item of this seller.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    one = Carry(item_id, quantity, from_bin_id, to_bin_id)
    kind = BinMove.Kind.MOVE if to_bin_id else BinMove.Kind.TAKE_OUT
    carry(seller_id=seller_id, warehouse_id=warehouse_id, carries=[one], actor=actor, kind=kind, reason=reason)
    _story(seller_id, "warehouse.move", one, actor)


@transaction.atomic
def empty_bin(*, seller_id: int, bin_id: int, to_bin_id: int | None, actor: Actor, reason: str = "") -> int:
    """Move all that lies in a bin to another (None = to no bin); tells how many pieces.

    Raises:
        QuantityInvalid: The two bins are one.
        NotThere: Something was taken out of it at the same moment; repeat it.
        BinNotFound: A bin is not this seller's, or not in the same warehouse.
        BinClosed: The other bin is closed.
    """
    found = Bin.objects.filter(seller_id=seller_id, pk=bin_id).first()
    if found is None:
        raise BinNotFound(bin_id=bin_id)
    rows = BinStock.objects.filter(seller_id=seller_id, bin=found, quantity__gt=0).order_by("item_id")
    carries = [Carry(row.item_id, row.quantity, bin_id, to_bin_id) for row in rows]
    kind = BinMove.Kind.MOVE if to_bin_id else BinMove.Kind.TAKE_OUT
    carry(seller_id=seller_id, warehouse_id=found.warehouse_id, carries=carries, actor=actor, kind=kind, reason=reason)
    pieces = sum(one.quantity for one in carries)
    facts = {"to": to_bin_id, "pieces": pieces}
    audit(
        seller_id=seller_id, actor=actor, verb="warehouse.empty_bin", object_type="bin", object_id=bin_id, facts=facts
    )
    return pieces


@transaction.atomic
def merge_bin(*, seller_id: int, bin_id: int, into_bin_id: int, actor: Actor, reason: str = "") -> int:
    """Move all that lies in a bin to another and close it; tells how many pieces.

    Raises:
        QuantityInvalid: The two bins are one.
        NotThere: Something was taken out of it at the same moment; repeat it.
        BinNotFound: A bin is not this seller's, or not in the same warehouse.
        BinClosed: The other bin is closed.
    """
    if bin_id == into_bin_id:
        raise QuantityInvalid(quantity=0)
    pieces = empty_bin(seller_id=seller_id, bin_id=bin_id, to_bin_id=into_bin_id, actor=actor, reason=reason)
    close_bin(seller_id=seller_id, bin_id=bin_id, actor=actor)
    return pieces


def _story(seller_id: int, verb: str, one: Carry, actor: Actor) -> None:
    audit(
        seller_id=seller_id,
        actor=actor,
        verb=verb,
        object_type="item",
        object_id=one.item_id,
        facts={"quantity": one.quantity, "from": one.from_bin_id, "to": one.to_bin_id},
    )
