"""Where statuses change: `take` is the only place that writes one, and it writes the event beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from entrepot.catalog.rows import as_json, clip, copy_in, fetch
from entrepot.kernel.actor import Actor
from entrepot.kernel.flow import MoveRefused
from entrepot.orders.errors import MoveNotPossible, OrderNotFound
from entrepot.orders.flow import CANCELING, LEFT, ON_HOLD, ORDER_FLOW
from entrepot.orders.models import Order

CHANGE = """
UPDATE orders_order o SET status = t.target, hold_code = t.hold_code, held_from = t.held_from,
    version = o.version + 1, updated_at = %s, ran_short = o.ran_short OR t.target = 'partial',
    handed_over_at = CASE WHEN t.target = ANY(%s::text[]) AND t.source <> ALL(%s::text[])
                          THEN COALESCE(o.handed_over_at, %s) ELSE o.handed_over_at END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS t(id, source, target, hold_code, held_from)
WHERE o.id = t.id AND o.seller_id = %s AND o.status = t.source
RETURNING o.id
"""
EVENTS = """
COPY orders_orderevent (order_id, at, actor_kind, actor_label, kind, from_status, to_status, facts) FROM STDIN
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One order takes one move. `hold_code` and `held_from` only where it ends on hold."""

    order: Order
    move: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    hold_code: str = ""
    held_from: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A line of an order's story."""

    order_id: int
    kind: str
    from_status: str = ""
    to_status: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def locked(seller_id: int, order_ids: Iterable[int]) -> list[Order]:
    """Lock these orders in the order of their ids; those of others are absent."""
    rows = Order.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk__in=sorted(set(order_ids)))
    return list(rows.order_by("pk"))


def locked_one(seller_id: int, order_id: int) -> Order:
    """Lock one order.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    found = locked(seller_id, [order_id])
    if not found:
        raise OrderNotFound(order_id=order_id)
    return found[0]


def take(turns: Sequence[Turn], *, actor: Actor, reason: str = "", now: datetime | None = None) -> None:
    """Make the moves and write their events; the orders in hand are changed too. The caller has locked them.

    Raises:
        MoveNotPossible: A move does not start where its order stands; nothing was written.
    """
    if not turns:
        return
    at = now or timezone.now()
    steps = [_step(turn) for turn in turns]
    changed = fetch(
        CHANGE,
        [
            at,
            *([str(status) for status in LEFT],) * 2,
            at,
            [turn.order.pk for turn in turns],
            [turn.order.status for turn in turns],
            *([step[part] for step in steps] for part in range(3)),
            turns[0].order.seller_id,
        ],
    )
    if len(changed) != len(turns):
        raise RuntimeError("an order changed while it should have been locked")
    told = {"reason": reason} if reason else {}
    events = [
        Event(turn.order.pk, f"order.{turn.move}", turn.order.status, step[0], {**turn.facts, **told})
        for turn, step in zip(turns, steps, strict=True)
    ]
    for turn, (status, hold_code, held_from) in zip(turns, steps, strict=True):
        order = turn.order
        order.status, order.hold_code, order.held_from = status, hold_code, held_from
        order.version += 1
    write_events(events, actor=actor, now=at)


def write_events(events: Sequence[Event], *, actor: Actor, now: datetime) -> None:
    """Write lines of the story that change no status."""
    if events:
        label = clip(actor.label, 120)
        copy_in(
            EVENTS,
            (
                (one.order_id, now, actor.kind, label, one.kind, one.from_status, one.to_status, as_json(one.facts))
                for one in events
            ),
        )


def _step(turn: Turn) -> tuple[str, str, str]:
    """Status, hold code and held-from after the move."""
    order = turn.order
    try:
        target = str(ORDER_FLOW.target(turn.move, order.status))
    except MoveRefused as refused:
        raise MoveNotPossible(
            str(refused), move=turn.move, status=order.get_status_display(), order_id=order.pk
        ) from refused
    if target == ON_HOLD:
        return target, turn.hold_code or order.hold_code, turn.held_from or order.held_from
    if target in CANCELING:  # so that a withdrawn cancellation finds its way back
        return target, order.hold_code, order.held_from
    return target, "", ""
