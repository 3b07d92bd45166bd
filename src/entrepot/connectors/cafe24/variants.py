"""Which variant a product without options is: remembered for a while, so that showing its stock costs one call.

A listing of such a product names the product alone, while Cafe24 keeps stock under the variant's code.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

FORGET_AFTER_SECONDS = 600.0
MOST = 100_000


class SingleCodes:
    """Codes of single products' variants, by mall and product. Shared by all connectors of a process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    def get(self, mall_id: str, product_no: str) -> str | None:
        """The code, where it was seen lately."""
        with self._lock:
            code, at = self._known.get((mall_id, product_no), ("", 0.0))
        return code if code and self._now() - at < FORGET_AFTER_SECONDS else None

    def put(self, mall_id: str, product_no: str, code: str) -> None:
        """Keep it; the oldest goes when there are too many."""
        with self._lock:
            self._known[mall_id, product_no] = code, self._now()
            self._known.move_to_end((mall_id, product_no))
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def drop(self, mall_id: str, product_no: str) -> None:
        """The product has changed, or is gone."""
        with self._lock:
            self._known.pop((mall_id, product_no), None)
