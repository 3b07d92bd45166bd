"""Requests that a store pushes to us: believed only when signed, never taken as the truth, only as a wake."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from django.db.models import Q
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.models import Listing, PushedEvent, Store
from entrepot.channels.opening import opened
from entrepot.connectors.contract import ChannelEvent
from entrepot.kernel.errors import ChannelMisconfigured

log = structlog.get_logger(__name__)

NONCES_KEPT = timedelta(hours=1)
"""Longer than any connector's clock window on both sides of now."""


def take_events(store: Store, *, target: str, headers: Mapping[str, str], body: bytes) -> Sequence[ChannelEvent]:
    """Check a pushed request and make due what it speaks of. Nothing of the store is asked here, so it is quick.

    Raises:
        ChannelMisconfigured: The signature, clock or shape is wrong, or the request was here before; nothing changed.
    """
    with opened(store, lane="orders") as connector:
        if connector.events is None:
            raise ChannelMisconfigured(reason="this channel pushes no events")
        events = connector.events.receive(target=target, headers=headers, body=body)
    foreign = [event for event in events if not event.own]
    if any(event.kind == "order" for event in foreign):
        _orders_are_due(store)
        engine.wake("pull_orders", store.pk)
    touched = [event.object_id for event in foreign if event.kind == "product"]
    if touched:
        _look_again(store, touched)
        engine.wake("check_drift", store.pk)
    log.info("events_taken", store=store.pk, events=len(events), own=len(events) - len(foreign))
    return events


def _orders_are_due(store: Store) -> None:
    Store.objects.filter(pk=store.pk, seller_id=store.seller_id).update(orders_due_at=timezone.now())


def _look_again(store: Store, product_ids: Sequence[str]) -> None:
    """A form saved late in the store's admin may have overwritten our figure: these are read back first."""
    listings = Listing.objects.filter(store=store, seller_id=store.seller_id)
    listings.filter(Q(remote_id__in=product_ids) | Q(parent_id__in=product_ids)).update(seen_at=None)


def forget_nonces() -> int:
    """Drop nonces that no clock window reaches any more; how many went. For the housekeeping tick."""
    gone, _ = PushedEvent.objects.filter(at__lt=timezone.now() - NONCES_KEPT).delete()
    return gone
