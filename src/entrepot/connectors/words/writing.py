"""What we tell a store, and what it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from entrepot.connectors.words.catalogue import ChannelProduct
from entrepot.kernel.errors import ChannelError


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """Show this absolute `quantity` (≥ 0). `expected`: write only if the store still shows that figure."""

    remote_id: str
    variation_key: str
    quantity: int
    parent_id: str | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAnswer:
    """The store's answer to one level or one price: `seen` / `seen_price` is what it shows after the call.

    `changed`: the store showed another figure than `expected` and nothing was written.
    `refused`: it never works as it is, `code` and `reason` say why. `missing`: the store no longer has it.
    """

    remote_id: str
    variation_key: str
    outcome: Literal["accepted", "changed", "refused", "missing"]
    seen: int | None = None
    seen_price: Decimal | None = None
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLevel:
    """What the store shows now, read for the drift check."""

    remote_id: str
    variation_key: str
    quantity: int | None
    active: bool
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLevel:
    """Show `retail_price` as the regular price and `price` as what the buyer pays (lower or equal).

    `until`: a day of the store's own calendar before which the reduction ends by itself, in stores that can do that.
    """

    remote_id: str
    variation_key: str
    price: Decimal
    retail_price: Decimal | None = None
    parent_id: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWrite:
    """Tell the store an order's new status. `key` makes a repeat harmless. No `line_ids` = all that can still move."""

    key: str
    order_id: str
    status_id: str
    comment: str = ""
    notify: bool = False
    expected_status_id: str | None = None
    line_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentWrite:
    """Tell the store of a parcel: packed and waiting for the carrier, handed over, or delivered.

    `carrier` is the store's own code where its `ShipmentSink.carriers` lists any, else a name. `status_id` is for
    stores that know only statuses; `remote_id` names the parcel where the store has told its id. No `line_ids` = all
    that has not left.
    """

    key: str
    order_id: str
    carrier: str
    tracking_number: str
    tracking_url: str = ""
    state: Literal["ready", "handed_over", "delivered"] = "handed_over"
    remote_id: str = ""
    line_ids: Sequence[str] = ()
    status_id: str | None = None
    comment: str = ""
    notify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCarrier:
    """A carrier as the store lists it. `tracking_url` may hold the store's own place for the number."""

    remote_id: str
    name: str
    tracking_url: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWrite:
    """Answer a buyer's wish: accept it, refuse it with a `reason` the buyer reads, or say that the goods are back."""

    key: str
    order_id: str
    claim_id: str
    kind: Literal["cancel", "return", "exchange"]
    deed: Literal["accept", "refuse", "receive"]
    lines: Sequence[tuple[str, int]] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAnswer:
    """`repeated`: the store had done this before under the same key. `remote_id` names what was made or changed."""

    remote_id: str
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationDraft:
    """One sellable combination of a product to create: its choices in the order of the axes, and what it carries."""

    options: Sequence[tuple[str, str]]
    sku: str
    price: Decimal
    quantity: int
    barcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """A product to create, or the fields to change (None = leave).

    A product with variations is given either as `variations`, each with its own SKU, or, where only the choices of one
    axis after the other matter, as `options`: `(axis, ((value, quantity, price with this choice), …))`. `images` are
    addresses or `data:` texts, the first one the main image; `attributes` are names and values, whole.
    """

    key: str
    name: str | None = None
    model: str | None = None
    sku: str | None = None
    barcode: str | None = None
    description: str | None = None
    price: Decimal | None = None
    retail_price: Decimal | None = None
    quantity: int | None = None
    active: bool | None = None
    brand: str | None = None
    category_ids: Sequence[str] | None = None
    images: Sequence[str] | None = None
    attributes: Sequence[tuple[str, str]] | None = None
    options: Sequence[tuple[str, Sequence[tuple[str, int, Decimal]]]] | None = None
    variations: Sequence[VariationDraft] | None = None


def _kept_nowhere(_making: "Making") -> None:
    """Nobody asked to remember."""


@dataclass(slots=True, kw_only=True)
class Making:
    """What a store has already of a product that is being made, over all tries.

    `remote_id`: the product itself; `images`: places of pictures the store has taken, by a name for what they were in
    the draft. `keep` writes both down before the next step, so that a try cut short is gone on with.
    """

    remote_id: str = ""
    images: dict[str, str] = field(default_factory=dict)
    keep: Callable[["Making"], None] = _kept_nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What became of one draft: `products` the store shows now, or the `error` that stopped it.

    The first product is the one made; those after it are variations that the store sells as products of their own.
    """

    products: Sequence[ChannelProduct] = ()
    error: ChannelError | None = None
