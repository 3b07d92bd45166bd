"""Which carrier has a store's parcels, where the seller lets Entrepot decide it, and when their labels are made.

Setting `shipping` of a store: `by_channel` (the carrier the store names for the order, else its usual one), `self` (the
seller's own rules), or none: a person names the carrier at the packing table. A store that wants to be told a number
gets it before it is told; elsewhere number and label are made once it has accepted Ready to Ship.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, Sum

from entrepot.channels import engine
from entrepot.channels.models import RemoteCarrier, StatusDebt, StatusMapping, Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.queries.told import carriers as carriers_of
from entrepot.channels.services.buying import buy_for, give_back
from entrepot.fulfilment import rules
from entrepot.fulfilment.carriers import same_carrier
from entrepot.fulfilment.errors import ShipmentClosed, WaybillsEmpty
from entrepot.fulfilment.models import Carrier, Shipment, WaybillRange
from entrepot.fulfilment.rules import Choice
from entrepot.fulfilment.services.label import give_number, make_label
from entrepot.fulfilment.together import shared_number
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.orders.models import Order, Status

BY_CHANNEL: Final = "by_channel"
SELF_SHIP: Final = "self"
NO_CARRIER: Final = "no_carrier"
WAYBILLS_LOW: Final = "waybills_low"
WAYBILLS_EMPTY: Final = "waybills_empty"
WAITS_FOR_PART: Final = "waits_for_part"
LABELS_AT_ONCE = 1000


def decides(store: Store) -> bool:  # house: verb-signature a question about the store's setting
    """Whether carriers are chosen here for this store's parcels."""
    return store.settings.get("shipping") in {BY_CHANNEL, SELF_SHIP}


@dataclass(slots=True)
class Table:
    """The carriers a store lists and ours, looked up once for many parcels; and whose numbers were asked for."""

    store: Store
    listed: Sequence[RemoteCarrier]
    ours: Sequence[Carrier]
    asked: set[int] = field(default_factory=set)


def table_of(store: Store) -> Table:  # house: verb-signature reading, nobody's deed
    """The carriers as they are now."""
    listed = carriers_of(seller_id=store.seller_id, store_id=store.pk)
    return Table(store, listed, list(Carrier.objects.filter(seller_id=store.seller_id, active=True).order_by("pk")))


def choose_carrier(store: Store, *, order: Order, table: Table | None = None) -> Choice:
    """The carrier for an order, why, and what its store calls it (`remote`)."""
    table = table or table_of(store)
    listed, ours = table.listed, table.ours
    if store.settings.get("shipping") == SELF_SHIP:
        choice = rules.choose(order)
        if choice.carrier is None:
            return choice
        remote = remote_code(store, carrier=choice.carrier, listed=listed)
        return Choice(choice.carrier, choice.because, choice.words, choice.parts, remote)
    return _of_the_store(store, order, listed, ours)


def _of_the_store(store: Store, order: Order, listed: Sequence[RemoteCarrier], ours: Sequence[Carrier]) -> Choice:
    """The carrier the store names for the order, else its usual one."""
    words = {"store": store.sales_channel.name}
    for carrier in ours:
        if same_carrier(carrier.kind, carrier.name, order.shipping_method):
            remote = remote_code(store, carrier=carrier, listed=listed)
            return Choice(carrier, rules.STORES_OWN, words | {"carrier": carrier.name}, remote=remote)
    usual = next((row for row in listed if row.is_default), None)
    chosen = store.settings.get("default_carrier")
    for carrier in ours:
        if carrier.pk == chosen or (usual and remote_code(store, carrier=carrier, listed=[usual])):
            remote = remote_code(store, carrier=carrier, listed=listed)
            return Choice(carrier, rules.STORES_DEFAULT, words | {"carrier": carrier.name}, remote=remote)
    return Choice(None, rules.NO_RULE)


def remote_code(store: Store, *, carrier: Carrier, listed: Sequence[RemoteCarrier]) -> str:
    """What the store calls our carrier: as the seller has said for this store, else the one of the same name; or ""."""
    said = str(store.settings.get("carrier_codes", {}).get(str(carrier.pk), ""))
    if said:
        return said if said in {row.remote_id for row in listed} else ""
    named = [row for row in listed if same_carrier(carrier.kind, carrier.name, row.name)]
    return named[0].remote_id if named else ""


# --------------------------------------------------------------------------- on the way to the store


def number_parcels(store: Store, *, parcels: Iterable[Shipment]) -> int:
    """Give carrier and number to packed parcels that have none, before their store is told; how many got one."""
    if not decides(store):
        return 0
    waiting = [one for one in parcels if _waits(one)]
    with _table(store) as table:
        return sum(_number(table, parcel) for parcel in waiting)


@contextmanager
def _table(store: Store) -> Iterator[Table]:
    """Once the numbers are given, look at how many each carrier has left."""
    table = table_of(store)
    try:
        yield table
    finally:
        for carrier_id in sorted(table.asked):
            watch_numbers(seller_id=store.seller_id, carrier_id=carrier_id, actor=SYSTEM)


def _waits(parcel: Shipment) -> bool:
    """A parcel that was packed without its number, of an order that is sent by a carrier."""
    return parcel.state == Shipment.State.PACKED and not parcel.tracking_number and not parcel.order.pickup


def _number(table: Table, parcel: Shipment) -> bool:
    store, choice = table.store, _choice_for(table, parcel)
    if choice.carrier is None:
        _no_carrier(store, parcel.order)
        return False
    table.asked.add(choice.carrier.pk)
    try:
        numbered = give_number(seller_id=store.seller_id, shipment_id=parcel.pk, choice=choice, actor=SYSTEM)
    except (WaybillsEmpty, ShipmentClosed):
        return False
    _settle(store, parcel.order)
    if choice.carrier.plugin and not numbered.tracking_number:
        return buy_for(store, parcel=numbered)
    return bool(numbered.tracking_number)


def _choice_for(table: Table, parcel: Shipment) -> Choice:
    """The carrier of the box it lies in, else the one somebody has named on it, else the one chosen for its order."""
    twin = shared_number(parcel)
    if twin is not None and twin.carrier_ref is not None:
        remote = remote_code(table.store, carrier=twin.carrier_ref, listed=table.listed)
        return Choice(twin.carrier_ref, rules.SAME_BOX, {"number": twin.order.number}, remote=remote)
    if parcel.carrier or parcel.carrier_name:
        for carrier in table.ours:
            remote = remote_code(table.store, carrier=carrier, listed=table.listed)
            if parcel.carrier in {remote, carrier.name} or same_carrier(
                carrier.kind, carrier.name, parcel.carrier_name
            ):
                return Choice(carrier, rules.BY_HAND, remote=remote)
    return choose_carrier(table.store, order=parcel.order, table=table)


def make_labels(store: Store, *, one_status: bool = False) -> int:  # house: verb-signature part of the engine's round
    """Make the labels of packed parcels whose store has accepted Ready to Ship; how many. The rest is found again.

    A part of an order that its store is told of with another part does not wait for that: where the store has
    `one_status` for the order, or the parcel speaks of nothing but a line that was cut in two.
    """
    if not decides(store):
        return 0
    give_back(store)
    told = StatusDebt.objects.filter(
        store=store,
        order_id=OuterRef("order_id"),
        sent_at__isnull=False,
        error_code="",
        payload__meaning=StatusMapping.Meaning.PROCESSED,
    )
    rows = Shipment.objects.filter(
        Exists(told) | _told_with_another(one_status=one_status),
        seller_id=store.seller_id,
        state=Shipment.State.PACKED,
        label_made_at=None,
        order__sales_channel_id=store.pk,
        order__status=Status.READY_TO_SHIP,
        order__pickup=False,
    )
    waiting = list(rows.select_related("order__sales_channel").order_by("id")[:LABELS_AT_ONCE])
    if not waiting:
        return 0
    with _table(store) as table:
        return sum(_ready(table, parcel) for parcel in waiting)


def _told_with_another(*, one_status: bool) -> Q:
    if one_status:
        parts = Order.objects.filter(split_from=OuterRef("order_id"))  # house: seller the parcel's own order
        return Q(order__split_from__isnull=False) | Q(Exists(parts))
    waits = StatusDebt.objects.filter(sent_at=None, error_code=WAITS_FOR_PART)  # house: seller the parcel's own order
    return Q(Exists(waits.filter(order_id=OuterRef("order_id"))))


def _ready(table: Table, parcel: Shipment) -> bool:
    """Number the parcel if it has none, and say that its label may be printed; whether it may."""
    if _waits(parcel) and not _number(table, parcel) and not _has_carrier(parcel):
        return False
    try:
        return make_label(seller_id=parcel.seller_id, shipment_id=parcel.pk, actor=SYSTEM)
    except ShipmentClosed:
        return False


def _has_carrier(parcel: Shipment) -> bool:
    """A carrier that gives no ranges: its number comes by hand, the label can go ahead."""
    parcel.refresh_from_db(fields=["carrier_ref"])
    carrier = parcel.carrier_ref
    if carrier is not None and carrier.plugin:
        return False
    return carrier is not None and not WaybillRange.objects.filter(seller_id=parcel.seller_id, carrier=carrier).exists()


# --------------------------------------------------------------------------- what a person is told


def watch_numbers(*, seller_id: int, carrier_id: int, actor: Actor) -> int:
    """Say when a carrier's numbers run low or are over, and take it back when there are enough; how many are left."""
    carrier = Carrier.objects.get(seller_id=seller_id, pk=carrier_id)
    rows = WaybillRange.objects.filter(seller_id=seller_id, carrier=carrier, closed=False)
    left = rows.aggregate(left=Sum(F("last") - F("next") + 1))["left"] or 0
    had = WaybillRange.objects.filter(seller_id=seller_id, carrier=carrier).exists()
    code = "" if not had or left > carrier.low_at else WAYBILLS_LOW if left else WAYBILLS_EMPTY
    over = [one for one in (WAYBILLS_LOW, WAYBILLS_EMPTY) if one != code]
    resolve_problems(seller_id=seller_id, object_type="carrier", object_id=carrier_id, codes=over, actor=actor)
    if code:
        open_problem(
            seller_id=seller_id,
            store_id=None,
            code=code,
            object_type="carrier",
            object_id=carrier_id,
            fields={"carrier": carrier.name, "left": left},
            lasting=True,
        )
    return int(left)


def _no_carrier(store: Store, order: Order) -> None:
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code=NO_CARRIER,
        object_type="order",
        object_id=order.pk,
        fields={"number": order.number, "store": store.sales_channel.name},
        lasting=True,
    )


def _settle(store: Store, order: Order) -> None:
    resolve_problems(
        seller_id=store.seller_id, object_type="order", object_id=order.pk, codes=[NO_CARRIER], actor=SYSTEM
    )


def wake_shipping(*, seller_id: int) -> None:
    """Parcels that waited for a carrier or a number are looked at now. After carriers, rules or ranges changed."""
    for store in Store.objects.filter(seller_id=seller_id, state=Store.State.LIVE).order_by("pk"):
        if decides(store):
            engine.wake("push_statuses", store.pk)
