"""A store's row: found for its seller and locked, moved along its flow, described as its shop describes itself."""

from collections.abc import Sequence
from dataclasses import asdict

from entrepot.accounts.services import audit
from entrepot.channels.errors import StoreNotFound, StoreStateForbids
from entrepot.channels.flow import STORE_FLOW
from entrepot.channels.live import announce
from entrepot.channels.models import StatusMapping, Store
from entrepot.connectors.contract import RemoteStatus, ShopInfo
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid
from entrepot.kernel.flow import MoveRefused

DESCRIBED = ["url", "remote_name", "remote_version", "timezone", "info"]
"""The columns that `describe` writes."""
KEPT_NOTES = ("webhook", "silent_since", "rests_until")


def locked_store(*, seller_id: int, store_id: int) -> Store:
    """The seller's store, locked until the transaction ends.

    Raises:
        StoreNotFound: There is none, or it is somebody else's.
    """
    row = Store.objects.select_for_update(no_key=True, of=("self",)).filter(seller_id=seller_id, pk=store_id)
    found = row.select_related("sales_channel").first()
    if found is None:
        raise StoreNotFound(store_id=store_id)
    return found


def move_store(store: Store, *, move_name: str, actor: Actor) -> None:
    """The one place where a person's decision changes a store's state, with its line in the audit."""
    before = store.state
    try:
        store.state = STORE_FLOW.target(move_name, store.state)
    except MoveRefused as error:
        raise StoreStateForbids(str(error), state=Store.State(store.state).label, move=move_name) from error
    store.save(update_fields=["state", "state_reason", "resume_state"])
    audit(
        seller_id=store.seller_id,
        actor=actor,
        verb=f"stores.{move_name}",
        object_type="store",
        object_id=store.pk,
        facts={"from": before, "to": store.state},
    )
    announce(store.seller_id, f"store:{store.pk}")


FIXED_STATUSES = "fixed_statuses"
"""Under this name `Store.info` keeps the names, by language, of statuses whose meaning is the channel's own."""


def describe(store: Store, *, info: ShopInfo) -> None:
    """Take what the shop says of itself; our own notes in `info` stay. Not saved."""
    notes = {name: store.info[name] for name in KEPT_NOTES if name in store.info}
    store.url = info.url[:500]
    store.remote_name = info.name[:255]
    store.remote_version = info.version[:40]
    store.timezone = info.timezone[:64] or "UTC"
    fixed = {status.remote_id: dict(status.names) for status in info.statuses if status.fixed}
    store.info = asdict(info) | {"statuses": len(info.statuses), FIXED_STATUSES: fixed} | notes


def seed_statuses(store: Store, *, statuses: Sequence[RemoteStatus]) -> None:  # house: verb-signature nobody's deed
    """What each status of the store means, as its connector suggests, for the seller to confirm. Decisions stand.

    A status whose meaning is the channel's own is confirmed from the start.
    """
    suggested = [status for status in statuses if not status.fixed]
    fixed = [status for status in statuses if status.fixed]
    _seed(store, suggested, update_fields=["name", "takes_stock"])
    _seed(store, fixed, update_fields=["name", "takes_stock", "confirmed"])


def _seed(store: Store, statuses: Sequence[RemoteStatus], *, update_fields: Sequence[str]) -> None:
    language = store.info.get("language", "")
    StatusMapping.objects.bulk_create(
        [
            StatusMapping(
                store=store,
                remote_id=status.remote_id,
                name=(status.names.get(language) or next(iter(status.names.values()), status.remote_id))[:120],
                takes_stock=status.takes_stock,
                meaning=status.suggested or StatusMapping.Meaning.PROBLEM,
                confirmed=status.fixed,
            )
            for status in statuses
        ],
        update_conflicts=True,
        unique_fields=["store", "remote_id"],
        update_fields=list(update_fields),
    )


def checked_name(name: str) -> str:
    """A nickname as it is kept.

    Raises:
        Invalid: It is empty or longer than 80 characters.
    """
    name = name.strip()
    if not name or len(name) > 80:
        raise Invalid(field="name", reason="Give a name of 1 to 80 characters.")
    return name
