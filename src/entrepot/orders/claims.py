"""What buyers' wishes mean for the lines of an order."""

from collections.abc import Sequence
from typing import Final

from entrepot.orders.models import Order, OrderClaim, OrderLine

State = OrderClaim.State
OPEN: Final = frozenset({State.ASKED.value, State.ACCEPTED.value})
"""Neither decided against nor fulfilled."""
COMING: Final = OPEN | {State.RECEIVED.value, State.DONE.value}
"""Claims whose goods come back, or have come."""
RETURNING: Final = frozenset({OrderClaim.Kind.RETURN.value, OrderClaim.Kind.EXCHANGE.value})
"""Goods come back with these."""
_STEPS: Final = {State.ASKED.value: 0, State.ACCEPTED.value: 1, State.RECEIVED.value: 2, State.DONE.value: 3}


def goes_to(before: str, after: str) -> str:
    """The state of a claim of which its store says `after`: it never goes back, unless it was refused or withdrawn."""
    if before in _STEPS and after in _STEPS:
        return max(before, after, key=_STEPS.__getitem__)
    return before if before == State.DONE else after


def outstanding(order: Order, lines: Sequence[OrderLine]) -> dict[str, int]:
    """What the order's returns and exchanges name and was not received here, `{line's remote id: quantity}`.

    Also where the store says that it has the goods: what came back is counted by people, on our shelves.
    """
    named: dict[str, int] = {}
    for claim in order.claims.filter(order__seller_id=order.seller_id, kind__in=RETURNING, state__in=COMING):
        for remote_id, quantity in claim.lines:
            named[remote_id] = named.get(remote_id, 0) + quantity
    back = {line.remote_id: line.returned for line in lines}
    left = {remote_id: quantity - back.get(remote_id, 0) for remote_id, quantity in named.items()}
    return {remote_id: quantity for remote_id, quantity in left.items() if quantity > 0}


def asked_to_cancel(order: Order) -> list[OrderClaim]:
    """Wishes to cancel that nobody has decided."""
    rows = order.claims.filter(order__seller_id=order.seller_id, kind=OrderClaim.Kind.CANCEL, state=State.ASKED)
    return list(rows.order_by("pk"))
