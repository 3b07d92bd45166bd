"""Eight callers renew one token at one moment: the store is asked once, and nobody is left with a dead token."""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from django.db import connection

from entrepot.accounts.models import Seller
from entrepot.channels import registry
from entrepot.channels.models import Store
from entrepot.channels.services import tokens
from entrepot.channels.services.tokens import StoreVault
from entrepot.connectors.contract import ConsentNeeded, Grant
from entrepot.kernel.errors import ChannelDown
from tests.channels.agora import AGORA, MALLS, mall
from tests.channels.agora_desk import FACTS, begin, connected, finish, keys
from tests.race.meeting import at_once

CALLERS = 8


@pytest.fixture
def store(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setitem(registry.connector_types, "agora", AGORA)
    mall("blue").while_asked = lambda: time.sleep(0.2)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    yield connected(Seller.objects.create(name="Seoul Socks"))
    MALLS.clear()


def renewals(store: Store) -> list[Callable[[], Grant]]:
    stale = StoreVault(store.pk).grant()
    assert stale is not None
    return [lambda: StoreVault(store.pk).renew(stale, mall("blue").renew) for _ in range(CALLERS)]


def test_eight_who_renew_at_once_ask_once(store: Store) -> None:
    ends = at_once(renewals(store))

    assert mall("blue").tokens_asked == 1
    assert {end.access_token for end in ends if isinstance(end, Grant)} == {"access-blue-2"}
    assert len([end for end in ends if isinstance(end, Grant)]) == CALLERS


def test_eight_whose_consent_has_ended_ask_once(store: Store) -> None:
    mall("blue").refresh = "rotated-by-somebody-else"

    ends = at_once(renewals(store))

    assert mall("blue").tokens_asked == 1
    assert [type(end) for end in ends] == [ConsentNeeded] * CALLERS


def test_without_the_lock_the_eight_would_end_each_others_consent(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin that must fail: each reads the same refresh token, the first to use it kills it for the others."""
    monkeypatch.setattr(tokens, "_alone", lambda _store_id: nullcontext())

    ends = at_once(renewals(store))

    assert mall("blue").tokens_asked > 1
    assert any(isinstance(end, ConsentNeeded) for end in ends)


def test_two_windows_that_come_back_at_once_use_one_consent_once(store: Store) -> None:
    seller = store.seller
    state = begin(seller, keys("blue", shop_no="2"), facts=FACTS | {"name": "Second shop"})

    ends = at_once([lambda: finish(seller, state) for _ in range(4)])

    assert sorted(type(end).__name__ for end in ends) == ["ConsentUsed"] * 3 + ["Store"]
    assert mall("blue").grants == 2
    assert Store.objects.filter(seller=seller).count() == 2


def test_who_waits_too_long_for_anothers_renewal_is_told_to_come_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 1)
    mall("blue").while_asked = lambda: time.sleep(2.5)

    ends = at_once(renewals(store)[:2])

    assert sorted(type(end).__name__ for end in ends) == ["ChannelDown", "Grant"]
    assert mall("blue").tokens_asked == 1
    assert any(isinstance(end, ChannelDown) for end in ends)


def test_a_renewal_that_fails_lets_the_next_one_try(store: Store) -> None:
    stale = StoreVault(store.pk).grant()
    assert stale is not None
    mall("blue").token_service_down = True
    with pytest.raises(ChannelDown):
        StoreVault(store.pk).renew(stale, mall("blue").renew)
    mall("blue").token_service_down = False

    ends = at_once(renewals(store)[:3])

    assert {getattr(end, "access_token", end) for end in ends} == {"access-blue-2"}
    assert mall("blue").tokens_asked == 2
