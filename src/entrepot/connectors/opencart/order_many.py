"""Statuses and parcels of many orders in one call; one after the other in a shop whose bridge is older than that."""

from collections.abc import Sequence
from typing import Any

from entrepot.connectors.contract import ShipmentWrite, StatusWrite, WriteAnswer
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.errors import ShopFailed
from entrepot.connectors.opencart.order_sinks import (
    OpenCartShipments,
    OpenCartStatuses,
    history_body,
    shipment_body,
)
from entrepot.connectors.opencart.session import ShopSession
from entrepot.kernel.errors import ChannelError, ChannelRejected

RESOURCE = "order_writes"
NOT_REACHED = "not_reached"
"""The bridge's word for a write it had no time left for: to be sent again."""
AT_ONCE = 50
"""A real shop needs 10 to 35 ms for a status, more with mail or add-ons: a call stays below a few seconds."""

Write = StatusWrite | ShipmentWrite
Told = WriteAnswer | ChannelError


class _Answer(wire.ItemAnswer):
    order_history_id: wire.Number = None
    shipment_id: wire.Number = None
    repeated: bool = False


class OpenCartMany:
    """As many writes in a call as the shop's bridge says it takes, at most 50."""

    batch_size = AT_ONCE

    def __init__(self, session: ShopSession) -> None:
        self._session = session
        self._statuses, self._shipments = OpenCartStatuses(session), OpenCartShipments(session)

    def tell_many(self, writes: Sequence[Write]) -> Sequence[Told]:
        """Do each in the order given. An order that the shop fails at is answered with ShopFailed and stops no other.

        Raises:
            ChannelError: The shop cannot be talked to, or failed at every one.
        """
        at_once = min(self._session.facts().order_writes_at_once, AT_ONCE)
        if at_once < 1:
            return [self._alone(write) for write in writes]
        answers: dict[int, Told] = {}
        bodies: dict[int, dict[str, Any]] = {}
        for number, write in enumerate(writes):
            try:
                bodies[number] = self._body(write)
            except ChannelRejected as refusal:
                answers[number] = refusal
        while waiting := [number for number in bodies if number not in answers]:
            answers |= self._sent({number: bodies[number] for number in waiting[:at_once]})
        if answers and all(isinstance(answer, ShopFailed) for answer in answers.values()):
            raise next(answer for answer in answers.values() if isinstance(answer, ShopFailed))
        return [answers[number] for number in range(len(writes))]

    def _alone(self, write: Write) -> Told:
        try:
            return self._statuses.tell(write) if isinstance(write, StatusWrite) else self._shipments.ship(write)
        except ChannelRejected as refusal:
            return refusal

    def _body(self, write: Write) -> dict[str, Any]:
        if isinstance(write, StatusWrite):
            return {"write": "order_history", **history_body(self._session, write)}
        return {"write": "shipment", **shipment_body(self._session, write)}

    def _sent(self, bodies: dict[int, dict[str, Any]]) -> dict[int, Told]:
        """What the shop answers to these; those it had no time for are left out. At least one is always answered."""
        items = [{"ref": str(number)} | body for number, body in bodies.items()]
        try:
            answer = self._session.client.post(RESOURCE, {"items": items})
        except ShopFailed as failure:
            return self._one_by_one(bodies, failure)
        rows = {row.ref: row for row in self._session.decode(answer, list[_Answer], RESOURCE)}
        told: dict[int, Told] = {}
        for number, body in bodies.items():
            row = rows.get(str(number))
            if row is None or (row.error is not None and row.error.code == NOT_REACHED):
                continue
            told[number] = self._told(row, str(body["write"]))
        if not told:
            raise self._session.client.shape_error(RESOURCE, "$.data", "no answer for any item")
        return told

    def _one_by_one(self, bodies: dict[int, dict[str, Any]], failure: ShopFailed) -> dict[int, Told]:
        """The shop ended the whole request over one of them: each alone, so that only that one has failed."""
        if len(bodies) == 1:
            return dict.fromkeys(bodies, failure)
        told: dict[int, Told] = {}
        for number, body in bodies.items():
            told |= self._sent({number: body})
        return told

    def _told(self, row: _Answer, resource: str) -> Told:
        if row.ok:
            made = row.shipment_id if resource == "shipment" else row.order_history_id
            return WriteAnswer(remote_id=str(made or ""), repeated=row.repeated)
        return self._session.client.item_error(resource, row.error)
