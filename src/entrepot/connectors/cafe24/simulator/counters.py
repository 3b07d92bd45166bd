"""What was asked of the simulator, for tests and benchmarks."""

import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from entrepot.connectors.cafe24.simulator.answers import StockWrite

ABNORMAL_PER_SECOND = 10


@dataclass(slots=True)
class Counters:
    """Requests by route (`GET /orders/{order_id}`, `POST oauth/token`), how many at once and in a second, stock writes.

    `most_per_second` is the busiest second of one address; `abnormal` counts the calls above ten in a second (case 12);
    `refused` the 429s; `while_blocked` the calls made although the quota was used up.
    """

    requests: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    now: int = 0
    most_at_once: int = 0
    most_per_second: int = 0
    abnormal: int = 0
    refused: int = 0
    while_blocked: int = 0
    most_fill: float = 0.0
    stock_writes: list[StockWrite] = field(default_factory=list)
    _latest: dict[str, deque[float]] = field(default_factory=dict)
    _moved: threading.Condition = field(default_factory=threading.Condition)

    def enter(self, name: str, address: str) -> bool:
        """A request begins; answers whether it is one too many in its second."""
        moment = time.monotonic()
        with self._moved:
            self.requests[name] += 1
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
            latest = self._latest.setdefault(address, deque())
            while latest and latest[0] <= moment - 1.0:
                latest.popleft()
            latest.append(moment)
            self.most_per_second = max(self.most_per_second, len(latest))
            too_many = len(latest) > ABNORMAL_PER_SECOND
            self.abnormal += too_many
            return too_many

    def leave(self, name: str, answer: str) -> None:
        """The work on a request is over; its answer is about to leave."""
        with self._moved:
            self.now -= 1
            self.answers[f"{name} {answer}"] += 1
            self.refused += answer in {"429", "fault:throttle", "fault:quota"}

    def wrote(self, writes: Sequence[StockWrite], *, acknowledged: bool) -> None:
        """Stock was written; the writes are acknowledged when the answer has left whole."""
        moment = time.time()
        for write in writes:
            write.acknowledged = moment if acknowledged else None
        with self._moved:
            self.stock_writes.extend(writes)
            self._moved.notify_all()

    def filled(self, fill: float) -> None:
        """The bucket stood this high."""
        with self._moved:
            self.most_fill = max(self.most_fill, fill)

    def blocked(self) -> None:
        """Somebody called although the quota was used up."""
        with self._moved:
            self.while_blocked += 1

    def wait_for_stock(self, variant_code: str, *, quantity: int, timeout: float = 5.0) -> StockWrite | None:
        """The first acknowledged write of that figure, waiting up to `timeout` seconds for it."""

        def find() -> StockWrite | None:
            for write in self.stock_writes:
                if (write.variant_code, write.quantity) == (variant_code, quantity) and write.acknowledged:
                    return write
            return None

        with self._moved:
            self._moved.wait_for(lambda: find() is not None, timeout)
            return find()

    def wait_for_writes(self, count: int, timeout: float = 5.0) -> bool:
        """Wait until so many stock writes are known; they are written down after their answer has left."""
        with self._moved:
            return self._moved.wait_for(lambda: len(self.stock_writes) >= count, timeout)

    def reset(self) -> None:
        """Start counting anew."""
        with self._moved:
            self.requests.clear()
            self.answers.clear()
            self.most_at_once = self.now
            self.most_per_second = self.abnormal = self.refused = self.while_blocked = 0
            self.most_fill = 0.0
            self.stock_writes = []

    def snapshot(self, *, since: int = 0) -> dict[str, Any]:
        """The figures as JSON; `since` skips that many stock writes."""
        with self._moved:
            return {
                "requests": dict(self.requests),
                "answers": dict(self.answers),
                "now": self.now,
                "most_at_once": self.most_at_once,
                "most_per_second": self.most_per_second,
                "abnormal": self.abnormal,
                "refused": self.refused,
                "while_blocked": self.while_blocked,
                "most_fill": self.most_fill,
                "stock_writes": [asdict(write) for write in self.stock_writes[since:]],
                "stock_write_count": len(self.stock_writes),
            }
