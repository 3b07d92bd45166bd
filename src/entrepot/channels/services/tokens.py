"""Where the tokens of one store are kept, and how one process at a time renews them.

A refresh token dies when it is used. Whoever uses it holds the store's advisory lock (nothing else: no transaction, no
row), has read it after taking the lock, and keeps what came before anybody uses it. `Store.grant_ends_at` says when the
consent ends; a store that refuses to renew it ends it now, so that nobody asks again with a token known to be dead.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from entrepot.channels import credentials
from entrepot.channels.models import Store
from entrepot.connectors.contract import ConsentNeeded, Grant
from entrepot.kernel.errors import ChannelDown

log = structlog.get_logger(__name__)

LOCK_CLASS = 7720
"""Beside the lanes' (`engine.LANES`): renewing never waits for a lane, nor a lane for renewing."""
WAIT_SECONDS = 45
"""How long a caller waits for another one's renewal: longer than a store may take to answer."""
ROTATE_BEFORE = timedelta(days=7)
"""A consent that ends within this time is renewed even if nobody needs the store meanwhile."""
UNSAID = timedelta(days=14)
"""How long a consent is taken to last where a store does not say; renewed long before, it hardly matters."""
KEPT_ALIVE = (Store.State.SHADOW, Store.State.LIVE, Store.State.PAUSED)


@dataclass(frozen=True, slots=True)
class StoreVault:
    """The `Vault` lent to a store's connector. Always reads the row; nothing is remembered between calls."""

    store_id: int
    name: str = ""

    def grant(self) -> Grant | None:
        """What is kept now; None when nothing was granted or it was taken back."""
        row = Store.objects.filter(pk=self.store_id).only("seller_id", "credentials").first()
        return credentials.opened_grant(row) if row else None

    def renew(self, stale: Grant, ask: Callable[[Grant], Grant]) -> Grant:
        """A grant newer than `stale`: the kept one if somebody was quicker, else what `ask` answers, kept before use.

        Raises:
            ConsentNeeded: Nothing is kept any more, or the consent has ended.
            ChannelDown: Somebody else has been renewing for longer than one should wait.
            ChannelError: What `ask` raised; nothing has changed, except that a refused consent counts as ended.
        """
        with _alone(self.store_id):
            kept = self._kept()
            if kept.access_token != stale.access_token:
                return kept
            try:
                fresh = ask(kept)
            except ConsentNeeded:
                _end(self.store_id, kept)
                raise
            return self._keep(kept, fresh)

    def _kept(self) -> Grant:
        row = Store.objects.filter(pk=self.store_id).only("seller_id", "credentials", "grant_ends_at").first()
        kept = credentials.opened_grant(row) if row else None
        if row is None or kept is None:
            raise ConsentNeeded("nothing is granted", name=self.name)
        if row.grant_ends_at is not None and row.grant_ends_at <= timezone.now():
            raise ConsentNeeded("the consent has ended", name=self.name)
        return kept

    def _keep(self, used: Grant, fresh: Grant) -> Grant:
        """Keep what came, unless the owner has granted anew (or taken back) meanwhile: theirs is the newer one."""
        with transaction.atomic(durable=True):
            row = Store.objects.select_for_update(no_key=True).get(pk=self.store_id)
            standing = credentials.opened_grant(row)
            if standing is None:
                raise ConsentNeeded("taken back while it was renewed", name=self.name)
            if standing.access_token != used.access_token:
                return standing
            row.credentials = credentials.with_grant(row, fresh)
            row.grant_ends_at = ends_at(fresh)
            row.save(update_fields=["credentials", "grant_ends_at"])
        log.info("grant_renewed", store=self.store_id)
        return fresh


def ends_at(grant: Grant) -> datetime:
    """When a consent ends if nobody renews it before."""
    return grant.refresh_ends_at or timezone.now() + UNSAID


def grants_ending(*, now: datetime | None = None) -> list[int]:
    """Ids of stores whose consent ends soon, or has ended without anybody being told."""
    moment = now or timezone.now()
    ending = Store.objects.filter(state__in=KEPT_ALIVE, grant_ends_at__lte=moment + ROTATE_BEFORE)
    ending = ending.exclude(state=Store.State.PAUSED, grant_ends_at__lte=moment)  # told when somebody resumes it
    return list(ending.order_by("pk").values_list("pk", flat=True))


def drop_grant(store: Store) -> None:
    """Forget the tokens; the credentials stay. In the caller's transaction, on a row it has locked."""
    store.credentials = credentials.with_grant(store, None)
    store.grant_ends_at = None
    store.save(update_fields=["credentials", "grant_ends_at"])


@transaction.atomic(durable=True)
def _end(store_id: int, refused: Grant) -> None:
    """The store no longer takes this grant: it has ended, whatever its date said."""
    row = Store.objects.select_for_update(no_key=True).filter(pk=store_id).first()
    if row is None:
        return
    standing = credentials.opened_grant(row)
    if standing is not None and standing.access_token == refused.access_token:
        row.grant_ends_at = timezone.now()
        row.save(update_fields=["grant_ends_at"])


@contextmanager
def _alone(store_id: int) -> Iterator[None]:
    """Hold the store's renewal lock.

    It belongs to the session: no transaction stays open behind it, and it dies with the connection. In a transaction it
    is a mistake (RuntimeError): what came could be undone with it, and the token that was used up is gone.

    Raises:
        ChannelDown: Somebody else has held it for `WAIT_SECONDS`.
    """
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_SECONDS}s"])
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, store_id])
    except OperationalError as error:
        raise ChannelDown("somebody else is renewing the store's tokens") from error
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, store_id])
