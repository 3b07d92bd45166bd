"""Stock over the API."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Router

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS, AdjustIn, Listed, MovementOut, StockOut
from entrepot.catalog.models import Item
from entrepot.catalog.queries import item as find_item
from entrepot.channels.live import announce
from entrepot.channels.services.wakes import wake_pushes
from entrepot.channels.services.why import why
from entrepot.inventory import queries
from entrepot.inventory.models import Movement
from entrepot.kernel.page import Page
from entrepot.orders.services import adjust_stock as change_stock

router = Router()


@router.get("", response={200: Listed[StockOut], **REFUSALS})
@needs("stock.view")
def list_stock(request: CalledRequest, search: str = "", level: str = "", after: str = "") -> Page[Item]:
    """On hand, reserved, available and incoming of every item, by SKU. `level`: out, low, reserved."""
    return queries.stock_list(seller_id=request.auth.seller_id, search=search, level=level, after=after)


@router.get("/{int:item_id}/movements", response={200: Listed[MovementOut], **REFUSALS})
@needs("stock.view")
def list_movements(request: CalledRequest, item_id: int, after: str = "") -> Page[Movement]:
    """The item's ledger, newest first."""
    item = find_item(seller_id=request.auth.seller_id, item_id=item_id)
    return queries.ledger(seller_id=request.auth.seller_id, item_id=item.pk, after=after)


@router.get("/{int:item_id}/why", response={200: dict[str, Any], **REFUSALS})
@needs("stock.view")
def why_this_figure(request: CalledRequest, item_id: int, at: datetime | None = None) -> dict[str, Any]:
    """Why the figure is what it is (or was, `at`): the figures, what each store had been told, and each step."""
    item = find_item(seller_id=request.auth.seller_id, item_id=item_id)
    return asdict(why(seller_id=request.auth.seller_id, item_id=item.pk, at=at or timezone.now()))


@router.post("/{int:item_id}/adjust", response={200: dict[str, int], **REFUSALS})
@needs("stock.adjust")
def adjust_stock(request: CalledRequest, item_id: int, facts: AdjustIn) -> dict[str, int]:
    """Change on hand by `delta`, with a reason; answers the figures after."""
    caller = request.auth
    item = find_item(seller_id=caller.seller_id, item_id=item_id)
    change_stock(
        seller_id=caller.seller_id,
        item_id=item.pk,
        delta=facts.delta,
        reason=facts.reason,
        actor=caller.actor,
        warehouse_id=facts.warehouse_id,
    )
    wake_pushes(caller.seller_id)
    announce(caller.seller_id, f"stock:{item.pk}")
    after = queries.figures(seller_id=caller.seller_id, item_ids=[item.pk])[item.pk]
    return {"on_hand": after.on_hand, "reserved": after.reserved, "available": after.available}
