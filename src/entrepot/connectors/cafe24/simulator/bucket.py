"""How often a client may call: the leaky bucket, and the usage quota behind it (reference §3).

Both are counted in real seconds, whatever the mall's clock says.
"""

import math
import threading
import time
from collections import deque
from dataclasses import dataclass, field

USUAL_LIMIT = 40


@dataclass(slots=True)
class Bucket:
    """One fill per client of the mall. `enforced` False lifts every limit, the quota too; it is still shown."""

    capacity: int = USUAL_LIMIT
    leak: float = 2.0
    enforced: bool = True
    rejected_fill: bool = False
    _fills: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def limit_of(self, call_limit: int) -> int:
        """The capacity an endpoint shows: 30 of 40 stays three quarters when a test sets another capacity."""
        return max(1, self.capacity * call_limit // USUAL_LIMIT)

    def pour(self, client_id: str, call_limit: int) -> tuple[bool, float]:
        """Count one call; answers whether it fitted, and the fill after it."""
        limit, moment = self.limit_of(call_limit), time.monotonic()
        with self._lock:
            fill, before = self._fills.get(client_id, (0.0, moment))
            fill = max(0.0, fill - (moment - before) * self.leak)
            fits = not self.enforced or fill + 1 <= limit
            if fits or self.rejected_fill:
                fill += 1
            self._fills[client_id] = (fill, moment)
            return fits, fill

    def header(self, fill: float, call_limit: int) -> str:
        """What X-Api-Call-Limit says: `7/40`."""
        limit = self.limit_of(call_limit)
        return f"{min(limit, math.ceil(fill))}/{limit}"

    def fill(self, client_id: str, fill: float) -> None:
        """Set how full it is, for a test."""
        with self._lock:
            self._fills[client_id] = (fill, time.monotonic())

    def empty(self) -> None:
        """Let everything run out."""
        with self._lock:
            self._fills.clear()


@dataclass(slots=True)
class Quota:
    """What a client may use within `window` seconds: calls, and seconds of processing.

    Calls made while it is used up count on: usage grows beyond 100 and the wait gets longer (case 11).
    """

    calls: int = 3000
    seconds: float = 600.0
    window: float = 600.0
    enforced: bool = True
    longer_by: float = 1.0
    _used: dict[str, deque[tuple[float, float]]] = field(default_factory=dict)
    _spent: dict[str, float] = field(default_factory=dict)
    _blocked_until: float = 0.0
    _over: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def use(self, client_id: str) -> tuple[bool, dict[str, str]]:
        """Count one call; answers whether it may pass, and the usage headers."""
        moment = time.monotonic()
        with self._lock:
            used = self._used.setdefault(client_id, deque())
            while used and used[0][0] <= moment - self.window:
                self._spent[client_id] -= used.popleft()[1]
            used.append((moment, 0.0))
            spent = self._spent.setdefault(client_id, 0.0)
            call_remain, time_remain = self._remain(used, spent, moment)
            call_usage = 100 * len(used) / self.calls
            if moment < self._blocked_until:
                self._blocked_until += self.longer_by
                call_remain = max(call_remain, self._blocked_until - moment)
                self._over += 1
                call_usage = max(call_usage, 100.0) + 100 * self._over / self.calls
            time_usage = 100 * spent / self.seconds
        headers = {"X-Cafe24-Call-Usage": f"{call_usage:.2f}", "X-Cafe24-Time-Usage": f"{time_usage:.2f}"}
        if call_remain > 0:
            headers["X-Cafe24-Call-Remain"] = str(math.ceil(call_remain))
        if time_remain > 0:
            headers["X-Cafe24-Time-Remain"] = str(math.ceil(time_remain))
        return not (self.enforced and (call_remain > 0 or time_remain > 0)), headers

    def _remain(self, used: deque[tuple[float, float]], spent: float, moment: float) -> tuple[float, float]:
        """Seconds until calls, and until processing time, are below 100 % again; 0 when they are."""
        calls = time_left = 0.0
        if len(used) > self.calls:
            calls = used[len(used) - self.calls - 1][0] + self.window - moment
        if spent >= self.seconds:
            for began, seconds in used:
                spent -= seconds
                time_left = began + self.window - moment
                if spent < self.seconds:
                    break
        return calls, time_left

    def spend(self, client_id: str, seconds: float) -> None:
        """The latest call took so long."""
        with self._lock:
            used = self._used.setdefault(client_id, deque())
            if used:
                began, before = used.pop()
                used.append((began, before + seconds))
                self._spent[client_id] = self._spent.get(client_id, 0.0) + seconds

    def block(self, seconds: float) -> None:
        """Use the calls up for so many seconds, for a test."""
        with self._lock:
            self._blocked_until, self._over = time.monotonic() + seconds, 0

    def empty(self) -> None:
        """Forget what was used."""
        with self._lock:
            self._used.clear()
            self._spent.clear()
            self._blocked_until = 0.0
