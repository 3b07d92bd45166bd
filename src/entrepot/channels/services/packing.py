"""Packing an order the way its store wants it told: one of the store's carriers, and a number where it needs one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db import transaction

from entrepot.channels.models import RemoteCarrier, Store
from entrepot.channels.opening import opened
from entrepot.channels.queries.told import carriers as carriers_of
from entrepot.channels.queries.told import store_of
from entrepot.channels.services.shipping import decides
from entrepot.fulfilment import services as parcels
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.queries import shipment
from entrepot.fulfilment.services.weigh import weigh
from entrepot.fulfilment.together import locked_group, parcels_beside
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError, Invalid, Refused
from entrepot.orders import services as orders
from entrepot.orders.groups import together
from entrepot.orders.merge_errors import GroupPackedWhole, MergeNotOpen
from entrepot.orders.models import Order, Status
from entrepot.orders.queries import order_head
from entrepot.warehouse.services.desk import refuse_packing

NUMBER_PLACE = "{number}"
"""Where a carrier's address takes the tracking number."""


class _Who(TypedDict):
    seller_id: int
    order_id: int
    actor: Actor


class NumberNeeded(Refused):
    """The order's store takes "packed" with carrier and number only."""

    code = "number_needed"
    message = (
        "{store} takes an order as packed only with a carrier and a tracking number. "
        "Give both when you pack order {number}."
    )


class CarrierUnknown(Invalid):
    """The store has a list of carriers, and this is none of them."""

    code = "carrier_unknown"
    message = "{store} knows no carrier “{carrier}”. Choose one of its own: {known}."


@dataclass(frozen=True, slots=True)
class Bench:
    """What packing takes for one order: its store's carriers (empty = any name will do), and whether it needs them."""

    store_name: str
    carriers: Sequence[RemoteCarrier]
    needs_number: bool

    def name_of(self, carrier: str) -> str:
        """What the carrier is called.

        Raises:
            CarrierUnknown: The store lists its carriers, and this is none of them.
        """
        names = {row.remote_id: row.name for row in self.carriers}
        if carrier and names and carrier not in names:
            known = ", ".join(f"{code} {name}" for code, name in names.items())
            raise CarrierUnknown(field="carrier", reason="", store=self.store_name, carrier=carrier[:60], known=known)
        return names.get(carrier, carrier)

    def code_of(self, name: str) -> str:
        """What this store calls a carrier of that name; the name itself where it lists none, or not this one."""
        same = (row.remote_id for row in self.carriers if row.name.casefold() == name.casefold())
        return next(same, name)

    def tracking_url(self, carrier: str, number: str) -> str:
        """Where the parcel can be followed, if the store's carrier says so."""
        pattern = next((row.tracking_url for row in self.carriers if row.remote_id == carrier), "")
        return pattern.replace(NUMBER_PLACE, number) if number and NUMBER_PLACE in pattern else ""

    def words(self, carrier: str, number: str) -> dict[str, Any]:
        """Carrier and number as a parcel keeps them."""
        carrier, number = carrier.strip(), number.strip()
        return {
            "carrier": carrier,
            "carrier_name": self.name_of(carrier),
            "tracking_number": number,
            "tracking_url": self.tracking_url(carrier, number),
        }


def bench_of(order: Order) -> Bench:  # house: verb-signature a question about the store that needs its connector
    """The packing table for one order. One that is picked up, or gets its number by our rules, needs none there."""
    store = store_of(seller_id=order.seller_id, channel_id=order.sales_channel_id)
    if store is None:
        return Bench("", (), needs_number=False)
    listed = carriers_of(seller_id=order.seller_id, store_id=store.pk)
    by_hand = not (order.pickup or decides(store))
    return Bench(store.sales_channel.name, listed, needs_number=by_hand and _wants_number(store))


def pack_order(
    *,
    seller_id: int,
    order_id: int,
    actor: Actor,
    carrier: str = "",
    tracking_number: str = "",
    line_quantities: Mapping[int, int] | None = None,
    box: str = "",
    weight_grams: int | None = None,
) -> Shipment:
    """Pack what is left of an order, or `{line id: quantity}`, into a parcel; the order is Ready to Ship.

    `box` is the name of one of the seller's boxes. Orders that share a parcel are packed with it, under one number.

    Raises:
        PickedElsewhere: A warehouse that works for itself packs it.
        NumberNeeded: Its store wants carrier and number.
        CarrierUnknown: The carrier is none of the store's.
        MergeNotOpen: It shares its parcel with an order that cannot be packed now.
        GroupPackedWhole: It shares its parcel, and only some of it is to be packed.
        EntrepotError: What `fulfilment.services.pack` and `weigh` refuse.
    """
    members = together(seller_id=seller_id, order_id=order_id)
    if len(members) > 1 and any(one.status in {Status.NEW, Status.RFP} for one in members):
        if line_quantities is not None:
            raise GroupPackedWhole(number=members[0].number)
        return pack_together(
            seller_id=seller_id,
            order_id=order_id,
            carrier=carrier,
            tracking_number=tracking_number,
            box=box,
            weight_grams=weight_grams,
            actor=actor,
        )
    order = order_head(seller_id=seller_id, order_id=order_id)
    refuse_packing(seller_id=seller_id, order_id=order_id, actor=actor)
    bench = bench_of(order)
    words = bench.words(carrier, tracking_number)
    if bench.needs_number and not (words["carrier"] and words["tracking_number"]):
        raise NumberNeeded(store=bench.store_name, number=order.number)
    who: _Who = {"seller_id": seller_id, "order_id": order_id, "actor": actor}
    with transaction.atomic():
        parcel = parcels.pack(line_quantities=line_quantities, **who, **words)
        if box or weight_grams is not None:
            return weigh(box=box, weight_grams=weight_grams, shipment_id=parcel.pk, **who)
    return parcel


@transaction.atomic
def pack_together(
    *,
    seller_id: int,
    order_id: int,
    actor: Actor,
    carrier: str = "",
    tracking_number: str = "",
    box: str = "",
    weight_grams: int | None = None,
) -> Shipment:
    """Pack all orders that share a parcel with this one, under one number; tells this one's parcel.

    Each store is told its own order; New orders are released on the way. The carrier is named as in this order's store.

    Raises:
        MergeNotOpen: One of them cannot be packed now.
        EntrepotError: What packing one of them refuses; then none is packed.
    """
    members = locked_group(seller_id, order_id)
    name = bench_of(members[0]).name_of(carrier.strip())
    made: list[Shipment] = []
    for one in members:
        if one.status not in {Status.NEW, Status.RFP}:
            raise MergeNotOpen(number=one.number, status=one.get_status_display(), order_id=one.pk)
        refuse_packing(seller_id=seller_id, order_id=one.pk, actor=actor)
        bench = bench_of(one)
        words = bench.words(carrier if one.pk == order_id else bench.code_of(name), tracking_number)
        if bench.needs_number and not (words["carrier"] and words["tracking_number"]):
            raise NumberNeeded(store=bench.store_name, number=one.number)
        orders.release_to_warehouse(seller_id=seller_id, order_id=one.pk, actor=actor)
        made.append(parcels.pack(seller_id=seller_id, order_id=one.pk, actor=actor, **words))
    if box or weight_grams is not None:
        who: _Who = {"seller_id": seller_id, "order_id": order_id, "actor": actor}
        return weigh(box=box, weight_grams=weight_grams, shipment_id=made[0].pk, **who)
    return made[0]


def number_parcel(*, seller_id: int, shipment_id: int, carrier: str, tracking_number: str, actor: Actor) -> Shipment:
    """Write carrier and number on a parcel, or correct them; its store is told.

    Raises:
        NumberNeeded, CarrierUnknown: As when it is packed.
        EntrepotError: What `fulfilment.services.set_tracking` refuses.
    """
    order = shipment(seller_id=seller_id, shipment_id=shipment_id).order
    bench = bench_of(order)
    words = bench.words(carrier, tracking_number)
    if bench.needs_number and not (words["carrier"] and words["tracking_number"]):
        raise NumberNeeded(store=bench.store_name, number=order.number)
    with transaction.atomic():
        locked_group(seller_id, order.pk)
        found = parcels.set_tracking(seller_id=seller_id, shipment_id=shipment_id, actor=actor, **words)
        for twin in parcels_beside(found):
            there = bench_of(twin.order)
            its = there.words(there.code_of(words["carrier_name"]), tracking_number)
            parcels.set_tracking(seller_id=seller_id, shipment_id=twin.pk, actor=actor, **its)
    return found


def _wants_number(store: Store) -> bool:
    """Asked of its connector, without a call."""
    try:
        with opened(store) as connector:
            return connector.shipments is not None and connector.shipments.needs_tracking
    except EntrepotError:
        return False
