"""The life of a connection: taken live, paused, resumed, renamed, ended. Moves are in `channels/flow.py`."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.errors import ImportNotFinished, NameTaken
from entrepot.channels.live import announce
from entrepot.channels.models import Announced, Consent, Listing, Problem, Store
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.runs import cancel_runs, import_done
from entrepot.channels.services.store_row import checked_name, locked_store, move_store
from entrepot.channels.services.trouble import CONNECTION_CODES
from entrepot.channels.services.webhook import hush, open_line, register_webhook
from entrepot.kernel.actor import Actor


def _wake_all(store: Store) -> None:
    for task in ("import_store", "pull_orders", "push_stock", "push_statuses", "check_drift"):
        engine.wake(task, store.pk)


def go_live(*, seller_id: int, store_id: int, actor: Actor) -> Store:
    """From now on stock and statuses are written to the store; it is asked to announce changes by itself.

    Raises:
        ImportNotFinished: The first import has not come to its end, so the figures are not known yet.
        StoreStateForbids: The store is not in shadow mode.
        StoreNotFound: No such store.
    """
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
        if store.state == Store.State.LIVE:
            return store
        if not import_done(store):
            raise ImportNotFinished
        move_store(store, move_name="go_live", actor=actor)
        _wake_all(store)
    register_webhook(store=store)
    return store


def back_to_shadow(*, seller_id: int, store_id: int, actor: Actor) -> Store:
    """Stop writing to a live store; reading goes on."""
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
        move_store(store, move_name="back_to_shadow", actor=actor)
    return store


def pause(*, seller_id: int, store_id: int, actor: Actor) -> Store:
    """Neither read nor write until somebody resumes; what is owed meanwhile is kept."""
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
        if store.state in {Store.State.SHADOW, Store.State.LIVE}:
            store.resume_state = store.state
        move_store(store, move_name="pause", actor=actor)
    return store


def resume(*, seller_id: int, store_id: int, actor: Actor) -> Store:
    """Go on as before the pause (or the breakage) and catch up with everything owed."""
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
        back = "resume_live" if store.resume_state == Store.State.LIVE else "resume_shadow"
        store.resume_state = store.state_reason = ""
        move_store(store, move_name=back, actor=actor)
        resolve_problems(
            seller_id=seller_id, object_type="store", object_id=store.pk, codes=CONNECTION_CODES, actor=actor
        )
        _wake_all(store)
    return store


def disconnect(*, seller_id: int, store_id: int, actor: Actor) -> Store:
    """End the connection: credentials and grant forgotten, listings unlinked, errands ended. Orders and stock stay.

    The store is told, as far as it still listens, to announce nothing any more: after the commit that forgets its
    credentials, over a connection opened before it, so that nothing that fails on the way leaves them behind.
    """
    line = open_line(seller_id=seller_id, store_id=store_id)
    try:
        store = _end(seller_id=seller_id, store_id=store_id, actor=actor)
        if line and store.info.get("webhook"):
            hush(store, line=line)
    finally:
        if line:
            line.close()
    return store


def _end(*, seller_id: int, store_id: int, actor: Actor) -> Store:
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
        if store.state == Store.State.DISCONNECTED:
            return store
        store.resume_state = store.state_reason = ""
        move_store(store, move_name="disconnect", actor=actor)
        store.credentials, store.orders_due_at = b"", None
        store.grant_ends_at, store.memory = None, {}
        store.save(update_fields=["credentials", "grant_ends_at", "memory", "orders_due_at"])
        Announced.objects.filter(store=store).delete()
        Consent.objects.filter(store=store, seller_id=seller_id).delete()
        linked = Listing.objects.filter(store=store).exclude(state=Listing.State.UNLINKED)
        ordered = linked.order_by("remote_id", "variation_key")  # as an import page takes them (docs/locks.md)
        list(ordered.select_for_update(no_key=True).values_list("pk", flat=True))
        linked.update(state=Listing.State.UNLINKED, force_push=False)
        cancel_runs(store=store, actor=actor)
        resolve_problems(seller_id=seller_id, object_type="store", object_id=store.pk, actor=actor)
        _close_on_listings(store, actor)
    return store


def _close_on_listings(store: Store, actor: Actor) -> None:
    """What stood open on the listings is nobody's concern once they are unlinked."""
    standing = Problem.objects.filter(seller_id=store.seller_id, store=store, object_type="listing", resolved_at=None)
    if standing.update(resolved_at=timezone.now(), resolved_by=str(actor)[:120]):
        announce(store.seller_id, "problems")


def rename(*, seller_id: int, store_id: int, name: str, actor: Actor) -> Store:
    """Give a store another nickname.

    Raises:
        NameTaken: Another store of the seller has it.
        Invalid: It is empty or longer than 80 characters.
    """
    name = checked_name(name)
    try:
        with transaction.atomic():
            store = locked_store(seller_id=seller_id, store_id=store_id)
            before, store.sales_channel.name = store.sales_channel.name, name
            store.sales_channel.save(update_fields=["name"])
            audit(
                seller_id=seller_id,
                actor=actor,
                verb="stores.rename",
                object_type="store",
                object_id=store_id,
                facts={"from": before, "to": name},
            )
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    announce(seller_id, f"store:{store_id}")
    return store


def change_settings(*, seller_id: int, store_id: int, changes: Mapping[str, Any], actor: Actor) -> Store:
    """Change settings of a store (None takes one back to its default). Stock rules are looked at anew at once."""
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
        merged = dict(store.settings) | dict(changes)
        store.settings = {name: value for name, value in merged.items() if value is not None}
        store.save(update_fields=["settings"])
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="stores.change_settings",
            object_type="store",
            object_id=store_id,
            facts={"changes": dict(changes)},
        )
    announce(seller_id, f"store:{store_id}")
    return store
