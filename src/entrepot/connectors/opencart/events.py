"""Events the shop pushes: registering our address, and believing only what is signed."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from entrepot.connectors.contract import ChannelEvent
from entrepot.connectors.opencart import signing, wire_events
from entrepot.connectors.opencart.answers import clock_fields
from entrepot.connectors.opencart.errors import PushClockSkew, PushRefused, PushReplayed, PushUnreadable
from entrepot.connectors.opencart.rows import mismatch_path
from entrepot.connectors.opencart.session import ShopSession


class OpenCartEvents:
    """Hints that something moved; orders by cursor remain the truth."""

    set_by_hand = False

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def register(self, url: str | None) -> None:
        """Set the address the shop pushes to; None stops it."""
        self._session.client.post("webhook", {"url": url})

    def receive(self, *, target: str, headers: Mapping[str, str], body: bytes) -> Sequence[ChannelEvent]:
        """Read a pushed request.

        Raises:
            PushRefused: It is not signed with this store's key.
            PushClockSkew: It is signed, but at another time than ours.
            PushReplayed: It was received before.
            PushUnreadable: It is signed, but not what the protocol says.
        """
        client = self._session.client
        request = signing.Signable("POST", target, body)
        match signing.fault(client.secret, request, headers=headers, now=client.now()):
            case "unsigned" | "bad_signature":
                raise PushRefused(address=client.address)
            case "clock_skew":
                raise PushClockSkew(**clock_fields(float(signing.timestamp_of(headers)), client.now()))
        if self._session.surroundings.seen_nonce(signing.nonce_of(headers)):
            raise PushReplayed(address=client.address)
        try:
            batch = msgspec.json.decode(body, type=wire_events.EventBatch, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as mismatch:
            path = mismatch_path(mismatch) if isinstance(mismatch, msgspec.DecodeError) else "$"
            raise PushUnreadable(str(mismatch), address=client.address, path=path) from mismatch
        return [_event(row) for row in batch.events]


def _event(row: wire_events.EventRow) -> ChannelEvent:
    kind: Literal["order", "product", "ping", "other"] = "other"
    match row.kind.split(".")[0]:
        case "order":
            kind = "order"
        case "product":
            kind = "product"
        case "ping":
            kind = "ping"
    return ChannelEvent(
        remote_id=str(row.event_id),
        kind=kind,
        object_id="" if row.object_id is None else str(row.object_id),
        own=row.origin == "oms",
    )
