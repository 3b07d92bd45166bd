"""What was asked of the simulator, for tests and benchmarks."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from entrepot.connectors.opencart.simulator.rows import StockWrite


@dataclass(slots=True)
class Counters:
    """Requests by resource and answer, how many at once, the sessions they made, and each stock write."""

    requests: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    now: int = 0
    most_at_once: int = 0
    sessions: int = 0
    stock_writes: list[StockWrite] = field(default_factory=list)
    _known_sessions: set[str] = field(default_factory=set)
    _moved: threading.Condition = field(default_factory=threading.Condition)

    def enter(self, resource: str, session: str | None) -> None:
        """A request begins. One without a session cookie makes a session row of its own (case 32)."""
        with self._moved:
            self.requests[resource] += 1
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
            if session is None or session not in self._known_sessions:
                self.sessions += 1
                self._known_sessions |= {session} if session else set()

    def leave(self, resource: str, answer: str, writes: Sequence[StockWrite], *, acknowledged: bool) -> None:
        """A request is over; its stock writes are acknowledged when the answer has left."""
        moment = time.time()
        for write in writes:
            write.acknowledged = moment if acknowledged else None
        with self._moved:
            self.now -= 1
            self.answers[f"{resource} {answer}"] += 1
            self.stock_writes.extend(writes)
            self._moved.notify_all()

    def idle(self, timeout: float = 5.0) -> bool:
        """Whether no request is at hand, waiting so long for it: a write is noted when its answer has left."""
        with self._moved:
            return self._moved.wait_for(lambda: self.now == 0, timeout)

    def wait_for_stock(
        self, product_id: int, option_value_id: int | None = None, *, quantity: int, timeout: float = 5.0
    ) -> StockWrite | None:
        """The first acknowledged write of that figure, waiting up to `timeout` seconds for it."""
        wanted = (product_id, option_value_id, quantity)

        def find() -> StockWrite | None:
            for write in self.stock_writes:
                if (write.product_id, write.option_value_id, write.quantity) == wanted and write.acknowledged:
                    return write
            return None

        with self._moved:
            self._moved.wait_for(lambda: find() is not None, timeout)
            return find()

    def reset(self) -> None:
        """Start counting anew."""
        with self._moved:
            self.requests.clear()
            self.answers.clear()
            self.most_at_once = self.now
            self.stock_writes = []

    def snapshot(self, *, since: int = 0) -> dict[str, Any]:
        """The figures as JSON; `since` skips that many stock writes."""
        with self._moved:
            return {
                "requests": dict(self.requests),
                "answers": dict(self.answers),
                "now": self.now,
                "most_at_once": self.most_at_once,
                "sessions": self.sessions,
                "stock_writes": [asdict(write) for write in self.stock_writes[since:]],
                "stock_write_count": len(self.stock_writes),
            }
