"""Asking a store to announce changes by itself. A hint only: orders are pulled all the same."""

import structlog
from django.conf import settings
from django.db import transaction

from entrepot.channels.models import Store
from entrepot.channels.opening import open_store, opened
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.store_row import locked_store
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import Connector
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import EntrepotError

log = structlog.get_logger(__name__)


def webhook_url(store: Store) -> str:
    """Where a store announces changes to us."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/hooks/{store.public_id}"


def register_webhook(*, store: Store) -> bool:
    """Ask a live store to announce changes. A refusal is a problem on the list, no failure: orders are pulled too.

    Where the shop's owner enters our address in the store by hand, nothing is asked.
    """
    return store.writable and _tell_webhook(store, webhook_url(store))


def open_line(*, seller_id: int, store_id: int) -> Connector | None:
    """A connection to a store that is about to be disconnected; None where there is none to be had. Makes no call."""
    store = Store.objects.filter(seller_id=seller_id, pk=store_id).select_related("sales_channel").first()
    if store is None or not store.credentials:
        return None
    try:
        return open_store(store, lane="orders")
    except EntrepotError as error:
        log.info("no_line_to_store", store=store_id, code=error.code)
        return None


def hush(store: Store, *, line: Connector) -> None:
    """Ask a disconnected store to announce nothing any more; where it does not hear, we no longer listen."""
    if line.events is None or line.events.set_by_hand:
        return
    try:
        line.events.register(None)
    except EntrepotError as error:
        log.info("webhook_not_told", store=store.pk, code=error.code)
        return
    _note_webhook(store, None)


def _tell_webhook(store: Store, url: str) -> bool:
    """Tell the store where to announce changes. Whether it heard."""
    try:
        with opened(store, lane="orders") as connector:
            if connector.events is None or connector.events.set_by_hand:
                return False
            connector.events.register(url)
    except EntrepotError as error:
        log.info("webhook_not_told", store=store.pk, code=error.code)
        open_problem(
            seller_id=store.seller_id,
            store_id=store.pk,
            code="webhook_not_registered",
            object_type="store",
            object_id=store.pk,
            fields=words_of(error),
            detail=error.detail,
        )
        return False
    _note_webhook(store, url)
    resolve_problems(
        seller_id=store.seller_id,
        object_type="store",
        object_id=store.pk,
        codes=["webhook_not_registered"],
        actor=SYSTEM,
    )
    return True


def _note_webhook(store: Store, url: str | None) -> None:
    with transaction.atomic():
        row = locked_store(seller_id=store.seller_id, store_id=store.pk)
        row.info["webhook"] = url
        row.save(update_fields=["info"])
        store.info = row.info
