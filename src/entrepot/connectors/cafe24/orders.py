"""Reading orders. Cafe24 tells no date of change, so several of its dates are asked for in turn, and lost webhooks.

The budget. A mall's bucket lets two calls through in a second, for everything Entrepot does there. One round of polling
is at most eight calls when little happened (four seconds of the bucket): the dates of `EACH_ROUND`, four of `IN_TURN`,
and the webhook log. Every date has its turn within four rounds. What a webhook tells is fetched by id, without waiting.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from entrepot.connectors.cafe24 import kst
from entrepot.connectors.cafe24.client import Query
from entrepot.connectors.cafe24.errors import GoneFromMall, RefusedByMall
from entrepot.connectors.cafe24.mapping_order_parts import order_id_of
from entrepot.connectors.cafe24.mapping_orders import read_orders
from entrepot.connectors.cafe24.order_cursor import DATE_TYPES, Cursor
from entrepot.connectors.cafe24.order_log import LogReader
from entrepot.connectors.cafe24.order_windows import Window, WindowReader, head_of, stretches
from entrepot.connectors.cafe24.session import AT_ONCE, MallSession, batches
from entrepot.connectors.cafe24.wire_orders import ORDER_EMBED
from entrepot.connectors.contract import OrderPage, OrderState

EACH_ROUND = ("od", "pd", "qr")
"""New orders, payments, and wishes to cancel, which must stop a parcel."""
IN_TURN = tuple(name for name in DATE_TYPES if name not in EACH_ROUND)
PER_ROUND = 4
OVERLAP = timedelta(minutes=30)
"""Minutes before the mark that are read again: clocks differ, and an order is seen later than it is dated."""
CLAIM_OVERLAP = timedelta(hours=6)
"""The same for claims, from the beginning of that Korean day: their dates may be days without a time."""
_EXACT = frozenset({"od", "pd", "sb", "se"})

FIRST_DAYS, MOST_DAYS = 7, 89
_ROOMY = 4
"""A window of the first reading that held fewer orders than a page is followed by one so many times as long."""
_ORDER_ID = re.compile(r"\d{8}-\d+\Z")

Step = tuple[Sequence[msgspec.Raw], Cursor]


class Cafe24Orders:
    """Orders of one shop of a mall; setting `order_page_size`, 100."""

    def __init__(self, session: MallSession) -> None:
        self._session = session
        self._reader = WindowReader(session)
        self._log = LogReader(session)
        self._page_size = session.setting("order_page_size", 100, at_most=1000)

    def start(self, days: int) -> str:
        """Where reading the orders of the last `days` days begins; notes how far the webhook log has got."""
        now = self._session.client.now()
        first_day = kst.korean_date(now) - timedelta(days=days)
        return Cursor.begin(first_day, now, self._log.newest(now)).text()

    def pages(self, cursor: str) -> Iterator[OrderPage]:
        """What is left of the first reading, oldest orders first; then one round of polling.

        The cursor moves only past what was read whole, so a reading that breaks off begins there again.
        """
        now = self._session.client.now()
        place = Cursor.read(cursor, now)
        for raws, following in self._first_reading(place):
            place = following
            yield self._page(raws, place, more=True)
        told: dict[str, bytes] = {}
        for raws, following in self._round(place, now):
            fresh = [raw for raw in raws if _is_news(raw, told)]
            place = following
            if fresh:
                yield self._page(fresh, place, more=True)
        lost, log_id = self._log.lost(place.log_id, now)
        raws = self._by_id(lost)
        place = Cursor(marks=place.marks, turn=place.turn + 1, log_id=log_id)
        yield self._page([raw for raw in raws if _is_news(raw, told)], place, more=False)

    def fetch(self, remote_ids: Sequence[str]) -> OrderPage:
        """These orders as they are now: an order's id answers all its parts, a part's id that part."""
        raws = self._by_id(list(dict.fromkeys(map(order_id_of, remote_ids))))
        orders, bad = read_orders(raws, self._session.surroundings.home_of)
        asked = set(remote_ids)
        wanted = [order for order in orders if asked & {order.remote_id, order.follows or order.remote_id}]
        there = {order.remote_id for order in orders} | {item.remote_id for item in bad}
        unread = {item.remote_id for item in bad}
        gone = [name for name in dict.fromkeys(remote_ids) if name not in there and order_id_of(name) not in unread]
        return OrderPage(orders=wanted, cursor="", more=False, bad=bad, gone=gone)

    def states(self, remote_ids: Sequence[str]) -> Sequence[OrderState]:
        """The short form, in the order asked. Cafe24 has none: a hundred orders are one call all the same."""
        page = self.fetch(remote_ids)
        found = {order.remote_id: order.status_id for order in page.orders}
        gone = set(page.gone)
        return [
            OrderState(remote_id=name, status_id=found.get(name), version=0)
            for name in remote_ids
            if name in found or name in gone
        ]

    # ----------------------------------------------------------------- reading on

    def _first_reading(self, place: Cursor) -> Iterator[Step]:
        """Orders by the day they were placed on, up to where polling begins. Windows are as long as they are empty."""
        days = FIRST_DAYS
        while place.first_day is not None:
            start = kst.midnight(place.first_day)
            end_of_all = max(place.marks["od"], start)
            end = min(start + timedelta(days=days), _end_of_day(end_of_all)) - timedelta(seconds=1)
            following = kst.korean_date(end) + timedelta(days=1)
            done = kst.midnight(following) > end_of_all
            lists = list(self._reader.read(Window("order_date", start, end)))
            raws = [raw for one in lists for raw in one]
            after = Cursor(
                marks=place.marks, first_day=None if done else following, turn=place.turn, log_id=place.log_id
            )
            if raws or done:
                yield from self._in_pages(raws, place, after)
            place = after
            days = max(days // 2, 1) if len(lists) > 1 else days
            if len(raws) < self._page_size:
                days = min(days * _ROOMY, MOST_DAYS)

    def _round(self, place: Cursor, now: datetime) -> Iterator[Step]:
        first = place.turn * PER_ROUND % len(IN_TURN)
        in_turn = islice((*IN_TURN, *IN_TURN), first, first + PER_ROUND)
        end = _end_of_day(now) - timedelta(seconds=1)
        for name in (*EACH_ROUND, *in_turn):
            after = place.moved(name, now)
            for window in stretches(DATE_TYPES[name], _from(name, place.marks[name]), end):
                for raws in self._reader.read(window):
                    yield from self._in_pages(raws, place, place)
            yield (), after
            place = after

    def _in_pages(self, raws: Sequence[msgspec.Raw], before: Cursor, after: Cursor) -> Iterator[Step]:
        """The orders in pages; the cursor moves with the last."""
        pages = list(batches(raws, self._page_size)) or [()]
        for some in pages[:-1]:
            yield some, before
        yield pages[-1], after

    def _by_id(self, order_ids: Sequence[str]) -> list[msgspec.Raw]:
        """These orders; one that a list does not show is asked for alone before it counts as deleted."""
        found: dict[str, msgspec.Raw] = {}
        known = [order_id for order_id in order_ids if _ORDER_ID.match(order_id)]
        for some in batches(known, AT_ONCE):
            query: Query = {"order_id": ",".join(some), "embed": ORDER_EMBED, "limit": AT_ONCE}
            try:
                raws = self._session.client.get("orders", query).rows("orders")
            except RefusedByMall:  # a mall that wants dates beside the ids
                raws = []
            found |= {head_of(raw).order_id: raw for raw in raws}
            for order_id in some:
                if order_id not in found:
                    found |= self._alone(order_id)
        return [found[order_id] for order_id in known if order_id in found]

    def _alone(self, order_id: str) -> dict[str, msgspec.Raw]:
        try:
            answer = self._session.client.get(f"orders/{order_id}", {"embed": ORDER_EMBED})
        except GoneFromMall:
            return {}
        return {order_id: answer.read(msgspec.Raw, "order")}

    def _page(self, raws: Sequence[msgspec.Raw], place: Cursor, *, more: bool) -> OrderPage:
        orders, bad = read_orders(raws, self._session.surroundings.home_of)
        return OrderPage(orders=orders, cursor=place.text(), more=more, bad=bad)


def _is_news(raw: msgspec.Raw, told: dict[str, bytes]) -> bool:
    """Whether this round has not answered the order as it is already; one order has many dates."""
    order_id, content = head_of(raw).order_id, bytes(raw)
    if told.get(order_id) == content:
        return False
    told[order_id] = content
    return True


def _from(name: str, mark: datetime) -> datetime:
    """Where reading by a date begins: before its mark."""
    if name in _EXACT:
        return mark - OVERLAP
    return kst.midnight(kst.korean_date(mark - CLAIM_OVERLAP))


def _end_of_day(at: datetime) -> datetime:
    """The midnight after a moment, in Korea."""
    return kst.midnight(kst.korean_date(at) + timedelta(days=1))
