"""Pushes the outbox to Entrepot as §6 says: after the response, signed, short time-out, doubling pauses."""

import http.client
import secrets
import threading
import time
from urllib.parse import urlsplit

from entrepot.connectors.opencart.simulator.rows import Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.wire.answers import Answer, encode
from entrepot.connectors.opencart.simulator.wire.gate import signature

TOTAL_TIMEOUT = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 3600.0
MOST_EVENTS = 1000


class WebhookSender:
    """A thread that sends what is pending in one request each time something happened."""

    def __init__(self, shop: Shop, secret: str) -> None:
        self.shop, self.secret = shop, secret
        self.first_pause = FIRST_PAUSE
        self.sent = 0
        self.failures = 0
        self._awake = threading.Event()
        self._stop = threading.Event()
        self._not_before = 0.0
        self._pause = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        shop.listeners.append(self._awake.set)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is pending stays in the outbox."""
        self._stop.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def _run(self) -> None:
        while not self._stop.is_set():
            wait = self._not_before - time.monotonic() if self._pause else None
            self._awake.wait(wait if wait is None else max(wait, 0.0))
            self._awake.clear()
            if self._stop.is_set() or time.monotonic() < self._not_before:
                self._sleep_out()
                continue
            while not self._stop.is_set() and self._send_pending():
                pass

    def _sleep_out(self) -> None:
        """Wait for the end of a pause without being woken by each new event."""
        deadline = self._not_before
        while not self._stop.is_set() and time.monotonic() < deadline:
            time.sleep(min(0.05, max(deadline - time.monotonic(), 0.0)))
        self._awake.set()

    def _send_pending(self) -> bool:
        """Send one batch; True when more may be waiting."""
        with self.shop.lock:
            webhook = self.shop.tables.webhook
            url = webhook.url
            waiting = [row for row in self.shop.tables.events if row["event_id"] > webhook.delivered]
        if url is None or not waiting:
            return False
        batch = waiting[:MOST_EVENTS]
        problem = self._post(url, batch)
        with self.shop.lock:
            webhook.last_error = problem
            if problem is None:
                webhook.delivered = max(webhook.delivered, batch[-1]["event_id"])
        self._settle(failed=problem is not None)
        return problem is None

    def _settle(self, *, failed: bool) -> None:
        if not failed:
            self.sent += 1
            self._pause = self._not_before = 0.0
            return
        self.failures += 1
        self._pause = min(self._pause * 2 or self.first_pause, LONGEST_PAUSE)
        self._not_before = time.monotonic() + self._pause
        self._awake.set()

    def _post(self, url: str, batch: list[Row]) -> str | None:
        """Push events; None when they were taken, else what went wrong."""
        status, problem = self.push(url, batch)
        if problem is None and not 200 <= (status or 0) < 300:
            return f"HTTP {status}"
        return problem

    def push(self, url: str, batch: list[Row]) -> tuple[int | None, str | None]:
        """One signed POST; the status, or what went wrong."""
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = encode({"shop": self.shop.identity, "events": batch})
        timestamp, nonce = str(int(self.shop.clock.utc().timestamp())), secrets.token_urlsafe(24)
        headers = {
            "Content-Type": "application/json",
            "X-Oms-Timestamp": timestamp,
            "X-Oms-Nonce": nonce,
            "X-Oms-Signature": signature(
                self.secret, method="POST", target=target, timestamp=timestamp, nonce=nonce, body=body
            ),
        }
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TOTAL_TIMEOUT)
        try:
            connection.request("POST", target, body, headers)
            return connection.getresponse().status, None
        except (OSError, http.client.HTTPException) as error:
            return None, f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    def test_answer(self) -> bytes:
        """Send a ping now and answer `webhook_test`."""
        with self.shop.lock:
            url = self.shop.tables.webhook.url
        if url is None:
            return Answer(encode({"error": "no webhook address is set"})).body(self.shop)
        ping = {
            "event_id": 0,
            "kind": "ping",
            "object_id": 0,
            "detail": {},
            "origin": "oms",
            "created_at": self.shop.clock.face()["utc"],
        }
        started = time.monotonic()
        status, problem = self.push(url, [ping])
        took = int((time.monotonic() - started) * 1000)
        content: Row = {"error": problem} if problem else {"status": status, "took_ms": took}
        return Answer(encode(content)).body(self.shop)
