"""What is told together: how many debts at once, and what is looked up for all of them in one go, as it is then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Prefetch

from entrepot.channels.models import StatusDebt, StatusMapping, Store
from entrepot.channels.services.debts import PARCEL, STATUS
from entrepot.connectors.contract import Connector
from entrepot.fulfilment.models import Shipment, ShipmentLine
from entrepot.orders.models import Order, OrderLine

Meaning = StatusMapping.Meaning


@dataclass(slots=True)
class Lot:
    """Some debts of a store, their orders with lines, and their parcels, as they are when the lot is made."""

    store: Store
    debts: Sequence[StatusDebt]
    parcels: dict[int, Shipment]
    _statuses: dict[str, str] = field(default_factory=dict)

    def parcel(self, debt: StatusDebt) -> Shipment | None:
        """The parcel a debt speaks of, if it is still there."""
        return self.parcels.get(debt.payload["parcel"])

    def status_for(self, meaning: str) -> str:
        """Which of the store's statuses says this; "" = none of its own, the present one is repeated."""
        if meaning not in self._statuses:
            self._statuses[meaning] = _status_for(self.store, meaning)
        return self._statuses[meaning]


def lots(store: Store, *, debts: Sequence[StatusDebt], connector: Connector) -> Iterator[Lot]:
    """The debts in their order, as many together as the store takes; each lot is looked up when its turn comes."""
    most = connector.many.batch_size if connector.many is not None else 1
    together = partial(_together, connector)
    some: list[StatusDebt] = []
    for debt in debts:
        if some and (len(some) >= most or not together(debt) or not together(some[-1])):
            yield _looked_up(store, some)
            some = []
        some.append(debt)
    if some:
        yield _looked_up(store, some)


def _together(connector: Connector, debt: StatusDebt) -> bool:
    """Cancellations and answers to wishes are told alone: each has its own consequence here."""
    parts = {STATUS: connector.statuses, PARCEL: connector.shipments}
    return parts.get(debt.kind) is not None


def _looked_up(store: Store, debts: Sequence[StatusDebt]) -> Lot:
    lines = Prefetch("lines", OrderLine.objects.filter(order__seller_id=store.seller_id).order_by("position"))
    orders = Order.objects.filter(seller_id=store.seller_id, pk__in={debt.order_id for debt in debts})
    found: dict[int, Any] = {order.pk: order for order in orders.prefetch_related(lines)}
    for debt in debts:
        debt.order = found[debt.order_id]
    ids = [debt.payload["parcel"] for debt in debts if debt.kind == PARCEL]
    return Lot(store, debts, _parcels(store, ids) if ids else {})


def _parcels(store: Store, ids: Sequence[int]) -> dict[int, Shipment]:
    inside = ShipmentLine.objects.filter(shipment__seller_id=store.seller_id).select_related("order_line")
    rows = Shipment.objects.filter(seller_id=store.seller_id, pk__in=ids).select_related("order")
    rows = rows.prefetch_related(Prefetch("lines", inside.order_by("order_line__position")))
    return {parcel.pk: parcel for parcel in rows}


def _status_for(store: Store, meaning: str) -> str:
    """The seller's choice, else the one that keeps the store's stock counted.

    Ready to Ship has none of its own unless the seller chose one: the present status is repeated as a line of history.
    """
    chosen = store.settings.get("status_out", {}).get(meaning)
    if chosen or meaning == Meaning.PROCESSED:
        return str(chosen or "")
    rows = StatusMapping.objects.filter(store=store, meaning=meaning)
    ranked = sorted(rows, key=lambda row: (not row.takes_stock, not row.confirmed, row.remote_id.zfill(12)))
    return ranked[0].remote_id if ranked else ""
