"""What stores are to list, over the API: prices, visibility, new products, differences."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Router, Schema, Status

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS, Listed
from entrepot.channels.models import Difference, ListingChange
from entrepot.channels.queries import offers as queries
from entrepot.channels.services import offers
from entrepot.channels.services.differences_settled import decide
from entrepot.channels.services.offers import Offer
from entrepot.kernel.page import Page

router = Router()


class ChangeOut(Schema):
    """Something a store is to change: what was asked for, and what became of it."""

    id: int
    store_id: int
    listing_id: int | None
    product_id: int | None
    remote_id: str
    kind: str
    state: str
    fields: dict[str, Any]
    before: dict[str, Any]
    asked_by: str
    asked_at: datetime
    done_at: datetime | None
    error_code: str
    error_reason: str


class DifferenceOut(Schema):
    """A field of a listing that was changed in the store's own admin."""

    id: int
    listing_id: int
    field: str
    ours: Any
    theirs: Any
    found_at: datetime
    decision: str


class PriceIn(Schema):
    """`approved`: a fall of more than 30 % is meant."""

    price: Decimal = Field(gt=0, max_digits=19, decimal_places=4)
    retail_price: Decimal | None = Field(default=None, gt=0, max_digits=19, decimal_places=4)
    approved: bool = False


class ActiveIn(Schema):
    active: bool


class DeletionIn(Schema):
    """`approved`: it is meant, although nothing brings the product back there."""

    approved: bool = False


class WordsIn(Schema):
    """What to change of a product in its store; what is not given stays. Categories and brand are the store's own."""

    name: str | None = Field(default=None, min_length=1, max_length=250)
    description: str | None = Field(default=None, max_length=60_000)
    brand: str | None = Field(default=None, max_length=255)
    category_ids: list[str] | None = Field(default=None, max_length=100)
    images: list[str] | None = Field(default=None, max_length=20)
    attributes: list[tuple[str, str]] | None = Field(default=None, max_length=200)


class OfferIn(Schema):
    """How a product is to be listed. Prices of single items by item id; empty = as the product itself says."""

    price: Decimal = Field(gt=0, max_digits=19, decimal_places=4)
    retail_price: Decimal | None = Field(default=None, gt=0, max_digits=19, decimal_places=4)
    prices: dict[int, Decimal] = Field(default_factory=dict)
    name: str = Field(default="", max_length=250)
    description: str = Field(default="", max_length=60_000)
    brand: str = Field(default="", max_length=255)
    category_ids: list[str] = Field(default_factory=list, max_length=100)
    images: list[str] = Field(default_factory=list, max_length=20)
    attributes: list[tuple[str, str]] = Field(default_factory=list, max_length=200)
    active: bool = True


class DecisionIn(Schema):
    """`theirs` takes the store's, `ours` tells it ours again."""

    decision: str = Field(pattern="^(theirs|ours)$")


@router.post("/listings/{int:listing_id}/price", response={202: list[ChangeOut], **REFUSALS})
@needs("catalog.edit")
def set_price(request: CalledRequest, listing_id: int, facts: PriceIn) -> Status[list[ListingChange]]:
    """Have a listing sold at another price."""
    caller = request.auth
    asked = offers.ask_price(
        seller_id=caller.seller_id,
        listing_ids=[listing_id],
        price=facts.price,
        retail_price=facts.retail_price,
        approved=facts.approved,
        actor=caller.actor,
    )
    return Status(202, asked)


@router.post("/listings/{int:listing_id}/active", response={202: list[ChangeOut], **REFUSALS})
@needs("catalog.edit")
def set_active(request: CalledRequest, listing_id: int, facts: ActiveIn) -> Status[list[ListingChange]]:
    """Have the product of a listing shown to buyers, or hidden."""
    caller = request.auth
    asked = offers.ask_active(
        seller_id=caller.seller_id, listing_ids=[listing_id], active=facts.active, actor=caller.actor
    )
    return Status(202, asked)


@router.post("/listings/{int:listing_id}/words", response={202: list[ChangeOut], **REFUSALS})
@needs("catalog.edit")
def set_words(request: CalledRequest, listing_id: int, facts: WordsIn) -> Status[list[ListingChange]]:
    """Have name, description, brand, categories or images of a listing's product changed in its store."""
    caller = request.auth
    fields = {name: value for name, value in facts.dict().items() if value is not None}
    asked = offers.ask_update(seller_id=caller.seller_id, listing_id=listing_id, fields=fields, actor=caller.actor)
    return Status(202, asked)


@router.post("/listings/{int:listing_id}/delete", response={202: list[ChangeOut], **REFUSALS})
@needs("catalog.edit")
def delete_in_store(
    request: CalledRequest, listing_id: int, facts: DeletionIn | None = None
) -> Status[list[ListingChange]]:
    """Have the product of a listing deleted in its store; what is known of it here stays."""
    caller = request.auth
    asked = offers.ask_delete(
        seller_id=caller.seller_id,
        listing_ids=[listing_id],
        approved=bool(facts and facts.approved),
        actor=caller.actor,
    )
    return Status(202, asked)


@router.post("/products/{int:product_id}/stores/{int:store_id}", response={202: ChangeOut, **REFUSALS})
@needs("catalog.edit")
def list_in_store(request: CalledRequest, product_id: int, store_id: int, facts: OfferIn) -> Status[ListingChange]:
    """Have a product listed in a store that does not sell it yet."""
    caller = request.auth
    change = offers.ask_listing(
        seller_id=caller.seller_id,
        product_id=product_id,
        store_id=store_id,
        offer=Offer(**facts.dict()),
        actor=caller.actor,
    )
    return Status(202, change)


@router.get("/listing-changes", response={200: Listed[ChangeOut], **REFUSALS})
@needs("catalog.view")
def list_changes(request: CalledRequest, state: str = "", after: str = "") -> Page[ListingChange]:
    """What stores were asked to change, newest first. `state`: waiting, done, failed, overtaken, canceled."""
    return queries.changes(seller_id=request.auth.seller_id, state=state, after=after)


@router.post("/listing-changes/{int:change_id}/{move}", response={200: ChangeOut, **REFUSALS})
@needs("catalog.edit")
def move_change(request: CalledRequest, change_id: int, move: str) -> ListingChange:
    """`again` tries a refused change once more; anything else gives it up."""
    caller = request.auth
    verb = offers.ask_again if move == "again" else offers.cancel_change
    return verb(seller_id=caller.seller_id, change_id=change_id, actor=caller.actor)


@router.get("/differences", response={200: Listed[DifferenceOut], **REFUSALS})
@needs("catalog.view")
def list_differences(request: CalledRequest, after: str = "") -> Page[Difference]:
    """What was changed in stores' own admins and waits for a decision, newest first."""
    return queries.differences(seller_id=request.auth.seller_id, after=after)


@router.post("/differences/{int:difference_id}/decide", response={200: DifferenceOut, **REFUSALS})
@needs("catalog.edit")
def decide_difference(request: CalledRequest, difference_id: int, facts: DecisionIn) -> Difference:
    """Take the store's, or tell it ours again."""
    caller = request.auth
    return decide(seller_id=caller.seller_id, difference_id=difference_id, decision=facts.decision, actor=caller.actor)
