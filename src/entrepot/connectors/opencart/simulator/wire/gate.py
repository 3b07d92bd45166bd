"""Who may come in: the checks of §2 in their order, written for the PHP side and shared with nobody."""

import hashlib
import hmac
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.wire.answers import WireError

MAX_BODY = 4 * 1024 * 1024
CLOCK_WINDOW = 300
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SIGNATURE = re.compile(r"v1=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"\d{1,12}")


def signature(secret: str, *, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature header's value for a request."""
    digest = hmac.new(secret.encode("ascii"), digestmod=hashlib.sha256)
    for part in ("v1", method.upper(), target, timestamp, nonce):
        digest.update(part.encode() + b"\n")
    digest.update(body)
    return "v1=" + digest.hexdigest()


class Headers(Protocol):
    def get(self, name: str, /) -> str | None:
        """A header's text, whatever the case of its name."""


@dataclass(slots=True)
class Gate:
    """Checks a request's headers, size, signature, clock, nonce and rate, in this order."""

    secret: str
    _nonces: dict[str, float] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, shop: Shop, method: str, target: str, headers: Headers, body: bytes) -> None:
        """Let the request through.

        Raises:
            WireError: With the refusal of §3.
        """
        if not shop.enabled:
            raise WireError(403, "disabled", "The bridge is switched off in the shop.", signed=False)
        timestamp, nonce, given = self._headers(headers)
        if len(body) > MAX_BODY:
            raise WireError(413, "too_large", "The request is too large.", signed=False, limit=MAX_BODY)
        wanted = signature(self.secret, method=method, target=target, timestamp=timestamp, nonce=nonce, body=body)
        if not hmac.compare_digest(wanted, given):
            raise WireError(
                401, "bad_signature", "The signature does not fit this request.", signed=False, target=target
            )
        shop_time = int(shop.clock.utc().timestamp())
        if abs(shop_time - int(timestamp)) > CLOCK_WINDOW:
            raise WireError(401, "clock_skew", "The clocks are too far apart.", signed=False, shop_time=shop_time)
        self._once(nonce)
        self._rate(shop)

    def _headers(self, headers: Headers) -> tuple[str, str, str]:
        found = []
        for name in ("X-Oms-Timestamp", "X-Oms-Nonce", "X-Oms-Signature"):
            text = headers.get(name)
            if not text:
                raise WireError(401, "unsigned", f"The header {name} is missing.", signed=False)
            found.append(text)
        for text, shape, name in zip(found, (_TIMESTAMP, _NONCE, _SIGNATURE), _NAMES, strict=True):
            if not shape.fullmatch(text):
                raise WireError(400, "bad_request", f"The header {name} is malformed.", signed=False, field=name)
        return found[0], found[1], found[2]

    def _once(self, nonce: str) -> None:
        moment = time.monotonic()
        with self._lock:
            if nonce in self._nonces:
                raise WireError(401, "replayed", "This request was seen before.", signed=False)
            self._nonces[nonce] = moment
            if len(self._nonces) > 20_000:
                kept = moment - 2 * CLOCK_WINDOW
                self._nonces = {key: seen for key, seen in self._nonces.items() if seen > kept}

    def _rate(self, shop: Shop) -> None:
        moment = time.monotonic()
        with self._lock:
            while self._recent and self._recent[0] < moment - 60:
                self._recent.popleft()
            if len(self._recent) >= shop.requests_per_minute:
                wait = int(60 - (moment - self._recent[0])) + 1
                raise WireError(429, "rate_limited", "Too many requests in a minute.", retry_after=wait)
            self._recent.append(moment)


_NAMES = ("X-Oms-Timestamp", "X-Oms-Nonce", "X-Oms-Signature")
