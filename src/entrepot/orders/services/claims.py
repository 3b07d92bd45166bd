"""Buyers' wishes as their store has them: taken in once, each change a line of the order's story."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip
from entrepot.kernel.actor import Actor
from entrepot.orders.claims import COMING, OPEN, RETURNING, goes_to
from entrepot.orders.drafts import ClaimDraft
from entrepot.orders.life import Event, locked_one, write_events
from entrepot.orders.models import Order, OrderClaim

State = OrderClaim.State


@transaction.atomic
def take_claims(
    *,
    seller_id: int,
    order_id: int,
    claims: Sequence[ClaimDraft],
    actor: Actor,
    past: bool = False,
    now: datetime | None = None,
) -> list[OrderClaim]:
    """Take in all the claims that a store names of an order now; those that are new or have changed.

    A request that comes back under another id, for the same lines, is the same claim; one that is no longer named was
    withdrawn. The same claims again change nothing. No status moves here. `past`: the order is older than our books;
    what its store says has come back did so before them.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    known = {(row.kind, row.remote_id): row for row in order.claims.filter(order__seller_id=seller_id)}
    fresh = {(draft.kind, clip(draft.remote_id, 80)): draft for draft in claims}
    left = [row for key, row in known.items() if key not in fresh and row.state in COMING]
    changed = []
    for key, draft in fresh.items():
        row = known.get(key) or _predecessor(left, draft)
        changed.append(_make(order, draft) if row is None else _change(row, draft))
    moved = [row for row in changed if row is not None]
    gone = [row for row in left if row.state in OPEN]
    for row in gone:
        row.state = State.WITHDRAWN
        row.save(update_fields=["state", "updated_at"])
    if past:
        _count_past(order)
    _tell(order, [*moved, *gone], actor, now)
    return [*moved, *gone]


@transaction.atomic
def settle_claim(*, seller_id: int, claim_id: int, state: str, actor: Actor, now: datetime | None = None) -> bool:
    """Write down what became of a claim that we answered; False when it was known, or there is none.

    A claim that its store has carried further stays where it is.
    """
    row = OrderClaim.objects.filter(order__seller_id=seller_id, pk=claim_id).first()
    if row is None:
        return False
    order = locked_one(seller_id, row.order_id)
    row.refresh_from_db(fields=["state"])
    after = goes_to(row.state, state)
    if after == row.state:
        return False
    row.state = after
    row.save(update_fields=["state", "updated_at"])
    _tell(order, [row], actor, now)
    return True


def _count_past(order: Order) -> None:
    """Goods that came back before our stock was opened were counted by whoever counted that stock."""
    back: dict[str, int] = {}
    rows = order.claims.filter(order__seller_id=order.seller_id, kind__in=RETURNING)
    for claim in rows.filter(state__in=[State.RECEIVED, State.DONE]):
        for remote_id, quantity in claim.lines:
            back[remote_id] = back.get(remote_id, 0) + quantity
    for line in order.lines.filter(order__seller_id=order.seller_id, remote_id__in=back):
        returned = min(line.shipped, max(line.returned, back[line.remote_id]))
        if returned != line.returned:
            line.returned = returned
            line.save(update_fields=["returned"])


def _predecessor(left: list[OrderClaim], draft: ClaimDraft) -> OrderClaim | None:
    """The claim that this one was before: of the same kind, about a line in common, and no longer named."""
    lines = {remote_id for remote_id, _ in draft.lines}
    for row in left:
        if row.kind == draft.kind and lines & {remote_id for remote_id, _ in row.lines}:
            left.remove(row)
            return row
    return None


def _make(order: Order, draft: ClaimDraft) -> OrderClaim:
    return OrderClaim.objects.create(
        order=order,
        remote_id=clip(draft.remote_id, 80),
        kind=draft.kind,
        state=draft.state,
        lines=[list(line) for line in draft.lines],
        reason=clip(draft.reason, 2000),
        asked_at=draft.asked_at,
    )


def _change(row: OrderClaim, draft: ClaimDraft) -> OrderClaim | None:
    words = {
        "remote_id": clip(draft.remote_id, 80),
        "state": goes_to(row.state, draft.state),
        "lines": [list(line) for line in draft.lines] or row.lines,
        "reason": clip(draft.reason, 2000) or row.reason,
        "asked_at": draft.asked_at or row.asked_at,
    }
    if all(getattr(row, name) == value for name, value in words.items()):
        return None
    for name, value in words.items():
        setattr(row, name, value)
    row.save(update_fields=[*words, "updated_at"])
    return row


def _tell(order: Order, claims: Sequence[OrderClaim], actor: Actor, now: datetime | None) -> None:
    events = [
        Event(
            order.pk,
            f"claim.{row.state}",
            order.status,
            order.status,
            {"claim": row.remote_id, "kind": row.kind, "lines": row.lines, "reason": row.reason},
        )
        for row in claims
    ]
    write_events(events, actor=actor, now=now or timezone.now())
