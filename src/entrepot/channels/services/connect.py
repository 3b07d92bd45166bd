"""Connecting a store: tried, made, given new credentials, asked again. Its later life is in `lifecycle`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels import credentials as sealing
from entrepot.channels.consent_errors import ConsentFirst
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
from entrepot.channels.limiter import limit_key_of, trial_throttle
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
from entrepot.channels.services.tokens import StoreVault, ends_at
from entrepot.channels.services.trouble import CONNECTION_CODES, mend, note_answer, note_trouble
from entrepot.channels.services.webhook import register_webhook
from entrepot.connectors.contract import ConnectorType, ConsentNeeded, Grant, HeldGrant, ShopInfo, Surroundings, Vault
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import ChannelMisconfigured, EntrepotError
from entrepot.orders.models import SalesChannel

__all__ = [
    "authorize_again",
    "back_to_shadow",
    "change_settings",
    "check_connection",
    "connect_store",
    "disconnect",
    "go_live",
    "keep_consent",
    "pause",
    "register_webhook",
    "rename",
    "replace_credentials",
    "resume",
    "test_connection",
    "typed_in",
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
        ConsentFirst: This kind of store asks its owner in the browser before anything can be tested.
        ChannelError: The shop cannot be reached or says no; the sentence tells what to do.
    """
    kind = connector_type(connector)
    plain = typed_in(kind, credentials=credentials)
    return _ask_shop(kind, plain, vault=_held(kind, None))


def typed_in(kind: ConnectorType, *, credentials: Mapping[str, str]) -> dict[str, str]:
    """The fields of a kind as they were typed in, trimmed; one nobody spoke of has its initial text.

    Raises:
        MissingCredential: One that is needed is empty.
    """
    plain = {field.name: credentials.get(field.name, field.initial).strip() for field in kind.fields}
    for field in kind.fields:
        if field.required and not plain[field.name]:
            raise MissingCredential(field=field.name, label=field.label, reason="empty")
    return plain


def _held(kind: ConnectorType, grant: Grant | None) -> HeldGrant | None:
    if kind.consent is None:
        return None
    if grant is None:
        raise ConsentFirst(title=kind.title)
    return HeldGrant(grant)


def _ask_shop(kind: ConnectorType, plain: Mapping[str, str], *, vault: Vault | None) -> ShopInfo:
    around = Surroundings(timeout_seconds=TEST_TIMEOUT_SECONDS, throttle=trial_throttle(kind, plain), vault=vault)
    trial = kind.open(plain, around)
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
    grant: Grant | None = None,
) -> Store:
    """Connect a shop in shadow mode and start its first import; one disconnected earlier comes back with its listings.

    `grant`: what its owner has granted, for kinds of store that ask (`consent.finish_consent` has it).

    Raises:
        ConsentFirst: This kind of store asks its owner first.
        ChannelError: The connection test fails.
        SameShop: The seller has this shop already, whatever key or address it was connected with.
        NameTaken: Another store of the seller has this name.
        CurrencyDiffers: The shop keeps its prices in another currency than the one given.
        MissingCredential, UnknownChannel, Invalid: A field is missing or cannot be.
    """
    name = checked_name(name)
    kind = connector_type(connector)
    plain, held = typed_in(kind, credentials=credentials), _held(kind, grant)
    info = _ask_shop(kind, plain, vault=held)
    if info.currency and currency and info.currency != currency.upper():
        raise CurrencyDiffers(given=currency.upper(), found=info.currency, field="currency", reason="differs")
    try:
        with transaction.atomic():
            store = _former(seller_id, connector, info)
            if store is None:
                channel = _new_channel(seller_id, connector, name, country, info.currency or currency)
                store = Store.objects.create(
                    sales_channel=channel, seller_id=seller_id, connector=connector, identity=info.identity[:200]
                )
            _take_over(store, info, name, settings)
            _write_access(store, kind, plain, held)
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


def _take_over(store: Store, info: ShopInfo, name: str, settings: Mapping[str, Any] | None) -> None:
    """Write what the shop said of itself; a former store's listings come back."""
    if store.state == Store.State.DISCONNECTED:
        store.state = STORE_FLOW.target("reconnect", store.state)
        Listing.objects.filter(store=store, state=Listing.State.UNLINKED).update(
            state=Listing.State.ACTIVE, sent_version=-1, seen_quantity=None
        )
        SalesChannel.objects.filter(pk=store.pk).update(name=name)
    if store.connector == OFFLINE:
        store.state = STORE_FLOW.target("go_live", Store.State.SHADOW)
    store.settings = dict(store.settings) | dict(settings or {})
    store.state_reason = store.resume_state = ""
    describe(store, info=info)
    store.save(update_fields=["state", "state_reason", "resume_state", "settings", *DESCRIBED])


def _write_access(store: Store, kind: ConnectorType, plain: Mapping[str, str], held: HeldGrant | None) -> None:
    """Write what opens the store, sealed: its credentials and what its owner granted, as the test has left it."""
    grant = held.kept if held else None
    store.credentials = sealing.sealed(store, plain, grant=grant)
    store.grant_ends_at = ends_at(grant) if grant else None
    store.limit_key = limit_key_of(kind, plain, store_id=store.pk)
    store.save(update_fields=["credentials", "grant_ends_at", "limit_key"])


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

    Of a store whose owner has agreed, only what is optional may be replaced here, and its grant stays.

    Raises:
        OtherShop: The credentials open another shop.
        ChannelError: The connection test fails. The old credentials stay.
        ConsentFirst: Its owner must agree to these: `consent.begin_consent` with the store's id.
        OfflineStore, StoreStateForbids, MissingCredential, StoreNotFound: It cannot be done here.
    """
    store = _replaceable(seller_id, store_id)
    kind = connector_type(store.connector)
    if kind.consent is None:
        plain = typed_in(kind, credentials=credentials)
        info = _same_shop(store, _ask_shop(kind, plain, vault=None))
    else:
        plain = _optional_only(kind, store, credentials)
        info = _same_shop(store, _ask_shop(kind, plain, vault=StoreVault(store.pk, store.sales_channel.name)))
    with transaction.atomic():
        row = locked_store(seller_id=seller_id, store_id=store_id)
        row.credentials = sealing.with_fields(row, plain)
        row.limit_key = limit_key_of(kind, plain, store_id=row.pk)
        row.save(update_fields=["credentials", "limit_key"])
    return _taken_anew(store, info, "stores.replace_credentials", actor)


def authorize_again(
    *, seller_id: int, store_id: int, credentials: Mapping[str, str], grant: Grant, actor: Actor
) -> Store:
    """Take a new grant (and the credentials it was asked with) for a known store; a broken store works again at once.

    Raises:
        OtherShop: It was granted by another shop. The store keeps what it had.
        ChannelError: The connection test fails. The store keeps what it had.
        StoreStateForbids, MissingCredential, StoreNotFound: It cannot be done here.
    """
    store = _replaceable(seller_id, store_id)
    kind = connector_type(store.connector)
    plain, held = typed_in(kind, credentials=credentials), _held(kind, grant)
    info = _same_shop(store, _ask_shop(kind, plain, vault=held))
    with transaction.atomic():
        row = locked_store(seller_id=seller_id, store_id=store_id)
        _write_access(row, kind, plain, held)
        resolve_problems(
            seller_id=seller_id, object_type="store", object_id=store_id, codes=CONNECTION_CODES, actor=actor
        )
    return _taken_anew(store, info, "stores.authorize", actor)


def _replaceable(seller_id: int, store_id: int) -> Store:
    with transaction.atomic():
        store = locked_store(seller_id=seller_id, store_id=store_id)
    if store.connector == OFFLINE:
        raise OfflineStore(name=store.sales_channel.name)
    if store.state == Store.State.DISCONNECTED:
        raise StoreStateForbids(state=Store.State.DISCONNECTED.label, move="replace_credentials")
    return store


def _same_shop(store: Store, info: ShopInfo) -> ShopInfo:
    if info.identity != store.identity:
        raise OtherShop(found=info.url or info.name, expected=store.url or store.remote_name)
    return info


def _optional_only(kind: ConnectorType, store: Store, credentials: Mapping[str, str]) -> dict[str, str]:
    """The kept credentials with the optional ones changed. A secret left empty stays; nobody is shown it again."""
    kept = sealing.opened(store)
    plain = dict(kept)
    for field in kind.fields:
        given = credentials.get(field.name, kept.get(field.name, field.initial)).strip()
        if field.required and given and given != kept.get(field.name):
            raise ConsentFirst(title=kind.title)
        if not field.required and (given or not field.secret):
            plain[field.name] = given
    return plain


def _taken_anew(store: Store, info: ShopInfo, verb: str, actor: Actor) -> Store:
    """A known store was given what opens it: described anew, mended, and asked to announce again."""
    with transaction.atomic():
        row = locked_store(seller_id=store.seller_id, store_id=store.pk)
        describe(row, info=info)
        row.save(update_fields=DESCRIBED)
        seed_statuses(row, statuses=info.statuses)
        audit(
            seller_id=store.seller_id,
            actor=actor,
            verb=verb,
            object_type="store",
            object_id=store.pk,
            facts={"url": info.url},
        )
        mend(store=row)
        note_answer(store=row)
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


def keep_consent(*, store: Store, now: datetime | None = None) -> bool:
    """Use a consent that ends soon, so that its connector renews it. Where it has ended, nobody asks: a person is told.

    A paused store's consent is kept alive too: nothing of the shop is read for it but its name.
    """
    try:
        if store.grant_ends_at is not None and store.grant_ends_at <= (now or timezone.now()):
            raise ConsentNeeded("the consent has ended", name=store.sales_channel.name)
        with opened(store, lane="connection") as connector:
            connector.shop.info()
    except EntrepotError as error:
        note_trouble(store=store, error=error)
        return False
    return True
