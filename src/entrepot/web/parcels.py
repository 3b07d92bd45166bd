"""What packing an order takes: its store's carriers, and whether the store wants a number."""

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.channels.models import RemoteCarrier, Store
from entrepot.channels.opening import opened
from entrepot.channels.queries.told import carriers as carriers_of
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.errors import EntrepotError, Refused
from entrepot.orders.models import Order
from entrepot.web.forms.parcels import ParcelForm, number_form

CHANGEABLE = (Shipment.State.PACKED, Shipment.State.HANDED_OVER)


class NumberNeeded(Refused):
    """The order's store takes "packed" with carrier and number only, so it cannot be packed with many others."""

    code = "number_needed"
    message = (
        "{store} takes an order as packed only with a carrier and a tracking number. Open the order and pack it there."
    )


@dataclass(frozen=True, slots=True)
class Bench:
    """The packing table as an order's store sees it."""

    carriers: Sequence[RemoteCarrier]
    needs_number: bool

    def form(self, data: object = None) -> ParcelForm:
        """The form that packs a parcel."""
        form = ParcelForm(data)
        form.offer(self.carriers, needed=self.needs_number)
        return form

    def number_forms(self, parcels: Sequence[Shipment]) -> list[tuple[Shipment, ParcelForm]]:
        """For each parcel whose number may still change, its form."""
        return [
            (one, number_form(one, self.carriers, needed=self.needs_number))
            for one in parcels
            if one.state in CHANGEABLE
        ]

    def tracking_url(self, carrier: str, number: str) -> str:
        """Where the parcel can be followed, if the store's carrier says so."""
        pattern = next((row.tracking_url for row in self.carriers if row.remote_id == carrier), "")
        return pattern.replace("{number}", number) if number and "{number}" in pattern else ""


def bench_of(order: Order) -> Bench:
    """The packing table for one order. An order that is picked up needs no number."""
    store = Store.objects.filter(seller_id=order.seller_id, pk=order.sales_channel_id).first()
    if store is None:
        return Bench((), needs_number=False)
    listed = carriers_of(seller_id=order.seller_id, store_id=store.pk)
    return Bench(listed, needs_number=not order.pickup and wants_number(store))


def wants_number(store: Store) -> bool:
    """Whether the store takes "packed" with a number only; asked of its connector, without a call."""
    try:
        with opened(store) as connector:
            return connector.shipments is not None and connector.shipments.needs_tracking
    except EntrepotError:
        return False


def refuse_without_number(order: Order) -> None:
    """For packing many at once.

    Raises:
        NumberNeeded: This order's store wants a number.
    """
    if bench_of(order).needs_number:
        raise NumberNeeded(store=order.sales_channel.name)
