"""Trouble on order: what the next requests meet instead of a proper answer."""

import threading
from dataclasses import dataclass, field

KINDS = {
    "error": "HTTP 500 with the bridge's own error body; nothing was done",
    "crash": "HTTP 500 with an empty body; nothing was done",
    "throttle": "HTTP 429 with Retry-After `retry_after`",
    "unauthorized": "HTTP 401 bad_signature",
    "forbidden": "HTTP 403 HTML of a host's firewall",
    "slow": "the proper answer after `seconds`",
    "timeout": "nothing for `seconds`, then the connection is closed; nothing was done",
    "refuse": "the connection is closed at once; nothing was done",
    "cut": "half of the proper answer, then the connection is cut",
    "lost": "the work is done and the connection is cut before the answer",
    "html": "HTTP 200 with an HTML page",
    "notfound": "HTTP 404 with the theme's HTML page",
    "maintenance": "HTTP 503 with the shop's HTML page",
    "warning": "a PHP warning before the proper JSON, no JSON content type",
    "truncated": "HTTP 200 with the proper JSON cut in half and a fitting length",
    "shape": "HTTP 200 with JSON of another shape",
    "empty": "HTTP 200 with an empty body",
    "giant": "HTTP 200 with `size` bytes of JSON",
    "redirect": "HTTP 302 to another address",
}
BEFORE_WORK = frozenset(KINDS) - {"slow", "cut", "lost", "warning", "truncated"}


@dataclass(slots=True)
class Fault:
    """One order for trouble: the next `times` requests (of `resource`, when given) meet it."""

    kind: str
    resource: str | None = None
    times: int = 1
    seconds: float = 1.0
    retry_after: int = 2
    size: int = 40_000_000
    skip: int = 0


@dataclass(slots=True)
class Faults:
    """The waiting orders, first come first served."""

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
        retry_after: int = 2,
        size: int = 40_000_000,
        skip: int = 0,
    ) -> None:
        """Order trouble for the next `times` requests after `skip` good ones.

        Raises:
            ValueError: No such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are {', '.join(KINDS)}")
        with self._lock:
            self.waiting.append(Fault(kind, resource, times, seconds, retry_after, size, skip))

    def clear(self) -> None:
        """Forget what was ordered."""
        with self._lock:
            self.waiting.clear()

    def take(self, resource: str) -> Fault | None:
        """The trouble this request meets, if any."""
        with self._lock:
            for fault in self.waiting:
                if fault.resource not in {None, resource}:
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
