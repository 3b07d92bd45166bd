"""Requests that a store pushes to us: believed only when signed, never taken as the truth, only as a wake."""

from collections.abc import Mapping, Sequence

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.models import Listing, Store
from entrepot.channels.opening import opened
from entrepot.channels.registry import connector_type
from entrepot.channels.services.announced import note_announced
from entrepot.channels.services.trouble import note_removal
from entrepot.connectors.contract import ChannelEvent
from entrepot.kernel.errors import ChannelMisconfigured

log = structlog.get_logger(__name__)

DEAF = frozenset({Store.State.PAUSED, Store.State.DISCONNECTED})
"""States in which a store is not listened to."""


def take_events(store: Store, *, target: str, headers: Mapping[str, str], body: bytes) -> Sequence[ChannelEvent]:
    """Check a pushed request and make due what it speaks of. Nothing of the store is asked here, so it is quick.

    What it says of another shop (`ChannelEvent.identity`) concerns that shop's store, if the same seller has it.

    Raises:
        SenderNotBelieved: It does not carry the right key; nothing changed.
        ChannelMisconfigured: The signature, clock or shape is wrong, or the request was here before; nothing changed.
    """
    with opened(store, lane="orders") as connector:
        if connector.events is None:
            raise ChannelMisconfigured(reason="This channel announces nothing; its orders are read by themselves.")
        events = connector.events.receive(target=target, headers=headers, body=body)
    foreign = [event for event in events if not event.own]
    for identity in sorted({event.identity for event in foreign if event.kind == "revoked"}):
        _access_has_ended(store, identity)
    for identity in sorted({event.identity for event in foreign}):
        speaker = _speaker(store, identity)
        if speaker is not None:
            _take(speaker, [event for event in foreign if event.identity == identity])
    log.info("events_taken", store=store.pk, events=len(events), own=len(events) - len(foreign))
    return events


def _speaker(store: Store, identity: str) -> Store | None:
    """The store of the shop that speaks; None where the seller has not connected it, or does not listen to it."""
    if identity in {"", store.identity}:
        return None if store.state in DEAF else store
    same = Store.objects.filter(seller_id=store.seller_id, connector=store.connector, identity=identity)
    return same.exclude(state__in=DEAF).first()


def listens(store: Store) -> bool:
    """Whether somebody listens at a store's address: the store, or another shop of its mall that it may stand for."""
    if store.state not in DEAF:
        return True
    if store.state == Store.State.DISCONNECTED or not store.limit_key:
        return False
    shops = Store.objects.filter(seller_id=store.seller_id, connector=store.connector, limit_key=store.limit_key)
    return shops.exclude(state__in=DEAF).exists()


def _take(store: Store, events: Sequence[ChannelEvent]) -> None:
    orders = [event.object_id for event in events if event.kind == "order"]
    if orders and connector_type(store.connector).announced_by_id:
        note_announced(store=store, remote_ids=orders)
        engine.wake("drain_events", store.pk)
    elif orders:
        _orders_are_due(store)
        engine.wake("pull_orders", store.pk)
    touched = [event.object_id for event in events if event.kind == "product"]
    if touched:
        _look_again(store, touched)
        engine.wake("check_drift", store.pk)


def _access_has_ended(store: Store, identity: str) -> None:
    """The owner took our access away: from every shop that was opened by it, which share one limit.

    One address may serve several malls of a seller: the one that speaks is meant, not the one whose address was called.
    """
    shops = Store.objects.filter(seller_id=store.seller_id, connector=store.connector)
    shops = shops.exclude(state=Store.State.DISCONNECTED)
    own = identity in {"", store.identity}
    speaker = store if own else (shops.filter(identity=identity).first() or _of_the_same_mall(shops, identity))
    if speaker is None:
        return
    opened_by_it = shops.filter(Q(pk=speaker.pk) | Q(limit_key=speaker.limit_key) & ~Q(limit_key=""))
    for shop in opened_by_it.order_by("pk"):
        note_removal(store=shop)


def _of_the_same_mall(shops: QuerySet[Store], identity: str) -> Store | None:
    """Another shop of the mall that an identity (`mall/shop`) names."""
    mall, found, _ = identity.rpartition("/")
    return shops.filter(identity__startswith=f"{mall}/").first() if found else None


def _orders_are_due(store: Store) -> None:
    Store.objects.filter(pk=store.pk, seller_id=store.seller_id).update(orders_due_at=timezone.now())


def _look_again(store: Store, product_ids: Sequence[str]) -> None:
    """A form saved late in the store's admin may have overwritten our figure: these are read back first."""
    listings = Listing.objects.filter(store=store, seller_id=store.seller_id)
    listings.filter(Q(remote_id__in=product_ids) | Q(parent_id__in=product_ids)).update(seen_at=None)
