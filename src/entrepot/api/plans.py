"""Plans over the API: changes of stores that are looked at, approved, applied, and taken back."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Router, Schema, Status

from entrepot.api.door import CalledRequest, needs
from entrepot.api.offers import OfferIn, WordsIn
from entrepot.api.words import REFUSALS, Listed
from entrepot.channels.models import Plan, PlanLine
from entrepot.channels.queries import plans as queries
from entrepot.channels.queries.listings import ListingFilter
from entrepot.channels.services import plans
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.plans import PriceRule
from entrepot.channels.services.plans_apply import apply_plan, plan_undo, stop_plan
from entrepot.kernel.errors import Invalid
from entrepot.kernel.page import Page

router = Router()


class PlanRailOut(Schema):
    """What stopped a plan, or what it leaves out: `code`, how many, and by what figure."""

    code: str
    count: int
    percent: int | None = None
    store: int | None = None
    of: int | None = None


class PlanCountOut(Schema):
    store: int
    kind: str
    count: int


class PlanOut(Schema):
    """A plan. One with rails that stop is applied only once it is `approved`."""

    id: int
    title: str
    state: str
    source: str
    total: int
    counts: list[PlanCountOut]
    rails: list[PlanRailOut]
    approved: bool
    undo_of: int | None = Field(default=None, alias="undo_of_id")
    created_by: str
    created_at: datetime
    applied_by: str
    applied_at: datetime | None


class PlanProgressOut(Schema):
    """What became of an applied plan, counted by its lines."""

    total: int
    waiting: int
    done: int
    failed: int
    overtaken: int
    canceled: int
    left_out: int


class PlanDetail(PlanOut):
    """`stamp` says what was seen: approving it needs the one of now."""

    progress: PlanProgressOut
    stamp: str


class PlanLineOut(Schema):
    """One change: `before` as the store shows it, `fields` as it is to be; `state` of the change it became."""

    id: int
    store_id: int
    listing_id: int | None
    product_id: int | None
    remote_id: str
    kind: str
    before: dict[str, Any]
    fields: dict[str, Any]
    worst: Decimal
    state: str | None = Field(default=None, alias="change.state")
    error_reason: str | None = Field(default=None, alias="change.error_reason")


class ListingsMeant(Schema):
    """Which listings: these, or with none named all of one store, or all that a search finds."""

    listing_ids: list[int] = Field(default_factory=list, max_length=100_000)
    store_id: int | None = None
    search: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=200)


class PlanPricesIn(ListingsMeant):
    """One of price, percent (-10 = a tenth less) and amount; `step` to round to.

    `retail` = keep, before (the price of now becomes the regular one) or none; or give `retail_price`.
    """

    price: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    percent: Decimal | None = Field(default=None, gt=-100, le=10_000, max_digits=9, decimal_places=4)
    amount: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    step: Decimal | None = Field(default=None, gt=0, max_digits=19, decimal_places=4)
    retail: Literal["keep", "before", "none"] = "keep"
    retail_price: Decimal | None = Field(default=None, gt=0, max_digits=19, decimal_places=4)


class PlanDeedIn(ListingsMeant):
    """Products are shown, hidden or deleted as a whole."""

    deed: Literal["show", "hide", "delete"]


class PlanWordsIn(WordsIn):
    listing_ids: list[int] = Field(min_length=1, max_length=1000)
    title: str = Field(default="", max_length=200)


class PlanListingIn(OfferIn):
    """A product to list in a store."""

    product_id: int
    store_id: int


class PlanListingsIn(Schema):
    listings: list[PlanListingIn] = Field(min_length=1, max_length=100_000)
    title: str = Field(default="", max_length=200)


class NobodyMeant(Invalid):
    """A plan for no listing at all."""

    code = "nobody_meant"
    message = "Name listings, a store, or a search that finds some."


def _ids(request: CalledRequest, facts: ListingsMeant) -> list[int]:
    """The listings meant.

    Raises:
        NobodyMeant: None is.
    """
    if not (facts.listing_ids or facts.store_id or facts.search.strip()):
        raise NobodyMeant(field="listing_ids", reason="")
    by = ListingFilter(search=facts.search.strip(), store_id=facts.store_id)
    found = queries.listing_ids(seller_id=request.auth.seller_id, by=by, among=facts.listing_ids or None)
    return list(found)


@router.post("/plans/prices", response={201: PlanOut, **REFUSALS})
@needs("catalog.edit")
def plan_prices(request: CalledRequest, facts: PlanPricesIn) -> Status[Plan]:
    """Plan new prices by a rule. No store is told anything."""
    rule = PriceRule(
        price=facts.price,
        percent=facts.percent,
        amount=facts.amount,
        step=facts.step,
        retail=facts.retail if facts.retail_price is None else facts.retail_price,
    )
    made = plans.plan_prices(
        seller_id=request.auth.seller_id,
        listing_ids=_ids(request, facts),
        rule=rule,
        title=facts.title,
        source="api",
        actor=request.auth.actor,
    )
    return Status(201, made)


@router.post("/plans/visibility", response={201: PlanOut, **REFUSALS})
@needs("catalog.edit")
def plan_visibility(request: CalledRequest, facts: PlanDeedIn) -> Status[Plan]:
    """Plan to show, hide or delete products in their stores."""
    made = plans.plan_deed(
        seller_id=request.auth.seller_id,
        listing_ids=_ids(request, facts),
        deed=facts.deed,
        title=facts.title,
        source="api",
        actor=request.auth.actor,
    )
    return Status(201, made)


@router.post("/plans/words", response={201: PlanOut, **REFUSALS})
@needs("catalog.edit")
def plan_words(request: CalledRequest, facts: PlanWordsIn) -> Status[Plan]:
    """Plan other words or pictures for products in their stores; what is not given stays."""
    given = facts.dict(exclude={"listing_ids", "title"})
    made = plans.plan_words(
        seller_id=request.auth.seller_id,
        listing_ids=facts.listing_ids,
        fields={name: value for name, value in given.items() if value is not None},
        title=facts.title,
        source="api",
        actor=request.auth.actor,
    )
    return Status(201, made)


@router.post("/plans/listings", response={201: PlanOut, **REFUSALS})
@needs("catalog.edit")
def plan_listings(request: CalledRequest, facts: PlanListingsIn) -> Status[Plan]:
    """Plan to list products in stores that do not sell them yet."""
    offers = {
        (one.product_id, one.store_id): Offer(**one.dict(exclude={"product_id", "store_id"})) for one in facts.listings
    }
    made = plans.plan_creations(
        seller_id=request.auth.seller_id, offers=offers, title=facts.title, source="api", actor=request.auth.actor
    )
    return Status(201, made)


@router.get("/plans", response={200: Listed[PlanOut], **REFUSALS})
@needs("catalog.view")
def list_plans(request: CalledRequest, after: str = "") -> Page[Plan]:
    """Plans, newest first."""
    return queries.plans(seller_id=request.auth.seller_id, after=after)


@router.get("/plans/{int:plan_id}", response={200: PlanDetail, **REFUSALS})
@needs("catalog.view")
def one_plan(request: CalledRequest, plan_id: int) -> Plan:
    """A plan, what stopped it, and how far its stores are with it."""
    found = queries.plan(seller_id=request.auth.seller_id, plan_id=plan_id)
    found.progress = queries.progress(seller_id=request.auth.seller_id, plan=found)  # type: ignore[attr-defined]
    found.stamp = queries.stamp_of(seller_id=request.auth.seller_id, plan=found)  # type: ignore[attr-defined]
    return found


@router.get("/plans/{int:plan_id}/lines", response={200: Listed[PlanLineOut], **REFUSALS})
@needs("catalog.view")
def plan_lines(
    request: CalledRequest,
    plan_id: int,
    kind: str = "",
    state: Literal["", "waiting", "done", "failed", "overtaken", "canceled", "left_out"] = "",
    after: str = "",
) -> Page[PlanLine]:
    """What it changes, the worst first."""
    seller_id = request.auth.seller_id
    found = queries.plan(seller_id=seller_id, plan_id=plan_id)
    return queries.lines(seller_id=seller_id, plan=found, kind=kind, state=state, after=after)


MOVES: dict[str, Callable[..., object]] = {
    "approve": plans.approve_plan,
    "apply": apply_plan,
    "discard": plans.discard_plan,
    "stop": stop_plan,
    "undo": plan_undo,
}


@router.post("/plans/{int:plan_id}/{move}", response={200: PlanOut, **REFUSALS})
@needs("catalog.edit")
def move_plan(request: CalledRequest, plan_id: int, move: str, seen: str = "") -> Plan:
    """`approve` what stopped it; `apply` or `discard` it; `stop` what waits; `undo` answers the way back, a plan.

    `seen` = the `stamp` it had when you looked at it: `approve` needs it, `apply` heeds it where it is given.
    """
    caller = request.auth
    found = queries.plan(seller_id=caller.seller_id, plan_id=plan_id)
    if move not in MOVES:
        raise Invalid(field="move", reason="Choose one of these: {known}.", known=", ".join(MOVES))
    more = {"seen": seen} if move == "approve" or (move == "apply" and seen) else {}
    answer = MOVES[move](seller_id=caller.seller_id, plan_id=found.pk, actor=caller.actor, **more)
    return answer if isinstance(answer, Plan) else queries.plan(seller_id=caller.seller_id, plan_id=plan_id)
