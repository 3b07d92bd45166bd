"""Telling a store of a parcel: packed, handed over, delivered; with carrier and number."""

from datetime import timedelta

from django.utils import timezone

from entrepot.channels.errors import NoSuchPart
from entrepot.channels.models import StatusDebt, Store
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.debts import (
    ASK_AGAIN,
    MOVING,
    STOPPED,
    TRACKING_MISSING,
    carrier_of,
    close,
    has_number,
    key_of,
    number_key,
)
from entrepot.connectors.contract import Connector, ShipmentWrite, WriteAnswer
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.actor import SYSTEM
from entrepot.orders.flow import LEFT

LOOK_AGAIN = timedelta(minutes=10)
"""A stopped parcel is due again when its order goes on; this is only the net below."""


def parcel_is_over(store: Store, *, debt: StatusDebt) -> bool:
    """Whether this version of a parcel is not to be told (now): void, changed since, known there, or stopped.

    That the store has refused it before is then nobody's problem any more.
    """
    if not _is_over(store, debt):
        return False
    resolve_problems(
        seller_id=debt.seller_id,
        object_type="order",
        object_id=debt.order_id,
        codes=["status_refused"],
        actor=SYSTEM,
    )
    return True


def _is_over(store: Store, debt: StatusDebt) -> bool:
    parcel = Shipment.objects.filter(pk=debt.payload["parcel"], seller_id=store.seller_id).first()
    if parcel is None or parcel.state == Shipment.State.VOID or _changed(debt, parcel):
        close(debt)
        return True
    if parcel.told_version >= debt.payload["version"]:
        close(debt, why="")
        return True
    if debt.order.status in LEFT - set(MOVING):
        close(debt)
        return True
    if debt.order.status not in MOVING:
        _wait(debt, STOPPED, LOOK_AGAIN)
        return True
    if debt.error_code == TRACKING_MISSING and not has_number(store, parcel=parcel):
        _wait(debt, TRACKING_MISSING, ASK_AGAIN)
        return True
    return False


def _changed(debt: StatusDebt, parcel: Shipment) -> bool:
    """Told as it was, a parcel would turn back; and a number that was corrected meanwhile would be told twice."""
    return debt.key not in {key_of(parcel), number_key(parcel)}


def _wait(debt: StatusDebt, code: str, pause: timedelta) -> None:
    debt.next_try_at, debt.error_code = timezone.now() + pause, code
    debt.save(update_fields=["next_try_at", "error_code"])


def tell_parcel(store: Store, connector: Connector, debt: StatusDebt) -> WriteAnswer:  # noqa: D103 # house: verb-signature one way of telling, called through a table
    if connector.shipments is None:
        raise NoSuchPart(part="shipments")
    parcel = Shipment.objects.get(pk=debt.payload["parcel"], seller_id=store.seller_id)
    lines = parcel.lines.select_related("order_line").order_by("order_line__position")
    return connector.shipments.ship(
        ShipmentWrite(
            key=debt.key,
            order_id=debt.order.remote_id,
            carrier=carrier_of(store, parcel=parcel) or parcel.carrier_name,
            tracking_number=parcel.tracking_number,
            tracking_url=parcel.tracking_url,
            state=debt.payload["state"],
            remote_id=parcel.remote_id,
            line_ids=[line.order_line.remote_id for line in lines],
        )
    )
