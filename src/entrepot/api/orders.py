"""Orders over the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from ninja import Router

from entrepot.api.door import CalledRequest, ScopeMissing, needs
from entrepot.api.words import REFUSALS, Listed, NoteIn, OrderDetailOut, OrderOut, ReasonIn
from entrepot.channels.services.statuses import cancel_in_store, wake_statuses
from entrepot.channels.services.wakes import wake_pushes
from entrepot.kernel.errors import Invalid
from entrepot.kernel.page import Page
from entrepot.orders import queries, services
from entrepot.orders.flow import ORDER_FLOW
from entrepot.orders.models import Order

router = Router()
MOVES: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "release": ("orders.release", services.release_to_warehouse),
    "pack": ("orders.pack", services.mark_ready),
    "hand_over": ("orders.pack", services.hand_over),
    "complete": ("orders.pack", services.complete),
    "unhold": ("orders.edit", services.unhold),
}
"""Each move with the scope it needs, as on the order's page."""


class UnknownMove(Invalid):
    """A move nobody can make over the API."""

    code = "unknown_move"
    message = "There is no move called {move}; there are {known}."


def detail(seller_id: int, order_id: int) -> Order:
    """One order with everything, and the moves that start at its status."""
    order = queries.order(seller_id=seller_id, order_id=order_id)
    order.moves = ORDER_FLOW.open_moves(order.status)  # type: ignore[attr-defined] # for the answer only
    return order


@router.get("", response={200: Listed[OrderOut], **REFUSALS})
@needs("orders.view")
def list_orders(  # noqa: PLR0917 - one argument for each filter
    request: CalledRequest,
    search: str = "",
    status: str = "",
    store_id: int | None = None,
    placed_from: datetime | None = None,
    placed_before: datetime | None = None,
    after: str = "",
) -> Page[Order]:
    """Orders, newest first; `search` looks in number, buyer, phone, SKU and product names."""
    by = queries.OrderFilter(
        search=search, status=status, channel_id=store_id, placed_from=placed_from, placed_before=placed_before
    )
    return queries.orders(seller_id=request.auth.seller_id, by=by, after=after)


@router.get("/counts", response={200: dict[str, int], **REFUSALS})
@needs("orders.view")
def count_orders(request: CalledRequest) -> dict[str, int]:
    """How many orders stand at each status."""
    return dict(queries.status_counts(seller_id=request.auth.seller_id))


@router.get("/{int:order_id}", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.view")
def one_order(request: CalledRequest, order_id: int) -> Order:
    """One order with lines, totals, time line and the moves that are possible now."""
    return detail(request.auth.seller_id, order_id)


@router.post("/{int:order_id}/moves/{move}", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.view")
def move_order(request: CalledRequest, order_id: int, move: str) -> Order:
    """Take the order one step on: release (scope orders.release), pack, hand_over, complete (orders.pack), unhold
    (orders.edit).
    """  # noqa: D205 - the moves and their scopes are one sentence
    caller = request.auth
    if move not in MOVES:
        raise UnknownMove(field="move", move=move, known=", ".join(MOVES))
    scope, verb = MOVES[move]
    if scope not in caller.scopes:
        raise ScopeMissing(scope=scope)
    verb(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor)
    wake_pushes(caller.seller_id)
    wake_statuses(seller_id=caller.seller_id, order_ids=[order_id])
    return detail(caller.seller_id, order_id)


@router.post("/{int:order_id}/hold", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.edit")
def hold_order(request: CalledRequest, order_id: int, facts: ReasonIn) -> Order:
    """Put the order on hold until a person lets it go on."""
    caller = request.auth
    services.hold(seller_id=caller.seller_id, order_id=order_id, code="person", actor=caller.actor, reason=facts.reason)
    return detail(caller.seller_id, order_id)


@router.post("/{int:order_id}/cancel", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.cancel")
def cancel_order(request: CalledRequest, order_id: int, facts: ReasonIn) -> Order:
    """Cancel for the seller: the store is told, and its stock is free when the store has confirmed."""
    caller = request.auth
    cancel_in_store(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor, reason=facts.reason)
    return detail(caller.seller_id, order_id)


@router.post("/{int:order_id}/notes", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.edit")
def note_order(request: CalledRequest, order_id: int, facts: NoteIn) -> Order:
    """Write a note on the order; the buyer never sees it."""
    caller = request.auth
    services.note(seller_id=caller.seller_id, order_id=order_id, text=facts.text, actor=caller.actor)
    return detail(caller.seller_id, order_id)
