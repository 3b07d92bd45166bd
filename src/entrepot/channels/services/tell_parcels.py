"""Telling a store of a parcel: packed, handed over, delivered; with carrier and number."""

from datetime import timedelta

from django.utils import timezone

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
from entrepot.channels.services.intake_apply import PROGRESS
from entrepot.channels.services.shipping import WAITS_FOR_PART
from entrepot.channels.services.tell_parts import lines_told, wake_parts
from entrepot.connectors.contract import ShipmentWrite
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.actor import SYSTEM
from entrepot.orders.flow import LEFT
from entrepot.orders.parts import family, known_as, root_of

LOOK_AGAIN = timedelta(minutes=10)
"""A stopped parcel is due again when its order goes on; this is only the net below."""


def parcel_is_over(store: Store, *, debt: StatusDebt, parcel: Shipment | None) -> bool:
    """Whether this version of a parcel is not to be told (now): void, changed since, known there, or stopped.

    That the store has refused it before is then nobody's problem any more.
    """
    if not _is_over(store, debt, parcel):
        return False
    resolve_problems(
        seller_id=debt.seller_id,
        object_type="order",
        object_id=debt.order_id,
        codes=["status_refused"],
        actor=SYSTEM,
    )
    return True


def _is_over(store: Store, debt: StatusDebt, parcel: Shipment | None) -> bool:
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
    return _speaks_for_another(debt, parcel) if _is_part(debt) else False


def _is_part(debt: StatusDebt) -> bool:
    """Whether it is told of some lines of an order that was split here; a number beside a status is told as it is."""
    return debt.key.startswith("parcel:") and len(family(debt.seller_id, root_of(debt.order))) > 1


def _speaks_for_another(debt: StatusDebt, parcel: Shipment) -> bool:
    said = lines_told(parcel, progress=PROGRESS[debt.payload["meaning"]])
    if said.waits:
        _wait(debt, WAITS_FOR_PART, LOOK_AGAIN)
        return True
    wake_parts(debt.order)
    if said.over:
        close(debt, why="")
        known = {"seller_id": debt.seller_id, "shipment_id": parcel.pk, "version": debt.payload["version"]}
        fulfilment.note_told(**known, remote_id="", actor=SYSTEM)
    return said.over


def _changed(debt: StatusDebt, parcel: Shipment) -> bool:
    """Told as it was, a parcel would turn back; and a number that was corrected meanwhile would be told twice."""
    return debt.key not in {key_of(parcel), number_key(parcel)}


def _wait(debt: StatusDebt, code: str, pause: timedelta) -> None:
    debt.next_try_at, debt.error_code = timezone.now() + pause, code
    debt.save(update_fields=["next_try_at", "error_code"])


def parcel_write(store: Store, *, debt: StatusDebt, parcel: Shipment) -> ShipmentWrite:
    """A parcel as its store is told of it."""
    return ShipmentWrite(
        key=debt.key,
        order_id=known_as(debt.order),
        carrier=carrier_of(store, parcel=parcel) or parcel.carrier_name,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
        state=debt.payload["state"],
        remote_id=parcel.remote_id,
        line_ids=_lines(debt, parcel),
    )


def _lines(debt: StatusDebt, parcel: Shipment) -> list[str]:
    if _is_part(debt):
        return list(lines_told(parcel, progress=PROGRESS[debt.payload["meaning"]]).line_ids)
    return [line.order_line.remote_id for line in parcel.lines.all()]
