"""Where the order desk and a warehouse meet: the desk does not pack or hand over what a warehouse has in its hands."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from entrepot.fulfilment import services as parcels
from entrepot.fulfilment.services.manifest import Visit, hand_over_to
from entrepot.kernel.actor import Actor
from entrepot.orders.life import locked_one
from entrepot.warehouse.errors import NotPackedThere, PickedElsewhere
from entrepot.warehouse.queries.waiting import open_work
from entrepot.warehouse.services.release import follow
from entrepot.warehouse.work import State


def follow_these(*, seller_id: int, order_ids: Sequence[int], actor: Actor) -> None:
    """Bring the warehouses' work in line with these orders now, without waiting for the engine's tick."""
    for order_id in sorted(set(order_ids)):
        follow(seller_id=seller_id, order_id=order_id, actor=actor)


def refuse_packing(*, seller_id: int, order_id: int, actor: Actor) -> None:  # noqa: ARG001 - every verb names its actor
    """Go on only where people at the desk pack this order.

    Raises:
        PickedElsewhere: A warehouse that works for itself picks and packs it.
    """
    for work in open_work(seller_id=seller_id, order_id=order_id):
        raise PickedElsewhere(number=work.number, warehouse=work.warehouse.name)


@transaction.atomic
def hand_over(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> bool:
    """The carrier has all parcels of an order, whoever packed them; False when it had left already.

    Raises:
        NotPackedThere: A warehouse has not packed its part yet.
        EntrepotError: What `fulfilment.services.hand_over` refuses.
    """
    locked_one(seller_id, order_id)
    for work in open_work(seller_id=seller_id, order_id=order_id):
        if work.state != State.PACKED:
            raise NotPackedThere(number=work.number, warehouse=work.warehouse.name)
    moved = parcels.hand_over(seller_id=seller_id, order_id=order_id, actor=actor, now=now)
    follow(seller_id=seller_id, order_id=order_id, actor=actor, now=now)
    return moved


def carrier_visit(*, seller_id: int, carrier_id: int, actor: Actor, channel_ids: Sequence[int] | None = None) -> Visit:
    """Hand over every order with a packed parcel of this carrier; one that a warehouse has not packed stays.

    Raises:
        CarrierNotFound: There is no such carrier of this seller.
    """
    return hand_over_to(
        seller_id=seller_id, carrier_id=carrier_id, actor=actor, channel_ids=channel_ids, leave=hand_over
    )
