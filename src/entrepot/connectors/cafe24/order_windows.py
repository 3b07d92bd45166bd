"""Reading all orders of a stretch of time: pages by offset, each order once, halves where it is too full."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from entrepot.connectors.cafe24.client import Query
from entrepot.connectors.cafe24.kst import KST
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.wire_orders import ORDER_EMBED

PAGE, MOST_PER_PAGE = 100, 1000
LONGEST = timedelta(days=89)
"""Cafe24 answers three months at most, and February makes three months short."""
MOST_AT_ONCE = 20
"""Pages of a stretch longer than a day that are held together to be sorted; a fuller one is read in two halves."""
LAST_OFFSET = 15_000
"""Cafe24 refuses an offset above this."""
_SECOND = timedelta(seconds=1)
_SHORTEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to `end`, both included, by one of Cafe24's dates of an order."""

    date_type: str
    start: datetime
    end: datetime

    def halves(self) -> tuple["Window", "Window"]:
        """The two halves; between days where there are several."""
        middle = self.start + (self.end - self.start) / 2
        if self.end - self.start > timedelta(days=2):
            middle = middle.astimezone(KST).replace(hour=0, minute=0, second=0)
        middle = middle.replace(microsecond=0)
        return Window(self.date_type, self.start, middle - _SECOND), Window(self.date_type, middle, self.end)

    def query(self) -> Query:
        """As Cafe24 is asked: Korean time without its offset."""
        return {"date_type": self.date_type, "start_date": _written(self.start), "end_date": _written(self.end)}


class Head(msgspec.Struct):
    """What tells orders apart and sorts them."""

    order_id: str = ""
    order_date: str | None = None


def stretches(date_type: str, start: datetime, end: datetime) -> Iterator[Window]:
    """The time between two moments, in stretches that Cafe24 answers, oldest first."""
    begin = start
    while begin <= end:
        stop = min(begin + LONGEST - _SECOND, end)
        yield Window(date_type, begin, stop)
        begin = stop + _SECOND


class WindowReader:
    """Reads windows of one mall; setting `order_page_size`, 100."""

    def __init__(self, session: MallSession) -> None:
        self._session = session
        self._limit = session.setting("order_page_size", PAGE, at_most=MOST_PER_PAGE)

    def read(self, window: Window) -> Iterator[list[msgspec.Raw]]:
        """All orders of a window, oldest first, each once; in several lists where the window is too full for one."""
        found = self._held(window)
        if found is not None:
            yield found
            return
        for half in window.halves():
            yield from self.read(half)

    def _held(self, window: Window) -> list[msgspec.Raw] | None:
        """The window's orders, or None when there are too many of them to be read at once."""
        length = window.end - window.start
        most = MOST_AT_ONCE * self._limit if length > timedelta(days=1) else LAST_OFFSET
        orders: dict[str, tuple[str, msgspec.Raw]] = {}
        for offset in range(0, LAST_OFFSET + 1, self._limit):
            if offset > most and length > _SHORTEST:
                return None
            query = {**window.query(), "embed": ORDER_EMBED, "limit": self._limit, "offset": offset}
            raws = self._session.client.get("orders", query).rows("orders")
            for raw in raws:  # orders that come in meanwhile push others onto the next page: once is enough
                head = head_of(raw)
                orders[head.order_id or str(len(orders))] = f"{head.order_date} {head.order_id}", raw
            if len(raws) < self._limit:
                break
        else:
            if length > _SHORTEST:
                return None
        return [raw for _, raw in sorted(orders.values(), key=lambda entry: entry[0])]


def head_of(raw: msgspec.Raw) -> Head:
    """Id and date of an order, as far as they can be read."""
    try:
        return msgspec.json.decode(raw, type=Head)
    except msgspec.DecodeError:
        return Head()


def _written(at: datetime) -> str:
    return at.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S")
