"""Listings over the API."""

from ninja import Router

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS, Listed, ListingOut, MapIn
from entrepot.channels.models import Listing
from entrepot.channels.queries.listings import ListingFilter, listing, listings
from entrepot.channels.services.doctor import give_item
from entrepot.channels.services.mapping import map_listing
from entrepot.kernel.page import Page

router = Router()


@router.get("/listings", response={200: Listed[ListingOut], **REFUSALS})
@needs("catalog.view")
def list_listings(  # noqa: PLR0917 - one argument for each filter
    request: CalledRequest,
    search: str = "",
    store_id: int | None = None,
    state: str = "",
    show: str = "",
    after: str = "",
) -> Page[Listing]:
    """Items as sold in stores. `show`: unmatched, failed, stale, different."""
    by = ListingFilter(search=search, store_id=store_id, state=state, show=show)
    return listings(seller_id=request.auth.seller_id, by=by, after=after)


@router.get("/listings/{int:listing_id}", response={200: ListingOut, **REFUSALS})
@needs("catalog.view")
def one_listing(request: CalledRequest, listing_id: int) -> Listing:
    """One listing: what we owe, told and saw."""
    return listing(seller_id=request.auth.seller_id, listing_id=listing_id)


@router.post("/listings/{int:listing_id}/map", response={200: ListingOut, **REFUSALS})
@needs("stores.map")
def map_to_item(request: CalledRequest, listing_id: int, facts: MapIn) -> Listing:
    """Say which item a listing is: an existing one, or a new one under `sku`."""
    caller = request.auth
    seller_id, actor = caller.seller_id, caller.actor
    if facts.item_id is not None:
        map_listing(seller_id=seller_id, listing_id=listing_id, item_id=facts.item_id, actor=actor)
    else:
        give_item(seller_id=seller_id, listing_id=listing_id, sku=facts.sku, actor=actor)
    return listing(seller_id=caller.seller_id, listing_id=listing_id)
