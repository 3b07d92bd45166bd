"""The one documented port between the order desk and a warehouse, be it ours in process or another one over HTTP.

Out go `Release`, `Recall`, `Labelled`, `Voided` and `ReturnExpected`; what comes back (`Picked`, `Short`, `Packed`,
`HandedOver`, `Returned`, `StockCounted`) is applied by `apply`, the same code for both. Lines are named by the id of
the order's line; a kit is released as its parts, so that `item_id` says what to take from the shelf.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict, assert_never

from django.db import transaction

from entrepot.catalog.rows import clip, fetch
from entrepot.fulfilment.services.leave import hand_over
from entrepot.fulfilment.services.pack import pack
from entrepot.fulfilment.services.short import give_up
from entrepot.fulfilment.services.weigh import weigh
from entrepot.inventory.models import Warehouse
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.life import locked_one
from entrepot.orders.models import Order, Status

RESERVED = """
SELECT r.warehouse_id, l.id, r.item_id, i.sku, i.barcode, i.name, r.quantity
FROM orders_orderline l JOIN inventory_reservation r ON r.reference = 'line:' || l.id AND r.seller_id = %s
JOIN inventory_warehouse w ON w.id = r.warehouse_id AND w.mode <> %s JOIN catalog_item i ON i.id = r.item_id
WHERE l.order_id = %s ORDER BY r.warehouse_id, l.position, i.sku
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedLine:
    """`quantity` of an item that is set aside for an order's line in this warehouse."""

    line_id: int
    item_id: int
    sku: str
    barcode: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Pick and pack this. `ship_to` is the order's address, `carrier` a hint, `due` when it should leave."""

    order_id: int
    warehouse_id: int
    number: str
    lines: Sequence[ReleasedLine]
    ship_to: Mapping[str, object]
    carrier: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Do not go on with this order; what was picked of it goes back on the shelf."""

    order_id: int
    warehouse_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A parcel may be labelled: the store has accepted Ready to Ship. `quantities` = `{line id: quantity}` in it."""

    order_id: int
    warehouse_id: int
    parcel_id: int
    carrier: str
    tracking_number: str
    tracking_url: str
    quantities: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """A parcel that was labelled is none any more: its label goes into the bin, its goods are packed anew."""

    order_id: int
    warehouse_id: int
    parcel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnExpected:
    """Goods of an order come back: `quantities` = `{line id: quantity}` that left and are not back."""

    order_id: int
    warehouse_id: int
    number: str
    quantities: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """All of an order's goods are off the shelf: `{line id: quantity}`, None = everything that is open of it."""

    order_id: int
    quantities: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """`quantity` of an item is not where it should be. `bin_id`: where it was looked for; None = in no bin."""

    order_id: int
    warehouse_id: int
    line_id: int
    item_id: int
    quantity: int
    bin_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The parcel is closed. `box` is the name of one of the seller's boxes, or any word."""

    order_id: int
    box: str = ""
    weight_grams: int | None = None
    shipment_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The carrier has taken the parcels of these orders."""

    order_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Goods are back: `{line id: (good, scrapped)}`; the good ones lie in `warehouse_id` (None: the default one)."""

    order_id: int
    lines: Mapping[int, tuple[int, int]]
    warehouse_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCounted:
    """So much of an item lies in the warehouse."""

    warehouse_id: int
    item_id: int
    on_hand: int
    reason: str


Outgoing = Release | Recall | Labelled | Voided | ReturnExpected
Incoming = Picked | Short | Packed | HandedOver | Returned | StockCounted


class _Who(TypedDict):
    seller_id: int
    actor: Actor
    now: datetime | None


KEPT: Final = frozenset({Status.IN_TRANSIT, Status.COMPLETE})


def releases(order: Order) -> list[Release]:
    """What the warehouses that work for themselves are told of an order, by what is set aside in each."""
    found: dict[int, list[ReleasedLine]] = {}
    for place, line_id, item_id, sku, barcode, name, quantity in fetch(
        RESERVED, [order.seller_id, Warehouse.Mode.OMS_ONLY, order.pk]
    ):
        words = ReleasedLine(line_id=line_id, item_id=item_id, sku=sku, barcode=barcode, name=name, quantity=quantity)
        found.setdefault(place, []).append(words)
    return [
        Release(
            order_id=order.pk,
            warehouse_id=place,
            number=order.number,
            lines=lines,
            ship_to=order.shipping or {},
            carrier=clip(order.shipping_method, 80),
        )
        for place, lines in found.items()
    ]


@transaction.atomic
def apply(*, seller_id: int, message: Incoming, actor: Actor, now: datetime | None = None) -> None:
    """Do at the order desk what a warehouse reports; refuses as the verbs of the desk do, and then nothing changed.

    Picked makes Ready to Ship; Short gives the quantity's stock back, so that the order waits or takes other stock;
    Packed writes box and weight on the parcel; HandedOver lets the stock leave; Returned takes goods back, also of an
    order of which no return was asked; StockCounted sets on hand. Picked, Packed and HandedOver again change nothing.
    """
    who: _Who = {"seller_id": seller_id, "actor": actor, "now": now}
    match message:
        case Picked():
            pack(order_id=message.order_id, line_quantities=message.quantities, **who)
        case Short():
            give_up(
                order_id=message.order_id,
                line_id=message.line_id,
                item_id=message.item_id,
                warehouse_id=message.warehouse_id,
                quantity=message.quantity,
                bin_id=message.bin_id,
                **who,
            )
        case Packed():
            weigh(
                order_id=message.order_id,
                box=message.box,
                weight_grams=message.weight_grams,
                shipment_id=message.shipment_id,
                **who,
            )
        case HandedOver():
            for order_id in sorted(message.order_ids):
                hand_over(order_id=order_id, **who)
        case Returned():
            _take_back(seller_id, message, actor, now)
        case StockCounted():
            orders.recount(
                item_id=message.item_id,
                on_hand=message.on_hand,
                reason=message.reason,
                warehouse_id=message.warehouse_id,
                **who,
            )
        case _:
            assert_never(message)


def _take_back(seller_id: int, message: Returned, actor: Actor, now: datetime | None) -> None:
    if locked_one(seller_id, message.order_id).status in KEPT:
        orders.ask_return(seller_id=seller_id, order_id=message.order_id, actor=actor, reason=message.reason, now=now)
    orders.receive_return(
        seller_id=seller_id,
        order_id=message.order_id,
        lines=message.lines,
        warehouse_id=message.warehouse_id,
        actor=actor,
        reason=message.reason,
        now=now,
    )
