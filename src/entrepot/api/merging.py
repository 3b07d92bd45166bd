"""Making two items one over the API: look first, then do it."""

from typing import Any

from ninja import Field, Router, Schema

from entrepot.api.door import CalledRequest, ScopeMissing, needs
from entrepot.api.words import REFUSALS, ItemOut
from entrepot.catalog import queries
from entrepot.catalog.models import Item
from entrepot.channels.services.merging import Merge, merge_items, preview
from entrepot.channels.words import sentence

router = Router()


class MergeIn(Schema):
    """The SKU of the item that is the same thing."""

    sku: str = Field(min_length=1, max_length=255)


class BlockOut(Schema):
    """Something that stands in the way."""

    code: str
    message: str


class MergeOut(Schema):
    """What merging would do. `on_hand` of the other goes over; `twins`: stores that would list the kept item twice."""

    kept_sku: str = Field(alias="kept.sku")
    other_sku: str = Field(alias="merged.sku")
    on_hand: int
    together: int
    listing_ids: list[int]
    twins: list[str]
    kits: list[str]
    prices: int
    filled: dict[str, Any]
    blocks: list[BlockOut]

    @staticmethod
    def resolve_listing_ids(merge: Merge) -> list[int]:
        """The listings that go over."""
        return [row.pk for row in merge.listings]

    @staticmethod
    def resolve_blocks(merge: Merge) -> list[dict[str, str]]:
        """Refusals in words."""
        return [{"code": block.code, "message": sentence(block)} for block in merge.blocks]


def _other(seller_id: int, sku: str) -> int:
    found = queries.item_by_sku(seller_id=seller_id, sku=sku)
    return found.pk if found else 0


@router.get("/items/{int:item_id}/merge", response={200: MergeOut, **REFUSALS})
@needs("catalog.view")
def look_at_merge(request: CalledRequest, item_id: int, sku: str = "") -> Merge:
    """What making the item `sku` another SKU of this one would do. Nothing changes."""
    seller_id = request.auth.seller_id
    kept = queries.item(seller_id=seller_id, item_id=item_id)
    return preview(seller_id=seller_id, kept_id=kept.pk, merged_id=_other(seller_id, sku))


@router.post("/items/{int:item_id}/merge", response={200: ItemOut, **REFUSALS})
@needs("catalog.edit")
def merge(request: CalledRequest, item_id: int, facts: MergeIn) -> Item:
    """Make the item `sku` another SKU of this one: stock, listings, prices and kits go over. It cannot be undone.

    Needs `stock.adjust` too.
    """
    caller = request.auth
    if "stock.adjust" not in caller.scopes:
        raise ScopeMissing(scope="stock.adjust")
    kept = queries.item(seller_id=caller.seller_id, item_id=item_id)
    return merge_items(
        seller_id=caller.seller_id,
        kept_id=kept.pk,
        merged_id=_other(caller.seller_id, facts.sku),
        actor=caller.actor,
    )
