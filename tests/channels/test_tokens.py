"""A store's tokens: renewed by one, kept before use, kept alive when nobody needs them, ended without a storm."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.channels import credentials, registry
from entrepot.channels.memory import StoreMemory
from entrepot.channels.models import Problem, Run, Store
from entrepot.channels.opening import opened
from entrepot.channels.services import connect, lifecycle, owed
from entrepot.channels.services.tokens import StoreVault, grants_ending
from entrepot.connectors.contract import ConsentNeeded, Grant
from entrepot.kernel.crypto import SealBroken
from entrepot.kernel.errors import ChannelDown
from entrepot.project import tasks
from entrepot.project.doctor import examine
from entrepot.project.keys import reseal_stores
from tests.channels.agora import AGORA, MALLS, mall
from tests.channels.agora_desk import FACTS, MINA, begin, connected, finish, keys


@pytest.fixture
def seller(empty_queue: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seller]:
    monkeypatch.setitem(registry.connector_types, "agora", AGORA)
    mall("blue")
    yield Seller.objects.create(name="Seoul Socks")
    MALLS.clear()


@pytest.fixture
def store(seller: Seller) -> Store:
    return connected(seller)


def vault(store: Store) -> StoreVault:
    return StoreVault(store.pk, "My mall")


def kept(store: Store) -> Grant:
    grant = vault(store).grant()
    assert grant is not None
    return grant


def row(store: Store) -> Store:
    return Store.objects.select_related("sales_channel").get(pk=store.pk)


def codes(store: Store) -> list[str]:
    return sorted(Problem.objects.filter(store=store, resolved_at=None).values_list("code", flat=True))


def age(store: Store, days: float) -> None:
    """Let time pass for this store's grant: its access token has ended, its refresh token has `14 - days` left."""
    grant = kept(store)
    passed = replace(
        grant,
        access_ends_at=grant.access_ends_at - timedelta(days=days),
        refresh_ends_at=grant.refresh_ends_at - timedelta(days=days) if grant.refresh_ends_at else None,
    )
    here = row(store)
    Store.objects.filter(pk=store.pk).update(
        credentials=credentials.with_grant(here, passed), grant_ends_at=passed.refresh_ends_at
    )


# --------------------------------------------------------------------------- renewing


def test_a_renewed_grant_is_kept_with_its_end_and_the_credentials_stay(store: Store) -> None:
    before = credentials.opened(row(store))

    fresh = vault(store).renew(kept(store), mall("blue").renew)

    assert kept(store) == replace(fresh, scopes=("read", "write"))
    assert (fresh.access_token, fresh.refresh_token) == ("access-blue-2", "refresh-blue-2")
    assert row(store).grant_ends_at == fresh.refresh_ends_at
    assert credentials.opened(row(store)) == before


def test_who_comes_with_an_old_grant_gets_the_kept_one_and_nobody_is_asked(store: Store) -> None:
    stale = kept(store)
    fresh = vault(store).renew(stale, mall("blue").renew)

    assert vault(store).renew(stale, mall("blue").renew).access_token == fresh.access_token
    assert mall("blue").tokens_asked == 1


def test_a_refresh_that_fails_changes_nothing(store: Store) -> None:
    before, ends = kept(store), row(store).grant_ends_at
    mall("blue").token_service_down = True

    with pytest.raises(ChannelDown):
        vault(store).renew(before, mall("blue").renew)

    assert (kept(store), row(store).grant_ends_at) == (before, ends)
    mall("blue").token_service_down = False
    assert vault(store).renew(before, mall("blue").renew).access_token == "access-blue-2"


def test_no_transaction_is_open_while_the_store_is_asked(store: Store) -> None:
    seen: list[bool] = []

    def ask(grant: Grant) -> Grant:
        seen.append(transaction.get_connection().in_atomic_block)
        return mall("blue").renew(grant)

    vault(store).renew(kept(store), ask)
    assert seen == [False]


def test_a_renewal_inside_a_transaction_is_a_mistake_of_ours_and_is_refused_before_the_store_is_asked(
    store: Store,
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        vault(store).renew(kept(store), mall("blue").renew)
    assert mall("blue").tokens_asked == 0


def test_a_grant_given_anew_while_the_old_one_is_renewed_is_the_one_that_stays(store: Store, seller: Seller) -> None:
    state = begin(seller, {}, store_id=store.pk, facts={})
    mall("blue").while_asked = lambda: finish(seller, state)
    old = kept(store)

    def ask(grant: Grant) -> Grant:
        mall("blue").while_asked()
        return replace(grant, access_token="renewed-too-late", refresh_token="renewed-too-late")

    answered = vault(store).renew(old, ask)

    assert answered.access_token == kept(store).access_token == "access-blue-2"


def test_a_grant_taken_back_while_it_is_renewed_stays_gone(store: Store, seller: Seller) -> None:
    def ask(grant: Grant) -> Grant:
        lifecycle.disconnect(seller_id=seller.pk, store_id=store.pk, actor=MINA)
        return mall("blue").renew(grant)

    with pytest.raises(ConsentNeeded):
        vault(store).renew(kept(store), ask)
    assert vault(store).grant() is None


def test_a_grant_moved_to_another_store_does_not_open(store: Store, seller: Seller) -> None:
    other = connected(seller, name="Second shop", shop_no="2")
    Store.objects.filter(pk=other.pk).update(credentials=row(store).credentials)
    with pytest.raises(SealBroken):
        vault(other).grant()


def test_a_store_that_is_not_there_has_no_grant(transactional_db: None) -> None:
    assert StoreVault(-1).grant() is None


# --------------------------------------------------------------------------- the end of a consent


def test_a_refused_refresh_is_asked_once_and_breaks_the_store(store: Store) -> None:
    mall("blue").live.clear()
    mall("blue").refresh = "rotated-by-somebody-else"

    for _ in range(5):
        tasks.import_store(store.pk)
        tasks.check_connection(store.pk)
        tasks.renew_grant(store.pk)

    assert mall("blue").tokens_asked == 1
    broken = row(store)
    assert (broken.state, broken.state_reason, broken.resume_state) == ("broken", "consent_needed", "shadow")
    assert codes(store) == ["consent_needed"]
    assert not owed.owes(task="check_connection", store_id=store.pk, now=timezone.now() + timedelta(days=3))
    assert Run.objects.get(store=store).state == Run.State.WAITING


def test_a_store_with_its_consent_back_goes_on_where_it_was(store: Store, seller: Seller) -> None:
    mall("blue").live.clear()
    mall("blue").refresh = "rotated-by-somebody-else"
    tasks.import_store(store.pk)
    assert row(store).state == "broken"

    finish(seller, begin(seller, {}, store_id=store.pk, facts={}))
    tasks.import_store(store.pk)

    assert row(store).state == "shadow"
    assert Run.objects.get(store=store).state == Run.State.DONE
    assert codes(store) == []


def test_a_consent_that_ended_by_its_date_is_not_asked_for_again(store: Store) -> None:
    age(store, 15)

    assert grants_ending() == [store.pk]
    tasks.renew_grant(store.pk)
    tasks.renew_grants()

    assert mall("blue").tokens_asked == 0
    assert (row(store).state, codes(store)) == ("broken", ["consent_needed"])
    assert grants_ending() == []


def test_a_store_idle_for_thirteen_days_has_its_consent_renewed(store: Store) -> None:
    age(store, 13)
    assert grants_ending() == [store.pk]

    tasks.renew_grant(store.pk)

    assert mall("blue").tokens_asked == 1
    assert kept(store).refresh_token == "refresh-blue-2"
    assert row(store).grant_ends_at > timezone.now() + timedelta(days=13)  # type: ignore[operator]
    assert grants_ending() == []


def test_a_store_used_today_is_left_alone(store: Store) -> None:
    age(store, 1)
    assert grants_ending() == []


def test_a_paused_stores_consent_is_kept_alive_and_its_end_is_told_when_it_is_resumed(
    store: Store, seller: Seller
) -> None:
    lifecycle.pause(seller_id=seller.pk, store_id=store.pk, actor=MINA)
    age(store, 13)
    tasks.renew_grant(store.pk)
    assert (row(store).state, mall("blue").tokens_asked) == ("paused", 1)

    age(store, 15)
    assert grants_ending() == []
    lifecycle.resume(seller_id=seller.pk, store_id=store.pk, actor=MINA)
    tasks.import_store(store.pk)
    assert (row(store).state, codes(store), mall("blue").tokens_asked) == ("broken", ["consent_needed"], 1)


def test_a_token_service_that_is_down_breaks_nothing(store: Store) -> None:
    age(store, 13)
    mall("blue").token_service_down = True

    tasks.renew_grant(store.pk)

    assert (row(store).state, codes(store)) == ("shadow", [])
    assert grants_ending() == [store.pk]


# --------------------------------------------------------------------------- new keys, and the doctor


def test_new_keys_seal_credentials_grant_and_waiting_consents_anew(
    store: Store, seller: Seller, settings: django_settings
) -> None:
    state = begin(seller, keys("blue", shop_no="2"), facts=FACTS | {"name": "Second shop"})
    before, plain = kept(store), credentials.opened(row(store))
    old = settings.SECRET_KEYS

    settings.SECRET_KEYS = ["the-new-key-of-the-installation-0123456789", *old]
    assert reseal_stores(actor=MINA) == 1
    settings.SECRET_KEYS = settings.SECRET_KEYS[:1]

    assert (kept(store), credentials.opened(row(store))) == (before, plain)
    assert finish(seller, state).identity == "blue/2"


def test_the_doctor_names_a_consent_that_nobody_renews(store: Store) -> None:
    assert not [line for line in examine() if "consent" in line.words]
    age(store, 10)
    said = [line for line in examine() if "consent" in line.words]
    assert [(line.check, line.health) for line in said] == [("stores", "warning")]


def test_the_doctor_says_that_a_store_which_asks_its_owner_needs_an_https_address(
    store: Store, settings: django_settings
) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    assert not [line for line in examine() if "https" in line.words]
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert [line.health for line in examine() if "https" in line.words] == ["warning"]
    assert store.grant_ends_at is not None


# --------------------------------------------------------------------------- what is lent with it


def test_a_connector_remembers_small_facts_for_all_workers(store: Store) -> None:
    with opened(store):
        StoreMemory(store.pk).put("version", "2025-03-01")
        StoreMemory(store.pk).put("long", "x" * 500)
        StoreMemory(store.pk).put("version", "2025-06-01")
    assert StoreMemory(store.pk).get("version") == "2025-06-01"
    assert len(StoreMemory(store.pk).get("long") or "") == 200
    assert StoreMemory(store.pk).get("never") is None
    assert set(row(store).memory) == {"version", "long"}
    assert StoreMemory(-1).get("version") is None


def test_a_grant_without_a_stated_end_is_taken_to_last_two_weeks(store: Store) -> None:
    def ask(grant: Grant) -> Grant:
        return replace(mall("blue").renew(grant), refresh_ends_at=None)

    vault(store).renew(kept(store), ask)

    assert kept(store).refresh_ends_at is None
    left = row(store).grant_ends_at - datetime.now(UTC)  # type: ignore[operator]
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


def test_the_connection_test_of_a_known_store_may_renew_its_grant(store: Store) -> None:
    mall("blue").live.clear()
    assert connect.check_connection(store=row(store))
    assert kept(store).access_token == "access-blue-2"
