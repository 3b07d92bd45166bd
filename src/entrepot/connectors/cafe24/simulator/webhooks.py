"""What the mall tells the app by itself (reference §6): each event one POST, retried, and every attempt in the logs.

    server.webhooks.address = "https://…"      where; None = the owner has entered none, nothing is sent
    server.webhooks.key = "…"                  sent as X-API-Key
    server.webhooks.disturb("duplicate")       trouble for the next events; see DISTURBANCES
    server.webhooks.wait(3)                    until three events were taken by the receiver

ROUTES answers /webhooks/setting and /webhooks/logs.
"""

import contextlib
import heapq
import http.client
import itertools
import secrets
import string
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, encode, ok, unprocessable
from entrepot.connectors.cafe24.simulator.clock import stamp
from entrepot.connectors.cafe24.simulator.routes import Route
from entrepot.connectors.cafe24.simulator.webhook_bodies import BULK_EVENTS, ORDER_EVENTS

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

APP_DELETED = 90077
MOST_LOGS = 10000
_OK = range(200, 300)
_ID_LETTERS, _ID_LENGTH = string.ascii_letters + string.digits, 20
_LONGEST_ANSWER = 500
_BULK_OF = {ORDER_EVENTS[name]: number for name, number in BULK_EVENTS.items()}

DISTURBANCES = {
    "duplicate": "the event comes twice",
    "out_of_order": "the event comes after the next one",
    "string_event_no": 'event_no is text: "90023"',
    "bare": "the resource's keys stand beside event_no, without the wrapper",
    "wrong_key": "X-API-Key is not the app's",
    "lost": "the event is never sent; the logs show it with success F",
    "slow": "the event comes `seconds` later",
    "bulk": "`times` events of a kind that has a bulk event come as one, ids joined by commas",
}


@dataclass(slots=True)
class _Disturbance:
    kind: str
    times: int
    seconds: float
    event_no: int | None
    held: list["_Delivery"] = field(default_factory=list)


@dataclass(slots=True)
class _Delivery:
    event_no: int
    body: Row
    wrong_key: bool = False
    lost: bool = False
    tries: int = 0
    trace_id: str = field(default_factory=lambda: str(uuid4()))


class WebhookSender:
    """Sends events from a thread of its own, in the order they happened unless disturbed."""

    def __init__(self, mall: "Mall") -> None:
        self.mall = mall
        self.address: str | None = None
        self.key = "simulated-webhook-key"
        self.timeout = 5.0
        self.first_pause, self.most_tries = 1.0, 4
        self.installed: Callable[[], bool] = lambda: True
        self.sent = self.failures = 0
        self._disturbances: list[_Disturbance] = []
        self._queue: list[tuple[float, int, _Delivery]] = []
        self._numbers = itertools.count()
        self._moved = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None
        mall.hearers.append(self.hear)
        mall.orders.sender = self

    # ------------------------------------------------------------------ running

    def start(self) -> None:
        """Begin to send."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        with self._moved:
            self._stopping = True
            self._moved.notify_all()
        if self._thread:
            self._thread.join(2)
        with contextlib.suppress(ValueError):
            self.mall.hearers.remove(self.hear)

    def wait(self, count: int, timeout: float = 5.0) -> bool:
        """Wait until the receiver has taken that many events in all."""
        with self._moved:
            return self._moved.wait_for(lambda: self.sent >= count, timeout)

    def wait_idle(self, timeout: float = 5.0) -> bool:
        """Wait until nothing is left to send."""
        with self._moved:
            return self._moved.wait_for(lambda: not self._queue, timeout)

    def disturb(self, kind: str, *, times: int = 1, seconds: float = 1.0, event_no: int | None = None) -> None:
        """Order trouble for the next `times` events, or those of one number.

        Raises:
            ValueError: No such kind.
        """
        if kind not in DISTURBANCES:
            raise ValueError(f"no disturbance {kind!r}; there are {', '.join(DISTURBANCES)}")
        with self._moved:
            self._disturbances.append(_Disturbance(kind, times, seconds, event_no))

    # ------------------------------------------------------------------ hearing

    def hear(self, event_no: int, resource: Row) -> None:
        """Something has happened in the mall."""
        if self.address is None or not self.mall.orders.reception:
            return
        if event_no != APP_DELETED and not self.installed():
            return
        with self._moved:
            self._disturbed(_Delivery(event_no, {"event_no": event_no, "resource": resource}))
            self._moved.notify_all()

    def _disturbed(self, delivery: _Delivery) -> None:
        order = next((one for one in self._disturbances if one.event_no in {None, delivery.event_no}), None)
        if order is None or (order.kind == "bulk" and delivery.event_no not in _BULK_OF):
            self._line_up(delivery)
            return
        order.times -= 1
        if order.times <= 0 and order.kind != "out_of_order":
            self._disturbances.remove(order)
        match order.kind:
            case "duplicate":
                self._line_up(delivery)
                self._line_up(_Delivery(delivery.event_no, delivery.body))
            case "string_event_no":
                delivery.body["event_no"] = str(delivery.event_no)
                self._line_up(delivery)
            case "bare":
                delivery.body = {"event_no": delivery.event_no, **delivery.body["resource"]}
                self._line_up(delivery)
            case "wrong_key":
                delivery.wrong_key = True
                self._line_up(delivery)
            case "slow":
                self._line_up(delivery, order.seconds)
            case "lost":
                delivery.lost = True
                self._line_up(delivery)
            case _:
                self._hold(order, delivery)

    def _hold(self, order: _Disturbance, delivery: _Delivery) -> None:
        """Keep an event back until its turn: behind the next one, or with the others of a bulk."""
        if order.kind == "out_of_order":
            if order.held:
                self._disturbances.remove(order)
                self._line_up(delivery)
                self._line_up(order.held.pop())
            else:
                order.held.append(delivery)
            return
        order.held.append(delivery)
        if order.times > 0:
            return
        ids = [one.body["resource"]["order_id"] for one in order.held]
        last = delivery.body["resource"]
        row = {name: last[name] for name in ("mall_id", "event_shop_no")} | {"order_id": ",".join(dict.fromkeys(ids))}
        number = _BULK_OF[delivery.event_no]
        self._line_up(_Delivery(number, {"event_no": number, "resource": row}))

    def _line_up(self, delivery: _Delivery, seconds: float = 0.0) -> None:
        heapq.heappush(self._queue, (time.monotonic() + seconds, next(self._numbers), delivery))

    # ------------------------------------------------------------------ sending

    def _run(self) -> None:
        while True:
            with self._moved:
                while not self._stopping and (not self._queue or self._queue[0][0] > time.monotonic()):
                    self._moved.wait(self._queue[0][0] - time.monotonic() if self._queue else None)
                if self._stopping:
                    return
                delivery = self._queue[0][2]
            taken = self._deliver(delivery)
            with self._moved:
                self._queue = [entry for entry in self._queue if entry[2] is not delivery]
                heapq.heapify(self._queue)
                self.sent += taken
                self.failures += not taken
                if not taken and not delivery.lost and delivery.tries < self.most_tries:
                    self._line_up(delivery, self.first_pause * 2 ** (delivery.tries - 1))
                self._moved.notify_all()

    def _deliver(self, delivery: _Delivery) -> bool:
        delivery.tries += 1
        address, body = self.address or "", encode(delivery.body)
        moment = stamp(self.mall.clock.now())
        status, text = (None, "") if delivery.lost else self._post(address, body, delivery)
        taken = status in _OK if status else False
        row = {
            "log_id": "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH)),
            "log_type": "G" if delivery.tries == 1 else "R",
            "event_no": delivery.event_no,
            "mall_id": self.mall.mall_id,
            "trace_id": delivery.trace_id,
            "requested_time": moment,
            "request_endpoint": address,
            "request_body": body.decode(),
            "success": "T" if taken else "F",
            "response_http_code": status,
            "response_body": text,
        }
        with self.mall.lock:
            self.mall.orders.webhook_logs.append(row)
        return taken

    def _post(self, address: str, body: bytes, delivery: _Delivery) -> tuple[int | None, str]:
        parts = urlsplit(address)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/json",
            "X-API-Key": "not-the-key" if delivery.wrong_key else self.key,
            "X-Trace-Id": delivery.trace_id,
        }
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_LONGEST_ANSWER).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            return None, type(error).__name__
        finally:
            connection.close()


# ------------------------------------------------------------------ the API


def _setting(mall: "Mall", ask: Ask) -> Row:
    return {"scopes": sorted(ask.scopes), "reception_status": "T" if mall.orders.reception else "F"}


def webhook_setting(mall: "Mall", ask: Ask) -> Answer:
    """What the app may hear of."""
    return ok({"webhook": _setting(mall, ask)})


def set_webhook_reception(mall: "Mall", ask: Ask) -> Answer:
    """Turn the events off and on."""
    status = ask.request.get("reception_status")
    if status not in {"T", "F"}:
        raise unprocessable("Invalid value.", "reception_status")
    mall.orders.reception = status == "T"
    return ok({"webhook": _setting(mall, ask)})


def list_logs(mall: "Mall", ask: Ask) -> Answer:
    """Every attempt, the earliest first; `since_log_id` goes on behind one of them (case 51)."""
    limit = ask.number("limit", 10, least=1, most=MOST_LOGS)
    rows, since = mall.orders.webhook_logs, ask.text("since_log_id")
    if since is not None:
        place = next((number for number, row in enumerate(rows) if row["log_id"] == since), None)
        if place is None:
            raise unprocessable("Invalid value.", "since_log_id")
        rows = rows[place + 1 :]
    dates = ask.dates("requested_start_date", "requested_end_date")
    success, log_type = ask.flag("success"), ask.choice("log_type", ("G", "R", "T"))
    numbers = ask.numbers("event_no")
    found = [
        row
        for row in rows
        if (dates is None or stamp(dates[0]) <= row["requested_time"] <= stamp(dates[1]))
        and success in {None, row["success"]}
        and log_type in {None, row["log_type"]}
        and (not numbers or row["event_no"] in numbers)
    ]
    return ok({"logs": found[:limit]})


ROUTES: Sequence[Route] = (
    Route("GET", "/webhooks/setting", webhook_setting, "read_application"),
    Route("PUT", "/webhooks/setting", set_webhook_reception, "write_application"),
    Route("GET", "/webhooks/logs", list_logs, "read_application"),
)
