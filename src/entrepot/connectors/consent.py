"""Consent: stores whose owner grants access in the store's own pages (OAuth), and where the granted tokens are kept.

A connector asks and refreshes; the books keep the tokens sealed and see to it that one process at a time refreshes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from entrepot.kernel.errors import ChannelMisconfigured, ChannelThrottled


class ConsentNeeded(ChannelMisconfigured):
    """The store no longer accepts what its owner granted; only the owner can grant it again."""

    code = "consent_needed"
    message = (
        "{name} does not accept Entrepot any more: the permission has ended or was taken back. "
        "Open the store in Entrepot and press Authorize again."
    )


class NotPermitted(ChannelMisconfigured):
    """The owner's grant does not cover this one kind of call. Whatever it does cover goes on."""

    code = "not_permitted"
    message = (
        "{name} has not permitted Entrepot to do this ({scope}). Add the permission to the app in the store's admin, "
        "then open the store in Entrepot and press Authorize again."
    )


class RenewalWaits(ChannelThrottled):
    """What the owner granted cannot be renewed for a while. It says nothing about other shops that share the limit."""

    code = "renewal_waits"
    message = "The access to the store cannot be renewed now. Entrepot asks again by itself in {retry_after} seconds."


class SenderNotBelieved(ChannelMisconfigured):
    """A pushed request does not carry the key that the store's owner gave us."""

    code = "sender_not_believed"
    message = (
        "A message that says it comes from {name} does not carry the right key. Nothing of it was believed. Check the"
        " key in the store's settings."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a shop's owner granted: tokens and when they end (aware). `refresh_ends_at` None = the store does not say.

    `facts` are the store's own words about it (which shop, which person), without secrets.
    """

    access_token: str
    access_ends_at: datetime
    refresh_token: str
    refresh_ends_at: datetime | None = None
    scopes: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


class Vault(Protocol):
    """Where the tokens of one store are kept."""

    def grant(self) -> Grant | None:
        """What is kept now; None when nothing was granted or it was taken back."""

    def renew(self, stale: Grant, ask: Callable[[Grant], Grant]) -> Grant:
        """A grant newer than `stale`: the kept one if somebody was quicker, else what `ask` answers, kept before use.

        One caller at a time in all processes. `ask` gets the kept grant; when it raises, nothing is changed.

        Raises:
            ConsentNeeded: Nothing is kept any more.
            ChannelError: What `ask` raised.
        """


class Memory(Protocol):
    """Small facts a connector has learned of its store and wants to find again (no secrets). Shared by all workers."""

    def get(self, name: str) -> str | None:
        """What was put under this name last."""

    def put(self, name: str, value: str) -> None:
        """Keep up to 200 characters."""


class ConsentPage(Protocol):
    """How a kind of store asks its owner for consent, in the browser. Part of a `ConnectorType`, makes no state."""

    def address(self, credentials: Mapping[str, str], *, state: str, return_url: str) -> str:
        """Where to send the owner's browser. `state` comes back untouched.

        Raises:
            ChannelMisconfigured: The credentials cannot be ones of this channel.
        """

    def redeem(self, credentials: Mapping[str, str], *, answer: Mapping[str, str], return_url: str) -> Grant:
        """Turn the query with which the browser came back into a grant; asks the store.

        Raises:
            ConsentRefused: The owner said no, or may not say yes.
            ChannelError: The store cannot be reached, or takes the credentials for wrong.
        """

    def launched_by(self, query: str) -> Mapping[str, str]:
        """Which shop says that its owner opened our app from the store's admin: credentials it names, not believed yet.

        `query` is the raw query text. Empty = this is no launch.
        """

    def check_launch(self, credentials: Mapping[str, str], *, query: str, now: datetime) -> None:
        """Believe the launch, or raise.

        Raises:
            SenderNotBelieved: The signature is wrong or too old.
        """


class ConsentRefused(ChannelMisconfigured):
    """The owner did not grant access."""

    code = "consent_refused"
    message = "{name} did not give Entrepot permission. {reason} Start again, signed in there as the shop's owner."


@dataclass
class HeldGrant:
    """A vault in memory, for a connection that is only tried, and for tests."""

    kept: Grant | None = None

    def grant(self) -> Grant | None:
        """What is kept now."""
        return self.kept

    def renew(self, stale: Grant, ask: Callable[[Grant], Grant]) -> Grant:
        """Ask once and keep it."""
        if self.kept is None:
            raise ConsentNeeded("nothing is granted", name="")
        if self.kept == stale:
            self.kept = ask(stale)
        return self.kept


@dataclass
class HeldMemory:
    """A memory that lasts as long as the object."""

    facts: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """What was put under this name last."""
        return self.facts.get(name)

    def put(self, name: str, value: str) -> None:
        """Keep it."""
        self.facts[name] = value
