"""What the books lend a connector: the journal, the store's shared limit, its settings, and places to remember."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from entrepot.connectors.consent import HeldMemory, Memory, Vault
from entrepot.kernel.errors import ChannelError


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One request to a store and its answer, for the payload journal. Bodies are raw: the journal masks them."""

    method: str
    url: str
    request_body: bytes
    status: int | None
    response_body: bytes
    started_at: datetime
    seconds: float
    error: ChannelError | None = None


class Journal(Protocol):
    def record(self, call: CallRecord) -> None:
        """Keep a call; must not raise."""


class Throttle(Protocol):
    def wait(self, cost: float = 1.0) -> None:
        """Block until the store's shared limit allows this call, or raise ChannelThrottled when that is far off."""

    def penalise(self, seconds: float) -> None:
        """The store asked for a pause; nobody calls it for that long."""

    def observe(self, used: float, capacity: float) -> None:
        """The store says how full its bucket is (others may fill it too); never believe less than it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the books lend a connector: where calls are journaled, who may call now, and settings of the store.

    `seen_nonce(nonce)` answers True when a pushed request's nonce was there before (and remembers it). `vault` is there
    for kinds of store that ask for consent. `home_of(line_id, order_ids)`: in which of these orders the
    books have that line; "" = in none. `private_targets`: a picture may also lie inside a private network.
    `kept_picture(address)`: the bytes of a picture that the books keep (`/pictures/…`); b"" = they keep none there.
    """

    journal: Journal | None = None
    throttle: Throttle | None = None
    seen_nonce: Callable[[str], bool] = lambda _nonce: False
    settings: Mapping[str, Any] = field(default_factory=dict)
    vault: Vault | None = None
    memory: Memory = field(default_factory=HeldMemory)
    home_of: Callable[[str, Sequence[str]], str] = lambda _line_id, _order_ids: ""
    kept_picture: Callable[[str], bytes] = lambda _address: b""
    timeout_seconds: float = 30.0
    private_targets: bool = True
