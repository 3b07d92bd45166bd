"""Telling the shop what became of an order, through the shop's own order model."""

from collections.abc import Sequence
from typing import Any

from entrepot.connectors.contract import ChannelCarrier, ShipmentWrite, StatusWrite, WriteAnswer
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.errors import GoneFromShop, UnknownStatus
from entrepot.connectors.opencart.session import ShopSession

CANCELED_STATUS = "7"


class OpenCartStatuses:
    """Order statuses, as history rows: stock, mails and coupons move in the shop as they do by hand."""

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def tell(self, write: StatusWrite) -> WriteAnswer:
        """Write a status; a repeat of the key answers the first result.

        Raises:
            UnknownStatus: The shop has no such status; OpenCart would take it, and put stock back (case 12).
            GoneFromShop: The order was deleted there.
            Conflict: The order is not in `expected_status_id`, or the key was used with other contents.
        """
        answer = self._session.client.post("order_history", history_body(self._session, write))
        made = self._session.decode(answer, wire.HistoryMade, "order_history")
        return WriteAnswer(remote_id=str(made.order_history_id or ""), repeated=made.repeated)


class OpenCartCancellations:
    """Cancelling for the seller; setting `canceled_status_id` names the status when the write does not."""

    def __init__(self, session: ShopSession) -> None:
        self._session = session
        self._statuses = OpenCartStatuses(session)

    def cancel(self, write: StatusWrite) -> WriteAnswer:
        """Write the canceled status; the shop puts its stock back once (case 11)."""
        chosen = write.status_id or str(
            self._session.surroundings.settings.get("canceled_status_id") or CANCELED_STATUS
        )
        return self._statuses.tell(
            StatusWrite(
                key=write.key,
                order_id=write.order_id,
                status_id=chosen,
                comment=write.comment,
                notify=write.notify,
                expected_status_id=write.expected_status_id,
            )
        )


class OpenCartShipments:
    """Tracking numbers: kept in the bridge's own table and told to the buyer as a comment."""

    moves_orders = False
    needs_tracking = False

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def ship(self, write: ShipmentWrite) -> WriteAnswer:
        """Tell a parcel, and the status in the same step where one is given.

        Raises:
            UnknownStatus: The shop has no such status.
            GoneFromShop: The order was deleted there.
        """
        answer = self._session.client.post("shipment", shipment_body(self._session, write))
        made = self._session.decode(answer, wire.ShipmentMade, "shipment")
        return WriteAnswer(remote_id=str(made.shipment_id or ""), repeated=made.repeated)

    def carriers(self) -> Sequence[ChannelCarrier]:
        """OpenCart knows no carriers: any name will do."""
        return ()


def history_body(session: ShopSession, write: StatusWrite) -> dict[str, Any]:
    """A status as the bridge takes it.

    Raises:
        UnknownStatus: The shop has no such status.
        GoneFromShop: It is no order of this shop.
    """
    return {
        "key": write.key,
        "order_id": order_number(write.order_id),
        "order_status_id": known_status(session, write.status_id),
        "comment": write.comment,
        "notify": write.notify,
        "expect_status": int(write.expected_status_id) if write.expected_status_id else None,
    }


def shipment_body(session: ShopSession, write: ShipmentWrite) -> dict[str, Any]:
    """A parcel as the bridge takes it.

    Raises:
        UnknownStatus: The shop has no such status.
        GoneFromShop: It is no order of this shop.
    """
    return {
        "key": write.key,
        "order_id": order_number(write.order_id),
        "carrier": write.carrier,
        "tracking_number": write.tracking_number,
        "tracking_url": write.tracking_url or None,
        "order_status_id": known_status(session, write.status_id) if write.status_id else None,
        "comment": write.comment or None,
        "notify": write.notify,
    }


def order_number(remote_id: str) -> int:
    """The order id as the shop keeps it.

    Raises:
        GoneFromShop: It is no id of this shop.
    """
    if not remote_id.isdigit():
        raise GoneFromShop(thing=f"order {remote_id}")
    return int(remote_id)


def known_status(session: ShopSession, status_id: str) -> int:
    """The status id, if the shop has it now; a status made since the shop was last asked is looked for once.

    Raises:
        UnknownStatus: There is none.
    """
    number = int(status_id) if status_id.isdigit() else 0
    if number not in session.facts().status_ids:
        session.info()
    if number not in session.facts().status_ids:
        raise UnknownStatus(status_id=status_id)
    return number
