"""One LISTEN for everybody: what moved at a seller goes to that seller's open pages, and to nobody else's."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog

from entrepot.channels.live import CHANNEL

log = structlog.get_logger(__name__)

EVERYTHING = "*"
LONGEST_PAUSE = 10.0
QUIET_SECONDS = 15.0
REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 500
"""Topics of one seller; of more, a page that missed some asks for everything."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who listens: the seller, and the stores they may see (empty = all)."""

    seller_id: int
    store_ids: tuple[int, ...] = ()

    def hears(self, topic: str) -> bool:
        """Whether a topic is within the visitor's scope; only stores are scoped here."""
        kind, _, number = topic.partition(":")
        return kind != "store" or not self.store_ids or int(number or 0) in self.store_ids


@dataclass(eq=False)
class Client:
    """An open page. Topics wait here, each once; a page that sleeps costs one short set."""

    visitor: Visitor
    waiting: dict[str, None] = field(default_factory=dict)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, topic: str) -> None:
        """Put a topic on the list and ring."""
        if self.visitor.hears(topic):
            self.waiting[topic] = None
            self.bell.set()

    async def take(self, seconds: float) -> list[str]:
        """The topics that wait now, or come within `seconds`; empty when none did."""
        if not self.waiting:
            try:
                await asyncio.wait_for(self.bell.wait(), seconds)
            except TimeoutError:
                return []
        self.bell.clear()
        topics = list(self.waiting)
        self.waiting.clear()
        return topics


@dataclass(slots=True)
class Lately:
    """What moved at one seller in the last minute, the newest last. Nothing since `whole_since` is forgotten."""

    whole_since: float
    moved: dict[str, float] = field(default_factory=dict)

    def note(self, topic: str, now: float) -> None:
        """It moved now; what is long ago goes."""
        self.moved.pop(topic, None)
        self.moved[topic] = now
        while len(self.moved) > MOST_REMEMBERED or next(iter(self.moved.values())) < now - REMEMBERED_SECONDS:
            self.whole_since = self.moved.pop(next(iter(self.moved)))

    def after(self, moment: float) -> list[str]:
        """What moved from then on; everything, where that is not known any more."""
        if moment <= self.whole_since:
            return [EVERYTHING]
        return [topic for topic, at in self.moved.items() if at >= moment]


class Hub:
    """All open pages by seller, and what moved lately: a page listens only some time after it was drawn."""

    def __init__(self) -> None:
        self._clients: dict[int, set[Client]] = defaultdict(set)
        self._listening_since = time.time()
        self._lately: dict[int, Lately] = {}
        self.closing = False

    @property
    def size(self) -> int:
        """How many pages listen."""
        return sum(len(clients) for clients in self._clients.values())

    def join(self, visitor: Visitor, *, since: float | None = None) -> Client:
        """A new page. `since`: when it began to be drawn (seconds since 1970); it is told what moved from then on."""
        client = Client(visitor)
        self._clients[visitor.seller_id].add(client)
        if since is not None:
            for topic in self._lately.get(visitor.seller_id, Lately(self._listening_since)).after(since):
                client.tell(topic)
        return client

    def leave(self, client: Client) -> None:
        """A page went away."""
        clients = self._clients.get(client.visitor.seller_id, set())
        clients.discard(client)
        if not clients:
            self._clients.pop(client.visitor.seller_id, None)

    def tell(self, payload: str) -> None:
        """Pass one notification on; a malformed one is dropped with a line in the log."""
        try:
            said = json.loads(payload)
            seller_id, topic = int(said["seller"]), str(said["topic"])
        except (ValueError, KeyError, TypeError):
            log.warning("live.malformed")
            return
        self._lately.setdefault(seller_id, Lately(self._listening_since)).note(topic, time.time())
        for client in self._clients.get(seller_id, ()):
            client.tell(topic)

    def listens_anew(self) -> None:
        """From now on all is heard; before, anything may have moved."""
        self._listening_since = time.time()
        self._lately.clear()
        self.tell_everybody()

    def tell_everybody(self, topic: str = EVERYTHING) -> None:
        """After a gap in listening: anything may have moved."""
        for client in self._everybody():
            client.tell(topic)

    def close(self) -> None:
        """Let every stream end."""
        self.closing = True
        for client in self._everybody():
            client.bell.set()

    def _everybody(self) -> Iterable[Client]:
        return [client for clients in self._clients.values() for client in clients]


async def listen(hub: Hub, connect: Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]) -> None:
    """Listen for ever; a lost connection is made again, and then everybody is told to look anew."""
    pause = 0.2
    while True:
        try:
            async with await connect() as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                hub.listens_anew()
                pause = 0.2
                while True:
                    async for notice in connection.notifies(timeout=QUIET_SECONDS):
                        hub.tell(notice.payload)
                    await connection.execute("SELECT 1")
        except psycopg.Error:
            log.warning("live.connection_lost", again_in=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
