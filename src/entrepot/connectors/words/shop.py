"""The shop itself, as a connection test sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStatus:
    """An order status of the store. `takes_stock`: the store's own counter counts such an order.

    `suggested` is a guess a person confirms; `fixed`: the meaning is the channel's own and needs no confirmation.
    """

    remote_id: str
    names: Mapping[str, str]
    takes_stock: bool
    suggested: str | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopInfo:
    """What a connection test learns. `identity` tells two shops apart whatever their keys and addresses."""

    identity: str
    name: str
    url: str
    version: str
    currency: str
    timezone: str
    clock_offset_seconds: int
    language: str
    statuses: Sequence[RemoteStatus]
    counts: Mapping[str, int]
    notes: Sequence[str] = ()
