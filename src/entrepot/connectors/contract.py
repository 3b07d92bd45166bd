"""What a store must be able to do: the parts of a connector, and how one is opened.

A connector knows its store and this file, and nothing of Entrepot's books. The values it exchanges are in `words`
and are exported from here, so that `contract` is the one import a connector needs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from entrepot.connectors.call_words import CallTable
from entrepot.connectors.consent import (
    ConsentNeeded,
    ConsentPage,
    ConsentRefused,
    Grant,
    HeldGrant,
    HeldMemory,
    Memory,
    NotPermitted,
    RenewalWaits,
    SenderNotBelieved,
    Vault,
)
from entrepot.connectors.surroundings import CallRecord, Journal, Surroundings, Throttle
from entrepot.connectors.words import (
    BadItem,
    ChannelAddress,
    ChannelAttribute,
    ChannelBrand,
    ChannelCarrier,
    ChannelCategory,
    ChannelClaim,
    ChannelEvent,
    ChannelLineOption,
    ChannelOrder,
    ChannelOrderLine,
    ChannelParcel,
    ChannelProduct,
    ChannelStatusChange,
    ChannelTotal,
    ChannelVariation,
    ClaimWrite,
    Created,
    LevelAnswer,
    LineState,
    ListingDraft,
    Making,
    OrderPage,
    OrderState,
    PriceLevel,
    ProductPage,
    RemoteStatus,
    SeenLevel,
    ShipmentWrite,
    ShopInfo,
    StatusWrite,
    StockLevel,
    VariationDraft,
    WriteAnswer,
)
from entrepot.kernel.errors import ChannelError

__all__ = [
    "PARTS",
    "BadItem",
    "CallRecord",
    "CancellationSink",
    "ChannelAddress",
    "ChannelAttribute",
    "ChannelBrand",
    "ChannelCarrier",
    "ChannelCategory",
    "ChannelClaim",
    "ChannelEvent",
    "ChannelLineOption",
    "ChannelOrder",
    "ChannelOrderLine",
    "ChannelParcel",
    "ChannelProduct",
    "ChannelStatusChange",
    "ChannelTotal",
    "ChannelVariation",
    "ClaimSink",
    "ClaimWrite",
    "Connector",
    "ConnectorType",
    "ConsentNeeded",
    "ConsentPage",
    "ConsentRefused",
    "Created",
    "CredentialField",
    "EventPort",
    "Grant",
    "HeldGrant",
    "HeldMemory",
    "Journal",
    "LevelAnswer",
    "LineState",
    "ListingDraft",
    "ListingSink",
    "Making",
    "ManySink",
    "Memory",
    "NotPermitted",
    "OrderPage",
    "OrderSource",
    "OrderState",
    "OrderStatusSink",
    "PriceLevel",
    "PriceSink",
    "ProductPage",
    "ProductSource",
    "RemoteStatus",
    "RenewalWaits",
    "SeenLevel",
    "SenderNotBelieved",
    "ShipmentSink",
    "ShipmentWrite",
    "ShopInfo",
    "ShopProbe",
    "StatusWrite",
    "StockLevel",
    "StockSink",
    "Surroundings",
    "Throttle",
    "VariationDraft",
    "Vault",
    "WriteAnswer",
    "capabilities",
]

# --------------------------------------------------------------------------- the parts of a connector


class ShopProbe(Protocol):
    def info(self) -> ShopInfo:
        """Ask the shop who it is; the connection test."""


class ProductSource(Protocol):
    def categories(self) -> Iterator[ChannelCategory | BadItem]:
        """All categories, parents before children where the store allows."""

    def brands(self) -> Iterator[ChannelBrand | BadItem]:
        """All brands (manufacturers)."""

    def attributes(self) -> Iterator[ChannelAttribute]:
        """All attribute definitions."""

    def pages(self, cursor: str | None = None) -> Iterator[ProductPage]:
        """All products in ascending remote id, from `cursor` on (a `ProductPage.next`)."""

    def fetch(self, remote_ids: Sequence[str]) -> ProductPage:
        """These products; those the store no longer has are simply absent."""


class OrderSource(Protocol):
    def start(self, days: int) -> str:
        """The cursor from which reading on gives the last `days` days."""

    def pages(self, cursor: str) -> Iterator[OrderPage]:
        """Changed orders, oldest change first; the same order may come again. Ends when nothing is waiting."""

    def fetch(self, remote_ids: Sequence[str]) -> OrderPage:
        """These orders as they are now; `cursor` is empty."""

    def states(self, remote_ids: Sequence[str]) -> Sequence[OrderState]:
        """The short form of these orders, deleted ones included."""


class StockSink(Protocol):
    """`compares`: the store itself judges `StockLevel.expected`; else a level is simply written."""

    batch_size: int
    compares: bool

    def push(self, levels: Sequence[StockLevel]) -> Sequence[LevelAnswer]:
        """Show absolute quantities; one answer per level, in order; safe to repeat."""

    def seen(self, remote_ids: Sequence[str] | None = None) -> Iterator[SeenLevel]:
        """What the store shows now: these products, or all of them."""


class PriceSink(Protocol):
    batch_size: int

    def push(self, levels: Sequence[PriceLevel]) -> Sequence[LevelAnswer]:
        """Show prices; one answer per level, in order; safe to repeat."""


class ListingSink(Protocol):
    """`fetches_images`: an image may be any address; else only one that lies in the store already.

    Any address may also be of a picture that the books keep (`/pictures/…`); `pictures.picture_bytes` gives its bytes.
    `at_once`: so many drafts make one call of `create_many` that costs the store little.
    """

    fetches_images: bool
    at_once: int

    def create(self, draft: ListingDraft) -> ChannelProduct:
        """Make a product; a repeat of `draft.key` answers the first one."""

    def create_many(self, drafts: Sequence[ListingDraft], makings: Sequence[Making] = ()) -> Sequence[Created]:
        """Make products; each draft is answered for itself, in order.

        A repeat of a key, or a making that knows its product, goes on with that product and brings it to the draft.
        """

    def update(self, remote_id: str, draft: ListingDraft) -> ChannelProduct:
        """Change the given fields and answer what the store shows now."""

    def set_active(self, remote_ids: Sequence[str], *, active: bool) -> Sequence[LevelAnswer]:
        """Show or hide products."""

    def delete(self, remote_ids: Sequence[str]) -> Sequence[LevelAnswer]:
        """Remove products; one already gone is `missing`."""


class OrderStatusSink(Protocol):
    def tell(self, write: StatusWrite) -> WriteAnswer:
        """Write a status through the store's own order logic; safe to repeat with the same key."""


class ShipmentSink(Protocol):
    """Parcels.

    `moves_orders`: in this store a parcel's state *is* the order's (packed, in transit, delivered), so these are told
    here and not to `statuses`. `needs_tracking`: "packed" cannot be told without carrier and tracking number.
    """

    moves_orders: bool
    needs_tracking: bool

    def ship(self, write: ShipmentWrite) -> WriteAnswer:
        """Tell the store of a parcel; safe to repeat with the same key, also when the first answer was lost."""

    def carriers(self) -> Sequence[ChannelCarrier]:
        """The carriers that may be named; empty where any name will do."""


class ManySink(Protocol):
    """Statuses and parcels of many orders, `batch_size` in one call."""

    batch_size: int

    def tell_many(self, writes: Sequence[StatusWrite | ShipmentWrite]) -> Sequence[WriteAnswer | ChannelError]:
        """Do each as `statuses.tell` or `shipments.ship` would, in the order given; one answer for each, in order.

        What the store refuses, or fails at for one order, is that write's answer and stops no other. An error raised:
        nothing is known of any. Safe to repeat whole with the same keys, also when the first answer was lost.
        """


class ClaimSink(Protocol):
    def answer(self, write: ClaimWrite) -> WriteAnswer:
        """Accept, refuse or receive; safe to repeat with the same key."""


class CancellationSink(Protocol):
    def cancel(self, write: StatusWrite) -> WriteAnswer:
        """Cancel an order for the seller; safe to repeat with the same key."""


class EventPort(Protocol):
    """`set_by_hand`: the shop's owner enters our address in the store; `register` then has nothing to do."""

    set_by_hand: bool

    def register(self, url: str | None) -> None:
        """Tell the store where to push events; None stops them."""

    def receive(self, *, target: str, headers: Mapping[str, str], body: bytes) -> Sequence[ChannelEvent]:
        """Check a pushed request's signature and read its events. `target` = path and query as received.

        Raises:
            SenderNotBelieved: It does not carry the right key.
            ChannelMisconfigured: The signature, clock or shape is wrong; nothing may be believed.
        """


@dataclass(frozen=True)
class Connector:
    """A channel as a bundle of parts, opened for one store. A part that is there is a capability; else None.

    `many` is no capability of its own: it tells what `statuses` and `shipments` tell, with fewer calls.
    """

    name: str
    shop: ShopProbe
    products: ProductSource | None = None
    orders: OrderSource | None = None
    stock: StockSink | None = None
    prices: PriceSink | None = None
    listings: ListingSink | None = None
    statuses: OrderStatusSink | None = None
    shipments: ShipmentSink | None = None
    many: ManySink | None = None
    cancellations: CancellationSink | None = None
    claims: ClaimSink | None = None
    events: EventPort | None = None
    close: Callable[[], None] = lambda: None


PARTS = (
    "products",
    "orders",
    "stock",
    "prices",
    "listings",
    "statuses",
    "shipments",
    "cancellations",
    "claims",
    "events",
)


# --------------------------------------------------------------------------- opening one


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialField:
    """One field of the connect form. `label` and `help` are English msgids; `secret` is never shown again.

    One that is not `required` may stay empty; `initial` stands in the form at first.
    """

    name: str
    label: str
    help: str
    secret: bool = False
    placeholder: str = ""
    required: bool = True
    initial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorType:
    """A kind of channel: what the connect page asks, what it can do, and how to open it.

    `open(credentials, surroundings)` makes no call. `calls_per_second` and `burst` are the store's own limit, never
    more than `peak_per_second` of them in a second. `limit_key(credentials)` names what shares that limit (shops of one
    mall); None = each store has its own. `consent`: the owner grants access in the browser before the first call.
    `announced_by_id`: an event names an order that is then fetched alone, because reading on costs many calls.
    `calls`: what each call is for, said beside it in the payload journal.
    """

    name: str
    title: str
    fields: Sequence[CredentialField]
    open: Callable[[Mapping[str, str], Surroundings], Connector]
    calls_per_second: float
    burst: int
    peak_per_second: float | None = None
    limit_key: Callable[[Mapping[str, str]], str] | None = None
    consent: ConsentPage | None = None
    announced_by_id: bool = False
    personal_keys: frozenset[str] = frozenset()
    secret_keys: frozenset[str] = frozenset()
    calls: CallTable = ()


def capabilities(connector: Connector) -> Mapping[str, bool]:
    """Which parts a connector has, in the order of the capability table."""
    return {part: getattr(connector, part) is not None for part in PARTS}
