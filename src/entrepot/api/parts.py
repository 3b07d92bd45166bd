"""Orders split, joined and sent in one parcel, over the API."""

from typing import Literal

from ninja import Field, Router, Schema, Status

from entrepot.api.door import CalledRequest, Caller, needs
from entrepot.api.words import REFUSALS, Listed, OrderOut, ReasonIn
from entrepot.channels.services.cancel_parts import cancel_whole
from entrepot.channels.services.partial import send_ahead
from entrepot.channels.services.statuses import wake_statuses
from entrepot.channels.services.wakes import wake_pushes
from entrepot.kernel.page import Page
from entrepot.orders import groups, queries, services
from entrepot.orders.models import Order
from entrepot.orders.parts import family, root_of
from entrepot.warehouse.services.desk import follow_these

router = Router()


class SplitIn(Schema):
    """`lines`: those named in `lines`. `missing`: what is not in stock. `warehouse`: a part for each further one."""

    by: Literal["lines", "missing", "warehouse"] = "lines"
    lines: dict[int, int] = Field(default={}, description="How much of each line goes into the part, by line id.")


class MergeIn(Schema):
    order_ids: list[int] = Field(min_length=2, max_length=50)


class SuggestionOut(Schema):
    """Orders of one buyer to one address that could leave in one parcel."""

    orders: list[OrderOut]


@router.post("/{int:order_id}/split", response={201: list[OrderOut], **REFUSALS})
@needs("orders.edit")
def split_order(request: CalledRequest, order_id: int, facts: SplitIn) -> Status[list[Order]]:
    """Split the order before it is packed; answers the order and all its parts, the root first."""
    caller = request.auth
    match facts.by:
        case "warehouse":
            services.split_by_warehouse(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor)
        case "missing":
            send_ahead(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor)
        case _:
            services.split_order(seller_id=caller.seller_id, order_id=order_id, lines=facts.lines, actor=caller.actor)
    return Status(201, _moved(caller, _family(caller, order_id)))


@router.post("/{int:order_id}/join", response={200: OrderOut, **REFUSALS})
@needs("orders.edit")
def join_order(request: CalledRequest, order_id: int) -> Order:
    """Put a part back into the order it was split off from; answers that order."""
    caller = request.auth
    root = services.join_order(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor)
    _moved(caller, _family(caller, root.pk))
    return queries.order_head(seller_id=caller.seller_id, order_id=root.pk)


@router.get("/{int:order_id}/parts", response={200: list[OrderOut], **REFUSALS})
@needs("orders.view")
def parts_of_order(request: CalledRequest, order_id: int) -> list[Order]:
    """The order its store knows, and everything that was ever split off from it."""
    return _family(request.auth, order_id)


@router.post("/{int:order_id}/cancel-all", response={200: list[OrderOut], **REFUSALS})
@needs("orders.cancel")
def cancel_all(request: CalledRequest, order_id: int, facts: ReasonIn) -> list[Order]:
    """Cancel the order with all its parts for the seller; the store is told. Refused when one of them is packed."""
    caller = request.auth
    cancel_whole(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor, reason=facts.reason)
    return _moved(caller, _family(caller, order_id))


@router.get("/merge-suggestions", response={200: Listed[SuggestionOut], **REFUSALS})
@needs("orders.view")
def merge_suggestions(request: CalledRequest, after: str = "") -> Page[dict[str, list[Order]]]:
    """Open orders of one buyer to one address, from one warehouse, that could leave in one parcel."""
    page = groups.suggestions(seller_id=request.auth.seller_id, after=after)
    return Page([{"orders": group} for group in page.rows], page.next)


@router.post("/merge", response={200: list[OrderOut], **REFUSALS})
@needs("orders.edit")
def merge_orders(request: CalledRequest, facts: MergeIn) -> list[Order]:
    """Let these orders leave in one parcel; a refusal names what is not alike. Answers all orders in the parcel."""
    caller = request.auth
    return services.merge_orders(seller_id=caller.seller_id, order_ids=facts.order_ids, actor=caller.actor)


@router.post("/{int:order_id}/unmerge", response={200: OrderOut, **REFUSALS})
@needs("orders.edit")
def unmerge_order(request: CalledRequest, order_id: int) -> Order:
    """Let an order travel on its own again, while it is not packed."""
    caller = request.auth
    return services.leave_group(seller_id=caller.seller_id, order_id=order_id, actor=caller.actor)


def _family(caller: Caller, order_id: int) -> list[Order]:
    found = queries.order_head(seller_id=caller.seller_id, order_id=order_id)
    return family(caller.seller_id, root_of(found))


def _moved(caller: Caller, orders: list[Order]) -> list[Order]:
    """Warehouses and stores follow as soon as this is committed."""
    ids = [order.pk for order in orders]
    follow_these(seller_id=caller.seller_id, order_ids=ids, actor=caller.actor)
    wake_pushes(caller.seller_id)
    wake_statuses(seller_id=caller.seller_id, order_ids=ids)
    return orders
