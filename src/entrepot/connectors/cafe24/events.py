"""Webhooks of a mall: who may be believed, and what they are about.

They carry no signature: the header `X-API-Key` holds the key that the Developer Center shows to the app's owner. Their
addresses are entered there by hand as well.
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from entrepot.connectors.cafe24.event_words import (
    ORDER_EVENTS,
    PRODUCT_EVENTS,
    REVOKED_EVENTS,
    event_number,
    listed,
    resource_of,
)
from entrepot.connectors.cafe24.order_errors import EventUnreadable
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.values import text
from entrepot.connectors.contract import ChannelEvent, SenderNotBelieved

KEY_HEADER, TRACE_HEADER = "x-api-key", "x-trace-id"
EventKind = Literal["order", "product", "revoked", "other"]


class Cafe24Events:
    """Hints that something moved. They say nothing of items, so what they name is read anew."""

    set_by_hand = True

    def __init__(self, session: MallSession, key: str) -> None:
        self._session = session
        self._key = key.strip()

    def register(self, url: str | None) -> None:
        """Nothing: the app's owner enters the address in the Developer Center."""

    def receive(self, *, target: str, headers: Mapping[str, str], body: bytes) -> Sequence[ChannelEvent]:
        """Read an event; one that names several orders or products (joined by commas) is as many.

        Raises:
            SenderNotBelieved: The key is not ours, or we have none.
            EventUnreadable: The key is right, but this is no event.
        """
        del target  # one address serves all events of the app
        given = {name.lower(): value for name, value in headers.items()}
        mall_id = self._session.client.mall_id
        if not self._key or not hmac.compare_digest(given.get(KEY_HEADER, "").encode(), self._key.encode()):
            raise SenderNotBelieved(name=mall_id)
        try:
            stated = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as broken:
            raise EventUnreadable(str(broken), mall_id=mall_id) from broken
        if not isinstance(stated, dict) or not event_number(stated):
            raise EventUnreadable("no event_no", mall_id=mall_id)
        shop_no = self._session.client.shop_no
        return _events(stated, mall_id=mall_id, shop_no=shop_no, trace_id=given.get(TRACE_HEADER, "").strip())


def _events(stated: Mapping[str, Any], *, mall_id: str, shop_no: int, trace_id: str) -> Sequence[ChannelEvent]:
    """`shop_no` is ours: an event that names no shop of our mall concerns all of them (90075)."""
    number, resource = event_number(stated), resource_of(stated)
    kind, ids = _about(number, resource)
    mall = text(resource.get("mall_id")) or mall_id
    unnamed = shop_no if mall == mall_id else 1
    identity = f"{mall}/{text(resource.get('event_shop_no')) or unnamed}"
    remote_id = f"{number}:{trace_id}" if trace_id else str(number)
    return [ChannelEvent(remote_id=remote_id, kind=kind, object_id=name, identity=identity) for name in ids or ("",)]


def _about(number: int, resource: Mapping[str, Any]) -> tuple[EventKind, Sequence[str]]:
    """The kind, and the ids it names; an order's or product's event without any is of no use."""
    if number in REVOKED_EVENTS:
        return "revoked", ()
    if number in ORDER_EVENTS and (ids := listed(resource.get("order_id"))):
        return "order", ids
    if number in PRODUCT_EVENTS and (ids := listed(resource.get("product_no"))):
        return "product", ids
    return "other", ()
