"""The client on a simulated mall: consent, tokens and versions that change while work goes on. Cases: reference, §9."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from entrepot.connectors.cafe24 import errors
from entrepot.connectors.cafe24.consent_page import Cafe24ConsentPage
from entrepot.connectors.cafe24.simulator import (
    DEFAULT_CLIENT_ID,
    DEFAULT_CLIENT_SECRET,
    Mall,
    SimulatorServer,
    versions,
)
from entrepot.connectors.contract import (
    ConsentNeeded,
    ConsentRefused,
    Grant,
    HeldGrant,
    HeldMemory,
    SenderNotBelieved,
    StockLevel,
)
from tests.connectors.cafe24.scripted import Throttle, refused
from tests.connectors.cafe24.stand import calls, granted

RETURN = "https://oms.sodam.example/consent/cafe24"
CREDENTIALS = {"mall_id": "sodammall", "client_id": DEFAULT_CLIENT_ID, "client_secret": DEFAULT_CLIENT_SECRET}
TOKEN = "POST /oauth/token"


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(Mall.generated("250x2")) as running:
        running.bucket.enforced = False
        running.mall.mall_id = "sodammall"
        yield running


class SharedVault(HeldGrant):
    """What the books lend to several workers: one renews at a time, and reads again when it is its turn."""

    def __init__(self, kept: Grant) -> None:
        super().__init__(kept)
        self.lock = threading.Lock()

    def renew(self, stale: Grant, ask: Callable[[Grant], Grant]) -> Grant:
        with self.lock:
            return super().renew(stale, ask)


def token_calls(server: SimulatorServer) -> int:
    return sum(count for name, count in calls(server).items() if "token" in name)


# --------------------------------------------------------------------------- consent


def answered(server: SimulatorServer) -> dict[str, str]:
    """What the owner's browser comes back with."""
    address = Cafe24ConsentPage(server.url).address(CREDENTIALS, state="st/ate", return_url=RETURN)
    reply = httpx2.get(address, follow_redirects=False)
    assert reply.status_code == 302
    assert reply.headers["location"].startswith(RETURN)
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["location"]).query).items()}


def test_an_owner_who_agrees_gives_a_grant_that_works_once(server, opened):
    server.oauth.decide = "allow"
    answer = answered(server)
    assert answer["state"] == "st/ate"
    page = Cafe24ConsentPage(server.url)
    grant = page.redeem(CREDENTIALS, answer=answer, return_url=RETURN)
    left = grant.access_ends_at - datetime.now(UTC)
    assert timedelta(minutes=119) < left <= timedelta(hours=2)
    assert opened(server, vault=HeldGrant(grant)).shop.info().identity == "sodammall/1"
    refused(lambda: page.redeem(CREDENTIALS, answer=answer, return_url=RETURN), errors.CodeRefused)


def test_a_code_of_more_than_a_minute_is_not_taken(server):
    server.oauth.decide = "allow"
    answer = answered(server)
    server.mall.clock.move(seconds=61)
    page = Cafe24ConsentPage(server.url)
    refused(lambda: page.redeem(CREDENTIALS, answer=answer, return_url=RETURN), errors.CodeRefused)


def test_an_owner_who_declines_gives_nothing(server):
    server.oauth.decide = "deny"
    page = Cafe24ConsentPage(server.url)
    refused(lambda: page.redeem(CREDENTIALS, answer=answered(server), return_url=RETURN), ConsentRefused)


def test_a_wrong_client_secret_is_said_as_such(server):
    server.oauth.decide = "allow"
    page, wrong = Cafe24ConsentPage(server.url), CREDENTIALS | {"client_secret": "another"}
    refused(lambda: page.redeem(wrong, answer=answered(server), return_url=RETURN), errors.WrongClient)


# case 53
def test_a_launch_from_the_malls_admin_is_believed(server):
    page, now = Cafe24ConsentPage(server.url), datetime.now(UTC)
    query = server.oauth.launch_query(user_name="김 소담+1")
    assert page.launched_by(query) == {"mall_id": "sodammall", "shop_no": "1"}
    page.check_launch(CREDENTIALS, query=query, now=now)
    later = now + timedelta(hours=3)
    refused(lambda: page.check_launch(CREDENTIALS, query=query, now=later), SenderNotBelieved)


# --------------------------------------------------------------------------- tokens


# case 3
def test_a_token_that_ends_between_two_pages_costs_no_product(server, opened):
    connector = opened(server)
    server.faults.add("expired", resource="/products", skip=1)
    ids = [product.remote_id for page in connector.products.pages() for product in page.products]
    assert len(ids) == len(set(ids)) == 250
    assert token_calls(server) == 1


# case 4
def test_eight_workers_whose_token_ends_at_once_ask_for_one(server, opened):
    vault = SharedVault(granted(server))
    connectors = [opened(server, vault=vault) for _ in range(8)]
    server.oauth.tokens.expire_access()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: one.shop.info().identity, connectors))
    assert found == ["sodammall/1"] * 8
    assert token_calls(server) == 1


# case 4
def test_a_refresh_token_used_up_by_somebody_else_ends_in_asking_the_owner(server, opened):
    old = granted(server)
    first, second = opened(server, vault=HeldGrant(old)), opened(server, vault=HeldGrant(old))
    server.oauth.tokens.expire_access()
    first.shop.info()
    refused(second.shop.info, ConsentNeeded)


# case 52
def test_after_the_app_was_deleted_the_owner_is_asked(server, opened):
    connector = opened(server)
    server.oauth.uninstall()
    refused(connector.shop.info, ConsentNeeded)


# case 8
def test_a_mall_that_refuses_every_token_is_asked_for_few(server, opened):
    memory, vault = HeldMemory(), HeldGrant(granted(server))
    server.faults.add("unauthorized", times=1000)
    for _ in range(30):
        with pytest.raises((ConsentNeeded, errors.TooManyTokens)):
            opened(server, vault=vault, memory=memory).shop.info()
    assert token_calls(server) == 12


# --------------------------------------------------------------------------- versions and limits


# case 1
def test_a_version_that_ends_while_pages_are_read_is_followed_and_remembered(server, opened):
    memory = HeldMemory()
    connector = opened(server, memory=memory)
    pages = connector.products.pages()
    first = next(pages)
    versions.end(server.mall.settings, "2025-03-01", "2026-03-01")
    ids = [product.remote_id for page in (first, *pages) for product in page.products]
    assert (len(ids), len(set(ids))) == (250, 250)
    assert memory.get("api_version") == "2026-03-01"
    assert opened(server, memory=memory).shop.info().version == "2026-03-01"


# cases 10 and 11
def test_the_malls_own_figures_reach_the_limit_that_all_workers_share(server, opened):
    throttle = Throttle()
    connector = opened(server, throttle=throttle)
    connector.shop.info()
    assert [capacity for _, capacity in throttle.observed] == [40.0] * 4
    assert [used for used, _ in throttle.observed] == sorted(used for used, _ in throttle.observed)
    server.faults.add("quota", seconds=37)
    refused(connector.shop.info, errors.QuotaUsedUp)
    assert max(throttle.penalties) == 37
    server.faults.add("throttle")
    refused(connector.shop.info, errors.BucketFull)


# case 9
def test_a_missing_permission_stops_its_own_calls_and_no_others(server, opened):
    connector = opened(server)
    server.oauth.tokens.drop_scope("mall.read_collection")
    assert "mall.read_collection" in refused(lambda: list(connector.products.brands()), errors.ScopeMissing)
    [product] = connector.products.fetch(["11"]).products
    level = StockLevel(remote_id="11", variation_key=product.variations[0].key, quantity=4)
    assert [answer.outcome for answer in connector.stock.push([level])] == ["accepted"]
    assert token_calls(server) == 0


# case 8
def test_where_cafe24_blocks_the_app_the_old_token_is_used_to_its_end_and_nobody_storms(server, opened):
    grant = replace(granted(server), access_ends_at=datetime.now(UTC) + timedelta(minutes=5))
    server.oauth.most_token_requests = 0
    connector = opened(server, vault=HeldGrant(grant))
    for _ in range(5):
        assert connector.shop.info().identity == "sodammall/1"
    assert token_calls(server) == 1
    server.oauth.tokens.expire_access()
    with pytest.raises((errors.RenewalRests, errors.TooManyTokens)) as caught:
        connector.shop.info()
    assert caught.value.retry_after > 0
    assert token_calls(server) == 0
