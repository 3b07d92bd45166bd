"""Asking a store to announce changes by itself. A hint only: orders are pulled all the same."""

import structlog
from django.conf import settings
from django.db import transaction

from entrepot.channels.models import Store
from entrepot.channels.opening import opened
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.store_row import locked_store
from entrepot.channels.services.trouble import words_of
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import EntrepotError

log = structlog.get_logger(__name__)


def webhook_url(store: Store) -> str:
    """Where a store announces changes to us."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/hooks/{store.public_id}"


def register_webhook(*, store: Store) -> bool:
    """Ask a live store to announce changes. A refusal is a problem on the list, no failure: orders are pulled too."""
    return store.writable and tell_webhook(store, url=webhook_url(store))


def tell_webhook(store: Store, *, url: str | None) -> bool:
    """Tell the store where to announce changes; None = nowhere any more. Whether it heard."""
    try:
        with opened(store, lane="orders") as connector:
            if connector.events is None:
                return False
            connector.events.register(url)
    except EntrepotError as error:
        log.info("webhook_not_told", store=store.pk, code=error.code)
        if url is not None:
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
    with transaction.atomic():
        row = locked_store(seller_id=store.seller_id, store_id=store.pk)
        row.info["webhook"] = url
        row.save(update_fields=["info"])
        store.info = row.info
    resolve_problems(
        seller_id=store.seller_id,
        object_type="store",
        object_id=store.pk,
        codes=["webhook_not_registered"],
        actor=SYSTEM,
    )
    return True
