"""Opening a store: its credentials unsealed, its calls journaled and limited, and closed again whatever happens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepot.channels import credentials
from entrepot.channels.journal import StoreJournal, journal
from entrepot.channels.limiter import throttle
from entrepot.channels.memory import StoreMemory
from entrepot.channels.models import PushedEvent, Store
from entrepot.channels.registry import connector_type
from entrepot.channels.services.pictures_out import giving
from entrepot.channels.services.tokens import StoreVault
from entrepot.connectors.contract import Connector, ConnectorType, Surroundings
from entrepot.orders.models import Order

SETTINGS: Mapping[str, Any] = {
    "order_minutes": 5,
    "state_minutes": 30,
    "drift_minutes": 60,
    "product_hours": 24,
    "edit_policy": "ask",
    "edit_policies": {},
    "price_mapping": "both",
    "order_days": 90,
    "split_tell": "last",
    "partial_policy": "wait",
}
"""Settings of a store and what they are where the seller has not said otherwise."""


def setting(store: Store, name: str) -> Any:  # noqa: ANN401 - a setting is what its owner made it
    """A setting of a store, or its default."""
    return store.settings.get(name, SETTINGS.get(name))


def secret_texts(kind: ConnectorType, plain: Mapping[str, str]) -> frozenset[str]:
    """The texts of the secret fields, long enough to be told from ordinary words."""
    secret_fields = {field.name for field in kind.fields if field.secret}
    return frozenset(text for name, text in plain.items() if name in secret_fields and len(text) >= 6)


def open_store(store: Store, *, lane: str = "orders") -> Connector:
    """A connector for this store; makes no call. Closing it also writes its journal. Prefer `opened`.

    Raises:
        UnknownChannel: The installation no longer has this kind of channel.
        ChannelMisconfigured: The credentials cannot be ones of this channel.
    """
    kind = connector_type(store.connector)
    plain = credentials.opened(store)
    kept = journal(store, kind, secrets=secret_texts(kind, plain) | _granted_texts(store))
    connector = kind.open(plain, _surroundings(store, kind, kept, lane))

    def close() -> None:
        connector.close()
        kept.flush()

    return replace(connector, close=close)


@contextmanager
def opened(store: Store, *, lane: str = "orders") -> Iterator[Connector]:
    """Open a store for a `with` block; closed at the end, whatever happens."""
    connector = open_store(store, lane=lane)
    try:
        yield connector
    finally:
        connector.close()


def lent_or_opened(store: Store, connector: Connector | None, *, lane: str) -> AbstractContextManager[Connector]:
    """The connector a caller lends for the length of an errand and closes itself; without one, the store opened."""
    return nullcontext(connector) if connector else opened(store, lane=lane)


def _granted_texts(store: Store) -> frozenset[str]:
    """The tokens as they are now; later ones are hidden by their keys in the answers that bring them."""
    grant = credentials.opened_grant(store)
    return frozenset({grant.access_token, grant.refresh_token} - {""}) if grant else frozenset()


def _surroundings(store: Store, kind: ConnectorType, kept: StoreJournal, lane: str) -> Surroundings:
    return Surroundings(
        journal=kept,
        throttle=throttle(store, kind, lane=lane),
        seen_nonce=_nonce_memory(store.pk),
        settings=dict(SETTINGS) | store.settings,
        vault=StoreVault(store.pk, store.sales_channel.name) if kind.consent else None,
        memory=StoreMemory(store.pk),
        home_of=_home_memory(store),
        kept_picture=giving(store.seller_id),
        private_targets=django_settings.PRIVATE_TARGETS,
    )


def _home_memory(store: Store) -> Callable[[str, Sequence[str]], str]:
    def home_of(line_id: str, order_ids: Sequence[str]) -> str:
        """In which of these orders we have that line."""
        ours = Order.objects.filter(seller_id=store.seller_id, sales_channel_id=store.pk, remote_id__in=order_ids)
        return ours.filter(lines__remote_id=line_id).values_list("remote_id", flat=True).first() or ""

    return home_of


def _nonce_memory(store_id: int) -> Callable[[str], bool]:
    def seen_nonce(nonce: str) -> bool:
        """Whether this nonce was there before; remembered from now on, in one statement."""
        try:
            with transaction.atomic():
                PushedEvent.objects.create(store_id=store_id, nonce=nonce[:64], at=timezone.now())
        except IntegrityError:
            return True
        return False

    return seen_nonce
