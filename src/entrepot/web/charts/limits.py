"""What a channel can do, read from its connector's code; and how full its rate limit is now."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import Store
from entrepot.channels.opening import opened
from entrepot.channels.queries.limits import limit_now
from entrepot.connectors.contract import ConnectorType, capabilities
from entrepot.kernel.errors import EntrepotError

PARTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "products": (_("Products in"), _("Categories, brands and products are read from the store.")),
    "orders": (_("Orders in"), _("Orders and their changes are read from the store.")),
    "stock": (_("Stock out"), _("Stock figures are written to the store, and read back.")),
    "prices": (_("Prices out"), _("Prices are written to the store.")),
    "listings": (_("Listings"), _("Products are created, changed, shown, hidden and deleted in the store.")),
    "statuses": (_("Statuses out"), _("An order's progress is told to the store.")),
    "shipments": (_("Shipments out"), _("Carrier and tracking number are told to the store.")),
    "cancellations": (_("Cancellations out"), _("The seller's cancellation is told to the store.")),
    "claims": (
        _("Claims out"),
        _("A buyer's wish to cancel or send back is accepted or refused in the store, and returns are reported."),
    ),
    "events": (_("Announcements"), _("The store announces changes by itself, within seconds.")),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the capability table."""

    name: str
    word: str | Promise
    text: str | Promise
    there: bool


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of the burst is used, until when the store asked for a pause, and who shares the limit."""

    per_second: float
    burst: int
    used: int
    paused_seconds: int
    shared_with: Sequence[str] = ()

    @property
    def tone(self) -> str:
        """`good`: calls go out at once; `wait`: the limit is filling; `bad`: it is full, or the store wants a pause."""
        if self.paused_seconds or self.used >= self.burst:
            return "bad"
        return "wait" if self.used * 3 >= self.burst * 2 else "good"

    @property
    def word(self) -> str | Promise:
        """The same in words."""
        if self.paused_seconds:
            return _("Pausing")
        return {"bad": _("Full: calls wait"), "wait": _("Filling up"), "good": _("Room enough")}[self.tone]

    @property
    def empty_in(self) -> float:
        """In how many seconds nothing of it would be used, if nobody called."""
        return self.used / self.per_second


@dataclass(frozen=True, slots=True)
class Look:
    """What a store's connector says of itself. `set_by_hand`: its owner enters our address for announcements there."""

    parts: Sequence[Part] = ()
    set_by_hand: bool = False


def look_at(store: Store) -> Look:
    """The capability table of the store's channel, from its connector's code; empty while it cannot be opened."""
    try:
        with opened(store) as connector:
            can = capabilities(connector)
            by_hand = connector.events is not None and connector.events.set_by_hand
    except EntrepotError:
        return Look()
    return Look([Part(name, *PARTS.get(name, (name, "")), there) for name, there in can.items()], by_hand)


def gauge(store: Store, kind: ConnectorType) -> Gauge:
    """How full the store's limit is: the theoretical arrival time ahead of now, in calls."""
    now = limit_now(seller_id=store.seller_id, store=store)
    ahead = max(0.0, now.tat - time.time()) * kind.calls_per_second
    paused = (now.paused_until - timezone.now()).total_seconds() if now.paused_until else 0
    used = min(kind.burst, round(ahead))
    return Gauge(kind.calls_per_second, kind.burst, used, max(0, round(paused)), now.shared_with)
