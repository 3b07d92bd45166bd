"""Trouble on order: what the next requests meet instead of a proper answer."""

import threading
from dataclasses import dataclass, field

KINDS = {
    "error": "HTTP 500 in the API's own error shape; nothing was done",
    "crash": "HTTP 500 with an empty body; nothing was done",
    "unavailable": "HTTP 503 in the API's own error shape; nothing was done",
    "gateway": "HTTP 502 with a gateway's HTML page; nothing was done (case 54)",
    "throttle": "HTTP 429 with X-Api-Call-Limit 40/40 and no Retry-After (case 10)",
    "quota": "HTTP 429 with X-Cafe24-Call-Usage above 100 and X-Cafe24-Call-Remain `seconds` (case 11)",
    "unauthorized": "HTTP 401 Invalid access_token",
    "expired": "HTTP 401 access_token time expired; that token is really over (case 3)",
    "scope": "HTTP 403 insufficient_scope (case 9)",
    "ended_version": "HTTP 400 naming the app's default version, `text` or the mall's (case 1)",
    "slow": "the proper answer after `seconds`",
    "timeout": "nothing for `seconds`, then the connection is closed; nothing was done",
    "refuse": "the connection is closed at once; nothing was done",
    "cut": "half of the proper answer, then the connection is cut",
    "lost": "the work is done and the connection is cut before the answer",
    "late": "the work is done and the answer is HTTP 504 (case 28)",
    "html": "HTTP 200 with an HTML page",
    "truncated": "HTTP 200 with the proper JSON cut in half and a fitting length",
    "shape": "HTTP 200 with JSON of another shape",
    "empty": "HTTP 200 with an empty body",
    "giant": "HTTP 200 with `size` bytes of JSON",
    "redirect": "HTTP 302 to another address",
}
BEFORE_WORK = frozenset(KINDS) - {"slow", "cut", "lost", "late", "truncated"}


@dataclass(slots=True)
class Fault:
    """One order for trouble: the next `times` requests that fit `resource` meet it, after `skip` good ones."""

    kind: str
    resource: str | None = None
    times: int = 1
    seconds: float = 1.0
    size: int = 40_000_000
    skip: int = 0
    text: str = ""

    def fits(self, words: frozenset[str]) -> bool:
        """Whether a request of those words is meant; without a resource, every Admin API request is."""
        if self.resource is None:
            return "oauth" not in words
        return set(self.resource.split()) <= words


@dataclass(slots=True)
class Faults:
    """The waiting orders, first come first served.

    `resource` is made of words that must all fit: a method ("POST"), "read" or "write", a pattern
    ("/orders/{order_id}/shipments"), or any literal part of it ("shipments"): `resource="POST shipments"`. OAuth
    requests have the words "oauth" and "token" | "revoke" | "authorize", and meet only faults that name them.
    """

    waiting: list[Fault] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        kind: str,
        *,
        resource: str | None = None,
        times: int = 1,
        seconds: float = 1.0,
        size: int = 40_000_000,
        skip: int = 0,
        text: str = "",
    ) -> None:
        """Order trouble for the next `times` requests after `skip` good ones.

        Raises:
            ValueError: No such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are {', '.join(KINDS)}")
        with self._lock:
            self.waiting.append(Fault(kind, resource, times, seconds, size, skip, text))

    def clear(self) -> None:
        """Forget what was ordered."""
        with self._lock:
            self.waiting.clear()

    def take(self, words: frozenset[str]) -> Fault | None:
        """The trouble this request meets, if any."""
        with self._lock:
            for fault in self.waiting:
                if not fault.fits(words):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                self.met[fault.kind] = self.met.get(fault.kind, 0) + 1
                return fault
        return None
