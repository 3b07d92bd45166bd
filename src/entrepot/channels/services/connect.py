"""Connecting a store: tried, made, given new credentials, asked again. Its later life is in `lifecycle`."""

from collections.abc import Mapping
from typing import Any, NoReturn

from django.db import IntegrityError, transaction

from entrepot.accounts.services import audit
from entrepot.channels import credentials as sealing
from entrepot.channels.errors import (
    CurrencyDiffers,
    MissingCredential,
    NameTaken,
    OfflineStore,
    OtherShop,
    SameShop,
    StoreStateForbids,
)
from entrepot.channels.flow import STORE_FLOW
from entrepot.channels.live import announce
from entrepot.channels.models import Listing, Run, Store
from entrepot.channels.opening import opened
from entrepot.channels.problems import resolve_problems
from entrepot.channels.registry import OFFLINE, connector_type
from entrepot.channels.services.lifecycle import (
    back_to_shadow,
    change_settings,
    disconnect,
    go_live,
    pause,
    rename,
    resume,
)
from entrepot.channels.services.runs import start_run
from entrepot.channels.services.store_row import DESCRIBED, checked_name, describe, locked_store, seed_statuses
from entrepot.channels.services.trouble import CONNECTION_CODES, mend, note_trouble
from entrepot.channels.services.webhook import register_webhook
from entrepot.connectors.contract import ShopInfo, Surroundings
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import ChannelMisconfigured, EntrepotError
from entrepot.orders.models import SalesChannel

__all__ = [
    "back_to_shadow",
    "change_settings",
    "check_connection",
    "connect_store",
    "disconnect",
    "go_live",
    "pause",
    "register_webhook",
    "rename",
    "replace_credentials",
    "resume",
    "test_connection",
]

TEST_TIMEOUT_SECONDS = 15.0


class AnotherShop(ChannelMisconfigured):
    """The address answers as a different shop than the one that was connected."""

    code = "another_shop"
    message = (
        "{found} answers as another shop than the one connected here. If the shop was moved or reinstalled, disconnect "
        "this store and connect it anew; else correct the address."
    )


def test_connection(*, connector: str, credentials: Mapping[str, str]) -> ShopInfo:
    """Ask the shop who it is with credentials that are not kept. Nothing is written anywhere.

    Raises:
        UnknownChannel: There is no such kind of channel.
        MissingCredential: A field is empty.
        ChannelError: The shop cannot be reached or says no; the sentence tells what to do.
    """
    kind = connector_type(connector)
    for field in kind.fields:
        if not credentials.get(field.name, "").strip():
            raise MissingCredential(field=field.name, label=field.label, reason="empty")
    plain = {field.name: credentials[field.name].strip() for field in kind.fields}
    trial = kind.open(plain, Surroundings(timeout_seconds=TEST_TIMEOUT_SECONDS))
    try:
        return trial.shop.info()
    finally:
        trial.close()


def connect_store(
    *,
    seller_id: int,
    name: str,
    country: str,
    currency: str,
    connector: str,
    credentials: Mapping[str, str],
    actor: Actor,
    settings: Mapping[str, Any] | None = None,
) -> Store:
    """Connect a shop in shadow mode and start its first import; one disconnected earlier comes back with its listings.

    Raises:
        ChannelError: The connection test fails.
        SameShop: The seller has this shop already, whatever key or address it was connected with.
        NameTaken: Another store of the seller has this name.
        CurrencyDiffers: The shop keeps its prices in another currency than the one given.
        MissingCredential, UnknownChannel, Invalid: A field is missing or cannot be.
    """
    name = checked_name(name)
    info = test_connection(connector=connector, credentials=credentials)
    if info.currency and currency and info.currency != currency.upper():
        raise CurrencyDiffers(given=currency.upper(), found=info.currency, field="currency", reason="differs")
    fields = {field.name for field in connector_type(connector).fields}
    plain = {field: text.strip() for field, text in credentials.items() if field in fields}
    try:
        with transaction.atomic():
            store = _former(seller_id, connector, info)
            if store is None:
                channel = _new_channel(seller_id, connector, name, country, info.currency or currency)
                store = Store.objects.create(
                    sales_channel=channel, seller_id=seller_id, connector=connector, identity=info.identity[:200]
                )
            _take_over(store, info, plain, name, settings)
            seed_statuses(store, statuses=info.statuses)
            if connector != OFFLINE:
                start_run(store=store, kind=Run.Kind.FIRST_IMPORT, actor=actor)
            audit(
                seller_id=seller_id,
                actor=actor,
                verb="stores.connect",
                object_type="store",
                object_id=store.pk,
                facts={"name": name, "connector": connector, "identity": info.identity, "url": info.url},
            )
    except IntegrityError as error:
        _refuse(error, seller_id, connector, info, name)
    announce(seller_id, f"store:{store.pk}")
    return store


def _former(seller_id: int, connector: str, info: ShopInfo) -> Store | None:
    """The store this shop was before it was disconnected."""
    if not info.identity:
        return None
    same = Store.objects.filter(seller_id=seller_id, connector=connector, identity=info.identity)
    if standing := same.exclude(state=Store.State.DISCONNECTED).select_related("sales_channel").first():
        raise SameShop(name=standing.sales_channel.name)
    former = same.filter(state=Store.State.DISCONNECTED).select_for_update(no_key=True)
    return former.order_by("-pk").first()


def _new_channel(seller_id: int, kind: str, name: str, country: str, currency: str) -> SalesChannel:
    return SalesChannel.objects.create(
        seller_id=seller_id, name=name, kind=kind, country=country.upper()[:2], currency=currency.upper()[:3]
    )


def _take_over(
    store: Store, info: ShopInfo, plain: Mapping[str, str], name: str, settings: Mapping[str, Any] | None
) -> None:
    """Write what the shop said of itself and the sealed credentials; a former store's listings come back."""
    if store.state == Store.State.DISCONNECTED:
        store.state = STORE_FLOW.target("reconnect", store.state)
        Listing.objects.filter(store=store, state=Listing.State.UNLINKED).update(
            state=Listing.State.ACTIVE, sent_version=-1, seen_quantity=None
        )
        SalesChannel.objects.filter(pk=store.pk).update(name=name)
    if store.connector == OFFLINE:
        store.state = STORE_FLOW.target("go_live", Store.State.SHADOW)
    store.credentials = sealing.sealed(store, plain)
    store.settings = dict(store.settings) | dict(settings or {})
    store.state_reason = store.resume_state = ""
    describe(store, info=info)
    store.save(update_fields=["state", "state_reason", "resume_state", "credentials", "settings", *DESCRIBED])


def _refuse(error: IntegrityError, seller_id: int, connector: str, info: ShopInfo, name: str) -> NoReturn:
    """Say which promise of the database was about to be broken."""
    words = str(error)
    if "store_same_shop_once" in words:
        standing = Store.objects.filter(seller_id=seller_id, connector=connector, identity=info.identity).exclude(
            state=Store.State.DISCONNECTED
        )
        first = standing.select_related("sales_channel").first()
        raise SameShop(name=first.sales_channel.name if first else name) from error
    if "sales_channel_name_once" in words:
        raise NameTaken(name=name) from error
    raise error


def replace_credentials(*, seller_id: int, store_id: int, credentials: Mapping[str, str], actor: Actor) -> Store:
    """Give a store a new key or address after testing it; a broken store works again at once.

    Raises:
        OtherShop: The credentials open another shop.
        ChannelError: The connection test fails. The old credentials stay.
        OfflineStore, StoreStateForbids, MissingCredential, StoreNotFound: It cannot be done here.
    """
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
    if store.connector == OFFLINE:
        raise OfflineStore(name=store.sales_channel.name)
    if store.state == Store.State.DISCONNECTED:
        raise StoreStateForbids(state=Store.State.DISCONNECTED.label, move="replace_credentials")
    info = test_connection(connector=store.connector, credentials=credentials)
    if info.identity != store.identity:
        raise OtherShop(found=info.url or info.name, expected=store.url or store.remote_name)
    fields = {field.name for field in connector_type(store.connector).fields}
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
        kept = {name: text.strip() for name, text in credentials.items() if name in fields}
        store.credentials = sealing.sealed(store, kept)
        describe(store, info=info)
        store.save(update_fields=["credentials", *DESCRIBED])
        seed_statuses(store, statuses=info.statuses)
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="stores.replace_credentials",
            object_type="store",
            object_id=store.pk,
            facts={"url": info.url},
        )
        mend(store=store)
    store.refresh_from_db()
    if store.writable:
        register_webhook(store=store)
    return store


def check_connection(*, store: Store) -> bool:
    """Ask the shop who it is; a broken store that answers as the right shop works again. Whether it is well."""
    try:
        with opened(store, lane="connection") as connector:
            info = connector.shop.info()
        if info.identity != store.identity:
            raise AnotherShop(info.url, found=info.url, expected=store.url)
    except EntrepotError as error:
        note_trouble(store=store, error=error)
        return False
    with transaction.atomic():
        row = locked_store(seller_id=store.seller_id, store_id=store.pk)
        describe(row, info=info)
        row.save(update_fields=DESCRIBED)
        seed_statuses(row, statuses=info.statuses)
    mend(store=store)
    resolve_problems(
        seller_id=store.seller_id, object_type="store", object_id=store.pk, codes=CONNECTION_CODES, actor=SYSTEM
    )
    return True
