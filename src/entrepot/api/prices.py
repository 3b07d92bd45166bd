"""Price lists, the stores that follow them, and promotions, over the API."""

from typing import Any

from django.http import HttpResponse
from ninja import Router, Status

from entrepot.api.door import CalledRequest, needs
from entrepot.api.price_words import (
    FollowedOut,
    FollowIn,
    FollowingOut,
    ListPriceOut,
    PriceListIn,
    PriceListOut,
    PricesIn,
    PromotionIn,
    PromotionLineOut,
    PromotionOut,
    TellIn,
    ToldOut,
    WrittenOut,
)
from entrepot.api.seen import as_read, with_tag
from entrepot.api.words import AS_READ, REFUSALS, Listed
from entrepot.channels.models import PriceList, Promotion, PromotionLine
from entrepot.channels.price_errors import FollowsNoList
from entrepot.channels.queries import following
from entrepot.channels.queries import price_lists as queries
from entrepot.channels.queries import promotions as promotion_queries
from entrepot.channels.queries.following import Followed
from entrepot.channels.queries.price_figures import Figure
from entrepot.channels.queries.stores import store as store_of
from entrepot.channels.services import price_following, price_lists, promotions
from entrepot.channels.services.price_lists import ListFacts, Written
from entrepot.kernel.page import Page

router = Router()


@router.get("/price-lists", response={200: Listed[PriceListOut], **REFUSALS})
@needs("catalog.view")
def list_price_lists(request: CalledRequest, after: str = "") -> Page[PriceList]:
    """Price lists, newest first."""
    return queries.price_lists(seller_id=request.auth.seller_id, after=after)


@router.post("/price-lists", response={201: PriceListOut, **REFUSALS})
@needs("catalog.edit")
def make_price_list(request: CalledRequest, facts: PriceListIn) -> Status[PriceList]:
    """Make a price list."""
    caller = request.auth
    made = price_lists.make_price_list(seller_id=caller.seller_id, facts=ListFacts(**facts.dict()), actor=caller.actor)
    return Status(201, made)


@router.get("/price-lists/{int:price_list_id}", response={200: PriceListOut, **REFUSALS})
@needs("catalog.view")
def one_price_list(request: CalledRequest, response: HttpResponse, price_list_id: int) -> PriceList:
    """One price list, and its `ETag`."""
    found = queries.price_list(seller_id=request.auth.seller_id, price_list_id=price_list_id)
    with_tag(response, PriceListOut.from_orm(found).model_dump())
    return found


@router.put("/price-lists/{int:price_list_id}", response={200: PriceListOut, **AS_READ})
@needs("catalog.edit")
def change_price_list(request: CalledRequest, price_list_id: int, facts: PriceListIn) -> PriceList:
    """Make its prices otherwise; stores that follow it are told. With `If-Match` only where it is as it was read."""
    said: dict[str, Any] = {"seller_id": request.auth.seller_id, "price_list_id": price_list_id}

    def now() -> object:
        return PriceListOut.from_orm(queries.price_list(**said)).model_dump()

    with as_read(request, PriceList, pk=None, facts=now):
        return price_lists.change_price_list(facts=ListFacts(**facts.dict()), actor=request.auth.actor, **said)


@router.delete("/price-lists/{int:price_list_id}", response={204: None, **REFUSALS})
@needs("catalog.edit")
def delete_price_list(request: CalledRequest, price_list_id: int) -> Status[None]:
    """Take away a list that nothing uses."""
    caller = request.auth
    price_lists.delete_price_list(seller_id=caller.seller_id, price_list_id=price_list_id, actor=caller.actor)
    return Status(204, None)


@router.get("/price-lists/{int:price_list_id}/prices", response={200: Listed[ListPriceOut], **REFUSALS})
@needs("catalog.view")
def list_prices(
    request: CalledRequest, price_list_id: int, search: str = "", show: str = "", after: str = ""
) -> Page[Figure]:
    """What items cost in it, with cost and margin, newest item first. `show`: written, low, missing."""
    seller_id = request.auth.seller_id
    found = queries.price_list(seller_id=seller_id, price_list_id=price_list_id)
    return queries.prices(seller_id=seller_id, price_list=found, search=search, show=show, after=after)


@router.put("/price-lists/{int:price_list_id}/prices", response={200: WrittenOut, **REFUSALS})
@needs("catalog.edit")
def write_prices(request: CalledRequest, price_list_id: int, facts: PricesIn) -> dict[str, int]:
    """Write prices down by SKU, or take them out; all of them or none."""
    caller = request.auth
    queries.price_list(seller_id=caller.seller_id, price_list_id=price_list_id)
    given = {row.sku: row for row in facts.prices}
    ids = queries.ids_of_skus(seller_id=caller.seller_id, skus=list(given))
    prices = {
        ids[sku]: None if row.price is None else Written(row.price, row.retail_price) for sku, row in given.items()
    }
    written, taken_out = price_lists.write_prices(
        seller_id=caller.seller_id, price_list_id=price_list_id, prices=prices, actor=caller.actor
    )
    return {"written": written, "taken_out": taken_out}


# --------------------------------------------------------------------------- stores that follow


@router.get("/stores/{int:store_id}/pricing", response={200: FollowingOut, **REFUSALS})
@needs("catalog.view")
def store_pricing(request: CalledRequest, store_id: int) -> FollowingOut:
    """Which list a store follows, and how far it is."""
    seller_id = request.auth.seller_id
    store = store_of(seller_id=seller_id, store_id=store_id)
    pricing = following.store_pricing(seller_id=seller_id, store_id=store_id)
    if pricing is None:
        return FollowingOut.of(store_id, None, {})
    counts = following.counts(seller_id=seller_id, store=store, price_list=pricing.price_list)
    return FollowingOut.of(store_id, pricing, counts)


@router.get("/stores/{int:store_id}/pricing/listings", response={200: Listed[FollowedOut], **REFUSALS})
@needs("catalog.view")
def followed_listings(
    request: CalledRequest, store_id: int, price_list_id: int | None = None, step: str = "", after: str = ""
) -> Page[Followed]:
    """Listings beside the list, the deepest falls first. With `price_list_id`: what following that one would change.

    `step`: one of those a listing can be at, or `low` (its margin is too low).
    """
    seller_id = request.auth.seller_id
    store = store_of(seller_id=seller_id, store_id=store_id)
    if price_list_id is not None:
        price_list = queries.price_list(seller_id=seller_id, price_list_id=price_list_id)
    elif pricing := following.store_pricing(seller_id=seller_id, store_id=store_id):
        price_list = pricing.price_list
    else:
        raise FollowsNoList(store=store.sales_channel.name)
    return following.followed_page(seller_id=seller_id, store=store, price_list=price_list, step=step, after=after)


@router.put("/stores/{int:store_id}/pricing", response={200: ToldOut, **REFUSALS})
@needs("catalog.edit")
def follow(request: CalledRequest, store_id: int, facts: FollowIn) -> dict[str, int]:
    """Have a store follow a list from now on."""
    caller = request.auth
    told = price_following.follow(
        seller_id=caller.seller_id,
        store_id=store_id,
        price_list_id=facts.price_list_id,
        approved=facts.approved,
        actor=caller.actor,
    )
    return {"told": told}


@router.post("/stores/{int:store_id}/pricing/tell", response={200: ToldOut, **REFUSALS})
@needs("catalog.edit")
def tell_prices(request: CalledRequest, store_id: int, facts: TellIn) -> dict[str, int]:
    """Tell a store what its list says now."""
    caller = request.auth
    said: dict[str, Any] = {"approved": facts.approved, "again": facts.again, "actor": caller.actor}
    return {"told": price_following.tell_prices(seller_id=caller.seller_id, store_id=store_id, **said)}


@router.delete("/stores/{int:store_id}/pricing", response={204: None, **REFUSALS})
@needs("catalog.edit")
def stop_following(request: CalledRequest, store_id: int) -> Status[None]:
    """Follow no list any more; prices stay as they are."""
    caller = request.auth
    price_following.stop_following(seller_id=caller.seller_id, store_id=store_id, actor=caller.actor)
    return Status(204, None)


# --------------------------------------------------------------------------- promotions


@router.get("/promotions", response={200: Listed[PromotionOut], **REFUSALS})
@needs("catalog.view")
def list_promotions(request: CalledRequest, after: str = "") -> Page[Promotion]:
    """Promotions, newest first."""
    return promotion_queries.promotions(seller_id=request.auth.seller_id, after=after)


@router.post("/promotions", response={201: PromotionOut, **REFUSALS})
@needs("catalog.edit")
def plan_promotion(request: CalledRequest, facts: PromotionIn) -> Status[Promotion]:
    """Plan lower prices for a time; they begin and end by themselves."""
    caller = request.auth
    prices = promotion_queries.promotion_prices(
        seller_id=caller.seller_id,
        store=store_of(seller_id=caller.seller_id, store_id=facts.store_id),
        skus=facts.skus,
        percent=facts.percent,
        step=facts.step,
        own={row.sku: row.price for row in facts.prices},
    )
    made = promotions.plan_promotion(
        seller_id=caller.seller_id,
        store_id=facts.store_id,
        name=facts.name,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        prices=prices,
        percent=facts.percent,
        approved=facts.approved,
        actor=caller.actor,
    )
    return Status(201, made)


@router.get("/promotions/{int:promotion_id}", response={200: PromotionOut, **REFUSALS})
@needs("catalog.view")
def one_promotion(request: CalledRequest, promotion_id: int) -> Promotion:
    """One promotion."""
    return promotion_queries.promotion(seller_id=request.auth.seller_id, promotion_id=promotion_id)


@router.get("/promotions/{int:promotion_id}/lines", response={200: Listed[PromotionLineOut], **REFUSALS})
@needs("catalog.view")
def promotion_lines(request: CalledRequest, promotion_id: int, after: str = "") -> Page[PromotionLine]:
    """What each listing costs meanwhile, what it cost before, and how far it is."""
    seller_id = request.auth.seller_id
    found = promotion_queries.promotion(seller_id=seller_id, promotion_id=promotion_id)
    return promotion_queries.lines(seller_id=seller_id, promotion=found, after=after)


@router.post("/promotions/{int:promotion_id}/cancel", response={200: PromotionOut, **REFUSALS})
@needs("catalog.edit")
def cancel_promotion(request: CalledRequest, promotion_id: int) -> Promotion:
    """Give up a planned promotion, or end a running one now."""
    caller = request.auth
    return promotions.cancel_promotion(seller_id=caller.seller_id, promotion_id=promotion_id, actor=caller.actor)
