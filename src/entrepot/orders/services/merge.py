"""Orders of one buyer to one address leave in one parcel. They stay orders of their own, each told to its own store."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.kernel.actor import Actor
from entrepot.orders.errors import OrderNotFound
from entrepot.orders.flow import packed
from entrepot.orders.groups import check_alike, check_alone, together, traits
from entrepot.orders.life import Event, locked, locked_one, write_events
from entrepot.orders.merge_errors import MergedPacked, MergeTooFew, NotMerged
from entrepot.orders.models import Order, PackGroup


@transaction.atomic
def merge_orders(*, seller_id: int, order_ids: Sequence[int], actor: Actor, now: datetime | None = None) -> list[Order]:
    """Let these orders, and those they share a parcel with already, leave in one parcel; tells them all.

    Raises:
        MergeTooFew: They are fewer than two.
        MergeNotOpen, MergePickup, MergeUnknownBuyer, MergeElsewhere: One of them can share no parcel.
        MergeOtherBuyer, MergeOtherAddress, MergeElsewhere: Two of them are not alike.
        OrderNotFound: One of them is not this seller's.
    """
    wanted = sorted(set(order_ids))
    if len(wanted) < 2:
        raise MergeTooFew(field="orders", reason="")
    others = {one.pk for order_id in wanted for one in together(seller_id=seller_id, order_id=order_id)}
    members = locked(seller_id, {*wanted, *others})
    known = {one.pk for one in members}
    if missing := next((order_id for order_id in wanted if order_id not in known), None):
        raise OrderNotFound(order_id=missing)
    found = traits(seller_id=seller_id, order_ids=sorted(known))
    for one in members:
        check_alone(one, found[one.pk])
        check_alike(members[0], one, found[members[0].pk], found[one.pk])
    at = now or timezone.now()
    group_id = next((one.pack_group_id for one in members if one.pack_group_id), None)
    if group_id is None:
        group_id = PackGroup.objects.create(seller_id=seller_id, created_at=at, created_by=str(actor)[:120]).pk
    fresh = [one for one in members if one.pack_group_id != group_id]
    for one in fresh:
        _put(one, group_id)
    numbers = [one.number for one in members]
    events = [Event(one.pk, "order.merged", one.status, one.status, {"orders": numbers}) for one in members]
    write_events(events if fresh else [], actor=actor, now=at)
    return members


@transaction.atomic
def leave_group(*, seller_id: int, order_id: int, actor: Actor, now: datetime | None = None) -> Order:
    """Let an order travel on its own again; the last one left is alone too.

    Raises:
        NotMerged: It shares its parcel with nobody.
        MergedPacked: It is packed.
        OrderNotFound: There is no such order of this seller.
    """
    members = together(seller_id=seller_id, order_id=order_id)
    held = locked(seller_id, [one.pk for one in members])
    order = next((one for one in held if one.pk == order_id), None)
    if order is None:
        order = locked_one(seller_id, order_id)
    if order.pack_group_id is None:
        raise NotMerged(number=order.number, order_id=order_id)
    if packed(order):
        raise MergedPacked(number=order.number, order_id=order_id)
    rest = [one for one in held if one.pk != order_id and one.pack_group_id == order.pack_group_id]
    leaving = [order, *rest] if len(rest) == 1 else [order]
    for one in leaving:
        _put(one, None)
    events = [Event(one.pk, "order.unmerged", one.status, one.status, {"order": order.number}) for one in leaving]
    write_events(events, actor=actor, now=now or timezone.now())
    return order


def _put(order: Order, group_id: int | None) -> None:
    order.pack_group_id = group_id
    order.version += 1
    order.save(update_fields=["pack_group", "version", "updated_at"])
