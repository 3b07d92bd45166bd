"""The mall's log of its webhooks: events that did not reach us are found there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from entrepot.connectors.cafe24 import kst
from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.client import Query
from entrepot.connectors.cafe24.errors import AccessRefused, GoneFromMall, RefusedByMall, ScopeMissing
from entrepot.connectors.cafe24.event_words import ORDER_EVENTS, event_number, listed, resource_of
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.values import text, truth, whole

MOST = 1000
LOOK_BACK = timedelta(hours=1)
_CLOSED = (ScopeMissing, AccessRefused, GoneFromMall)


class LogReader:
    """Reads the log. A mall that does not show it (permission missing) is read by dates alone."""

    def __init__(self, session: MallSession) -> None:
        self._session = session

    def newest(self, now: datetime) -> str:
        """The id of the newest entry, "" when there is none."""
        return _last_id(self._rows("", now))

    def lost(self, log_id: str, now: datetime) -> tuple[list[str], str]:
        """Ids of orders of which the mall could not tell us since that entry, and the newest entry's id."""
        rows = self._rows(log_id, now)
        ids: dict[str, None] = {}
        for row in rows:
            if not truth(row.success) and (whole(row.event_no) or 0) in ORDER_EVENTS:
                ids |= dict.fromkeys(self._orders_of(row))
        return list(ids), _last_id(rows) or log_id

    def _rows(self, log_id: str, now: datetime) -> Sequence[wire.LogRow]:
        recent: Query = {
            "requested_start_date": kst.written(now - LOOK_BACK)[:19].replace("T", " "),
            "requested_end_date": kst.written(now + LOOK_BACK)[:19].replace("T", " "),
        }
        try:
            return self._asked({"since_log_id": log_id} if log_id else recent)
        except RefusedByMall:  # the log no longer knows the entry
            return self._asked(recent) if log_id else ()
        except _CLOSED:
            return ()

    def _asked(self, query: Query) -> Sequence[wire.LogRow]:
        answer = self._session.client.get("webhooks/logs", {**query, "limit": MOST})
        rows, _ = decoded_rows(answer.rows("logs"), wire.LogRow)
        return sorted(rows, key=lambda row: text(row.requested_time))

    def _orders_of(self, row: wire.LogRow) -> Sequence[str]:
        body = _body(row.request_body)
        resource = resource_of(body)
        ours = text(resource.get("event_shop_no")) or "1"
        if event_number(body) not in ORDER_EVENTS or ours != str(self._session.client.shop_no):
            return ()
        return listed(resource.get("order_id"))


def _last_id(rows: Sequence[wire.LogRow]) -> str:
    return text(rows[-1].log_id) if rows else ""


def _body(stated: object) -> dict[str, Any]:
    """The event as it was sent; the log keeps it as text."""
    if isinstance(stated, str):
        try:
            stated = msgspec.json.decode(stated)
        except msgspec.DecodeError:
            return {}
    return stated if isinstance(stated, dict) else {}
