"""Connecting stores whose owner agrees in the store's own pages: begun here, agreed there, finished here. Once each.

What the browser carries is a random state that we know only by its digest; it counts for an hour, once, in the browser
session that began it. Whatever was entered lies sealed in the `Consent` row until then, and goes when it has been used.
"""

import hmac
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels import credentials as sealing
from entrepot.channels.consent_errors import (
    ConsentElsewhere,
    ConsentExpired,
    ConsentUnknown,
    ConsentUsed,
    NoConsentKind,
)
from entrepot.channels.errors import NameTaken, StoreNotFound
from entrepot.channels.limiter import trial_throttle
from entrepot.channels.models import Consent, Store
from entrepot.channels.registry import connector_type
from entrepot.channels.services.connect import authorize_again, connect_store, typed_in
from entrepot.channels.services.store_row import checked_name
from entrepot.connectors.contract import ConnectorType, ConsentPage, ConsentRefused, SenderNotBelieved
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import ChannelThrottled
from entrepot.orders.models import SalesChannel

log = structlog.get_logger(__name__)

COUNTS_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)
"""A used or forgotten consent is kept so long, so that a second use can be told from a stranger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchTarget:
    """Where a launch from a store's admin leads.

    A store we know (`authorize` = its owner must agree again), or the connect page with what the launch named.
    """

    store: Store | None = None
    authorize: bool = False
    prefill: Mapping[str, str] = field(default_factory=dict)


def begin_consent(
    *,
    seller_id: int,
    connector: str,
    credentials: Mapping[str, str],
    facts: Mapping[str, Any],
    actor: Actor,
    session_key: str,
    return_url: str,
    store_id: int | None = None,
) -> str:
    """Keep what was entered and answer where to send the browser. Nothing is asked of the store.

    `facts`: name, country, currency and settings of the connect form. With `store_id` a known store is authorized
    again: fields left empty keep what it has, and `facts` are not looked at.

    Raises:
        UnknownChannel, NoConsentKind: There is nothing to agree to.
        MissingCredential, Invalid, NameTaken: A field is missing or cannot be.
        ChannelMisconfigured: The credentials cannot be ones of this channel.
        StoreNotFound: No such store of this seller.
    """
    kind, page = _consenting(connector)
    store = _known(seller_id, store_id, connector) if store_id is not None else None
    if store is not None:
        given = {name: text for name, text in credentials.items() if text.strip()}
        credentials, kept_facts = sealing.opened(store) | given, {}
    else:
        kept_facts = _checked_facts(seller_id, facts)
    plain = typed_in(kind, credentials=credentials)
    state = secrets.token_urlsafe(32)
    address = page.address(plain, state=state, return_url=return_url)
    with transaction.atomic():
        consent = Consent(
            seller_id=seller_id,
            connector=connector,
            state_digest=sealing.digest(state),
            session_digest=sealing.digest(session_key),
            facts=kept_facts,
            store=store,
            started_by=str(actor)[:120],
            started_at=timezone.now(),
        )
        consent.credentials = sealing.sealed_for_consent(consent, plain)
        consent.save(force_insert=True)
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="stores.begin_consent",
            object_type="store" if store else "consent",
            object_id=store.pk if store else consent.pk,
            facts={"connector": connector},
        )
    return address


def finish_consent(
    *, seller_id: int, state: str, query: Mapping[str, str], session_key: str, return_url: str, actor: Actor
) -> Store:
    """Take the browser's answer: connect the store it was begun for, or mend the known one. `query` = what came back.

    The consent is used up by this, whatever comes of it. Where the owner said no, nothing of it is left.

    Raises:
        ConsentUnknown, ConsentElsewhere, ConsentExpired, ConsentUsed: It does not count here, now, or again.
        ConsentRefused: The owner said no, or may not say yes.
        OtherShop: A known store's owner has agreed for another shop; the store keeps the grant it had.
        ChannelError, SameShop, NameTaken, CurrencyDiffers: As when any store is connected.
    """
    consent, plain = _take(seller_id, state, session_key)
    kind, page = _consenting(consent.connector)
    _take_a_turn(kind, plain)
    try:
        grant = page.redeem(plain, answer=query, return_url=return_url)
    except ConsentRefused:
        Consent.objects.filter(pk=consent.pk, seller_id=seller_id).delete()
        raise
    if consent.store_id is not None:
        return authorize_again(
            seller_id=seller_id, store_id=consent.store_id, credentials=plain, grant=grant, actor=actor
        )
    facts = consent.facts
    return connect_store(
        seller_id=seller_id,
        name=facts["name"],
        country=facts["country"],
        currency=facts["currency"],
        connector=consent.connector,
        credentials=plain,
        actor=actor,
        settings=facts["settings"],
        grant=grant,
    )


def launched(*, connector: str, query: str, now: datetime, seller_id: int | None = None) -> LaunchTarget:
    """Where a launch from the store's admin leads. `query` is the raw query text, as it came.

    A launch that names a store we know is believed by that store's own secret. `seller_id` narrows the look to one
    seller; the page it leads to asks for the membership all the same.

    Raises:
        UnknownChannel, NoConsentKind: This kind of store launches nothing.
        SenderNotBelieved: It names a store we know, and its signature is wrong or too old.
    """
    kind, page = _consenting(connector)
    named = page.launched_by(query)
    if not named:
        return LaunchTarget()
    doubt: SenderNotBelieved | None = None
    for store in _named_stores(kind, named, seller_id):
        try:
            page.check_launch(sealing.opened(store), query=query, now=now)
        except SenderNotBelieved as error:
            doubt = error
            continue
        return LaunchTarget(store=store, authorize=_must_agree(store), prefill=named)
    if doubt is not None:
        raise doubt
    return LaunchTarget(prefill=named)


def forget_consents(*, now: datetime | None = None) -> int:  # house: verb-signature nobody's deed
    """Drop consents that nobody can finish any more, and what was entered for them; how many. For the housekeeping."""
    moment = now or timezone.now()
    Consent.objects.filter(started_at__lt=moment - COUNTS_FOR).exclude(credentials=b"").update(credentials=b"")
    gone, _ = Consent.objects.filter(started_at__lt=moment - KEPT_FOR).delete()
    return gone


def _consenting(connector: str) -> tuple[ConnectorType, ConsentPage]:
    kind = connector_type(connector)
    if kind.consent is None:
        raise NoConsentKind(title=kind.title)
    return kind, kind.consent


def _known(seller_id: int, store_id: int, connector: str) -> Store:
    store = Store.objects.filter(seller_id=seller_id, pk=store_id, connector=connector).first()
    if store is None or store.state == Store.State.DISCONNECTED:
        raise StoreNotFound(store_id=store_id)
    return store


def _checked_facts(seller_id: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Said before the owner is sent away, not after; whether the name is free is asked again at the end."""
    name = checked_name(str(facts.get("name", "")))
    taken = SalesChannel.objects.filter(seller_id=seller_id, name=name)
    if taken.exclude(store__state=Store.State.DISCONNECTED).exists():
        raise NameTaken(name=name)
    return {
        "name": name,
        "country": str(facts.get("country", "")),
        "currency": str(facts.get("currency", "")),
        "settings": dict(facts.get("settings") or {}),
    }


def _take(seller_id: int, state: str, session_key: str) -> tuple[Consent, dict[str, str]]:
    """Use a consent up, once among all who come at the same time; it and what was entered for it."""
    marked = sealing.digest(state)
    with transaction.atomic():
        rows = Consent.objects.select_for_update().filter(seller_id=seller_id, state_digest=marked)
        consent = rows.first()
        if consent is None or not hmac.compare_digest(consent.state_digest, marked):
            raise ConsentUnknown
        if not hmac.compare_digest(consent.session_digest, sealing.digest(session_key)):
            raise ConsentElsewhere
        if consent.used_at is not None:
            raise ConsentUsed
        if consent.started_at < timezone.now() - COUNTS_FOR:
            raise ConsentExpired
        plain = sealing.opened_for_consent(consent)
        consent.used_at, consent.credentials = timezone.now(), b""
        consent.save(update_fields=["used_at", "credentials"])
    return consent, plain


def _take_a_turn(kind: ConnectorType, plain: Mapping[str, str]) -> None:
    """Count the call to come in the limit that the store shares. A code lives too short to wait out a long pause."""
    turn = trial_throttle(kind, plain)
    if turn is not None:
        with suppress(ChannelThrottled):
            turn.wait()


def _named_stores(kind: ConnectorType, named: Mapping[str, str], seller_id: int | None) -> list[Store]:
    """Connected stores that a launch may mean, those it fits best first."""
    rows = Store.objects.filter(connector=kind.name).exclude(state=Store.State.DISCONNECTED)
    rows = rows if seller_id is None else rows.filter(seller_id=seller_id)
    if kind.limit_key is not None:
        rows = rows.filter(limit_key=kind.limit_key(named))
    fitting: list[tuple[int, int, Store]] = []
    for store in rows.select_related("sales_channel"):
        kept = sealing.opened(store)
        differing = sum(kept.get(name) != text for name, text in named.items())
        if differing < len(named):
            fitting.append((differing, store.pk, store))
    return [store for _, _, store in sorted(fitting, key=lambda one: one[:2])]


def _must_agree(store: Store) -> bool:
    ended = store.grant_ends_at is not None and store.grant_ends_at <= timezone.now()
    return ended or sealing.opened_grant(store) is None
