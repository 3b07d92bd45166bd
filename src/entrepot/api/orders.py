"""Orders over the API."""

from collections.abc import Callable
from typing import Any, Final

from ninja import Query, Router, Status

from entrepot.api.door import CalledRequest, Caller, ScopeMissing, needs
from entrepot.api.order_filter import OrderFilterIn, OrderListIn
from entrepot.api.parcel_words import NumberIn, PackIn, ReturnIn
from entrepot.api.words import REFUSALS, Listed, NoteIn, OrderDetailOut, OrderOut, ReasonIn
from entrepot.channels.errors import ClaimNotFound
from entrepot.channels.services import claims
from entrepot.channels.services.packing import number_parcel, pack_order
from entrepot.channels.services.statuses import cancel_in_store, wake_statuses
from entrepot.channels.services.wakes import wake_pushes
from entrepot.fulfilment import services as parcels
from entrepot.fulfilment.errors import ShipmentNotFound
from entrepot.fulfilment.queries import shipment, shipments_of
from entrepot.kernel.errors import Invalid
from entrepot.kernel.page import Page
from entrepot.orders import queries, services
from entrepot.orders.flow import ORDER_FLOW
from entrepot.orders.models import Order, OrderClaim
from entrepot.warehouse.services.desk import follow_these, hand_over

router = Router()
MOVES: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "release": ("orders.release", services.release_to_warehouse),
    "pack": ("orders.pack", pack_order),
    "unpack": ("orders.pack", claims.unpack),
    "hand_over": ("orders.pack", hand_over),
    "complete": ("orders.pack", parcels.deliver),
    "unhold": ("orders.edit", services.unhold),
}
"""Each move with the scope it needs, as on the order's page."""
ANSWERS: Final = ("accept", "refuse")
DECISIONS: Final[dict[str, Callable[..., Any]]] = {
    "go_on": claims.refuse_and_go_on,
    "unpack_and_cancel": claims.unpack_and_cancel,
}


class UnknownMove(Invalid):
    """A move nobody can make over the API."""

    code = "unknown_move"
    message = "There is no move called {move}. Choose one of these: {known}."


def detail(seller_id: int, order_id: int) -> Order:
    """One order with everything, and the moves that start at its status."""
    order = queries.order(seller_id=seller_id, order_id=order_id)
    order.moves = ORDER_FLOW.open_moves(order.status)  # type: ignore[attr-defined] # for the answer only
    order.parcels = shipments_of(seller_id=seller_id, order_id=order_id)  # type: ignore[attr-defined] # likewise
    return order


@router.get("", response={200: Listed[OrderOut], **REFUSALS})
@needs("orders.view")
def list_orders(request: CalledRequest, by: Query[OrderListIn]) -> Page[Order]:
    """Orders, newest first unless `sort` says oldest. A page costs the same wherever it is and however many fit."""
    seller_id = request.auth.seller_id
    narrowed = by.narrowed(seller_id, oldest_first=by.sort == "oldest")
    return queries.orders(seller_id=seller_id, by=narrowed, after=by.after, limit=by.limit)


@router.get("/counts", response={200: dict[str, int], **REFUSALS})
@needs("orders.view")
def count_orders(request: CalledRequest, by: Query[OrderFilterIn]) -> dict[str, int]:
    """How many orders stand at each status, under the filters other than the status; exact, so many may take time."""
    seller_id = request.auth.seller_id
    return dict(queries.status_counts(seller_id=seller_id, by=by.narrowed(seller_id)))


@router.get("/{int:order_id}", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.view")
def one_order(request: CalledRequest, order_id: int) -> Order:
    """One order with lines, totals, time line and the moves that are possible now."""
    return detail(request.auth.seller_id, order_id)


@router.post("/{int:order_id}/moves/{move}", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.view")
def move_order(request: CalledRequest, order_id: int, move: str) -> Order:
    """Take the order one step on: release (scope orders.release), pack, unpack, hand_over, complete (orders.pack),
    unhold (orders.edit). Stores that need a tracking number are packed by `POST /orders/{id}/parcels`.
    """  # noqa: D205 - the moves and their scopes are one sentence
    caller = request.auth
    if move not in MOVES:
        raise UnknownMove(field="move", move=move, known=", ".join(MOVES))
    scope, verb = MOVES[move]
    _also(caller, scope)
    verb(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor)
    return _moved(caller, order_id)


def _moved(caller: Caller, order_id: int) -> Order:
    """Stores are told as soon as this is committed; the order as it is now."""
    follow_these(seller_id=caller.seller_id, order_ids=[order_id], actor=caller.actor)
    wake_pushes(caller.seller_id)
    wake_statuses(seller_id=caller.seller_id, order_ids=[order_id])
    return detail(caller.seller_id, order_id)


@router.post("/{int:order_id}/parcels", response={201: OrderDetailOut, **REFUSALS})
@needs("orders.pack")
def pack_parcel(request: CalledRequest, order_id: int, facts: PackIn) -> Status[Order]:
    """Pack what is left of the order, or some of it, into a parcel; the order is ready to ship with it."""
    caller = request.auth
    pack_order(
        seller_id=caller.seller_id,
        order_id=order_id,
        carrier=facts.carrier,
        tracking_number=facts.tracking_number,
        line_quantities=facts.lines,
        actor=caller.actor,
    )
    return Status(201, _moved(caller, order_id))


@router.put("/{int:order_id}/parcels/{int:shipment_id}", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.pack")
def change_number(request: CalledRequest, order_id: int, shipment_id: int, facts: NumberIn) -> Order:
    """Write carrier and tracking number on a parcel, or correct them; the store is told."""
    caller = request.auth
    _parcel(caller, order_id, shipment_id)
    number_parcel(
        seller_id=caller.seller_id,
        shipment_id=shipment_id,
        carrier=facts.carrier,
        tracking_number=facts.tracking_number,
        actor=caller.actor,
    )
    return _moved(caller, order_id)


@router.post("/{int:order_id}/parcels/{int:shipment_id}/void", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.pack")
def void_parcel(request: CalledRequest, order_id: int, shipment_id: int) -> Order:
    """Take one parcel apart that has not left; what was in it can be packed anew."""
    caller = request.auth
    _parcel(caller, order_id, shipment_id)
    parcels.void(seller_id=caller.seller_id, shipment_id=shipment_id, actor=caller.actor)
    return _moved(caller, order_id)


def _parcel(caller: Caller, order_id: int, shipment_id: int) -> None:
    if shipment(seller_id=caller.seller_id, shipment_id=shipment_id).order_id != order_id:
        raise ShipmentNotFound(shipment_id=shipment_id)


@router.post("/{int:order_id}/claims/{int:claim_id}/{deed}", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.edit")
def answer_claim(request: CalledRequest, order_id: int, claim_id: int, deed: str, facts: ReasonIn) -> Order:
    """Accept or refuse what a buyer asks for (a cancellation: scope orders.cancel too); a refusal needs a reason.

    The store is told, and the order goes on once it has taken the answer.
    """
    caller = request.auth
    order = queries.order(seller_id=caller.seller_id, order_id=order_id)
    claim = next((row for row in order.claims.all() if row.pk == claim_id), None)
    if claim is None:
        raise ClaimNotFound(claim_id=claim_id)
    if deed not in ANSWERS:
        raise UnknownMove(field="deed", move=deed, known=", ".join(ANSWERS))
    _also(caller, "orders.cancel" if claim.kind == OrderClaim.Kind.CANCEL else "orders.edit")
    claims.answer_claim(
        seller_id=caller.seller_id, claim_id=claim_id, deed=deed, actor=caller.actor, reason=facts.reason
    )
    return _moved(caller, order_id)


@router.post("/{int:order_id}/decide/{deed}", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.cancel")
def decide(request: CalledRequest, order_id: int, deed: str, facts: ReasonIn) -> Order:
    """What becomes of a parcel that a cancellation has stopped: go_on (refuse it, with a reason), unpack_and_cancel."""
    if deed not in DECISIONS:
        raise UnknownMove(field="deed", move=deed, known=", ".join(DECISIONS))
    caller = request.auth
    DECISIONS[deed](seller_id=caller.seller_id, order_id=order_id, actor=caller.actor, reason=facts.reason)
    return _moved(caller, order_id)


@router.post("/{int:order_id}/return", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.pack")
def receive_return(request: CalledRequest, order_id: int, facts: ReturnIn) -> Order:
    """Goods are back: so many of each line on the shelf again, so many scrapped; what is not named stays there."""
    caller = request.auth
    claims.receive_return(
        seller_id=caller.seller_id,
        order_id=order_id,
        lines={row.line_id: (row.restocked, row.scrapped) for row in facts.lines},
        actor=caller.actor,
        reason=facts.reason,
    )
    return _moved(caller, order_id)


def _also(caller: Caller, scope: str) -> None:
    if scope not in caller.scopes:
        raise ScopeMissing(scope=scope)


@router.post("/{int:order_id}/hold", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.edit")
def hold_order(request: CalledRequest, order_id: int, facts: ReasonIn) -> Order:
    """Put the order on hold until a person lets it go on."""
    caller = request.auth
    services.hold(seller_id=caller.seller_id, order_id=order_id, code="person", actor=caller.actor, reason=facts.reason)
    follow_these(seller_id=caller.seller_id, order_ids=[order_id], actor=caller.actor)
    return detail(caller.seller_id, order_id)


@router.post("/{int:order_id}/cancel", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.cancel")
def cancel_order(request: CalledRequest, order_id: int, facts: ReasonIn) -> Order:
    """Cancel for the seller: the store is told, and its stock is free when the store has confirmed."""
    caller = request.auth
    cancel_in_store(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor, reason=facts.reason)
    follow_these(seller_id=caller.seller_id, order_ids=[order_id], actor=caller.actor)
    return detail(caller.seller_id, order_id)


@router.post("/{int:order_id}/notes", response={200: OrderDetailOut, **REFUSALS})
@needs("orders.edit")
def note_order(request: CalledRequest, order_id: int, facts: NoteIn) -> Order:
    """Write a note on the order; the buyer never sees it."""
    caller = request.auth
    services.note(seller_id=caller.seller_id, order_id=order_id, text=facts.text, actor=caller.actor)
    return detail(caller.seller_id, order_id)
