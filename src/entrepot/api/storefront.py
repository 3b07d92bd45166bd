"""A product in its stores, over the API: side by side, drafts, listing in many, changes there, reading again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Router, Schema, Status

from entrepot.api.door import CalledRequest, needs
from entrepot.api.offers import ChangeOut, OfferIn, WordsIn
from entrepot.api.words import REFUSALS, RunOut
from entrepot.catalog import queries as catalog_queries
from entrepot.channels.models import ListingChange, Run, StoreProduct
from entrepot.channels.queries import storefront as queries
from entrepot.channels.queries.storefront import Place, Priced
from entrepot.channels.services import storefront as services
from entrepot.channels.services.differences_settled import settle_words
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.storefront import NewPrice

router = Router()


class WordOut(Schema):
    """One field in one store. `way`: none, sending, refused, unsent, there, changed (in the store's own admin)."""

    name: str
    wanted: Any
    sent: Any
    seen: Any
    way: str


class PricedOut(Schema):
    """What one listing costs there; each amount as price and retail price."""

    listing_id: int
    item_id: int | None
    wanted: list[Decimal | None]
    sent: list[Decimal | None]
    seen: list[Decimal | None]
    way: str


class PlaceOut(Schema):
    """A product in one store.

    `state`: unlisted, draft, sending, active, inactive, out_of_stock, failed, unlinked, missing, deleted.
    `draft`: how it is to be listed, where it is not there yet.
    """

    store_id: int
    remote_id: str
    state: str
    words: list[WordOut]
    prices: list[PricedOut]
    changes: list[ChangeOut]
    draft: dict[str, Any] | None
    sent_at: datetime | None
    seen_at: datetime | None


class OfferInStoreIn(OfferIn):
    store_id: int


class OffersIn(Schema):
    """How a product is to be listed in each of these stores: in all of them, or in none."""

    offers: list[OfferInStoreIn] = Field(min_length=1, max_length=50)


class DraftIn(WordsIn):
    """An offer that is not told yet; what is not given is as the product itself says."""

    price: Decimal | None = Field(default=None, gt=0, max_digits=19, decimal_places=4)
    retail_price: Decimal | None = Field(default=None, gt=0, max_digits=19, decimal_places=4)
    prices: dict[int, Decimal] = Field(default_factory=dict)
    active: bool = True


class NewPriceIn(Schema):
    listing_id: int
    price: Decimal = Field(gt=0, max_digits=19, decimal_places=4)
    retail_price: Decimal | None = Field(default=None, gt=0, max_digits=19, decimal_places=4)


class ThereIn(Schema):
    """What to change there. `remote_id`: which product of the store, where it has the product more than once."""

    words: WordsIn = Field(default_factory=WordsIn)
    prices: list[NewPriceIn] = Field(default_factory=list, max_length=500)
    remote_id: str = Field(default="", max_length=80)
    approved: bool = False


class SettleIn(Schema):
    """`theirs`: what the store shows of these fields is taken; else it is told ours again."""

    names: list[str] = Field(min_length=1, max_length=10)
    theirs: bool
    remote_id: str = Field(default="", max_length=80)


class ListingsIn(Schema):
    listing_ids: list[int] = Field(min_length=1, max_length=1000)


def _item_ids(seller_id: int, product_id: int) -> list[int]:
    product = catalog_queries.product(seller_id=seller_id, product_id=product_id)
    return [item.pk for item in product.ordered_items]  # type: ignore[attr-defined] # put there by the query


def _place(seller_id: int, product_id: int, store_id: int, remote_id: str = "") -> Place:
    return queries.place(
        seller_id=seller_id,
        product_id=product_id,
        item_ids=_item_ids(seller_id, product_id),
        store_id=store_id,
        remote_id=remote_id,
    )


def _told(place: Place) -> Mapping[str, Any]:
    return {
        "store_id": place.store.pk,
        "remote_id": place.remote_id,
        "state": place.state,
        "words": place.words,
        "prices": [_priced(one) for one in place.prices],
        "changes": place.changes,
        "draft": place.row.wanted if place.row is not None and not place.remote_id else None,
        "sent_at": place.row.sent_at if place.row is not None else None,
        "seen_at": place.row.seen_at if place.row is not None else None,
    }


def _priced(one: Priced) -> Mapping[str, Any]:
    amounts = {name: list(getattr(one, name)) for name in ("wanted", "sent", "seen")}
    return {"listing_id": one.listing.pk, "item_id": one.listing.item_id, "way": one.way, **amounts}


@router.get("/products/{int:product_id}/stores", response={200: list[PlaceOut], **REFUSALS})
@needs("catalog.view")
def list_places(request: CalledRequest, product_id: int) -> Sequence[Mapping[str, Any]]:
    """A product in every store side by side: what we want there, what it was sent, what it shows."""
    seller_id = request.auth.seller_id
    found = queries.places(seller_id=seller_id, product_id=product_id, item_ids=_item_ids(seller_id, product_id))
    return [_told(place) for place in found]


@router.post("/products/{int:product_id}/stores", response={202: list[ChangeOut], **REFUSALS})
@needs("catalog.edit")
def list_in_stores(request: CalledRequest, product_id: int, facts: OffersIn) -> Status[list[ListingChange]]:
    """Have a product listed in one or many stores at once, in all of them or in none."""
    caller = request.auth
    offers = {one.store_id: Offer(**one.dict(exclude={"store_id"})) for one in facts.offers}
    asked = services.list_in(seller_id=caller.seller_id, product_id=product_id, offers=offers, actor=caller.actor)
    return Status(202, list(asked.values()))


@router.put("/products/{int:product_id}/stores/{int:store_id}/draft", response={200: PlaceOut, **REFUSALS})
@needs("catalog.edit")
def keep_draft(request: CalledRequest, product_id: int, store_id: int, facts: DraftIn) -> Mapping[str, Any]:
    """Keep how a product is to be listed in a store, which is not told yet."""
    caller = request.auth
    fields = {name: value for name, value in facts.dict().items() if value is not None}
    draft: StoreProduct = services.save_draft(
        seller_id=caller.seller_id, product_id=product_id, store_id=store_id, fields=fields, actor=caller.actor
    )
    return _told(_place(caller.seller_id, product_id, draft.store_id))


@router.delete("/products/{int:product_id}/stores/{int:store_id}/draft", response={204: None, **REFUSALS})
@needs("catalog.edit")
def drop_draft(request: CalledRequest, product_id: int, store_id: int) -> Status[None]:
    """Throw a draft away."""
    caller = request.auth
    services.discard_draft(seller_id=caller.seller_id, product_id=product_id, store_id=store_id, actor=caller.actor)
    return Status(204, None)


@router.post("/products/{int:product_id}/stores/{int:store_id}/list", response={202: ChangeOut, **REFUSALS})
@needs("catalog.edit")
def list_draft(request: CalledRequest, product_id: int, store_id: int) -> Status[ListingChange]:
    """Have the draft of a store told to it."""
    caller = request.auth
    asked = services.list_drafts(
        seller_id=caller.seller_id, product_id=product_id, store_ids=[store_id], actor=caller.actor
    )
    return Status(202, asked[store_id])


@router.post("/products/{int:product_id}/stores/{int:store_id}/change", response={202: list[ChangeOut], **REFUSALS})
@needs("catalog.edit")
def change_there(request: CalledRequest, product_id: int, store_id: int, facts: ThereIn) -> Status[list[ListingChange]]:
    """Have a product's words and prices changed in one store: all of it or nothing."""
    caller = request.auth
    place = _place(caller.seller_id, product_id, store_id, facts.remote_id)
    asked = services.change_there(
        seller_id=caller.seller_id,
        store_id=store_id,
        remote_id=place.remote_id,
        words={name: value for name, value in facts.words.dict().items() if value is not None},
        prices=[NewPrice(**one.dict()) for one in facts.prices],
        approved=facts.approved,
        actor=caller.actor,
    )
    return Status(202, asked)


@router.post("/products/{int:product_id}/stores/{int:store_id}/settle", response={200: PlaceOut, **REFUSALS})
@needs("catalog.edit")
def settle(request: CalledRequest, product_id: int, store_id: int, facts: SettleIn) -> Mapping[str, Any]:
    """Of words that were changed in the store's own admin: take them over, or have ours told again."""
    caller = request.auth
    place = _place(caller.seller_id, product_id, store_id, facts.remote_id)
    settle_words(
        seller_id=caller.seller_id,
        store_id=store_id,
        remote_id=place.remote_id,
        names=facts.names,
        theirs=facts.theirs,
        actor=caller.actor,
    )
    return _told(_place(caller.seller_id, product_id, store_id, place.remote_id))


@router.post("/products/{int:product_id}/pull", response={202: list[RunOut], **REFUSALS})
@needs("stores.sync")
def pull_product(request: CalledRequest, product_id: int) -> Status[list[Run]]:
    """Have a product read now from every store that has it, with all its variations."""
    caller = request.auth
    return Status(202, services.pull(seller_id=caller.seller_id, product_id=product_id, actor=caller.actor))


@router.post("/listings/pull", response={202: list[RunOut], **REFUSALS})
@needs("stores.sync")
def pull_listings(request: CalledRequest, facts: ListingsIn) -> Status[list[Run]]:
    """Have the products of these listings read from their stores now, with all their variations."""
    caller = request.auth
    return Status(202, services.pull(seller_id=caller.seller_id, listing_ids=facts.listing_ids, actor=caller.actor))
