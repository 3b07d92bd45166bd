"""A store's owner agrees in the store's own pages: once, within the hour, in the browser that began it."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.channels import credentials, registry
from entrepot.channels.consent_errors import (
    ConsentElsewhere,
    ConsentExpired,
    ConsentFirst,
    ConsentUnknown,
    ConsentUsed,
    NoConsentKind,
)
from entrepot.channels.errors import MissingCredential, NameTaken, OtherShop, SameShop, StoreNotFound
from entrepot.channels.models import Consent, Problem, Run, StatusMapping, Store
from entrepot.channels.opening import opened
from entrepot.channels.services import connect, lifecycle
from entrepot.channels.services.connect import test_connection as try_connection
from entrepot.channels.services.consent import begin_consent, forget_consents, launched
from entrepot.channels.services.tokens import StoreVault
from entrepot.connectors.contract import ConsentNeeded, ConsentRefused, SenderNotBelieved
from entrepot.kernel.errors import ChannelMisconfigured
from tests.channels.agora import AGORA, MALLS, mall
from tests.channels.agora_desk import BACK, FACTS, MINA, SESSION, begin, connected, finish, keys


@pytest.fixture
def seller(empty_queue: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seller]:
    monkeypatch.setitem(registry.connector_types, "agora", AGORA)
    mall("blue")
    mall("green")
    yield Seller.objects.create(name="Seoul Socks")
    MALLS.clear()


def row(store: Store) -> Store:
    return Store.objects.get(pk=store.pk)


def everything_written() -> str:
    """What the tables about connections hold, as text."""
    said = []
    with connection.cursor() as cursor:
        for table in ("channels_consent", "channels_store", "accounts_auditentry", "channels_journalentry"):
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - our own names
            said += [str(line[0]) for line in cursor.fetchall()]
    return "\n".join(said)


# --------------------------------------------------------------------------- beginning


def test_beginning_sends_the_browser_to_the_store_and_connects_nothing(seller: Seller) -> None:
    state = begin(seller)

    assert len(state) >= 43
    waiting = Consent.objects.get()
    assert (waiting.connector, waiting.store, waiting.used_at, waiting.facts) == ("agora", None, None, FACTS)
    assert not Store.objects.exists()
    assert mall("blue").calls == []


def test_neither_the_state_nor_the_session_nor_a_secret_is_written_down(seller: Seller) -> None:
    state = begin(seller)
    finish(seller, state)

    written = everything_written()
    for secret in (state, SESSION, mall("blue").client_secret, "key-of-the-hook", "access-blue-1", "refresh-blue-1"):
        assert secret not in written
    assert credentials.digest(state) in written


def test_two_consents_never_share_a_state(seller: Seller) -> None:
    assert begin(seller) != begin(seller)


@pytest.mark.parametrize(
    ("spoilt", "error"),
    [
        ({"mall_id": "  "}, MissingCredential),
        ({"client_secret": ""}, MissingCredential),
        ({"mall_id": "no/mall"}, ChannelMisconfigured),
    ],
)
def test_what_cannot_be_is_refused_before_the_owner_is_sent_away(
    seller: Seller, spoilt: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        begin(seller, keys() | spoilt)
    assert not Consent.objects.exists()


def test_a_name_that_is_taken_is_refused_before_the_owner_is_sent_away(seller: Seller) -> None:
    connected(seller)
    with pytest.raises(NameTaken):
        begin(seller, keys("green"))
    assert Consent.objects.filter(used_at=None).count() == 0


def test_a_kind_that_asks_nobody_has_no_consent_to_begin(seller: Seller) -> None:
    with pytest.raises(NoConsentKind):
        begin_consent(
            seller_id=seller.pk,
            connector="offline",
            credentials={},
            facts=FACTS,
            actor=MINA,
            session_key=SESSION,
            return_url=BACK,
        )


# --------------------------------------------------------------------------- finishing


def test_the_owners_answer_connects_the_store(seller: Seller) -> None:
    store = finish(seller, begin(seller))

    assert (store.state, store.identity, store.limit_key) == (Store.State.SHADOW, "blue/1", "agora:blue")
    assert (store.sales_channel.name, store.sales_channel.currency) == ("My mall", "KRW")
    assert credentials.opened(store) == keys() | {"shop_no": "1"}
    grant = credentials.opened_grant(store)
    assert grant is not None
    assert (grant.access_token, grant.refresh_token, grant.scopes) == (
        "access-blue-1",
        "refresh-blue-1",
        ("read", "write"),
    )
    assert store.grant_ends_at == grant.refresh_ends_at
    assert Run.objects.get(store=store).kind == Run.Kind.FIRST_IMPORT
    assert AuditEntry.objects.get(verb="stores.connect").facts["identity"] == "blue/1"


def test_a_consent_counts_once_and_what_was_entered_for_it_is_gone(seller: Seller) -> None:
    state = begin(seller)
    finish(seller, state)

    assert bytes(Consent.objects.get().credentials) == b""
    with pytest.raises(ConsentUsed):
        finish(seller, state)
    assert Store.objects.count() == 1
    assert mall("blue").grants == 1


def test_a_failed_finish_uses_the_consent_up_too(seller: Seller) -> None:
    state = begin(seller)
    with pytest.raises(ChannelMisconfigured):
        finish(seller, state, code="a-code-of-yesterday")
    with pytest.raises(ConsentUsed):
        finish(seller, state)
    assert not Store.objects.exists()


def test_a_consent_counts_for_an_hour(seller: Seller) -> None:
    state = begin(seller)
    Consent.objects.update(started_at=timezone.now() - timedelta(minutes=61))

    with pytest.raises(ConsentExpired):
        finish(seller, state)
    assert mall("blue").grants == 0
    assert not Store.objects.exists()


def test_only_the_browser_that_began_it_may_finish(seller: Seller) -> None:
    state = begin(seller)

    with pytest.raises(ConsentElsewhere):
        finish(seller, state, session_key="the-browser-of-a-stranger")
    assert finish(seller, state).identity == "blue/1"


def test_a_stranger_with_the_state_finds_nothing(seller: Seller) -> None:
    state = begin(seller)
    stranger = Seller.objects.create(name="Others")

    for who, what in ((stranger, state), (seller, state[:-1]), (seller, "")):
        with pytest.raises(ConsentUnknown):
            finish(who, what)
    assert Consent.objects.get().used_at is None


def test_an_owner_who_says_no_leaves_nothing_behind(seller: Seller) -> None:
    state = begin(seller)

    with pytest.raises(ConsentRefused):
        finish(seller, state, error="access_denied")

    assert not Consent.objects.exists()
    assert not Store.objects.exists()
    assert mall("blue").grants == 0


def test_the_same_shop_is_not_connected_twice(seller: Seller) -> None:
    first = connected(seller)
    state = begin(seller, facts=FACTS | {"name": "Again"})

    with pytest.raises(SameShop):
        finish(seller, state)
    assert Store.objects.get() == first


def test_two_shops_of_one_mall_are_two_stores_with_one_limit(seller: Seller) -> None:
    first, second = connected(seller), connected(seller, name="Second shop", shop_no="2")
    assert (first.identity, second.identity) == ("blue/1", "blue/2")
    assert first.limit_key == second.limit_key == "agora:blue"


def test_a_token_renewed_during_the_test_is_the_one_that_is_kept(seller: Seller) -> None:
    state = begin(seller)
    made = mall("blue").grant

    def stillborn():
        grant = made()
        if grant.access_token.endswith("-1"):
            mall("blue").live.clear()
        return grant

    mall("blue").grant = stillborn  # type: ignore[method-assign]
    store = finish(seller, state)

    kept = credentials.opened_grant(store)
    assert kept is not None
    assert kept.refresh_token == mall("blue").refresh == "refresh-blue-2"


def test_a_disconnected_store_forgets_its_grant_and_comes_back_with_a_new_one(seller: Seller) -> None:
    store = connected(seller)
    lifecycle.disconnect(seller_id=seller.pk, store_id=store.pk, actor=MINA)

    ended = row(store)
    assert (bytes(ended.credentials), ended.grant_ends_at, ended.memory) == (b"", None, {})
    assert StoreVault(store.pk).grant() is None
    assert mall("blue").registered == []

    assert connected(seller) == store
    assert credentials.opened_grant(row(store)).refresh_token == "refresh-blue-2"  # type: ignore[union-attr]


# --------------------------------------------------------------------------- trying and fields


def test_nothing_can_be_tried_before_the_owner_has_agreed(seller: Seller) -> None:
    with pytest.raises(ConsentFirst):
        try_connection(connector="agora", credentials=keys())
    with pytest.raises(ConsentFirst):
        connect.connect_store(
            seller_id=seller.pk,
            name="x",
            country="KR",
            currency="KRW",
            connector="agora",
            credentials=keys(),
            actor=MINA,
        )
    assert not Store.objects.exists()


def test_optional_fields_may_stay_empty_and_one_nobody_spoke_of_has_its_first_text(seller: Seller) -> None:
    given = {"mall_id": " blue ", "client_secret": mall("blue").client_secret}
    store = finish(seller, begin(seller, given))
    assert credentials.opened(store) == given | {"mall_id": "blue", "hook_key": "", "shop_no": "1"}


def test_statuses_that_the_channel_fixes_need_no_confirmation(seller: Seller) -> None:
    store = connected(seller)
    said = {one.remote_id: (one.meaning, one.confirmed) for one in StatusMapping.objects.filter(store=store)}
    assert said == {"20": ("new", True), "90": ("problem", False)}


def test_a_sellers_own_meaning_of_a_fixed_status_stands(seller: Seller) -> None:
    store = connected(seller)
    StatusMapping.objects.filter(store=store, remote_id="20").update(meaning="ignore", confirmed=False)

    assert connect.check_connection(store=row(store))

    again = StatusMapping.objects.get(store=store, remote_id="20")
    assert (again.meaning, again.confirmed) == ("ignore", True)


# --------------------------------------------------------------------------- authorizing again


def broken(store: Store) -> Store:
    """Its permission has ended, and an errand has noticed."""
    mall("blue").live.clear()
    mall("blue").refresh = "another"
    assert not connect.check_connection(store=row(store))
    return row(store)


def open_codes(store: Store) -> list[str]:
    return sorted(Problem.objects.filter(store=store, resolved_at=None).values_list("code", flat=True))


def test_authorizing_again_mends_a_store(seller: Seller) -> None:
    store = broken(connected(seller))
    assert (store.state, store.state_reason, open_codes(store)) == ("broken", "consent_needed", ["consent_needed"])

    state = begin(seller, {}, store_id=store.pk, facts={})
    mended = finish(seller, state)

    assert (mended.pk, mended.state, mended.state_reason, open_codes(store)) == (store.pk, "shadow", "", [])
    assert credentials.opened(mended) == keys() | {"shop_no": "1"}
    assert StoreVault(store.pk).grant().access_token == "access-blue-2"  # type: ignore[union-attr]
    assert AuditEntry.objects.filter(verb="stores.authorize").count() == 1
    with opened(mended) as connector:
        assert connector.shop.info().identity == "blue/1"


def test_new_credentials_come_with_the_new_grant(seller: Seller) -> None:
    store = connected(seller)
    state = begin(seller, {"hook_key": "another-hook", "client_secret": ""}, store_id=store.pk)
    again = finish(seller, state)
    assert credentials.opened(again) == keys() | {"shop_no": "1", "hook_key": "another-hook"}


def test_another_malls_consent_is_refused_and_the_old_grant_stays(seller: Seller) -> None:
    store = connected(seller)
    before = bytes(row(store).credentials)
    state = begin(seller, {"mall_id": "green", "client_secret": "x"}, store_id=store.pk)

    with pytest.raises(OtherShop):
        finish(seller, state)

    assert bytes(row(store).credentials) == before
    assert row(store).limit_key == "agora:blue"
    assert StoreVault(store.pk).grant().access_token == "access-blue-1"  # type: ignore[union-attr]


def test_nobody_authorizes_another_sellers_store(seller: Seller) -> None:
    store = connected(seller)
    stranger = Seller.objects.create(name="Others")
    with pytest.raises(StoreNotFound):
        begin(stranger, {}, store_id=store.pk)


def test_only_what_is_optional_is_replaced_without_the_owner(seller: Seller) -> None:
    store = connected(seller)
    with pytest.raises(ConsentFirst):
        connect.replace_credentials(
            seller_id=seller.pk, store_id=store.pk, credentials={"client_secret": "new"}, actor=MINA
        )
    assert credentials.opened(row(store))["client_secret"] == mall("blue").client_secret

    connect.replace_credentials(
        seller_id=seller.pk, store_id=store.pk, credentials={"hook_key": "new-hook", "client_secret": ""}, actor=MINA
    )
    assert credentials.opened(row(store)) == keys() | {"shop_no": "1", "hook_key": "new-hook"}
    assert StoreVault(store.pk).grant().access_token == "access-blue-1"  # type: ignore[union-attr]

    with pytest.raises(OtherShop):
        connect.replace_credentials(seller_id=seller.pk, store_id=store.pk, credentials={"shop_no": "2"}, actor=MINA)
    assert credentials.opened(row(store))["shop_no"] == "1"


# --------------------------------------------------------------------------- launching


def launch(secret: str, mall_id: str = "blue", *, seconds_ago: float = 0) -> str:
    return f"at={timezone.now().timestamp() - seconds_ago}&mall_id={mall_id}&hmac={secret}"


def test_a_launch_leads_to_the_store_it_is_signed_for(seller: Seller) -> None:
    second = connected(seller, name="Second shop", shop_no="2")
    first = connected(seller)

    target = launched(connector="agora", query=launch(mall("blue").client_secret), now=timezone.now())

    assert (target.store, target.authorize) == (first, False)
    assert second != first


def test_a_launch_of_a_store_whose_consent_has_ended_says_so(seller: Seller) -> None:
    store = broken(connected(seller))
    target = launched(connector="agora", query=launch(mall("blue").client_secret), now=timezone.now())
    assert (target.store, target.authorize) == (store, True)


@pytest.mark.parametrize("query", ["forged", "old"])
def test_a_launch_that_is_forged_or_old_is_not_believed(seller: Seller, query: str) -> None:
    connected(seller)
    sent = launch("forged") if query == "forged" else launch(mall("blue").client_secret, seconds_ago=7300)
    with pytest.raises(SenderNotBelieved):
        launched(connector="agora", query=sent, now=timezone.now())


def test_a_launch_of_an_unknown_mall_fills_the_connect_page(seller: Seller) -> None:
    connected(seller)
    target = launched(connector="agora", query=launch("whatever", "green"), now=timezone.now())
    assert (target.store, dict(target.prefill)) == (None, {"mall_id": "green", "shop_no": "1"})
    assert launched(connector="agora", query="nothing=1", now=timezone.now()).prefill == {}


def test_a_launch_finds_the_store_of_the_seller_who_looks(seller: Seller) -> None:
    connected(seller)
    stranger = Seller.objects.create(name="Others")
    theirs = connected(stranger)
    target = launched(
        connector="agora", query=launch(mall("blue").client_secret), now=timezone.now(), seller_id=stranger.pk
    )
    assert target.store == theirs


# --------------------------------------------------------------------------- tidying


def test_consents_that_nobody_finishes_lose_their_secrets_and_go(seller: Seller) -> None:
    begin(seller)
    now = timezone.now()
    assert forget_consents(now=now) == 0
    assert bytes(Consent.objects.get().credentials) != b""

    assert forget_consents(now=now + timedelta(minutes=61)) == 0
    assert bytes(Consent.objects.get().credentials) == b""

    assert forget_consents(now=now + timedelta(hours=25)) == 1
    assert not Consent.objects.exists()


def test_the_state_in_the_address_is_the_one_that_counts(seller: Seller) -> None:
    address = begin_consent(
        seller_id=seller.pk,
        connector="agora",
        credentials=keys(),
        facts=FACTS,
        actor=MINA,
        session_key=SESSION,
        return_url=BACK,
    )
    query = parse_qs(urlsplit(address).query)
    assert query["redirect_uri"] == [BACK]
    assert Consent.objects.get().state_digest == credentials.digest(query["state"][0])


def test_a_connector_still_open_when_its_store_is_disconnected_finds_no_token(seller: Seller) -> None:
    store = connected(seller)
    with opened(store) as connector:
        lifecycle.disconnect(seller_id=seller.pk, store_id=store.pk, actor=MINA)
        with pytest.raises(ConsentNeeded):
            connector.shop.info()
