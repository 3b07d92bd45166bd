"""What the API answers and takes of price lists and promotions, as shapes."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from ninja import Field, Schema

from entrepot.channels.models import StorePricing

Amount = Field(gt=0, max_digits=19, decimal_places=4)
Optional = Field(default=None, gt=0, max_digits=19, decimal_places=4)
Percent = Field(default=None, max_digits=7, decimal_places=2)


class PriceListOut(Schema):
    """A price list; see `kind`, `percent`, `step`, `rounding` and `ending` of PriceListIn."""

    id: int
    name: str
    currency: str
    kind: str
    base_id: int | None
    percent: Decimal | None
    step: Decimal
    rounding: str
    ending: Decimal
    least_margin: Decimal | None
    updated_at: datetime


class PriceListIn(Schema):
    """How prices are made.

    `fixed`: each is written down. `margin`: so much of the price is profit. `markup`: so much on top of the cost.
    `base`: the prices of `base_id`, moved by `percent`. What is worked out is rounded to a multiple of `step` (by
    default the smallest coin) less `ending`: 1000 and 100 make 9900, 10900. A written price goes first, as it is.
    """

    name: str = Field(min_length=1, max_length=120)
    currency: str = Field(min_length=3, max_length=3)
    kind: Literal["fixed", "margin", "markup", "base"] = "fixed"
    base_id: int | None = None
    percent: Decimal | None = Percent
    step: Decimal | None = Field(default=None, gt=0, max_digits=12, decimal_places=4)
    rounding: Literal["nearest", "up", "down"] = "nearest"
    ending: Decimal = Field(default=Decimal(0), ge=0, max_digits=12, decimal_places=4)
    least_margin: Decimal | None = Field(default=None, ge=0, max_digits=5, decimal_places=2)


class ListPriceOut(Schema):
    """An item in a list. `margin` = percent of the price. `why` no price: not_written, no_cost, other_currency."""

    item_id: int
    sku: str
    name: str
    price: Decimal | None
    retail_price: Decimal | None
    written: bool
    why: str
    cost: Decimal | None
    cost_currency: str
    margin: Decimal | None
    low: bool


class PriceIn(Schema):
    """A price written down for a SKU; null takes it out. `retail_price` (MRP): null = the same."""

    sku: str = Field(min_length=1, max_length=255)
    price: Decimal | None = Optional
    retail_price: Decimal | None = Optional


class PricesIn(Schema):
    prices: list[PriceIn] = Field(min_length=1, max_length=5000)


class WrittenOut(Schema):
    written: int
    taken_out: int


class FollowedOut(Schema):
    """A listing beside the list its store follows.

    `step`: change (to be told), falls (by more than 30 %, waits for `approved`), on_its_way, refused (by the store),
    own (another price was set since the list last spoke), promotion, same, currency (it is sold in another one), none
    (the list has no price for it: `why`). `percent` = by how much it falls.
    """

    listing_id: int
    title: str
    sku: str
    currency: str
    price: Decimal | None
    retail_price: Decimal | None
    wanted: Decimal | None
    wanted_retail: Decimal | None
    margin: Decimal | None
    percent: Decimal
    step: str
    why: str


class FollowingOut(Schema):
    """Which list a store follows (null: none), and how many of its listings are at each step."""

    store_id: int
    price_list_id: int | None
    since: datetime | None
    counts: dict[str, int]

    @classmethod
    def of(cls, store_id: int, pricing: StorePricing | None, counts: dict[str, int]) -> "FollowingOut":
        """Say it of a store."""
        since = pricing.since if pricing else None
        list_id = pricing.price_list_id if pricing else None
        return cls(store_id=store_id, price_list_id=list_id, since=since, counts=counts)


class FollowIn(Schema):
    """`approved`: prices that fall by more than 30 % are meant."""

    price_list_id: int
    approved: bool = False


class TellIn(Schema):
    """`approved`: also prices that fall by more than 30 %. `again`: also where another price was set meanwhile."""

    approved: bool = False
    again: bool = False


class ToldOut(Schema):
    """How many listings the store is told another price of."""

    told: int


class PromotionOut(Schema):
    id: int
    store_id: int
    name: str
    percent: Decimal | None
    state: str
    starts_at: datetime
    ends_at: datetime
    created_by: str
    started_at: datetime | None
    ended_at: datetime | None


class PromotionLineOut(Schema):
    listing_id: int
    title: str = Field(alias="listing.title")
    price: Decimal
    before: Decimal | None
    before_retail: Decimal | None
    state: str


class PromotionPriceIn(Schema):
    sku: str = Field(min_length=1, max_length=255)
    price: Decimal = Amount


class PromotionIn(Schema):
    """Lower prices from `starts_at` until `ends_at`: `percent` off, to the nearest `step`; or `prices` by SKU.

    Without `step` prices are rounded to the smallest coin of the store's currency. Without `skus` a percentage means
    everything the store sells. `approved`: falls of more than 30 % are meant.
    """

    store_id: int
    name: str = Field(min_length=1, max_length=120)
    starts_at: datetime
    ends_at: datetime
    percent: Decimal | None = Field(default=None, gt=0, lt=100, max_digits=5, decimal_places=2)
    step: Decimal | None = Field(default=None, gt=0, max_digits=12, decimal_places=4)
    skus: list[str] = Field(default_factory=list, max_length=5000)
    prices: list[PromotionPriceIn] = Field(default_factory=list, max_length=5000)
    approved: bool = False
