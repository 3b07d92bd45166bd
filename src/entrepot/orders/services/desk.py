"""Small verbs of the desk: notes, tags, and what the store said last."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip, run
from entrepot.kernel.actor import Actor
from entrepot.orders.errors import NoteEmpty
from entrepot.orders.life import Event, locked, locked_one, write_events
from entrepot.orders.models import OrderNote

SEEN = """
UPDATE orders_order SET remote_status_id = %s, remote_version = GREATEST(remote_version, %s), updated_at = %s
WHERE seller_id = %s AND id = %s AND remote_version <= %s
"""


@transaction.atomic
def note(*, seller_id: int, order_id: int, text: str, actor: Actor) -> OrderNote:
    """Put a note on an order.

    Raises:
        NoteEmpty: There is nothing in it.
        OrderNotFound: There is no such order of this seller.
    """
    if not text.strip():
        raise NoteEmpty(field="text", reason="")
    order = locked_one(seller_id, order_id)
    return OrderNote.objects.create(order=order, author=clip(actor.label, 120), text=clip(text.strip(), 10_000))


@transaction.atomic
def tag(
    *,
    seller_id: int,
    order_ids: Sequence[int],
    actor: Actor,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    now: datetime | None = None,
) -> int:
    """Put tags on orders and take tags off; tells how many orders changed. Orders of others are left out."""
    added = [clip(word.strip(), 40) for word in add if word.strip()]
    events = []
    for order in locked(seller_id, order_ids):
        tags = sorted((set(order.tags) | set(added)) - set(remove))
        if tags != sorted(order.tags):
            told = {"before": order.tags, "after": tags}
            order.tags = tags
            order.version += 1
            order.save(update_fields=["tags", "version", "updated_at"])
            events.append(Event(order.pk, "order.tagged", order.status, order.status, told))
    write_events(events, actor=actor, now=now or timezone.now())
    return len(events)


def seen_remote(*, seller_id: int, order_id: int, remote_status_id: str, remote_version: int, actor: Actor) -> bool:  # noqa: ARG001 - every verb names its actor
    """Remember the status and version a store showed last; False for a copy older than ours."""
    facts = [clip(remote_status_id, 40), remote_version, timezone.now(), seller_id, order_id, remote_version]
    return run(SEEN, facts) == 1
